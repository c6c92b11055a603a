"""Answers about edges and gates, tried on an estate one after another."""

from collections.abc import Iterable
from dataclasses import replace

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.questions.anew import Step, Walked
from nhigraph.assurance.questions.change import Change
from nhigraph.assurance.questions.question import Question
from nhigraph.assurance.questions.standing import Survey, survey


class Trials:
    """An estate on which answers are tried.

    It is walked once, and what an answer changes is walked from there. Of a very large estate only
    few answers are tried, and each is walked by itself: what everybody holds is not kept.
    """

    def __init__(self, analysis: Analysis, *, shared: bool) -> None:
        """Nothing is walked before an answer is tried.

        Args:
            analysis: What is judged.
            shared: Whether what everybody holds is kept.
        """
        self._analysis, self._shared = analysis, shared
        self._walked: Walked | None = None

    def of(self, known: Survey, many: Iterable[Question]) -> Change:
        """What the closing answers of some questions change."""
        asked = [*many]
        dropped = frozenset[int]().union(*(one.drops for one in asked))
        down = frozenset[str]().union(*(one.gates for one in asked))
        found = self._under(dropped, down)
        if found is not None:
            walked, steps = found
            return Change.of(known, walked.judged(steps))
        other = survey(Analysis(_under(known.estate, dropped, down), gated=False))
        return Change.of(known, known.differing(other))

    def answer(self, known: Survey, question: Question, change: Change) -> Survey:
        """How the estate stands once a question is answered, and all is tried on it from here on.

        Args:
            known: How it stood.
            question: The question.
            change: What its closing answer changes.
        """
        found = self._under(question.drops, frozenset(question.gates))
        estate = _under(known.estate, question.drops, question.gates)
        if found is not None:
            self._walked = found[0]
        else:
            self._walked = None
            self._analysis = Analysis(estate, gated=False) if self._shared else self._analysis
        return known.but(estate, change.stands)

    def _under(
        self, dropped: frozenset[int], down: frozenset[str]
    ) -> tuple[Walked, list[Step]] | None:
        if not self._shared:
            return None
        before = self._walked or Walked.of(self._analysis)
        self._walked = before.sped()
        return self._walked.under(dropped, down)


def _under(estate: Estate, dropped: Iterable[int], down: Iterable[str]) -> Estate:
    return replace(estate, dropped=estate.dropped.union(dropped), down=estate.down.union(down))

"""Answers about edges and gates, tried on an estate one after another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import or_

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.anew import Step, Walked
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.questions.change import Change
from nhigraph.assurance.questions.question import Question
from nhigraph.assurance.questions.standing import Stand, Standings, Survey, survey
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class _Tried:
    """What an answer changed when it was tried.

    Attributes:
        question: The question, which is kept so that its id stays its own.
        change: What its answer changed.
        age: How many answers were given before.
    """

    question: Question
    change: Change
    age: int


class Trials:
    """An estate on which answers are tried.

    It is walked once, and what an answer changes is walked from there. Each identity walks by
    itself: after another answer only those are tried again for whom both may be of matter. Of a
    very large estate only few answers are tried, and each is walked by itself: what everybody
    holds is not kept.
    """

    def __init__(self, analysis: Analysis, *, shared: bool) -> None:
        """Nothing is walked before an answer is tried.

        Args:
            analysis: What is judged.
            shared: Whether what everybody holds is kept.
        """
        self._analysis, self._shared = analysis, shared
        self._walked: Walked | None = None
        self._tried: dict[int, _Tried] = {}
        #: Answer by answer and block by block, for whom it may have been of matter.
        self._touched: list[list[int]] = []
        self._standings: Standings | None = None

    def of(self, known: Survey, many: Sequence[Question]) -> Change:
        """What the closing answers of some questions change."""
        dropped = frozenset[int]().union(*(one.drops for one in many))
        down = frozenset[str]().union(*(one.gates for one in many))
        before = self._tried.get(id(many[0])) if len(many) == 1 else None
        stale = None if before is None else self._since(before.age)
        found = self._under(dropped, down, stale)
        if found is None:
            other = survey(Analysis(_under(known.estate, dropped, down), gated=False))
            return Change.of(known, known.differing(other))
        walked, steps = found
        kept: Mapping[str, Stand] = {}
        if before is not None and stale is not None:
            gone = walked.named(stale)
            kept = {one: s for one, s in before.change.stands.items() if one not in gone}
        change = Change.of(known, stands(walked, steps, self._judging(walked.analysis)), kept)
        if len(many) == 1:
            self._tried[id(many[0])] = _Tried(many[0], change, len(self._touched))
        return change

    def answer(self, known: Survey, question: Question, change: Change) -> Survey:
        """How the estate stands once a question is answered, and all is tried on it from here on.

        Args:
            known: How it stood.
            question: The question.
            change: What its closing answer changes.
        """
        answer = question.drops, frozenset(question.gates)
        estate = _under(known.estate, *answer)
        found = self._under(*answer)
        if found is not None and self._walked is not None:
            self._touched.append(self._walked.touched(*answer))
            self._walked = found[0]
        elif self._shared:
            self._walked, self._analysis = None, Analysis(estate, gated=False)
            self._tried.clear()
            self._touched.clear()
        return known.but(estate, change.stands)

    def _judging(self, analysis: Analysis) -> Standings:
        """Who judges on an analysis: what is alike is judged once, as long as it is the same."""
        if self._standings is None or self._standings.analysis is not analysis:
            self._standings = Standings(analysis)
        return self._standings

    def _since(self, age: int) -> list[int]:
        """Per block, for whom some answer since then may have been of matter."""
        later = self._touched[age:]
        blocks = len(self._walked.blocks) if self._walked else 0
        return [reduce(or_, (one[at] for one in later), 0) for at in range(blocks)]

    def _under(
        self, dropped: frozenset[int], down: frozenset[str], only: Sequence[int] | None = None
    ) -> tuple[Walked, list[Step]] | None:
        if not self._shared:
            return None
        before = self._walked or Walked.of(self._analysis)
        self._walked = before.sped()
        return self._walked.under(dropped, down, only)


def stands(
    walked: Walked, steps: Iterable[Step], standings: Standings | None = None
) -> dict[str, Stand]:
    """How those stand who may be judged otherwise after some steps.

    Args:
        walked: An estate after them.
        steps: What they came to.
        standings: Who judges there.
    """
    judging, keys = standings or Standings(walked.analysis), walked.estate.graph.key_list
    found: dict[str, Stand] = {}
    for held, lanes, block in walked.met(steps):
        for lane, (identity, now, calm) in zip(lanes, judging.of(block), strict=True):
            found[keys[identity]] = Stand(now, calm, held.rows.get(lane, frozenset()))
    return found


def _under(estate: Estate, dropped: Iterable[int], down: Iterable[str]) -> Estate:
    return replace(estate, dropped=estate.dropped.union(dropped), down=estate.down.union(down))

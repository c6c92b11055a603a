"""Which questions to ask first: each is judged by what its closing answer settles.

Gaps of one question close together; what an identity reaches does not depend on gaps, so one look
at who reaches which gap, and one judgement without any, tell the worth of every question about
gaps. A question about edges or gates changes who reaches what: what it changes is walked anew,
and whoever stands otherwise by that is judged anew (``trials``).

FORMATS, *A question's worth*: the closing way first, then the opening way.
"""

from collections.abc import Sequence
from dataclasses import field

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Answer
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.questions.change import Change
from nhigraph.assurance.questions.question import Question
from nhigraph.assurance.questions.standing import Survey, survey
from nhigraph.assurance.questions.tally import Tally, Worth
from nhigraph.assurance.questions.trials import Trials
from nhigraph.records import dataclass

#: Most questions that are ranked.
MOST = 50
#: Times that an estate is judged anew for questions about edges and gates, by its size in edges
#: times identities: the last number is for all that are larger.
_JUDGEMENTS = ((2_000_000, 400), (50_000_000, 40))
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question and its worth.

    Attributes:
        question: The question.
        identities: Identities whose verdict is decided once it and all before it are answered.
        rows: Exposures of other identities that then are.
        alone: Identities that are decided by it, whatever is answered else.
    """

    question: Question
    identities: int
    rows: int
    alone: int = 0


@dataclass(frozen=True, slots=True)
class Ranking:
    """Questions that matter.

    Attributes:
        questions: The best first.
        undecided: Identities whose verdict is undetermined before any is answered.
        half: Identities with a verdict whose soc2 is undetermined beside it.
    """

    questions: tuple[Ranked, ...]
    undecided: int
    half: int = 0


@dataclass
class _Asking:
    """Questions being ranked.

    Attributes:
        known: How the estate stands under the answers about edges and gates above.
        trials: The estate, to try answers on.
        left: Judgements that may still be made.
        of_gaps: Questions about gaps that wait.
        of_edges: Questions about edges and gates that wait, and matter.
        closed: Gaps that the questions above close.
        under: Question about edges to what it changes, too.
    """

    known: Survey
    trials: Trials
    left: int
    of_gaps: list[Question]
    of_edges: list[Question] = field(default_factory=list)
    closed: frozenset[int] = frozenset()
    answered: int = 0
    under: dict[int, Change] = field(default_factory=dict)
    _tally: Tally | None = None

    # -- questions about edges ------------------------------------------------------------------

    def variant(self, many: Sequence[Question]) -> Change:
        """What the closing answers of some questions about edges change."""
        self.left -= 1
        return self.trials.of(self.known, many)

    def effective(self, many: Sequence[Question]) -> list[Question]:
        """Those of some questions about edges that change what is known, alone or together."""
        if not many or self.left <= 0:
            return []
        other = self.variant(many)
        if not other.stands:
            return []
        if len(many) == 1:
            self.under[id(many[0])] = other
            return list(many)
        half = len(many) // 2
        found = [*self.effective(many[:half]), *self.effective(many[half:])]
        return found or (list(many) if len(many) == 2 else [])  # noqa: PLR2004 - only together

    def _of_edges(self, question: Question) -> Worth:
        if id(question) not in self.under:
            self.under[id(question)] = self.variant([question])
        return self.under[id(question)].worth(self.closed)

    # -- all of them ----------------------------------------------------------------------------

    @property
    def tally(self) -> Tally:
        """The worth of those about gaps."""
        if self._tally is None:
            self._tally = Tally(self.of_gaps, self.known.weights(self.closed))
        return self._tally

    def best(self) -> tuple[Question, Worth] | None:
        """The question of most worth; None where none of them changes anything."""
        # By worth, then the opening way, then by name.
        found = [(self.tally.worth(number), one) for number, one in enumerate(self.of_gaps)]
        found += [(self._of_edges(one), one) for one in self.of_edges]
        some = [
            ((-identities, -opening, -rows), one.order, (identities, rows, opening), one)
            for (identities, rows, opening), one in found
            if identities or rows or opening
        ]
        if not some:
            return None
        _, _, worth, question = min(some, key=lambda entry: entry[:2])
        plan = self.tally.plan()
        # The first of all is the best by itself; after it, a few together may settle more.
        if plan is not None and plan[0] > worth[0] and (self.answered or not worth[0]):
            number = plan[1]
            return self.of_gaps[number], self.tally.worth(number)
        return question, worth

    def answer(self, question: Question) -> None:
        """Answer a question the closing way."""
        self.answered += 1
        if question.drops or question.gates:
            self.known = self.trials.answer(self.known, question, self.under[id(question)])
            self.under.clear()
            self.of_edges = [one for one in self.of_edges if one is not question]
            self.of_gaps = [one for one in self.of_gaps if not one.closes <= self.closed]
            self._tally = None
        else:
            self.tally.answer(next(n for n, one in enumerate(self.of_gaps) if one is question))
        self.closed |= question.closes


def rank(
    analysis: Analysis,
    questions: Sequence[Question],
    answered: Answer | None = None,
    most: int = MOST,
) -> Ranking:
    """The questions that matter, the best first.

    Args:
        analysis: What is judged.
        questions: What could be asked.
        answered: Its rows, where they are known.
        most: How many to rank at most.
    """
    of_gaps = [one for one in questions if one.closes and not (one.drops or one.gates)]
    budget = _budget(analysis.estate)
    trials = Trials(analysis, shared=budget > _FEWEST)
    asking = _Asking(survey(analysis, answered), trials, budget, of_gaps)
    # Of one sort most do nothing, and one judgement tells that of all of them.
    asking.of_edges = asking.effective([q for q in questions if q.gates])
    asking.of_edges += asking.effective([q for q in questions if q.drops and not q.gates])
    undecided, half = asking.known.undecided, asking.known.half
    alone = {id(one): asking.tally.worth(number)[0] for number, one in enumerate(of_gaps)}
    found: list[Ranked] = []
    while len(found) < most:
        best = asking.best()
        if best is None:
            break
        question, (identities, rows, _) = best
        found.append(Ranked(question, identities, rows, alone.get(id(question), 0)))
        asking.answer(question)
    return Ranking(tuple(found), undecided, half)


def _budget(estate: Estate) -> int:
    size = len(estate.graph.edges) * max(len(estate.identities), 1)
    return next((times for limit, times in _JUDGEMENTS if size <= limit), _FEWEST)

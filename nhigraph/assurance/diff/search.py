"""Smallest sets of changes that explain answers, where more changes may undo what fewer did.

Sets are tried by size. Where the number of trials ends, a set of which each member is needed is
given, with the size below which nothing was left untried.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from math import comb
from typing import Generic, TypeVar

from nhigraph.records import dataclass

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")
Changes = frozenset[int]
#: A cause of more changes is hardly ever that of another question, too.
_SHARED = 16


@dataclass(frozen=True, slots=True)
class Cause:
    """What explains an answer.

    Attributes:
        changes: The changes, in their order.
        bound: No set of fewer changes explains it.
        others: Other sets of one change that do as well; counted only where one change does.
    """

    changes: tuple[int, ...]
    bound: int
    others: int = 0

    @property
    def smallest(self) -> bool:
        """Whether it is proven that no smaller set explains it."""
        return self.bound == len(self.changes)


class Search(Generic[Question, Answer]):
    """Questions whose answers changed.

    Attributes:
        trials: How many more sets may be tried.
    """

    def __init__(
        self,
        ask: Callable[[Changes, Collection[Question]], Mapping[Question, Answer]],
        wanted: Mapping[Question, Answer | None],
        relevant: Mapping[Question, Sequence[int]],
        trials: int,
    ) -> None:
        """Nothing is tried yet.

        Args:
            ask: The answers of some questions after some changes; a question without one is left
                out.
            wanted: The answers to be explained, None for none.
            relevant: By question, the changes that can matter there, in their order.
            trials: How many sets may be tried.
        """
        self._ask, self._wanted, self._relevant = ask, wanted, relevant
        self.trials = self._most = trials
        self._known: dict[Changes, Mapping[Question, Answer]] = {}
        self._found: dict[Question, Cause] = {}
        #: Change to the questions to which it can matter.
        self._asked: dict[int, set[Question]] = {}
        for question in wanted:
            for one in relevant[question]:
                self._asked.setdefault(one, set()).add(question)

    def causes(self) -> dict[Question, Cause]:
        """The causes, by question; none only where an answer rests on what was not relevant."""
        # More changes than trials: sets are made smaller, and that none is smaller is not tried.
        least = 1
        if max(map(len, self._relevant.values()), default=0) <= self.trials:
            groups = _apart(self._relevant)
            if len(groups) <= self.trials:
                self._single(groups)
                least = 2
        for question in self._wanted:
            if question not in self._found:
                self._several(question, least)
        return {
            question: self._found[question] for question in self._wanted if question in self._found
        }

    # -- one change ---------------------------------------------------------------------------

    def _single(self, groups: Iterable[Sequence[int]]) -> None:
        """Try every change by itself; those that matter to nobody together are tried at once."""
        candidates: dict[Question, list[int]] = {}
        for together in groups:
            answers = self._answers(frozenset(together), self._wanted)
            for question, wanted in self._wanted.items():
                own = [one for one in together if one in self._relevant[question]]
                if own and answers.get(question) == wanted:
                    candidates.setdefault(question, []).append(own[0])
        # Tried together with others, and so on the word of what is relevant.
        proven = {
            question: [one for one in many if self._explains(question, frozenset({one}))]
            for question, many in candidates.items()
        }
        for question, one in _shared(proven).items():
            self._found[question] = Cause((one,), 1, len(proven[question]) - 1)

    # -- several ------------------------------------------------------------------------------

    def _several(self, question: Question, size: int) -> None:
        relevant = self._relevant[question]
        if not self._explains(question, frozenset(relevant)):
            return
        least = self._borrowed(question) or self._reduced(question, list(relevant))
        while size < len(least):
            if comb(len(relevant), size) > self.trials:
                break
            smaller = self._of_size(question, size)
            if smaller is not None:
                least = smaller
                break
            size += 1
        self._found[question] = Cause(tuple(sorted(least)), min(size, len(least)))

    def _of_size(self, question: Question, size: int) -> Changes | None:
        for some in combinations(self._relevant[question], size):
            if self._explains(question, frozenset(some)):
                return frozenset(some)
        return None

    def _borrowed(self, question: Question) -> Changes | None:
        """A cause of another question of which every change is needed here, too."""
        if self.trials <= -self._most:
            return None
        own = frozenset(self._relevant[question])
        known = {
            own.intersection(changes)
            for changes in {cause.changes for cause in self._found.values()}
            if len(changes) <= _SHARED
        }
        for changes in sorted(known, key=lambda some: (len(some), sorted(some))):
            if changes and self._explains(question, changes):
                return frozenset(self._reduced(question, sorted(changes)))
        return None

    def _reduced(self, question: Question, some: list[int]) -> Changes:
        """A part of a set that explains an answer, of which nothing can be left out.

        It takes as many trials again as there were; where these end, more may be left.
        """
        part = max(len(some) // 2, 1)
        while True:
            at = 0
            while at < len(some) and self.trials > -self._most:
                less = some[:at] + some[at + part :]
                if less and self._explains(question, frozenset(less)):
                    some = less
                else:
                    at += part
            spent = self.trials <= -self._most
            if spent or (part == 1 and not self._spare(question, some)):
                return frozenset(some)
            part = max(part // 2, 1)

    def _spare(self, question: Question, some: Sequence[int]) -> bool:
        """Whether one member can go after all: others went since it was tried."""
        return len(some) > 1 and any(
            self._explains(question, frozenset(some) - {one}) for one in some
        )

    # -- asking -------------------------------------------------------------------------------

    def _explains(self, question: Question, changes: Changes) -> bool:
        """Whether some changes, all of which can matter to a question, explain its answer."""
        answers = self._known.get(changes)
        if answers is None:
            # All to whom these can matter together: no other question is ever asked of them.
            every = sorted((self._asked[one] for one in changes), key=len)
            left = [one for one in self._wanted if one in every[0] and one not in self._found]
            asked = [one for one in left if all(one in some for some in every)]
            answers = self._answers(changes, asked)
        return answers.get(question) == self._wanted[question]

    def _answers(self, changes: Changes, asked: Collection[Question]) -> Mapping[Question, Answer]:
        found = self._known.get(changes)
        if found is None:
            self.trials -= 1
            found = self._known[changes] = self._ask(changes, asked)
        return found


def _apart(relevant: Mapping[Question, Sequence[int]]) -> list[list[int]]:
    """All changes, in groups of which no question has two."""
    asked: dict[int, set[int]] = {}
    for number, own in enumerate({tuple(many): None for many in relevant.values()}):
        for one in own:
            asked.setdefault(one, set()).add(number)
    groups: list[tuple[list[int], set[int]]] = []
    for one in sorted(asked):
        free = (group for group in groups if group[1].isdisjoint(asked[one]))
        members, taken = next(free, ([], set()))
        if not members:
            groups.append((members, taken))
        members.append(one)
        taken.update(asked[one])
    return [members for members, _ in groups]


def _shared(candidates: Mapping[Question, Sequence[int]]) -> dict[Question, int]:
    """One change for every question, that first which explains most of those that are left."""
    found: dict[Question, int] = {}
    of: dict[int, set[Question]] = {}
    for question, many in candidates.items():
        for one in many:
            of.setdefault(one, set()).add(question)
    while of:
        best = min(of, key=lambda one: (-len(of[one]), one))
        taken = of.pop(best)
        found |= dict.fromkeys(taken, best)
        of = {one: rest for one, many in of.items() if (rest := many - taken)}
    return found


def grouped(causes: Mapping[Question, Cause]) -> dict[tuple[int, ...], list[Question]]:
    """Questions by their cause, those first that explain most."""
    found: dict[tuple[int, ...], list[Question]] = {}
    for question, cause in causes.items():
        found.setdefault(cause.changes, []).append(question)
    order: Collection[tuple[int, ...]] = sorted(found, key=lambda some: (-len(found[some]), some))
    return {some: found[some] for some in order}

"""What questions about gaps settle, kept up to date while they are answered one by one.

Gaps that the same questions close are one unit. Identities that reach the same open units are one
profile: it is settled when its last unit closes. So after an answer only the profiles that reach
a unit of it are looked at again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from itertools import combinations

from nhigraph.assurance.questions.question import Question
from nhigraph.records import dataclass

#: Most units of a plan.
_FEW = 4
#: Identities that are decided, exposures that are besides, and whoever is touched at all.
Worth = tuple[int, int, int]


@dataclass(slots=True)
class _Profile:
    """Alike identities: the units they still wait for, and what they count for."""

    waits: set[int]
    worth: list[int] = field(default_factory=lambda: [0, 0, 0])


class Tally:
    """The worth of questions about gaps.

    Attributes:
        questions: The questions.
    """

    def __init__(
        self, questions: Sequence[Question], weights: Mapping[frozenset[int], Worth]
    ) -> None:
        """Count.

        Args:
            questions: Questions about gaps.
            weights: Rows of open gaps that some identities reach, to what these count for.
        """
        self.questions = questions
        closing: dict[int, list[int]] = {}
        for number, question in enumerate(questions):
            for row in question.closes:
                closing.setdefault(row, []).append(number)
        kinds: dict[tuple[int, ...], int] = {}
        self._unit = {r: kinds.setdefault(tuple(q), len(kinds)) for r, q in closing.items()}
        self._units: list[set[int]] = [set() for _ in questions]
        self._askers: list[list[int]] = [[] for _ in kinds]
        for many, unit in kinds.items():
            self._askers[unit] = list(many)
            for number in many:
                self._units[number].add(unit)
        self._profiles = self._profiled(weights)
        self._at: list[list[_Profile]] = [[] for _ in kinds]
        #: Per question what it touches, and what of that waits for one unit alone.
        self._touched = [0] * len(questions)
        self._alone: list[list[int]] = [[0, 0] for _ in kinds]
        for profile in self._profiles:
            for unit in profile.waits:
                self._at[unit].append(profile)
            for number in self._askers_of(profile):
                self._touched[number] += profile.worth[2]
            self._note_alone(profile)

    def _profiled(self, weights: Mapping[frozenset[int], Worth]) -> list[_Profile]:
        found: dict[frozenset[int], _Profile] = {}
        for rows, worth in weights.items():
            # A gap that no question closes keeps whoever reaches it undecided: -1 never closes.
            units = frozenset(self._unit.get(row, -1) for row in rows)
            if not units:
                continue
            profile = found.setdefault(units, _Profile(set(units)))
            profile.worth = [a + b for a, b in zip(profile.worth, worth, strict=True)]
        return [one for units, one in found.items() if -1 not in units]

    def _askers_of(self, profile: _Profile) -> set[int]:
        return {number for unit in profile.waits for number in self._askers[unit]}

    def _note_alone(self, profile: _Profile, sign: int = 1) -> None:
        if len(profile.waits) == 1:
            counts = self._alone[next(iter(profile.waits))]
            counts[0] += sign * profile.worth[0]
            counts[1] += sign * profile.worth[1]

    def worth(self, number: int) -> Worth:
        """What a question settles now."""
        units = self._units[number]
        identities = sum(self._alone[unit][0] for unit in units)
        rows = sum(self._alone[unit][1] for unit in units)
        if len(units) > 1:
            more = self._together(units)
            identities, rows = identities + more[0], rows + more[1]
        return identities, rows, self._touched[number]

    def _together(self, units: Iterable[int]) -> tuple[int, int]:
        """What waits for several of some units, and for no other."""
        wanted, seen = set(units), set()
        identities = rows = 0
        for unit in wanted:
            for profile in self._at[unit]:
                if id(profile) in seen or len(profile.waits) < 2:  # noqa: PLR2004 - several
                    continue
                seen.add(id(profile))
                if profile.waits <= wanted:
                    identities += profile.worth[0]
                    rows += profile.worth[1]
        return identities, rows

    def plan(self) -> tuple[float, int] | None:
        """The question to begin with so that a few settle most, and how many it is per question.

        Whoever waits for few units is a plan: to close these. What such a plan settles are all
        that wait for no other unit.
        """
        settled: dict[frozenset[int], int] = {}
        for profile in self._profiles:
            if profile.waits and len(profile.waits) <= _FEW:
                waits = frozenset(profile.waits)
                settled[waits] = settled.get(waits, 0) + profile.worth[0]
        best: tuple[float, int, tuple[int, ...]] | None = None
        for waits in settled:
            size = len(waits)
            parts = (part for n in range(1, size + 1) for part in combinations(sorted(waits), n))
            gain = sum(settled.get(frozenset(part), 0) for part in parts)
            askers = tuple(sorted({self._askers[unit][0] for unit in waits}))
            plan = (gain / len(askers), -len(askers), tuple(-number for number in askers))
            if gain and (best is None or plan > best):
                best = plan
        if best is None:
            return None
        numbers = [-number for number in best[2]]
        first = max(numbers, key=lambda number: (*self.worth(number), -number))
        return best[0], first

    def answer(self, number: int) -> None:
        """Close what a question closes."""
        for unit in self._units[number]:
            for profile in self._at[unit]:
                if unit not in profile.waits:
                    continue
                before = self._askers_of(profile)
                self._note_alone(profile, -1)
                profile.waits.discard(unit)
                self._note_alone(profile)
                for gone in before - self._askers_of(profile):
                    self._touched[gone] -= profile.worth[2]
            self._at[unit] = []

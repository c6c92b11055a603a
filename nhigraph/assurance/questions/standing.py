"""Where every identity stands: what is not known of it, and which gaps it reaches."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Answer
from nhigraph.assurance.answer import survey as surveyed
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.questions.tally import Worth
from nhigraph.assurance.rows import IdentityRow, VerdictRow
from nhigraph.assurance.walk import Ground
from nhigraph.schema.types import State
from nhigraph.trace.lanes import Reach, bits
from nhigraph.trace.product import Closure, state_id

T = TypeVar("T")
Pair = tuple[str, str]
#: A node and states, any of which counts there.
Place = tuple[int, tuple[State, ...]]
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """What is not known.

    Attributes:
        identities: Keys of identities whose verdict is undetermined.
        exposures: Identity and target of rows whose exposure is undetermined.
        proven: Identity to what is proven of it: its soc1 and letters of soc2.
    """

    identities: frozenset[str]
    exposures: frozenset[Pair]
    proven: Mapping[str, tuple[str, ...]]

    def keeps(self, other: "Standing") -> bool:
        """Whether all that is proven here is so there, and nobody is undecided there only."""
        if not other.identities <= self.identities:
            return False
        return all(
            set(words) <= set(other.proven.get(one, ())) for one, words in self.proven.items()
        )


def of_rows(identities: Iterable[IdentityRow], verdicts: Iterable[VerdictRow]) -> Standing:
    """What is not known, by the rows of an assessment."""
    many = [*identities]
    return Standing(
        frozenset(row.identity for row in many if row.verdict == UNDETERMINED),
        frozenset((row.identity, row.target) for row in verdicts if row.exposure == UNDETERMINED),
        {row.identity: said for row in many if (said := _proven(row))},
    )


def _proven(row: IdentityRow) -> tuple[str, ...]:
    soc1 = () if row.soc1 in ("none", UNDETERMINED) else (row.soc1,)
    return (*soc1, *(letter for letter in row.soc2 if letter != UNDETERMINED))


@dataclass(frozen=True, slots=True)
class Survey:
    """How an estate stands.

    Attributes:
        estate: It.
        now: What is not known of it.
        calm: What would not be known if nobody reached a gap.
        reaches: Identity to the rows of open gaps that it reaches, where it reaches any.
    """

    estate: Estate
    now: Standing
    calm: Standing
    reaches: dict[str, frozenset[int]]

    def open_identities(self, closed: frozenset[int]) -> set[str]:
        """Identities that are undecided once some gaps are closed."""
        found = set(self.calm.identities)
        waiting = self.now.identities - self.calm.identities
        return found | {one for one in waiting if not self.reaches.get(one, _NONE) <= closed}

    def open_exposures(self, closed: frozenset[int]) -> set[Pair]:
        """Rows whose exposure is undecided then."""
        waiting = self.now.exposures - self.calm.exposures
        left = {pair for pair in waiting if not self.reaches.get(pair[0], _NONE) <= closed}
        return {pair for pair in self.calm.exposures | left if pair[1] != "*"}

    def weights(self, closed: frozenset[int]) -> dict[frozenset[int], Worth]:
        """What identities that reach the same open gaps count for."""
        found: dict[frozenset[int], list[int]] = {}

        def of(one: str) -> list[int]:
            return found.setdefault(self.reaches.get(one, _NONE) - closed, [0, 0, 0])

        freeable = self.now.identities - self.calm.identities
        for one in self.now.identities:
            counts = of(one)
            counts[0] += one in freeable
            counts[2] += 1
        for one, target in self.now.exposures - self.calm.exposures:
            if target != "*" and one not in freeable:
                counts = of(one)
                counts[1] += 1
                counts[2] += 1
        return {rows: (counts[0], counts[1], counts[2]) for rows, counts in found.items()}

    def same(self, other: "Survey") -> bool:
        """Whether nothing that is not known differs."""
        return (self.now, self.calm, self.reaches) == (other.now, other.calm, other.reaches)


def survey(analysis: Analysis) -> Survey:
    """Judge, in one walk, with gaps and without."""
    estate = analysis.estate
    keys = estate.graph.key_list
    alike = _alike(estate)
    now, calm = Answer(), Answer()
    reaches: dict[str, frozenset[int]] = {}
    for block, some, calmer in surveyed(analysis):
        for found, more in ((now, some), (calm, calmer)):
            found.identities += more.identities
            found.verdicts += more.verdicts
        for lane, gaps in _reached(block.may, alike):
            reaches[keys[block.identities[lane]]] = gaps
    return Survey(
        estate,
        of_rows(now.identities, now.verdicts),
        of_rows(calm.identities, calm.verdicts),
        reaches,
    )


def reaching(
    estate: Estate, walkers: Sequence[int], places: Mapping[Place, Collection[T]]
) -> Iterator[tuple[int, frozenset[T]]]:
    """Per identity that reaches some of many places, what stands at those it reaches.

    Args:
        estate: What is judged.
        walkers: Node ids of living identities.
        places: Nodes and states, any of which counts, to what stands there.
    """
    if not places or not walkers:
        return
    ground = Ground(estate, sorted({node for node, _ in places}), len(walkers))
    for walk in ground.walks(list(walkers), (Closure.MAY,)):
        for lane, found in _reached(walk.reach[Closure.MAY], places):
            yield walk.walkers[lane], found


def _alike(estate: Estate) -> dict[Place, list[int]]:
    """Open gaps by what they are to a walker: at the same node, hiding the same states."""
    found: dict[Place, list[int]] = {}
    for row in estate.gap_rows:
        if row not in estate.closed:
            found.setdefault(estate.gap(row), []).append(row)
    return found


def _reached(
    may: Reach, places: Mapping[Place, Collection[T]]
) -> Iterator[tuple[int, frozenset[T]]]:
    found: dict[int, set[T]] = {}
    for (node, states), there in places.items():
        held = 0
        for state in states:
            held |= may.lanes(state_id(node, state))
        for lane in bits(held):
            found.setdefault(lane, set()).update(there)
    yield from ((lane, frozenset(many)) for lane, many in sorted(found.items()))

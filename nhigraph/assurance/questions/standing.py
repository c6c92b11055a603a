"""Where every identity stands: what is not known of it, and which gaps it reaches."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from nhigraph.assurance.analyse import Analysis, Block, Meeting
from nhigraph.assurance.answer import Answer
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.judging import Judging
from nhigraph.assurance.questions.tally import Worth
from nhigraph.assurance.reached import Place, reached
from nhigraph.assurance.verdict import verdict_of
from nhigraph.assurance.verdict_rows import VerdictRows
from nhigraph.records import dataclass
from nhigraph.trace.lanes import Reach, bits
from nhigraph.trace.product import state_id

T = TypeVar("T")
Pair = tuple[str, str]
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

    def but(self, other: "Standing", of: Collection[str]) -> "Standing":
        """The same, but what another says of some identities."""
        left = {one: words for one, words in self.proven.items() if one not in of}
        return Standing(
            (self.identities - set(of)) | {one for one in other.identities if one in of},
            frozenset(pair for pair in self.exposures if pair[0] not in of)
            | {pair for pair in other.exposures if pair[0] in of},
            left | {one: words for one, words in other.proven.items() if one in of},
        )


#: Whether somebody is undetermined, targets of rows whose exposure is, and what is proven.
_Judged = tuple[bool, tuple[str, ...], tuple[str, ...]]


class _Standings:
    """What is not known of one identity after another."""

    def __init__(self, analysis: Analysis, judging: Judging, *, calm: bool) -> None:
        """Nobody stands anywhere yet.

        Args:
            analysis: What is judged.
            judging: Who judges.
            calm: As if nobody reached a gap.
        """
        self.analysis, self.judging, self.calm = analysis, judging, calm
        self.keys = [target.key for target in analysis.estate.targets]
        self.identities: set[str] = set()
        self.exposures: set[Pair] = set()
        self.proven: dict[str, tuple[str, ...]] = {}
        #: By what decides, what was met, which is kept so that its ids stay its own, and the rest.
        self._known: dict[tuple[int, ...], tuple[Sequence[Meeting], _Judged]] = {}

    def add(self, key: str, identity: int, met: Sequence[Meeting], gaps: Sequence[int]) -> None:
        """Judge an identity, as the rows of an assessment do; what is alike is judged once."""
        judging = self.judging
        beyond = self.analysis.unsure(identity, () if self.calm else gaps)
        ours = judging.some_dead and self.analysis.estate.in_boundary(identity)
        gives = judging.own_gives(identity)
        alike = (*map(id, met), beyond, ours, gives, beyond and self._carved(identity))
        known = self._known.get(alike)
        if known is None:
            known = self._known[alike] = (
                met,
                self._judged(identity, met, gives=gives, beyond=beyond),
            )
        undetermined, exposures, said = known[1]
        if undetermined:
            self.identities.add(key)
        if exposures:
            self.exposures.update((key, target) for target in exposures)
        if said:
            self.proven[key] = said

    def _carved(self, identity: int) -> bool:
        return bool(self.analysis.estate.boundary[identity] == "carve_out")

    def _judged(
        self, identity: int, met: Sequence[Meeting], *, gives: bool, beyond: bool
    ) -> _Judged:
        """Judge an identity that met what it met."""
        judging, keys = self.judging, self.keys
        there = [(keys[one.target], judging.at(one, calm=self.calm)) for one in met]
        rows = [(target, judged) for target, judged in there if judged.told]
        beside = judging.dead(identity, (target for target, _ in there))
        rows += [(target, judged) for target, _, judged in beside]
        if beyond:
            rows.append(("*", judging.star(identity)))
        soc1, soc2 = judging.added_up(
            {judged.soc1 for _, judged in rows},
            {letter for _, judged in rows for letter in judged.soc2},
            own_gives=gives,
        )
        return (
            verdict_of(soc1, soc2) == UNDETERMINED,
            tuple(target for target, judged in rows if judged.exposure == UNDETERMINED),
            _proven(soc1, soc2),
        )

    def found(self) -> Standing:
        """All of them."""
        return Standing(frozenset(self.identities), frozenset(self.exposures), self.proven)


def _proven(soc1: str, soc2: Sequence[str]) -> tuple[str, ...]:
    known = () if soc1 in ("none", UNDETERMINED) else (soc1,)
    return (*known, *(letter for letter in soc2 if letter != UNDETERMINED))


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


def survey(analysis: Analysis, answered: Answer | None = None) -> Survey:
    """Judge, in one walk, with gaps and without.

    Args:
        analysis: What is judged.
        answered: Its rows, where they are known: then only those walk again who reach a gap, or
            from whom a lost part of the scope may hide something.
    """
    if answered is None:
        return _walked(analysis, analysis.blocks())
    keys, now = analysis.estate.graph.key_list, _of_rows(answered)
    unsure = {row.identity for row in answered.identities if row.gaps}
    walkers = [
        walker
        for walker in analysis.walkers
        if keys[walker] in unsure or analysis.unsure(walker, ())
    ]
    if not walkers:
        return Survey(analysis.estate, now, now, {})
    walked = _walked(analysis, analysis.again(walkers))
    return replace(walked, now=now, calm=now.but(walked.calm, {keys[one] for one in walkers}))


def _of_rows(answered: Answer) -> Standing:
    """What is not known, as the rows say it."""
    ours = answered.identities
    said = ((row.identity, _proven(row.soc1, row.soc2)) for row in ours)
    rows = VerdictRows.of(answered.verdicts)
    return Standing(
        frozenset(row.identity for row in ours if row.verdict == UNDETERMINED),
        frozenset(rows.pairs(lambda row: row.exposure == UNDETERMINED)),
        {identity: words for identity, words in said if words},
    )


def _walked(analysis: Analysis, blocks: Iterator[Block]) -> Survey:
    """How those of some blocks stand."""
    estate = analysis.estate
    keys = estate.graph.key_list
    alike = _alike(estate)
    judging = Judging(analysis)
    now, calm = (_Standings(analysis, judging, calm=one) for one in (False, True))
    reaches: dict[str, frozenset[int]] = {}

    def matters(one: Meeting) -> bool:
        return judging.matters(one) or judging.matters(one, calm=True)

    for block in blocks:
        by_lane = block.by_lane(matters)
        for identity, met, gaps in zip(block.identities, by_lane, block.gaps, strict=True):
            now.add(keys[identity], identity, met, gaps)
            calm.add(keys[identity], identity, met, gaps)
        for lane, rows in _reached(block.may, alike):
            reaches[keys[block.identities[lane]]] = rows
    return Survey(estate, now.found(), calm.found(), reaches)


def reaching(
    estate: Estate, walkers: Sequence[int], places: Mapping[Place, Collection[T]]
) -> Iterator[tuple[int, frozenset[T]]]:
    """Per identity that reaches some of many places, what stands at those it reaches.

    Args:
        estate: What is judged.
        walkers: Node ids of living identities.
        places: Nodes and states, any of which counts, to what stands there.
    """
    found: dict[int, set[T]] = {}
    for there, lanes in zip(places.values(), reached(estate, walkers, [*places]), strict=True):
        for lane in lanes.tolist():
            found.setdefault(lane, set()).update(there)
    yield from ((walkers[lane], frozenset(many)) for lane, many in sorted(found.items()))


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

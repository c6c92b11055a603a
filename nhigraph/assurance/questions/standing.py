"""Where every identity stands: what is not known of it, and which gaps it reaches."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from nhigraph.assurance.analyse import Analysis, Block, Meeting
from nhigraph.assurance.answer import Answer
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.judging import Judging
from nhigraph.assurance.questions.tally import Worth
from nhigraph.assurance.reached import Place, reached, reached_rows
from nhigraph.assurance.verdict import verdict_of
from nhigraph.assurance.verdict_rows import VerdictRows
from nhigraph.records import dataclass

T = TypeVar("T")
_NONE: frozenset[int] = frozenset()
#: Instead of a target: the row that speaks for all that have none of their own.
STAR = "*"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an identity, and what is not.

    Attributes:
        undetermined: Whether its verdict is.
        exposures: Targets of its rows whose exposure is undetermined.
        proven: What is proven of it: its soc1 and letters of soc2.
        half: Whether its verdict is told, and its soc2 undetermined all the same.
    """

    undetermined: bool = False
    exposures: frozenset[str] = frozenset()
    proven: tuple[str, ...] = ()
    half: bool = False


@dataclass(frozen=True, slots=True)
class Stand:
    """How an identity stands.

    Attributes:
        now: What is known of it.
        calm: What would be known if it reached no gap.
        reaches: Rows of open gaps that it reaches.
    """

    now: Known
    calm: Known
    reaches: frozenset[int] = _NONE

    def is_open(self, *, waits: bool) -> bool:
        """Whether it is undecided; it may wait for a gap that is still open."""
        return self.calm.undetermined or (waits and self.now.undetermined)

    def open_rows(self, *, waits: bool) -> frozenset[str]:
        """Targets of rows whose exposure is undecided then."""
        return self.calm.exposures | self.now.exposures if waits else self.calm.exposures


_NOTHING = Known()
#: Of whom nothing is open, and nothing is proven.
NOWHERE = Stand(_NOTHING, _NOTHING)


class Standings:
    """Judges how identities stand; what is alike is judged once.

    Attributes:
        analysis: What is judged.
    """

    def __init__(self, analysis: Analysis) -> None:
        """Nobody is judged yet.

        Args:
            analysis: What is judged; it keeps what arrives, and has equal arrivals as one object.
        """
        self.analysis, self._judging = analysis, Judging(analysis)
        self._keys = [target.key for target in analysis.estate.targets]
        self._known: dict[tuple[object, ...], Known] = {}
        self._met: dict[tuple[int, int], bool] = {}

    def of(self, block: Block) -> Iterator[tuple[int, Known, Known]]:
        """Per identity of a block, what is known of it, and what would be if it reached no gap."""
        by_lane = block.by_lane(self._matters)
        for identity, met, gaps in zip(block.identities, by_lane, block.gaps, strict=True):
            now = self._of(identity, met, gaps, calm=False)
            waits = self.analysis.unsure(identity, gaps)
            yield identity, now, self._of(identity, met, (), calm=True) if waits else now

    def _matters(self, one: Meeting) -> bool:
        met = one.target, id(one.arrival)
        if met not in self._met:
            judging = self._judging
            self._met[met] = judging.matters(one) or judging.matters(one, calm=True)
        return self._met[met]

    def _of(
        self, identity: int, met: Sequence[Meeting], gaps: Sequence[int], *, calm: bool
    ) -> Known:
        """What is known of an identity, as the rows of an assessment say it."""
        judging, estate = self._judging, self.analysis.estate
        beyond = self.analysis.unsure(identity, gaps)
        ours = judging.some_dead and estate.in_boundary(identity)
        gives = judging.own_gives(identity)
        carved = beyond and bool(estate.boundary[identity] == "carve_out")
        arrivals = tuple((one.target, id(one.arrival)) for one in met)
        alike = arrivals, beyond, ours, gives, carved, calm
        known = self._known.get(alike)
        if known is None:
            known = self._judged(identity, met, gives=gives, beyond=beyond, calm=calm)
            self._known[alike] = known
        return known

    def _judged(
        self, identity: int, met: Sequence[Meeting], *, gives: bool, beyond: bool, calm: bool
    ) -> Known:
        """Judge an identity that met what it met."""
        judging, keys = self._judging, self._keys
        there = [(keys[one.target], judging.at(one, calm=calm)) for one in met]
        rows = [(target, judged) for target, judged in there if judged.told]
        beside = judging.dead(identity, (target for target, _ in there))
        rows += [(target, judged) for target, _, judged in beside]
        if beyond:
            rows.append((STAR, judging.star(identity)))
        soc1, soc2 = judging.added_up(
            {judged.soc1 for _, judged in rows},
            {letter for _, judged in rows for letter in judged.soc2},
            own_gives=gives,
        )
        undetermined = verdict_of(soc1, soc2) == UNDETERMINED
        return Known(
            undetermined,
            frozenset(target for target, judged in rows if judged.exposure == UNDETERMINED),
            _proven(soc1, soc2),
            half=not undetermined and UNDETERMINED in soc2,
        )


def _proven(soc1: str, soc2: Sequence[str]) -> tuple[str, ...]:
    known = () if soc1 in ("none", UNDETERMINED) else (soc1,)
    return (*known, *(letter for letter in soc2 if letter != UNDETERMINED))


@dataclass(frozen=True, slots=True)
class Survey:
    """How an estate stands.

    Attributes:
        estate: It.
        stands: Identity to how it stands; only of whom something is open or proven.
    """

    estate: Estate
    stands: Mapping[str, Stand]

    @property
    def undecided(self) -> int:
        """How many identities' verdict is undetermined."""
        return sum(one.now.undetermined for one in self.stands.values())

    @property
    def half(self) -> int:
        """How many have a verdict, and soc2 is undetermined beside it."""
        return sum(one.now.half for one in self.stands.values())

    def of(self, identity: str) -> Stand:
        """How an identity stands."""
        return self.stands.get(identity, NOWHERE)

    def weights(self, closed: frozenset[int]) -> dict[frozenset[int], Worth]:
        """What identities that reach the same open gaps count for."""
        found: dict[frozenset[int], list[int]] = {}
        for one in self.stands.values():
            now, calm = one.now, one.calm
            freeable = now.undetermined and not calm.undetermined
            rows = 0 if freeable else len(now.exposures - calm.exposures - {STAR})
            if now.undetermined or rows:
                counts = found.setdefault(one.reaches - closed, [0, 0, 0])
                counts[0] += freeable
                counts[1] += rows
                counts[2] += now.undetermined + rows
        return {rows: (counts[0], counts[1], counts[2]) for rows, counts in found.items()}

    def but(self, estate: Estate, others: Mapping[str, Stand]) -> "Survey":
        """Another estate, on which some identities stand otherwise."""
        return Survey(estate, _told({**self.stands, **others}))

    def differing(self, other: "Survey") -> dict[str, Stand]:
        """Identities that stand otherwise in another survey, and how."""
        many = self.stands.keys() | other.stands.keys()
        return {one: other.of(one) for one in many if self.of(one) != other.of(one)}

    def same(self, other: "Survey") -> bool:
        """Whether nothing that is not known differs."""
        return self.stands == other.stands


def _told(stands: Mapping[str, Stand]) -> dict[str, Stand]:
    return {one: stand for one, stand in stands.items() if stand != NOWHERE}


def survey(analysis: Analysis, answered: Answer | None = None) -> Survey:
    """Judge, in one walk, with gaps and without.

    Args:
        analysis: What is judged.
        answered: Its rows, where they are known: then only those walk again who reach a gap, or
            from whom a lost part of the scope may hide something.
    """
    if answered is None:
        return Survey(analysis.estate, _told(_walked(analysis, analysis.blocks())))
    keys, now = analysis.estate.graph.key_list, _of_rows(answered)
    unsure = {row.identity for row in answered.identities if row.gaps}
    walkers = [
        walker
        for walker in analysis.walkers
        if keys[walker] in unsure or analysis.unsure(walker, ())
    ]
    stands = {one: Stand(known, known) for one, known in now.items()}
    if walkers:
        walked = _walked(analysis, analysis.again(walkers))
        for key in (keys[one] for one in walkers):
            stands[key] = replace(walked[key], now=now.get(key, _NOTHING))
    return Survey(analysis.estate, _told(stands))


def _of_rows(answered: Answer) -> dict[str, Known]:
    """What is known, as the rows say it."""
    rows = VerdictRows.of(answered.verdicts)
    exposures: dict[str, set[str]] = {}
    for identity, target in rows.pairs(lambda row: row.exposure == UNDETERMINED):
        exposures.setdefault(identity, set()).add(target)
    return {
        row.identity: Known(
            row.verdict == UNDETERMINED,
            frozenset(exposures.get(row.identity, ())),
            _proven(row.soc1, row.soc2),
            half=row.verdict != UNDETERMINED and UNDETERMINED in row.soc2,
        )
        for row in answered.identities
    }


def _walked(analysis: Analysis, blocks: Iterable[Block]) -> dict[str, Stand]:
    """How those of some blocks stand."""
    keys, alike = analysis.estate.graph.key_list, analysis.estate.alike_gaps
    standings = Standings(analysis)
    found: dict[str, Stand] = {}
    for block in blocks:
        rows = dict(reached_rows(block.may, alike))
        for lane, (identity, now, calm) in enumerate(standings.of(block)):
            found[keys[identity]] = Stand(now, calm, rows.get(lane, _NONE))
    return found


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

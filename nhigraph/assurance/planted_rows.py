"""The rows of imagined identities, and their paths from what they hold on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from functools import cached_property

import numpy as np

from nhigraph.assurance import verdict as rule
from nhigraph.assurance import weaknesses as weak
from nhigraph.assurance.analyse import Analysis, Meeting
from nhigraph.assurance.arrivals import Arrived, Arriving, AtEnds, alike
from nhigraph.assurance.judging import Judging
from nhigraph.assurance.planted import Beside, FirstSteps, Imagined
from nhigraph.assurance.row_order import basis, worst_exposure
from nhigraph.assurance.rows import IdentityRow, VerdictRow
from nhigraph.assurance.sorts import written
from nhigraph.assurance.tracing import Traced
from nhigraph.assurance.turned import turned
from nhigraph.assurance.verdict import Judgement
from nhigraph.assurance.walk import BLOCK, gaps_reached
from nhigraph.assurance.witnesses import Asked
from nhigraph.graph.columns import states_cell
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.schema.crosswalk import HYGIENE
from nhigraph.schema.types import State
from nhigraph.trace.engine import InMemory
from nhigraph.trace.holders import Holders
from nhigraph.trace.lanes import WORD, Reach, bits
from nhigraph.trace.order import settle
from nhigraph.trace.product import Closure

Gaps = tuple[str, ...]
#: What an identity adds to whatever arrives, as bits.
_WEAK, _GAP = np.uint8(1), np.uint8(2)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of an imagined identity; those of whom it is the same share it.

    Attributes:
        row: What its rows add up to, as in identities.csv; what only a record tells is empty.
        verdicts: Its rows of verdicts.csv by target, without its key. What is alike is one object,
            whosesoever it is.
        sorts: Of each sort of these one row, that of some target: they show all that is asked of
            rows wherever they are. Those of whom it is the same have one tuple.
    """

    row: IdentityRow
    verdicts: tuple[VerdictRow, ...]
    sorts: tuple[VerdictRow, ...]


@dataclass(slots=True)
class _Sort:
    """Pairs of an imagined identity and a target that are judged alike.

    Attributes:
        meeting: What arrives.
        judged: What it is.
    """

    meeting: Meeting
    judged: Judgement


@dataclass(frozen=True, slots=True)
class _Summed:
    """What kinds of pairs add up to.

    Attributes:
        row: As in identities.csv, all but the targets.
        sorts: See ``Outcome``.
    """

    row: IdentityRow
    sorts: tuple[VerdictRow, ...]

    def at(self, targets: tuple[str, ...]) -> IdentityRow:
        """The row with its targets; ``dataclasses.replace`` takes three times as long."""
        row = self.row
        return IdentityRow(
            "",
            "",
            "",
            "",
            row.verdict,
            row.soc1,
            row.soc2,
            row.soc2_outside,
            row.exposure,
            row.icfr_basis,
            targets,
            row.weaknesses,
            row.gaps,
            row.boundary,
        )


class Planted:
    """Imagined identities, traced and judged on the ground of an analysis.

    Attributes:
        outcomes: What comes of each, in the order given.
        ends: See ``Analysis``; likewise ``paths``.
        offset: Number of the first of these among all that were traced together.
    """

    def __init__(self, analysis: Analysis, imagined: Sequence[Imagined] | None = None) -> None:
        """Trace and judge them.

        Args:
            analysis: The estate; whether it is traced already does not matter.
            imagined: What each of them holds; None for those whom the analysis has beside it.
        """
        self.analysis, self.estate = analysis, analysis.estate
        self.ends, self.paths = analysis.ends, analysis.paths
        traced = analysis.traced_beside() if imagined is None else None
        beside = analysis.beside if imagined is None else None
        self._imagined = beside or Beside(FirstSteps(self.estate, imagined or ()), analysis.labels)
        self._judging = Judging(analysis)
        self._places = [number for number, end in enumerate(self.ends) if end >= 0]
        self._arrived: dict[bytes, Arrived] = {}
        self._number: dict[tuple[int, int, bytes], int] = {}
        self._sorts: list[_Sort] = []
        self._kind: dict[tuple[object, ...], int] = {}
        self._kind_of: list[int] = []
        self._example: list[int] = []
        self._rows: dict[Gaps, dict[int, VerdictRow | None]] = {}
        self._sums: dict[tuple[frozenset[int], Gaps, frozenset[str]], _Summed] = {}
        self._beside: dict[tuple[str, Gaps], VerdictRow] = {}
        self._asked: dict[int, tuple[int, int]] = {}
        self._known: dict[tuple[bytes, Gaps, frozenset[str]], Outcome] = {}
        self.outcomes: list[Outcome] = []
        self.offset = 0
        self._trace(traced)

    @cached_property
    def _solver(self) -> InMemory:
        return _solver(self.analysis, len(self._imagined))

    def part(self, first: int, last: int) -> "Planted":
        """Some of them, who follow each other, numbered anew."""
        found = copy(self)
        found.outcomes, found.offset = self.outcomes[first:last], self.offset + first
        return found

    # -- paths: what ``Witnesses`` asks of those who walk ---------------------------------------

    def asked(self, walker: int, row: VerdictRow) -> Asked | None:
        """The path that one of its rows asks for; None where nothing arrives."""
        found = self._asked.get(id(row))
        return None if found is None else Asked(*found, walker)

    def worst(self, order: Callable[[VerdictRow], tuple[object, ...]]) -> list[VerdictRow | None]:
        """Of each the first row, in an order, that has an effect and a path; None without any."""
        keys: dict[int, tuple[object, ...]] = {}
        known: dict[int, VerdictRow | None] = {}

        def place(row: VerdictRow) -> tuple[object, ...]:
            # The sorts keep their rows, so that an id stays its own.
            if id(row) not in keys:
                keys[id(row)] = order(row)
            return keys[id(row)]

        for one in self.outcomes:
            if id(one) not in known:
                rows = [row for row in one.verdicts if row.verdict != "neither"]
                rows = [row for row in rows if id(row) in self._asked]
                known[id(one)] = min(rows, key=place, default=None)
        return [known[id(one)] for one in self.outcomes]

    def starts(self, walker: int) -> Sequence[int]:
        """States that an imagined identity begins with, by its number."""
        return self._imagined.first.of(self.offset + walker)

    def held(self, walkers: Sequence[int]) -> Iterator[tuple[Reach, dict[int, int]]]:
        """What some of them hold in *may*, block by block, with the lane of each."""
        size = self._solver.words * WORD
        may = {Closure.MAY: self.analysis.ground.readings[Closure.MAY]}
        for first in range(0, len(walkers), size):
            part = walkers[first : first + size]
            start: dict[int, int] = {}
            for lane, walker in enumerate(part):
                for state in self.starts(walker):
                    start[state] = start.get(state, 0) | 1 << lane
            reach = self._solver.reaches(may, start)[Closure.MAY]
            yield reach, {walker: lane for lane, walker in enumerate(part)}

    def holding(self, walkers: Sequence[int], states: Ints) -> Holders | None:
        """Who of them holds which state in *may*; None where ``held`` is cheaper."""
        if not self.analysis.turns(len(walkers)):
            return None
        return self.analysis.ground.holders([self.starts(walker) for walker in walkers], states)

    # -- tracing --------------------------------------------------------------------------------

    def _trace(self, known: Traced | None) -> None:
        """Trace them all, from the targets on where that pays, else block by block."""
        many, traced = len(self._imagined), known
        if traced is None and self.analysis.turns(many):
            found = turned(self.analysis.tracing, (), beside=self._imagined)
            traced = None if found is None else found.beside
        if traced is not None:
            self.outcomes = self._outcomes(traced.at_ends, traced.gaps)
            return
        size = self._solver.words * WORD
        for at in range(0, many, size):
            self.outcomes += self._block(at, min(at + size, many))

    def _block(self, first: int, last: int) -> list[Outcome]:
        """What comes of some of them, who follow each other."""
        start: dict[int, int] = {}
        imagined = self._imagined
        for state, lane in imagined.first.among(first, last).pairs():
            start[state] = start.get(state, 0) | 1 << lane
        readings, solver = self.analysis.ground.readings, self._solver
        reach = solver.reaches(readings, start)
        at_ends = AtEnds(reach, [self.ends[place] for place in self._places])
        begun = imagined.begun(first, last)
        for name, flag in imagined.flags.items():
            flagged = (flag.states, flag.clauses, flag.carriers, begun.get(name))
            at_ends.add(name, solver.flag(readings[flag.closure], reach[flag.closure], *flagged))
        gaps = gaps_reached(reach[Closure.MAY], self.estate.open_gaps, last - first)
        return self._outcomes(at_ends, gaps)

    # -- judging --------------------------------------------------------------------------------

    def _outcomes(self, at_ends: Arriving, gaps: Sequence[Sequence[int]]) -> list[Outcome]:
        """What comes of every lane: what arrives at the targets, judged."""
        keys = self.estate.graph.key_list
        reached = [tuple(keys[node] for node in some) for some in gaps]
        derived = _derived(at_ends, len(gaps))
        places, lanes, arrived = at_ends.arrivals()
        order = np.lexsort([places, lanes])
        places, lanes, arrived = places[order], lanes[order], arrived[order]
        gives = np.array([bool(some.intersection(HYGIENE)) for some in derived], dtype=np.uint8)
        hidden = np.array([self._unsure(some) for some in gaps], dtype=np.uint8)
        own = (gives * _WEAK | hidden * _GAP)[lanes]
        which, firsts = alike(arrived, places, own)
        numbers = [
            self._numbered(int(places[pair]), int(own[pair]), arrived[pair].tobytes(), at_ends)
            for pair in firsts.tolist()
        ]
        which = np.array(numbers, dtype=np.int64)[which]
        ptr = np.searchsorted(lanes, np.arange(len(gaps) + 1)).tolist()
        found = []
        for lane, (some, shown) in enumerate(zip(reached, derived, strict=True)):
            sorts = which[ptr[lane] : ptr[lane + 1]]
            same = sorts.tobytes(), some, shown
            if same not in self._known:
                self._known[same] = self._outcome(sorts.tolist(), some, shown)
            found.append(self._known[same])
        return found

    def _numbered(self, place: int, own: int, key: bytes, at_ends: Arriving) -> int:
        """Number of the sort of a pair: alike are those of one target and equal bytes."""
        known = self._number.get((place, own, key))
        if known is None:
            sort = self._sort(place, own, key, at_ends)
            target = self.estate.targets[sort.meeting.target]
            shown = (sort.judged, sort.meeting.arrival.may, sort.meeting.weaknesses)
            kind = self._kind.setdefault((*shown, target.icfr_basis), len(self._kind))
            known = self._number[place, own, key] = len(self._sorts)
            if kind == len(self._example):
                self._example.append(known)
            self._kind_of.append(kind)
            self._sorts.append(sort)
        return known

    def _sort(self, place: int, own: int, key: bytes, at_ends: Arriving) -> _Sort:
        arrived = self._arrived.get(key)
        if arrived is None:
            arrived = self._arrived[key] = Arrived(at_ends, key)
        weak, gap = bool(own & _WEAK) or arrived.hygiene, bool(own & _GAP)
        arrival = arrived.arrival(weak=weak, gap=gap, carved_out=False)
        met = Meeting(self._places[place], arrival, arrived.weaknesses, arrived.shown)
        return _Sort(met, self._judging.at(met))

    def _unsure(self, gaps: Sequence[object]) -> bool:
        """See ``walk.unsure``."""
        return bool(gaps) or self.estate.unread

    def _outcome(self, numbers: Sequence[int], gaps: Gaps, derived: frozenset[str]) -> Outcome:
        """What sorts of pairs come to together."""
        known, row_of = self._rows.setdefault(gaps, {}), self._row
        told = [known[one] if one in known else row_of(one, gaps) for one in numbers]
        rows = tuple(filter(None, told))
        beside = [self._unreached(*dead, gaps) for dead in self._dead_but(numbers)]
        if self._unsure(gaps):
            star = self._judging.star_of(carved_out=False)
            beside.append(self._unreached("*", "", star, gaps))
        kinds = frozenset(map(self._kind_of.__getitem__, numbers))
        summed = self._sums.get((kinds, gaps, derived)) if not beside else None
        if summed is None:
            summed = self._summed(kinds, beside, gaps, derived)
            if not beside:
                self._sums[kinds, gaps, derived] = summed
        if beside:
            rows = tuple(sorted((*rows, *beside), key=lambda row: row.target))
        at = tuple([row.target for row in rows if row.verdict != "neither" and row.target != "*"])
        return Outcome(summed.at(at), rows, summed.sorts)

    def _summed(
        self,
        kinds: frozenset[int],
        beside: Sequence[VerdictRow],
        gaps: Gaps,
        derived: frozenset[str],
    ) -> _Summed:
        """What kinds of pairs add up to, and what stands beside them."""
        examples, judging = [self._example[kind] for kind in sorted(kinds)], self._judging
        rows = (*filter(None, (self._row(one, gaps) for one in examples)), *beside)
        soc1, soc2 = judging.added_up(
            {row.soc1 for row in rows}, {c for row in rows for c in row.soc2}, own_gives=False
        )
        verdict = rule.verdict_of(soc1, soc2)
        weaknesses = derived.union(*(self._sorts[one].meeting.weaknesses for one in examples))
        outside = rule.in_order({letter for row in rows for letter in row.soc2_outside})
        exposure, named = worst_exposure(rows, verdict), tuple(sorted(weaknesses))
        told = (verdict, soc1, soc2, outside, exposure, basis(rows))
        return _Summed(IdentityRow("", "", "", "", *told, (), named, gaps, "in"), rows)

    def _dead_but(self, numbers: Iterable[int]) -> Iterator[tuple[str, str, Judgement]]:
        """Dead targets that may be of effect, but for those that are reached all the same."""
        if not any(self._judging.dead_of_ours()):
            return
        targets, judging = self.estate.targets, self._judging
        met = (self._sorts[number].meeting for number in numbers)
        seen = (one for one in met if judging.matters(one))
        yield from judging.dead_of_ours(targets[one.target].key for one in seen)

    def _row(self, number: int, gaps: Gaps) -> VerdictRow | None:
        """The row of a sort of pairs; None where none is given unasked."""
        known = self._rows.setdefault(gaps, {})
        if number not in known:
            met, judged = self._sorts[number].meeting, self._sorts[number].judged
            target, row = self.estate.targets[met.target], None
            if judged.told:
                states = states_cell(state for state in State if met.arrival.may >> state & 1)
                row = written(target.key, target.icfr_basis, judged, states, gaps)
                self._asked[id(row)] = met.target, judged.goal
            known[number] = row
        return known[number]

    def _unreached(self, target: str, basis: str, judged: Judgement, gaps: Gaps) -> VerdictRow:
        known = self._beside.get((target, gaps))
        if known is None:
            known = self._beside[target, gaps] = written(target, basis, judged, "", gaps, 0)
        return known


def _derived(at_ends: Arriving, lanes: int) -> list[frozenset[str]]:
    """Per lane its weaknesses that only its paths show; it has no environment of its own."""
    found: list[frozenset[str]] = [frozenset()] * lanes
    for name, ways in weak.SHOWN_BY.items():
        for way in ways if name != "env_mixing" else ():
            for lane in bits(at_ends.anywhere(*way)):
                found[lane] |= {name}
    return found


def _solver(analysis: Analysis, lanes: int) -> InMemory:
    """That of the ground, where it is of this process, and wide enough; else one of its own."""
    ground = analysis.ground
    wanted = min(BLOCK, max(lanes, 1))
    if isinstance(ground.solver, InMemory) and ground.solver.words * WORD >= wanted:
        return ground.solver
    return InMemory(ground.product, settle(ground.product), wanted)

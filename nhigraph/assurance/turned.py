"""All walkers of an estate at once: what arrives at the targets, asked backwards from there.

Targets, and what is asked of a way to them, are far fewer than those who walk. Flags and gates on
the way are copies of states (``trace.lifted``), so that every answer is one of who holds what.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from nhigraph.assurance.flags import Flag
from nhigraph.assurance.held_lanes import Bits, Pairs, Passed, Seen
from nhigraph.assurance.planted import Beside
from nhigraph.assurance.tracing import Traced, Tracing
from nhigraph.assurance.walk import gaps_reached
from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.schema.types import State
from nhigraph.trace.fewer import Fewer
from nhigraph.trace.holders import Holders, Starts, held_by_some, held_in_groups
from nhigraph.trace.horn import Horn, taken_apart
from nhigraph.trace.lanes import Begun
from nhigraph.trace.lifted import Lifted, Lifting, Mark, Region
from nhigraph.trace.product import STATES, Bools, Closure, Product

#: Copied arcs for each arc of the product, above which walking is the cheaper way: so many at
#: least, and for each flag so many for each block of walkers, who are walked once for every flag.
#: A copied arc costs as much as carrying a block over it eight times.
_MOST_COPIES, _OF_BLOCK = 12, 1 / 8
#: Arcs of copies for each clause of the product that are asked about at once.
_AT_ONCE = 2
#: Bits of who holds what that are kept at once, and cells laid out as bytes: bound memory.
_BITS, _CELLS = 1 << 31, 1 << 23
_STATE = np.arange(STATES)


@dataclass(frozen=True, slots=True)
class Turned:
    """All walkers, traced.

    Attributes:
        traced: What the lanes of those who walk come to.
        beside: The same of those who are imagined, their lanes counted from 0.
        may: What walkers hold in *may* at the gaps, and whether somebody passes what is noted.
    """

    traced: Traced
    beside: Traced
    may: Seen


def turned(
    tracing: Tracing,
    walkers: Sequence[Sequence[int]],
    noted: Sequence[int] = (),
    beside: Beside | None = None,
) -> Turned | None:
    """Trace any number of walkers together, and whoever is imagined beside them.

    Args:
        tracing: What is asked about them.
        walkers: States that each walker holds from the beginning.
        noted: Nodes of which it is asked whether some walker holds a state there.
        beside: The imagined: of these neither gates on their ways nor what they pass is asked.

    Returns:
        What ``Tracing.traced`` says of the same lanes; None where flags come to so much of the
        graph that walking is cheaper.
    """
    nodes = {*tracing.ends, *(node for node, _ in tracing.gaps), *noted}
    fewer = Fewer.of(tracing.readings[Closure.MAY], nodes)
    walking = _left(Starts.of(walkers), fewer)
    if beside is None:
        return _Turning(tracing, fewer, tracing.flags, walking, walking, noted, {}).found()
    first, many = beside.first, walking.walkers
    besides = _left(Starts(len(first), many + first.who, first.state), fewer)
    everybody = Starts(
        many + len(first),
        np.concatenate([walking.owner, besides.owner]),
        np.concatenate([walking.state, besides.state]),
    )
    begun = {name: _begun(one, fewer) for name, one in beside.begun(0, len(first), many).items()}
    return _Turning(tracing, fewer, beside.flags, everybody, walking, noted, begun).found()


def _begun(begun: Begun, fewer: Fewer) -> Begun:
    state = fewer.states(begun.state)
    kept = state >= 0
    return Begun(state[kept], begun.lane[kept])


def _left(starts: Starts, fewer: Fewer) -> Starts:
    """What of starts is left; from the others nothing leads anywhere."""
    state = fewer.states(starts.state)
    kept = state >= 0
    return Starts(starts.walkers, starts.owner[kept], state[kept])


@dataclass
class _Turning:
    """One question, being answered: of walkers, whose lanes come first, and of the imagined.

    ``tracing`` and ``noted`` speak of the nodes of the estate, all else of those that are left.
    """

    tracing: Tracing
    fewer: Fewer
    told: Mapping[str, Flag]
    starts: Starts
    walking: Starts
    noted: Sequence[int]
    begun: Mapping[str, Begun]

    @cached_property
    def _may(self) -> Product:
        return self.fewer.product(self.tracing.readings[Closure.MAY])

    @cached_property
    def flags(self) -> Mapping[str, Flag]:
        """Every flag."""
        left = self.fewer.left
        return {name: replace(flag, states=left(flag.states)) for name, flag in self.told.items()}

    @cached_property
    def _ends(self) -> Ints:
        """The five states of each target, one target after another."""
        ends = np.asarray(self.tracing.ends, dtype=np.int64)
        return self.fewer.states((ends[:, None] * STATES + _STATE).ravel())

    def found(self) -> Turned | None:
        """See ``turned``."""
        flags = [(n, f) for n, f in self.flags.items() if f.closure is Closure.MAY]
        asked = self.tracing.gated and self.walking.walkers
        gates = distinct(self._may.gate[self._may.gate >= 0]) if asked else ()
        marks = [self._mark(name, flag) for name, flag in flags]
        marks += [Mark((), self._may.gate == gate) for gate in gates]
        lifting = Lifting(self._may)
        blocks = self.walking.walkers / self.tracing.lanes
        most = max(_MOST_COPIES, _OF_BLOCK * blocks * len(marks))
        regions = lifting.regions(marks, most * max(self._may.clauses, 1))
        if regions is None:
            return None
        hidden = [n * STATES + s for n, some in self.tracing.gaps for s in some]
        gaps = distinct(np.array(hidden, dtype=np.int64))
        horn = taken_apart(self._may)
        base = self._asked(horn, np.concatenate([self._ends, self.fewer.states(gaps)]))
        lanes, places = self._reached(base)
        states = {Closure.MAY: self._at_ends(base, lanes, places)}
        seen = self._seen(horn, base, gaps)
        found: dict[str, Bools] = {}
        passed: dict[int, Bits] = {}
        names = [name for name, _ in flags]
        told = (names, lifting, marks, regions)
        for number, carried in self._carried(*told, lanes, places):
            if number < len(names):
                found[names[number]] = carried
            else:
                passed[int(gates[number - len(names)])] = np.packbits(carried)
        for closure in Closure:
            if closure is not Closure.MAY:
                self._in_closure(closure, states, found, (lanes, places))
        held = [plane for closure in Closure for plane in states[closure]]
        everybody = Pairs(
            list(self.flags), places, lanes, [*held, *(found[name] for name in self.flags)]
        )
        many = self.walking.walkers
        walking, beside = everybody.parted(many, self.tracing.flags)
        reached = gaps_reached(seen, self.tracing.gaps, self.starts.walkers)
        return Turned(
            Traced(walking, reached[:many], self._passed(passed, lanes, places)),
            Traced(beside, reached[many:], _NO_GATES),
            seen.of_first(many),
        )

    def _asked(self, horn: Horn, states: Ints) -> Holders:
        return held_in_groups(horn, self.starts, states, np.arange(len(states)), len(states))

    def _in_closure(
        self,
        closure: Closure,
        states: dict[Closure, list[Bools]],
        flags: dict[str, Bools],
        pairs: tuple[Ints, Ints],
    ) -> None:
        """Add what pairs hold in another closure, and the flags that travel there."""
        whole = self.tracing.readings[closure]
        alike = next((c for c in states if _same(self.tracing.readings[c], whole)), None)
        reading = self._may if alike is Closure.MAY else self.fewer.product(whole)
        if alike is not None:
            states[closure] = states[alike]
        else:
            states[closure] = self._at_ends(self._asked(taken_apart(reading), self._ends), *pairs)
        own = [(name, f) for name, f in self.flags.items() if f.closure is closure]
        if own:
            lifting, marks = Lifting(reading), [self._mark(name, flag) for name, flag in own]
            regions = lifting.regions(marks) or []
            told = [name for name, _ in own], lifting, marks, regions
            for number, carried in self._carried(*told, *pairs):
                flags[own[number][0]] = carried

    def _reached(self, base: Holders) -> tuple[Ints, Ints]:
        """Every pair of a walker and a target that it reaches: lanes and places, in that order."""
        count = len(self._ends) // STATES
        rows, places = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        together = max(1, _CELLS // max(len(self._ends), 1))
        for first in range(0, len(base.words), together):
            part = base.words[first : first + together]
            cells = base.unpacked(part)[:, base.lane[: len(self._ends)]]
            row, place = np.nonzero(cells.reshape(len(part), count, STATES).any(axis=2))
            rows.append(first + row)
            places.append(place)
        row, place = np.concatenate(rows), np.concatenate(places)
        ptr = np.searchsorted(row, np.arange(len(base.words) + 1))
        sizes = np.diff(ptr)[base.which]
        shift = np.repeat(ptr[base.which] - np.cumsum(sizes) + sizes, sizes)
        lanes = np.repeat(np.arange(self.starts.walkers), sizes)
        return lanes, place[np.arange(len(lanes)) + shift]

    def _at_ends(self, held: Holders, lanes: Ints, places: Ints) -> list[Bools]:
        """State by state, whether each pair holds it at its target."""
        return [held.at(lanes, places * STATES + state) for state in State]

    def _seen(self, horn: Horn, base: Holders, gaps: Ints) -> Seen:
        first = len(self._ends)
        number = {state: first + at for at, state in enumerate(gaps.tolist())}
        noted = np.asarray(self.noted, dtype=np.int64)
        states = (noted[:, None] * STATES + _STATE).ravel()
        asked = self.fewer.states(states)
        some = held_by_some(horn, self.walking, asked) if len(states) else np.zeros(0, dtype=bool)
        return Seen(base, number, frozenset(states[some].tolist()))

    def _mark(self, name: str, flag: Flag) -> Mark:
        besides = self.begun.get(name, _NOBODY).state
        return Mark(flag.states, flag.clauses, flag.carriers, distinct(besides))

    def _starts(self, names: Sequence[str], lifted: Lifted) -> Starts:
        """What walkers start from, with the copies that they carry flags at from the beginning."""
        owner, state = [self.starts.owner], [self.starts.state]
        for flag, name in enumerate(names):
            begun = self.begun.get(name, _NOBODY)
            owner.append(begun.lane)
            state.append(lifted.copies(flag, begun.state))
        return Starts(self.starts.walkers, np.concatenate(owner), np.concatenate(state))

    def _carried(
        self,
        names: Sequence[str],
        lifting: Lifting,
        marks: Sequence[Mark],
        regions: Sequence[Region],
        lanes: Ints,
        places: Ints,
    ) -> Iterator[tuple[int, Bools]]:
        """Flag by flag, its number and whether each pair carries it.

        Gates come after the flags that have names, and are asked of walkers alone.
        """
        count = len(self._ends) // STATES
        walking = int(np.searchsorted(lanes, self.walking.walkers))
        for first, last in self._batches(regions, count):
            some = slice(first, last)
            lifted = lifting.lifted(marks[some], lifting.copies(marks[some], regions[some]))
            probes, group = self._probes(lifted, last - first)
            held = held_in_groups(
                taken_apart(lifted),
                self._starts(names[some], lifted),
                probes,
                group,
                (last - first) * count,
            )
            for flag in range(last - first):
                asked = slice(walking if first + flag >= len(names) else None)
                yield first + flag, held.at(lanes[asked], flag * count + places[asked])

    def _probes(self, lifted: Lifted, flags: int) -> tuple[Ints, Ints]:
        """Copies of the targets' states, and to which flag and target each belongs."""
        place = np.repeat(np.arange(len(self._ends) // STATES), STATES)
        count = len(self._ends) // STATES
        probes, group = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for flag in range(flags):
            copy = lifted.copies(flag, self._ends)
            probes.append(copy[copy >= 0])
            group.append(flag * count + place[copy >= 0])
        return np.concatenate(probes), np.concatenate(group)

    def _batches(self, regions: Sequence[Region], ends: int) -> Iterator[tuple[int, int]]:
        """Flags that are asked about together, as first and last."""
        room = _AT_ONCE * max(self._may.clauses, 1)
        most = max(1, _BITS // max(ends * self.starts.walkers, 1))
        first, arcs = 0, 0
        for number, one in enumerate(regions):
            if number > first and (arcs + one.arcs > room or number - first >= most):
                yield first, number
                first, arcs = number, 0
            arcs += one.arcs
        if regions:
            yield first, len(regions)

    def _passed(self, passed: dict[int, Bits], lanes: Ints, places: Ints) -> Passed:
        place = {end: at for at, end in enumerate(self.tracing.ends)}
        walking = int(np.searchsorted(lanes, self.walking.walkers))
        return Passed(place, lanes[:walking] * len(place) + places[:walking], passed)


_NONE = np.zeros(0, dtype=np.int64)
_NO_GATES = Passed({}, _NONE, {})
_NOBODY = Begun(_NONE, _NONE)


def _same(one: Product, other: Product) -> bool:
    """Whether two readings of a product ask for the same."""
    return np.array_equal(one.need_ptr, other.need_ptr) and np.array_equal(
        one.need_idx, other.need_idx
    )

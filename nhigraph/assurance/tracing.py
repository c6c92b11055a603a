"""Blocks of identities, traced to what the verdict looks at: here, or wherever there is room.

A ``Tracing`` is arrays and nothing else: it can be sent to another process, and what comes back
is as small as the targets are few.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from nhigraph.assurance.arrivals import Arriving, AtEnds
from nhigraph.assurance.flags import Flag
from nhigraph.assurance.resting import Gated, on_ways
from nhigraph.assurance.walk import gaps_reached
from nhigraph.records import dataclass
from nhigraph.schema.types import State
from nhigraph.trace.engine import Carried, Engine, InMemory
from nhigraph.trace.lanes import Reach, Words
from nhigraph.trace.order import settle
from nhigraph.trace.product import Closure, Product, state_id

#: States whose lanes are looked at together.
_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True)
class Traced:
    """What some lanes come to.

    Attributes:
        at_ends: What arrives at the targets.
        gaps: Per lane, the nodes whose gaps it reaches.
        passed: Gates on the ways to targets.
    """

    at_ends: Arriving
    gaps: list[list[int]]
    passed: Gated


@dataclass(frozen=True)
class Tracing:
    """What blocks of lanes are traced with.

    Attributes:
        readings: The product, as each closure reads it.
        flags: Flags that travel with the paths, by name.
        ends: Node ids of the targets.
        gaps: Node of each gap, and the states hidden there.
        lanes: How many lanes a block has, at most.
        gated: Gates on the ways are asked about: each is a flag of its own.
    """

    readings: Mapping[Closure, Product]
    flags: Mapping[str, Flag]
    ends: Sequence[int]
    gaps: Sequence[tuple[int, tuple[State, ...]]]
    lanes: int
    gated: bool = True

    def traced(self, engine: Engine, reach: Mapping[Closure, Reach], lanes: int) -> Traced:
        """What some lanes come to.

        Args:
            engine: What closed them.
            reach: What they hold in every closure.
            lanes: How many they are.
        """
        at_ends = AtEnds(reach, self.ends)
        asked = [
            Carried(self.readings[f.closure], reach[f.closure], f.states, f.clauses, f.carriers)
            for f in self.flags.values()
        ]
        seen = [state_id(end, state) for end in self.ends for state in State]
        for name, flag in zip(self.flags, engine.flags(asked, seen), strict=True):
            at_ends.add(name, flag)
        may, reading = reach[Closure.MAY], self.readings[Closure.MAY]
        gaps = gaps_reached(may, self.gaps, lanes)
        ends = self.ends if self.gated else ()
        return Traced(at_ends, gaps, on_ways(reading, engine, reading, may, ends))

    @cached_property
    def own(self) -> Engine:
        """The engine of the process that this was sent to."""
        product = self.readings[Closure.MAY]
        return InMemory(product, settle(product), self.lanes)


#: States that each lane of a block starts from.
Starts = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Sent:
    """What comes back of a block that was traced elsewhere.

    Attributes:
        traced: What its lanes come to.
        somebody: For every state one bit: whether any of them holds it in *may*.
    """

    traced: Traced
    somebody: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where closures are worked out, if not in this process.

    Attributes:
        engine: Makes what closes the clauses for so many lanes; None for this process.
        divided: Traces blocks of lanes, each whole; None for one after another here.
    """

    engine: Callable[[int], Engine] | None = None
    divided: Callable[[Tracing, Sequence[Starts]], Iterator[Sent]] | None = None


@dataclass(frozen=True)
class Again:
    """Lanes that were closed elsewhere, and are closed here again if one of them is asked for.

    Attributes:
        somebody: For every state one bit: whether any lane holds it.
        close: Closes them.
    """

    somebody: npt.NDArray[np.uint8]
    close: Callable[[], Reach]

    @cached_property
    def _here(self) -> Reach:
        return self.close()

    def at_all(self, state: int) -> bool:
        """Whether any lane holds it."""
        return bool(self.somebody[state // 8] >> state % 8 & 1)

    def lanes(self, state: int) -> int:
        """Lanes that hold a state, as the bits of an integer."""
        return self._here.lanes(state)

    def holds(self, state: int, lane: int) -> bool:
        """Whether one lane holds it."""
        return self._here.holds(state, lane)

    def words(self, states: Sequence[int]) -> Words:
        """Lanes of some states, as words: one row per state."""
        return self._here.words(states)


def trace(tracing: Tracing, starts: Starts) -> Sent:
    """Trace one block, in the process that has room for it; what comes back is small."""
    start: dict[int, int] = {}
    for lane, states in enumerate(starts):
        for state in states:
            start[state] = start.get(state, 0) | 1 << lane
    reach = tracing.own.reaches(tracing.readings, start)
    may, size = reach[Closure.MAY], tracing.readings[Closure.MAY].size
    parts = (range(first, min(first + _AT_ONCE, size)) for first in range(0, size, _AT_ONCE))
    somebody = np.concatenate([may.words(part).any(axis=1) for part in parts])
    found = tracing.traced(tracing.own, reach, len(starts))
    return Sent(found, np.packbits(somebody, bitorder="little"))

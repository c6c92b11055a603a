"""Flags as states: whoever carries a flag at a state holds a second copy of that state.

What travels with a path is one more set of clauses over copies, so that one question answers who
holds what and by way of what. A copy of a flag has only the states that the flag can come to.
"""

from collections.abc import Iterable, Sequence
from dataclasses import field
from math import inf

import numpy as np
import numpy.typing as npt

from nhigraph.graph.distinct import distinct
from nhigraph.graph.hashing import Short
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.dag_kernels import loops
from nhigraph.trace.product import Bools, Product
from nhigraph.trace.sets import AnyInts


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a flag begins and what hands it on (``lanes.Solver.flag``).

    Attributes:
        states: Whoever holds one carries the flag from there.
        labelled: Clauses; whoever fires one carries the flag from its end.
        carriers: Clauses that hand the flag on; None for all.
        besides: Further states at which some walkers carry it from the beginning.
    """

    states: Sequence[int]
    labelled: Bools
    carriers: Bools | None = None
    besides: AnyInts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Region:
    """Where a flag can come to, in little room: there may be thousands of flags.

    Attributes:
        states: One bit for every state of the product.
        arcs: How many arcs are inside.
    """

    states: npt.NDArray[np.uint8]
    arcs: int


@dataclass(frozen=True, slots=True)
class Copies:
    """The states that each of some flags can come to.

    Attributes:
        states: Per flag, states of the product, ascending.
        arcs: Per flag, which arcs of the product (``Product.arcs``) are inside.
    """

    states: tuple[Ints, ...]
    arcs: tuple[Short, ...]


@dataclass(frozen=True, slots=True)
class Lifted:
    """Clauses over states and copies of states, as ``horn.taken_apart`` reads them.

    Attributes:
        size: Number of states, copies included.
        src: State a clause leaves.
        dst: State it yields.
        need_ptr: Offsets into ``need_idx``, one more than clauses.
        need_idx: States it needs besides ``src``.
        never: The state nobody holds.
        first: Per flag, the number of its first copy.
        copied: Per flag, the states that have a copy, ascending.
    """

    size: int
    src: Ints
    dst: Ints
    need_ptr: Ints
    need_idx: Ints
    never: int
    first: tuple[int, ...]
    copied: tuple[Ints, ...]

    def copies(self, flag: int, states: Ints) -> Ints:
        """The copies of some states in a flag; -1 where it never comes to one."""
        known = self.copied[flag]
        if not len(known):
            return np.full(len(states), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(known, states), len(known) - 1)
        return np.where(known[at] == states, self.first[flag] + at, -1)


class Lifting:
    """Lifts flags over one reading of a product."""

    def __init__(self, reading: Product) -> None:
        """Lay out the arcs of the reading once."""
        self._reading = reading
        self._source, self._end, self._clause = reading.arcs()
        self._more = (np.diff(reading.need_ptr) > 0) | (reading.guard >= 0)
        self._no_rules = np.zeros(reading.size + 1, dtype=np.int64)
        #: Of the flag at hand, the place of each state among its own; of others what was there.
        self._place = np.zeros(reading.size, dtype=np.int64)
        self._out: dict[int, tuple[Bools | None, Short, Ints, Ints]] = {}

    def regions(self, marks: Iterable[Mark], most: float = inf) -> list[Region] | None:
        """Where each flag can come to, if all that anybody may hold were one walker's.

        Args:
            marks: Flags.
            most: How many arcs they may have together.

        Returns:
            None where they have more.
        """
        found, arcs = list[Region](), 0
        for mark in marks:
            found.append(self._region(mark))
            arcs += found[-1].arcs
            if arcs > most:
                return None
        return found

    def copies(self, marks: Sequence[Mark], regions: Sequence[Region]) -> Copies:
        """The states and arcs of some flags, laid out.

        Args:
            marks: Flags.
            regions: Theirs, as ``regions`` said.
        """
        states, arcs = list[Ints](), list[Short]()
        for mark, region in zip(marks, regions, strict=True):
            seen = np.unpackbits(region.states, count=self._reading.size).view(bool)
            handing = self._onward(mark.carriers)[0]
            states.append(np.flatnonzero(seen))
            arcs.append(handing[seen[self._source[handing]]])
        return Copies(tuple(states), tuple(arcs))

    def lifted(self, marks: Sequence[Mark], copies: Copies) -> Lifted:
        """The clauses of the reading and those of the copies.

        Args:
            marks: Flags.
            copies: Theirs, as ``copies`` said.
        """
        reading = self._reading
        src, dst, sizes, needs = [reading.src], [reading.dst], [], [reading.need_idx]
        sizes.append(np.diff(reading.need_ptr))
        size, first = reading.size, []
        for mark, states, arcs in zip(marks, copies.states, copies.arcs, strict=True):
            first.append(size)
            self._place[states] = np.arange(size, size + len(states))
            for part in self._entries(mark), self._handed(arcs):
                for column, more in zip((src, dst, sizes, needs), part, strict=True):
                    column.append(more)
            size += len(states)
        need_ptr = np.concatenate([[0], np.cumsum(np.concatenate(sizes))]).astype(np.int64)
        return Lifted(
            size,
            np.concatenate(src),
            np.concatenate(dst),
            need_ptr,
            np.concatenate(needs),
            reading.never,
            tuple(first),
            copies.states,
        )

    def _entries(self, mark: Mark) -> tuple[Ints, Ints, Ints, Ints]:
        """How a flag begins: sources, ends, counts of needs, needs."""
        begun = distinct(np.asarray(mark.states, dtype=np.int64))
        clauses = np.flatnonzero(mark.labelled)
        needs, counts = self._needs(clauses)
        return (
            np.concatenate([begun, self._reading.src[clauses]]),
            self._place[np.concatenate([begun, self._reading.dst[clauses]])],
            np.concatenate([np.zeros(len(begun), dtype=np.int64), counts]),
            needs,
        )

    def _handed(self, arcs: Short) -> tuple[Ints, Ints, Ints, Ints]:
        """How it is handed on; by an input of a clause that has more of them, past all others."""
        source, end, clause = self._source[arcs], self._end[arcs], self._clause[arcs]
        more = self._more[clause]
        needs, counts = self._needs(clause[more])
        sizes = np.zeros(len(arcs), dtype=np.int64)
        # The source of the clause is a need as well: the flag may come by another input.
        sizes[more] = counts + 1
        ptr = np.cumsum(counts + 1) - (counts + 1)
        needed = np.empty(int(sizes.sum()), dtype=np.int64)
        own = np.zeros(len(needed), dtype=bool)
        own[ptr] = True
        needed[own], needed[~own] = self._reading.src[clause[more]], needs
        return self._place[source], self._place[end], sizes, needed

    def _needs(self, clauses: Ints) -> tuple[Ints, Ints]:
        """Needs of some clauses, one after another, and how many each has."""
        ptr = self._reading.need_ptr
        counts = ptr[clauses + 1] - ptr[clauses]
        shift = np.repeat(ptr[clauses] - np.cumsum(counts) + counts, counts)
        return self._reading.need_idx[np.arange(len(shift)) + shift], counts

    def _region(self, mark: Mark) -> Region:
        """Where a flag can come to."""
        reading = self._reading
        arcs, ptr, idx = self._onward(mark.carriers)
        seen = np.zeros(reading.size, dtype=bool)
        none = np.zeros(0, dtype=np.int32)
        begun = [np.asarray(mark.states, dtype=np.int64), reading.dst[mark.labelled], mark.besides]
        seeds: Ints = distinct(np.concatenate(begun).astype(np.int64, copy=False))
        no_rules = self._no_rules
        loops(len(arcs)).forward(ptr, idx, no_rules, none, none, reading.size, seeds, seen)
        return Region(np.packbits(seen), int(np.count_nonzero(seen[self._source[arcs]])))

    def _onward(self, carriers: Bools | None) -> tuple[Short, Ints, Ints]:
        """Arcs that hand a flag on, and the same by the state they leave."""
        known = self._out.get(id(carriers))
        if known is None:
            count = len(self._clause)
            handing = slice(None) if carriers is None else carriers[self._clause]
            every = np.arange(count, dtype=np.int32)[handing]
            ends = self._end[every].astype(np.int32)
            ptr, idx = loops(count).csr(self._reading.size, self._source[every], ends)
            # The carriers are kept, so that their id stays their own.
            known = self._out[id(carriers)] = carriers, every, ptr, idx
        return known[1:]

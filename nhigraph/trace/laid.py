"""The clauses of a reading laid out once, so that the ways to many goals are found in it.

States that no clause touches are left out: the others are rows here, in their own order.
"""

from collections.abc import Collection, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace import web_kernels
from nhigraph.trace.product import Bools, Product

Int32s = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Led:
    """The clauses that lead to some goals.

    Attributes:
        goals: Rows of the goals that some clause touches, ascending.
        ways: Clauses that lead to them, those nearest to a goal first.
        depth: Of each, how many clauses lie between it and a goal.
        beside: Clauses that lead to what defeats a gate on them, and not to a goal.
    """

    goals: Ints
    ways: Ints
    depth: Ints
    beside: Ints

    @property
    def clauses(self) -> int:
        """How many clauses that are (``Product.leading_to``)."""
        return len(self.ways) + len(self.beside)

    @property
    def whole(self) -> Ints:
        """All of them, ascending."""
        return np.sort(np.concatenate([self.ways, self.beside]))


@dataclass(frozen=True, slots=True)
class Closed:
    """What of the ways to some goals is worth cutting.

    Attributes:
        goals: Rows from which a goal is reached whatever is changed, the goals among them.
        kept: Clauses that lead to one of them, and from none of them, ascending.
    """

    goals: Ints
    kept: Ints


class Laid:
    """Clauses laid out.

    Attributes:
        reading: The clauses.
        state: Per row, its state.
        dst: Per clause, the row it yields.
        in_ptr: Offsets into ``in_idx``, one more than clauses.
        in_idx: Rows that it takes, all different.
    """

    def __init__(self, reading: Product, looks: int = 0) -> None:
        """Lay them out.

        Args:
            reading: The clauses of one closure.
            looks: How often a clause may be looked at in all; compiling pays for many.
        """
        self.reading, self._many = reading, web_kernels.pays(looks)
        self._desks: dict[str, list[int] | Ints] = {}
        ptr, inputs = _inputs(reading)
        guarded = reading.guard
        touched = np.zeros(reading.size, dtype=bool)
        for states in (inputs, reading.dst, guarded[guarded >= 0]):
            touched[states] = True
        self.state = np.flatnonzero(touched)
        # Not kept: states may be many times the rows.
        row = np.where(touched, np.cumsum(touched) - 1, -1)
        self.in_ptr, self.in_idx, self.dst = ptr, row[inputs], row[reading.dst]
        self._guard = np.where(guarded >= 0, row[guarded], -1)

    def rows(self, states: Collection[int]) -> Ints:
        """Rows of those of some states that a clause touches, ascending."""
        asked = np.array(sorted(states), dtype=np.int64)
        at = np.searchsorted(self.state, asked)
        known = at < len(self.state)
        known[known] = self.state[at[known]] == asked[known]
        return at[known]

    def leading(self, goals: Ints) -> Led:
        """The clauses that lead to some rows."""
        rows, clauses, loops = len(self.state), len(self.dst), self._loops
        depth, order = self._room(rows, -1), self._desk("rows", rows)
        told, many = self._desk("clauses", clauses), self._room(2)
        loops.lead(*self._given(goals), *self._into, self._guarding, depth, order, told, many)
        ways, both = (int(number) for number in many)
        found = np.array(told[:both], dtype=np.int64)
        near = np.asarray(depth, dtype=np.int64)[self.dst[found[:ways]]]
        return Led(goals, found[:ways], near, found[ways:])

    def closed(self, goals: Ints, fixed: Bools) -> Closed:
        """What of the ways to some rows is worth cutting.

        Args:
            goals: The rows.
            fixed: Per clause, whether no change takes it away.
        """
        rows, clauses, loops = len(self.state), len(self.dst), self._loops
        mark, turn = self._room(rows), self._desk("rows", rows)
        kept, many = self._desk("clauses", clauses), self._room(2)
        stays = fixed if self._many else fixed.tolist()
        loops.close(*self._given(goals), *self._into, stays, mark, turn, kept, many)
        good, found = (int(number) for number in many)
        return Closed(
            np.array(turn[:good], dtype=np.int64),
            np.sort(np.asarray(kept[:found], dtype=np.int64)),
        )

    @property
    def compiles(self) -> bool:
        """Whether compiled loops walk it."""
        return self._many

    @property
    def _loops(self) -> web_kernels.Loops:
        return web_kernels.compiled() if self._many else web_kernels.plain()

    def _given(self, goals: Ints) -> tuple[Sequence[int] | Ints]:
        return (goals if self._many else goals.tolist(),)

    def _room(self, size: int, value: int = 0) -> list[int] | Ints:
        return np.full(size, value, dtype=np.int64) if self._many else [value] * size

    def _desk(self, name: str, size: int) -> list[int] | Ints:
        """Room for a loop to write in; what stands there is of no worth to the next one."""
        if name not in self._desks:
            self._desks[name] = self._room(size)
        return self._desks[name]

    @cached_property
    def _into(self) -> tuple[Sequence[int] | Ints, ...]:
        """Clauses into each row, and the inputs of each clause, as the loops read them."""
        order = np.argsort(self.dst, kind="stable")
        ptr = np.searchsorted(self.dst[order], np.arange(len(self.state) + 1)).astype(np.int64)
        columns = (ptr, order, self.in_ptr, self.in_idx)
        return columns if self._many else tuple(column.tolist() for column in columns)

    @cached_property
    def _guarding(self) -> Sequence[int] | Ints:
        return self._guard if self._many else self._guard.tolist()


def _inputs(reading: Product) -> tuple[Ints, Ints]:
    """Offsets by clause, and the states that each takes, all different."""
    counts = np.diff(reading.need_ptr)
    numbers = np.arange(reading.clauses)
    if not counts.any():
        return np.arange(reading.clauses + 1), reading.src
    owner = np.concatenate([numbers, np.repeat(numbers, counts)])
    state = np.concatenate([reading.src, reading.need_idx])
    pairs = distinct(owner * reading.size + state)
    sizes = np.bincount(pairs // reading.size, minlength=reading.clauses)
    return np.concatenate([[0], np.cumsum(sizes)]), pairs % reading.size

"""The ways of one lane to its goals, walked again and again without some edges."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace import kernels, ways_kernels
from nhigraph.trace.lanes import Reach, WordReach
from nhigraph.trace.paths import Paths
from nhigraph.trace.product import Bools
from nhigraph.trace.trees import COMPILE_AFTER

#: What the compiled loops read and fill, or the plain ones.
_Numbers = Ints | list[int]
_Flags = Bools | list[bool]


@dataclass(frozen=True, slots=True)
class Walk:
    """A path to a goal.

    Attributes:
        rank: What it costs, where it starts, and the state and edge of each clause: the order in
            which paths are shown.
        clauses: Its clauses, by their numbers in the ways.
    """

    rank: tuple[int, ...]
    clauses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Ways in columns, all of them arrays or lists.

    Attributes:
        goals: Rows to end in.
        starts: Rows that the lane starts from.
        src: Row that each clause leaves.
        dst: Row that it yields.
        edge: Its edge, or -1.
        cost: What it costs.
        change: The change that takes it away, or -1.
        needs: Offsets by clause into rows that it needs besides, and these rows.
        into: Offsets by row into the clauses that yield it, and these clauses.
        out: Likewise of those that leave it.
        uses: Likewise of those that it is an input of.
    """

    goals: Any
    starts: Any
    src: Any
    dst: Any
    edge: Any
    cost: Any
    change: Any
    needs: tuple[Any, Any]
    into: tuple[Any, Any]
    out: tuple[Any, Any]
    uses: tuple[Any, Any]

    def listed(self) -> "_Columns":
        """The same in lists."""
        one = (self.goals, self.starts, self.src, self.dst, self.edge, self.cost, self.change)
        two = (self.needs, self.into, self.out, self.uses)
        pairs = [(ptr.tolist(), numbers.tolist()) for ptr, numbers in two]
        return _Columns(*(column.tolist() for column in one), *pairs)


class Ways:
    """All clauses that a lane fires and that lead to its goals, needs included.

    States are rows here and clauses are numbered, both in their own order, so that of equal paths
    the same one is the best.

    Attributes:
        work: Clauses looked at so far.
    """

    def __init__(
        self,
        paths: Paths,
        changes: Callable[[Ints], Ints],
        reach: Reach,
        lane: int,
        ends: tuple[Iterable[int], Iterable[int]],
    ) -> None:
        """Collect them.

        Args:
            paths: Paths of the product.
            changes: Number of the change that takes each of some edges away, or -1.
            reach: What every lane holds in *may*.
            lane: Whose ways.
            ends: States to end in, and states that the lane starts from.
        """
        product, trees = paths.product, paths.trees
        goals, starts = (distinct(np.array([*one], dtype=np.int64)) for one in ends)
        self._told, states = trees.fired.of(reach, lane, goals)
        told, self._rows = self._told, len(states)
        self.work = len(told)
        self._compiled = self._words = isinstance(reach, WordReach)

        def row(some: Ints) -> Ints:
            return np.searchsorted(states, some)

        counts = product.need_ptr[told + 1] - product.need_ptr[told]
        src, dst, edge = row(product.src[told]), row(product.dst[told]), product.edge[told]
        ptr = np.concatenate([[0], np.cumsum(counts)])
        shift = np.repeat(product.need_ptr[told] - ptr[:-1], counts)
        needs = row(product.need_idx[np.arange(ptr[-1]) + shift])
        into, out = _by(dst, self._rows), _by(src, self._rows)
        self._needing = len(needs) > 0
        uses = out
        if self._needing:
            each = np.repeat(np.arange(len(told)), counts)
            uses = _by(np.append(src, needs), self._rows, np.append(np.arange(len(told)), each))
        change = np.full(len(told), -1)
        real = edge >= 0
        change[real] = changes(edge[real])
        self._arrays = _Columns(
            row(goals), row(starts[np.isin(starts, states)]), src, dst, edge,
            trees.cost[told], change, (ptr, needs), into, out, uses,
        )  # fmt: skip

    # -- paths ----------------------------------------------------------------------------------

    def walk(self, clauses: Sequence[int]) -> Walk:
        """A path, from clauses of the product."""
        return self._walk(np.searchsorted(self._told, clauses).tolist())

    def clauses(self, walk: Walk) -> list[int]:
        """The clauses of the product of a path."""
        found: list[int] = self._told[[*walk.clauses]].tolist()
        return found

    def best(self, gone: Collection[int], before: Walk) -> Walk | None:
        """The best path that stands without some changes; None if there is none.

        Args:
            gone: The changes.
            before: The best path without some of them.
        """
        self._begin()
        allowed = self._allowed(gone)
        if all(allowed[clause] for clause in before.clauses):
            return before
        onward, best = self._search(allowed)
        told, _ = self._columns()
        from_starts = [(int(best[row]), int(row)) for row in told.starts if best[row] >= 0]
        if not from_starts:
            return None
        here = min(from_starts)[1]
        found = []
        while here not in self._goals:
            clause = int(onward[here])
            found.append(clause)
            here = int(told.dst[clause])
        return self._walk(found)

    def _walk(self, clauses: Sequence[int]) -> Walk:
        told, at = self._arrays, [*clauses]
        start = int(told.src[at[0]]) if at else -1
        passed = zip(told.dst[at].tolist(), told.edge[at].tolist(), at, strict=True)
        cost = int(told.cost[at].sum())
        return Walk((cost, start, *(part for step in passed for part in step)), tuple(at))

    def _search(self, allowed: _Flags) -> tuple[_Numbers, _Numbers]:
        """Onward clause and cost of every row (``kernels.search``)."""
        self.work += len(self._told)
        told, loops = self._columns()
        filled = [self._room(self._rows, -1) for _ in range(4)]
        ends = (*told.into, *told.out, told.src, told.dst, told.edge, told.cost)
        none = np.zeros(1, dtype=np.int64)
        everyone = (-1, none, none, none, np.zeros((1, 1), dtype=np.uint64))
        loops.search(told.goals, *ends, allowed, *everyone, *filled)
        return filled[1], filled[0]

    def _columns(self) -> tuple["_Columns", ways_kernels.Kernels]:
        """What the loops read, and the loops: plain ones over lists where that is little."""
        if self._compiled:
            return self._arrays, ways_kernels.load()
        return self._lists, ways_kernels.PLAIN

    def _begin(self) -> None:
        """Before each question: whether compiled loops answer it."""
        self._compiled = self._words or (self.work >= COMPILE_AFTER and kernels.available())

    @cached_property
    def _lists(self) -> "_Columns":
        return self._arrays.listed()

    @cached_property
    def _goals(self) -> frozenset[int]:
        return frozenset(self._arrays.goals.tolist())

    def _room(self, size: int, filled: int) -> _Numbers:
        return np.full(size, filled) if self._compiled else [filled] * size

    def _flags(self, size: int) -> _Flags:
        return np.zeros(size, dtype=bool) if self._compiled else [False] * size

    # -- what stops a path ----------------------------------------------------------------------

    def stops(self, walk: Walk) -> frozenset[int]:
        """Changes each of which stops a path.

        A step that goes with one of its own goes with whatever meets its need, too: whoever stops
        the need stops that step, so that the need says no more than the step.
        """
        change = self._change(walk)
        steps = frozenset(one for one in change if one >= 0)
        needs = set[int]()
        if self._needing:
            many = zip(walk.clauses, change, strict=True)
            needs = {n for c, one in many if one not in self._single for n in self._needs(c)}
        if not needs:
            return steps
        self._begin()
        by = self._held(())
        maybe = self._rests_on(needs, by) - steps
        return steps | {one for one in maybe if not self._meets(needs, one)}

    def _meets(self, needs: Collection[int], gone: int) -> bool:
        by = self._held((gone,))
        return all(by[need] != ways_kernels.NOT_HELD for need in needs)

    def passed(self, walk: Walk, gone: Collection[int]) -> frozenset[int]:
        """Changes of a path that every path passes which stands without some other changes."""
        self._begin()
        allowed = self._allowed(gone)
        told, loops = self._columns()
        path, rows = self._told_of(walk.clauses), self._rows
        around = self._flags(len(path))
        loops.go_round(
            *(path, told.starts, told.goals, *told.out, told.src, told.dst, allowed),
            *(self._room(rows, -1), self._flags(len(self._told))),
            *(self._flags(rows), self._room(2 * rows, 0), around),
        )
        self.work += len(self._told)
        change = zip(self._change(walk), around, strict=True)
        return frozenset(one for one, round_it in change if not round_it)

    def _change(self, walk: Walk) -> list[int]:
        found: list[int] = self._arrays.change[[*walk.clauses]].tolist()
        return found

    def _needs(self, clause: int) -> list[int]:
        ptr, idx = self._arrays.needs
        found: list[int] = idx[ptr[clause] : ptr[clause + 1]].tolist()
        return found

    def _told_of(self, numbers: Collection[int]) -> _Numbers:
        """Some numbers as the loops read them."""
        return np.array([*numbers], dtype=np.int64) if self._compiled else [*numbers]

    @cached_property
    def _single(self) -> frozenset[int]:
        """Changes that take one edge."""
        told = self._arrays
        order = np.lexsort([told.edge, told.change])
        change, edge = told.change[order], told.edge[order]
        new = np.diff(change, prepend=-2) != 0
        other = ~new & (np.diff(edge, prepend=-1) != 0)
        found: list[int] = np.setdiff1d(change[new], change[other]).tolist()
        return frozenset(found) - {-1}

    # -- closures -------------------------------------------------------------------------------

    def _allowed(self, gone: Collection[int]) -> _Flags:
        """Per clause, whether the lane may take it without some changes."""
        by = self._held(gone) if self._needing else None
        if by is None:
            self.work += len(self._told)
        told, loops = self._columns()
        allowed = self._flags(len(self._told))
        held = self._room(1, 0) if by is None else by
        loops.allow(*told.needs, told.change, self._told_of(gone), held, allowed)
        return allowed

    def _held(self, gone: Collection[int]) -> _Numbers:
        """Of each row, the clause that the lane comes by it without some changes: see ``hold``."""
        self.work += len(self._told)
        told, loops = self._columns()
        by = self._room(self._rows, ways_kernels.NOT_HELD)
        ends = (told.src, told.dst, *told.needs, told.change, self._told_of(gone))
        loops.hold(told.starts, *told.uses, *ends, by, self._room(self._rows, 0))
        return by

    def _rests_on(self, rows: Collection[int], by: _Numbers) -> set[int]:
        """Changes on one proof of some states: what they can be lost by is among these."""
        told = self._arrays
        found, waiting, seen = set[int](), list(rows), set(rows)
        while waiting:
            clause = int(by[waiting.pop()])
            if clause >= 0:
                found.add(int(told.change[clause]))
                inputs = {int(told.src[clause]), *self._needs(clause)} - seen
                seen |= inputs
                waiting += inputs
        return found - {-1}


def _by(rows: Ints, count: int, numbers: Ints | None = None) -> tuple[Ints, Ints]:
    """Numbers by the row that they have, in their order: offsets, and the numbers."""
    order = np.argsort(rows, kind="stable")
    ptr = np.searchsorted(rows[order], np.arange(count + 1))
    return ptr, order if numbers is None else numbers[order]

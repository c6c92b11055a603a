"""Trees of cheapest ways to goals, in *may*: fewest conditions, then gated edges, then steps.

Lanes share the tree of a goal: it leaves out nothing, and a path in it whose needs a lane meets
is the lane's own best, because all it was compared with is a superset. A lane whose path wrongly
rests on a need is searched for once more: by itself if its lanes are words (what one lane fires is
little), else without all that it cannot fire, for any lane that cannot either.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nhigraph.graph.store import Graph, Ints
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect
from nhigraph.trace import kernels
from nhigraph.trace.lanes import WORD, Reach, WordReach, Words
from nhigraph.trace.product import STATES, Bools, Product

#: From this many clauses searched in all, compiling the search pays.
COMPILE_AFTER = 500_000
#: Trees kept between questions; pairs come sorted by target, so few are enough.
_KEPT_TREES = 64
#: What a gated step and a conditional one cost besides the step itself.
GATED = 1 << 20
_CONDITION = 1 << 40
_SUPPORTS = [k.label for k in kinds.EDGE_KINDS.values() if k.effect is Effect.SUPPORT]


@dataclass(frozen=True, slots=True)
class Needs:
    """Groups of needs that a way rests on: that of a clause, and those of the way after it.

    A way shares the rest with all ways that join it, so that long ways cost no more than short.
    """

    group: int
    rest: "Needs | None"


@dataclass(frozen=True, slots=True)
class Leg:
    """The best way on from one state.

    Attributes:
        clause: Clause to take; -1 at a goal.
        needs: What the whole way rests on.
        name: Digest of the way: the same steps give the same digest in every run.
    """

    clause: int
    needs: Needs | None
    name: bytes


@dataclass(frozen=True, slots=True)
class Tree:
    """Cheapest ways to one set of goal states, some groups of needs left unmet.

    Attributes:
        goals: Where the ways end.
        best: Cost from every row; -1 where there is no way.
        onward: Clause to take from every row.
        legs: Ways known so far, by state.
    """

    goals: frozenset[int]
    best: Sequence[int] | Ints
    onward: Sequence[int] | Ints
    legs: dict[int, Leg]


class Trees:
    """Searches a product.

    Attributes:
        product: Clauses, not pruned of anything that a path may use.
        cost: Of every clause; its remainder by ``GATED`` is its steps, of which SUPPORTS is none.
    """

    def __init__(self, graph: Graph, product: Product) -> None:
        """Prepare costs and groups of needs."""
        self.product = product
        supports = graph.edge_kind.isin(_SUPPORTS)
        real = product.edge >= 0
        counted = real.copy()
        counted[real] = ~supports[product.edge[real]]
        gated = product.gate >= 0
        self.cost = counted.astype(np.int64) + gated * GATED + (~product.certain) * _CONDITION
        self._walkable = product.src < product.nodes * STATES
        self._walkable &= product.dst < product.nodes * STATES
        self._groups: list[tuple[int, ...]] = []
        self._group_of: dict[int, int] = {}
        self._number_groups()
        self._met_by: dict[int, tuple[Reach, Words]] = {}
        self._trees: dict[tuple[tuple[int, ...], bytes], Tree] = {}
        self._searched = 0
        self._own: _Own | None = None

    def _number_groups(self) -> None:
        """Number the distinct sets of needs, and the clauses that have each."""
        product = self.product
        numbers: dict[tuple[int, ...], int] = {}
        needing = np.flatnonzero(np.diff(product.need_ptr))
        firsts, lasts = product.need_ptr[needing], product.need_ptr[needing + 1]
        needed = product.need_idx.tolist()
        for clause, first, last in zip(
            needing.tolist(), firsts.tolist(), lasts.tolist(), strict=True
        ):
            self._group_of[clause] = numbers.setdefault(tuple(needed[first:last]), len(numbers))
        self._groups = list(numbers)
        self._needing = needing
        self._groups_needed = np.array(list(self._group_of.values()), dtype=np.int64)

    def into(self, state: int) -> list[int]:
        """Clauses that a path may take to a state."""
        row = self._rows.view[state]
        if row < 0:
            return []
        ptr, found, walkable = self._into
        return [clause for clause in found[ptr[row] : ptr[row + 1]].tolist() if walkable[clause]]

    @cached_property
    def _into(self) -> tuple[memoryview, memoryview, memoryview]:
        """Clauses into each row, and whether a path may take them, to be asked one by one."""
        ptr, found = self._rows.columns[:2]
        return ptr.data, found.data, self._walkable.data

    def needs(self, clause: int) -> tuple[int, ...]:
        """States that a clause needs besides the one it leaves."""
        group = self._group_of.get(clause)
        return () if group is None else self._groups[group]

    def group(self, clause: int) -> int | None:
        """Number of the group of needs of a clause; None where it needs nothing besides."""
        return self._group_of.get(clause)

    def costs(self, tree: Tree, states: Sequence[int]) -> list[int]:
        """Cost of the way from each state to a goal; -1 where there is none."""
        rows = self._rows.row[np.asarray(states, dtype=np.int64)]
        if isinstance(tree.best, np.ndarray):
            # A row of -1 looks at the last one, and is put right below.
            costs = tree.best[rows].tolist() if len(tree.best) else [-1] * len(states)
        else:
            costs = [tree.best[row] if row >= 0 else -1 for row in rows.tolist()]
        for at in np.flatnonzero(rows < 0).tolist():
            costs[at] = -1
        return [
            0 if state in tree.goals else cost for state, cost in zip(states, costs, strict=True)
        ]

    def onward(self, tree: Tree) -> Callable[[int], int]:
        """What tells the clause to take from a state of a tree that is no goal."""
        row = self._rows.view
        onward = tree.onward
        ways = onward.data if isinstance(onward, np.ndarray) else onward
        return lambda state: ways[row[state]]

    def meets(self, reach: Reach, lane: int, needs: Needs | None) -> bool:
        """Whether a lane holds all that a way rests on."""
        while needs is not None:
            if not all(reach.holds(need, lane) for need in self._groups[needs.group]):
                return False
            needs = needs.rest
        return True

    def _unmet(self, reach: Reach, lane: int) -> bytes:
        """The groups of needs that a lane does not meet, as packed bits."""
        known = self._met_by.get(id(reach))
        if known is None:  # the reach is kept, so that its id stays its own
            firsts = np.cumsum([0, *(len(group) for group in self._groups[:-1])])
            held = reach.words([need for group in self._groups for need in group])
            known = self._met_by[id(reach)] = reach, np.bitwise_and.reduceat(held, firsts, axis=0)
        met = known[1][:, lane // WORD] >> np.uint64(lane % WORD) & np.uint64(1)
        return np.packbits(met == 0).tobytes()

    # -- searching ------------------------------------------------------------------------------

    def own(self, reach: Reach, lane: int, goals: tuple[int, ...]) -> Tree:
        """Ways for one lane, or for all that meet the same needs."""
        if isinstance(reach, WordReach):
            return self._tree_of(reach, lane, goals)
        return self.tree(goals, self._unmet(reach, lane))

    def tree(self, goals: tuple[int, ...], unmet: bytes = b"") -> Tree:
        """Ways for whoever meets all needs but the groups given, as packed bits."""
        known = self._trees.get((goals, unmet))
        if known is not None:
            return known
        allowed = self._walkable.copy()
        if unmet:
            without = np.unpackbits(np.frombuffer(unmet, dtype=np.uint8)).astype(bool)
            allowed[self._needing[without[self._groups_needed]]] = False
        self._searched += self.product.clauses
        found = self._search(goals, allowed)
        if len(self._trees) >= _KEPT_TREES:
            self._trees.clear()
        self._trees[goals, unmet] = found
        return found

    def _tree_of(self, reach: WordReach, lane: int, goals: tuple[int, ...]) -> Tree:
        """Ways for one lane."""
        if self._own is None or self._own.row is not reach.row:
            self._own = _Own(self.product, reach.row)
        own = self._own
        return self._search(goals, self._walkable, lane, own.src, own.need_idx, reach.held)

    def _search(
        self,
        goals: tuple[int, ...],
        allowed: Bools,
        lane: int = -1,
        source: Ints | None = None,
        need_idx: Ints | None = None,
        held: Words | None = None,
    ) -> Tree:
        rows, product = self._rows, self.product
        ends = rows.row[list(goals)]
        ends = ends[ends >= 0]
        if lane >= 0 or (self._searched >= COMPILE_AFTER and kernels.available()):
            best, onward = np.full(rows.count, -1), np.full(rows.count, -1)
            kernels.load().search(
                ends,
                *rows.columns,
                product.edge,
                self.cost,
                allowed,
                lane,
                product.src if source is None else source,
                product.need_ptr,
                product.need_idx if need_idx is None else need_idx,
                np.zeros((1, 1), dtype=np.uint64) if held is None else held,
                best,
                onward,
            )
            return Tree(frozenset(goals), best, onward, {})
        costs, ways = [-1] * rows.count, [-1] * rows.count
        everyone = (allowed.tolist(), -1, None, None, None, None)
        kernels.search(*(ends.tolist(), *self._lists, *everyone, costs, ways))
        return Tree(frozenset(goals), costs, ways, {})

    @cached_property
    def _rows(self) -> "_Rows":
        return _Rows(self.product)

    @cached_property
    def _lists(self) -> list[list[int]]:
        """What the search reads, as lists: small graphs are searched without a compiler."""
        columns = (*self._rows.columns, self.product.edge, self.cost)
        return [column.tolist() for column in columns]


class _Rows:
    """States that some clause touches, numbered in ascending order, and clauses by row.

    Attributes:
        row: Row of every state, or -1.
        view: The same, to be asked one by one.
        count: Number of rows.
        columns: Clauses into and out of each row (offsets and clauses), their rows at both ends.
    """

    def __init__(self, product: Product) -> None:
        touched = np.zeros(product.size, dtype=bool)
        touched[product.src] = True
        touched[product.dst] = True
        self.count = int(touched.sum())
        self.row = np.where(touched, np.cumsum(touched) - 1, -1)
        self.view = self.row.data
        src, dst = self.row[product.src], self.row[product.dst]
        numbers = np.arange(self.count + 1)
        by_end, by_start = np.argsort(dst, kind="stable"), np.argsort(src, kind="stable")
        in_ptr = np.searchsorted(dst[by_end], numbers).astype(np.int64)
        out_ptr = np.searchsorted(src[by_start], numbers).astype(np.int64)
        self.columns: tuple[Ints, ...] = (in_ptr, by_end, out_ptr, by_start, src, dst)


class _Own:
    """Clauses in the rows of a reach.

    Attributes:
        row: Row of every state.
        src: Row that each clause leaves.
        need_idx: Rows of its needs.
    """

    def __init__(self, product: Product, row: Ints) -> None:
        self.row = row
        self.src, self.need_idx = row[product.src], row[product.need_idx]

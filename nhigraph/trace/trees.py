"""Trees of cheapest ways to goals, in *may*: fewest conditions, then gated edges, then steps.

Lanes share the tree of a goal: it leaves out nothing, and a path in it whose needs a lane meets
is the lane's own best, because all it was compared with is a superset. A lane whose path wrongly
rests on a need is searched for once more: by itself if its lanes are words (what one lane fires is
little), else without all that it cannot fire, for any lane that cannot either.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from nhigraph.graph.store import Graph, Ints
from nhigraph.records import dataclass
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect
from nhigraph.trace import kernels, trail_kernels
from nhigraph.trace.fired import Fired
from nhigraph.trace.lanes import WORD, Reach, WordReach, Words
from nhigraph.trace.product import STATES, Bools, Int32s, Product
from nhigraph.trace.tree_columns import Columns, Lane, Own, Space

#: From this many clauses searched in all, compiling the search pays.
COMPILE_AFTER = 500_000
#: Trees kept between questions; pairs come sorted by target, so few are enough.
_KEPT_TREES = 64
#: What a gated step and a conditional one cost besides the step itself.
GATED = 1 << 20
_CONDITION = 1 << 40
_SUPPORTS = [k.label for k in kinds.EDGE_KINDS.values() if k.effect is Effect.SUPPORT]


@dataclass(frozen=True, slots=True)
class Tree:
    """Cheapest ways to one set of goal states, some groups of needs left unmet.

    Attributes:
        goals: Where the ways end.
        rows: Rows from which there is a way.
        best: Cost from each of them.
        onward: Clause to take from each of them; -1 at a goal.
    """

    goals: frozenset[int]
    rows: Ints
    best: Ints
    onward: Ints


@dataclass(frozen=True, slots=True)
class Bundle:
    """Cheapest ways for some who ask, what they share once: each step goes on to another one.

    Attributes:
        goals: Where the ways end.
        start: Per who asks, the state that the way starts from; -1 where there is none.
        first: Its first step; -1 where there is none.
        costs: What it costs; -1 where there is none.
        clauses: Step by step, the clause to take; -1 where the way has come to a goal.
        onto: The step that it goes on to, which stands before it; -1 at a goal.
        rests: The first step from it on whose clause has needs besides; -1 where none has.
    """

    goals: frozenset[int]
    start: Ints
    first: Ints
    costs: Ints
    clauses: Int32s
    onto: Int32s
    rests: Int32s


def joined(bundles: Sequence[Bundle]) -> Bundle:
    """Ways one after another, to whatever goals each of them has."""
    shift = np.cumsum([0, *(len(one.clauses) for one in bundles)]).tolist()

    def told(columns: Iterable[Ints | Int32s]) -> Ints:
        """Numbers of steps, as they are now."""
        pairs = zip(columns, shift, strict=False)
        return np.concatenate([np.where(some >= 0, some + by, -1) for some, by in pairs])

    return Bundle(
        frozenset[int]().union(*(one.goals for one in bundles)),
        np.concatenate([one.start for one in bundles]),
        told(one.first for one in bundles),
        np.concatenate([one.costs for one in bundles]),
        np.concatenate([one.clauses for one in bundles]),
        told(one.onto for one in bundles).astype(np.int32),
        told(one.rests for one in bundles).astype(np.int32),
    )


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
        self._own: Own | None = None
        self._spaces: dict[bool, Space] = {}

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

    def bundle(self, tree: Tree, states: Ints, ptr: Ints | None = None) -> Bundle:
        """The ways of a tree for some who ask.

        Args:
            tree: The tree.
            states: States that they start from, one after another.
            ptr: Offsets into these, one more than who ask; one state each by default.
        """
        if ptr is None:
            ptr = np.arange(len(states) + 1)
        asking, count, space = len(ptr) - 1, len(tree.rows), self._space()
        most = count + asking
        if space.compiled:
            space.place[tree.rows] = np.arange(count)
            goals = np.array([*tree.goals], dtype=np.int64)
            read = (states, ptr, goals, self._rows.row, space.place, tree.best, tree.onward)
            more = (self._rows.columns[-1], self.product.need_ptr)
            room = np.full(count, -1), np.empty(count, dtype=np.int64)
            by_who = [np.full(asking, -1) for _ in range(3)]
            by_step = [np.empty(most, dtype=np.int32) for _ in range(3)]
            steps = trail_kernels.load().trails(*read, *more, *room, *by_who, *by_step)
            start, first, costs = by_who
            clauses, onto, rests = (column[:steps].copy() for column in by_step)
        else:
            for place, row in enumerate(tree.rows.tolist()):
                space.place[row] = place
            listed = [states.tolist(), ptr.tolist(), [*tree.goals], self._rows.view, space.place]
            listed += [tree.best.tolist(), tree.onward.tolist(), self._lists[5], self._need_ptr]
            told = [[-1] * size for size in (count, count, asking, asking, asking, *(most,) * 3)]
            steps = trail_kernels.trails(*listed, *told)
            start, first, costs = (np.array(column, dtype=np.int64) for column in told[2:5])
            columns = (column[:steps] for column in told[5:])
            clauses, onto, rests = (np.array(column, dtype=np.int32) for column in columns)
        space.leave(tree.rows)
        return Bundle(tree.goals, start, first, costs, clauses, onto, rests)

    def needed(self, bundle: Bundle, steps: Ints) -> tuple[Ints, Ints]:
        """Offsets and states that ways rest on, from some steps on; some more than once."""
        product, counts = self.product, np.zeros(len(steps), dtype=np.int64)
        told = (steps, bundle.clauses, bundle.onto, bundle.rests)
        loop = (trail_kernels.load() if self._compiles() else trail_kernels.PLAIN).needed
        for states in (np.zeros(0, dtype=np.int64), None):
            found = np.zeros(int(counts.sum()), dtype=np.int64) if states is None else states
            loop(*told, product.need_ptr, product.need_idx, counts, found)
        return np.concatenate([[0], np.cumsum(counts)]), found

    def meets(self, reach: Reach, lane: int, bundle: Bundle, step: int) -> bool:
        """Whether a lane holds all that a way rests on, from one of its steps on."""
        _, needs = self.needed(bundle, np.array([step]))
        return all(reach.holds(need, lane) for need in needs.tolist())

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

    def expect(self, trees: int) -> None:
        """So many trees will be asked for: the loops are compiled now if these are worth it."""
        if trees * self.product.clauses >= COMPILE_AFTER:
            self._searched = max(self._searched, COMPILE_AFTER)

    def tree(self, goals: tuple[int, ...], unmet: bytes = b"") -> Tree:
        """Ways for whoever meets all needs but the groups given, as packed bits."""
        known = self._trees.get((goals, unmet))
        if known is not None:
            return known
        self._searched += self.product.clauses
        found = self._search(goals, self._without(unmet))
        if len(self._trees) >= _KEPT_TREES:
            self._trees.clear()
        self._trees[goals, unmet] = found
        return found

    def costs(self, reach: Reach, lane: int, starts: Iterable[int]) -> Ints:
        """Per state, what a lane's cheapest way there costs: one search, from where it starts.

        -1 where it has none. What a way costs is the same from either end.
        """
        begin = tuple(sorted(set(starts)))
        if isinstance(reach, WordReach):
            found = self._search(begin, self._walkable, self._lane(reach, lane), ahead=True)
        else:
            self._searched += self.product.clauses
            unmet = self._unmet(reach, lane) if self._groups else b""
            found = self._search(begin, self._without(unmet), ahead=True)
        costs = np.full(self.product.size, -1, dtype=np.int64)
        costs[self._rows.states[found.rows]] = found.best
        costs[list(begin)] = 0
        return costs

    def _without(self, unmet: bytes) -> Bools:
        """Clauses that may be walked without some groups of needs, as packed bits."""
        if not unmet:
            return self._walkable
        allowed = self._walkable.copy()
        without = np.unpackbits(np.frombuffer(unmet, dtype=np.uint8)).astype(bool)
        allowed[self._needing[without[self._groups_needed]]] = False
        return allowed

    def _tree_of(self, reach: WordReach, lane: int, goals: tuple[int, ...]) -> Tree:
        """Ways for one lane."""
        return self._search(goals, self._walkable, self._lane(reach, lane))

    def _lane(self, reach: WordReach, lane: int) -> Lane:
        if self._own is None or self._own.row is not reach.row:
            self._own = Own(self.product, reach.row)
        return Lane(lane, self._own.src, self._own.need_idx, reach.held)

    def _search(
        self,
        goals: tuple[int, ...],
        allowed: Bools,
        lane: Lane | None = None,
        *,
        ahead: bool = False,
    ) -> Tree:
        """Cheapest ways to some states; ``ahead`` from them, of which only the costs count."""
        rows, product = self._rows, self.product
        ends = rows.row[list(goals)]
        ends = ends[ends >= 0]
        compiled = lane is not None or self._compiles()
        space = self._space(compiled=compiled)
        filled = (space.best, space.onward, space.settled, space.waiting)
        if compiled:
            count = kernels.load().search(
                ends,
                *(rows.turned if ahead else rows.columns),
                product.edge,
                self.cost,
                allowed,
                -1 if lane is None else lane.number,
                product.src if lane is None else lane.src,
                product.need_ptr,
                product.need_idx if lane is None else lane.need_idx,
                np.zeros((1, 1), dtype=np.uint64) if lane is None else lane.held,
                *filled,
            )
        else:
            everyone = (allowed.tolist(), -1, None, None, None, None)
            read = self._listed(*rows.turned) if ahead else self._lists
            count = kernels.search(*(ends.tolist(), *read, *everyone, *filled))
        settled = np.array(space.settled[:count], dtype=np.int64)
        best, onward = space.take(settled)
        # No way goes on from a goal, be it to another one; goals are settled first.
        onward[: len(set(ends.tolist()))] = -1
        return Tree(frozenset(goals), settled, best, onward)

    def _compiles(self) -> bool:
        return self._searched >= COMPILE_AFTER and kernels.available()

    def _space(self, *, compiled: bool | None = None) -> Space:
        """Room for a search."""
        how = self._compiles() if compiled is None else compiled
        if how not in self._spaces:
            self._spaces[how] = Space(self._rows.count, compiled=how)
        return self._spaces[how]

    @cached_property
    def fired(self) -> Fired:
        """What single lanes fire."""
        return Fired(self.product, self._rows.row, self._rows.columns[:2], self._walkable)

    @cached_property
    def _rows(self) -> Columns:
        return Columns(self.product)

    @cached_property
    def _lists(self) -> list[list[int]]:
        """What the search reads, as lists: small graphs are searched without a compiler."""
        return self._listed(*self._rows.columns)

    def _listed(self, *columns: Ints) -> list[list[int]]:
        return [column.tolist() for column in (*columns, self.product.edge, self.cost)]

    @cached_property
    def _need_ptr(self) -> list[int]:
        found: list[int] = self.product.need_ptr.tolist()
        return found

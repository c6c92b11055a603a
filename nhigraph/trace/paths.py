"""Witness paths: fewest conditions, then gated edges, then steps, then key order."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nhigraph.graph.columns import canonical
from nhigraph.graph.store import Cells, Graph, Ints
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect, State
from nhigraph.trace import kernels
from nhigraph.trace.lanes import WORD, Reach, WordReach, Words
from nhigraph.trace.product import STATES, Bools, Product

#: From this many clauses searched in all, compiling the search pays.
COMPILE_AFTER = 500_000
#: Trees kept between questions; pairs come sorted by target, so few are enough.
_KEPT_TREES = 64
_GATED = 1 << 20
_CONDITION = 1 << 40
_SUPPORTS = [k.label for k in kinds.EDGE_KINDS.values() if k.effect is Effect.SUPPORT]


@dataclass(frozen=True, slots=True)
class Step:
    """One edge of a path and what is held at its end.

    Attributes:
        edge: Row number of the edge.
        source: Node the walk leaves: the edge's destination where it is walked backwards.
        target: Node the walk enters.
        state: What is held there.
        certain: Whether the step counts in *can*.
        gate: Key of the gate on this move of the edge; empty if it has none.
    """

    edge: int
    source: int
    target: int
    state: State
    certain: bool
    gate: str


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


@dataclass(frozen=True, slots=True)
class Way:
    """The best path of one lane.

    Attributes:
        tree: Tree it was found in.
        start: State it starts from.
        steps: Edges on it; SUPPORTS is no step.
        name: Digest of its steps, 16 hexadecimal digits.
    """

    tree: Tree
    start: int
    steps: int
    name: str


class Paths:
    """Best paths in the *may* closure of a product, for the lanes of one reach.

    Lanes share the tree of a goal: it leaves out nothing, and a path in it whose needs a lane
    meets is the lane's own best, because all it was compared with is a superset. A lane whose
    path wrongly rests on a need is searched once more: by itself if its lanes are words (what one
    lane fires is little), else without all that it cannot fire, for any lane that cannot either.
    """

    def __init__(self, graph: Graph, product: Product) -> None:
        """Prepare costs; ``product`` must not be pruned of anything a path may use."""
        self.graph, self.product = graph, product
        supports = graph.edge_kind.isin(_SUPPORTS)
        real = product.edge >= 0
        counted = real.copy()
        counted[real] = ~supports[product.edge[real]]
        gated = product.gate >= 0
        self.cost = counted.astype(np.int64) + gated * _GATED + (~product.certain) * _CONDITION
        self._walkable = product.src < product.nodes * STATES
        self._walkable &= product.dst < product.nodes * STATES
        self._groups: list[tuple[int, ...]] = []
        self._group_of: dict[int, int] = {}
        self._number_groups()
        self._met_by: dict[int, tuple[Reach, Words]] = {}
        self._trees: dict[tuple[tuple[int, ...], bytes], Tree] = {}
        self._words: dict[int, bytes] = {}
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

    def best(
        self, reach: Reach, lane: int, goals: tuple[int, ...], starts: Iterable[int]
    ) -> Way | None:
        """The best path of a lane.

        Args:
            reach: What every lane holds in *may*.
            lane: Whose path.
            goals: States to end in, sorted, all of them held by the lane.
            starts: States the lane starts from.
        """
        found = self.shared(goals, starts)
        if found is None or self.meets(reach, lane, found[1]):
            return found[0] if found else None
        return self.own(reach, lane, goals, starts)

    def shared(
        self, goals: tuple[int, ...], starts: Iterable[int]
    ) -> tuple[Way, Needs | None] | None:
        """The best path of whoever meets all needs, and those that it rests on.

        Args:
            goals: States to end in, sorted.
            starts: States it starts from.
        """
        return self._way(self._tree(goals), starts)

    def own(
        self, reach: Reach, lane: int, goals: tuple[int, ...], starts: Iterable[int]
    ) -> Way | None:
        """The best path of a lane that does not meet the needs of the shared one; see ``best``."""
        if isinstance(reach, WordReach):
            tree = self._tree_of(reach, lane, goals)
        else:
            tree = self._tree(goals, self._unmet(reach, lane))
        found = self._way(tree, starts)
        return found[0] if found else None

    def walk(self, way: Way) -> list[Step]:
        """The steps of a path."""
        return self.steps(self.clauses(way))

    def clauses(self, way: Way) -> list[int]:
        """The clauses of a path, moves inside a node among them."""
        here = way.start
        found: list[int] = []
        while here not in way.tree.goals:
            found.append(self._leg(way.tree, here).clause)
            here = int(self.product.dst[found[-1]])
        return found

    def steps(self, clauses: Iterable[int]) -> list[Step]:
        """The steps that clauses one after another make."""
        product = self.product
        steps: list[Step] = []
        for clause in clauses:
            edge, gate = int(product.edge[clause]), int(product.gate[clause])
            if edge >= 0:
                before, after = int(product.src[clause]), int(product.dst[clause])
                state, certain = State(after % STATES), bool(product.certain[clause])
                key = product.gates[gate].key if gate >= 0 else ""
                steps.append(Step(edge, before // STATES, after // STATES, state, certain, key))
        return steps

    def onward(self, way: Way) -> Way:
        """A path without its first step, which is an edge and no SUPPORTS."""
        after = int(self.product.dst[self._leg(way.tree, way.start).clause])
        return Way(way.tree, after, way.steps - 1, self._leg(way.tree, after).name.hex())

    def into(self, state: int) -> list[int]:
        """Clauses that a path may take to a state."""
        row = self._rows.row[state]
        if row < 0:
            return []
        ptr, found = self._rows.columns[:2]
        clauses = found[ptr[row] : ptr[row + 1]]
        walkable: list[int] = clauses[self._walkable[clauses]].tolist()
        return walkable

    def needs(self, clause: int) -> tuple[int, ...]:
        """States that a clause needs besides the one it leaves."""
        group = self._group_of.get(clause)
        return () if group is None else self._groups[group]

    def _way(self, tree: Tree, starts: Iterable[int]) -> tuple[Way, Needs | None] | None:
        """The best path in a tree, and the needs that it rests on."""
        found = [(self._cost_from(tree, state), state) for state in starts]
        reachable = [pair for pair in found if pair[0] >= 0]
        if not reachable:
            return None
        spent, start = min(reachable)
        leg = self._leg(tree, start)
        return Way(tree, start, spent % _GATED, leg.name.hex()), leg.needs

    def _cost_from(self, tree: Tree, state: int) -> int:
        if state in tree.goals:
            return 0
        row = self._rows.row[state]
        return int(tree.best[row]) if row >= 0 else -1

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

    def _tree(self, goals: tuple[int, ...], unmet: bytes = b"") -> Tree:
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

    # -- naming ---------------------------------------------------------------------------------

    def _leg(self, tree: Tree, state: int) -> Leg:
        """The best way on; ties go to the smaller key, then state, then edge."""
        trail: list[tuple[int, int]] = []
        here = state
        row, dst = self._rows.row, self.product.dst
        while here not in tree.legs:
            if here in tree.goals:
                tree.legs[here] = Leg(-1, None, b"")
                break
            clause = int(tree.onward[row[here]])
            trail.append((here, clause))
            here = int(dst[clause])
        on = tree.legs[here]
        for before, clause in reversed(trail):
            group = self._group_of.get(clause)
            needs = on.needs if group is None else Needs(group, on.needs)
            on = Leg(clause, needs, self._named(clause, on.name))
            tree.legs[before] = on
        return on

    def _named(self, clause: int, rest: bytes) -> bytes:
        edge = int(self.product.edge[clause])
        if edge < 0:
            return rest
        if edge not in self._words:
            src, dst, cells = self._columns
            keys = self.graph.key_list
            said = [keys[src[edge]], keys[dst[edge]], *(str(column[edge]) for column in cells)]
            self._words[edge] = canonical(said).encode(errors="backslashreplace")
        state = int(self.product.dst[clause]) % STATES
        text = self._words[edge] + bytes([state]) + rest
        return hashlib.blake2b(text, digest_size=8).digest()

    @cached_property
    def _columns(self) -> tuple[Ints, Ints, list[Cells]]:
        """Columns of the edges: both ends, and the cells that tell one edge from another."""
        edges = self.graph.edges
        told = [edges[name].to_numpy() for name in edges.columns if name not in {"src", "dst"}]
        return edges["src"].to_numpy(), edges["dst"].to_numpy(), told


class _Rows:
    """States that some clause touches, numbered in ascending order, and clauses by row.

    Attributes:
        row: Row of every state, or -1.
        count: Number of rows.
        columns: Clauses into and out of each row (offsets and clauses), their rows at both ends.
    """

    def __init__(self, product: Product) -> None:
        touched = np.zeros(product.size, dtype=bool)
        touched[product.src] = True
        touched[product.dst] = True
        self.count = int(touched.sum())
        self.row = np.where(touched, np.cumsum(touched) - 1, -1)
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

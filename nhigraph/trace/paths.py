"""Witness paths: fewest conditions, then gated edges, then steps, then key order."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nhigraph.graph.columns import canonical
from nhigraph.graph.store import Graph, Ints
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect, State
from nhigraph.trace import kernels
from nhigraph.trace.lanes import Reach
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
    """

    edge: int
    source: int
    target: int
    state: State
    certain: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """The best way on from one state.

    Attributes:
        clause: Clause to take; -1 at a goal.
        needs: Groups of needs that the whole way rests on.
        name: Digest of the way: the same steps give the same digest in every run.
    """

    clause: int
    needs: frozenset[int]
    name: bytes


@dataclass(slots=True)
class Tree:
    """Cheapest ways to one set of goal states, some groups of needs left unmet.

    Attributes:
        goals: Where the ways end.
        distance: Cost from every state; -1 where there is no way.
        allowed: Clauses that may be taken.
        legs: Ways known so far.
    """

    goals: frozenset[int]
    distance: Ints
    allowed: Bools
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

    A tree leaves out the clauses whose needs a lane does not meet. Trees are shared: the first one
    leaves out nothing, and only what a lane's best path wrongly rests on is left out in the next.
    The path that passes is the lane's own best, because all it was compared with is a superset.
    """

    def __init__(self, graph: Graph, product: Product) -> None:
        """Prepare costs; ``product`` must not be pruned of anything a path may use."""
        self.graph, self.product = graph, product
        edge_kind = graph.edges["kind"].to_numpy(dtype=object)
        supports = np.isin(edge_kind, _SUPPORTS)
        real = product.edge >= 0
        counted = real.copy()
        counted[real] = ~supports[product.edge[real]]
        # A recoverable target's hold on HALT is a gate of the target, not of an edge.
        edge_gated = graph.edges["gate"].to_numpy(dtype=object) != ""
        gated = np.zeros(product.clauses, dtype=bool)
        gated[real] = edge_gated[product.edge[real]]
        self.cost = counted.astype(np.int64) + gated * _GATED + (~product.certain) * _CONDITION
        self._walkable = product.src < product.nodes * STATES
        self._walkable &= product.dst < product.nodes * STATES
        self._groups: list[tuple[int, ...]] = []
        self._clauses_of: list[list[int]] = []
        self._group_of: dict[int, int] = {}
        self._number_groups()
        self._trees: dict[tuple[tuple[int, ...], frozenset[int]], Tree] = {}
        self._words: dict[int, bytes] = {}
        self._searched = 0

    def _number_groups(self) -> None:
        """Number the distinct sets of needs, and the clauses that have each."""
        product = self.product
        numbers: dict[tuple[int, ...], int] = {}
        for clause in np.flatnonzero(np.diff(product.need_ptr)).tolist():
            first, last = product.need_ptr[clause], product.need_ptr[clause + 1]
            needs = tuple(product.need_idx[first:last].tolist())
            group = numbers.setdefault(needs, len(numbers))
            if group == len(self._groups):
                self._groups.append(needs)
                self._clauses_of.append([])
            self._clauses_of[group].append(clause)
            self._group_of[clause] = group

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
        unmet: frozenset[int] = frozenset()
        while True:
            tree = self._tree(goals, unmet)
            reachable = [s for s in starts if tree.distance[s] >= 0]
            if not reachable:
                return None
            start = min(reachable, key=lambda s: (int(tree.distance[s]), s))
            leg = self._leg(tree, start)
            missing = {g for g in leg.needs if not self._met(reach, lane, g)}
            if not missing:
                steps = int(tree.distance[start]) % _GATED
                return Way(tree, start, steps, leg.name.hex())
            unmet |= missing

    def walk(self, way: Way) -> list[Step]:
        """The steps of a path."""
        product = self.product
        here = way.start
        steps: list[Step] = []
        while here not in way.tree.goals:
            clause = self._leg(way.tree, here).clause
            after = int(product.dst[clause])
            edge = int(product.edge[clause])
            if edge >= 0:
                state = State(after % STATES)
                certain = bool(product.certain[clause])
                steps.append(Step(edge, here // STATES, after // STATES, state, certain))
            here = after
        return steps

    def _met(self, reach: Reach, lane: int, group: int) -> bool:
        return all(reach.lanes(need) >> lane & 1 for need in self._groups[group])

    def _tree(self, goals: tuple[int, ...], unmet: frozenset[int]) -> Tree:
        known = self._trees.get((goals, unmet))
        if known is not None:
            return known
        allowed = self._walkable.copy()
        for group in unmet:
            allowed[self._clauses_of[group]] = False
        self._searched += self.product.clauses
        large = self._searched >= COMPILE_AFTER
        search: Callable[..., Ints] = kernels.load().distances if large else kernels.distances
        by_end, ptr = self._by_end
        distance: Ints = search(
            np.array(goals, dtype=np.int64),
            ptr,
            by_end,
            self.product.src,
            self.cost,
            allowed,
            self.product.size,
        )
        found = Tree(frozenset(goals), distance, allowed, {})
        if len(self._trees) > _KEPT_TREES:
            self._trees.clear()
        self._trees[goals, unmet] = found
        return found

    def _leg(self, tree: Tree, state: int) -> Leg:
        """The best way on; ties go to the smaller key, then state, then edge."""
        trail: list[tuple[int, int]] = []
        here = state
        while here not in tree.legs:
            if here in tree.goals:
                tree.legs[here] = Leg(-1, frozenset(), b"")
                break
            clause = self._next(tree, here)
            trail.append((here, clause))
            here = int(self.product.dst[clause])
        for before, clause in reversed(trail):
            on = tree.legs[int(self.product.dst[clause])]
            group = self._group_of.get(clause)
            needs = on.needs if group is None else on.needs | {group}
            tree.legs[before] = Leg(clause, needs, self._named(clause, on.name))
        return tree.legs[state]

    def _named(self, clause: int, rest: bytes) -> bytes:
        edge = int(self.product.edge[clause])
        if edge < 0:
            return rest
        if edge not in self._words:
            row = self.graph.edges.iloc[edge]
            keys = self.graph.key_list
            cells = [str(row[name]) for name in row.index if name not in {"src", "dst"}]
            ends = [keys[int(row["src"])], keys[int(row["dst"])]]
            self._words[edge] = canonical([*ends, *cells]).encode(errors="backslashreplace")
        state = int(self.product.dst[clause]) % STATES
        said = self._words[edge] + bytes([state]) + rest
        return hashlib.blake2b(said, digest_size=8).digest()

    def _next(self, tree: Tree, here: int) -> int:
        out = self._outgoing(here)
        out = out[tree.allowed[out]]
        left = tree.distance[self.product.dst[out]]
        tight = out[(left >= 0) & (left + self.cost[out] == tree.distance[here])]
        order = np.lexsort((self.product.edge[tight], self.product.dst[tight]))
        return int(tight[order[0]])

    @cached_property
    def _by_start(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.product.src, kind="stable")
        ptr = np.searchsorted(self.product.src[order], np.arange(self.product.size + 1))
        return order, ptr

    @cached_property
    def _by_end(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.product.dst, kind="stable")
        ptr = np.searchsorted(self.product.dst[order], np.arange(self.product.size + 1))
        return order, ptr.astype(np.int64)

    def _outgoing(self, state: int) -> Ints:
        order, ptr = self._by_start
        return order[ptr[state] : ptr[state + 1]]

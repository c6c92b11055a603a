"""Witness paths: fewest conditions, then gated edges, then steps, then key order."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nhigraph.graph.store import Graph, Ints
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect, State
from nhigraph.trace import kernels
from nhigraph.trace.lanes import COMPILE_FROM, Reach
from nhigraph.trace.product import STATES, Bools, Product

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
class Tree:
    """Cheapest ways to one set of goal states, for lanes that fire the same clauses."""

    goals: frozenset[int]
    distance: Ints
    allowed: Bools

    def steps(self, starts: Iterable[int]) -> int | None:
        """Steps of the best path from one of the start states; SUPPORTS is no step."""
        found = [d for d in (int(self.distance[s]) for s in starts) if d >= 0]
        return min(found) % _GATED if found else None


class Paths:
    """Best paths in the *may* closure of a product."""

    def __init__(self, graph: Graph, product: Product) -> None:
        """Prepare costs; ``product`` must not be pruned of anything a path may use."""
        self.product = product
        edge_kind = graph.edges["kind"].to_numpy(dtype=object)
        supports = np.isin(edge_kind, _SUPPORTS)
        real = product.edge >= 0
        counted = real.copy()
        counted[real] = ~supports[product.edge[real]]
        # A recoverable target's hold on HALT is a gate of the target, not of an edge.
        edge_gated = graph.edges["gate"].to_numpy(dtype=object) != ""
        gated = np.zeros(product.clauses, dtype=bool)
        gated[real] = edge_gated[product.edge[real]]
        self.cost = (
            counted.astype(np.int64) + gated * _GATED + (~product.certain) * _CONDITION
        )
        self._walkable = product.src < product.nodes * STATES
        self._walkable &= product.dst < product.nodes * STATES
        self._trees: dict[tuple[tuple[int, ...], bytes], Tree] = {}
        counts = np.diff(product.need_ptr)
        self._needing = np.flatnonzero(counts)
        self._groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for clause in self._needing.tolist():
            first, last = product.need_ptr[clause], product.need_ptr[clause + 1]
            self._groups[tuple(product.need_idx[first:last].tolist())].append(clause)

    def signatures(self, reach: Reach, lanes: Iterable[int]) -> dict[int, bytes]:
        """Lane to which needs it satisfies: lanes with one signature share their trees."""
        met = []
        for needs in self._groups:
            both = -1  # every lane
            for need in needs:
                both &= reach.lanes(need)
            met.append(both)
        return {lane: bytes((m >> lane) & 1 for m in met) for lane in lanes}

    def tree(self, goals: tuple[int, ...], signature: bytes) -> Tree:
        """Cheapest ways to any of the goal states; goals must be sorted."""
        known = self._trees.get((goals, signature))
        if known is not None:
            return known
        allowed = self._walkable.copy()
        for met, clauses in zip(signature, self._groups.values(), strict=True):
            if not met:
                allowed[clauses] = False
        open_clauses = np.flatnonzero(allowed)
        by_end = open_clauses[np.argsort(self.product.dst[open_clauses], kind="stable")]
        ptr = np.searchsorted(self.product.dst[by_end], np.arange(self.product.size + 1))
        large = self.product.clauses >= COMPILE_FROM
        search: Callable[..., Ints] = kernels.load().distances if large else kernels.distances
        distance: Ints = search(
            np.array(goals, dtype=np.int64),
            ptr.astype(np.int64),
            by_end,
            self.product.src,
            self.cost,
            self.product.size,
        )
        found = Tree(frozenset(goals), distance, allowed)
        if len(self._trees) > _KEPT_TREES:
            self._trees.clear()
        self._trees[goals, signature] = found
        return found

    def walk(self, tree: Tree, starts: Iterable[int]) -> list[Step]:
        """The best path itself; ties go to the smaller key, then state, then edge."""
        product = self.product
        reachable = [s for s in starts if tree.distance[s] >= 0]
        if not reachable:
            return []
        here = min(reachable, key=lambda s: (tree.distance[s], s))
        steps: list[Step] = []
        while here not in tree.goals:
            clause = self._next(tree, here)
            after = int(product.dst[clause])
            edge = int(product.edge[clause])
            if edge >= 0:
                state = State(after % STATES)
                certain = bool(product.certain[clause])
                steps.append(Step(edge, here // STATES, after // STATES, state, certain))
            here = after
        return steps

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

    def _outgoing(self, state: int) -> Ints:
        order, ptr = self._by_start
        return order[ptr[state] : ptr[state + 1]]

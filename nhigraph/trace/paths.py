"""Witness paths: the ways of a tree, walked and named; ties go to the smaller key."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nhigraph.graph.columns import canonical
from nhigraph.graph.store import Cells, Graph, Ints
from nhigraph.schema.types import State
from nhigraph.trace.lanes import Reach
from nhigraph.trace.product import STATES, Product
from nhigraph.trace.trees import GATED, Leg, Needs, Tree, Trees

#: States by their numbers: looked up, not made, as often as there are steps.
_STATES = tuple(State)


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


#: A path and the needs that it rests on; None where there is none.
Found = tuple[Way, Needs | None] | None


class Paths:
    """Best paths in the *may* closure of a product.

    Attributes:
        graph: What its steps are of.
        product: Its clauses.
        trees: Where the ways are found.
    """

    def __init__(self, graph: Graph, product: Product) -> None:
        """Prepare; ``product`` must not be pruned of anything a path may use."""
        self.graph, self.product = graph, product
        self.trees = Trees(graph, product)
        self._words: dict[int, bytes] = {}

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
        found = self.shared(goals, [[*starts]])[0]
        if found is None or self.trees.meets(reach, lane, found[1]):
            return found[0] if found else None
        return self.own(reach, lane, goals, starts)

    def shared(self, goals: tuple[int, ...], starts: Sequence[Sequence[int]]) -> list[Found]:
        """For each of some walkers, the best path of whoever meets all needs, and those needs.

        Args:
            goals: States to end in, sorted; the same for all.
            starts: States that each of them starts from.
        """
        return self._ways(self.trees.tree(goals), starts)

    def own(
        self, reach: Reach, lane: int, goals: tuple[int, ...], starts: Iterable[int]
    ) -> Way | None:
        """The best path of a lane that does not meet the needs of the shared one; see ``best``."""
        found = self._ways(self.trees.own(reach, lane, goals), [[*starts]])[0]
        return found[0] if found else None

    def walk(self, way: Way) -> list[Step]:
        """The steps of a path."""
        return self.steps(self.clauses(way))

    def clauses(self, way: Way) -> list[int]:
        """The clauses of a path, moves inside a node among them."""
        here, legs, dst = way.start, way.tree.legs, self._ends[1]
        self._leg(way.tree, here)  # with it, all legs of the way are known
        found: list[int] = []
        while here not in way.tree.goals:
            found.append(legs[here].clause)
            here = dst[found[-1]]
        return found

    def steps(self, clauses: Iterable[int]) -> list[Step]:
        """The steps that clauses one after another make."""
        product = self.product
        at = np.fromiter(clauses, dtype=np.int64)
        at = at[product.edge[at] >= 0]
        before, after = product.src[at], product.dst[at]
        columns = (product.edge[at], before // STATES, after // STATES, after % STATES)
        cells = (*columns, product.certain[at], product.gate[at])
        return [
            Step(edge, source, target, _STATES[state], certain, self._gate(gate))
            for edge, source, target, state, certain, gate in zip(
                *(cell.tolist() for cell in cells), strict=True
            )
        ]

    def _gate(self, gate: int) -> str:
        return self.product.gates[gate].key if gate >= 0 else ""

    def onward(self, way: Way) -> Way:
        """A path without its first step, which is an edge and no SUPPORTS."""
        after = int(self.product.dst[self._leg(way.tree, way.start).clause])
        return Way(way.tree, after, way.steps - 1, self._leg(way.tree, after).name.hex())

    def _ways(self, tree: Tree, starts: Sequence[Sequence[int]]) -> list[Found]:
        """Best paths in a tree, each with the needs that it rests on."""
        costs = iter(self.trees.costs(tree, [state for some in starts for state in some]))
        known: dict[int, Found] = {}
        found: list[Found] = []
        for some in starts:
            reachable = [(cost, at) for at, cost in zip(some, costs, strict=False) if cost >= 0]
            if not reachable:
                found.append(None)
                continue
            spent, start = min(reachable)
            if start not in known:
                leg = self._leg(tree, start)
                known[start] = Way(tree, start, spent % GATED, leg.name.hex()), leg.needs
            found.append(known[start])
        return found

    # -- naming ---------------------------------------------------------------------------------

    def _leg(self, tree: Tree, state: int) -> Leg:
        """The best way on; ties go to the smaller key, then state, then edge."""
        legs = tree.legs
        on = legs.get(state)
        if on is not None:
            return on
        trail: list[tuple[int, int]] = []
        here, onward, (edges, dst) = state, self.trees.onward(tree), self._ends
        while here not in legs:
            if here in tree.goals:
                legs[here] = Leg(-1, None, b"")
                break
            clause = onward(here)
            trail.append((here, clause))
            here = dst[clause]
        on, group_of = legs[here], self.trees.group
        for before, clause in reversed(trail):
            group = group_of(clause)
            needs = on.needs if group is None else Needs(group, on.needs)
            name = on.name
            if edges[clause] >= 0:
                text = self._said(edges[clause]) + bytes((dst[clause] % STATES,)) + name
                name = hashlib.blake2b(text, digest_size=8).digest()
            on = legs[before] = Leg(clause, needs, name)
        return on

    @cached_property
    def _ends(self) -> tuple[memoryview, memoryview]:
        """Edge and end of every clause: a view gives whole numbers twice as fast as an array."""
        return self.product.edge.data, self.product.dst.data

    def _said(self, edge: int) -> bytes:
        """What a name says of an edge."""
        known = self._words.get(edge)
        if known is None:
            src, dst, cells = self._columns
            keys = self.graph.key_list
            said = [keys[src[edge]], keys[dst[edge]], *(str(column[edge]) for column in cells)]
            known = self._words[edge] = canonical(said).encode(errors="backslashreplace")
        return known

    @cached_property
    def _columns(self) -> tuple[Ints, Ints, list[Cells]]:
        """Columns of the edges: both ends, and the cells that tell one edge from another."""
        edges = self.graph.edges
        told = [edges[name].to_numpy() for name in edges.columns if name not in {"src", "dst"}]
        return edges["src"].to_numpy(), edges["dst"].to_numpy(), told

"""Witness paths: the ways of a tree, walked and named; ties go to the smaller key."""

from collections.abc import Iterable, Sequence

import numpy as np

from nhigraph.graph.store import Graph
from nhigraph.records import dataclass
from nhigraph.schema.types import State
from nhigraph.trace.lanes import Reach
from nhigraph.trace.naming import Naming, texts
from nhigraph.trace.product import STATES, Product
from nhigraph.trace.trees import GATED, Bundle, Tree, Trees

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
        bundle: Ways that it was found among.
        at: Number of its first step there.
        steps: Edges on it; SUPPORTS is no step.
        name: Digest of its steps, 16 hexadecimal digits.
    """

    bundle: Bundle
    at: int
    steps: int
    name: str

    @property
    def goals(self) -> frozenset[int]:
        """States in one of which it ends."""
        return self.bundle.goals

    @property
    def rests(self) -> bool:
        """Whether it rests on needs."""
        return bool(self.bundle.rests[self.at] >= 0)


class Paths:
    """Best paths in the *may* closure of a product.

    Attributes:
        graph: What its steps are of.
        product: Its clauses.
        trees: Where the ways are found.
        naming: What they are called.
    """

    def __init__(self, graph: Graph, product: Product) -> None:
        """Prepare; ``product`` must not be pruned of anything a path may use."""
        self.graph, self.product = graph, product
        self.trees = Trees(graph, product)
        self.naming = Naming(graph, product)

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
        if found is None or not found.rests or self.meets(reach, lane, found):
            return found
        return self.own(reach, lane, goals, starts)

    def meets(self, reach: Reach, lane: int, way: Way) -> bool:
        """Whether a lane holds all that a way rests on."""
        return self.trees.meets(reach, lane, way.bundle, way.at)

    def shared(self, goals: tuple[int, ...], starts: Sequence[Sequence[int]]) -> list[Way | None]:
        """For each of some walkers, the best path of whoever meets all needs; None for none.

        Args:
            goals: States to end in, sorted; the same for all.
            starts: States that each of them starts from.
        """
        return self._ways(self.trees.tree(goals), starts)

    def own(
        self, reach: Reach, lane: int, goals: tuple[int, ...], starts: Iterable[int]
    ) -> Way | None:
        """The best path of a lane that does not meet the needs of the shared one; see ``best``."""
        return self._ways(self.trees.own(reach, lane, goals), [[*starts]])[0]

    def walk(self, way: Way) -> list[Step]:
        """The steps of a path."""
        return self.steps(self.clauses(way))

    def clauses(self, way: Way) -> list[int]:
        """The clauses of a path, moves inside a node among them."""
        return clauses_from(way.bundle, way.at)

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

    def _ways(self, tree: Tree, starts: Sequence[Sequence[int]]) -> list[Way | None]:
        """Best paths in a tree; those that start from one state are one object."""
        states = np.array([state for some in starts for state in some], dtype=np.int64)
        ptr = np.cumsum([0, *(len(some) for some in starts)])
        bundle = self.trees.bundle(tree, states, ptr)
        digests, named = self.naming.digests(bundle.clauses, bundle.onto)
        names = [text if one else "" for text, one in zip(texts(digests), named, strict=True)]
        known: dict[int, Way] = {}
        found: list[Way | None] = []
        told = (bundle.first.tolist(), bundle.costs.tolist())
        for first, cost in zip(*told, strict=True):
            if first >= 0 and first not in known:
                known[first] = Way(bundle, first, cost % GATED, names[first])
            found.append(known.get(first))
        return found


def clauses_from(bundle: Bundle, step: int) -> list[int]:
    """The clauses of a way from one of its steps on, moves inside a node among them."""
    clauses, onto = bundle.clauses.data, bundle.onto.data  # views: one by one, twice as fast
    found: list[int] = []
    while step >= 0:
        found.append(clauses[step])
        step = onto[step]
    found.pop()  # where it ends there is nothing to take
    return found

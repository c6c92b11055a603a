"""What can be taken away from a graph, place by place."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from nhigraph.graph.store import Cells, Graph
from nhigraph.schema import kinds
from nhigraph.trace.product import Bools

#: Artifact and pointer of every place that states an edge.
Places = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CutWeights:
    """What some edges cost.

    Attributes:
        weight: Edge to what its change costs; 1 where none is given.
        kept: Edges that are not to be taken away.
    """

    weight: Mapping[int, int] = field(default_factory=dict)
    kept: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        """Whether the scope says anything."""
        return bool(self.weight or self.kept)


class Changes:
    """What can be taken away from a graph, in changes: all that stands at one place goes at once.

    An edge that several documents state goes with all of them.
    """

    def __init__(self, graph: Graph, weights: CutWeights | None = None) -> None:
        """Nothing is looked up before it is asked for: a graph may have millions of edges."""
        self._graph, self._weights = graph, weights or CutWeights()
        self.kind: Cells = graph.edges["kind"].to_numpy(dtype=object)
        self._first: dict[Places, int] = {}
        self._known: dict[int, int] = {}

    def of(self, edges: Collection[int]) -> dict[int, int]:
        """Edge to the change that takes it away, by the first of these edges that goes with it.

        Edges that nothing takes away are left out, and those of changes that the scope keeps.
        """
        first: dict[Places, int] = {}
        wanted = [edge for edge in sorted(edges) if self._can_go(edge)]
        found = {edge: first.setdefault(self._places(edge), edge) for edge in wanted}
        kept = self._weights.kept
        out = {one for one in first.values() if kept and not kept.isdisjoint(self.whole([one]))}
        return {edge: one for edge, one in found.items() if one not in out}

    def cost(self, changes: Iterable[int]) -> dict[int, int]:
        """What changes cost: as much as the dearest edge that goes with each."""
        weight = self._weights.weight
        if not weight:
            return dict.fromkeys(changes, 1)
        return {one: max(weight.get(edge, 1) for edge in self.whole([one])) for one in changes}

    def one(self, edge: int) -> int:
        """The change that takes an edge away, by the first edge asked about that goes with it.

        -1 where nothing takes it away.
        """
        if edge not in self._known:
            can = self._can_go(edge)
            self._known[edge] = self._first.setdefault(self._places(edge), edge) if can else -1
        return self._known[edge]

    def whole(self, edges: Iterable[int]) -> list[int]:
        """Some edges, and those of the graph that go with them."""
        return sorted({one for edge in edges for one in self._standing[self._places(edge)]})

    def _can_go(self, edge: int) -> bool:
        effect = kinds.EDGE_KINDS[self.kind[edge]].effect
        if effect in kinds.REMOVABLE_OF_ACTORS:
            return bool(self._of_actor[edge])
        return effect in kinds.REMOVABLE

    def _places(self, edge: int) -> Places:
        said = self._graph.evidence_of("edge", edge)
        return tuple(sorted({(place.artifact, place.pointer) for place in said}))

    @cached_property
    def _of_actor(self) -> Bools:
        actors = self._graph.of_kind([k.label for k in kinds.NODE_KINDS.values() if k.actor])
        found: Bools = actors[self._graph.edges["src"].to_numpy(dtype=np.int64)]
        return found

    @cached_property
    def _standing(self) -> dict[Places, list[int]]:
        """Places to the edges that stand there and can go."""
        found: dict[Places, list[int]] = {}
        for edge, places in self._graph.places("edge").items():
            if self._can_go(edge):
                found.setdefault(places, []).append(edge)
        return found

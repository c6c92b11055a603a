"""What can be taken away from a graph, place by place."""

from collections.abc import Collection

import numpy as np

from nhigraph.graph.store import Graph
from nhigraph.schema import kinds


class Changes:
    """What can be taken away from a graph, in changes: all that stands at one place goes at once.

    An edge that several documents state goes with all of them.
    """

    def __init__(self, graph: Graph) -> None:
        """Find which edges can go, and where each of them stands."""
        self._graph = graph
        self._places = graph.places("edge")
        self._at: dict[tuple[tuple[str, str], ...], list[int]] = {}
        for edge in self._removable():
            self._at.setdefault(self._places[edge], []).append(edge)

    def of(self, edges: Collection[int]) -> dict[int, int]:
        """Edge to the change that takes it away, by the first edge of that; only if one does."""
        wanted = set(edges)
        return {e: many[0] for many in self._at.values() for e in many if e in wanted}

    def whole(self, edges: Collection[int]) -> list[int]:
        """Some edges, and those that go with them."""
        return sorted({one for edge in edges for one in self._at[self._places[edge]]})

    def _removable(self) -> list[int]:
        graph, labels = self._graph, self._graph.edges["kind"].tolist()
        actors = np.flatnonzero(
            graph.of_kind([k.label for k in kinds.NODE_KINDS.values() if k.actor])
        )
        of_actor = np.isin(graph.edges["src"].to_numpy(dtype=np.int64), actors).tolist()
        effects = [kinds.EDGE_KINDS[label].effect for label in labels]
        return [
            edge
            for edge, effect in enumerate(effects)
            if effect in kinds.REMOVABLE
            or (of_actor[edge] and effect in kinds.REMOVABLE_OF_ACTORS)
        ]

"""The statement that undoes what a place of a document gives, by the policy of its platform."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from nhigraph.facts import keys
from nhigraph.facts.evidence import EXCERPT_LIMIT, Evidence
from nhigraph.facts.keys import Key
from nhigraph.graph.store import Graph
from nhigraph.policy.given import Given
from nhigraph.policy.undo import statement

#: Artifact and pointer.
Place = tuple[str, str]


class Undoing:
    """Statements for the places of a graph."""

    def __init__(self, graph: Graph) -> None:
        """Nothing is looked up before it is asked for."""
        self.graph = graph

    def at(self, edges: list[int], place: Evidence) -> str:
        """What undoes a place; all these edges stand there, and any of them may show how."""
        for edge in edges:
            if found := self._of(edge, place):
                return found
        return ""

    def _of(self, edge: int, place: Evidence) -> str:
        graph = self.graph
        ends = [graph.edges[end].to_numpy(dtype=np.int64)[edge] for end in ("src", "dst")]
        source, target = (keys.parse(graph.key_list[end]) for end in ends)

        def keys_at(named: Mapping[Place, list[str]], pointer: str) -> tuple[Key, ...]:
            many = named.get((place.artifact, pointer), ())
            return tuple(key for text in many if (key := keys.parse(text)) is not None)

        given = Given(
            str(graph.edges["kind"].iat[edge]),
            source,
            target,
            place.artifact,
            place.pointer,
            place.excerpt,
            len(place.excerpt) < EXCERPT_LIMIT,
            lambda pointer: keys_at(self._nodes, pointer),
            lambda pointer: keys_at(self._holders, pointer),
            lambda kind: keys_at(self._doing, kind),
        )
        return statement(given)

    @cached_property
    def _nodes(self) -> dict[Place, list[str]]:
        """Place to the keys of the nodes that are stated there."""
        found: dict[Place, list[str]] = {}
        for node, places in self.graph.places("node").items():
            for place in places:
                found.setdefault(place, []).append(self.graph.key_list[node])
        return found

    @cached_property
    def _holders(self) -> dict[Place, list[str]]:
        """Place to the keys that the edges stated there start from."""
        found: dict[Place, list[str]] = {}
        sources = self.graph.edges["src"].to_numpy(dtype=np.int64)
        for edge, places in self.graph.places("edge").items():
            for place in places:
                found.setdefault(place, []).append(self.graph.key_list[sources[edge]])
        return found

    @cached_property
    def _doing(self) -> dict[Place, list[str]]:
        """Artifact and kind to the keys that the artifact's edges of that kind start from."""
        found: dict[Place, list[str]] = {}
        graph = self.graph
        sources = graph.edges["src"].to_numpy(dtype=np.int64)
        kinds = graph.edges["kind"]
        for edge, places in graph.places("edge").items():
            for artifact, _ in places:
                at = (artifact, str(kinds.iat[edge]))
                found.setdefault(at, []).append(graph.key_list[sources[edge]])
        return found

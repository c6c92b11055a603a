"""The statement that undoes what a place of a document gives, by the policy of its platform."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from nhigraph.facts import keys
from nhigraph.facts.evidence import EXCERPT_LIMIT, Evidence
from nhigraph.facts.keys import Key
from nhigraph.graph.store import Graph, Ints
from nhigraph.policy.given import Given
from nhigraph.policy.undo import in_turn, statement

#: Artifact and pointer.
Place = tuple[str, str]


class Undoing:
    """Statements for the places of a graph."""

    def __init__(self, graph: Graph) -> None:
        """Nothing is looked up before it is asked for."""
        self.graph = graph
        self._known: dict[tuple[Place, tuple[int, ...]], tuple[Given, str] | None] = {}
        self._listed: dict[Place, dict[str, str]] = {}
        self._places: dict[int, dict[str, list[Evidence]]] = {}

    def of(self, standing: Mapping[Place, tuple[Evidence, list[int]]]) -> dict[Place, str]:
        """What undoes some places, in the order in which it can be run; where it is known.

        Args:
            standing: Places that go, each with the edges that stand there; any may show how.
        """
        known = {
            at: found
            for at, (place, edges) in standing.items()
            if (found := self._at(at, edges, place))
        }
        # What hangs on a right goes first, if there is a statement that takes it.
        going: dict[str, set[str]] = {}
        for artifact, pointer in known:
            going.setdefault(artifact, set()).add(pointer)
        many = [replace(one, going=frozenset(going[one.artifact])) for one, _ in known.values()]
        ordered = (many[number] for number in in_turn(many))
        return {(one.artifact, one.pointer): statement(one) for one in ordered}

    def _at(self, at: Place, edges: list[int], place: Evidence) -> tuple[Given, str] | None:
        asked = (at, tuple(edges))
        if asked not in self._known:
            given = (self._given(edge, place) for edge in edges)
            said = ((one, words) for one in given if (words := statement(one)))
            self._known[asked] = next(said, None)
        return self._known[asked]

    def _given(self, edge: int, place: Evidence) -> Given:
        graph = self.graph
        source, target = (keys.parse(graph.key_list[end[edge]]) for end in self._ends)

        def keys_at(named: Mapping[Place, list[str]], pointer: str) -> tuple[Key, ...]:
            many = named.get((place.artifact, pointer), ())
            return tuple(key for text in many if (key := keys.parse(text)) is not None)

        return Given(
            str(graph.edges["kind"].iat[edge]),
            source,
            target,
            place.artifact,
            place.pointer,
            place.said,
            len(place.said) < EXCERPT_LIMIT,
            lambda pointer: keys_at(self._nodes, pointer),
            lambda pointer: keys_at(self._holders, pointer),
            lambda kind: keys_at(self._doing, kind),
            lambda pointer: self._below(place.artifact, pointer),
        )

    def _below(self, artifact: str, pointer: str) -> dict[str, str]:
        """Excerpts of the places below one that state edges, by their pointers."""
        at = (artifact, pointer)
        if at not in self._listed:
            inside = f"{pointer}/"
            self._listed[at] = {
                place.pointer: place.said
                for edge in self._objects.get(at, ())
                for place in self._stated(edge).get(artifact, ())
                if place.pointer.startswith(inside)
            }
        return self._listed[at]

    def _stated(self, edge: int) -> dict[str, list[Evidence]]:
        """Places of an edge by their document: of many that say the same, each has its own."""
        if edge not in self._places:
            found = self._places[edge] = {}
            for place in self.graph.evidence_of("edge", edge):
                found.setdefault(place.artifact, []).append(place)
        return self._places[edge]

    @cached_property
    def _ends(self) -> tuple[Ints, Ints]:
        edges = self.graph.edges
        return edges["src"].to_numpy(dtype=np.int64), edges["dst"].to_numpy(dtype=np.int64)

    @cached_property
    def _objects(self) -> dict[Place, dict[int, None]]:
        """An item of a document's list (``/relations/3``) to the edges stated inside it."""
        found: dict[Place, dict[int, None]] = {}
        for edge, places in self.graph.places("edge").items():
            for artifact, pointer in places:
                whole = "/".join(pointer.split("/", 3)[:3])
                found.setdefault((artifact, whole), {})[edge] = None
        return found

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

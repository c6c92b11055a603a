"""Edges that are supposed to go: of the stored graph, and of what the scope adds to it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from nhigraph.app.questions.names import find_node
from nhigraph.app.questions.supposed import Supposed
from nhigraph.assurance.estate import Estate
from nhigraph.errors import UsageError
from nhigraph.facts import keys
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.trace.changes import Changes

#: Kind, source and target, as somebody names them.
Named = tuple[str, str, str]
#: Artifact and pointer.
Place = tuple[str, str]


class Gone:
    """Finds what shall go."""

    def __init__(self, stored: Graph, estate: Estate) -> None:
        """Take both graphs.

        Args:
            stored: The graph before its scope was resolved.
            estate: What was made of it: it has the scope's links and what answers give, too.
        """
        self._stored, self._estate = stored, estate

    def edges(self, supposed: Supposed) -> set[int]:
        """Edges of the stored graph.

        Raises:
            UsageError: What shall go is not there, or a name fits several things.
        """
        found = set[int]()
        for find, wanted in (
            (self._at_nodes, supposed.nodes),
            (self._named, supposed.edges),
            (self._at_places, supposed.places),
        ):
            found |= _told(find, wanted, supposed)
        return found

    def ends(self, named: Named) -> Named:
        """An edge that is there, with its ends by their keys."""
        kind, *ends = named
        graph = self._stored if _between(self._stored, named) else self._estate.graph
        source, target = (graph.key_list[find_node(graph, keys.canonical(end))] for end in ends)
        return kind, source, target

    def _at_nodes(self, names: Iterable[str]) -> set[int]:
        graph = self._stored
        nodes = {find_node(graph, name) for name in names}
        ends = zip(graph.edges["src"].tolist(), graph.edges["dst"].tolist(), strict=True)
        return {edge for edge, both in enumerate(ends) if not nodes.isdisjoint(both)}

    def _named(self, edges: Iterable[Named]) -> set[int]:
        found: set[int] = set()
        for one in edges:
            here = _between(self._stored, one)
            if not here and not _between(self._estate.graph, one, strict=True):
                raise UsageError(f"no edge {one[0]} from {one[1]} to {one[2]} in this graph")
            found |= here
        return found

    def _at_places(self, places: Iterable[Place]) -> set[int]:
        """Edges of which every record goes; what another record states too stays.

        So does what a platform gives by itself, whatever record shows it.
        """
        wanted = {*places}
        if not wanted:
            return set()
        said, changes = self._stored.places("edge"), Changes(self._stored)
        there = dict.fromkeys(wanted, False)
        found = set()
        for edge, many in said.items():
            if wanted.isdisjoint(many):
                continue
            stays = changes.stays(edge)
            there |= {place: True for place in many if place in wanted and not stays}
            if wanted.issuperset(many) and not stays:
                found.add(edge)
        lost = {place for place, known in there.items() if not known}
        if lost:
            self._of_scope_alone(lost)
        return found

    def _of_scope_alone(self, places: set[Place]) -> None:
        """Refuse places that state no edge which could go, in the scope neither."""
        said, changes = self._estate.graph.places("edge"), self._estate.changes
        here = {edge: many for edge, many in said.items() if not places.isdisjoint(many)}
        going = {place for edge, many in here.items() if changes.can_go(edge) for place in many}
        if lost := places - going:
            artifact, pointer = min(lost)
            if any((artifact, pointer) in many for many in here.values()):
                raise UsageError(
                    f"what stands at {artifact} {pointer} is no right that could be taken away"
                )
            raise UsageError(f"no edge of this graph is stated at {artifact} {pointer}")


def _told(find: Callable[[Any], set[int]], wanted: Sequence[object], by: Supposed) -> set[int]:
    """Edges that go; where a file says what is not there, its place is told."""
    try:
        return find(wanted)
    except UsageError:
        for one in wanted:
            try:
                find([one])
            except UsageError as error:
                if one not in by.said:
                    raise
                raise UsageError(f"{by.said[one]}: {error}") from None
        raise


def _between(graph: Graph, named: Named, *, strict: bool = False) -> set[int]:
    """Edges of a kind between two nodes; none where a node is not there, unless that is strict."""
    kind, *ends = named
    if kind not in kinds.EDGE_KINDS:
        known = ", ".join(sorted(kinds.EDGE_KINDS))
        raise UsageError(f"no kind of edge {kind!r}; there are {known}")
    try:
        wanted = (kind, *(find_node(graph, keys.canonical(end)) for end in ends))
    except UsageError:
        if strict:
            raise
        return set()
    cells = [graph.edges[name].tolist() for name in ("kind", "src", "dst")]
    return {edge for edge, one in enumerate(zip(*cells, strict=True)) if one == wanted}

"""Answers as they would be after some changes; the stored graph stays as it is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nhigraph.app.judged import Judged, of_graph
from nhigraph.app.questions.names import find_node
from nhigraph.app.questions.supposed import Supposed
from nhigraph.app.registry import ingestors
from nhigraph.assurance.compare import compare
from nhigraph.assurance.cut_rows import Changed
from nhigraph.errors import NoInputError, UsageError
from nhigraph.facts import keys
from nhigraph.facts.facts import Claim, Fact
from nhigraph.facts.tables import FactTable
from nhigraph.graph.append import Changes, extend
from nhigraph.graph.store import Graph, cells_of, frame_of
from nhigraph.ingest.discover import discover
from nhigraph.ingest.document import Document
from nhigraph.ingest.run import run
from nhigraph.schema import kinds
from nhigraph.schema.types import NodeState


def what_if(folder: Path, supposed: Supposed, judged: Judged) -> tuple[Judged, list[Changed]]:
    """The estate after the changes, and the answers that are others there.

    Raises:
        UsageError: What shall go is not there, or a name fits several things.
        NoInputError: A file holds no readable facts, or an edge of it hangs.
    """
    day = judged.estate.day
    after = of_graph(
        folder,
        option=day.as_of,
        include_disabled=day.include_disabled,
        altered=lambda graph: altered(graph, supposed),
    )
    return replace(after, date=judged.date), list(compare(judged.estate, after.estate))


def altered(graph: Graph, supposed: Supposed) -> Graph:
    """A graph after the changes."""
    gone = set[int]()
    for find, wanted in (
        (_at_nodes, supposed.nodes),
        (_named, supposed.edges),
        (_at_places, supposed.places),
    ):
        gone |= _found(graph, find, wanted, supposed)
    facts = [fact for path in supposed.files for fact in _facts(path)]
    for document in supposed.added:
        facts += _read([document], document.artifact, strict=True)
    built = extend(graph, facts, Changes(settled=dict.fromkeys(sorted(gone), False)))
    for artifact, tally in sorted(built.tallies.items()):
        for pointer, reason in tally.refused:
            raise NoInputError(f"{artifact} {pointer}: {reason}")
    return _without(built.graph, {graph.key_list[find_node(graph, one)] for one in supposed.nodes})


def _without(graph: Graph, keys_: Iterable[str]) -> Graph:
    """The graph with some nodes deleted: whoever approved as one of them does so no longer."""
    rows = [node for key in keys_ if (node := graph.node_id(key)) is not None]
    if not rows:
        return graph
    cells = cells_of(graph.nodes)
    cells["state"] = cells["state"].copy()
    cells["state"][rows] = str(NodeState.DELETED)
    return replace(graph, nodes=frame_of(cells))


def _found(
    graph: Graph,
    find: Callable[[Graph, Iterable[Any]], set[int]],
    wanted: Sequence[object],
    supposed: Supposed,
) -> set[int]:
    """Edges that go; where a file says what is not there, its place is told."""
    try:
        return find(graph, wanted)
    except UsageError:
        for one in wanted:
            try:
                find(graph, [one])
            except UsageError as error:
                if one not in supposed.said:
                    raise
                raise UsageError(f"{supposed.said[one]}: {error}") from None
        raise


def _at_nodes(graph: Graph, names: Iterable[str]) -> set[int]:
    nodes = {find_node(graph, name) for name in names}
    ends = zip(graph.edges["src"].tolist(), graph.edges["dst"].tolist(), strict=True)
    return {edge for edge, both in enumerate(ends) if not nodes.isdisjoint(both)}


def _named(graph: Graph, edges: Iterable[tuple[str, str, str]]) -> set[int]:
    found: set[int] = set()
    cells = [graph.edges[name].tolist() for name in ("kind", "src", "dst")]
    for kind, *ends in edges:
        if kind not in kinds.EDGE_KINDS:
            known = ", ".join(sorted(kinds.EDGE_KINDS))
            raise UsageError(f"no kind of edge {kind!r}; there are {known}")
        wanted = (kind, *(find_node(graph, keys.canonical(end)) for end in ends))
        here = {edge for edge, one in enumerate(zip(*cells, strict=True)) if one == wanted}
        if not here:
            raise UsageError(f"no edge {kind} from {ends[0]} to {ends[1]} in this graph")
        found |= here
    return found


def _at_places(graph: Graph, places: Iterable[tuple[str, str]]) -> set[int]:
    """Edges of which every record goes; what another record states too stays."""
    wanted = {*places}
    if not wanted:
        return set()
    said = graph.places("edge")
    lost = wanted.difference(*said.values())
    if lost:
        artifact, pointer = min(lost)
        raise UsageError(f"no edge of this graph is stated at {artifact} {pointer}")
    return {edge for edge, many in said.items() if wanted.issuperset(many)}


def _facts(path: Path) -> Iterable[Fact | FactTable]:
    if not path.exists():
        raise UsageError(f"no such file: {path}")
    return _read(discover([path]).documents, path.name)


def _read(
    documents: Sequence[Document], name: str, *, strict: bool = False
) -> list[Fact | FactTable]:
    """Facts of documents; where that is strict, nothing in them is set aside."""
    read = run(documents, ingestors())
    for document in read.documents:
        if document.problem is not None:
            raise NoInputError(f"{document.artifact}: {document.problem.reason}")
        lost = document.refused.first or (document.notes.first if strict else ())
        if lost:
            raise NoInputError(f"{document.artifact} {lost[0].pointer}: {lost[0].reason}")
    if any(isinstance(fact, Claim) for fact in read.facts):
        raise NoInputError(f"{name}: expected records of facts/1, found a scope")
    if not read.facts and not read.tables:
        raise NoInputError(f"{name}: no records of facts/1 were found")
    return [*read.facts, *read.tables]

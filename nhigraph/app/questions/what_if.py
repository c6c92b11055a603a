"""Answers as they would be after some changes; the stored graph stays as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nhigraph.app.judged import Judged, of_graph
from nhigraph.app.questions.names import find_node
from nhigraph.app.registry import ingestors
from nhigraph.assurance.compare import compare
from nhigraph.assurance.cut_rows import Changed
from nhigraph.errors import NoInputError, UsageError
from nhigraph.facts import keys
from nhigraph.facts.facts import Fact
from nhigraph.facts.tables import FactTable
from nhigraph.graph.append import Changes, extend
from nhigraph.graph.store import Graph
from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import run
from nhigraph.schema import kinds


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is supposed to change.

    Attributes:
        nodes: Nodes that go, with all their edges: by key, name or an unambiguous part of it.
        edges: Edges that go: kind, source and target.
        places: Records that go: artifact and pointer, as ``cut`` prints them.
        files: Facts/1 files whose records come.
    """

    nodes: Sequence[str] = ()
    edges: Sequence[tuple[str, str, str]] = ()
    places: Sequence[tuple[str, str]] = ()
    files: Sequence[Path] = field(default_factory=tuple)


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
    return after, list(compare(judged.estate, after.estate))


def altered(graph: Graph, supposed: Supposed) -> Graph:
    """A graph after the changes."""
    gone = {*_at_nodes(graph, supposed.nodes), *_named(graph, supposed.edges)}
    gone |= _at_places(graph, supposed.places)
    facts = [fact for path in supposed.files for fact in _facts(path)]
    built = extend(graph, facts, Changes(settled=dict.fromkeys(sorted(gone), False)))
    for artifact, tally in sorted(built.tallies.items()):
        for pointer, reason in tally.refused:
            raise NoInputError(f"{artifact} {pointer}: {reason}")
    return built.graph


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
    read = run(discover([path]).documents, ingestors())
    for document in read.documents:
        if document.problem is not None:
            raise NoInputError(f"{document.artifact}: {document.problem.reason}")
        if document.quarantined:
            line = document.refused.first[0]
            raise NoInputError(f"{document.artifact} {line.pointer}: {line.reason}")
    if not read.facts and not read.tables:
        raise NoInputError(f"{path.name}: no records of facts/1 were found")
    return [*read.facts, *read.tables]

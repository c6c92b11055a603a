"""Answers as they would be after some changes; the stored graph stays as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from nhigraph.app.judged import Judged, of_stored, on_the_day, opened
from nhigraph.app.questions.gone import Gone
from nhigraph.app.questions.names import find_node
from nhigraph.app.questions.supposed import Supposed
from nhigraph.app.registry import ingestors
from nhigraph.assurance.compare import compare
from nhigraph.assurance.cut_rows import Changed
from nhigraph.assurance.left_out import LeftOut
from nhigraph.errors import NoInputError, UsageError
from nhigraph.facts.facts import Claim, Fact
from nhigraph.facts.tables import FactTable
from nhigraph.graph.append import Changes, extend
from nhigraph.graph.snapshot import Snapshot
from nhigraph.graph.store import Graph, cells_of, frame_of
from nhigraph.ingest.discover import discover
from nhigraph.ingest.document import Document
from nhigraph.ingest.run import run
from nhigraph.schema.types import NodeState


def what_if(folder: Path, supposed: Supposed, judged: Judged) -> tuple[Judged, list[Changed]]:
    """The estate after the changes, and the answers that are others there.

    Raises:
        UsageError: What shall go is not there, or a name fits several things.
        NoInputError: A file holds no readable facts, or an edge of it hangs.
    """
    _, after = changed(opened(folder), supposed, judged)
    return after, list(compare(judged.estate, after.estate))


def changed(stored: Snapshot, supposed: Supposed, judged: Judged) -> tuple[Snapshot, Judged]:
    """The stored graph after the changes, and the estate.

    What the scope itself gives goes as well: a link with its claim, and what an answer opens from
    the estate, for the answer may say more. The stored graph keeps what was left out, so that
    whatever is asked of it next finds it gone.

    Args:
        stored: The stored graph.
        supposed: What changes.
        judged: The estate that is made of it now.

    Raises:
        UsageError: As ``what_if``.
        NoInputError: As ``what_if``.
    """
    gone = Gone(stored.graph, judged.estate)
    edges = gone.edges(supposed)
    absent = {stored.graph.key_list[find_node(stored.graph, one)] for one in supposed.nodes}
    named = frozenset(map(gone.ends, supposed.edges))
    left_out = LeftOut(frozenset(absent), named, frozenset(supposed.places))
    # What was worked out of the graph as it was, questions, is not true of what is left.
    dated = on_the_day(stored, replace(judged, asked=""))
    left = replace(
        dated,
        graph=altered(stored.graph, supposed, edges, absent),
        claims=left_out.claims(stored.claims, judged.estate),
        meta={**dated.meta, **(LeftOut.kept(dated.meta) | left_out).meta},
        digest="",
    )
    return left, replace(of_stored(left), date=judged.date)


def altered(graph: Graph, supposed: Supposed, gone: Iterable[int], absent: Iterable[str]) -> Graph:
    """A graph without some edges and nodes, and with what comes."""
    facts = [fact for path in supposed.files for fact in _facts(path)]
    for document in supposed.added:
        facts += _read([document], document.artifact, strict=True)
    built = extend(graph, facts, Changes(settled=dict.fromkeys(sorted(gone), False)))
    for artifact, tally in sorted(built.tallies.items()):
        for pointer, reason in tally.refused:
            raise NoInputError(f"{artifact} {pointer}: {reason}")
    return _without(built.graph, absent)


def _without(graph: Graph, keys_: Iterable[str]) -> Graph:
    """The graph with some nodes deleted: whoever approved as one of them does so no longer."""
    rows = [node for key in keys_ if (node := graph.node_id(key)) is not None]
    if not rows:
        return graph
    cells = cells_of(graph.nodes)
    cells["state"] = cells["state"].copy()
    cells["state"][rows] = str(NodeState.DELETED)
    return replace(graph, nodes=frame_of(cells))


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

"""Everything that a push writes, as groups of rows: what a statement is, and what fills it."""

from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Final

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.rows import Assessment, IdentityRow
from nhigraph.facts.evidence import Evidence
from nhigraph.graph import columns
from nhigraph.graph.store import cells_of
from nhigraph.output.neo4j import reach, records
from nhigraph.output.neo4j.edges import Edges, Relation
from nhigraph.output.neo4j.values import Row, cells, day, place, properties, text
from nhigraph.output.neo4j.words import ENTITY, FAMILIES
from nhigraph.records import dataclass
from nhigraph.schema.kinds import NODE_KINDS

#: What an identity's node is told of its answer: field of its row, and name of the property.
ANSWERS: Final = {
    "verdict": "verdict",
    "soc1": "soc1",
    "soc2": "soc2",
    "soc2_outside": "soc2_outside",
    "exposure": "exposure",
    "icfr_basis": "basis",
    "targets": "reached",
    "weaknesses": "shown_weaknesses",
    "gaps": "hidden_by",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes that have the same labels.

    Attributes:
        labels: Those.
        rows: Properties of each; ``uid`` is what it is looked up by.
    """

    labels: tuple[str, ...]
    rows: Iterable[Row]


@dataclass(frozen=True, slots=True)
class Links:
    """Relationships of one type, between nodes that are looked up by one label each.

    Attributes:
        type: Their type.
        source: Label of the nodes they start at: ``Entity`` or ``Record``.
        target: Label of those they end at.
        rows: Start, end and properties of each.
    """

    type: str
    source: str
    target: str
    rows: Iterable[Relation]


@dataclass(frozen=True)
class Content:
    """A snapshot as groups; each is asked for once for every time it is written.

    Attributes:
        about: Properties of the snapshot's own node.
        assessment: The answers.
        estate: What they are of.
    """

    about: Row
    assessment: Assessment
    estate: Estate
    _edges: Edges = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Find the edges of paths and cuts."""
        edges = Edges(self.estate.graph, self.estate.in_force)
        object.__setattr__(self, "_edges", edges)
        records.mark(edges, self.assessment)

    def groups(self) -> Iterator[Group]:
        """Nodes of the graph, then what stands beside them."""
        by_labels: dict[tuple[str, ...], list[int]] = {}
        for node in range(len(self.estate.graph.nodes)):
            by_labels.setdefault(labels_of(self.estate.graph.kinds(node)), []).append(node)
        row = _Nodes(self.estate, self.assessment).row
        for labels, nodes in sorted(by_labels.items()):
            yield Group(labels, map(row, nodes))
        for label, rows in records.nodes(self.estate, self.assessment, self._edges):
            yield Group(("Record", label), rows)

    def links(self) -> Iterator[Links]:
        """Relationships of the graph, then computed ones, then those of records."""
        for kind, rows in self._edges.by_kind():
            yield Links(kind, ENTITY, ENTITY, rows)
        for one in reach.links(self.estate.graph, self.assessment, self._edges):
            yield Links(*one)
        for one in records.links(self.estate, self.assessment):
            yield Links(*one)


def labels_of(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Labels of a node that records call by these kinds: from the schema's table alone."""
    known = [kind for kind in kinds if kind in NODE_KINDS]
    families = (FAMILIES[NODE_KINDS[kind].family] for kind in known)
    return tuple(dict.fromkeys((ENTITY, *families, *known)))


class _Nodes:
    """Properties of the nodes of a graph."""

    def __init__(self, estate: Estate, assessment: Assessment) -> None:
        graph = estate.graph
        self._estate, self._graph = estate, graph
        self._cells = cells_of(graph.nodes)
        self._alive, self._nhi = estate.alive.tolist(), estate.nhi.tolist()
        self._answers = {row.identity: row for row in assessment.identities}
        points = (row for row in assessment.cuts.points if row.point == "node")
        self._choke = {row.source for row in points}

    def row(self, node: int) -> Row:
        """What a node says."""
        read = self._cells
        key = read["key"][node]
        said = properties(self._graph.props(node))
        said |= {"uid": place(key), "key": text(key), "alive": self._alive[node]}
        said |= {"nhi": self._nhi[node], "name": text(read["name"][node] or key)}
        if owner := read["owner"][node]:
            said["owner"] = text(owner)
        said["state"] = read["state"][node] or "active"
        if expires := columns.last_day(read["expires"][node]):
            said["expires"] = day(expires)
        kinds = self._graph.kinds(node)
        said |= {"kind": kinds[0], "kinds": list(kinds)}
        said["boundary"] = str(self._estate.boundary[node])
        if key in self._choke:
            said["choke"] = True
        answered = self._answers.get(key)
        if answered is not None:
            said |= answers(answered)
        return said | where(self._graph.evidence_of("node", node)[0])


def answers(row: IdentityRow) -> Row:
    """What a node is told of its answer."""
    return cells({name: getattr(row, field) for field, name in ANSWERS.items()})


def where(at: Evidence) -> Row:
    """A place as properties."""
    return cells({"artifact": at.artifact, "pointer": at.pointer, "line": at.line or None})


def about(name: str, digest: str, assessment: Assessment, estate: Estate, gaps: int) -> Row:
    """Properties of a snapshot's own node.

    Args:
        name: What it is chosen by.
        digest: Says what is in it: a push of the same changes nothing.
        assessment: The answers.
        estate: What they are of.
        gaps: Gaps that no answer of the scope closes.
    """
    counts = np.unique([row.verdict for row in assessment.identities], return_counts=True)
    said = dict(zip(*(part.tolist() for part in counts), strict=True))
    return cells(
        {
            "name": name,
            "digest": digest,
            "organization": assessment.organization,
            "as_of": day(assessment.as_of),
            "as_of_source": assessment.as_of_source,
            "complete": bool(assessment.coverage.get("complete")),
            "commitments": assessment.commitments,
            "gaps": gaps,
            "identities": len(assessment.identities),
            "verdicts": [f"{count} {verdict}" for verdict, count in sorted(said.items())],
            "entities": len(estate.graph.nodes),
            "edges": len(estate.graph.edges),
        }
    )

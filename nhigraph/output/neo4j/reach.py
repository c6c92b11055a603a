"""Answers as relationships: what an identity holds at a target, and by which path.

A row of verdicts is a relationship for each state that is held; their types are other ones than
those of edges, so no pattern over edges takes an answer for a fact.
"""

from collections.abc import Iterator

from nhigraph.assurance.rows import Assessment, VerdictRow
from nhigraph.graph.columns import states_of
from nhigraph.graph.store import Graph
from nhigraph.output import columns
from nhigraph.output.neo4j.edges import Edges, Relation
from nhigraph.output.neo4j.records import EVERYTHING
from nhigraph.output.neo4j.values import Row, cells, place
from nhigraph.output.neo4j.words import ENTITY, REACH, REACH_UNKNOWN, RECORD

#: Type, label of the start, label of the end, and the relationships.
Linked = tuple[str, str, str, Iterator[Relation]]


def links(graph: Graph, assessment: Assessment, edges: Edges) -> Iterator[Linked]:
    """Every answer, by type."""
    paths = Paths(assessment, edges)
    for state, name in REACH.items():
        held = [row for row in assessment.verdicts if state in states_of(row.states)]
        yield name, ENTITY, ENTITY, _known(held, name, graph, paths)
    open_ = [row for row in assessment.verdicts if not row.states]
    yield REACH_UNKNOWN, ENTITY, ENTITY, _known(open_, REACH_UNKNOWN, graph, paths)
    beside = (row for row in open_ if graph.node_id(row.target) is None)
    yield (
        REACH_UNKNOWN,
        ENTITY,
        RECORD,
        ((place(row.identity), EVERYTHING, paths.said(row, REACH_UNKNOWN)) for row in beside),
    )


def _known(rows: list[VerdictRow], name: str, graph: Graph, paths: "Paths") -> Iterator[Relation]:
    for row in rows:
        if graph.node_id(row.target) is not None:
            yield place(row.identity), place(row.target), paths.said(row, name)


class Paths:
    """Printed paths as lists of keys of relationships."""

    def __init__(self, assessment: Assessment, edges: Edges) -> None:
        """Take the steps."""
        self._steps, self._edges = assessment.paths, edges
        self._known: dict[str, list[str]] = {}

    def keys(self, path_id: str) -> list[str]:
        """Keys of the relationships of a path, in its order; none where it was not printed."""
        if path_id not in self._known:
            found = (self._edges.of_step(step) for step in self._steps.get(path_id, ()))
            self._known[path_id] = [self._edges.key(row) for row in found if row is not None]
        return self._known[path_id]

    def said(self, row: VerdictRow, name: str) -> Row:
        """A row as properties of a relationship."""
        said = cells({column: getattr(row, field) for column, field in columns(VerdictRow)})
        if row.path_id:
            said["path"] = self.keys(row.path_id)
        return {**said, "key": f"{name} {row.identity} {row.target}"}

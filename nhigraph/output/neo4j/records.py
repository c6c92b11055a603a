"""What stands beside the graph, as nodes: controls, gaps, ends, documents, answers."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from nhigraph.assurance.cut_rows import CutStep, PointRow
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.found import FindingRow
from nhigraph.assurance.question_rows import QuestionRow
from nhigraph.assurance.rotation_rows import RotationRow
from nhigraph.assurance.rows import Assessment, ControlRow, PathStep
from nhigraph.assurance.which_rows import WhichRow
from nhigraph.graph.store import Graph
from nhigraph.output import columns
from nhigraph.output.neo4j.edges import Edges, Relation
from nhigraph.output.neo4j.values import Row, cells, day, place, text
from nhigraph.output.neo4j.words import ENTITY, RECORD

#: Stands for every target without an answer of its own.
EVERYTHING: Final = "Everything"
_UNTOLD: Final = "not told"

Labelled = tuple[str, Iterable[Row]]
Linked = tuple[str, str, str, Iterator[Relation]]


def mark(edges: Edges, assessment: Assessment) -> None:
    """Say on relationships which of them a cut takes away and every way passes."""
    for cut in assessment.cuts.rows:
        ends, where = (cut.source, cut.destination), (cut.artifact, cut.pointer)
        row = edges.of_right(cut.edge_kind, ends, where)
        edges.mark([row], "cut", [text(key) for key in keys_of(cut.target)])
    for point in assessment.cuts.points:
        if point.point != "node":
            ends, where = (point.source, point.destination), (point.artifact, point.pointer)
            row = edges.of_right(point.kind, ends, where)
            edges.mark([row], "choke", [text(key) for key in keys_of(point.target)])


def keys_of(cell: str) -> list[str]:
    """Keys of a cell in which they are joined."""
    return [key for key in cell.split(";") if key]


def nodes(estate: Estate, assessment: Assessment, edges: Edges) -> Iterator[Labelled]:
    """Every label with its rows."""
    graph = estate.graph
    yield "Everything", [{"uid": EVERYTHING, "name": "every target without an answer of its own"}]
    yield "Gate", _gates(graph, assessment)
    yield "Gap", _gaps(estate)
    yield "End", _ends(graph)
    yield "Document", _documents(assessment.coverage.get("artifacts", ()))  # type: ignore[arg-type]
    absent: Any = assessment.coverage.get("absent", ())
    yield "Absent", ({"uid": f"Absent {n}", **cells(one)} for n, one in enumerate(absent))
    yield "Path", _paths(assessment, edges)
    for label, row_type, rows in _tables(assessment):
        yield label, (_row(label, number, row_type, row) for number, row in enumerate(rows))


def _tables(assessment: Assessment) -> Iterator[tuple[str, type, tuple[Any, ...]]]:
    """Labels of what is a table in the output folder, its rows' type, and the rows."""
    yield "Which", WhichRow, assessment.which
    yield "Question", QuestionRow, assessment.questions
    yield "Finding", FindingRow, assessment.findings.rows
    yield "Rotation", RotationRow, assessment.rotation.rows
    yield "Cut", CutStep, assessment.cuts.rows
    yield "ChokePoint", PointRow, assessment.cuts.points


def _row(label: str, number: int, row_type: type, row: object) -> Row:
    said = cells({column: getattr(row, field) for column, field in columns(row_type)})
    return {**said, "uid": f"{label} {number}"}


def _gates(graph: Graph, assessment: Assessment) -> Iterator[Row]:
    """Every control that an edge names or a record declares, with what is told of it."""
    told = {row.gate: row for row in assessment.controls}
    for key in sorted(graph.named_gates | set(graph.gate_records) | set(told)):
        said: Row = {"uid": f"Gate {place(key)}", "key": text(key), "name": text(key)}
        declared = graph.gate_records.get(key)
        if declared is not None:
            said |= {"kind": declared.kind, "declared": True}
        row = told.get(key)
        if row is not None:
            said |= cells({name: getattr(row, field) for name, field in columns(ControlRow)})
            said["holds"] = row.holds
        yield {"declared": False, **said, "note": text(assessment.gate_notes.get(key, _UNTOLD))}


def _gaps(estate: Estate) -> Iterator[Row]:
    graph, frame = estate.graph, estate.graph.gaps
    covered, closed = estate.day.covers(frame).tolist(), estate.closed
    nodes_ = frame["node"].tolist()
    for row in range(len(frame)):
        asked = graph.gap_asks(row)
        said = {
            "uid": f"Gap {row}",
            "name": frame["reason"].iat[row],
            "node": graph.key_list[nodes_[row]],
            "states": [state.name for state in graph.gap_states(row)],
            "asks": "" if asked is None else str(frame["asks"].iat[row]),
            "open": covered[row] and row not in closed,
        }
        places = graph.evidence_of("gap", row)
        if places:
            said |= {"artifact": places[0].artifact, "pointer": places[0].pointer}
        for name in ("valid_from", "valid_until"):
            if cell := str(frame[name].iat[row]):
                said[name] = day(cell)
        yield cells(said)


def _ends(graph: Graph) -> Iterator[Row]:
    types, bodies = (graph.ends[name].tolist() for name in ("type", "body"))
    for row, (type_, body) in enumerate(zip(types, bodies, strict=True)):
        yield cells({"uid": f"End {row}", "name": type_, "type": type_, "body": body})


def _documents(artifacts: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    for number, one in enumerate(artifacts):
        plain = {name: value for name, value in one.items() if not isinstance(value, dict)}
        said = cells({**plain, "uid": f"Document {number}", "name": one["artifact"]})
        if one.get("extracted"):
            said["extracted"] = day(str(one["extracted"]))
        if one.get("problem"):
            said["problem"] = text(json.dumps(one["problem"], sort_keys=True))
        yield said


def _paths(assessment: Assessment, edges: Edges) -> Iterator[Row]:
    every = {**assessment.rotation_paths, **assessment.which_paths, **assessment.paths}
    for path_id, steps in sorted(every.items()):
        yield _path(path_id, steps, edges)


def _path(path_id: str, steps: tuple[PathStep, ...], edges: Edges) -> Row:
    """A path as lists of one length: step by step, what it leaves, walks, enters and holds."""
    rows = [edges.of_step(step) for step in steps]
    gates = [text(step.gate) for step in steps]
    return {
        # A list of nothing but empty texts does not outlive an import: it is left out.
        **({"gates": gates} if any(gates) else {}),
        "uid": f"Path {path_id}",
        "name": path_id,
        "path_id": path_id,
        "sources": [place(step.source) for step in steps],
        "targets": [place(step.target) for step in steps],
        "rels": ["" if row is None else edges.key(row) for row in rows],
        "kinds": [step.edge_kind for step in steps],
        "held": [step.state for step in steps],
        "places": [text(step.place) for step in steps],
        "steps": len(steps),
    }


# -- relationships of records -------------------------------------------------------------------


def links(estate: Estate, assessment: Assessment) -> Iterator[Linked]:
    """Relationships between records and the nodes that they speak of."""
    graph, made = estate.graph, _Made(estate.graph)
    gaps = enumerate(graph.gaps["node"].tolist())
    at = ((made.places[node], f"Gap {row}", made.keyed()) for row, node in gaps)
    yield "HAS_GAP", ENTITY, RECORD, at
    ends = enumerate(graph.ends["node"].tolist())
    yield "SAYS", ENTITY, RECORD, ((made.places[n], f"End {row}", made.keyed()) for row, n in ends)
    for name, pairs in _of_gates(graph).items():
        found = made.some((f"Gate {place(gate)}", key) for gate, key in pairs)
        yield name, RECORD, ENTITY, found
    about, for_ = _of_rows(assessment)
    yield "ABOUT", RECORD, ENTITY, made.some(about)
    yield "FOR", RECORD, ENTITY, made.some(for_)
    opens = (
        (f"Rotation {number}", key)
        for number, row in enumerate(assessment.rotation.rows)
        for key in row.opens
    )
    yield "OPENS", RECORD, ENTITY, made.some(opens)


class _Made:
    """Relationships of a graph's nodes, numbered."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.places = [place(key) for key in graph.key_list]
        self._count = 0

    def keyed(self) -> Row:
        self._count += 1
        return {"key": f"record {self._count}"}

    def some(self, pairs: Iterable[tuple[str, str]]) -> Iterator[Relation]:
        """One for each pair of which the second is a node's key."""
        for start, key in dict.fromkeys(pairs):
            if self._graph.node_id(key) is not None:
                yield start, place(key), self.keyed()


def _of_gates(graph: Graph) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    cells_ = graph.edges["gate"].tolist()
    ends = graph.edges["dst"].tolist()
    found["GUARDS"] = [
        (gate, graph.key_list[end]) for gate, end in zip(cells_, ends, strict=True) if gate
    ]
    every = graph.gate_records.values()
    found["APPROVED_BY"] = [(one.key, key) for one in every for key in one.approvers]
    found["ENFORCED_AT"] = [(one.key, one.at) for one in every]
    found["LOGGED_AT"] = [(one.key, one.log) for one in every]
    return found


def _of_rows(
    assessment: Assessment,
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What rows are about, and the targets that they bear on."""
    about: list[tuple[str, str]] = []
    for_: list[tuple[str, str]] = []
    for label, _, rows in _tables(assessment):
        for number, row in enumerate(rows):
            uid = f"{label} {number}"
            about += [(uid, key) for key in _subjects(row)]
            for_ += [(uid, key) for key in _targets(row)]
    for row in assessment.verdicts:
        if row.path_id in assessment.paths:
            about.append((f"Path {row.path_id}", row.identity))
            for_.append((f"Path {row.path_id}", row.target))
    return about, for_


def _subjects(row: object) -> tuple[str, ...]:
    match row:
        case WhichRow() | QuestionRow() | FindingRow():
            return (row.subject,)
        case RotationRow():
            return (row.credential,)
        case CutStep() | PointRow():
            return (row.source, row.destination)
        case _:
            return ()


def _targets(row: object) -> tuple[str, ...]:
    match row:
        case WhichRow():
            return row.relied_on_by
        case RotationRow():
            return row.targets
        case FindingRow():
            return (row.target,)
        case CutStep() | PointRow():
            return tuple(keys_of(row.target))
        case _:
            return ()

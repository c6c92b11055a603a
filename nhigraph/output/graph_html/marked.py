"""What is marked on edges: the smallest cuts, and the controls."""

from collections.abc import Sequence

from nhigraph.assurance.cut_rows import CutStep, PointRow
from nhigraph.assurance.rows import Assessment
from nhigraph.output import changes_said, words
from nhigraph.output.graph_html.drawing import Drawing
from nhigraph.output.graph_html.naming import text

#: Choke points that are told; all are in choke_points.csv.
_POINTS = 200


def cuts(assessment: Assessment, drawn: Drawing) -> list[dict[str, object]]:
    """The smallest cut of every target whose paths the page holds.

    Of its edges: number of the line, number of the change, how many identities it keeps out that
    no other change does, why it can go, and what undoes it.
    """
    lines = _lines(drawn)
    told = {one.target: one for one in assessment.cuts.told}
    rows: dict[tuple[str, str], list[CutStep]] = {}
    for row in assessment.cuts.rows:
        rows.setdefault((row.target, row.effect), []).append(row)
    found: list[dict[str, object]] = []
    for (joined, effect), many in sorted(rows.items()):
        targets = _targets(joined, drawn)
        edges = _edges(many, drawn, lines)
        if not targets or not edges:
            continue
        one = told.get(targets[0])
        changes = len({row.rank for row in many})
        found.append(
            {
                "targets": [drawn.numbers[key] for key in targets],
                "states": effect.split("+"),
                "edges": edges,
                "changes": changes,
                "bound": one.bound if one else 0,
                "cost": one.cost if one else changes,
                "stopped": one.stopped if one else 0,
                "kept": one.not_stopped if one else 0,
                "others": one.others if one else None,
                "changed": _changed(assessment, targets[0], drawn),
            }
        )
    return found


def _changed(assessment: Assessment, target: str, drawn: Drawing) -> list[str]:
    """Answers at other targets that change with a cut, in words."""

    def name(key: str) -> str:
        known = drawn.numbers.get(key)
        return text(assessment.names.get(key) or key) if known is None else drawn.cards[known].name

    return changes_said(assessment.cuts.changed.get(target, ()), name)


def points(assessment: Assessment, drawn: Drawing) -> list[dict[str, object]]:
    """Choke points: what every way of every identity to a target passes, most identities first.

    Of each: the targets, the number of its card or of its line, how many rest on it, and the
    controls that stand there.
    """
    lines: dict[tuple[object, ...], int] = {}
    for number, one in enumerate(drawn.lines):
        lines.setdefault((one.source, one.target, one.kind), number)
    found: list[dict[str, object]] = []
    for row in sorted(assessment.cuts.points, key=_by_weight):
        targets = [drawn.numbers[key] for key in _targets(row.target, drawn)]
        ends = (drawn.numbers.get(row.source), drawn.numbers.get(row.destination))
        node = ends[0] if row.point == "node" else None
        line = lines.get((*ends, text(row.kind))) if row.point != "node" else None
        if targets and (node is not None or line is not None):
            gates = [text(gate) for gate in row.gate.split(";") if gate]
            found.append(
                {
                    "targets": targets,
                    "node": -1 if node is None else node,
                    "edge": -1 if line is None else line,
                    "identities": row.identities,
                    "gates": gates,
                }
            )
    return found[:_POINTS]


def _by_weight(row: PointRow) -> tuple[object, ...]:
    return (-row.identities, row.target, row.point, row.source, row.destination, row.kind)


def _lines(drawn: Drawing) -> dict[tuple[object, ...], int]:
    """Number of each line by what a row of a cut says of it."""
    lines: dict[tuple[object, ...], int] = {}
    for number, line in enumerate(drawn.lines):
        said = (line.source, line.target, line.kind, line.action, line.artifact, line.pointer)
        lines.setdefault(said, number)
    return lines


def _targets(joined: str, drawn: Drawing) -> list[str]:
    """Keys in a cell: one as it stands, or several joined."""
    parts = (joined,) if joined in drawn.numbers else joined.split(";")
    return [key for key in parts if key in drawn.numbers]


def _edges(
    rows: Sequence[CutStep], drawn: Drawing, lines: dict[tuple[object, ...], int]
) -> list[list[object]]:
    found: list[list[object]] = []
    for row in sorted(rows, key=lambda row: row.rank):
        action = text(words()["action"].get(row.action, row.action))
        ends = (drawn.numbers.get(row.source), drawn.numbers.get(row.destination))
        said = (*ends, text(row.edge_kind), action, text(row.artifact), text(row.pointer))
        if said in lines:
            told = (text(row.reason), text(row.statement))
            found.append([lines[said], row.rank, row.identities, *told])
    return found


def gates(assessment: Assessment, drawn: Drawing) -> dict[str, dict[str, object]]:
    """The controls on the edges of the page: their names, and what their tests came to."""
    there = {line.gate for line in drawn.lines if line.gate}
    found: dict[str, dict[str, object]] = {}
    for row in assessment.controls:
        name = text(row.gate)
        if name not in there:
            continue
        asked = words()["gate_test"]
        found[name] = {
            "name": text(row.name),
            "kind": text(row.kind),
            "note": text(assessment.gate_notes.get(row.gate, "")),
            "holds": row.holds,
            "tests": {
                said: [asked.get(test, test) for test in row.said(said)]
                for said in ("yes", "no", "not told")
            },
            "place": text(f"{row.artifact} {row.pointer}".strip()),
        }
    return found

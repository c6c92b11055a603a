"""Controls: the gates of an estate beside their tests, and what rests on each.

One row per gate that stands on a move that leads to a target or a gap, or that is declared.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import Weighing, standing_on
from nhigraph.assurance.rows import ControlRow
from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.graph.store import GateRecord
from nhigraph.records import dataclass
from nhigraph.schema.controls import tests_of
from nhigraph.schema.types import GateKind

_SAID = {True: "yes", False: "no", None: "not told"}

#: What a test asks, in words.
ASKS: Mapping[str, str] = {
    "human": "whether a person decides",
    "enforced_by_target": "whether the target itself enforces it",
    "out_of_reach": "whether it is out of reach of those it holds back",
    "content_bound": "whether what is approved is what then happens",
    "no_auto_threshold": "whether nothing passes without a decision",
    "log_out_of_reach": "whether the log of its decisions is out of reach",
    "restorable": "whether what is lost can be brought back",
    "tested": "whether that was tried",
}


def unanswered(row: ControlRow) -> tuple[str, ...]:
    """What is not told of a control, in words; one that nobody describes is told as a whole."""
    missing = row.said("not told")
    if not row.kind or set(missing) == set(tests_of(row.kind)):
        return ("no input describes it",)
    return tuple(ASKS[name] for name in missing)


@dataclass(slots=True)
class Rested:
    """Rows that rest on one gate."""

    identities: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)


def control_rows(
    estate: Estate, standing: Iterable[str], rested: Mapping[str, Rested]
) -> tuple[ControlRow, ...]:
    """Rows of controls.csv, by gate.

    Args:
        estate: What is judged.
        standing: Keys of the gates that stand on what leads to a target.
        rested: Gate to the rows that rest on it.
    """
    weighing = Weighing(estate)
    names = sorted({*standing, *estate.graph.gate_records})
    return tuple(_row(estate, weighing, name, rested.get(name, Rested())) for name in names)


def _row(estate: Estate, weighing: Weighing, gate: str, rested: Rested) -> ControlRow:
    record = estate.graph.gate_records.get(gate)
    place = place_of(estate, gate)
    answers = {name: _SAID[answer] for name, answer in weighing.tests(gate).items()}
    return ControlRow(
        gate,
        record.kind if record and record.kind != GateKind.CONTROL else "",
        name_of(estate, gate),
        record.at if record else "",
        record.log if record else "",
        identities=len(rested.identities),
        targets=tuple(sorted(rested.targets)),
        artifact=place.artifact if place else "",
        pointer=place.pointer if place else "",
        resting=tuple(sorted(rested.identities)),
        **{name: answers.get(name, "") for name in ASKS},
    )


def places_of(estate: Estate, gate: str) -> list[Evidence]:
    """Where a gate was said, else where the edges name it; smallest place first."""
    graph = estate.graph
    cells = graph.gates["key"].to_numpy(dtype=object)
    rows = np.flatnonzero(cells == gate).tolist()
    if rows:
        return graph.evidence_of("gate", rows[0])
    return sorted({graph.evidence_of("edge", edge)[0] for edge in guarded_edges(estate, gate)})


def place_of(estate: Estate, gate: str) -> Evidence | None:
    """The first of these places."""
    return next(iter(places_of(estate, gate)), None)


def guarded_edges(estate: Estate, gate: str) -> list[int]:
    """Edges that a gate stands on, by number, in force or not."""
    columns = {id(column): column for column in standing_on(estate).values()}
    found = {edge for column in columns.values() for edge in np.flatnonzero(column == gate)}
    return sorted(int(edge) for edge in found)


def name_of(estate: Estate, gate: str) -> str:
    """What people call a gate: what it is, and of what."""
    graph = estate.graph
    record = graph.gate_records.get(gate)
    if record is None:
        return gate
    target = next((t for t in estate.targets if keys.Recovery(t.key).text == gate), None)
    if target is not None:
        return f"recovery of {target.id}" + (f" ({target.category})" if target.category else "")
    at = graph.node_id(record.at) if record.at else None
    if at is None:
        return gate
    of = str(graph.nodes["name"].iat[at] or record.at)
    return f"{record.kind} of {graph.kind_list[at].lower()} {of}"


def sentence(estate: Estate, row: ControlRow) -> str:
    """A gate in one line: what it is, who decides, what fails and what is not told."""
    record = estate.graph.gate_records.get(row.gate)
    if record is None:
        return "named on an edge, described by no input: unknown"
    parts = [f"{record.kind}{_by(record)}"]
    if record.kind == GateKind.RECOVERY and row.holds:
        place = place_of(estate, row.gate)
        parts.append(f"tested: claimed in {place.place}" if place else "tested")
    if row.said("no"):
        parts.append(f"fails: {', '.join(row.said('no'))}")
    if row.said("not told"):
        missing = row.said("not told")
        nothing = len(missing) == len(tests_of(record.kind))
        parts.append("no input describes it" if nothing else f"not told: {', '.join(missing)}")
    return "; ".join(parts)


def _by(record: GateRecord) -> str:
    if record.approvers:
        return f" by {', '.join(record.approvers)}"
    if record.kind in {GateKind.APPROVAL, GateKind.REVIEW}:
        return ", by whom no input says"
    return ""

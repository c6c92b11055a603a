"""What the inputs say of one control."""

from nhigraph.app.judged import Judged
from nhigraph.app.questions.explain import Explained, Said
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import controls_of
from nhigraph.assurance.controls import ASKS, guarded_edges, places_of, sentence
from nhigraph.assurance.rows import ControlRow


def explain_gate(judged: Judged, ident: str) -> Explained | None:
    """A control by its key; None where nothing is guarded by it and no input declares it."""
    if not ident:
        return None  # what no gate guards has an empty one
    estate, graph = judged.estate, judged.estate.graph
    edges = guarded_edges(estate, ident)
    if not edges and ident not in graph.gate_records:
        return None
    found = controls_of(Analysis(estate))
    row = next((one for one in found if one.gate == ident), None)
    said = _said(row, sentence(estate, row)) if row is not None else []
    record = graph.gate_records.get(ident)
    said += [Said("approver", key) for key in (record.approvers if record else ())]
    for edge in edges:
        one = graph.edges.iloc[edge]
        ends = f"{graph.key_list[int(one['src'])]} → {graph.key_list[int(one['dst'])]}"
        place = graph.evidence_of("edge", edge)[0].full_place
        said.append(Said("guards", f"{one['kind']} {ends}  [{place}]"))
    return Explained(f"Gate {ident}", said, places_of(estate, ident))


def _said(row: ControlRow, about: str) -> list[Said]:
    cells = [("name", row.name), ("kind", row.kind), ("is", about), ("at", row.at)]
    cells += [("log", row.log)]
    cells += [(name, f"{getattr(row, name)}: {asked}") for name, asked in ASKS.items()]
    cells += [("identities", str(row.identities)), *(("target", key) for key in row.targets)]
    return [Said(name, value) for name, value in cells if value and not value.startswith(": ")]

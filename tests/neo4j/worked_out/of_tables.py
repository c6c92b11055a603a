"""Questions about what stands beside the graph: tables, controls, two snapshots, one node."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from tests.neo4j.worked_out.folder import Edge, Folder, Row, Worked, listed

_TESTS: Final = (
    *("human", "enforced_by_target", "out_of_reach", "content_bound", "no_auto_threshold"),
    *("log_out_of_reach", "restorable", "tested"),
)
_EVERY_STATE: Final = ("CONTROL", "ALTER", "OMIT", "READ", "HALT")
Given = Mapping[str, Any]


def _table(name: str, columns: str, lists: str = "", numbers: str = "") -> Worked:
    """Columns of a table; ``ours=theirs`` where the question calls one otherwise."""
    pairs = [word.partition("=") for word in columns.split()]

    def worked(told: Folder, given: Given) -> list[Row]:
        return [
            {ours: _cell(row[theirs or ours], ours, lists, numbers) for ours, _, theirs in pairs}
            for row in told.table(name)
        ]

    return worked


def _cell(cell: str, name: str, lists: str, numbers: str) -> object:
    if name in lists.split():
        return listed(cell)
    if name in numbers.split():
        return int(cell) if cell else None
    return cell


# -- two snapshots ------------------------------------------------------------------------------


def _changed_answers(told: Folder, given: Given) -> list[Row]:
    now, was = (_said(one) for one in (told, told.earlier or told))
    return [
        {"identity": pair[0], "target": pair[1], "was": was.get(pair, "nothing"),
         "now": now.get(pair, "nothing")}
        for pair in now.keys() | was.keys()
        if now.get(pair) != was.get(pair)
    ]  # fmt: skip


def _said(told: Folder) -> dict[tuple[str, str], str]:
    return {
        (row["identity"], row["target"]): f"{row['verdict']} {row['exposure']}"
        for row in told.verdicts
    }


def _changed_identities(told: Folder, given: Given) -> list[Row]:
    earlier = told.earlier or told
    sides = (("came", told, earlier), ("went", earlier, told))
    return [
        {"change": change, "key": one.key, "kind": one.kind, "name": one.name,
         "verdict": here.identities.get(one.key, {}).get("verdict", "")}
        for change, here, there in sides
        for one in here.nodes.values()
        if (one.nhi or one.credential) and one.key not in there.nodes
    ]  # fmt: skip


def _changed_edges(told: Folder, given: Given) -> list[Row]:
    def known(one: Folder) -> dict[tuple[Any, ...], Edge]:
        return {(edge.source, edge.target, edge.says): edge for edge in one.edges}

    now, was = known(told), known(told.earlier or told)
    sides = (("came", now, was), ("went", was, now))
    return [
        {"change": change, "source": edge.source, "kind": edge.kind, "target": edge.target,
         "place": edge.place}
        for change, here, there in sides
        for said, edge in here.items()
        if said not in there
    ]  # fmt: skip


# -- controls and coverage ----------------------------------------------------------------------


def _gates(told: Folder) -> list[str]:
    named = {edge.gate for edge in told.edges if edge.gate}
    return sorted(named | told.gates.keys() | told.controls.keys())


def _answered(told: Folder, gate: str, answer: str) -> list[str]:
    row = told.controls.get(gate, {})
    return [test for test in _TESTS if row.get(test) == answer]


def _name(told: Folder, gate: str) -> str:
    return str(told.controls.get(gate, {}).get("name") or gate)


def _carrying(told: Folder, given: Given) -> list[Row]:
    def row_of(gate: str) -> Row:
        row = told.controls.get(gate)
        untold = _answered(told, gate, "not told")
        declared = told.gates.get(gate, {}).get("kind", "")
        return {
            "gate": gate, "kind": row["kind"] if row else declared, "name": _name(told, gate),
            "identities": int(row["identities"]) if row else 0,
            "targets": listed(row["targets"]) if row else [],
            "holds": bool(row["kind"]) and not untold and not _answered(told, gate, "no")
            if row else None,
            "not_told": untold,
        }  # fmt: skip

    return [row_of(gate) for gate in _gates(told)]


def _unproven(told: Folder, given: Given) -> list[Row]:
    rows = [
        {"gate": gate, "name": _name(told, gate), "declared": gate in told.gates,
         "failed": _answered(told, gate, "no"), "not_told": _answered(told, gate, "not told")}
        for gate in _gates(told)
    ]  # fmt: skip
    return [row for row in rows if not row["declared"] or row["failed"] or row["not_told"]]


def _is_answered(told: Folder, gap: Row) -> bool:
    """Whether the scope says what a secret opens that nobody else says it of."""
    return "opens" in gap["asks"] and any(
        one["about"] == "secret" and fnmatchcase(gap["key"], one["subject"].removeprefix("key: "))
        for one in told.coverage["answers"]
    )


def _gaps(told: Folder, given: Given) -> list[Row]:
    return [
        {"node": gap["key"], "reason": gap["reason"],
         "states": [state for state in _EVERY_STATE if state in gap["states"]]
         or list(_EVERY_STATE),
         "open": told.covers(gap) and not _is_answered(told, gap),
         "identities": sorted(
             row["identity"] for row in told.identities.values()
             if gap["key"] in listed(row["gaps"])
         )}
        for gap in told.gaps
    ]  # fmt: skip


def _documents(told: Folder, given: Given) -> list[Row]:
    return [
        {"artifact": one["artifact"], "source": one["source"], "status": one["status"],
         "accepted": one["accepted"], "quarantined": one["quarantined"],
         "problem": json.dumps(one["problem"], sort_keys=True) if one["problem"] else ""}
        for one in told.coverage["artifacts"]
    ]  # fmt: skip


def _absent(told: Folder, given: Given) -> list[Row]:
    names = ("source", "settles", "command", "readable")
    return [{name: one[name] for name in names} for one in told.coverage["absent"]]


def _snapshot(told: Folder, given: Given) -> list[Row]:
    counted = Counter(row["verdict"] for row in told.identities.values())
    return [
        {"name": told.name, "organization": told.claim.get("organization", ""),
         "as_of": told.as_of, "complete": told.coverage["complete"],
         "identities": len(told.identities),
         "verdicts": [f"{count} {verdict}" for verdict, count in sorted(counted.items())]}
    ]  # fmt: skip


def _population(told: Folder, given: Given) -> list[Row]:
    return [
        {"key": one.key, "kind": one.kind, "name": one.name, "owner": one.owner,
         "state": one.state, "artifact": re.split(r" (?:/|row \d)", one.place)[0]}
        for one in told.nodes.values()
        if one.nhi or one.credential
    ]  # fmt: skip


# -- fixes and reports --------------------------------------------------------------------------


def _smallest_cut(told: Folder, given: Given) -> list[Row]:
    return [
        {"rank": int(row["rank"]), "source": row["from"], "kind": row["edge_kind"],
         "destination": row["to"], "action": row["action"],
         "identities": int(row["identities"]), "statement": row["statement"]}
        for row in told.table("cuts")
        if given["target"] in listed(row["target"])
    ]  # fmt: skip


def _split(told: Folder, given: Given) -> list[Row]:
    return [
        {"subject": row["subject"], "name": row["name"], "owners": listed(row["split_owners"]),
         "answer": row["answer"], "relied_on_by": listed(row["relied_on_by"])}
        for row in told.table("which")
        if row["split_owners"]
    ]  # fmt: skip


def _vendors(told: Folder, given: Given) -> list[Row]:
    return [
        {"subject": row["subject"], "name": row["name"], "answer": row["answer"],
         "evidence": listed(row["evidence"]), "relied_on_by": listed(row["relied_on_by"])}
        for row in told.table("which")
        if row["kind"] == "vendor"
    ]  # fmt: skip


# -- one node -----------------------------------------------------------------------------------


def _neighbours(told: Folder, given: Given) -> list[Row]:
    """Facts and answers at the node; records have names of their own: their kind counts."""
    node = given["node"]
    found = [
        ("out" if edge.source == node else "in", edge.kind,
         edge.target if edge.source == node else edge.source)
        for edge in told.edges
        if node in {edge.source, edge.target}
    ]  # fmt: skip
    for row in told.verdicts:
        ends = (("out", row["identity"], row["target"]), ("in", row["target"], row["identity"]))
        for direction, here, there in ends:
            if here == node:
                other = there if there in told.nodes else "Everything"
                states = told.held(row) or {"UNKNOWN"}
                found += [(direction, f"REACH_{state}", other) for state in states]
    found += [("out", "HAS_GAP", "Gap") for gap in told.gaps if gap["key"] == node]
    found += [("out", "SAYS", "End") for key in told.ends if key == node]
    found += [("in", kind, "Gate") for kind in _of_gates(told, node)]
    found += [("in", kind, label) for kind, label in _of_records(told, node)]
    return [
        {"direction": direction, "kind": kind,
         "other_kind": told.nodes[other].kind if other in told.nodes else other}
        for direction, kind, other in found
    ]  # fmt: skip


def _of_gates(told: Folder, node: str) -> list[str]:
    guarding = {edge.gate for edge in told.edges if edge.gate and edge.target == node}
    found = ["GUARDS" for _ in guarding]
    for gate in told.gates.values():
        found += ["APPROVED_BY"] * (node in gate["approvers"])
        found += ["ENFORCED_AT"] * (node == gate["at"]) + ["LOGGED_AT"] * (node == gate["log"])
    return found


def _of_records(told: Folder, node: str) -> list[tuple[str, str]]:
    """Records that are about the node, for it, or open it: one relationship for each record."""
    tables = {
        "which": ("Which", {"subject"}, {"relied_on_by"}),
        "questions": ("Question", {"subject"}, set()),
        "findings": ("Finding", {"subject"}, {"target"}),
        "rotation": ("Rotation", {"credential"}, {"targets"}),
        "cuts": ("Cut", {"from", "to"}, {"target"}),
        "choke_points": ("ChokePoint", {"from", "to"}, {"target"}),
    }
    found: list[tuple[str, str]] = []
    for name, (label, about, for_) in tables.items():
        for row in told.table(name):
            found += [("ABOUT", label)] * (node in _cells(row, about))
            found += [("FOR", label)] * (node in _cells(row, for_))
            found += [("OPENS", label)] * (node in _cells(row, {"opens"}))
    for row in told.verdicts:
        if row["path_id"] in told.paths:
            found += [("ABOUT", "Path")] * (node == row["identity"])
            found += [("FOR", "Path")] * (node == row["target"])
    return found


def _cells(row: Row, names: Iterable[str]) -> set[str]:
    return {item for name in names for item in listed(row.get(name, ""))}


WORKED: Final[dict[str, Worked]] = {
    "changes/answers": _changed_answers,
    "changes/identities": _changed_identities,
    "changes/relationships": _changed_edges,
    "controls/carry-everything": _carrying,
    "controls/not-proven": _unproven,
    "coverage/absent-exports": _absent,
    "coverage/documents": _documents,
    "coverage/gaps": _gaps,
    "coverage/snapshots": _snapshot,
    "credentials/most-harmful": _table(
        "rotation", "rank credential opens soc1 soc2 effects targets age_days",
        "opens soc2 effects targets", "rank age_days",
    ),
    "explore/neighbours": _neighbours,
    "fix/choke-points": _table(
        "choke_points", "target point kind source=from destination=to gate identities",
        numbers="identities",
    ),
    "fix/rotate-first": _table(
        "rotation", "rank credential age_days last_used breaks", "breaks", "rank age_days"
    ),
    "fix/settle-first": _table(
        "questions", "rank question identities rows answers command", "answers",
        "rank identities rows",
    ),
    "fix/smallest-cut": _smallest_cut,
    "identities/population": _population,
    "reports/findings": _table("findings", "severity rule subject target title owner"),
    "reports/split-ownership": _split,
    "reports/vendors": _vendors,
    "reports/which-report": _table(
        "which", "subject kind name answer question soc1 soc2 relied_on_by boundary",
        "soc2 relied_on_by boundary",
    ),
}  # fmt: skip

"""Questions about who reaches what, answered from verdicts.csv, identities.csv and paths.csv."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tests.neo4j.worked_out.folder import Edge, Folder, Row, Worked, days, listed

_EVERYTHING: Final = "every target without an answer of its own"
_WORST: Final = ("open", "undetermined", "relies_on_subservice", "gated", "in-population")
Given = Mapping[str, Any]


def _known(told: Folder) -> list[Row]:
    """Rows in which something is held."""
    return [row for row in told.verdicts if told.held(row)]


def _node(told: Folder, key: str) -> Row:
    one = told.nodes[key]
    return {"name": one.name, "owner": one.owner, "kind": one.kind}


def _financial(rows: Iterable[Row], *states: str) -> list[Row]:
    return [
        row
        for row in rows
        if row["target"].startswith("fin:") and set(row["states"].split("+")) & set(states)
    ]


def _said(row: Row) -> Row:
    names = ("verdict", "soc1", "exposure", "certainty")
    return {name: row[name] for name in names} | {
        "soc2": listed(row["soc2"]), "steps": int(row["steps"])
    }  # fmt: skip


def _grouped(rows: Iterable[Row], name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return dict(found)


# -- who, and what ------------------------------------------------------------------------------


def _who(state: str) -> Worked:
    """Whoever holds a state at the target, and whoever may: a gap is reached, and hides that."""

    def worked(told: Folder, given: Given) -> list[Row]:
        here = [row for row in told.verdicts if row["target"] == given["target"]]
        known = {row["identity"]: row for row in here if state in told.held(row)}
        unsure = {
            row["identity"]: row
            for row in told.verdicts
            if row["target"] == "*" and row["identity"] not in known
        }
        return [
            {"identity": key, "name": _node(told, key)["name"], "known": key in known} | _said(row)
            for key, row in (known | unsure).items()
        ]

    return worked


def _every(told: Folder, given: Given) -> list[Row]:
    names = ("identity", "target", "states")
    return [{name: row[name] for name in names} | _said(row) for row in told.verdicts]


def _reached(told: Folder, given: Given) -> list[Row]:
    def name(target: str) -> str:
        return told.nodes[target].name if target in told.nodes else _EVERYTHING

    return [
        {"target": row["target"], "name": name(row["target"]), "states": row["states"]}
        | _said(row)
        for row in told.verdicts
        if row["identity"] == given["identity"]
    ]


def _most(told: Folder, given: Given) -> list[Row]:
    return [
        {"identity": key, "name": _node(told, key)["name"],
         "verdict": told.identities[key]["verdict"], "targets": len(rows),
         "open_targets": sum(row["exposure"] == "open" for row in rows)}
        for key, rows in _grouped(_known(told), "identity").items()
    ]  # fmt: skip


def _each(told: Folder, given: Given) -> list[Row]:
    return [
        {name: row[name] for name in ("identity", "kind", "name", "verdict", "soc1", "exposure")}
        | {"name": row["name"] or row["identity"], "owner": row["owner"],
           "soc2": listed(row["soc2"]), "weaknesses": listed(row["weaknesses"])}
        for row in told.identities.values()
    ]  # fmt: skip


def _open(told: Folder, given: Given) -> list[Row]:
    rows = _financial(told.verdicts, "CONTROL", "ALTER", "OMIT")
    open_ = [row for row in rows if row["soc1"] == "direct" and row["exposure"] == "open"]
    return [
        {"identity": key, "name": _node(told, key)["name"], "owner": _node(told, key)["owner"],
         "targets": sorted(row["target"] for row in many),
         "certainty": "can" if any(row["certainty"] == "can" for row in many) else "may",
         "fewest_steps": min(int(row["steps"]) for row in many)}
        for key, many in _grouped(open_, "identity").items()
    ]  # fmt: skip


def _both(told: Folder, given: Given) -> list[Row]:
    books = _financial(told.verdicts, "CONTROL", "ALTER", "OMIT", "HALT")
    books = [row for row in books if row["soc1"] in {"direct", "indirect"}]
    promises = [r for r in _known(told) if r["target"].startswith("trust:") and r["soc2"]]
    one, two = _grouped(books, "identity"), _grouped(promises, "identity")
    return [
        {"identity": key, "name": _node(told, key)["name"], "owner": _node(told, key)["owner"],
         "books": sorted(row["target"] for row in one[key]),
         "promises": sorted(row["target"] for row in two[key])}
        for key in one.keys() & two.keys()
    ]  # fmt: skip


def _agents(told: Folder, given: Given) -> list[Row]:
    held = _grouped(_known(told), "identity")
    return [
        {"agent": one.key, "kind": one.kind, "name": one.name,
         "targets": sorted(row["target"] for row in held.get(one.key, ())),
         "verdict": told.identities.get(one.key, {}).get("verdict"),
         "exposure": told.identities.get(one.key, {}).get("exposure")}
        for one in told.nodes.values()
        if one.kinds & {"AiAgent", "McpServer"}
    ]  # fmt: skip


def _jobs(told: Folder, given: Given) -> list[Row]:
    rows = _financial(told.verdicts, "CONTROL", "ALTER", "OMIT")
    jobs = [row for row in rows if "CiJob" in told.nodes[row["identity"]].kinds]
    return [
        {"job": key, "name": _node(told, key)["name"],
         "targets": sorted(row["target"] for row in many),
         "exposures": sorted({row["exposure"] for row in many}, key=_WORST.index)}
        for key, many in _grouped(jobs, "identity").items()
    ]  # fmt: skip


def _undecided(told: Folder, given: Given) -> list[Row]:
    return [
        {"identity": row["identity"], "target": row["target"], "verdict": row["verdict"],
         "gaps": listed(row["gaps"])}
        for row in told.verdicts
        if not told.held(row)
    ]  # fmt: skip


# -- paths --------------------------------------------------------------------------------------


def _printed(told: Folder) -> list[tuple[Row, list[Row]]]:
    """Rows of verdicts whose path is there, with its steps."""
    rows = ((row, told.paths.get(row["path_id"], [])) for row in told.verdicts)
    return [(row, steps) for row, steps in rows if steps]


def _passed(steps: list[Row]) -> set[str]:
    return {step[end] for step in steps for end in ("from", "to")}


def _long_lived(told: Folder, given: Given) -> list[Row]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row, steps in _printed(told):
        if row["target"].startswith("fin:"):
            for key in _passed(steps):
                if told.nodes[key].credential:
                    found[key].append(row)
    rows = []
    for key, on in found.items():
        props = told.nodes[key].props
        since = props.get("rotated") or props.get("created")
        age = days(since, told.as_of) if since else None
        if age is None or age > given["days"]:
            rows.append(
                {"credential": key, "name": told.nodes[key].name, "age_days": age,
                 "rotated": props.get("rotated"), "created": props.get("created"),
                 "identities": sorted({row["identity"] for row in on}),
                 "targets": sorted({row["target"] for row in on})}
            )  # fmt: skip
    return rows


def _third_parties(told: Folder, given: Given) -> list[Row]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row, steps in _printed(told):
        for key in _passed(steps):
            if told.nodes[key].props.get("vendor") or told.boundary.get(key, "in") != "in":
                found[key].append(row)
    return [
        {"node": key, "name": told.nodes[key].name,
         "vendor": told.nodes[key].props.get("vendor", ""),
         "boundary": told.boundary.get(key, "in"),
         "identities": sorted({row["identity"] for row in on}),
         "targets": sorted({row["target"] for row in on})}
        for key, on in found.items()
    ]  # fmt: skip


def _passing(told: Folder, given: Given) -> list[Row]:
    return [
        {name: row[name] for name in ("identity", "target", "path_id", "exposure")}
        for row, steps in _printed(told)
        if given["node"] in _passed(steps)
    ]


def walked(told: Folder, step: Row) -> Edge:
    """The edge that a step goes along, in one direction or the other."""
    ends = step["from"], step["to"]
    found = [
        edge
        for edge in told.edges
        if edge.kind == step["edge_kind"]
        and (edge.source, edge.target) in {ends, ends[::-1]}
        and (edge.artifact, edge.pointer, edge.gate)
        == (step["artifact"], step["pointer"], step["gate"])
        and edge.condition in step["condition"]
    ]
    return max(found, key=lambda edge: len(edge.condition))


def _the_path(told: Folder, given: Given) -> list[Row]:
    wanted = given["identity"], given["target"]
    steps = [steps for row, steps in _printed(told) if (row["identity"], row["target"]) == wanted]
    return [
        {"step": number, "source": step["from"], "kind": step["edge_kind"], "target": step["to"],
         "held": step["state"], "gate": step["gate"],
         "certainty": walked(told, step).certainty, "excerpt": walked(told, step).excerpt}
        for number, step in enumerate(steps[0] if steps else (), 1)
    ]  # fmt: skip


def _stops(told: Folder, given: Given) -> list[Row]:
    row = next(row for row in told.table("rotation") if row["credential"] == given["credential"])
    return [
        {"step": number, "source": step["from"], "kind": step["edge_kind"], "target": step["to"],
         "gate": step["gate"], "gate_holds": _holds(told, step["gate"]),
         "cut": _cut(told, step)}
        for number, step in enumerate(told.paths.get(row["path_id"], ()), 1)
    ]  # fmt: skip


def _cut(told: Folder, step: Row) -> list[str]:
    """Targets of whose smallest cut the step's edge is part."""
    edge = walked(told, step)
    same = ("edge_kind", "from", "to", "artifact", "pointer")
    wanted = (edge.kind, edge.source, edge.target, edge.artifact, edge.pointer)
    rows = [row for row in told.table("cuts") if tuple(row[name] for name in same) == wanted]
    return sorted({target for row in rows for target in listed(row["target"])})


def _holds(told: Folder, gate: str) -> bool | None:
    row = told.controls.get(gate)
    if row is None:
        return None
    tests = ("human", "enforced_by_target", "out_of_reach", "content_bound", "no_auto_threshold",
             "log_out_of_reach", "restorable", "tested")  # fmt: skip
    return bool(row["kind"]) and {row[name] for name in tests} <= {"yes", ""}


WORKED: Final[dict[str, Worked]] = {
    "agents/what-agents-reach": _agents,
    "change/jobs-that-reach-the-books": _jobs,
    "coverage/undecided": _undecided,
    "credentials/long-lived-on-altering-paths": _long_lived,
    "credentials/what-stops-it": _stops,
    "reach/every-answer": _every,
    "reach/finance-and-security": _both,
    "reach/one-identity-many-targets": _most,
    "reach/open-ways-to-the-books": _open,
    "reach/show-the-path": _the_path,
    "reach/third-parties-on-paths": _third_parties,
    "reach/verdict-of-each-identity": _each,
    "reach/what-it-reaches": _reached,
    "reach/who-can-alter": _who("ALTER"),
    "reach/who-can-make-rows-go-missing": _who("OMIT"),
    "reach/who-can-read": _who("READ"),
    "reach/who-can-stop": _who("HALT"),
    "reach/who-controls": _who("CONTROL"),
    "reach/who-passes-a-node": _passing,
}

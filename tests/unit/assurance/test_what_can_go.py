"""What cuts and findings take away: no right of a platform's own, and as the scope prices it."""

import json
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.findings import findings
from nhigraph.app.judged import Judged, of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.cuts.asked import Asked
from nhigraph.assurance.cuts.smallest import Found, cut

_CRM = Path(__file__).parents[1] / "sources" / "postgres" / "connect" / "crm.postgres.json"
_APP, _TABLE = "role:postgres:crm/app", '"public"."customer"'


def _judged(folder: Path, exported: dict[str, Any], key: str, **cuts: object) -> Judged:
    (folder / f"{'crm.postgres' if 'roles' in exported else 'a.facts'}.json").write_text(
        json.dumps(exported), encoding="utf-8"
    )
    target = {
        "id": "t",
        "family": "financial-reporting",
        "fs_role": "record",
        "icfr_basis": "own",
        "select": [{"key": key}],
    }
    scope = {
        "nhigraph": "scope/1",
        "organization": "Acme",
        "commitments": ["S", "A"],
        "targets": [target],
        "cuts": cuts,
    }
    (folder / "scope.json").write_text(json.dumps(scope), encoding="utf-8")
    return of_collection(collect([folder]), option="2026-11-23")


def _cut(judged: Judged, walker: str) -> Found:
    graph = judged.estate.graph
    ends = [graph.node_id(key) for key in ("fin:t", walker)]
    assert None not in ends
    target, node = (end for end in ends if end is not None)
    return cut(judged.estate, Asked([target], walkers=[node]))


def _keep(*labels: str) -> list[dict[str, Any]]:
    return [{"match": {"edge": label}} for label in labels]


def test_what_everybody_may_is_revoked_from_everybody_and_nobody_leaves(tmp_path: Path) -> None:
    exported = json.loads(_CRM.read_text(encoding="utf-8"))
    found = _cut(_judged(tmp_path, exported, "*customer"), _APP)
    assert {(row.pointer, row.statement) for row in found.rows} == {
        ("/relations/0/acl/1", f"REVOKE INSERT, SELECT ON TABLE {_TABLE} FROM PUBLIC;")
    }


def test_where_that_is_kept_nothing_stops_whom_everybody_is(tmp_path: Path) -> None:
    exported = json.loads(_CRM.read_text(encoding="utf-8"))
    kept = _keep("CAN_WRITE", "HOLDS")
    found = _cut(_judged(tmp_path, exported, "*customer", keep=kept), _APP)
    assert (found.beyond, found.rows) == ((_APP,), ())


def test_a_predefined_role_is_left_by_its_members_and_keeps_its_rights(tmp_path: Path) -> None:
    exported = json.loads(_CRM.read_text(encoding="utf-8"))
    member = {"role": "pg_write_all_data", "member": "stranger", "grantor": "postgres"}
    exported["memberships"] += [{**member, "inherit": True, "set": True, "admin": False}]
    exported["relations"][0]["acl"] = ["postgres=arwdDxt/postgres"]
    found = _cut(_judged(tmp_path, exported, "*customer"), "role:postgres:crm/stranger")
    assert [row.statement for row in found.rows] == ['REVOKE "pg_write_all_data" FROM "stranger";']


FACTS = {
    "nhigraph": "facts/1",
    "nodes": [
        {"kind": "ServiceAccount", "key": "app:a"},
        {"kind": "Group", "key": "app:g"},
        {"kind": "Dataset", "key": "dataset:x:gl"},
    ],
    "edges": [
        {"kind": "MEMBER_OF", "from": "app:a", "to": "app:g"},
        {"kind": "CAN_DELETE", "from": "app:g", "to": "dataset:x:gl"},
    ],
}
_RIGHT, _MEMBER = "app:g -CAN_DELETE-> dataset:x:gl", "app:a -MEMBER_OF-> app:g"


@pytest.mark.parametrize(
    ("cuts", "ends"),
    [
        ({}, (_RIGHT,)),
        ({"keep": _keep("CAN_DELETE")}, (_MEMBER,)),
        ({"weights": [{"match": {"edge": "CAN_DELETE"}, "weight": 2}]}, (_MEMBER,)),
        ({"keep": _keep("CAN_DELETE", "MEMBER_OF")}, ()),
    ],
    ids=["nothing said", "kept", "dear", "all kept"],
)
def test_what_ends_a_finding_is_what_a_cut_would_take(
    cuts: dict[str, Any], ends: tuple[str, ...], tmp_path: Path
) -> None:
    judged = _judged(tmp_path, FACTS, "dataset:x:gl", **cuts)
    rows = findings(Analysis(judged.estate)).rows
    destroys = [row for row in rows if row.rule == "key_or_data_destruction"]
    assert {row.cut_edge for row in destroys if row.subject == "app:a"} == {ends}
    found = _cut(judged, "app:a")
    said = [f"{row.source} -{row.edge_kind} {row.action}".strip() for row in found.rows]
    assert [f"{one}-> {row.destination}" for one, row in zip(said, found.rows, strict=True)] == [
        *ends
    ]


DUTIES = {
    **FACTS,
    "edges": [
        {"kind": "CAN_WRITE", "from": "app:a", "to": "dataset:x:gl", "action": "post"},
        {"kind": "CAN_WRITE", "from": "app:a", "to": "dataset:x:gl", "action": "approve"},
        {"kind": "CAN_DELETE", "from": "app:g", "to": "dataset:x:gl"},
    ],
}


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])
def test_what_the_scope_keeps_ends_no_mixture_of_duties(kept: bool, tmp_path: Path) -> None:
    judged = _judged(tmp_path, DUTIES, "dataset:x:gl", keep=_keep("CAN_WRITE") if kept else [])
    rows = findings(Analysis(judged.estate)).rows
    (found,) = (row.cut_edge for row in rows if row.rule == "sod_conflict")
    assert found == (() if kept else ("app:a -CAN_WRITE approve-> dataset:x:gl",))

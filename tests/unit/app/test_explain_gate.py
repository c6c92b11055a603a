"""What `explain` says of a control."""

from pathlib import Path
from typing import Any

from nhigraph.app.collect import collect
from nhigraph.app.estate import Judged, of_collection
from nhigraph.app.questions.explain import Explained
from nhigraph.app.questions.explain_gate import explain_gate
from nhigraph.schema.controls import GATE_TESTS
from tests.estate_files import write_estate

GATE: dict[str, Any] = {
    "key": "t:four-eyes",
    "kind": "approval",
    "approvers": ["t:jane", "t:joe"],
    "at": "t:erp",
    "log": "t:log",
    "tests": {test: test != "content_bound" for test in GATE_TESTS if test != "human"},
}


def _estate(folder: Path) -> Judged:
    kinds = {"t:bot": "ServiceAccount", "t:gl": "Dataset", "t:jane": "User", "t:joe": "User"}
    kinds |= {"t:erp": "System", "t:log": "AuditLog"}
    facts = {
        "nhigraph": "facts/1",
        "nodes": [{"kind": kind, "key": key} for key, kind in kinds.items()],
        "edges": [
            {"kind": "CAN_WRITE", "from": "t:bot", "to": "t:gl", "gate": "t:four-eyes"},
            {"kind": "CAN_DELETE", "from": "t:bot", "to": "t:gl", "gate": "t:unwritten"},
        ],
        "gates": [GATE],
    }
    target = {"id": "gl", "family": "financial-reporting", "fs_role": "record"}
    scope = {"nhigraph": "scope/1", "as_of": "2026-11-23", "commitments": ["S"]}
    write_estate(folder, [facts], {**scope, "targets": [{**target, "select": [{"key": "t:gl"}]}]})
    return of_collection(collect([folder]))


def _told(found: Explained | None) -> list[tuple[str, str]]:
    assert found is not None
    return [(said.field, said.value) for said in found.facts]


def test_a_control_is_explained_by_its_people_places_tests_and_what_it_guards(
    tmp_path: Path,
) -> None:
    told = _told(explain_gate(_estate(tmp_path), "t:four-eyes"))
    assert [value for field, value in told if field == "approver"] == ["t:jane", "t:joe"]
    assert {("kind", "approval"), ("at", "t:erp"), ("log", "t:log")} <= set(told)
    answers = {field: value.split(":")[0] for field, value in told if field in GATE_TESTS}
    expected = dict.fromkeys(GATE_TESTS, "yes") | {"human": "not told", "content_bound": "no"}
    assert answers == expected
    assert [value for field, value in told if field == "guards"] == [
        "CAN_WRITE t:bot → t:gl  [part-0.facts.json:1]"
    ]
    assert {("identities", "1"), ("target", "fin:gl")} <= set(told)


def test_a_control_that_nobody_declares_is_explained_by_what_names_it(tmp_path: Path) -> None:
    told = _told(explain_gate(_estate(tmp_path), "t:unwritten"))
    assert not [field for field, _ in told if field in {"approver", "at", "log", "kind"}]
    assert ("guards", "CAN_DELETE t:bot → t:gl  [part-0.facts.json:1]") in told


def test_what_no_edge_and_no_record_names_is_no_control(tmp_path: Path) -> None:
    assert explain_gate(_estate(tmp_path), "t:gl") is None

"""What `explain` says of a control."""

from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
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
    kinds |= {"t:erp": "System", "t:log": "AuditLog", "t:other": "Dataset"}
    facts: dict[str, Any] = {
        "nhigraph": "facts/1",
        "nodes": [{"kind": kind, "key": key} for key, kind in kinds.items()],
        "edges": [
            {"kind": "CAN_WRITE", "from": "t:bot", "to": "t:gl", "gate": "t:four-eyes"},
            {"kind": "CAN_DELETE", "from": "t:bot", "to": "t:gl", "gate": "t:unwritten"},
            {"kind": "CAN_ADMINISTER", "from": "t:bot", "to": "t:gl", "gate": "t:both"},
            {"kind": "CAN_READ", "from": "t:bot", "to": "t:other", "gate": "t:aside"},
        ],
        "gates": [GATE, {"key": "t:idle", "kind": "review", "approvers": ["t:joe"]}],
    }
    again = {
        "nhigraph": "facts/1",
        "edges": [
            facts["edges"][0],
            {"kind": "CAN_STOP", "from": "t:bot", "to": "t:gl", "gate": "t:both"},
        ],
    }
    target = {"id": "gl", "family": "financial-reporting", "fs_role": "record"}
    scope = {"nhigraph": "scope/1", "as_of": "2026-11-23", "commitments": ["S"]}
    write_estate(
        folder, [facts, again], {**scope, "targets": [{**target, "select": [{"key": "t:gl"}]}]}
    )
    return of_collection(collect([folder]))


def _told(found: Explained | None) -> list[tuple[str, str]]:
    assert found is not None
    return [(said.field, said.value) for said in found.facts]


def _answers(**other: str) -> dict[str, str]:
    return dict.fromkeys(GATE_TESTS, "yes") | other


WRITES = "CAN_WRITE t:bot → t:gl  [part-0.facts.json /edges/0]"
DELETES = "CAN_DELETE t:bot → t:gl  [part-0.facts.json /edges/1]"
STOPS = "CAN_STOP t:bot → t:gl  [part-1.facts.json /edges/1]"
PEOPLE = ["t:jane", "t:joe"]
DECLARED = {"kind": ["approval"], "at": ["t:erp"], "log": ["t:log"], "approver": PEOPLE}
#: A control, and every field that is told of it, tests by their answers.
CASES: dict[str, tuple[str, dict[str, list[str]], dict[str, str]]] = {
    "declared, on an edge that two documents say": (
        "t:four-eyes",
        {**DECLARED, "identities": ["1"], "target": ["fin:gl"], "guards": [WRITES]},
        _answers(human="not told", content_bound="no"),
    ),
    "declared by nobody": (
        "t:unwritten",
        {"identities": ["1"], "target": ["fin:gl"], "guards": [DELETES]},
        dict.fromkeys(GATE_TESTS, "not told"),
    ),
    "declared, on no edge": (
        "t:idle",
        {"kind": ["review"], "identities": ["0"], "approver": ["t:joe"]},
        dict.fromkeys(GATE_TESTS, "not told"),
    ),
    "on an edge that leads to no target": (
        "t:aside",
        {"guards": ["CAN_READ t:bot → t:other  [part-0.facts.json /edges/3]"]},
        {},
    ),
    "on two edges": (
        "t:both",
        {
            "identities": ["1"],
            "target": ["fin:gl"],
            "guards": ["CAN_ADMINISTER t:bot → t:gl  [part-0.facts.json /edges/2]", STOPS],
        },
        dict.fromkeys(GATE_TESTS, "not told"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_control_is_explained_by_its_people_places_tests_and_what_it_guards(
    name: str, tmp_path: Path
) -> None:
    """Nothing else is told of it, and an edge by the first of its places."""
    gate, fields, answers = CASES[name]
    told: dict[str, list[str]] = {}
    for field, value in _told(explain_gate(_estate(tmp_path), gate)):
        told.setdefault(field, []).append(value)
    tests = {test: told.pop(test)[0].split(":")[0] for test in GATE_TESTS if test in told}
    assert tests == answers
    about, _ = told.pop("is", []), told.pop("name", [])
    assert bool(about) == bool(answers)
    assert told == fields


def test_what_no_edge_and_no_record_names_is_no_control(tmp_path: Path) -> None:
    assert explain_gate(_estate(tmp_path), "t:gl") is None

"""When a gate holds, fails or is unknown, case by case (FORMATS, *Gates*)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from nhigraph.assurance.rows import Assessment, ControlRow
from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Gate, Node
from nhigraph.graph.build import build
from nhigraph.graph.resolve import renamed
from nhigraph.schema import kinds
from nhigraph.schema.controls import GATE_TESTS, RECOVERY_TESTS
from nhigraph.schema.types import GateKind
from tests.estate_files import judged, write_estate

Record = Mapping[str, Any]

_GATE = "acme:gate"
_NODES: list[Record] = [
    {"kind": "ServiceAccount", "key": "acme:svc"},
    {"kind": "ServiceAccount", "key": "acme:robot"},
    {"kind": "ServiceAccount", "key": "acme:retired", "state": "disabled"},
    {"kind": "User", "key": "acme:jane"},
    {"kind": "User", "key": "acme:left", "state": "disabled"},
    {"kind": "Group", "key": "acme:board"},
    {"kind": "Group", "key": "acme:inner"},
    {"kind": "System", "key": "acme:erp"},
    {"kind": "AuditLog", "key": "acme:log"},
    {"kind": "Dataset", "key": "acme:gl"},
]


def _edge(kind: str, source: str, target: str, **more: str) -> Record:
    return {"kind": kind, "from": f"acme:{source}", "to": f"acme:{target}", **more}


def _sound(kind: str = "approval", /, **changed: object) -> dict[str, Any]:
    """A gate that holds, but for what is changed; a test that is None is absent."""
    names = RECOVERY_TESTS if kind == "recovery" else GATE_TESTS
    tests = {name: changed.pop(name, True) for name in names}
    return {
        "key": _GATE,
        "kind": kind,
        "approvers": changed.pop("approvers", ["acme:jane"]),
        "tests": {name: said for name, said in tests.items() if said is not None},
        **changed,
    }


def _assess(
    folder: Path,
    gates: Sequence[Record],
    edges: Sequence[Record] = (),
    way: Record | None = None,
    **target: str,
) -> Assessment:
    """One target that one service account reaches past one gate, one document per gate."""
    first = {
        "nhigraph": "facts/1",
        "nodes": _NODES,
        "edges": [way or _edge("CAN_WRITE", "svc", "gl", gate=_GATE), *edges],
    }
    others = [{"nhigraph": "facts/1", "gates": [gate]} for gate in gates]
    scope = {
        "nhigraph": "scope/1",
        "as_of": "2026-11-23",
        "commitments": ["S"],
        "targets": [
            {
                "id": "gl",
                "family": "financial-reporting",
                "fs_role": "record",
                "select": [{"key": "acme:gl"}],
                **target,
            }
        ],
    }
    write_estate(folder, [first, *others], scope)
    return judged(folder)


def _exposure(found: Assessment) -> str:
    return next(row.exposure for row in found.identities if row.identity == "acme:svc")


def _control(found: Assessment, gate: str = _GATE) -> ControlRow:
    return next(row for row in found.controls if row.gate == gate)


_MEMBER = _edge("MEMBER_OF", "robot", "board")
_NESTED = [_edge("MEMBER_OF", "robot", "inner"), _edge("MEMBER_OF", "inner", "board")]

#: What the case is about: the gate, edges beside the guarded one, exposure.
CASES: dict[str, tuple[Record, list[Record], str]] = {
    "a sound gate holds": (_sound(), [], "gated"),
    **{f"{name} is false": (_sound(**{name: False}), [], "open") for name in GATE_TESTS},
    **{f"{name} is absent": (_sound(**{name: None}), [], "undetermined") for name in GATE_TESTS},
    # approvers
    "a machine approves": (_sound(approvers=["acme:robot"]), [], "open"),
    "a machine beside a person": (_sound(approvers=["acme:jane", "acme:robot"]), [], "open"),
    "people of a group approve": (
        _sound(approvers=["acme:board"]),
        [_edge("MEMBER_OF", "jane", "board")],
        "gated",
    ),
    "a group has a machine in it": (_sound(approvers=["acme:board"]), [_MEMBER], "open"),
    "a group has a machine in a group in it": (
        _sound(approvers=["acme:board"]),
        _NESTED,
        "open",
    ),
    "a machine is a member of a person, who is no group": (
        _sound(),
        [_edge("MEMBER_OF", "robot", "jane"), _edge("MEMBER_OF", "jane", "board")],
        "gated",
    ),
    "groups have each other in them, and nobody else": (
        _sound(approvers=["acme:board"]),
        [_edge("MEMBER_OF", "inner", "board"), _edge("MEMBER_OF", "board", "inner")],
        "gated",
    ),
    "groups have each other in them, and a machine": (
        _sound(approvers=["acme:board"]),
        [*_NESTED, _edge("MEMBER_OF", "board", "inner")],
        "open",
    ),
    "a group has a machine that is disabled": (
        _sound(approvers=["acme:board"]),
        [_edge("MEMBER_OF", "retired", "board")],
        "gated",
    ),
    "a group had a machine until last year": (
        _sound(approvers=["acme:board"]),
        [_edge("MEMBER_OF", "robot", "board", valid_until="2025-12-31")],
        "gated",
    ),
    "the approver has left": (_sound(approvers=["acme:left"]), [], "undetermined"),
    "one of two approvers has left": (
        _sound(approvers=["acme:jane", "acme:left"]),
        [],
        "undetermined",
    ),
    "the approver is in no input": (_sound(approvers=["acme:ghost"]), [], "undetermined"),
    "nobody approves an approval": (_sound(approvers=[]), [], "undetermined"),
    "nobody reviews a review": (_sound("review", approvers=[]), [], "undetermined"),
    "nobody is named for a protection": (_sound("protection", approvers=[]), [], "gated"),
    "it is the approver": (_sound(), [_edge("CAN_ASSUME", "svc", "jane")], "open"),
    "it changes the approver": (_sound(), [_edge("CAN_WRITE", "svc", "jane")], "open"),
    "it stops the approver": (_sound(), [_edge("CAN_STOP", "svc", "jane")], "gated"),
    "it reads the approver": (_sound(), [_edge("CAN_READ", "svc", "jane")], "gated"),
    "it is one of the group": (
        _sound(approvers=["acme:board"]),
        [_edge("CAN_ASSUME", "svc", "board")],
        "open",
    ),
    "it is the approver behind a gate of which nothing is known": (
        _sound(),
        [_edge("CAN_ASSUME", "svc", "jane", gate="acme:undeclared")],
        "undetermined",
    ),
    "it is the approver behind this very gate": (
        _sound(),
        [_edge("CAN_ASSUME", "svc", "jane", gate=_GATE)],
        "gated",
    ),
    # where the rule and its log are
    "it administers what enforces it": (
        _sound(at="acme:erp"),
        [_edge("CAN_ADMINISTER", "svc", "erp")],
        "open",
    ),
    "it alters what enforces it": (
        _sound(at="acme:erp"),
        [_edge("CAN_WRITE", "svc", "erp")],
        "open",
    ),
    "it empties what enforces it": (
        _sound(at="acme:erp"),
        [_edge("CAN_DELETE", "svc", "erp")],
        "open",
    ),
    "it stops what enforces it": (
        _sound(at="acme:erp"),
        [_edge("CAN_STOP", "svc", "erp")],
        "gated",
    ),
    "it reads what enforces it": (
        _sound(at="acme:erp"),
        [_edge("CAN_READ", "svc", "erp")],
        "gated",
    ),
    "what enforces it is in no input": (_sound(at="acme:ghost"), [], "gated"),
    "it administers the log": (
        _sound(log="acme:log"),
        [_edge("CAN_ADMINISTER", "svc", "log")],
        "open",
    ),
    "it alters the log": (_sound(log="acme:log"), [_edge("CAN_WRITE", "svc", "log")], "open"),
    "it empties the log": (_sound(log="acme:log"), [_edge("CAN_DELETE", "svc", "log")], "open"),
    "it stops the log": (_sound(log="acme:log"), [_edge("CAN_STOP", "svc", "log")], "open"),
    "it reads the log": (_sound(log="acme:log"), [_edge("CAN_READ", "svc", "log")], "gated"),
    # recovery
    "a recovery": (_sound("recovery"), [], "gated"),
    **{
        f"recovery: {name} is false": (_sound("recovery", **{name: False}), [], "open")
        for name in RECOVERY_TESTS
    },
    **{
        f"recovery: {name} is absent": (_sound("recovery", **{name: None}), [], "undetermined")
        for name in RECOVERY_TESTS
    },
    "a recovery is not asked what an approval is": (
        {"key": _GATE, "kind": "recovery", "tests": dict.fromkeys(RECOVERY_TESTS, True)},
        [],
        "gated",
    ),
    "an approval is not asked what a recovery is": (
        {"key": _GATE, "kind": "approval", "tests": dict.fromkeys(RECOVERY_TESTS, True)},
        [],
        "undetermined",
    ),
    "a machine restores": (_sound("recovery", approvers=["acme:robot"]), [], "gated"),
    "a group with a machine restores": (
        _sound("recovery", approvers=["acme:board"]),
        [_MEMBER],
        "gated",
    ),
    "nobody is named who restores": (_sound("recovery", approvers=[]), [], "gated"),
    "who restores is in no input": (
        _sound("recovery", approvers=["acme:ghost"]),
        [],
        "undetermined",
    ),
    "it controls who restores": (
        _sound("recovery", approvers=["acme:robot"]),
        [_edge("CAN_ASSUME", "svc", "robot")],
        "open",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_row_behind_a_gate(case: str, tmp_path: Path) -> None:
    """Gated where it holds, open where it fails for this identity, else undetermined."""
    gate, edges, expected = CASES[case]
    found = _assess(tmp_path, [gate], edges)
    assert _exposure(found) == expected
    row = _control(found)
    if expected == "gated":
        assert row.holds
    if row.said("no"):
        assert expected == "open"
    if row.said("not told"):
        assert expected != "gated"
    assert (row.identities, row.targets) == (1, ("fin:gl",))


def test_a_gate_that_no_input_declares_is_unknown(tmp_path: Path) -> None:
    """Not open: a control may stand there. It has a row, and its place is the edge's."""
    found = _assess(tmp_path, [])
    assert _exposure(found) == "undetermined"
    row = _control(found)
    assert (row.kind, row.identities, row.artifact) == ("", 1, "part-0.facts.json")
    assert row.said("not told") == GATE_TESTS
    assert not row.holds


def test_a_way_beside_the_gate_is_open(tmp_path: Path) -> None:
    """One ungated edge is enough, and the gate still lies on a way."""
    found = _assess(tmp_path, [_sound()], [_edge("CAN_WRITE", "svc", "gl", action="post")])
    assert _exposure(found) == "open"
    assert _control(found).identities == 1


def test_a_gate_on_what_a_need_rests_on_is_what_the_row_rests_on(tmp_path: Path) -> None:
    """The step itself has none; the need is met past it."""
    way = {**_edge("CAN_WRITE", "svc", "gl"), "needs": [{"at": "acme:erp", "state": "READ"}]}
    found = _assess(tmp_path, [_sound()], [_edge("CAN_READ", "svc", "erp", gate=_GATE)], way)
    assert _exposure(found) == "gated"
    row = _control(found)
    assert row.holds
    assert row.targets == ("fin:gl",)


@pytest.mark.parametrize("order", [(True, False), (False, True)])
@pytest.mark.parametrize("name", GATE_TESTS)
def test_one_document_that_denies_a_test_outweighs_those_that_claim_it(
    name: str, order: tuple[bool, bool], tmp_path: Path
) -> None:
    """Whichever of the two comes first."""
    found = _assess(tmp_path, [_sound(**{name: said}) for said in order])
    assert _exposure(found) == "open"
    assert getattr(_control(found), name) == "no"


def test_approvers_of_two_records_add_up(tmp_path: Path) -> None:
    """A machine that only one of them names still approves."""
    records = [_sound(approvers=["acme:jane"]), _sound(approvers=["acme:robot"])]
    assert _exposure(_assess(tmp_path, records)) == "open"


@pytest.mark.parametrize(
    ("way", "exposure"),
    [
        (_edge("CAN_STOP", "svc", "gl"), "gated"),
        (_edge("CAN_WRITE", "svc", "gl"), "open"),
        (_edge("CAN_DELETE", "svc", "gl"), "open"),
        (_edge("CAN_ADMINISTER", "svc", "gl"), "open"),
    ],
)
def test_a_tested_recovery_stands_before_halt_alone(
    way: Record, exposure: str, tmp_path: Path
) -> None:
    """No backup shows what was altered, or which rows never came."""
    found = _assess(tmp_path, [], [], way, recoverable="tested")
    assert _exposure(found) == exposure
    row = _control(found, "recovery:fin:gl")
    assert row.holds
    assert (row.kind, row.name, row.artifact) == ("recovery", "recovery of gl", "scope.json")
    steps = [step for path in found.paths.values() for step in path]
    on_path = {step.gate for step in steps if step.state == "HALT"} - {""}
    assert on_path == ({"recovery:fin:gl"} if exposure == "gated" else set())
    assert all(step.gate == "" for step in steps if step.state != "HALT")


@pytest.mark.parametrize("said", ["untested", "no", ""])
def test_a_recovery_that_was_not_tested_is_no_gate(said: str, tmp_path: Path) -> None:
    """Only `tested` is: a word of the scope that says less gives nothing."""
    found = _assess(tmp_path, [], [], _edge("CAN_STOP", "svc", "gl"), recoverable=said)
    assert _exposure(found) == "open"
    assert found.controls == ()


def test_an_alias_renames_where_a_gate_stands_and_where_its_log_is() -> None:
    """Approvers, place and log, or nobody would be found to defeat it."""
    place = Evidence("a", "/x", "00")
    old, new = (
        [keys.Role(keys.database("postgres", database), name).text for name in "abc"]
        for database in ("erp", "main")
    )
    gate = Gate("g", GateKind.REVIEW, place, (old[0],), old[1], old[2])
    graph = build([*(Node(kinds.DATABASE_ROLE, key, place) for key in old), gate]).graph
    holders = {keys.database("postgres", "erp"): keys.database("postgres", "main")}
    record = renamed(graph, holders).gate_records["g"]
    assert (record.approvers, record.at, record.log) == ((new[0],), new[1], new[2])

"""What ``cut``, ``what-if`` and ``diff`` say where something is not known, or not asked for."""

import csv
import io
import json
from pathlib import Path
from textwrap import indent

import pytest

from tests.e2e.command import inside

NODES = {
    "a": "ServiceAccount",
    "b": "ServiceAccount",
    "c": "ServiceAccount",
    "u": "User",
    "g": "Group",
    "sys": "System",
    "l": "AuditLog",
    "t": "Dataset",
}
TESTS = (
    "human: true, enforced_by_target: true, out_of_reach: true, content_bound: true, "
    "no_auto_threshold: true, log_out_of_reach: true"
)
SCOPE = """
nhigraph: scope/1
organization: Acme
as_of: 2026-11-23
commitments: [S, A]
targets:
- {id: gl, family: financial-reporting, fs_role: record, icfr_basis: own, select: [{key: "t"}]}
"""
DEAD = """
- {id: dead, family: financial-reporting, fs_role: record, icfr_basis: own, select: [{key: "z"}]}
"""


def _assessed(folder: Path, edges: str, gates: str = "", scope: str = SCOPE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    nodes = "\n".join(f'- {{kind: {kind}, key: "{key}"}}' for key, kind in NODES.items())
    text = f"nhigraph: facts/1\nnodes:\n{nodes}\nedges:\n{indent(edges, '')}\n"
    text += f"gates:\n{gates}\n" if gates else ""
    (folder / "estate.facts.yaml").write_text(text, encoding="utf-8")
    (folder / "scope.yaml").write_text(scope, encoding="utf-8")
    out = folder.parent / f"{folder.name}-out"
    ran = inside("assess", folder, "--out", out)
    assert ran.code == 0, ran.err
    return out


def _answers(*arguments: str | Path) -> list[dict[str, str]]:
    ran = inside(*arguments, "--format", "csv")
    assert ran.code == 0, ran.err
    return list(csv.DictReader(io.StringIO(ran.out)))


def _gate(approvers: str) -> str:
    told = f"key: k, kind: approval, approvers: [{approvers}], at: sys, log: l"
    return f"- {{{told}, tests: {{{TESTS}}}}}"


GATED = "- {kind: CAN_WRITE, from: a, to: t, gate: k}"
MEMBERS = "\n- {kind: MEMBER_OF, from: u, to: g}"


@pytest.mark.parametrize(
    ("edges", "approver"), [(GATED, "u"), (GATED + MEMBERS, "g")], ids=["person", "group"]
)
def test_an_approver_that_is_removed_approves_no_longer(
    edges: str, approver: str, tmp_path: Path
) -> None:
    out = _assessed(tmp_path / "one", edges, _gate(approver))
    rows = _answers("what-if", "--remove", approver, "--graph", out)
    assert [(row["identity"], row["before"], row["after"]) for row in rows] == [
        ("a", "soc1 gated", "soc1 undetermined")
    ]


def test_what_if_tells_the_date_as_other_questions_do(tmp_path: Path) -> None:
    out = _assessed(tmp_path / "one", "- {kind: CAN_WRITE, from: a, to: t}")
    assert "as of 2026-11-23 (scope)" in inside("what-if", "--remove", "a", "--graph", out).err


def test_what_if_takes_no_scope_for_facts(tmp_path: Path) -> None:
    out = _assessed(tmp_path / "one", "- {kind: CAN_WRITE, from: a, to: t}")
    more = tmp_path / "more.yaml"
    more.write_text(
        "nhigraph: scope/1\nlinks:\n- {kind: CAN_WRITE, from: b, to: t, confirmed_by: x}\n",
        encoding="utf-8",
    )
    ran = inside("what-if", "--add", more, "--graph", out)
    assert ran.code == 3
    assert "expected records of facts/1, found a scope" in ran.err


def test_a_cut_for_one_tells_what_it_takes_from_others_there(tmp_path: Path) -> None:
    edges = """- {kind: MEMBER_OF, from: a, to: g}
- {kind: MEMBER_OF, from: b, to: g}
- {kind: CAN_WRITE, from: g, to: t}"""
    out = _assessed(tmp_path / "one", edges)
    ran = inside("cut", "gl", "--identity", "a", "--graph", out, "--format", "json")
    answer = json.loads(ran.out)
    gone = [p for row in answer["rows"] for p in ("--remove-at", row["artifact"], row["pointer"])]
    after = _answers("what-if", *gone, "--graph", out)
    others = [row for row in after if row["identity"] != "a"]
    assert [(row["identity"], row["target"]) for row in others] == [
        (one["identity"], one["target"]) for one in answer["changed"]
    ]


def test_a_dead_target_is_never_said_to_be_out_of_reach(tmp_path: Path) -> None:
    out = _assessed(tmp_path / "one", "- {kind: CAN_WRITE, from: a, to: t}", "", SCOPE + DEAD)
    ran = inside("cut", "fin:dead", "--graph", out)
    assert ran.code == 2
    assert "fin:dead was not found in the inputs, so nothing leads to it" in ran.err
    family = inside("cut", "soc1", "--graph", out, "--format", "json")
    assert json.loads(family.out)["undetermined"] == ["a", "b", "c"]


def test_open_ways_past_a_control_that_is_not_known_are_undetermined(tmp_path: Path) -> None:
    out = _assessed(tmp_path / "one", GATED, _gate(""))
    ran = inside("cut", "gl", "--ways", "open", "--graph", out)
    known = "nobody is known to reach it past no control that holds in what was read: there is"
    assert known in ran.out
    assert "undetermined: 1 identity" in ran.out
    asked = inside("cut", "gl", "--ways", "open", "--graph", out, "--format", "json")
    assert json.loads(asked.out)["undetermined"] == ["a"]


MACHINE = GATED + MEMBERS + "\n- {kind: MEMBER_OF, from: b, to: g}"
KEPT = SCOPE + "cuts: {keep: [{match: {edge: CAN_WRITE}}]}\n"


def test_a_control_holds_again_as_the_machine_leaves_the_group_that_approves(
    tmp_path: Path,
) -> None:
    out = _assessed(tmp_path / "one", MACHINE, _gate("g"), KEPT)
    ran = inside("cut", "gl", "--ways", "open", "--graph", out, "--format", "json")
    answer = json.loads(ran.out)
    assert [(row["from"], row["to"]) for row in answer["rows"]] == [("b", "g")]
    assert (answer["bound"], answer["not_stopped"], answer["undetermined"]) == (1, [], [])
    gone = [p for row in answer["rows"] for p in ("--remove-at", row["artifact"], row["pointer"])]
    after = _answers("what-if", *gone, "--graph", out)
    assert ("a", "soc1 open", "soc1 gated") in {
        (row["identity"], row["before"], row["after"]) for row in after
    }
    points = _answers("cut", "gl", "--ways", "open", "--choke-points", "--graph", out)
    # Whoever the right is of passes it, and so does the machine in the group.
    assert {row["from"] for row in points if row["point"] == "node"} == {"b", "g", "t"}


def test_a_control_that_fails_no_longer_need_not_hold(tmp_path: Path) -> None:
    out = _assessed(tmp_path / "one", MACHINE, _gate("g").replace("human: true, ", ""), KEPT)
    ran = inside("cut", "gl", "--ways", "open", "--graph", out, "--format", "json")
    assert json.loads(ran.out)["stopped"] == ["a"]
    assert json.loads(ran.out)["undetermined"] == ["a"]


LINKED = (
    SCOPE
    + """links:
- {kind: CAN_WRITE, from: a, to: t, confirmed_by: x}
- {kind: CAN_WRITE, from: b, to: t, confirmed_by: x}
"""
)


def test_what_the_scope_gives_goes_with_the_place_that_a_cut_names(tmp_path: Path) -> None:
    out = _assessed(tmp_path / "one", "- {kind: MEMBER_OF, from: c, to: b}", "", LINKED)
    ran = inside("cut", "gl", "--graph", out, "--format", "json")
    (tmp_path / "cut.json").write_text(ran.out, encoding="utf-8")
    rows = _answers("what-if", "--changes", tmp_path / "cut.json", "--graph", out)
    assert [(row["identity"], row["after"]) for row in rows] == [
        ("a", "neither"),
        ("b", "neither"),
        ("c", "neither"),
    ]
    one = _answers("what-if", "--remove-at", "scope.yaml", "/links/1", "--graph", out)
    assert [row["identity"] for row in one] == ["b", "c"]
    named = _answers("what-if", "--remove-edge", "CAN_WRITE", "a", "t", "--graph", out)
    assert [row["identity"] for row in named] == ["a"]


@pytest.mark.parametrize(
    ("pointer", "why"),
    [("/links/7", "no edge of this graph is stated at"), ("/targets/0", "is no right that")],
)
def test_a_place_of_the_scope_that_gives_no_right_is_refused(
    pointer: str, why: str, tmp_path: Path
) -> None:
    out = _assessed(tmp_path / "one", "- {kind: CAN_WRITE, from: c, to: t}", "", LINKED)
    ran = inside("what-if", "--remove-at", "scope.yaml", pointer, "--graph", out)
    assert ran.code == 2
    assert why in ran.err


def test_without_the_only_node_that_it_stands_for_a_target_is_dead(tmp_path: Path) -> None:
    """As it is where the files do not have the node."""
    edges = "- {kind: CAN_WRITE, from: a, to: t}\n- {kind: CAN_WRITE, from: b, to: l}"
    out = _assessed(tmp_path / "one", edges)
    then = {
        row["identity"]: row["after"]
        for row in _answers("what-if", "--remove", "t", "--graph", out)
    }
    facts = tmp_path / "one" / "estate.facts.yaml"
    lines = facts.read_text(encoding="utf-8").splitlines()
    left = [line for line in lines if 'key: "t"' not in line and "to: t}" not in line]
    facts.write_text("\n".join(left), encoding="utf-8")
    again = tmp_path / "again"
    inside("assess", tmp_path / "one", "--out", again)
    with (again / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        told = [row for row in csv.DictReader(file) if row["target"] == "fin:gl"]
    assert then == {row["identity"]: f"{row['verdict']} {row['exposure']}" for row in told}
    assert set(then) == {"a", "b", "c"}


def test_an_answer_that_changed_reads_otherwise(tmp_path: Path) -> None:
    one = _assessed(tmp_path / "one", "- {kind: CAN_WRITE, from: a, to: t}")
    two = _assessed(tmp_path / "two", "- {kind: CAN_WRITE, from: a, to: t, action: post}")
    rows = [row for row in _answers("diff", one, two) if row["what"] == "verdict"]
    assert len(rows) == 1
    assert rows[0]["before"] != rows[0]["after"]
    assert "assertions" in rows[0]["after"]


def test_another_organization_is_a_difference_that_explains_nothing(tmp_path: Path) -> None:
    edge = "- {kind: CAN_WRITE, from: a, to: t}"
    one = _assessed(tmp_path / "one", edge)
    two = _assessed(tmp_path / "two", edge, "", SCOPE.replace("Acme", "Acme Holding"))
    rows = _answers("diff", one, two)
    named = [
        (row["what"], row["field"], row["before"], row["after"], row["cause"]) for row in rows
    ]
    assert named == [("scope", "organization", "Acme", "Acme Holding", "")]


def test_the_summary_of_a_cause_counts_the_changes_that_are_listed(tmp_path: Path) -> None:
    """What stands at the same place, and nodes that come along, are told below their change."""
    one = _assessed(tmp_path / "one", "- {kind: CAN_WRITE, from: a, to: t}")
    edges = "- {kind: CAN_WRITE, from: a, to: t}\n- {kind: CAN_WRITE, from: new, to: t}"
    two = _assessed(tmp_path / "two", edges)
    facts = tmp_path / "two" / "estate.facts.yaml"
    text = facts.read_text(encoding="utf-8")
    new = text.replace("edges:", '- {kind: ServiceAccount, key: "new"}\nedges:')
    facts.write_text(new, encoding="utf-8")
    assert inside("assess", tmp_path / "two", "--out", two).code == 0
    lines = inside("diff", one, two).out.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("1. 1 change explains"))
    changes = [line for line in lines[at + 1 :] if line.startswith("   + ")]
    assert [line.split(" [")[0] for line in changes] == ["   + edge new CAN_WRITE t"]
    assert [line.split(" [")[0] for line in lines if "comes with it" in line] == [
        "      comes with it: + ServiceAccount new"
    ]


def test_two_snapshots_of_one_day_are_told_apart_by_their_names(tmp_path: Path) -> None:
    edge = "- {kind: CAN_WRITE, from: a, to: t}"
    for name in ("morning", "evening"):
        out = _assessed(tmp_path / name, edge if name == "evening" else " []")
        (tmp_path / "all").mkdir(exist_ok=True)
        out.rename(tmp_path / "all" / name)
    ran = inside("diff", "--period", tmp_path / "all")
    assert ran.code == 0, ran.err
    assert "2 snapshots: 2026-11-23 (evening), 2026-11-23 (morning)" in ran.err
    assert "2 snapshots are of 2026-11-23, in the order of their names here" in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("t", "t is a Dataset, and no identity"),
        ("sys", "sys is a System, and no identity; `nhigraph population` lists them"),
    ],
)
def test_whoever_shall_not_reach_it_is_an_identity(text: str, said: str, tmp_path: Path) -> None:
    out = _assessed(tmp_path / "one", "- {kind: CAN_WRITE, from: a, to: t}")
    ran = inside("cut", "gl", "--identity", text, "--graph", out)
    assert ran.code == 2
    assert said in ran.err
    assert inside("cut", "gl", "--identity", "u", "--graph", out).code == 0


@pytest.mark.parametrize(
    ("match", "advice"),
    [
        ('edge: CAN_WRITE, from: {key: "aa"}', "from: no key in the inputs is like it"),
        ("edge: OWNS, to: {key: t}", "no edge OWNS has such an end (to)"),
        ("from: {key: a}, to: {key: l}", "leads from the one to the other"),
        ("edge: OWNS", "the inputs have no edge OWNS"),
    ],
)
def test_what_a_cut_shall_keep_and_nothing_matches_is_advised_about(
    match: str, advice: str, tmp_path: Path
) -> None:
    kept = f"{SCOPE}cuts: {{keep: [{{match: {{{match}}}}}]}}\n"
    folder = tmp_path / "one"
    _assessed(folder, "- {kind: CAN_WRITE, from: a, to: t}", "", kept)
    ran = inside("scope", "check", folder, "--scope", folder / "scope.yaml")
    assert advice in ran.out + ran.err


def test_that_nobody_reaches_a_target_is_said_no_wider_than_it_was_asked(tmp_path: Path) -> None:
    """``b`` reaches it; a file that could not be read stands beside every "nobody"."""
    out = _assessed(tmp_path / "one", "- {kind: CAN_WRITE, from: b, to: t}", "")
    cut = ("cut", "gl", "--graph", out)
    named = inside(*cut, "--identity", "a").out
    assert named == "nobody who is named reaches it in what was read: there is nothing to cut\n"
    halting = inside(*cut, "--effect", "halt", "--choke-points").out
    told = "nobody reaches it with HALT in what was read: there is nothing to pass\n"
    assert halting == told
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "b.facts.json").write_text("{")
    lost = _assessed(tmp_path / "two", "- {kind: CAN_WRITE, from: b, to: t}", "")
    but = inside("cut", "gl", "--identity", "a", "--graph", lost).out
    assert "in what was read, but 1 document was not read whole: there is nothing to cut" in but

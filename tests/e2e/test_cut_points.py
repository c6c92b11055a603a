"""Choke points on the command line: who rests on each, and what stands open if control fails."""

import csv
import io
import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.e2e.command import inside

_FACTS = """
nhigraph: facts/1
nodes:
- {kind: ServiceAccount, key: app:first}
- {kind: ServiceAccount, key: app:second}
- {kind: ServiceAccount, key: app:aside}
- {kind: ServiceAccount, key: app:poster}
- {kind: User, key: person:controller}
- {kind: System, key: app:erp}
- {kind: AuditLog, key: app:log}
- {kind: Dataset, key: "dataset:x:gl"}
- {kind: Dataset, key: "dataset:x:aside"}
edges:
- {kind: CAN_ASSUME, from: app:first, to: app:poster}
- {kind: CAN_ASSUME, from: app:second, to: app:poster}
- {kind: CAN_WRITE, from: app:poster, to: "dataset:x:gl", action: post, gate: app:approval}
- {kind: CAN_WRITE, from: app:aside, to: "dataset:x:aside"}
- {kind: FEEDS, from: "dataset:x:gl", to: "dataset:x:aside", transform: copy}
gates:
- {key: app:approval, kind: approval, approvers: [person:controller], at: app:erp, log: app:log,
   tests: {human: true, enforced_by_target: true, out_of_reach: true, content_bound: true,
           no_auto_threshold: true, log_out_of_reach: true}}
"""
_SCOPE = """
nhigraph: scope/1
organization: Acme
as_of: 2026-11-23
commitments: [S, PI]
targets:
- {id: gl, family: financial-reporting, fs_role: record, icfr_basis: own,
   select: [{key: "dataset:x:gl"}]}
- {id: aside, family: financial-reporting, fs_role: record, icfr_basis: own,
   select: [{key: "dataset:x:aside"}]}
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "a.facts.yaml").write_text(_FACTS, encoding="utf-8")
    (tmp_path / "scope.yaml").write_text(_SCOPE, encoding="utf-8")
    ran = inside("assess", tmp_path, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    return tmp_path / "out"


def test_a_point_says_who_rests_on_it_and_what_opens_when_its_gate_fails(out: Path) -> None:
    who = inside("who", "fin:gl", "--graph", out, "--format", "json")
    assert {row["exposure"] for row in json.loads(who.out)["rows"]} == {"gated"}
    ran = inside("cut", "fin:gl", "--choke-points", "--graph", out, "--format", "json")
    assert ran.code == 0, ran.err
    answer = json.loads(ran.out)
    users = ["app:first", "app:poster", "app:second"]
    assert [(row["point"], row["from"], row["to"], row["gate"]) for row in answer["rows"]] == [
        ("node", "app:poster", "", ""),
        ("node", "dataset:x:gl", "", "app:approval"),
        ("right", "app:poster", "dataset:x:gl", "app:approval"),
    ]
    for row, opens in zip(answer["rows"], answer["opens"], strict=True):
        assert row["resting"] == users
        # What the ledger feeds hangs on the same point; who writes there directly does not.
        assert row["targets"] == ["fin:aside", "fin:gl"]
        assert row["answers"] == len(opens) == 6
        assert {one["identity"] for one in opens} == set(users)
        assert {one["before"] for one in opens} == {"neither"}
        after = "soc1 open" if row["gate"] else "soc1 gated"
        assert {one["after"] for one in opens} == {after}


def test_people_are_told_what_stands_open_in_a_line(out: Path) -> None:
    ran = inside("cut", "fin:gl", "--choke-points", "--graph", out)
    assert "3 identities rest on each of these: app:first, app:poster, app:second" in ran.out
    told = "if control fails at"
    lines = [line for line in ran.out.splitlines() if line.startswith(told)]
    both = "at fin:aside, fin:gl"
    assert lines == [
        f"{told} app:poster: 6 answers stand (0 open) {both}",
        f"{told} dataset:x:gl (or at 1 more point): 6 answers stand (6 open) {both}",
    ]
    table = inside("cut", "fin:gl", "--choke-points", "--graph", out, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(table.out)))
    assert {row["resting"] for row in rows} == {"app:first;app:poster;app:second"}
    assert {row["targets"] for row in rows} == {"fin:aside;fin:gl"}


def test_points_beyond_the_first_say_that_it_was_not_worked_out(tmp_path: Path) -> None:
    many = 40
    roles = "".join(f"- {{kind: DatabaseRole, key: role:{n}}}\n" for n in range(many))
    members = "".join(
        f"- {{kind: MEMBER_OF, from: role:{n}, to: role:{n + 1}}}\n" for n in range(many - 1)
    )
    nodes = f"{roles}- {{kind: Dataset, key: dataset:x:gl}}\n"
    last = f"- {{kind: CAN_WRITE, from: role:{many - 1}, to: dataset:x:gl}}\n"
    text = f"nhigraph: facts/1\nnodes:\n{nodes}edges:\n{members}{last}"
    (tmp_path / "a.facts.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "scope.yaml").write_text(
        "nhigraph: scope/1\norganization: Acme\nas_of: 2026-11-23\ncommitments: [S]\ntargets:\n"
        "- {id: gl, family: financial-reporting, fs_role: record, icfr_basis: own,"
        ' select: [{key: "dataset:x:gl"}]}\n',
        encoding="utf-8",
    )
    assert inside("assess", tmp_path, "--out", tmp_path / "out").code == 0
    one = ("cut", "gl", "--identity", "role:0", "--choke-points", "--graph", tmp_path / "out")
    answer = json.loads(inside(*one, "--format", "json").out)
    points = 2 * many
    assert len(answer["rows"]) == len(answer["opens"]) == points
    assert [row["answers"] is None for row in answer["rows"]] == [False] * 25 + [True] * (
        points - 25
    )
    told = inside(*one).out
    assert f"not worked out at {points - 25} points" in told


def test_a_chain_of_three_hundred_is_cut_once_and_each_link_is_a_point(tmp_path: Path) -> None:
    many = 300
    roles = [f"role:x:{n}" for n in range(many)]
    nodes = [{"kind": "CloudRole", "key": role} for role in roles]
    nodes.append({"kind": "Dataset", "key": "dataset:x:gl"})
    links = [("CAN_ASSUME", *pair) for pair in pairwise(roles)]
    links.append(("CAN_WRITE", roles[-1], "dataset:x:gl"))
    edges = [{"kind": kind, "from": one, "to": other} for kind, one, other in links]
    facts = {"nhigraph": "facts/1", "nodes": nodes, "edges": edges}
    (tmp_path / "a.facts.json").write_text(json.dumps(facts), encoding="utf-8")
    scope = _SCOPE[: _SCOPE.index("- {id: aside")]
    (tmp_path / "scope.yaml").write_text(scope, encoding="utf-8")
    assert inside("assess", tmp_path, "--out", tmp_path / "out").code == 0
    asked = ("gl", "--graph", tmp_path / "out", "--format", "json")

    cut = json.loads(inside("cut", *asked).out)
    assert [(row["from"], row["to"]) for row in cut["rows"]] == [(roles[-1], "dataset:x:gl")]
    assert cut["changes"] == cut["bound"] == 1
    assert len(cut["stopped"]) == many

    ran = inside("cut", *asked, "--choke-points", "--identity", roles[0])
    rows = json.loads(ran.out)["rows"]
    passed = [(row["kind"], row["from"], row["to"]) for row in rows if row["point"] == "right"]
    assert sorted(passed) == sorted(links)
    own = {row["from"] for row in rows if row["point"] == "node"}
    assert own == {*roles[1:], "dataset:x:gl"}
    # Each way of the last one is the last link; so is what all pass.
    everybody = json.loads(inside("cut", *asked, "--choke-points").out)["rows"]
    assert [row["from"] for row in everybody if row["point"] == "right"] == [roles[-1]]
    assert {row["identities"] for row in everybody} == {many}

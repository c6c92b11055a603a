"""How much falls with each identity of the sample: by hand for some, by the walker for all."""

import json
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

import nhigraph
from tests.e2e.command import inside
from tests.oracle.walker import identities_of, prepared
from tests.sample import SCOPE

pytestmark = pytest.mark.xdist_group("ledgerline")
WAREHOUSE = "github:ledgerline/warehouse"
STATES = ("control", "alter", "omit", "read", "halt")
#: Kinds of the sample by column, after DESIGN; targets are the scope's.
FAMILIES = {
    "identities": "AuditLogReader CiJob CloudRole CloudUser DatabaseRole Group Runner "
    "ServiceAccount Unknown User Workload",
    "credentials": "AccessKey ApiKey Certificate EncryptionKey Secret SecretStore Token",
    "change_paths": "Artifact Branch Environment Image InfrastructureState Repository Workflow",
    "data": "AuditLog Container Dataset Model Report Stream System",
    "grants": "Grant",
    "targets": "FinancialReporting TrustService",
}
COLUMN = {kind: column for column, kinds in FAMILIES.items() for kind in kinds.split()}
#: Numbers that are not 0, counted in the exports, the workflows and the models.
EXPECTED: dict[str, dict[str, int]] = {
    # contents: read changes nothing, and its steps hold no secret.
    f"{WAREHOUSE}/job/docs.yml#site": {"nodes": 1, "control": 1, "identities": 1},
    # actions: write cancels runs of all 8 workflows, of one job each. With the nightly build it
    # stops what dbt makes: 5 marts, 4 staging models and the seed; 3 reports read the marts, and
    # 5 books and the nightly close rest on these. The permission alone is not stopped.
    f"{WAREHOUSE}/job/watchdog.yml#cancel-stuck-runs": {
        "nodes": 36,
        "control": 2,
        "halt": 35,
        "identities": 8,
        "change_paths": 8,
        "data": 13,
        "grants": 1,
        "targets": 6,
    },
    # INSERT on raw.bank_lines flows to stg_bank_lines, cash_balance and the board pack; the last
    # two are sums, from which rows can be missing; cash and the board pack are books. PUBLIC, of
    # which everybody is, has three rights on schemas: USAGE on raw and ref, and making functions.
    "role:postgres:erp/bank_feed": {
        "nodes": 11,
        "control": 5,
        "alter": 6,
        "omit": 4,
        "identities": 2,
        "data": 4,
        "grants": 3,
        "targets": 2,
    },
    # UPDATE on ref.fiscal_calendar says which rows revenue, and so the board pack, has, and not
    # what they amount to: two books, and the nightly close that hands revenue on.
    "role:postgres:erp/calendar_sync": {
        "nodes": 11,
        "control": 5,
        "alter": 1,
        "omit": 5,
        "identities": 2,
        "data": 3,
        "grants": 3,
        "targets": 3,
    },
}


def _asked(out: Path, *arguments: str) -> list[dict[str, Any]]:
    ran = inside("radius", *arguments, "--graph", out, "--format", "json")
    assert ran.code == 0, ran.err
    rows: list[dict[str, Any]] = json.loads(ran.out)["rows"]
    return rows


def test_what_falls_with_some_is_what_was_counted_by_hand(out: Path) -> None:
    found = {row["identity"]: row for row in _asked(out)}
    for key, expected in EXPECTED.items():
        numbers = {name: found[key][name] for name in ("nodes", *STATES, *FAMILIES)}
        assert {name: many for name, many in numbers.items() if many} == expected, key
        assert found[key]["at_least"] == "no"
    ship = found[f"{WAREHOUSE}/job/archive.yml#ship"]
    assert (ship["nodes"], ship["at_least"]) == (1, "yes"), "an action that nobody supplied"
    assert ship["gaps"] == [ship["identity"]]


@pytest.mark.parametrize("ways", ["may", "can", "open"])
def test_what_falls_with_each_is_what_the_walker_of_the_specification_holds(
    out: Path, ways: str
) -> None:
    estate = nhigraph.load(out)
    facts, scope = _facts(estate)
    ctx, targets, moves = prepared(facts, scope)
    kinds = estate.nodes["kind"].to_dict()
    expected = []
    for one in identities_of(ctx, targets, moves):
        held = getattr(one.walk, ways).held
        if not held:
            continue
        numbers = Counter({"nodes": len({key for key, _ in held})})
        numbers.update(state.lower() for _, state in held)
        numbers.update(COLUMN[kinds[key]] for key in {key for key, _ in held})
        expected.append((one.key, dict(numbers), one.gaps))
    told = [
        (
            row["identity"],
            {name: row[name] for name in ("nodes", *STATES, *FAMILIES) if row[name]},
            row["gaps"],
        )
        for row in _asked(out, "--ways", ways)
    ]
    assert len(told) > 25
    assert sorted(told) == sorted(expected)


def _facts(estate: nhigraph.Estate) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The graph as records of facts/1 for the walker, which reads no provider's document."""
    scope = yaml.safe_load(SCOPE.read_text(encoding="utf-8"))
    answered = [one["secret"]["key"] for one in scope.pop("answers")]
    made = {"FinancialReporting", "TrustService"}
    nodes = [
        {"key": key, **_said(row, ("kind", "name", "owner", "nhi", "state", "expires"))}
        for key, row in estate.nodes.iterrows()
        if row["kind"] not in made
    ]
    kept = {node["key"] for node in nodes}
    names = ("kind", "from", "to", "action", "certainty", "condition", "gate", "valid_from",
             "valid_until", "transform")  # fmt: skip
    edges = []
    for _, row in estate.edges.iterrows():
        if {row["from"], row["to"]} <= kept:
            needs = [dict(zip(("state", "at"), need.split(" at ", 1), strict=True))
                     for need in row["needs"]]  # fmt: skip
            edges.append({**_said(row, names), **({"needs": needs} if needs else {})})
    gaps = [
        {"at": row["node"], "reason": row["reason"], "states": row["states"]}
        for _, row in estate.gaps.iterrows()
        if not any(fnmatch(row["node"], pattern) for pattern in answered)
    ]
    gates = [
        {
            name: row[name]
            for name in ("key", "kind", "approvers", "at", "log", "tests")
            if row[name]
        }
        for _, row in estate.gates.iterrows()
    ]
    document = {
        "nhigraph": "facts/1",
        "nodes": nodes,
        "edges": edges,
        "gaps": gaps,
        "gates": gates,
    }
    return [document], {**scope, "as_of": estate.as_of}


def _said(row: Any, names: tuple[str, ...]) -> dict[str, Any]:  # noqa: ANN401 - a row of a frame
    found = {name: row[name] for name in names if row[name] not in {"", None}}
    if "nhi" in found:
        found["nhi"] = found["nhi"] in {True, "true"}
    return found


def test_what_falls_is_what_reach_lists_and_the_identity_itself(out: Path) -> None:
    for row in _asked(out)[::6]:
        ran = inside("reach", row["identity"], "--graph", out, "--format", "json")
        reached = [one for one in json.loads(ran.out)["rows"] if one["states"]]
        assert row["nodes"] == len(reached) + 1, row["identity"]


def test_people_are_shown_the_worst_and_what_is_not_counted(out: Path) -> None:
    said = inside("radius", "--graph", out).out
    lines = said.splitlines()
    assert lines[0].split() == ["identity", "nodes", *STATES, *FAMILIES]
    assert len(lines) == 2 + 20 + 2
    assert "  ≥ " in next(line for line in lines if "format.yml#fix" in line)
    assert lines[-2].startswith("≥: 3 identities reach a gap; what lies behind is not counted")
    assert lines[-1] == "and 9 more, 1 of them with a gap: radius --top 29"
    assert "standard error" not in said


def test_an_estimate_is_told_as_one(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nhigraph.trace.radius.SKETCH_FROM", 0)
    told = "estimated, with a standard error of 6.5%; --exact counts them"
    assert told in inside("radius", "--graph", out).out.splitlines()
    assert told not in inside("radius", "--exact", "--graph", out).out.splitlines()
    assert {row["error"] for row in _asked(out)} == {0.065}
    exact = {row["identity"]: row for row in _asked(out, "--exact")}
    assert {row["error"] for row in exact.values()} == {0.0}


@pytest.mark.parametrize(("width", "few"), [(100, True), (132, False), (None, False)])
def test_a_narrow_terminal_says_which_families_it_does_not_show(
    width: int | None, few: bool, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nhigraph.cli.terminal.terminal_width", lambda: width)
    said = inside("radius", "--graph", out / "graph", "--top", "2")
    line = "not shown at this width: identities, credentials, change paths, grants"
    assert (line in said.out) is few
    assert ("change_paths" in said.out) is not few

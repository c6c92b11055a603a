"""Metamorphic laws of the verdict (design, section 4), on random estates.

Each law changes an estate in a way whose effect on the answer is known without knowing the answer.
"""

import random
from pathlib import Path
from typing import Any

import pytest

from tests.estate_files import identities, verdicts
from tests.oracle.records import edge_refused
from tests.property.lawful import (
    EXPOSURES,
    SEEDS,
    SPAN,
    at_least,
    changes_selection,
    drawn_estate,
    edges_of,
    judge_in,
    known_keys,
)


@pytest.mark.parametrize("first", SEEDS)
def test_removing_an_edge_only_lowers(first: int, tmp_path: Path) -> None:
    """soc1 never rises and no letter appears when an edge goes."""
    for seed in range(first, first + SPAN):
        facts, scope = drawn_estate(seed)
        places = edges_of(facts)
        if not places or changes_selection(scope):
            continue  # lineage that selects targets is a claim, not a path
        before = judge_in(tmp_path / f"{seed}-all", (facts, scope))
        document, edge = random.Random(seed).choice(places)
        del facts[document]["edges"][edge]
        after = judge_in(tmp_path / f"{seed}-fewer", (facts, scope))
        at_least(identities(before), identities(after))


@pytest.mark.parametrize("first", SEEDS)
def test_a_day_before_an_edge_is_valid_only_removes(first: int, tmp_path: Path) -> None:
    """An edge that is not yet in force can only have brought something."""
    for seed in range(first, first + SPAN):
        facts, scope = drawn_estate(seed)
        places = edges_of(facts)
        if not places or changes_selection(scope):
            continue
        before = judge_in(tmp_path / f"{seed}-now", (facts, scope))
        document, edge = random.Random(seed).choice(places)
        facts[document]["edges"][edge]["valid_from"] = "2099-01-01"
        facts[document]["edges"][edge].pop("valid_until", None)
        after = judge_in(tmp_path / f"{seed}-then", (facts, scope))
        at_least(identities(before), identities(after))


@pytest.mark.parametrize("first", SEEDS)
def test_order_splitting_and_a_stranger_change_nothing(first: int, tmp_path: Path) -> None:
    """Shuffled records, other files and an unrelated component: the same rows."""
    for seed in range(first, first + SPAN):
        facts, scope = drawn_estate(seed)
        before = judge_in(tmp_path / f"{seed}-one", (facts, scope))
        rng = random.Random(seed)
        split: list[dict[str, Any]] = [{"nhigraph": "facts/1"} for _ in range(3)]
        for document in facts:
            for section in ("nodes", "edges", "gates", "gaps"):
                records = list(document.get(section, []))
                rng.shuffle(records)
                for record in records:
                    rng.choice(split).setdefault(section, []).append(record)
        extracted = [d["extracted"] for d in facts if d.get("extracted")]
        if extracted:
            split[0]["extracted"] = max(map(str, extracted))
        split[1].setdefault("nodes", []).append({"kind": "Dataset", "key": "zz:stranger"})
        after = judge_in(tmp_path / f"{seed}-split", (split, scope))
        assert identities(after) == identities(before), seed
        assert verdicts(after) == verdicts(before), seed


@pytest.mark.parametrize("first", SEEDS)
def test_without_authority_nothing_alters_the_books(first: int, tmp_path: Path) -> None:
    """No alter, delete, halt, administer or compute edge: soc1 is not proven.

    Targets on data only, and nobody comes to control of data in another way.
    """
    gone = {"CAN_WRITE", "CAN_DELETE", "CAN_STOP", "CAN_ADMINISTER", "OWNS", "COMPUTES"}
    other_ways = {"AUTHENTICATES_AS", "EXECUTES", "CONTAINS", "DEPENDS_ON"}
    other_ways |= {"CAN_ASSUME", "MEMBER_OF", "RUNS_AS", "HOLDS"}
    data = {"Dataset", "Stream", "Report"}
    for seed in range(first, first + SPAN):
        facts, scope = drawn_estate(seed)
        nodes = [node for document in facts for node in document.get("nodes", [])]
        held = {node["key"] for node in nodes if node["kind"] in data}
        for node in nodes:
            if node["key"] in held:
                node.pop("nhi", None)
        for document in facts:
            document["edges"] = [
                edge
                for edge in document.get("edges", [])
                if edge["kind"] not in gone
                and not (edge["kind"] in other_ways and edge["to"] in held)
            ]
        scope["links"] = []
        for target in scope["targets"]:
            target["select"] = [{"kind": kind} for kind in sorted(data)]
        after = judge_in(tmp_path / str(seed), (facts, scope))
        for row in identities(after):
            clean = row["identity"] not in held  # not by a second record either
            assert not clean or row["soc1"] in {"none", "undetermined"}, (seed, row)


@pytest.mark.parametrize("first", SEEDS)
def test_a_sound_gate_changes_exposure_only_downwards(first: int, tmp_path: Path) -> None:
    """People out of reach who approve: nothing changes but exposure, steps and the path."""
    tests = ["human", "enforced_by_target", "out_of_reach", "content_bound"]
    tests += ["no_auto_threshold", "log_out_of_reach"]
    for seed in range(first, first + SPAN):
        facts, scope = drawn_estate(seed)
        places = [(d, e) for d, e in edges_of(facts) if not facts[d]["edges"][e].get("gate")]
        if not places:
            continue
        before = judge_in(tmp_path / f"{seed}-free", (facts, scope))
        document, edge = random.Random(seed).choice(places)
        facts[document]["edges"][edge]["gate"] = "law:gate"
        facts[document].setdefault("nodes", []).append({"kind": "User", "key": "law:person"})
        gate: dict[str, Any] = {"key": "law:gate", "kind": "approval", "approvers": ["law:person"]}
        gate["tests"] = dict.fromkeys(tests, True)
        facts[document].setdefault("gates", []).append(gate)
        after = judge_in(tmp_path / f"{seed}-gated", (facts, scope))
        free = {(row["identity"], row["target"]): row for row in verdicts(before)}
        gated = {(row["identity"], row["target"]): row for row in verdicts(after)}
        assert free.keys() == gated.keys(), seed
        for pair, row in gated.items():
            other = free[pair]
            changed = {name for name in row if row[name] != other[name]}
            assert changed <= {"exposure", "steps"}, (seed, pair, changed)
            order = EXPOSURES.index
            assert order(row["exposure"]) <= order(other["exposure"]), (seed, pair)


@pytest.mark.parametrize("first", SEEDS)
def test_a_right_through_a_grant_changes_only_steps(first: int, tmp_path: Path) -> None:
    """One grant split into a Grant node and HOLDS is the same right."""
    for seed in range(first, first + SPAN):
        facts, scope = drawn_estate(seed)
        known = known_keys(facts)
        kinds = {"CAN_WRITE", "CAN_READ", "CAN_DELETE", "CAN_STOP"}
        places = [
            (d, e)
            for d, e in edges_of(facts)
            if facts[d]["edges"][e]["kind"] in kinds
            and not edge_refused(facts[d]["edges"][e])
            and {facts[d]["edges"][e]["from"], facts[d]["edges"][e]["to"]} <= known
            and all(n["at"] in known for n in facts[d]["edges"][e].get("needs") or [])
        ]
        if not places:
            continue
        before = judge_in(tmp_path / f"{seed}-direct", (facts, scope))
        document, number = random.Random(seed).choice(places)
        edge = facts[document]["edges"][number]
        holder, edge["from"] = edge["from"], "law:grant"
        facts[document].setdefault("nodes", []).append({"kind": "Grant", "key": "law:grant"})
        holds = {"kind": "HOLDS", "from": holder, "to": "law:grant"}
        facts[document]["edges"].append(holds)
        after = judge_in(tmp_path / f"{seed}-granted", (facts, scope))
        assert identities(after) == identities(before), seed
        without = [{n: c for n, c in row.items() if n != "steps"} for row in verdicts(after)]
        expected = [{n: c for n, c in row.items() if n != "steps"} for row in verdicts(before)]
        assert without == expected, seed


@pytest.mark.parametrize("first", SEEDS)
def test_unknown_role_is_undetermined_wherever_more_than_read_arrives(
    first: int, tmp_path: Path
) -> None:
    """fs_role unknown never proves and never denies."""
    for seed in range(first, first + SPAN):
        facts, scope = drawn_estate(seed)
        for target in scope["targets"]:
            if target["family"] == "financial-reporting":
                target["fs_role"] = "unknown"
        after = judge_in(tmp_path / str(seed), (facts, scope))
        for row in verdicts(after):
            if row["target"].startswith("fin:") and row["states"] not in {"READ", ""}:
                assert row["soc1"] == "undetermined", (seed, row)


@pytest.mark.parametrize("first", SEEDS)
def test_renaming_keys_renames_rows_and_nothing_else(first: int, tmp_path: Path) -> None:
    """Keys are names: a prefix on every one of them changes no judgement."""
    for seed in range(first, first + SPAN):
        facts, scope = drawn_estate(seed)
        if any(set(item) != {"kind"} for t in scope["targets"] for item in t["select"]):
            for target in scope["targets"]:
                target["select"] = [{"kind": "Dataset"}, {"kind": "AuditLog"}]
        scope.update(boundary=None, owners=[], links=[])
        before = judge_in(tmp_path / f"{seed}-old", (facts, scope))
        renamed = judge_in(tmp_path / f"{seed}-new", (_renamed(facts), scope))
        expected = [_plain(row) for row in identities(before)]
        assert [_plain(row, "new:") for row in identities(renamed)] == expected, seed


def _plain(row: dict[str, str], prefix: str = "") -> dict[str, str]:
    """A row without its prefix; the prefix is the same on all keys, so their order stays.

    Two records may name two owners, a key and a free text: these two may change places.
    """
    cells = {name: cell.replace(prefix, "") if prefix else cell for name, cell in row.items()}
    return {**cells, "owner": ";".join(sorted(cells["owner"].split(";")))}


def _renamed(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = known_keys(facts)
    keys |= {g["key"] for d in facts for g in d.get("gates", [])}
    names = ("key", "from", "to", "at", "log", "gate", "owner")

    def renamed(value: Any, name: str = "") -> Any:  # noqa: ANN401 - a JSON tree
        if isinstance(value, dict):
            return {n: renamed(v, n) for n, v in value.items()}
        if isinstance(value, list):
            return [renamed(v, name) for v in value]
        if isinstance(value, str) and name in {*names, "approvers"} and value in keys:
            return f"new:{value}"
        return value

    found: list[dict[str, Any]] = renamed(facts)
    return found

"""Questions to a stored graph, through the real command line."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.command import nhigraph

GOOD = Path(__file__).parents[1] / "data" / "worked-example"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked example, assessed."""
    folder = tmp_path_factory.mktemp("in")
    for name in ("chain.facts.yaml", "scope.yaml"):
        shutil.copy(GOOD / name, folder)
    made = tmp_path_factory.mktemp("made") / "out"
    ran = nhigraph("assess", folder, "--out", made)
    assert ran.code == 0, ran.err
    return made


def _rows(*arguments: str | Path) -> list[dict[str, object]]:
    ran = nhigraph(*arguments, "--format", "json")
    assert ran.code == 0, ran.err
    answer = json.loads(ran.out)
    assert answer["nhigraph"] == f"{arguments[0]}/1"
    assert answer["as_of"] == "2026-11-23"
    assert answer["coverage"] == {"complete": True, "gaps": 0}
    rows: list[dict[str, object]] = answer["rows"]
    return rows


def test_who_gives_the_rows_of_verdicts(out: Path) -> None:
    expected = (GOOD / "expected-verdicts.csv").read_text(encoding="utf-8")
    rows = [r for r in csv.DictReader(io.StringIO(expected)) if r["target"] == "fin:revenue"]
    found = _rows("who", "fin:revenue", "--graph", out)
    assert [row["identity"] for row in found] == [row["identity"] for row in rows]
    assert [row["soc1"] for row in found] == [row["soc1"] for row in rows]


def test_who_at_a_node_that_is_no_target_gives_states(out: Path) -> None:
    found = _rows("who", "github:ledgerline/warehouse/secret/DBT_PASSWORD", "--graph", out)
    held = {row["identity"]: row["states"] for row in found}
    job = "github:ledgerline/warehouse/job/nightly.yml#build"
    assert held == {job: "READ", "mcp:code-fixer": "READ"}


def test_why_names_every_step_with_its_place(out: Path) -> None:
    found = _rows("why", "mcp:code-fixer", "fin:revenue", "--graph", out)
    kinds = [row["edge_kind"] for row in found]
    assert kinds == ["CAN_WRITE", "CONTAINS", "COMPUTES", "SUPPORTS"]
    assert {row["artifact"] for row in found} == {"chain.facts.yaml", "scope.yaml"}
    assert all(row["pointer"] for row in found)


def test_reach_goes_all_the_way(out: Path) -> None:
    found = _rows("reach", "t:ops-bot", "--graph", out)
    assert {row["node"]: row["states"] for row in found} == {
        "github:ledgerline/warehouse/job/nightly.yml#build": "HALT",
        "dataset:postgres:erp.marts.revenue": "HALT",
        "report:dbt:board_pack": "HALT",
        "fin:revenue": "HALT",
        "fin:board-pack": "HALT",
        "trust:A/warehouse-uptime": "HALT",
    }


def test_blast_starts_with_the_targets(out: Path) -> None:
    found = _rows("blast", "github:ledgerline/warehouse/secret/DBT_PASSWORD", "--graph", out)
    nodes = [str(row["node"]) for row in found]
    assert nodes[:3] == ["fin:revenue", "trust:A/warehouse-uptime", "fin:board-pack"]
    assert "role:postgres:erp/transformer" in nodes


def test_names_may_be_abbreviated_and_are_suggested(out: Path) -> None:
    assert nhigraph("reach", "ops-bot", "--graph", out).code == 0
    ran = nhigraph("reach", "opsbot", "--graph", out)
    assert ran.code == 2
    assert "did you mean" in ran.err
    assert "t:ops-bot" in ran.err
    ran = nhigraph("reach", "nightly", "--graph", out)
    assert "could be any of" in ran.err


def test_commands_may_be_abbreviated_and_are_suggested() -> None:
    assert nhigraph("sour").code == 0
    ran = nhigraph("asess")
    assert ran.code == 2
    assert "assess" in ran.err


def test_population_coverage_and_explain_answer(out: Path) -> None:
    keys = {row["key"] for row in _rows("population", "--graph", out)}
    assert "github:ledgerline/warehouse/secret/DBT_PASSWORD" in keys
    (facts, scope) = _rows("coverage", "--graph", out)
    assert facts["artifact"] == "chain.facts.yaml"
    for row in (facts, scope):
        parts = [int(str(row[name])) for name in ("accepted", "merged", "quarantined")]
        assert row["records"] == sum(parts)
    ran = nhigraph("explain", "t:ops-bot", "--graph", out)
    assert "chain.facts.yaml:" in ran.out
    assert nhigraph("explain", "R12").out.startswith("R12:")


def test_fail_on_looks_at_soc1_and_soc2_never_at_verdict(out: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("chain.facts.yaml", "scope.yaml"):
        shutil.copy(GOOD / name, folder)
    expected = {"soc1:direct": 1, "soc1:indirect": 1, "soc2:A": 1, "soc2:PI": 0, "any": 1}
    for condition, code in expected.items():
        ran = nhigraph("assess", folder, "--out", tmp_path / "again", "--fail-on", condition)
        assert ran.code == code, condition
    assert nhigraph("assess", folder, "--out", out, "--fail-on", "verdict").code == 2


def test_a_table_is_for_people_and_csv_for_machines(out: Path) -> None:
    ran = nhigraph("who", "fin:revenue", "--graph", out, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert rows[0]["soc1"] == "direct"
    assert "as of 2026-11-23" in ran.err

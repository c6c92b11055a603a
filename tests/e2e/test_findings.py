"""`nhigraph findings`, and findings.csv of the sample: what a reader wrote down, no more."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from nhigraph.app.findings import findings, found_rules
from nhigraph.app.judged import of_graph
from nhigraph.assurance.analyse import Analysis
from nhigraph.findings import endings
from nhigraph.graph.store import Ints
from nhigraph.trace.changes import Changes
from nhigraph.trace.laid import Laid
from nhigraph.trace.web import Web
from tests.e2e.command import Said, inside
from tests.sample import FOLDER

TRUTH = FOLDER / "truth-findings.csv"
pytestmark = pytest.mark.xdist_group("ledgerline findings")


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _ran(out: Path, *more: str) -> Said:
    return inside("findings", "--graph", out, *more)


def test_findings_of_the_sample_are_as_the_truth_says(out: Path) -> None:
    truth = _rows(TRUTH.read_text(encoding="utf-8"))
    expected = {
        (row["rule"], row["subject"], target, row["severity"])
        for row in truth
        for target in row["targets"].split(";")
    }
    rows = _rows((out / "findings.csv").read_text(encoding="utf-8"))
    found = [(row["rule"], row["subject"], row["target"], row["severity"]) for row in rows]
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert all(row["why"] for row in truth)


def test_the_password_of_june_is_the_finding_with_its_day_place_and_controls(
    out: Path,
) -> None:
    rows = _rows((out / "findings.csv").read_text(encoding="utf-8"))
    found = next(r for r in rows if r["rule"] == "long_lived" and r["target"] == "fin:revenue")
    assert found["subject"] == "github:ledgerline/warehouse/secret/DBT_PASSWORD"
    assert "rotated 2025-06-01" in found["title"]
    assert found["controls"] == "NHI7:2025;CC6.1;PR.AA-01;IA-5;SC-12;A.5.17;A.8.24;APD"
    assert found["owner"] == "finance-engineering"
    assert not found["cut_edge"], "no edge ends the age of a password"
    assert found["artifact"]


def test_who_may_drop_a_table_is_stopped_by_the_edge_that_is_named(out: Path) -> None:
    rows = _rows((out / "findings.csv").read_text(encoding="utf-8"))
    cut = {(r["rule"], r["subject"], r["target"]): r for r in rows}
    destroys = "key_or_data_destruction"
    runner = cut[destroys, "role:postgres:erp/dbt_runner", "fin:revenue"]
    member = "role:postgres:erp/dbt_runner -MEMBER_OF-> role:postgres:erp/transformer"
    assert runner["cut_edge"] == member
    assert (runner["artifact"], runner["pointer"]) == ("erp.postgres.json", "/memberships/5")


def test_without_the_edges_named_the_findings_of_the_sample_end(out: Path) -> None:
    """All of one rule together: one search for each rule; fixtures try them one by one."""
    estate = of_graph(out / "graph").estate
    graph, changes = estate.graph, Changes(estate.graph)
    keys, edges = graph.key_list, graph.edges
    named: dict[str, list[int]] = {}
    cells = zip(edges["src"], edges["dst"], edges["kind"], edges["action"], strict=True)
    for number, (src, dst, kind, action) in enumerate(cells):
        said = f"{kind} {action}".strip()
        named.setdefault(f"{keys[src]} -{said}-> {keys[dst]}", []).append(number)
    rows = [row for row in findings(Analysis(estate)).rows if row.cut_edge]
    rules = {row.rule for row in rows}
    assert rules == {"key_or_data_destruction", "split_ownership"}
    for rule in rules:
        texts = {text for row in rows if row.rule == rule for text in row.cut_edge}
        gone = changes.whole(changes.of([edge for text in texts for edge in named[text]]))
        after = findings(Analysis(replace(estate, dropped=frozenset(gone))))
        assert rule not in {row.rule for row in after.rows}


def test_coverage_says_what_each_rule_could_not_know(out: Path) -> None:
    coverage = json.loads((out / "coverage.json").read_text(encoding="utf-8"))
    told = {one["rule"]: one for one in coverage["findings"]["rules"]}
    assert set(told) == set(found_rules())
    assert coverage["findings"]["cut_edges_left_out"] == 0
    assert told["long_lived"]["found"] == 7
    assert told["long_lived"]["listed"] == [
        {
            "subject": "github:ledgerline/warehouse/secret/ERP_BACKEND_PASSWORD",
            "reason": "no record states rotated or created",
        }
    ]
    support = "role:postgres:erp/support_bot"
    assert support in {one["subject"] for one in told["exfil_path"]["listed"]}


def test_the_stored_graph_gives_the_same_rows(out: Path) -> None:
    ran = _ran(out, "--format", "csv")
    assert ran.code == 0, ran.err
    assert ran.out == (out / "findings.csv").read_text(encoding="utf-8")


def test_json_tells_what_is_not_known_beside_the_rows(out: Path) -> None:
    ran = _ran(out, "--format", "json", "--rule", "long_lived")
    answer = json.loads(ran.out)
    assert answer["nhigraph"] == "findings/1"
    assert {row["rule"] for row in answer["rows"]} == {"long_lived"}
    assert [one["rule"] for one in answer["not_known"]] == ["long_lived"]
    assert answer["coverage"]["complete"] is False
    assert isinstance(answer["rows"][0]["controls"], list)


def test_people_see_one_line_for_a_subject_and_what_is_not_known(out: Path) -> None:
    ran = _ran(out, "--rule", "long_lived", "--rule", "exfil_path")
    lines = [line for line in ran.out.splitlines() if "DBT_PASSWORD" in line]
    assert [line.split()[0] for line in lines] == ["critical", "medium"]
    assert "not known: long_lived of 1 subject:" in ran.out
    assert "not known: exfil_path of 6 subjects:" in ran.out


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ((), 0),
        (("--fail-on", "critical"), 1),
        (("--fail-on", "critical", "--rule", "weak_auth"), 0),
        (("--fail-on", "any", "--rule", "split_ownership"), 1),
        (("--rule", "long-lived"), 2),
        (("--fail-on", "worst"), 2),
    ],
)
def test_exit_codes_say_what_was_asked(more: tuple[str, ...], code: int, out: Path) -> None:
    ran = _ran(out, *more)
    assert ran.code == code, ran.err
    assert ("no rule 'long-lived'" in ran.err) == (more[-1:] == ("long-lived",))


def test_without_a_graph_there_is_no_answer(tmp_path: Path) -> None:
    ran = inside("findings", "--graph", tmp_path)
    assert ran.code == 3


def test_a_scope_error_is_no_clean_answer(tmp_path: Path) -> None:
    (tmp_path / "a.facts.yaml").write_text(
        "nhigraph: facts/1\nnodes:\n- {kind: ServiceAccount, key: 'acme:svc'}\n", encoding="utf-8"
    )
    (tmp_path / "scope.yaml").write_text(
        "nhigraph: scope/1\nas_of: 2026-11-23\ncommitments: [S]\ntargets:\n"
        "- {id: gl, family: financial-reporting, fs_role: record, select: [{key: 'acme:gl'}]}\n",
        encoding="utf-8",
    )
    done = inside("assess", tmp_path, "--out", tmp_path / "out")
    assert done.code == 0, done.err
    assert _ran(tmp_path / "out", "--fail-on", "critical").code == 3
    assert _ran(tmp_path / "out").code == 0


def test_ways_are_laid_out_once_for_all_findings_at_a_target(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid: list[frozenset[int]] = []

    def counted(reading: Laid, goals: frozenset[int], change: Ints) -> Web:
        laid.append(goals)
        return Web(reading, goals, change)

    monkeypatch.setattr(endings, "Web", counted)
    found = findings(Analysis(of_graph(out / "graph").estate))
    assert laid
    assert len(laid) == len(set(laid)) < sum(bool(row.cut_edge) for row in found.rows)
    once = len(laid)
    # Without room they are laid again, and say the same.
    monkeypatch.setattr(endings, "_ROOM", 0)
    again = findings(Analysis(of_graph(out / "graph").estate))
    assert len(laid) > 2 * once
    assert again.rows == found.rows


@pytest.mark.parametrize("limit", ["WORK_TOGETHER", "LAID"])
def test_what_no_work_is_left_for_is_counted_and_costs_none(
    limit: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> Web:
        raise AssertionError("ways were laid out for nothing")

    analysis = Analysis(of_graph(out / "graph").estate)
    whole = findings(analysis)
    monkeypatch.setattr(endings, limit, 0)
    monkeypatch.setattr(endings, "Web", none)
    found = findings(analysis)
    assert found.uncut > whole.uncut == 0
    assert [(row.rule, row.subject) for row in found.rows] == [
        (row.rule, row.subject) for row in whole.rows
    ]

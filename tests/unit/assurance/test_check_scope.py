"""A scope is held against the graph: what matches nothing, contradicts, or stays open."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from nhigraph.assurance.check_scope import LEVELS, check
from nhigraph.assurance.day import Day
from nhigraph.assurance.rows import ScopeIssue
from nhigraph.assurance.scope import Resolved, resolve
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Claim, Edge, Fact, Node, Value
from nhigraph.graph.build import build
from nhigraph.ingest.document import Document
from nhigraph.schema import kinds as k
from nhigraph.schema.types import NodeKind
from nhigraph.sources import scope

HERE = Evidence("a.facts.json", "/nodes/0", "0" * 64)
GL = "dataset:postgres:erp.fin.gl_entries"
PII = "dataset:postgres:erp.crm.customers"


def node(key: str, kind: NodeKind = k.DATASET, **props: Value) -> Node:
    return Node(kind, key, HERE, name=key.rpartition(".")[2], props=props)


FACTS: list[Fact] = [
    node("acme:loader", k.SERVICE_ACCOUNT),
    node(GL, tags=("ledger", "nightly"), group="finance"),
    node(PII),
    node("report:dbt:board_pack", k.REPORT),
    Edge(k.FEEDS, GL, "report:dbt:board_pack", HERE),
]
LEDGER: dict[str, Any] = {
    "id": "ledger",
    "family": "financial-reporting",
    "fs_role": "record",
    "icfr_basis": "own",
    "select": [{"key": GL}],
}
PRIVATE: dict[str, Any] = {
    "id": "private",
    "family": "trust-service",
    "commitments": ["C"],
    "select": [{"key": PII}],
}


def resolved(
    folder: Path, *targets: dict[str, Any], facts: list[Fact] | None = None, **more: object
) -> Resolved:
    body = {"nhigraph": "scope/1", "commitments": ["S"], "targets": list(targets), **more}
    path = folder / "scope.json"
    path.write_text(json.dumps(body))
    claims = [fact for fact in scope.read(Document(path, path.name)) if isinstance(fact, Claim)]
    return resolve(build(FACTS if facts is None else facts).graph, claims, Day("2026-11-23"))


def issues(folder: Path, *targets: dict[str, Any], **more: Any) -> list[ScopeIssue]:  # noqa: ANN401 - fields of a scope
    return check(resolved(folder, *targets, **more), None)


def selecting(**conditions: str) -> dict[str, Any]:
    return {**LEDGER, "select": [{"key": GL}, conditions]}


def test_a_sound_scope_has_no_issue(tmp_path: Path) -> None:
    """Nothing is said for the sake of saying something."""
    assert check(resolved(tmp_path, LEDGER), {"fin:ledger": 1}) == []


def test_a_scope_without_targets_is_an_error(tmp_path: Path) -> None:
    """It judges nothing, and an answer without rows must not look like a good one."""
    (found,) = issues(tmp_path)
    assert (found.level, found.target) == ("error", "")
    assert "no target is declared" in found.problem


def test_a_scope_whose_targets_name_no_category_judges_nothing(tmp_path: Path) -> None:
    """A target is declared, and still no row can come of it."""
    idle = {"id": "portal", "family": "trust-service", "commitments": [], "select": [{"key": GL}]}
    found = issues(tmp_path, idle)
    said = {one.level: one.problem for one in found}
    assert "no declared target names what is relied on" in said["error"]


@pytest.mark.parametrize(
    ("conditions", "meant"),
    [
        ({"key": "dataset:postgres:erp.fin.gl_entrys"}, GL),
        ({"key": "dataset:postgres:erp.fni.gl_entries"}, GL),
        ({"key": "dataset:postgres:ERP.FIN.GL_ENTRIES"}, GL),
        ({"key": "dataset:snowflake:PROD.X.gl_entries"}, GL),
        ({"key": "dataset:postgres:erp.fin.gl_entris*"}, GL),
        ({"key": "dataset:postgres:erp.crn.*"}, PII),
        ({"kind": "Datase?s"}, "Dataset"),
        ({"tag": "legder"}, "ledger"),
        ({"group": "Finance"}, "finance"),
        ({"name": "gl_entry"}, "gl_entries"),
        ({"dbt": "exposure:boardpack"}, "exposure:board_pack"),
        ({"dbt": "tag:legder"}, "tag:ledger"),
        ({"downstream_of": "dataset:postgres:erp.fin.gl_entry"}, GL),
        ({"kind": "Dataset", "tag": "legder"}, "ledger"),
    ],
)
def test_a_selector_that_matches_nothing_says_what_is_close(
    conditions: dict[str, str], meant: str, tmp_path: Path
) -> None:
    """The condition that fails is looked at, and names of its own sort are offered."""
    (found,) = issues(tmp_path, selecting(**conditions))
    assert (found.level, found.target, found.pointer) == ("error", "ledger", "/targets/0")
    assert f'"{meant}"' in found.advice


def test_conditions_that_match_apart_are_told_from_misspelt_ones(tmp_path: Path) -> None:
    """Both exist, no node has both: no spelling would help."""
    (found,) = issues(tmp_path, selecting(kind="Report", tag="ledger"))
    assert "each condition matches nodes" in found.advice


def test_lineage_that_ends_is_told_from_a_misspelt_start(tmp_path: Path) -> None:
    """The start is there; what is missing is the lineage."""
    (found,) = issues(tmp_path, selecting(downstream_of=PII))
    assert "no lineage leaves it" in found.advice


def test_an_unlike_name_gets_no_guess(tmp_path: Path) -> None:
    """A wild guess would send the reader the wrong way."""
    (found,) = issues(tmp_path, selecting(key="arn:aws:s3:::zzz"))
    assert "did you mean" not in found.advice


def test_boundaries_and_owners_that_match_nothing_are_said(tmp_path: Path) -> None:
    """A carve-out that is misspelt carves out nothing."""
    found = issues(
        tmp_path,
        LEDGER,
        boundary={"carve_out": [{"key": "acme:lodaer"}]},
        owners=[{"select": {"key": "acme:lodaer"}, "owner": "platform"}],
    )
    assert [issue.pointer for issue in found] == ["/boundary/carve_out/0", "/owners/0"]
    assert all('"acme:loader"' in issue.advice for issue in found)


def test_a_target_without_nodes_is_an_error_that_says_why(tmp_path: Path) -> None:
    """No match, or all of it outside of the boundary: two different mistakes."""
    wrong = {**LEDGER, "select": [{"key": "x:y"}]}
    first = issues(tmp_path, wrong)[0]
    assert (first.level, first.problem) == ("error", "no node supports this target")
    outside = issues(tmp_path, LEDGER, boundary={"outside": [{"key": GL}]})[0]
    assert (outside.level, outside.target) == ("error", "ledger")
    assert "outside" in outside.problem


def test_a_target_nobody_reaches_is_noted_once(tmp_path: Path) -> None:
    """One target of two categories is one thing to look at; unasked, nothing is said."""
    private = {**PRIVATE, "commitments": ["S", "C"]}
    found = resolved(tmp_path, private, commitments=["S", "C"])
    assert check(found, None) == []
    assert [i.target for i in check(found, {})] == ["private"]
    assert check(found, {"trust:C/private": 2}) == []


def test_unknown_facts_are_asked_for(tmp_path: Path) -> None:
    """fs_role, icfr_basis and what was promised; where nothing rests on it, no basis is."""
    bare = {name: LEDGER[name] for name in ("id", "family", "select")}
    said = [i.problem for i in issues(tmp_path, bare)]
    assert said == ["fs_role is unknown", "icfr_basis is unknown"]
    assert issues(tmp_path, {**bare, "fs_role": "none"}) == []
    promise = {name: PRIVATE[name] for name in ("id", "family", "select")}
    assert [i.problem for i in issues(tmp_path, promise)] == ["its commitments are unknown"]


@pytest.mark.parametrize("stated", [None, "unknown", []])
def test_commitments_that_nobody_stated_are_said(stated: object, tmp_path: Path) -> None:
    """Without them every soc2 is empty, and that must not look like a result."""
    found = issues(tmp_path, LEDGER, commitments=stated)
    assert [issue.level for issue in found] == ["warning"]
    assert "commitments are unknown" in found[0].problem


def test_commitments_and_targets_are_held_against_each_other(tmp_path: Path) -> None:
    """A category without a target can never be affected; one not promised is outside."""
    found = issues(tmp_path, LEDGER, PRIVATE, commitments=["S", "A"])
    assert [(i.level, i.target) for i in found] == [("warning", ""), ("note", "private")]
    assert "commitment A" in found[0].problem
    assert found[1].problem.endswith("did not commit to C")


def test_a_class_of_data_counts_as_a_target_of_its_category(tmp_path: Path) -> None:
    """A financial target has C and P by its data class alone."""
    classed = {**LEDGER, "data_class": ["confidential"]}
    assert issues(tmp_path, classed, commitments=["S", "C"]) == []


def test_a_link_to_nowhere_is_an_error_with_what_is_close(tmp_path: Path) -> None:
    """The link had no effect, so a path may be missing."""
    link = {"kind": "CAN_READ", "from": "acme:loader", "to": f"{GL[:-3]}ie"}
    (found,) = issues(tmp_path, LEDGER, links=[link])
    assert (found.level, found.pointer) == ("error", "/links/0")
    assert f'"{GL}"' in found.advice


def test_two_roles_for_the_same_nodes_are_said(tmp_path: Path) -> None:
    """One role for one thing; two names with one role are a matter of taste."""
    assert issues(tmp_path, LEDGER, {**LEDGER, "id": "twin"}) == []
    (found,) = issues(tmp_path, LEDGER, {**LEDGER, "id": "twin", "fs_role": "feeder"})
    assert found.level == "warning"
    assert "the same nodes stand for" in found.problem


def test_boundary_conflicts_are_said_and_bounded(tmp_path: Path) -> None:
    """Twenty are named, the rest counted."""
    more: list[Fact] = [node(f"acme:x{number}", k.SYSTEM) for number in range(50)]
    boundary = {"carve_out": [{"key": "acme:x*"}], "inclusive": [{"key": "acme:x*"}]}
    found = issues(tmp_path, LEDGER, facts=FACTS + more, boundary=boundary)
    assert len(found) == 21
    assert any("30 more nodes" in issue.problem for issue in found)


def test_issues_are_in_the_order_of_level_and_file(tmp_path: Path) -> None:
    """The worst first, then as the reader goes through the file: 10 after 9."""
    many = [{**LEDGER, "id": f"t{n}", "select": [{"key": f"x:{n}"}]} for n in range(12)]
    found = issues(tmp_path, *many)
    assert [issue.level for issue in found] == sorted(
        (issue.level for issue in found), key=LEVELS.index
    )
    errors = [issue.pointer for issue in found if issue.level == "error"]
    assert errors == [f"/targets/{n}" for n in range(12)]


def test_a_hostile_selector_stays_on_one_line(tmp_path: Path) -> None:
    """A terminal obeys nothing of what a scope quotes."""
    hostile = "x\n\x1b[2J, kind: y, key: "
    link = {"kind": "CAN_READ", "from": "acme:loader", "to": hostile}
    found = issues(tmp_path, selecting(key=hostile), links=[link])
    assert len(found) == 2
    assert all((issue.problem + issue.advice).isprintable() for issue in found)


def test_many_wrong_selectors_on_many_keys_stay_affordable(tmp_path: Path) -> None:
    """Looking for what was meant compares a bounded number of keys, however many there are."""
    many: list[Fact] = [node(f"dataset:postgres:erp.fin.t_{n:06}") for n in range(30_000)]
    wrong = [{"key": f"dataset:postgres:erp.fin.t_0{n}x"} for n in range(300)]
    found = resolved(tmp_path, {**LEDGER, "select": [{"key": GL}, *wrong]}, facts=FACTS + many)
    before = time.process_time()
    issues_found = check(found, None)
    assert len(issues_found) == 300
    assert time.process_time() - before < 20

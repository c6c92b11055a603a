"""A scope is proposed from what was read, and checked against it."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nhigraph.app.collect import collect
from nhigraph.app.demo import inputs
from nhigraph.app.scope import checked, proposals
from nhigraph.assurance.day import Day
from nhigraph.assurance.scope import resolve

FACTS: dict[str, Any] = {
    "nhigraph": "facts/1",
    "nodes": [
        {"kind": "ServiceAccount", "key": "a:sa"},
        {"kind": "Dataset", "key": "dataset:postgres:erp.fin.gl_entries"},
        {"kind": "Dataset", "key": "dataset:postgres:erp.crm.customers"},
    ],
    "edges": [{"kind": "CAN_WRITE", "from": "a:sa", "to": "dataset:postgres:erp.fin.gl_entries"}],
}
LEDGER: dict[str, Any] = {
    "id": "ledger",
    "family": "financial-reporting",
    "fs_role": "record",
    "icfr_basis": "own",
    "select": [{"key": "dataset:postgres:erp.fin.gl_entries"}],
}


def _issues(
    folder: Path,
    *targets: dict[str, Any],
    committed: Sequence[str] = ("S",),
    **more: object,
) -> list[str]:
    scope: dict[str, Any] = {"nhigraph": "scope/1", "organization": "X"}
    scope.update(as_of="2026-11-23", commitments=committed, targets=list(targets), **more)
    (folder / "a.facts.json").write_text(json.dumps(FACTS))
    (folder / "scope.json").write_text(json.dumps(scope))
    return [f"{i.level}: {i.problem} / {i.advice}" for i in checked([folder])[1]]


def test_a_sound_scope_has_no_issue(tmp_path: Path) -> None:
    assert _issues(tmp_path, LEDGER) == []


def test_a_selector_that_matches_nothing_says_what_is_close(tmp_path: Path) -> None:
    wrong = {**LEDGER, "select": [{"key": "dataset:postgres:erp.fin.gl_entrys"}]}
    found = _issues(tmp_path, wrong)
    assert any("matches no node" in issue and "gl_entries" in issue for issue in found)
    assert any(issue.startswith("error: no node supports") for issue in found)


def test_a_target_that_nothing_leads_to_is_noted(tmp_path: Path) -> None:
    other = {**LEDGER, "select": [{"key": "dataset:postgres:erp.crm.customers"}]}
    assert any("no identity reaches" in issue for issue in _issues(tmp_path, other))


def test_what_is_unsaid_is_asked_for(tmp_path: Path) -> None:
    bare = {name: LEDGER[name] for name in ("id", "family", "select")}
    found = _issues(tmp_path, bare)
    assert any("fs_role is unknown" in issue for issue in found)
    assert any("icfr_basis is unknown" in issue for issue in found)


def test_commitments_and_targets_are_held_against_each_other(tmp_path: Path) -> None:
    private = {**LEDGER, "data_class": ["personal"]}
    assert any("did not commit to P" in issue for issue in _issues(tmp_path, private))
    found = _issues(tmp_path, LEDGER, committed=["S", "A"])
    assert any("no target stands for the commitment A" in issue for issue in found)


def test_a_link_to_nowhere_is_an_error(tmp_path: Path) -> None:
    link = {"kind": "CAN_READ", "from": "a:sa", "to": "a:nowhere"}
    found = _issues(tmp_path, LEDGER, links=[link])
    assert any(issue.startswith("error: not joined") for issue in found)


def test_two_roles_for_the_same_nodes_are_said(tmp_path: Path) -> None:
    twin = {**LEDGER, "id": "twin", "fs_role": "none"}
    assert any("the same nodes stand for" in issue for issue in _issues(tmp_path, LEDGER, twin))


def test_several_boundary_lists_are_said(tmp_path: Path) -> None:
    boundary = {"carve_out": [{"key": "a:*"}], "outside": [{"key": "a:sa"}]}
    found = _issues(tmp_path, LEDGER, boundary=boundary)
    assert any("several lists of the boundary" in issue for issue in found)


def _claimed(text: str) -> str:
    """The file with its proposals confirmed: one ``#`` goes, explanations have two."""
    return "\n".join(re.sub(r"^# ?(?!#)", "", line) for line in text.splitlines()) + "\n"


def test_a_suggestion_is_all_comments_and_its_claims_hold_when_confirmed(tmp_path: Path) -> None:
    """Nothing is claimed until somebody uncomments it; then every selector matches."""
    text = proposals(inputs()).text("Ledgerline")
    (tmp_path / "proposed.yaml").write_text(text)
    (tmp_path / "a.facts.json").write_text(json.dumps(FACTS))
    graph = collect(inputs()).graph
    bare = collect([tmp_path])
    assert not [claim for claim in bare.claims if claim.subject == "target"]
    (tmp_path / "proposed.yaml").write_text(_claimed(text))
    found = collect([tmp_path])
    (line,) = [d for d in found.coverage.documents if d.artifact == "proposed.yaml"]
    assert line.status == "read", line
    assert line.quarantined == 0, line
    targets = [claim for claim in found.claims if claim.subject == "target"]
    assert len(targets) >= 3
    assert resolve(graph, targets, Day("2026-11-23")).unmatched == []


def test_a_hostile_name_cannot_break_out_of_a_comment(tmp_path: Path) -> None:
    facts = json.loads(json.dumps(FACTS))
    name = "revenue\ntargets: [{id: x, family: financial-reporting, select: [{key: '*'}]}]"
    facts["nodes"].append({"kind": "Report", "key": f"report:{name}", "name": name})
    (tmp_path / "a.facts.json").write_text(json.dumps(facts))
    text = proposals([tmp_path]).text()
    (tmp_path / "scope.yaml").write_text(text)
    assert not [c for c in collect([tmp_path]).claims if c.subject == "target"]

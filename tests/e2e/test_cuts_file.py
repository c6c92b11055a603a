"""``cuts.csv``: what ``assess`` writes of the smallest cut of each target."""

import csv
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from nhigraph.app.assess import Request, run_assess
from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.cut_rows import CutStep
from nhigraph.assurance.cuts import of_targets
from nhigraph.assurance.cuts.asked import Asked
from nhigraph.assurance.cuts.smallest import cut
from nhigraph.cli.answered import answered
from nhigraph.trace.crowd import Crowd
from nhigraph.trace.cuts import Cut, smallest_in
from nhigraph.trace.web import Web
from tests.e2e.command import inside

_FACTS = """
nhigraph: facts/1
nodes:
- {kind: ServiceAccount, key: app:loader}
- {kind: ServiceAccount, key: app:helper}
- {kind: ServiceAccount, key: vendor:feeder}
- {kind: Model, key: "model:gl", nhi: true}
- {kind: Group, key: app:loaders}
- {kind: Dataset, key: "dataset:x:gl"}
- {kind: Dataset, key: "dataset:x:pii"}
edges:
- {kind: MEMBER_OF, from: app:loader, to: app:loaders}
- {kind: MEMBER_OF, from: app:helper, to: app:loaders}
- {kind: CAN_WRITE, from: app:loaders, to: "dataset:x:gl", action: post}
- {kind: CAN_WRITE, from: vendor:feeder, to: "dataset:x:gl"}
- {kind: COMPUTES, from: "model:gl", to: "dataset:x:gl"}
- {kind: CAN_READ, from: app:helper, to: "dataset:x:pii"}
- {kind: CAN_WRITE, from: app:helper, to: "dataset:x:pii"}
"""
_SCOPE = """
nhigraph: scope/1
organization: Acme
as_of: 2026-11-23
commitments: [S, C]
boundary: {carve_out: [{key: "vendor:*"}]}
targets:
- {id: gl, family: financial-reporting, fs_role: record, icfr_basis: own,
   select: [{key: "dataset:x:gl"}]}
- {id: pii, family: trust-service, commitments: [C], select: [{key: "dataset:x:pii"}]}
- {id: none, family: financial-reporting, fs_role: record, icfr_basis: own,
   select: [{key: "dataset:x:absent"}]}
"""
_WRITES = "May change what it holds or computes: a right can be revoked"
_READS = "May learn what it holds: a right can be revoked"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    (made / "a.facts.yaml").write_text(_FACTS, encoding="utf-8")
    (made / "scope.yaml").write_text(_SCOPE, encoding="utf-8")
    return made


def test_each_target_has_its_cut_from_those_inside_the_boundary(folder: Path) -> None:
    out = folder.parent / "out"
    ran = inside("assess", folder, "--out", out)
    assert ran.code == 0, ran.err
    with (out / "cuts.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == [
        *("target", "effect", "rank", "edge_kind", "from", "to", "action", "reason"),
        *("identities", "artifact", "pointer", "cost", "statement", "turn"),
    ]
    gl = "CONTROL+ALTER+OMIT+HALT"
    beyond = "; no change stops 1 more identity who can, too"
    assert rows == [
        [
            *("fin:gl", gl, "1", "CAN_WRITE", "app:loaders", "dataset:x:gl", "post"),
            *(_WRITES + beyond, "2", "a.facts.yaml", "/edges/2", "1", "", "0"),
        ],
        [
            *("trust:C/pii", "CONTROL+READ", "1", "CAN_READ", "app:helper", "dataset:x:pii", ""),
            *(_READS, "1", "a.facts.yaml", "/edges/5", "1", "", "0"),
        ],
    ]
    coverage = json.loads((out / "coverage.json").read_text(encoding="utf-8"))
    assert coverage["cuts"] == [
        {"target": "fin:gl", "changes": 1, "cost": 1, "bound": 1, "stopped": 2}
        | {"not_stopped": 1, "left_out": "", "points": True, "others": 0},
        {"target": "fin:none", "changes": 0, "cost": 0, "bound": 0, "stopped": 0}
        | {"not_stopped": 0, "left_out": "it was not found in the inputs", "points": False}
        | {"others": None},
        {"target": "trust:C/pii", "changes": 1, "cost": 1, "bound": 1, "stopped": 1}
        | {"not_stopped": 0, "left_out": "", "points": True, "others": 0},
    ]
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256((out / "cuts.csv").read_bytes()).hexdigest()
    assert manifest["outputs"]["cuts.csv"] == digest


def _weight(kind: str, cost: int) -> dict[str, object]:
    return {"match": {"edge": kind}, "weight": cost}


def test_a_dear_cut_that_no_other_is_cheaper_than_is_not_doubted(folder: Path) -> None:
    """What changes cost is compared with what any cut costs, not how many they are."""
    costs = {"CAN_WRITE": 3, "MEMBER_OF": 2}
    dear = f"cuts: {json.dumps({'weights': [_weight(*one) for one in costs.items()]})}\n"
    (folder / "scope.yaml").write_text(f"{_SCOPE}{dear}", encoding="utf-8")
    ran = inside("assess", folder, "--out", folder.parent / "out")
    assert ran.code == 0, ran.err
    coverage = json.loads((folder.parent / "out" / "coverage.json").read_text(encoding="utf-8"))
    assert {one["cost"] == one["bound"] for one in coverage["cuts"]} == {True}
    assert any(one["cost"] > one["changes"] for one in coverage["cuts"])
    assert "not ruled out" not in ran.err


def test_what_else_changes_is_not_told_where_it_would_take_too_long(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of that cut nothing is said then: nought would be a claim."""
    out = folder.parent / "out"
    assert inside("assess", folder, "--out", out).code == 0
    assert "no other answer changes" in (out / "report.html").read_text(encoding="utf-8")
    monkeypatch.setattr(of_targets, "CHANGED_TOGETHER", 0)
    assert inside("assess", folder, "--out", out).code == 0
    coverage = json.loads((out / "coverage.json").read_text(encoding="utf-8"))
    assert [one["others"] for one in coverage["cuts"]] == [None] * 3
    assert "no other answer changes" not in (out / "report.html").read_text(encoding="utf-8")


def test_targets_that_are_fed_alike_are_cut_once_and_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is told as if it was looked for alone, and the second one costs no work."""
    reports = ("north", "south", "west")
    said = "".join(f'- {{kind: Dataset, key: "dataset:x:{one}"}}\n' for one in reports)
    fed = "".join(
        f'- {{kind: FEEDS, from: "dataset:x:gl", to: "dataset:x:{one}", transform: copy}}\n'
        for one in reports
    )
    own = '- {kind: CAN_WRITE, from: app:helper, to: "dataset:x:west"}\n'
    facts = _FACTS.replace("edges:\n", f"{said}edges:\n{fed}{own}")
    (tmp_path / "a.facts.yaml").write_text(facts, encoding="utf-8")
    targets = "".join(
        f"- {{id: {one}, family: financial-reporting, fs_role: record, icfr_basis: own, "
        f'select: [{{key: "dataset:x:{one}"}}]}}\n'
        for one in reports
    )
    scope = _SCOPE[: _SCOPE.index("targets:")] + "targets:\n" + targets
    (tmp_path / "scope.yaml").write_text(scope, encoding="utf-8")
    looked: list[Web] = []

    def counted(web: Web, crowd: Crowd, cost: Mapping[int, int], *, work: int) -> Cut:
        looked.append(web)
        return smallest_in(web, crowd, cost, work=work)

    monkeypatch.setattr(of_targets, "smallest_in", counted)
    estate = of_collection(collect([tmp_path])).estate
    found = of_targets.cuts(Analysis(estate))
    assert len(looked) == 2
    inside_it = [one for one in estate.identities if estate.in_boundary(one)]
    rows: list[CutStep] = []
    for told in found.told:
        node = estate.graph.node_id(told.target)
        assert node is not None
        alone = cut(estate, Asked([node], walkers=inside_it))
        assert (told.changes, told.cost, told.bound) == (alone.changes, alone.cost, alone.bound)
        assert told.stopped == len(alone.stopped)
        rows += alone.rows
    assert [told.changes for told in found.told] == [1, 1, 2]
    assert found.rows == tuple(rows)


@pytest.mark.parametrize("limit", ["CLAUSES", "FOUND", "WORK", "WORK_TOGETHER"])
def test_a_target_that_would_take_too_long_has_no_cut_and_that_is_said(
    limit: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(of_targets, limit, 1)
    done = run_assess(Request([folder], folder.parent / "out"))
    assert (folder.parent / "out" / "cuts.csv").read_text(encoding="utf-8").count("\n") == 1
    left = {one.target: one.left_out for one in done.assessment.cuts.told}
    large = "too many ways lead to it for this run"
    assert left == {
        "fin:gl": large,
        "fin:none": "it was not found in the inputs",
        "trust:C/pii": large,
    }
    answered(done)
    assert (
        "cuts.csv: no cut looked for at 2 targets: fin:gl, trust:C/pii" in capsys.readouterr().err
    )

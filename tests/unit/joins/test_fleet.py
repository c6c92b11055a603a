"""Machines that jobs choose by labels or by a group."""

import json
from pathlib import Path

import pytest

from tests.unit.joins.company import Company, edges, gaps

WORKFLOW = """
on: push
permissions: {}
jobs:
  load:
    runs-on: RUNS_ON
    steps: [{run: ./load.sh}]
"""
GROUP = json.dumps({"total_count": 1, "runner_groups": [{"id": 7, "name": "closing"}]})
OURS, THEIRS = "repos/acme/erp/actions/runners.json", "orgs/acme/actions/runners.json"


def machines(*labels: str, **more: object) -> str:
    named = [{"name": label} for label in labels]
    one = {"id": 1, "name": "m1", "labels": named, **more}
    return json.dumps({"total_count": 1, "runners": [one]})


def tied(folder: Path, runs_on: str, exports: dict[str, str]) -> list[str]:
    text = WORKFLOW.replace("RUNS_ON", runs_on)
    found = Company(folder, {".github/workflows/a.yml": text}, exports).read()
    kinds = ("RUNS_AS", "CONTAINS", "EXECUTES")
    return [line for line in edges(found, *kinds) if "runner" in line or "machine" in line]


JOB = "job/a.yml#load"
LARGER = "if the label may be that of a larger GitHub-hosted machine"


@pytest.mark.parametrize(
    ("runs_on", "exports", "lines"),
    [
        ("[self-hosted, GPU]", {}, [f"EXECUTES runner/gpu,self-hosted {JOB}"]),
        (
            "[self-hosted, GPU]",
            {OURS: machines("self-hosted", "gpu", "linux")},
            [
                "CONTAINS runner/gpu,self-hosted machine/1",
                f"EXECUTES runner/gpu,self-hosted {JOB}",
                "RUNS_AS machine/1 runner/gpu,self-hosted",
            ],
        ),
        (
            "[self-hosted, gpu]",
            {THEIRS: machines("self-hosted", "gpu", ephemeral=True)},
            [
                f"EXECUTES runner/gpu,self-hosted {JOB}",
                "RUNS_AS github:acme/machine/1 runner/gpu,self-hosted",
            ],
        ),
        (
            "[self-hosted, gpu]",
            {OURS: machines("self-hosted")},
            [f"EXECUTES runner/gpu,self-hosted {JOB}"],
        ),
        (
            "[self-hosted, gpu]",
            {"orgs/other/actions/runners.json": machines("self-hosted", "gpu")},
            [f"EXECUTES runner/gpu,self-hosted {JOB}"],
        ),
        ("books", {}, [f"EXECUTES runner/books {JOB} {LARGER}"]),
        (
            "books",
            {OURS: machines("self-hosted", "books")},
            [
                "CONTAINS runner/books machine/1",
                f"EXECUTES runner/books {JOB}",
                "RUNS_AS machine/1 runner/books",
            ],
        ),
        (
            "{group: closing}",
            {
                "orgs/acme/actions/runner-groups.json": GROUP,
                THEIRS: machines("self-hosted", runner_group_id=7),
            },
            [
                "CONTAINS github:acme/runner-group/closing github:acme/machine/1",
                f"EXECUTES github:acme/runner-group/closing {JOB}",
                "RUNS_AS github:acme/machine/1 github:acme/runner-group/closing",
            ],
        ),
        (
            "{group: closing}",
            {
                "orgs/acme/actions/runner-groups.json": GROUP,
                THEIRS: machines("self-hosted", runner_group_id=8),
            },
            [f"EXECUTES github:acme/runner-group/closing {JOB} {LARGER}"],
        ),
    ],
)
def test_a_machine_serves_those_who_ask_for_labels_that_it_has(
    tmp_path: Path, runs_on: str, exports: dict[str, str], lines: list[str]
) -> None:
    assert tied(tmp_path, runs_on, exports) == lines


@pytest.mark.parametrize(
    ("runs_on", "place", "told"),
    [
        ("${{ vars.WHERE }}", OURS, True),
        ("${{ vars.WHERE }}", THEIRS, True),
        ("${{ vars.WHERE }}", "orgs/other/actions/runners.json", False),
        ("[self-hosted, gpu]", OURS, False),
    ],
)
def test_a_machine_may_run_a_job_of_which_nobody_says_what_it_asks_for(
    tmp_path: Path, runs_on: str, place: str, *, told: bool
) -> None:
    """Neither of it nor of the job is "no path" said."""
    text = WORKFLOW.replace("RUNS_ON", runs_on)
    exports = {place: machines("self-hosted", "linux")}
    found = Company(tmp_path, {".github/workflows/a.yml": text}, exports).read()
    open_ended = [line for line in gaps(found) if "it may be this one" in line]
    assert bool(open_ended) is told
    assert all("machine/1" in line for line in open_ended)

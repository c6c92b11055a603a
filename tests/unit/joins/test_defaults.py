"""The default of GITHUB_TOKEN: which document says it, of whom, and what follows."""

import json
from pathlib import Path

import pytest

from nhigraph.app.collect import Collection
from tests.unit.joins.company import Company, edges, notes

TEST = """
on: {push: {branches: [main]}}
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: make test}]
"""
WRITES = "CAN_WRITE job/ci.yml#test github:acme/erp"
HOLDS = "HOLDS job/ci.yml#test permission/actions:write"
DOUBT = "if the repository's default for GITHUB_TOKEN, which is not in the files, lets it write"
ASKED = "gh api repos/acme/erp/actions/permissions/workflow"


def asked(found: Collection) -> list[str]:
    """Commands of exports that were not given."""
    commands = [one.command for one in found.coverage.absent]
    return [ASKED for command in commands if command.startswith(ASKED)]


def default(level: str, *, approves: bool = False) -> str:
    return json.dumps(
        {"default_workflow_permissions": level, "can_approve_pull_request_reviews": approves}
    )


def company(folder: Path, text: str = TEST, /, **exports: str) -> Company:
    """One job, with exports beside its checkout, by the name of their file."""
    named = {f"{name}.json": content for name, content in exports.items()}
    return Company(folder, {".github/workflows/ci.yml": text.lstrip()}, named)


@pytest.mark.parametrize(
    ("exports", "written", "certain"),
    [
        ({}, True, False),
        ({"workflow": default("read")}, False, True),
        ({"workflow": default("write")}, True, True),
        ({"org-workflow": default("read")}, False, True),
        ({"organization_acme_workflow": default("read")}, False, True),
        ({"orgs/acme/actions/permissions/workflow": default("read")}, False, True),
        ({"orgs/other/actions/permissions/workflow": default("read")}, True, False),
        ({"repos/acme/erp/actions/permissions/workflow": default("write")}, True, True),
        ({"repos/acme/x/actions/permissions/workflow": default("write")}, True, False),
        ({"org-workflow": default("write")}, True, False),
        ({"org-workflow": default("read"), "workflow": default("write")}, False, True),
        ({"org-workflow": default("write"), "workflow": default("read")}, False, True),
        ({"org-workflow": default("write"), "workflow": default("write")}, True, True),
        ({"workflow": default("admin")}, True, False),
    ],
)
def test_the_restricted_default_stands_at_whatever_level_it_is_set(
    tmp_path: Path, exports: dict[str, str], written: bool, certain: bool
) -> None:
    """An organization's read is each repository's; its write decides nothing."""
    found = company(tmp_path, **exports).read()
    lines = edges(found, "CAN_WRITE", "HOLDS")
    assert len(lines) == (2 if written else 0)
    assert all((DOUBT in line) is not certain for line in lines)
    assert asked(found) == ([] if certain else [ASKED])
    told = [note for note in notes(found) if "might write without it falls away" in note]
    assert len(told) == (0 if written else 1)


@pytest.mark.parametrize(
    "block", ["permissions: {contents: write}", "permissions: write-all", "permissions: {}"]
)
def test_a_block_of_permissions_leaves_nothing_to_the_default(tmp_path: Path, block: str) -> None:
    """And nobody has to ask for it."""
    plain = edges(company(tmp_path / "a", block + TEST).read(), "CAN_WRITE", "HOLDS")
    one = company(tmp_path / "b", block + TEST, workflow=default("read"))
    found = one.read()
    assert edges(found, "CAN_WRITE", "HOLDS") == plain
    assert asked(found) == []


def test_of_two_repositories_each_has_its_own(tmp_path: Path) -> None:
    """A document inside a checkout is that repository's."""
    one = company(tmp_path)
    one.files[".github/settings/workflow.json"] = default("write")
    found = one.read()
    assert not any(DOUBT in line for line in edges(found, "CAN_WRITE"))


def test_two_documents_that_differ_leave_it_open(tmp_path: Path) -> None:
    one = company(tmp_path, a=default("read"), b=default("write"))
    assert any("CAN_WRITE" in line for line in edges(one.read(), "CAN_WRITE"))


def test_that_jobs_may_approve_pull_requests_is_said(tmp_path: Path) -> None:
    found = company(tmp_path, workflow=default("read", approves=True)).read()
    assert any("can approve a pull request" in line for line in notes(found))


def test_the_place_that_says_it_stands_beside_the_job(tmp_path: Path) -> None:
    graph = company(tmp_path, workflow=default("write")).read().graph
    rows = [row for row, kind in enumerate(graph.edges["kind"]) if kind == "CAN_WRITE"]
    places = [place.artifact for row in rows for place in graph.evidence_of("edge", row)]
    assert places == [".github/workflows/ci.yml", "workflow.json"]


# -- whoever calls ------------------------------------------------------------------------------

CALLED = """
on: workflow_call
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: make test}]
"""
BY_CALLER = "if the permissions of the jobs that call ci.yml of acme/erp let it write"


def caller(
    permissions: str = "", *, of: str = "./.github/workflows/ci.yml", on: str = "push"
) -> str:
    """A workflow whose one job calls another one."""
    return f"on: {on}\n{permissions}\njobs:\n  call:\n    uses: {of}\n"


def written(folder: Path, callers: dict[str, str], /, **exports: str) -> list[str]:
    """What the called job may write, each as its condition; empty where it is certain."""
    one = company(folder, CALLED, **exports)
    one.files |= {f".github/workflows/{name}.yml": text for name, text in callers.items()}
    every = [one for one in edges(one.read(), "CAN_WRITE", "HOLDS") if "ci.yml#test" in one]
    # The one is in no default, and of the other only what a file itself says is told.
    told = ("id-token", "packages:write")
    lines = [line for line in every if not any(one in line for one in told)]
    assert len(lines) in (0, 2)
    return sorted({line.partition(" if ")[2] for line in lines})


READS, STARTS = caller("permissions: {contents: read}"), caller("permissions: {actions: write}")
WRITES_ALL = caller("permissions: write-all")
ASKS_FOR_TOKENS = caller("permissions: {contents: read, id-token: write}")
BETWEEN = caller(of="./.github/workflows/ci.yml", on="workflow_call")
ABOVE = "./.github/workflows/between.yml"
CERTAIN, BY_DEFAULT, BY_CALLERS = (
    [""],
    [DOUBT.removeprefix("if ")],
    [BY_CALLER.removeprefix("if ")],
)


@pytest.mark.parametrize(
    ("callers", "exports", "found"),
    [
        ({}, {}, BY_CALLERS),
        ({"a": READS}, {}, []),
        # A token for clouds writes nothing here.
        ({"a": ASKS_FOR_TOKENS}, {}, []),
        ({"a": ASKS_FOR_TOKENS, "b": caller()}, {}, BY_DEFAULT),
        ({"a": WRITES_ALL}, {}, CERTAIN),
        ({"a": READS, "b": WRITES_ALL}, {}, CERTAIN),
        ({"a": caller()}, {}, BY_DEFAULT),
        ({"a": caller(), "b": READS}, {}, BY_DEFAULT),
        ({"a": caller(), "b": WRITES_ALL}, {}, CERTAIN),
        ({"a": caller()}, {"workflow": default("read")}, []),
        ({"a": caller()}, {"workflow": default("write")}, CERTAIN),
        # Through a workflow that is itself only called, and has none of its own.
        ({"between": BETWEEN}, {}, BY_CALLERS),
        ({"between": BETWEEN, "a": caller("permissions: {}", of=ABOVE)}, {}, []),
        ({"between": BETWEEN, "a": caller("permissions: write-all", of=ABOVE)}, {}, CERTAIN),
        ({"between": BETWEEN, "a": caller(of=ABOVE)}, {}, BY_DEFAULT),
        # One of whose callers nothing is known may write, whatever the others may.
        ({"between": BETWEEN, "a": READS}, {}, BY_CALLERS),
        ({"between": BETWEEN, "a": WRITES_ALL}, {}, CERTAIN),
        # Its own block stands in between.
        ({"between": caller("permissions: {}", on="workflow_call")}, {}, []),
    ],
)
def test_a_called_job_may_write_what_a_caller_may(
    tmp_path: Path, callers: dict[str, str], exports: dict[str, str], found: list[str]
) -> None:
    assert written(tmp_path, callers, **exports) == found


def test_each_right_is_the_callers_own(tmp_path: Path) -> None:
    """One that may start workflows may not push."""
    one = company(tmp_path, CALLED)
    one.files[".github/workflows/a.yml"] = STARTS
    found = one.read()
    lines = [line for line in edges(found, "CAN_WRITE", "HOLDS") if "ci.yml#test" in line]
    assert lines == [HOLDS]
    told = [note for note in notes(found) if "no job that calls it may write" in note]
    assert len(told) == 1


def test_workflows_that_call_each_other_end(tmp_path: Path) -> None:
    one = company(tmp_path, CALLED + "  more:\n    uses: ./.github/workflows/between.yml\n")
    one.files[".github/workflows/between.yml"] = BETWEEN
    lines = [line for line in edges(one.read(), "CAN_WRITE") if "ci.yml#test" in line]
    assert [BY_CALLER in line for line in lines] == [True]

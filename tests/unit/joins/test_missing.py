"""Exports that nobody supplied: one line each, only for what the inputs point at."""

import json
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.coverage import not_supplied
from nhigraph.facts.missing import Missing
from tests.unit.joins.company import OWNER, REVENUE, Company, export, standard

_API = "https://api.github.com/repos/acme/erp"
_ENVIRONMENT = "gh api repos/acme/erp/environments/Prod"
_BRANCH = (
    "gh api repos/acme/erp/branches/main/protection > branch-main.protection.json",
    "gh api repos/acme/erp/rules/branches/main > branch-main.rules.json",
)
_QUIET = """
on: push
permissions: {}
jobs:
  look:
    runs-on: ubuntu-latest
    steps: [{run: ./look.sh}]
"""


def _said(company: Company) -> dict[str, Missing]:
    return {one.title: one for one in company.read().coverage.absent}


def _listed(*names: str) -> str:
    listed = [
        {
            "path": f".github/workflows/{name}",
            "state": "active",
            "url": f"{_API}/actions/workflows/{at}",
        }
        for at, name in enumerate(names)
    ]
    return json.dumps({"total_count": len(listed), "workflows": listed})


def _company(folder: Path, text: str, **exports: str) -> Company:
    return Company(folder, {".github/workflows/a.yml": text}, dict(exports))


def test_a_job_that_does_nothing_points_at_the_list_of_workflows_alone(tmp_path: Path) -> None:
    """No line for what no input names: no database, no manifest, no secret."""
    company = _company(tmp_path, _QUIET)
    assert list(_said(company)) == ["list of workflows of acme/erp"]
    company.exports["w.json"] = _listed("a.yml")
    assert _said(company) == {}


#: What the workflow has more than a quiet one; the line; the command; the export that answers it.
LINES: dict[str, tuple[tuple[str, str], str, str, tuple[str, str]]] = {
    "secrets": (
        ("./look.sh", '"./look.sh ${{ secrets.KEY }}"'),
        "secrets of acme/erp",
        "gh api repos/acme/erp/actions/secrets --paginate > secrets.json",
        (
            "secrets.json",
            json.dumps(
                {
                    "total_count": 1,
                    "secrets": [{"name": "KEY", "created_at": "2026-01-02T00:00:00Z"}],
                }
            ),
        ),
    ),
    "secrets of an environment": (
        (
            "steps: [{run: ./look.sh}]",
            'environment: Prod\n    steps: [{run: "./look.sh ${{ secrets.KEY }}"}]',
        ),
        "secrets of environment Prod of acme/erp",
        f"{_ENVIRONMENT}/secrets --paginate > environment-Prod.secrets.json",
        (
            "environment-Prod.secrets.json",
            json.dumps(
                {
                    "total_count": 1,
                    "secrets": [{"name": "KEY", "created_at": "2026-01-02T00:00:00Z"}],
                }
            ),
        ),
    ),
    "environments": (
        ("steps", "environment: Prod\n    steps"),
        "environments of acme/erp",
        "gh api repos/acme/erp/environments --paginate",
        ("e.json", json.dumps({"total_count": 0, "environments": []})),
    ),
    "branch protection": (
        ("permissions: {}", "permissions: {contents: write}"),
        "branch protection of acme/erp",
        "; ".join(_BRANCH),
        (
            "b.json",
            json.dumps(
                {"name": "main", "protected": False, "commit": {"url": f"{_API}/commits/0"}}
            ),
        ),
    ),
    "repository settings": (
        ("permissions: {}", "permissions: {contents: write}"),
        "repository settings of acme/erp",
        "gh api repos/acme/erp",
        (
            "r.json",
            json.dumps({"full_name": "acme/erp", "default_branch": "main", "url": _API}),
        ),
    ),
}


@pytest.mark.parametrize("about", LINES)
def test_a_line_comes_with_what_points_at_it_and_goes_with_its_export(
    about: str, tmp_path: Path
) -> None:
    """With the command that makes the export, and the file's name where that says something."""
    (old, new), title, command, (file, text) = LINES[about]
    quiet = _company(tmp_path / "quiet", _QUIET)
    assert title not in _said(quiet)
    company = _company(tmp_path / "told", _QUIET.replace(old, new))
    line = _said(company)[title]
    assert (line.command, line.wanted_by) == (command, "github_actions")
    company.exports[file] = text
    assert title not in _said(company)


def test_a_listed_workflow_whose_file_was_not_given_has_its_own_line(tmp_path: Path) -> None:
    """The file itself, as GitHub keeps it."""
    company = _company(tmp_path, _QUIET, **{"w.json": _listed("a.yml", "b.yml")})
    (line,) = _said(company).values()
    assert line.title == "workflow b.yml of acme/erp"
    assert line.command.startswith("gh api repos/acme/erp/contents/.github/workflows/b.yml ")


def test_a_database_that_a_job_logs_in_to_and_nobody_exported(tmp_path: Path) -> None:
    """And with its export, the rules of its server that say which logins it refuses."""
    company = standard(tmp_path)
    del company.exports["erp.postgres.json"]
    before = _said(company)
    assert before["database erp"].command == (
        "nhigraph export-query postgres | psql -X -q -At erp > erp.postgres.json"
    )
    assert not any("pg_hba" in title for title in before)
    company.exports["erp.postgres.json"] = OWNER
    after = _said(company)
    assert "database erp" not in after
    assert "client authentication (pg_hba) of the server of erp" in after


def test_an_export_of_a_database_alone_asks_for_its_servers_rules(tmp_path: Path) -> None:
    """And for nothing of GitHub or dbt."""
    company = Company(tmp_path, {}, {"erp.postgres.json": export({"loader": {}})})
    assert list(_said(company)) == ["client authentication (pg_hba) of the server of erp"]


def test_an_export_by_who_may_see_the_rules_asks_for_nothing(tmp_path: Path) -> None:
    """Whether they refuse somebody or not; null is the word of a role that may not see them."""
    made = json.loads(export({"loader": {}}))
    for told, expected in (([], 0), (None, 1)):
        text = json.dumps({**made, "client_authentication": told})
        folder = tmp_path / str(expected)
        assert len(_said(Company(folder, {}, {"erp.postgres.json": text}))) == expected


def test_what_no_source_reads_is_for_a_person_and_said_to_be(tmp_path: Path) -> None:
    """A command whose answer nothing reads promised to settle what it did not."""
    tokens = _QUIET.replace("permissions: {}", "permissions: {id-token: write}")
    company = _company(tmp_path, tokens, **{"erp.postgres.json": export({"loader": {}})})
    found: Any = company.read().coverage.as_json()
    unread = "; no source of this version reads it, so that it is for a person to look at"
    told = {one["title"].split()[0]: not_supplied(one) for one in found["absent"]}
    assert {name for name, line in told.items() if line.endswith(unread)} == {
        "Azure:", "Google",
    }  # fmt: skip
    assert "AWS:" in told


def test_a_manifest_asks_for_the_database_of_its_relations(tmp_path: Path) -> None:
    """Once, whatever else names it."""
    company = Company(tmp_path, {}, {"manifest.json": REVENUE})
    assert _said(company)["database erp"].settles == "which roles may write its relations"


def test_a_job_that_runs_dbt_without_a_manifest_asks_for_it(tmp_path: Path) -> None:
    """By the job that runs it."""
    company = standard(tmp_path)
    del company.files["transform/target/manifest.json"]
    titles = [title for title in _said(company) if title.startswith("dbt manifest")]
    assert titles == ["dbt manifest of what nightly / build runs (acme/erp)"]


def test_what_is_absent_is_no_incompleteness(tmp_path: Path) -> None:
    """A line, and every input was read."""
    found: Any = _company(tmp_path, _QUIET).read().coverage.as_json()
    assert found["complete"] is True
    assert [one["title"] for one in found["absent"]] == ["list of workflows of acme/erp"]

"""Exports that were asked for and not given are told so."""

import json
from pathlib import Path

import pytest

from nhigraph.app.coverage import not_supplied
from tests.unit.joins.company import Company

WRITES = """
on: push
permissions: {contents: write}
jobs:
  push:
    runs-on: ubuntu-latest
    environment: pro d
    steps: [{run: "./x ${{ secrets.KEY }}"}]
"""
DOCS = "https://docs.github.com/rest"


def lines(folder: Path, exports: dict[str, dict[str, str]]) -> list[str]:
    given = {name: json.dumps(body) for name, body in exports.items()}
    company = Company(folder, {".github/workflows/a.yml": WRITES}, given)
    return [not_supplied(one.as_json()) for one in company.read().coverage.absent]


def answer(status: str, message: str = "Not Found") -> dict[str, str]:
    return {"message": message, "documentation_url": DOCS, "status": status}


@pytest.mark.parametrize(
    ("at", "title"),
    [
        ("actions/workflows", "list of workflows of acme/erp"),
        ("environments", "environments of acme/erp"),
        ("environments/pro%20d/secrets", "secrets of environment pro d of acme/erp"),
        ("branches/main/protection", "branch protection of acme/erp"),
        ("rules/branches/main", "branch protection of acme/erp"),
    ],
)
def test_a_refusal_is_told_where_its_export_is_missing(
    tmp_path: Path, at: str, title: str
) -> None:
    plain = lines(tmp_path / "plain", {})
    found = lines(tmp_path / "asked", {f"repos/acme/erp/{at}.json": answer("403")})
    assert any(line.startswith(f"not supplied: {title} (gh api") for line in plain)
    assert [line for line in found if line.startswith("not permitted: ")] == [
        line.replace("not supplied", "not permitted").replace(
            "(gh api", "(the answer was 403; gh api"
        )
        for line in plain
        if line.startswith(f"not supplied: {title} (")
    ]
    assert len(found) == len(plain)


@pytest.mark.parametrize(
    "at", ["repos/acme/x/environments", "orgs/acme/hooks", "repos/acme/erp/keys"]
)
def test_a_refusal_of_something_else_changes_no_line(tmp_path: Path, at: str) -> None:
    plain = lines(tmp_path / "plain", {})
    assert lines(tmp_path / "asked", {f"{at}.json": answer("404")}) == plain

"""A secret's name can lie: what it is called changes neither a verdict nor a gap."""

from pathlib import Path

import pytest

from nhigraph.policy.known_names import known
from tests.estate_files import Rows, identities, judged, verdicts
from tests.unit.joins.company import export, relation

WORKFLOW = """
on: {push: {branches: [main]}}
permissions: {}
jobs:
  told:
    runs-on: ubuntu-latest
    env: {PGHOST: db, PGDATABASE: erp, PGUSER: loader, PGPASSWORD: "${{ secrets.THE_NAME }}"}
    steps: [{run: psql -f load.sql}]
  untold:
    runs-on: ubuntu-latest
    env: {IT: "${{ secrets.THE_NAME_2 }}"}
    steps: [{run: ./post}]
"""
SCOPE = """
nhigraph: scope/1
organization: Acme
commitments: [S, C]
targets:
  - id: general-ledger
    family: financial-reporting
    process: record-to-report
    fs_role: record
    icfr_basis: own
    assertions: [existence_occurrence, completeness]
    select: [{key: "dataset:postgres:erp.fin.gl"}]
"""
#: Names that say "only uploads", "a payment system", "a warehouse", two things, and nothing.
NAMES = (
    "CODECOV_TOKEN",
    "STRIPE_API_KEY",
    "ACME_SNOWFLAKE_PASSWORD",
    "NPM_TOKEN_OR_PYPI_TOKEN",
    "GITHUB_TOKENS",
)


def _rows(folder: Path, name: str) -> tuple[Rows, Rows]:
    database = export(
        {"loader": {}},
        schemas={"fin": ["loader=U/admin"]},
        relations=[relation("fin", "gl", "admin", ["loader=a/admin"])],
    )
    remote = '[remote "origin"]\n\turl = https://github.com/acme/erp.git\n'
    for path, text in {
        ".git/config": remote,
        ".github/workflows/main.yml": WORKFLOW.replace("THE_NAME", name),
        "erp.postgres.json": database,
        "scope.yaml": SCOPE,
    }.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    found = judged(folder)
    return _bare(identities(found), name), _bare(verdicts(found), name)


def _bare(rows: Rows, name: str) -> Rows:
    """Rows in which the secret has no name, in an order that does not rest on it."""
    bare = [
        {
            column: cell.replace(name, "NAME").replace(name.lower(), "NAME")
            for column, cell in row.items()
        }
        for row in rows
    ]
    return sorted(bare, key=lambda row: tuple(row.values()))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, Rows]:
    """What is told where the name says nothing: one job is decided, the other is not."""
    rows = _rows(tmp_path_factory.mktemp("plain"), "Q7")
    assert {row["soc1"] for row in rows[0] if row["kind"] == "CiJob"} == {"direct", "undetermined"}
    return rows


@pytest.mark.xdist_group("names that prove nothing")
@pytest.mark.parametrize("name", NAMES)
def test_a_secrets_name_changes_no_row(
    name: str, plain: tuple[Rows, Rows], tmp_path: Path
) -> None:
    assert _rows(tmp_path, name) == plain


def test_the_names_tried_are_those_that_say_something() -> None:
    assert [known(name) is not None for name in NAMES] == [True] * 3 + [False] * 2

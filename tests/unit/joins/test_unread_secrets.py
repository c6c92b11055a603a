"""Of a secret that a repository keeps only what runs with it says what it opens."""

import json
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from tests.unit.joins.company import export, gaps

ASKED = "[READ]: what it opens is in no input; a link in the scope can say it"
WORKFLOW = """
on: push
permissions: {}
jobs:
  look:
    runs-on: ubuntu-latest
    steps: [{run: ls}]
"""
FACTS = """
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "acme:batch"}
  - {kind: Secret, key: "KEY"}
  - {kind: DatabaseRole, key: "role:postgres:erp/etl"}
edges:
  - {kind: CAN_READ, from: "acme:batch", to: "KEY"}
"""
OPENS = '  - {kind: AUTHENTICATES_AS, from: "KEY", to: "role:postgres:erp/etl"}\n'


@pytest.mark.parametrize(
    ("key", "more", "asked"),
    [
        ("github:acme/erp/secret/PG", "", True),
        ("github:Acme/ERP/environment/prod/secret/PG", "", True),
        ("github:acme/erp/secret/PG", OPENS, False),
        # Of another repository, or a store of its own, whoever writes facts says all.
        ("github:acme/other/secret/PG", "", False),
        ("secret:acme/PG", "", False),
    ],
)
@pytest.mark.parametrize("given", [True, False])
def test_what_a_secret_of_a_given_repository_opens_is_asked_whoever_reads_it(
    tmp_path: Path, key: str, more: str, *, asked: bool, given: bool
) -> None:
    """A service that reads it is cleared no sooner than a job."""
    (tmp_path / "a.facts.yaml").write_text((FACTS + more).replace("KEY", key))
    if given:
        place = tmp_path / "erp" / ".github" / "workflows" / "a.yml"
        place.parent.mkdir(parents=True)
        place.write_text(WORKFLOW)
    found = [gap for gap in gaps(collect([tmp_path], repo="acme/erp")) if ASKED in gap]
    assert len(found) == (asked and given)


CONTAINER = """
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    services: {pg: {image: "postgres:16", ports: ["5432:5432"]}}
    steps:
      - run: psql -h localhost -U loader -d erp -f test.sql
        env: {PGPASSWORD: "${{ secrets.KEY }}"}
"""
SCRIPT = """
  other:
    runs-on: ubuntu-latest
    steps:
      - run: ./load
        env: {TOKEN: "${{ secrets.KEY }}"}
"""
HANDED = """
  other:
    uses: acme/flows/.github/workflows/load.yml@main
    secrets: {KEY: "${{ secrets.KEY }}"}
"""
CLIENT = """
  other:
    runs-on: ubuntu-latest
    steps:
      - run: psql -h db.internal -U loader -d erp -f load.sql
        env: {PGPASSWORD: "${{ secrets.KEY }}"}
"""


@pytest.mark.parametrize(
    ("jobs", "asked"),
    [
        (CONTAINER, False),
        (CONTAINER + SCRIPT, True),
        (CONTAINER + HANDED, True),
        # The other job says what it opens.
        (CONTAINER + CLIENT, False),
    ],
    ids=["a container", "a script", "a workflow that was not read", "a client"],
)
def test_that_a_secret_opens_nothing_where_one_job_uses_it_answers_for_no_other_job(
    tmp_path: Path, jobs: str, *, asked: bool
) -> None:
    """A password of a job's own container may be a real one elsewhere."""
    place = tmp_path / "erp" / ".github" / "workflows" / "a.yml"
    place.parent.mkdir(parents=True)
    place.write_text(jobs)
    found = [gap for gap in gaps(collect([tmp_path], repo="acme/erp")) if ASKED in gap]
    assert found == ([f"secret/KEY {ASKED}"] if asked else [])


@pytest.mark.parametrize(
    ("host", "asked"),
    [("10.0.0.1", False), ("db.internal", True)],
    ids=["for certain", "on a condition"],
)
def test_a_role_that_may_not_log_in_settles_its_secret_only_where_it_is_the_one_meant(
    tmp_path: Path, host: str, *, asked: bool
) -> None:
    """Of two servers the one that nobody exported may let it in."""
    jobs = CONTAINER.replace("localhost", host) + CLIENT.replace("db.internal", "other.internal")
    place = tmp_path / "erp" / ".github" / "workflows" / "a.yml"
    place.parent.mkdir(parents=True)
    place.write_text(
        jobs.replace("other.internal", host if host == "10.0.0.1" else "other.internal")
    )
    said = {**json.loads(export({"loader": {"login": False}})), "host": "10.0.0.1", "port": 5432}
    (tmp_path / "erp.postgres.json").write_text(json.dumps(said))
    found = [gap for gap in gaps(collect([tmp_path], repo="acme/erp")) if ASKED in gap]
    assert found == ([f"secret/KEY {ASKED}"] if asked else [])


LINK = """
nhigraph: scope/1
links:
  - {kind: AUTHENTICATES_AS, from: "github:acme/erp/secret/KEY", to: "role:postgres:erp/loader"}
"""


@pytest.mark.parametrize(
    ("owner", "scope", "asked"),
    [("acme", "", True), ("acme", LINK, False), ("stranger", "", False)],
    ids=["of the own owner", "linked by the scope", "a stranger's"],
)
def test_a_secret_that_one_job_explains_is_asked_about_where_another_hands_it_to_unread_code(
    tmp_path: Path, owner: str, scope: str, *, asked: bool
) -> None:
    """It may be a second account's there; a stranger's code is given what its purpose takes."""
    place = tmp_path / "erp" / ".github" / "workflows" / "a.yml"
    place.parent.mkdir(parents=True)
    jobs = CONTAINER.replace("localhost", "db.internal") + HANDED.replace(
        "acme/flows", f"{owner}/flows"
    )
    place.write_text(jobs)
    if scope:
        (tmp_path / "scope.yaml").write_text(scope)
    told = "what it opens in the workflow that it is handed to, which was not read, is in no input"
    found = [gap for gap in gaps(collect([tmp_path], repo="acme/erp")) if "handed to" in gap]
    assert found == ([f"secret/KEY [READ]: {told}"] if asked else [])

"""Of a secret that a repository keeps only what runs with it says what it opens."""

from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from tests.unit.joins.company import gaps

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

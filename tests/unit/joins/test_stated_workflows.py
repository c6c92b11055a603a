"""What people state of workflows as facts is all there is: nothing of it is "not supplied"."""

from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from tests.unit.joins.company import gaps

ESTATE = """
nhigraph: facts/1
nodes:
  - {{kind: ServiceAccount, key: "acme:bot"}}
  - {{kind: Workflow, key: "{workflow}"}}
edges:
  - {{kind: CAN_WRITE, from: "acme:bot", to: "{workflow}"}}
"""


@pytest.mark.parametrize(
    "workflow",
    [
        "acme:nightly",
        "github:acme/books/workflow/nightly.yml",
        "gitlab:gitlab.com/acme/books/workflow/.gitlab-ci.yml",
    ],
)
def test_a_workflow_that_facts_alone_speak_of_leaves_nothing_open(
    workflow: str, tmp_path: Path
) -> None:
    path = tmp_path / "estate.facts.yaml"
    path.write_text(ESTATE.format(workflow=workflow), encoding="utf-8")
    assert not gaps(collect([path]))

"""What is not known of an action of the own repository is not known of the jobs that run it."""

from pathlib import Path

import pytest

from nhigraph.facts.facts import Fact, Refused
from nhigraph.graph.build import build
from nhigraph.ingest.document import Checkout, Document
from nhigraph.joins import passes
from nhigraph.joins.board import Board
from nhigraph.sources import github_actions

JOB = "github:acme/erp/job/post.yml#post"
WORKFLOW = """on: push
permissions: {}
jobs:
  post:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: ./.github/actions/outer
"""
#: An action that calls another one, which is the one that is torn.
OUTER = "runs:\n  using: composite\n  steps: [{uses: ./.github/actions/post}]\n"
_RUNS = "runs:\n  using: composite\n  steps: [{run: make, shell: bash}]\n"
TORN = {
    "steps that are no list": "runs:\n  using: composite\n  steps: {run: make, shell: bash}\n",
    "a step that is none": "runs:\n  using: composite\n  steps: [7]\n",
    "variables that are a list": (
        "runs:\n  using: composite\n  steps: [{run: make, shell: bash, env: [1]}]\n"
    ),
    "what runs it is no word": "runs:\n  using: 12\n  steps: []\n",
    "inputs that are a list": f"inputs: [a]\n{_RUNS}",
    "outputs that are a list": f"outputs: [a]\n{_RUNS}",
    "code that is named in no way": "runs:\n  using: composite\n  steps: [{uses: 'a b'}]\n",
}
WHOLE = {
    "composite": f"inputs: {{a: {{default: x}}}}\noutputs: {{b: {{value: y}}}}\n{_RUNS}",
    "a word in another case": "runs:\n  using: Node20\n  main: index.js\n",
    "a program": "runs:\n  using: node24\n  main: index.js\n",
    "an image": "runs:\n  using: docker\n  image: Dockerfile\n",
}


def gaps(folder: Path, action: str) -> list[str]:
    """Reasons of the gaps at the job."""
    files = {
        ".github/workflows/post.yml": WORKFLOW,
        ".github/actions/outer/action.yml": OUTER,
        ".github/actions/post/action.yml": action,
    }
    facts: list[Fact] = []
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
        for one in github_actions.read(Document(path, name, checkout=Checkout("acme/erp", name))):
            facts += one.leaves if isinstance(one, Refused) else (one,)
    graph = passes.sealed(passes.run(Board(build(facts).graph)))
    at = list(graph.nodes["key"]).index(JOB)
    return [str(one) for one in graph.gaps.loc[graph.gaps["node"] == at, "reason"]]


@pytest.mark.parametrize("case", TORN)
def test_a_torn_action_leaves_a_gap_at_whoever_runs_it(tmp_path: Path, case: str) -> None:
    assert any("the action ./.github/actions/post: " in x for x in gaps(tmp_path, TORN[case]))


@pytest.mark.parametrize("case", WHOLE)
def test_a_whole_one_leaves_none(tmp_path: Path, case: str) -> None:
    assert gaps(tmp_path, WHOLE[case]) == []

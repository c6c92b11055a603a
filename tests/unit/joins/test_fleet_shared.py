"""Machines that jobs of one owner choose by labels, where no listing says which there are."""

from pathlib import Path

import pytest

from nhigraph.facts.facts import Fact
from nhigraph.graph.build import build
from nhigraph.ingest.document import Checkout, Document
from nhigraph.joins import passes
from nhigraph.joins.board import Board
from nhigraph.sources import github_actions, gitlab_ci

GITHUB = (
    "on: push\npermissions: {{}}\njobs:\n  post:\n    runs-on: {}\n    steps: [{{run: make}}]\n"
)
GITLAB = "post:\n  tags: {}\n  script: [make]\n"
#: Repository and labels of two jobs, and whether one machine may run both.
CASES = {
    "alike": ("acme/erp", "[self-hosted, books]", "acme/lint", "[books, self-hosted]", True),
    "one asks for less": ("acme/erp", "[self-hosted, books]", "acme/lint", "self-hosted", True),
    "others": ("acme/erp", "[self-hosted, books]", "acme/lint", "[self-hosted, mail]", False),
    "of other owners": ("acme/erp", "[self-hosted, x]", "other/lint", "[self-hosted, x]", False),
    "the forge's own": ("acme/erp", "ubuntu-latest", "acme/lint", "ubuntu-latest", False),
    "of nobody": ("local/erp", "[self-hosted, x]", "local/lint", "[self-hosted, x]", False),
    "tags": ("gitlab:git.x/a/erp", "[books]", "gitlab:git.x/b/lint", "[books]", True),
    "other tags": ("gitlab:git.x/a/erp", "[books]", "gitlab:git.x/b/lint", "[mail]", False),
    "tags elsewhere": ("gitlab:git.x/a/erp", "[books]", "gitlab:git.y/a/lint", "[books]", False),
    "no tags": ("gitlab:git.x/a/erp", "[]", "gitlab:git.x/b/lint", "[]", False),
}


def shared(folder: Path, jobs: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Machines, by the repositories that choose them, of which one may be the other."""
    facts: list[Fact] = []
    for repository, labels in jobs:
        there = repository.startswith("gitlab:")
        name = ".gitlab-ci.yml" if there else ".github/workflows/post.yml"
        path = folder / repository.replace("/", "_").replace(":", "_") / "file.yml"
        path.parent.mkdir()
        path.write_text((GITLAB if there else GITHUB).format(labels))
        source = gitlab_ci if there else github_actions
        facts += source.read(Document(path, name, checkout=Checkout(repository, name)))
    graph = passes.sealed(passes.run(Board(build(facts).graph)))
    rows = graph.edges[graph.edges["kind"] == "RUNS_AS"]
    assert set(rows["certainty"]) <= {"conditional"}
    key = graph.nodes["key"]
    return {
        (str(key.iat[a]).partition("/runner/")[0], str(key.iat[b]).partition("/runner/")[0])
        for a, b in zip(rows["src"], rows["dst"], strict=True)
    }


@pytest.mark.parametrize("case", CASES)
def test_one_machine_may_run_the_jobs_of_several_repositories(tmp_path: Path, case: str) -> None:
    first, labels, second, others, one = CASES[case]
    found = shared(tmp_path, [(first, labels), (second, others)])
    ends = [x if x.startswith("gitlab:") else f"github:{x}" for x in (first, second)]
    assert found == ({(ends[0], ends[1]), (ends[1], ends[0])} if one else set())

"""Workflow files that GitHub runs, and those that are nobody's."""

from pathlib import Path

import pytest

from nhigraph.app.collect import collect

TEXT = "on: push\npermissions: {}\njobs:\n  load:\n    runs-on: ubuntu-latest\n    steps: [{run: ./x}]\n"  # fmt: skip  # noqa: E501
NOTHING = "GitHub runs workflows from .github/workflows only: nothing of it was taken"


@pytest.mark.parametrize("repo", [None, "acme/erp"])
@pytest.mark.parametrize(
    ("files", "jobs"),
    [
        ((".github/workflows/a.yml",), 1),
        ((".github/workflows/a.yml", "vendor/lib/.github/workflows/b.yml"), 1),
        ((".github/workflows/a.yml", ".github/workflows/old/b.yml"), 1),
        ((".github/workflows/a.yml", "templates/b.yml"), 1),
        (("one/.github/workflows/a.yml", "two/.github/workflows/a.yml"), 2),
        (("one/.github/workflows/a.yml", "one/x/y/.github/workflows/b.yml"), 1),
        (("x/one/.github/workflows/a.yml", "y/two/.github/workflows/a.yml"), 2),
    ],
)
def test_only_files_that_github_runs_have_jobs(
    tmp_path: Path, files: tuple[str, ...], jobs: int, repo: str | None
) -> None:
    """Each of the others has a line."""
    for file in files:
        path = tmp_path / "in" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT)
    found = collect([tmp_path / "in"], repo=repo)
    kinds = list(found.graph.nodes["kind"])
    assert kinds.count("CiJob") == jobs
    notes = [line.reason for one in found.coverage.documents for line in one.notes.first]
    assert notes.count(NOTHING) == len(files) - jobs

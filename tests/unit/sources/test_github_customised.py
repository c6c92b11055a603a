"""Subjects of tokens where a repository's own choice of claims lies beside its files."""

import json
from pathlib import Path

import pytest

from nhigraph.facts.ends import Token
from nhigraph.facts.facts import Note
from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import run
from nhigraph.sources import github_actions

WORKFLOW = """\
on: {push: {branches: [main]}}
permissions: {id-token: write, contents: read}
jobs:
  post:
    runs-on: ubuntu-latest
    steps: [{run: ./post}]
"""
NAMES = {"repo:acme/erp:ref:refs/heads/main", "repo:acme@*/erp@*:ref:refs/heads/main"}
#: What lies there, the subjects, and whether their form is in doubt.
CHOICES: dict[str, tuple[object, set[str], bool]] = {
    "nothing": (None, NAMES, True),
    "the usual form, of names or of numbers": ({"use_default": True}, NAMES, True),
    "claims without the repository's name": (
        {"use_default": False, "include_claim_keys": ["repository_owner", "context"]},
        {"repository_owner:acme:ref:refs/heads/main"},
        False,
    ),
    "claims that no file knows": (
        {"use_default": False, "include_claim_keys": ["repository", "job_workflow_ref"]},
        {"repository:acme/erp:job_workflow_ref:*"},
        False,
    ),
    "the organization's choice": ({"use_default": False}, NAMES, True),
    "something else": ([1], NAMES, True),
}


@pytest.mark.parametrize("case", CHOICES)
def test_subjects_are_made_of_what_the_repository_chose(case: str, tmp_path: Path) -> None:
    choice, subjects, doubted = CHOICES[case]
    (tmp_path / "erp/.git").mkdir(parents=True)
    (tmp_path / "erp/.github/workflows").mkdir(parents=True)
    (tmp_path / "erp/.github/workflows/ci.yml").write_text(WORKFLOW)
    if choice is not None:
        at = tmp_path / "export/repos/acme/erp/actions/oidc/customization"
        at.mkdir(parents=True)
        (at / "sub.json").write_text(json.dumps(choice))
    documents = discover([tmp_path], repo="acme/erp").documents
    found = run(documents, {"github_actions": github_actions.INGESTOR})
    (token,) = (one for one in found.facts if isinstance(one, Token))
    assert set(token.subjects) == subjects
    assert bool(token.doubt) is doubted
    assert not any(isinstance(one, Note) for one in found.facts)
    told = [
        line for one in found.documents for line in one.notes.first if "sub.json" in one.artifact
    ]
    assert bool(told) is isinstance(choice, dict)


def test_another_repositorys_choice_is_not_its(tmp_path: Path) -> None:
    (tmp_path / "erp/.git").mkdir(parents=True)
    (tmp_path / "erp/.github/workflows").mkdir(parents=True)
    (tmp_path / "erp/.github/workflows/ci.yml").write_text(WORKFLOW)
    at = tmp_path / "export/repos/acme/other/actions/oidc/customization"
    at.mkdir(parents=True)
    chosen = {"use_default": False, "include_claim_keys": ["repository_owner"]}
    (at / "sub.json").write_text(json.dumps(chosen))
    documents = discover([tmp_path], repo="acme/erp").documents
    found = run(documents, {"github_actions": github_actions.INGESTOR})
    (token,) = (one for one in found.facts if isinstance(one, Token))
    assert set(token.subjects) == NAMES

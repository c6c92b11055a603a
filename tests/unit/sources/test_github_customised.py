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
    "numbers, and which": (
        {
            "use_default": True,
            "use_immutable_subject": True,
            "sub_claim_prefix": "repo:acme@7/erp@8",
        },
        {"repo:acme@7/erp@8:ref:refs/heads/main"},
        False,
    ),
    "numbers, and not which": (
        {"use_default": True, "use_immutable_subject": True},
        {"repo:acme@*/erp@*:ref:refs/heads/main"},
        False,
    ),
    "names": (
        {"use_default": True, "use_immutable_subject": False, "sub_claim_prefix": "repo:acme/erp"},
        {"repo:acme/erp:ref:refs/heads/main"},
        False,
    ),
    "a beginning that does not agree": (
        {
            "use_default": True,
            "use_immutable_subject": False,
            "sub_claim_prefix": "repo:acme@7/erp@8",
        },
        NAMES,
        True,
    ),
    "a beginning of another form": ({"use_default": True, "sub_claim_prefix": "x"}, NAMES, True),
    "numbers stay in what is chosen": (
        {"use_default": False, "include_claim_keys": ["repo"], "use_immutable_subject": True},
        {"repo:acme@*/erp@*"},
        False,
    ),
}
THEIRS = {"repository_owner:acme"}
#: What the repository says, what its organization says, the subjects, and whether there is doubt.
ORGANIZATIONS: dict[str, tuple[object, object, set[str], bool]] = {
    "it follows": (
        {"use_default": False}, {"include_claim_keys": ["repository_owner"]}, THEIRS, False),
    "it follows the usual form": (
        {"use_default": False}, {"include_claim_keys": ["repo", "context"]}, NAMES, True),
    "it follows, and there is no template": (
        {"use_default": False}, {"include_claim_keys": []}, NAMES, True),
    "it keeps what is usual": (
        {"use_default": True, "sub_claim_prefix": "repo:acme/erp"},
        {"include_claim_keys": ["repository_owner"]},
        {"repo:acme/erp:ref:refs/heads/main"}, False),
    "it chose itself": (
        {"use_default": False, "include_claim_keys": ["repository"]},
        {"include_claim_keys": ["repository_owner"]}, {"repository:acme/erp"}, False),
    "it may follow": (None, {"include_claim_keys": ["repository_owner"]}, NAMES | THEIRS, True),
    "nothing to follow": (None, {"include_claim_keys": ["repo", "context"]}, NAMES, True),
}  # fmt: skip


def checkout(folder: Path) -> None:
    (folder / "erp/.git").mkdir(parents=True)
    (folder / "erp/.github/workflows").mkdir(parents=True)
    (folder / "erp/.github/workflows/ci.yml").write_text(WORKFLOW)


def put(folder: Path, at: str, choice: object) -> None:
    if choice is not None:
        path = folder / "export" / at / "actions/oidc/customization/sub.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(choice))


@pytest.mark.parametrize("owner", ["acme", "Acme"])
@pytest.mark.parametrize("case", ORGANIZATIONS)
def test_an_organizations_choice_counts_where_its_repository_says_so(
    case: str, owner: str, tmp_path: Path
) -> None:
    own, theirs, subjects, doubted = ORGANIZATIONS[case]
    checkout(tmp_path)
    put(tmp_path, "repos/acme/erp", own)
    put(tmp_path, f"orgs/{owner}", theirs)
    put(tmp_path, "orgs/other", {"include_claim_keys": ["actor"]})
    documents = discover([tmp_path], repo="acme/erp").documents
    found = run(documents, {"github_actions": github_actions.INGESTOR})
    (token,) = (one for one in found.facts if isinstance(one, Token))
    assert set(token.subjects) == subjects
    assert bool(token.doubt) is doubted
    told = [
        line.reason for one in found.documents for line in one.notes.first
        if f"orgs/{owner}/" in one.artifact
    ]  # fmt: skip
    assert ["follow this organization" in one for one in told] == [True]


@pytest.mark.parametrize("case", CHOICES)
def test_subjects_are_made_of_what_the_repository_chose(case: str, tmp_path: Path) -> None:
    choice, subjects, doubted = CHOICES[case]
    checkout(tmp_path)
    put(tmp_path, "repos/acme/erp", choice)
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
    checkout(tmp_path)
    chosen = {"use_default": False, "include_claim_keys": ["repository_owner"]}
    put(tmp_path, "repos/acme/other", chosen)
    documents = discover([tmp_path], repo="acme/erp").documents
    found = run(documents, {"github_actions": github_actions.INGESTOR})
    (token,) = (one for one in found.facts if isinstance(one, Token))
    assert set(token.subjects) == NAMES

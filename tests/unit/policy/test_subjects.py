"""Subjects of a job's identity tokens, by environment and by what starts it."""

import pytest

from nhigraph.policy.github_actions import subjects

#: Environment, events, and what stands behind the repository.
CASES: dict[str, tuple[str | None, dict[str, object], set[str]]] = {
    "an environment, whatever starts it": ("prod", {"push": None}, {"environment:prod"}),
    "a colon in its name": ("prod:v1", {"push": None}, {"environment:prod%3Av1"}),
    "an environment that is not known": ("*", {"push": None}, {"environment:*"}),
    "a push": (None, {"push": None}, {"ref:refs/heads/*", "ref:refs/tags/*"}),
    "a push to a branch": (None, {"push": {"branches": ["main"]}}, {"ref:refs/heads/main"}),
    "a branch that is no list": (None, {"push": {"branches": "main"}}, {"ref:refs/heads/main"}),
    "filters with signs": (
        None,
        {"push": {"branches": ["release/**", "!release/x", "v[12].x", "fix+", "tests?"]}},
        {f"ref:refs/heads/{one}*" for one in ("release/", "v", "fix", "test")},
    ),
    "branches that are left out": (
        None,
        {"push": {"branches-ignore": ["dev"]}},
        {"ref:refs/heads/*"},
    ),
    "tags": (None, {"push": {"tags": ["v*"]}}, {"ref:refs/tags/v*"}),
    "both": (
        None,
        {"push": {"tags": ["v1"], "branches": ["main"]}},
        {"ref:refs/tags/v1", "ref:refs/heads/main"},
    ),
    "paths say nothing of branches": (
        None,
        {"push": {"paths": ["src/**"]}},
        {"ref:refs/heads/*", "ref:refs/tags/*"},
    ),
    "a pull request": (None, {"pull_request": None}, {"pull_request"}),
    "a review": (None, {"pull_request_review": None}, {"pull_request", "ref:*"}),
    "a release": (None, {"release": None}, {"ref:refs/tags/*"}),
    "a timer": (None, {"schedule": []}, {"ref:refs/heads/*"}),
    "a person": (None, {"workflow_dispatch": None}, {"ref:refs/*"}),
    "several": (
        None,
        {"pull_request": None, "schedule": []},
        {"pull_request", "ref:refs/heads/*"},
    ),
    "a call, beside a timer": (
        None,
        {"workflow_call": None, "schedule": []},
        {"ref:refs/heads/*"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_subjects_are_those_of_the_reference(case: str) -> None:
    """In both forms: with names, and with names and numbers."""
    environment, events, expected = CASES[case]
    found = set(subjects.subjects("acme/erp", environment, events))
    assert found == {
        f"{home}:{one}" for one in expected for home in ("repo:acme/erp", "repo:acme@*/erp@*")
    }


def test_of_a_checkout_that_is_nobodys_the_repository_may_be_any() -> None:
    assert subjects.subjects(None, "prod", {}) == ("repo:*:environment:prod",)
    assert subjects.of_repository(None) == ("repo:*:*",)
    assert subjects.of_repository("acme/erp") == ("repo:acme/erp:*", "repo:acme@*/erp@*:*")

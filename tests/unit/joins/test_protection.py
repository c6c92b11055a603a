"""Which documents show that a rule stands before what a job does, that none does, or neither."""

import json
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.assessment import assess
from nhigraph.app.judged import of_collection
from nhigraph.assurance.rows import Assessment
from nhigraph.policy.github_actions.branches import covers
from tests.unit.joins.company import Company, edges

_API = "https://api.github.com/repos/acme/erp"
_SCOPE = """
nhigraph: scope/1
as_of: 2026-11-23
commitments: [S]
targets:
  - {id: code, family: trust-service, commitments: [S], select: [{key: "github:acme/erp"}]}
"""
_JOB = """
on: {schedule: [{cron: "0 2 * * *"}]}
permissions: {contents: write}
jobs:
  fix:
    runs-on: ubuntu-latest
    steps: [{run: ./fix.sh}]
"""
_REVIEWS = {"required_approving_review_count": 1, "dismiss_stale_reviews": True}


def _repository(branch: str) -> str:
    return json.dumps({"full_name": "acme/erp", "default_branch": branch, "url": _API})


def _protection(branch: str = "main", **said: object) -> str:
    return json.dumps({"url": f"{_API}/branches/{branch}/protection", **said})


def _branch(name: str, *, protected: bool) -> dict[str, Any]:
    commit = {"sha": "0" * 40, "url": f"{_API}/commits/{'0' * 40}"}
    return {"name": name, "commit": commit, "protected": protected}


def _ruleset(*include: str, exclude: tuple[str, ...] = (), stale: bool = True) -> str:
    parameters = {"required_approving_review_count": 1, "dismiss_stale_reviews_on_push": stale}
    return json.dumps(
        {
            "target": "branch",
            "source_type": "Repository",
            "source": "acme/erp",
            "enforcement": "active",
            "conditions": {"ref_name": {"include": list(include), "exclude": list(exclude)}},
            "rules": [{"type": "pull_request", "parameters": parameters}],
        }
    )


def _rules(*types: str, **parameters: object) -> str:
    return json.dumps([{"type": t, "ruleset_id": 7, "parameters": parameters} for t in types])


_NONE = json.dumps(
    {
        "message": "Branch not protected",
        "documentation_url": "https://docs.github.com/rest/branches/branch-protection",
        "status": "404",
    }
)
_FREE = json.dumps(_branch("main", protected=False))
_MAIN = {"repository.json": _repository("main")}
_NO_RULESET = {"branch-main.rules.json": "[]"}
_NO_PROTECTION = {"branch-main.protection.json": _NONE}

#: Documents given, exposure of the job that writes, titles of what is said to be missing.
BRANCHES: dict[str, tuple[dict[str, str], str, list[str]]] = {
    "nothing": ({}, "undetermined", ["branch protection", "repository settings"]),
    "which branch is the default": (_MAIN, "undetermined", ["branch protection"]),
    "the branch's record": ({**_MAIN, "b.json": _FREE}, "open", []),
    "the record of main, and not which is the default": ({"b.json": _FREE}, "open", []),
    "the record of main, and another is the default": (
        {"b.json": _FREE, "repository.json": _repository("trunk")},
        "undetermined",
        ["branch protection"],
    ),
    "the record of a branch that need not be the default": (
        {"b.json": json.dumps(_branch("dev", protected=False))},
        "undetermined",
        ["branch protection", "repository settings"],
    ),
    "records of main and master": (
        {
            "b.json": json.dumps(
                [_branch("main", protected=False), _branch("master", protected=False)]
            )
        },
        "undetermined",
        ["branch protection", "repository settings"],
    ),
    "a record that says protected": (
        {**_MAIN, "b.json": json.dumps(_branch("main", protected=True))},
        "undetermined",
        ["branch protection"],
    ),
    "a listing of branches": (
        {
            **_MAIN,
            "b.json": json.dumps(
                [_branch("dev", protected=True), _branch("main", protected=False)]
            ),
        },
        "open",
        [],
    ),
    "no protection, and nothing of rulesets": (
        {**_MAIN, **_NO_PROTECTION},
        "undetermined",
        ["rules of branch main"],
    ),
    "no ruleset, and nothing of protection": (
        {**_MAIN, **_NO_RULESET},
        "undetermined",
        ["branch protection"],
    ),
    "neither": ({**_MAIN, **_NO_PROTECTION, **_NO_RULESET}, "open", []),
    "neither, in folders as in the address": (
        {**_MAIN, "branches/main/protection.json": _NONE, "rules/branches/main.json": "[]"},
        "open",
        [],
    ),
    "neither, in one folder": (
        {**_MAIN, "branches/main/protection.json": _NONE, "branches/main/rules.json": "[]"},
        "open",
        [],
    ),
    "neither, of a branch with a slash": (
        {
            "repository.json": _repository("release/2"),
            "branch-release%2F2.protection.json": _NONE,
            "branch-release%2F2.rules.json": "[]",
        },
        "open",
        [],
    ),
    "neither, of another branch": (
        {"repository.json": _repository("trunk"), **_NO_PROTECTION, **_NO_RULESET},
        "undetermined",
        ["branch protection"],
    ),
    "protection that asks for checks, and no ruleset": (
        {**_MAIN, "p.json": _protection(required_status_checks={}), **_NO_RULESET},
        "open",
        [],
    ),
    "protection that asks for checks": (
        {**_MAIN, "p.json": _protection(required_status_checks={})},
        "undetermined",
        ["rules of branch main"],
    ),
    "protection that says who may push, and no ruleset": (
        {**_MAIN, "p.json": _protection(enforce_admins={}, restrictions={}), **_NO_RULESET},
        "undetermined",
        ["branch protection"],
    ),
    "a locked branch, and no ruleset": (
        {
            **_MAIN,
            "p.json": _protection(enforce_admins={}, lock_branch={"enabled": True}),
            **_NO_RULESET,
        },
        "undetermined",
        ["branch protection"],
    ),
    "protection that asks for a review": (
        {**_MAIN, "p.json": _protection(required_pull_request_reviews=_REVIEWS)},
        "undetermined",
        [],
    ),
    "a review of what may change after it": (
        {
            **_MAIN,
            "p.json": _protection(
                required_pull_request_reviews={**_REVIEWS, "dismiss_stale_reviews": False}
            ),
        },
        "open",
        [],
    ),
    "a review by nobody": (
        {
            **_MAIN,
            "p.json": _protection(
                required_pull_request_reviews={**_REVIEWS, "required_approving_review_count": 0}
            ),
        },
        "open",
        [],
    ),
    "no protection, and a ruleset that asks for a review": (
        {**_MAIN, **_NO_PROTECTION, "r.json": _ruleset("~DEFAULT_BRANCH")},
        "undetermined",
        [],
    ),
    "a ruleset for every branch, and not which is the default": (
        {"r.json": _ruleset("~ALL")},
        "undetermined",
        [],
    ),
    "a ruleset for other branches": (
        {**_MAIN, "r.json": _ruleset("refs/heads/release/*", stale=False)},
        "undetermined",
        ["branch protection"],
    ),
    "a ruleset by a pattern": (
        {**_MAIN, "r.json": _ruleset("refs/heads/m*", stale=False)},
        "open",
        [],
    ),
    "a ruleset that takes the branch out": (
        {**_MAIN, "r.json": _ruleset("~ALL", exclude=("refs/heads/main",), stale=False)},
        "undetermined",
        ["branch protection"],
    ),
    "rules of the branch that ask for a review": (
        {**_MAIN, "branch-main.rules.json": _rules("deletion", "pull_request")},
        "undetermined",
        [],
    ),
    "rules of the branch that ask for nobody's review": (
        {
            **_MAIN,
            "branch-main.rules.json": _rules("pull_request", required_approving_review_count=0),
        },
        "open",
        [],
    ),
    "rules of the branch that ask for none, and no protection": (
        {**_MAIN, **_NO_PROTECTION, "branch-main.rules.json": _rules("deletion")},
        "open",
        [],
    ),
    "rules that hold pushes back, and no protection": (
        {**_MAIN, **_NO_PROTECTION, "branch-main.rules.json": _rules("update")},
        "undetermined",
        ["rules of branch main"],
    ),
}


def _assess(folder: Path, exports: dict[str, str], job: str = _JOB) -> Assessment:
    company = Company(folder, {".github/workflows/fix.yml": job}, exports)
    return assess(of_collection(company.read(_SCOPE)))


def _exposure(found: Assessment) -> str:
    (row,) = (row for row in found.verdicts if row.target == "trust:S/code")
    return row.exposure


def _missing(found: Assessment) -> dict[str, dict[str, Any]]:
    """Exports of GitHub that are said to be missing, by what they are of this repository."""
    absent = found.coverage["absent"]
    assert isinstance(absent, list)
    ours = [one for one in absent if one["gate"]]
    return {one["title"].removesuffix(" of acme/erp"): one for one in ours}


@pytest.mark.parametrize("given", BRANCHES)
def test_what_a_token_writes_past_the_default_branch(given: str, tmp_path: Path) -> None:
    """Open only where a document shows that no review stands there, or a weak one."""
    exports, exposure, titles = BRANCHES[given]
    found = _assess(tmp_path, exports)
    assert _exposure(found) == exposure
    assert sorted(_missing(found)) == sorted(titles)
    (gate,) = {step.gate for path in found.paths.values() for step in path if step.gate}
    row = next(one for one in found.controls if one.gate == gate)
    assert (row.enforced_by_target == "no" or bool(row.said("no"))) == (exposure == "open")


def test_the_line_has_the_command_that_makes_the_export(tmp_path: Path) -> None:
    """For the default branch by its name, one line a repository."""
    found = _missing(_assess(tmp_path, {"repository.json": _repository("release/2")}))
    (line,) = found.values()
    assert line["command"] == (
        "gh api repos/acme/erp/branches/release/2/protection"
        " > branch-release%2F2.protection.json;"
        " gh api repos/acme/erp/rules/branches/release/2 > branch-release%2F2.rules.json"
    )
    assert line["gate"] == "github:acme/erp/protection/release%2F2"


def test_a_job_that_may_start_any_branchs_runs_writes_past_no_review(tmp_path: Path) -> None:
    """With a workflow that is started by hand; no line then asks for the branch's rule."""
    job = _JOB.replace("{contents: write}", "{contents: write, actions: write}").replace(
        "on: {", "on: {workflow_dispatch: {}, "
    )
    found = _assess(tmp_path, {}, job)
    assert _exposure(found) == "open"
    assert _missing(found) == {}


def test_a_token_that_may_start_runs_by_default_writes_past_no_review_either(
    tmp_path: Path,
) -> None:
    """As where the file itself says ``write``: the default is known, and no rule is asked for."""
    job = _JOB.replace("permissions: {contents: write}\n", "").replace(
        "on: {", "on: {workflow_dispatch: {}, "
    )
    level = {"default_workflow_permissions": "write", "can_approve_pull_request_reviews": False}
    found = _assess(tmp_path, {"workflow.json": json.dumps(level)}, job)
    assert "permissions" not in job
    assert _exposure(found) == "open"


# -- environments -------------------------------------------------------------------------------

_IN = _JOB.replace("    steps", "    environment: Production\n    steps")
_REVIEWER = {"type": "User", "reviewer": {"login": "anna"}}


def _environment(name: str, *rules: dict[str, Any], **more: object) -> dict[str, Any]:
    url = f"{_API}/environments/{name}"
    return {"name": name, "url": url, "protection_rules": list(rules), **more}


def _listing(*listed: dict[str, Any], total: int | None = None) -> str:
    count = len(listed) if total is None else total
    return json.dumps({"total_count": count, "environments": list(listed)})


_ASKS = {"type": "required_reviewers", "reviewers": [_REVIEWER]}
_UNFREE = _environment("production", _ASKS)

#: Documents given beside the record of an unprotected branch, exposure, whether a line is missing.
ENVIRONMENTS: dict[str, tuple[dict[str, str], str, bool]] = {
    "nothing": ({}, "undetermined", True),
    "a listing that lacks it": ({"e.json": _listing(_environment("dev"))}, "open", False),
    "a listing of none": ({"e.json": _listing()}, "open", False),
    "a part of a listing that lacks it": (
        {"e.json": _listing(_environment("dev"), total=2)},
        "undetermined",
        True,
    ),
    "all pages of a listing that lacks it": (
        {
            "e1.json": _listing(_environment("dev"), total=2),
            "e2.json": _listing(_environment("test"), total=2),
        },
        "open",
        False,
    ),
    "a listing that shows it without rules": (
        {"e.json": _listing(_environment("production"))},
        "open",
        False,
    ),
    "a part of a listing that shows it without rules": (
        {"e.json": _listing(_environment("production"), total=9)},
        "open",
        False,
    ),
    "its record without rules": (
        {"e.json": json.dumps(_environment("production"))},
        "open",
        False,
    ),
    "its record with the rules filtered out": (
        {"e.json": _listing({"name": "production", "url": f"{_API}/environments/production"})},
        "undetermined",
        False,
    ),
    "a listing that shows reviewers": ({"e.json": _listing(_UNFREE)}, "undetermined", False),
    "its record with reviewers": ({"e.json": json.dumps(_UNFREE)}, "undetermined", False),
}


@pytest.mark.parametrize("given", ENVIRONMENTS)
def test_what_a_job_does_past_its_environment(given: str, tmp_path: Path) -> None:
    """The names are one in whatever case."""
    exports, exposure, missing = ENVIRONMENTS[given]
    found = _assess(tmp_path, {**_MAIN, "b.json": _FREE, **exports}, _IN)
    assert _exposure(found) == exposure
    assert ("environments" in _missing(found)) is missing


def test_two_rules_one_behind_the_other_are_both_asked_for(tmp_path: Path) -> None:
    """An environment without a rule does not open what the branch may hold, nor the reverse."""
    nothing = {"e.json": _listing(_environment("production"))}
    assert _exposure(_assess(tmp_path, nothing, _IN)) == "undetermined"


@pytest.mark.parametrize(
    ("listed", "exposure"),
    [((), "open"), ((_environment("dev"),), "open"), ((_UNFREE,), "undetermined")],
)
def test_an_environment_that_no_file_names_has_no_rule_where_none_has(
    listed: tuple[dict[str, Any], ...], exposure: str, tmp_path: Path
) -> None:
    """Which it is is not in the file; that all of them are free of rules a listing can show."""
    job = _IN.replace("Production", "${{ vars.WHERE }}")
    before = _assess(tmp_path / "before", {**_MAIN, "b.json": _FREE}, job)
    assert (_exposure(before), "environments" in _missing(before)) == ("undetermined", True)
    exports = {**_MAIN, "b.json": _FREE, "e.json": _listing(*listed)}
    assert _exposure(_assess(tmp_path / "after", exports, job)) == exposure


EVERYTHING = """
on: {schedule: [{cron: "0 2 * * *"}]}
permissions: {contents: write, actions: write, id-token: write}
jobs:
  fix:
    runs-on: [self-hosted]
    environment: ENVIRONMENT
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: "arn:aws:iam::111122223333:role/deploy"}
      - run: ./fix.sh
        env: {KEY: "${{ secrets.KEY }}"}
"""
_DOES = ("CAN_READ", "CAN_WRITE", "CAN_ASSUME", "HOLDS", "COMPUTES")


@pytest.mark.parametrize(
    ("named", "gates"),
    [
        ("prod", ["prod"]),
        ("${{ vars.WHERE }}", ["?"]),
        ("${{ vars.WHERE || 'prod' }}", ["?", "prod"]),
        ("${{ github.event_name == 'push' && 'prod' || 'dev' }}", ["dev"]),
    ],
)
def test_all_that_a_job_does_in_an_environment_names_its_rule(
    named: str, gates: list[str], tmp_path: Path
) -> None:
    """Whatever it reads, writes, becomes or holds: once for each rule that a run may pass."""
    company = Company(tmp_path, {".github/workflows/fix.yml": EVERYTHING})
    company.files[".github/workflows/fix.yml"] = EVERYTHING.replace("ENVIRONMENT", f'"{named}"')
    done = [line for line in edges(company.read(), *_DOES) if " job/fix.yml#fix " in line]
    wanted = [f"gate environment/{name}/protection" for name in gates]
    assert len(done) >= 5 * len(gates)  # a secret, a runner, a role, two permissions
    assert all(any(gate in line for gate in wanted) for line in done), done
    assert all(any(gate in line for line in done) for gate in wanted), done


def test_stopping_what_runs_in_an_environment_passes_no_rule(tmp_path: Path) -> None:
    """Nobody approves that a workflow is switched off."""
    company = Company(tmp_path, {".github/workflows/fix.yml": _IN})
    assert edges(company.read(), "DEPENDS_ON") == [
        "DEPENDS_ON workflow/fix.yml job/fix.yml#fix",
    ]


_CLAIMED = """
nhigraph: facts/1
nodes:
  - {kind: User, key: "github:user/anna"}
  - {kind: Environment, key: "github:acme/erp/environment/PRODUCTION", name: PRODUCTION}
gates:
  - key: "github:acme/erp/environment/Production/protection"
    kind: approval
    approvers: ["github:user/anna"]
    at: "github:acme/erp/environment/Production"
    tests: {human: true, enforced_by_target: true, out_of_reach: true, content_bound: true,
            no_auto_threshold: true, log_out_of_reach: true}
"""


def test_what_people_write_of_an_environment_meets_it_in_any_case(tmp_path: Path) -> None:
    """A gate that facts/1 describes, at an environment whose name the workflow writes its way."""
    exports = {**_MAIN, "b.json": _FREE, "claimed.facts.yaml": _CLAIMED}
    found = _assess(tmp_path, exports, _IN)
    assert _exposure(found) == "gated"
    gate = "github:acme/erp/environment/production/protection"
    (row,) = (one for one in found.controls if one.gate == gate)
    assert row.holds
    assert row.at == "github:acme/erp/environment/production"


# -- patterns -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "branch", "taken"),
    [
        ("main", "main", True),
        ("main", "maine", False),
        ("m*", "main", True),
        ("*", "release/2", False),
        ("release/*", "release/2", True),
        ("release/*", "release/2/hot", False),
        ("**/hot", "release/2/hot", True),
        ("**/hot", "hot", True),
        ("release/**/*", "release/2/hot", True),
        ("?ain", "main", True),
        ("?ain", "/ain", False),
        ("[lm]ain", "main", True),
        ("[!m]ain", "main", False),
        ("main.", "mainx", False),
        ("~ALL", "anything", True),
        ("~DEFAULT_BRANCH", "anything", True),
    ],
)
def test_a_pattern_takes_in_a_branch_as_github_says(
    pattern: str, branch: str, taken: bool
) -> None:
    """One that another pattern excludes is taken out."""
    assert covers(pattern, (), branch) is taken
    assert covers(pattern, ("~ALL",), branch) is False
    assert covers("~ALL", (pattern,), branch) is not taken


def test_without_the_branchs_name_only_what_takes_in_any_branch_does() -> None:
    """And excludes none."""
    assert covers("~ALL", (), None)
    assert covers("~DEFAULT_BRANCH", (), None)
    assert not covers("*", (), None)
    assert not covers("~ALL", ("main",), None)

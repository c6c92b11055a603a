"""What a called job may do by its callers' tokens: what a job with these steps in their place may.

The reference is the same job written into the calling workflow, with the permissions that are left
to the called one and its environment: GitHub runs both with the same token
(https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations,
read 30 November 2026).
"""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from nhigraph.app.collect import Collection, collect
from tests.unit.joins.company import edges
from tests.unit.joins.test_called_elsewhere import LATER, SHA, Repository

SCOPES = ("contents", "actions", "id-token", "packages")
BLOCKS = {
    "": SCOPES,  # None of its own: all that is left.
    "{}": (),
    "{id-token: write}": ("id-token",),
    "{contents: write, actions: write}": ("contents", "actions"),
    "write-all": SCOPES,
}
STEPS = "    runs-on: ubuntu-latest\n    steps: [{run: ./deploy.sh}]\n"
EVENTS = "on: {push: {branches: [main]}}\n"
FLOWS = "acme/flows/.github/workflows/called.yml"
OF_CALLED = {"acme/books": "./.github/workflows/called.yml", "acme/flows": f"{FLOWS}@main"}
#: Subjects that roles trust, by the name of the role.
TRUSTED = {
    "main": "repo:acme/books:ref:refs/heads/main",
    "prod": "repo:acme/books:environment:prod",
    "any": "repo:acme/books:*",
    "flows": "repo:acme/flows:*",
    "other": "repo:acme/books:environment:other",
}


def roles() -> str:
    """An account whose roles trust these, and nobody else."""
    issuer = "token.actions.githubusercontent.com"
    told = [
        {
            "Path": "/",
            "RoleName": name,
            "RoleId": f"AROA{name.upper()}",
            "Arn": f"arn:aws:iam::111122223333:role/{name}",
            "CreateDate": "2026-01-01T00:00:00Z",
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {
                            "Federated": f"arn:aws:iam::111122223333:oidc-provider/{issuer}"
                        },
                        "Action": "sts:AssumeRoleWithWebIdentity",
                        "Condition": {"StringLike": {f"{issuer}:sub": subject}},
                    }
                ],
            },
            "RolePolicyList": [],
            "AttachedManagedPolicies": [],
            "InstanceProfileList": [],
            "Tags": [],
        }
        for name, subject in TRUSTED.items()
    ]
    return json.dumps(
        {"UserDetailList": [], "GroupDetailList": [], "Policies": [], "RoleDetailList": told}
    )


def read(folder: Path, *repositories: Repository) -> Collection:
    for one in repositories:
        one.write(folder)
    (folder / "aws.json").write_text(roles(), encoding="utf-8")
    found = collect([folder])
    assert not [*found.coverage.bad]
    return found


def block(permissions: str) -> str:
    return f"permissions: {permissions}\n" if permissions else ""


def job(name: str, permissions: str, environment: str) -> str:
    there = f"    environment: {environment}\n" if environment else ""
    own = f"    {block(permissions)}" if permissions else ""
    return f"jobs:\n  {name}:\n{own}{there}{STEPS}"


def calling(uses: str, permissions: str, on: str = EVENTS) -> str:
    return f"{on}{block(permissions)}jobs:\n  call:\n    uses: {uses}\n"


def may(found: Collection, key: str) -> set[tuple[str, str, str]]:
    """Kind, target and gate of what a job may, whatever that rests on."""
    lines = [
        one.partition(" if ")[0].split(" ")
        for one in edges(found, "CAN_ASSUME", "CAN_WRITE", "HOLDS")
    ]
    gated = {
        (kind, target, " ".join(gate)) for kind, source, target, *gate in lines if source == key
    }
    return {(kind, target, gate) for kind, target, gate in gated if "/runner/" not in target}


def cases() -> Iterator[tuple[str, str, str]]:
    """What a caller lets, what the called workflow asks for, and what is left, as blocks."""
    for outer, inner in product(BLOCKS, BLOCKS):
        left = [one for one in BLOCKS[outer] if one in BLOCKS[inner]]
        # A default is another question, and GitHub does not start what asks for more.
        if outer and (not inner or len(left) == len(BLOCKS[inner])):
            yield outer, inner, f"{{{', '.join(f'{one}: write' for one in left)}}}"


@pytest.mark.parametrize("home", OF_CALLED)
@pytest.mark.parametrize("environment", ["", "prod"])
def test_a_called_job_may_what_it_might_in_its_callers_place(
    tmp_path: Path, home: str, environment: str
) -> None:
    """For all that a caller and a called workflow can say of permissions."""
    many = [*enumerate(cases())]
    callers = {
        f"main{at}.yml": calling(OF_CALLED[home].replace("called", f"called{at}"), outer)
        for at, (outer, _, _) in many
    }
    called = {
        f"called{at}.yml": "on: workflow_call\n" + job("work", inner, environment)
        for at, (_, inner, _) in many
    }
    files = {"acme/books": callers, "acme/flows": {}}
    files[home] = {**files[home], **called}
    apart = read(tmp_path / "apart", *(Repository(one, files[one]) for one in files))
    alone = {f"main{at}.yml": EVENTS + job("work", left, environment) for at, (_, _, left) in many}
    inlined = read(tmp_path / "alone", Repository("acme/books", alone))
    told = 0
    for at, case in many:
        found = may(apart, f"github:{home}/job/called{at}.yml#work")
        # What it says of its own repository counts where it is called from there.
        found = {one for one in found if home == "acme/books" or "acme/flows" not in one[1]}
        expected = may(inlined, f"github:acme/books/job/main{at}.yml#work")
        assert found == expected, case
        become = {one for one in expected if one[0] == "CAN_ASSUME"}
        assert become <= may(apart, f"github:acme/books/job/main{at}.yml#call"), case
        told += bool(become)
    assert told > 3


@pytest.mark.parametrize(
    ("at", "condition"),
    [("@main", f" if {LATER}"), (f"@{SHA}", ""), (f"@{'f' * 40}", f" if {LATER}")],
)
def test_another_version_of_a_called_workflow_may_do_otherwise(
    tmp_path: Path, at: str, condition: str
) -> None:
    books = Repository("acme/books", {"main.yml": calling(f"{FLOWS}{at}", "{actions: write}")})
    flows = Repository(
        "acme/flows", {"called.yml": "on: workflow_call\n" + job("work", "", "")}, SHA
    )
    lines = edges(read(tmp_path, books, flows), "HOLDS")
    work = "github:acme/flows/job/called.yml#work"
    assert f"HOLDS {work} github:acme/books/permission/actions:write{condition}" in lines


def test_a_block_between_takes_back_what_it_does_not_name(tmp_path: Path) -> None:
    """Two levels down, for two that start: each has what is left on its own way."""
    below = "./.github/workflows/called.yml"
    middle = "./.github/workflows/middle.yml"
    books = Repository(
        "acme/books",
        {
            "one.yml": calling(middle, "write-all"),
            "two.yml": calling(below, "{actions: write}", "on: {push: {tags: [v1]}}\n"),
            "middle.yml": calling(below, "{id-token: write}", "on: workflow_call\n"),
            "called.yml": "on: workflow_call\n" + job("work", "", ""),
        },
    )
    found = may(read(tmp_path, books), "github:acme/books/job/called.yml#work")
    assert ("HOLDS", "github:acme/books/permission/id-token:write", "") in found
    assert ("HOLDS", "github:acme/books/permission/actions:write", "") in found
    roles_of = {target for kind, target, _ in found if kind == "CAN_ASSUME"}
    assert {one.rpartition("/")[2] for one in roles_of} == {"main", "any"}


def test_workflows_that_call_each_other_end(tmp_path: Path) -> None:
    uses = "./.github/workflows/{}.yml"
    books = Repository(
        "acme/books",
        {
            "main.yml": calling(uses.format("a"), "write-all"),
            "a.yml": calling(uses.format("b"), "", "on: workflow_call\n"),
            "b.yml": calling(uses.format("a"), "", "on: workflow_call\n") + f"  work:\n{STEPS}",
        },
    )
    found = may(read(tmp_path, books), "github:acme/books/job/b.yml#work")
    assert {kind for kind, _, _ in found} == {"CAN_ASSUME", "CAN_WRITE", "HOLDS"}

"""Other accounts of an organization: who administers them from the one that manages it, or another.

What is right was written from the pages before anything was run: the pages stand in
``nhigraph.policy.aws.organized``; StackSets deploy to every account but the one that manages the
organization, and a delegated administrator has no rights on that either
(https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin.html).
"""

# ruff: noqa: E501 - a case is a line of its table

from pathlib import Path

import pytest

from nhigraph.facts.facts import Edge, Gap
from tests.unit.sources.test_aws_abroad import (
    ANYBODY_OF_ORG,
    LEDGER,
    OBJECTS,
    B,
    Files,
    Statement,
    bucket,
    details,
    read,
    told,
    tree,
)
from tests.unit.sources.test_aws_inventory import ACCOUNT, IAM, allow, role

X = f"{IAM}:role/x"
ALL, BOOKS = "arn:aws:organizations:::o-abcdefghij:accounts", f"arn:aws:iam::{B}:account"
STACKS = "member.org.stacksets.cloudformation.amazonaws.com"
MANAGER = "000000000001"
BY_ITSELF = "StackSets may put stacks into accounts of the organization by itself"
SETS = allow(["cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"])
OTHER: Files = {"other.json": {"RoleDetailList": [
    {**role("close"), "Arn": f"arn:aws:iam::{B}:role/close", "RoleId": "AROACLOSE"}]}}  # fmt: skip


def organized(*numbers: str, manager: str = MANAGER, beside: Statement | None = None) -> Files:
    (body,) = tree(*numbers).values()
    assert isinstance(body, dict)
    root = f"arn:aws:organizations::{manager}:root/o-abcdefghij/r-ab"
    return {"tree.json": {**body, "Arn": root, **(beside or {})}}


def delegated(*services: str) -> dict[str, object]:
    rows = [{"ServicePrincipal": one} for one in services]
    return {"DelegatedAdministrators": [{"Id": ACCOUNT, "DelegatedServices": rows}]}


def deny(action: str) -> Statement:
    return {**allow(action), "Effect": "Deny"}


NOBODY: dict[str, object] = {"DelegatedAdministrators": []}
BOTH = organized(ACCOUNT, B)
MINE = organized(ACCOUNT, B, manager=ACCOUNT)
#: Rights, documents beside; on which condition other accounts are administered, None for not.
CASES: dict[str, tuple[list[Statement], Files, str | None]] = {
    "stacks, from the account that manages": ([SETS], MINE, BY_ITSELF),
    "stacks that are there": ([allow("cloudformation:UpdateStackSet")], MINE, BY_ITSELF),
    "stack sets without stacks": ([allow("cloudformation:CreateStackSet")], MINE, None),
    "stacks, denied": ([SETS, deny("cloudformation:CreateStackInstances")], MINE, None),
    "stacks, from another, of which nobody says what it administers": (
        [SETS], BOTH, f"account {ACCOUNT} is a delegated administrator of {STACKS} and {BY_ITSELF}"),
    "stacks, from another that administers them": (
        [SETS], organized(ACCOUNT, B, beside=delegated(STACKS)), BY_ITSELF),
    "stacks, from another that administers something else": (
        [SETS], organized(ACCOUNT, B, beside=delegated("sso.amazonaws.com")), None),
    "stacks, from another, and nobody administers them": ([SETS], organized(ACCOUNT, B, beside=NOBODY), None),
    "stacks, and there is no other account": ([SETS], organized(ACCOUNT, manager=ACCOUNT), None),
    "people": (
        [allow("sso:CreateAccountAssignment", ["arn:aws:sso:::permissionSet/*", "arn:aws:sso:::instance/*"])],
        MINE, "somebody whom Identity Center lets in does it for them"),
    "people's groups": (
        [allow("identitystore:CreateGroupMembership")], MINE, "somebody whom Identity Center lets in does it for them"),
    "people, looked at": ([allow("sso:List*")], MINE, None),
    "root of a member": (
        [allow("sts:AssumeRoot", f"arn:aws:iam::{B}:root")], MINE, "root of a member account may do for single tasks what matters"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_who_administers_other_accounts_of_the_organization(tmp_path: Path, case: str) -> None:
    rights, files, condition = CASES[case]
    found = read(tmp_path, {**details(role("x", *rights)), **OTHER, **files}).facts
    edges = [x for x in found if isinstance(x, Edge) and x.source == X and x.target == ALL]
    assert [x.condition for x in edges] == ([] if condition is None else [condition])
    held = {target for _, source, target in told(found, "CONTAINS") if source == ALL}
    # Never the account that manages it.
    assert held == ({BOOKS} | ({f"{IAM}:account"} & held) if edges else set())
    assert (f"{IAM}:account" in held) is (bool(edges) and files is not MINE)


def test_of_accounts_that_no_input_describes_it_is_a_gap(tmp_path: Path) -> None:
    found = read(tmp_path, {**details(role("x", SETS)), **MINE}).facts
    assert ("CONTAINS", ALL, ANYBODY_OF_ORG) in told(found, "CONTAINS")
    assert ANYBODY_OF_ORG in {x.at for x in found if isinstance(x, Gap)}


def test_without_the_organization_which_accounts_there_are_is_a_gap(tmp_path: Path) -> None:
    found = read(tmp_path / "it", details(role("x", SETS))).facts
    reason = "x may act on accounts of an organization that is in no input"
    assert reason in [x.reason for x in found if isinstance(x, Gap) and x.at == X]
    less = read(tmp_path / "less", details(role("x", allow("cloudformation:*StackSet")))).facts
    assert X in {x.at for x in less if isinstance(x, Gap)}
    none = read(tmp_path / "none", details(role("x", allow("cloudformation:Describe*")))).facts
    assert X not in {x.at for x in none if isinstance(x, Gap)}


UNDER = "o-abcdefghij/r-ab/ou-ab-11111111/"


def nested() -> Files:
    """The first account in a unit within a unit, the other at the root."""
    (body,) = tree(ACCOUNT, B).values()
    assert isinstance(body, dict)
    mine, theirs = body["Children"]
    inner = {"Id": "ou-ab-22222222", "Policies": [], "Children": [mine]}
    outer = {"Id": "ou-ab-11111111", "Policies": [], "Children": [inner]}
    return {"tree.json": {**body, "Children": [outer, theirs]}}


#: Nothing of what the bucket opens to the public is blocked.
OPEN: Files = {
    f"aws/{ACCOUNT}/global/{name}.json": {}
    for name in ("s3api/get-public-access-block/ledger", "s3control/get-public-access-block")
}


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
@pytest.mark.parametrize(
    ("operator", "path", "mine", "theirs"),
    [
        ("ForAnyValue:StringLike", f"{UNDER}*", True, False),
        ("ForAnyValue:StringEquals", f"{UNDER}ou-ab-22222222/", True, False),
        ("ForAnyValue:StringEquals", UNDER, False, False),
        ("ForAnyValue:StringLike", "o-abcdefghij/*", True, True),
        ("ForAnyValue:StringEquals", "o-abcdefghij/r-ab/", False, True),
        ("ForAllValues:StringNotLike", f"{UNDER}*", False, True),
        ("ForAnyValue:StringLike", "o-somebodyel/*", False, False),
    ],
)
def test_where_in_the_organization_an_account_is_follows_from_the_tree(
    tmp_path: Path, operator: str, path: str, mine: bool, theirs: bool
) -> None:
    letting: Statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": OBJECTS,
               "Condition": {operator: {"aws:PrincipalOrgPaths": path}}}  # fmt: skip
    close = {**role("close", allow("s3:PutObject")), "Arn": f"arn:aws:iam::{B}:role/close"}
    other: object = {"RoleDetailList": [{**close, "RoleId": "AROACLOSE"}]}
    files = {**details(role("x")), "other.json": other, **nested(), **bucket(letting), **OPEN}
    found = [
        x for x in read(tmp_path, files).facts
        if isinstance(x, Edge) and x.target == LEDGER and x.kind.label == "CAN_WRITE"
    ]  # fmt: skip
    sure = {x.source for x in found if x.condition is None}
    everybody = "arn:aws:iam::*:anybody"
    assert sure - {everybody} == {y for y, has in ((X, mine), (close["Arn"], theirs)) if has}
    # Who is of no organization, or of another, is in none of its parts.
    assert (everybody in sure) is ("Not" in operator)
    named = f"arn:aws:organizations:::{path.partition('/')[0]}:anybody"
    assert {x.source for x in found} - sure <= {named}


def test_where_a_resources_account_is_follows_from_the_tree(tmp_path: Path) -> None:
    within = {"ForAnyValue:StringLike": {"aws:ResourceOrgPaths": f"{UNDER}*"}}
    elsewhere = {"ForAnyValue:StringLike": {"aws:ResourceOrgPaths": "o-abcdefghij/r-ab/ou-ab-3*"}}
    put = allow("s3:PutObject", OBJECTS)
    people = [role("x", {**put, "Condition": within}), role("y", {**put, "Condition": elsewhere})]
    found = read(tmp_path, {**details(*people), **nested(), **bucket()}).facts
    edges = [x for x in found if isinstance(x, Edge) and x.target == LEDGER]
    assert [(x.source, x.condition) for x in edges if x.kind.label == "CAN_WRITE"] == [(X, None)]

"""Tags of sessions, which stand in the place of their role's or user's, tried out one by one.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (``Tags``): "session tags
override a role tag with the same key"; a role's trust has to allow ``sts:TagSession``, a user
begins its own session by ``sts:GetFederationToken``. So what a tag lets somebody do is certain by
their own tags, possible by those that somebody may put over them, and nothing where nobody may.
"""

# ruff: noqa: E501 - a record of the account is a line

from random import Random
from typing import Any

import pytest

from nhigraph.policy.aws.decision import decide
from nhigraph.policy.aws.details import read_details
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.aws.organization import Member
from nhigraph.policy.aws.request import Request
from nhigraph.policy.aws.statements import read_policy
from nhigraph.policy.trusts import Answer

ACCOUNT = "111111111111"
BUCKET = "arn:aws:s3:::books"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"
Record = dict[str, Any]


def document(*statements: Record) -> Record:
    return {"Version": "2012-10-17", "Statement": [*statements]}


def made(statements: list[Record], *, role: bool, tag: str, tagging: bool) -> Estate:
    arn = f"arn:aws:iam::{ACCOUNT}:{'role' if role else 'user'}/x"
    named = "Role" if role else "User"
    taking = ["sts:AssumeRole", *(["sts:TagSession"] if tagging else [])]
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": taking}  # fmt: skip
    if tagging and not role:
        statements = [*statements, {"Effect": "Allow", "Action": ["sts:Tag*", "sts:GetFederation*"], "Resource": "*"}]  # fmt: skip
    body = {f"{named}DetailList": [{
        "Arn": arn, f"{named}Id": "A1", "Tags": [{"Key": "Team", "Value": tag}],
        f"{named}PolicyList": [{"PolicyName": "own", "PolicyDocument": document(*statements)}],
        **({"AssumeRolePolicyDocument": document(trust)} if role else {}),
    }]}  # fmt: skip
    found = Estate()
    found.add_details(read_details(body, "details.json"))
    found.members[ACCOUNT] = Member(ACCOUNT, "", "o-a", ("tree.json", ()), (), ())
    found.resources[BUCKET] = Resource(BUCKET, ACCOUNT, ("list.json", ()))
    found.policies |= {BUCKET: None}
    found.settle()
    return found


def answer(found: Estate, action: str = "s3:PutObject", arn: str = f"{BUCKET}/a") -> Answer:
    (one,) = found.identities.values()
    authority = found.authority(
        one, BUCKET if arn.startswith(BUCKET) else arn, action.split(":", maxsplit=1)[0]
    )
    return decide(Request(one.principal, action, arn, ACCOUNT), authority).answer


def drawn(random: Random) -> list[Record]:
    rows = []
    for _ in range(random.choice((1, 2, 3))):
        operator = random.choice(("StringEquals", "StringNotEquals", "StringLike"))
        value = random.choice(("a", "b", ["a", "c"], "*b"))
        rows.append({
            "Effect": random.choice(("Allow", "Allow", "Deny")), "Action": "s3:*",
            "Resource": random.choice(("*", f"{BUCKET}/${{aws:PrincipalTag/team}}")),
            "Condition": {operator: {"aws:PrincipalTag/team": value}},
        })  # fmt: skip
    return rows


def _fits(row: Record, tag: str) -> bool:
    if row["Resource"] != "*" and tag != "a":
        return False
    ((operator, test),) = row["Condition"].items()
    (values,) = test.values()
    listed = values if isinstance(values, list) else [values]
    like = operator == "StringLike"
    hit = any(tag.endswith(x[1:]) if like and x[0] == "*" else tag == x for x in listed)
    return hit is not (operator == "StringNotEquals")


def allowed(rows: list[Record], tag: str) -> bool:
    """Whether rows allow to write ``books/a`` in a session with one tag."""
    hit = {row["Effect"] for row in rows if _fits(row, tag)}
    return hit == {"Allow"}


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("role", [True, False])
@pytest.mark.parametrize("tagging", [True, False])
def test_what_a_tag_lets_do_is_possible_by_those_that_a_session_may_have(
    seed: int,
    role: bool,
    tagging: bool,
) -> None:
    random = Random(seed)
    rows, tag = drawn(random), random.choice("abc")
    found = answer(made(rows, role=role, tag=tag, tagging=tagging))
    own, others = allowed(rows, tag), [allowed(rows, one) for one in ("a", "b", "c", "xb", "z")]
    if own:
        assert found is Answer.YES
    elif not tagging:
        assert found is Answer.NO
    else:
        assert found is not Answer.YES or all(others)
        assert found is not Answer.NO or not any(others)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"s3:ResourceAccount": ACCOUNT}}, Answer.YES),
        ({"StringNotEquals": {"s3:ResourceAccount": ACCOUNT}}, Answer.NO),
        ({"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}, Answer.YES),
        ({"StringNotEqualsIfExists": {"aws:ResourceOrgID": "o-a"}}, Answer.NO),
    ],
)
def test_whose_a_resource_is_follows_from_its_account(condition: Record, expected: Answer) -> None:
    row = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": condition}
    assert answer(made([row], role=False, tag="a", tagging=False)) is expected


def test_a_grant_for_a_service_is_nothing_that_a_caller_gives() -> None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-is-for-aws-resource

    "only when an AWS service … sends the request on the principal's behalf".
    """
    row: Record = {"Effect": "Allow", "Action": "kms:CreateGrant", "Resource": "*"}
    for condition, expected in (
        ({"Bool": {"kms:GrantIsForAWSResource": "true"}}, Answer.NO),
        ({}, Answer.YES),
    ):
        found = made([{**row, "Condition": condition}], role=False, tag="a", tagging=False)
        found.resources[KEY] = Resource(KEY, ACCOUNT, ("list.json", ()))
        root = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "kms:*", "Resource": "*"}  # fmt: skip
        found.policies[KEY] = read_policy(document(root), "the key's", ("key.json", ()))
        assert answer(found, "kms:CreateGrant", KEY) is expected

"""Roles that are alike are decided once: the same answers, with their places, as pair by pair."""

from random import Random

import pytest

from nhigraph.policy.aws.authority import FULL
from nhigraph.policy.aws.decision import decide
from nhigraph.policy.aws.details import read_details
from nhigraph.policy.aws.estate import Estate
from nhigraph.policy.aws.organization import Member
from nhigraph.policy.aws.request import Request
from nhigraph.policy.aws.statements import read_policy
from nhigraph.policy.aws.taking import ASSUME, Taking
from nhigraph.policy.trusts import Answer

ACCOUNT, OTHER = "111111111111", "222222222222"
Record = dict[str, object]


def arn(number: int, account: str = ACCOUNT) -> str:
    return f"arn:aws:iam::{account}:role/r{number}"


def document(*statements: Record) -> Record:
    return {"Version": "2012-10-17", "Statement": [*statements]}


def conditions(random: Random) -> Record:
    tests: tuple[Record, ...] = (
        {"StringEquals": {"sts:ExternalId": "x"}},
        {"StringLike": {"aws:PrincipalArn": f"{arn(1)}*"}},
        {"StringEquals": {"aws:PrincipalTag/team": "a"}},
        {"StringEquals": {"aws:SourceVpc": "vpc-1"}},
    )
    return {} if random.random() < 0.3 else {"Condition": random.choice(tests)}


def trust(random: Random) -> Record:
    rows = []
    for _ in range(random.choice((1, 1, 2))):
        root = f"arn:aws:iam::{ACCOUNT}:root"
        whom = random.choice((root, root, OTHER, "*", arn(0), arn(1)))
        effect = "Deny" if random.random() < 0.2 else "Allow"
        row: Record = {"Effect": effect, "Principal": {"AWS": whom}, "Action": "sts:AssumeRole"}
        rows.append({**row, **conditions(random), **random.choice(({}, {"Sid": "one"}))})
    return document(*rows)


def rights(random: Random) -> Record:
    rows = []
    for _ in range(random.choice((1, 2, 3))):
        on = random.choice(("*", arn(1), f"{arn(1)}*", arn(2, OTHER), "arn:aws:iam::*:role/r?",
                            f"arn:aws:iam::{ACCOUNT}:role/${{aws:username}}"))  # fmt: skip
        rows.append({
            "Effect": "Deny" if random.random() < 0.25 else "Allow",
            "Action": random.choice(("sts:AssumeRole", "sts:*", "*", "s3:*")),
            "NotResource" if random.random() < 0.2 else "Resource": on, **conditions(random),
        })  # fmt: skip
    return document(*rows)


def estate(random: Random) -> Estate:
    found = Estate()
    trusts = [trust(random) for _ in range(3)]
    own = [rights(random) for _ in range(4)]
    roles = [
        {
            "Arn": arn(number, account), "RoleName": f"r{number}", "Tags": [],
            "RoleId": f"AROA{number}{account}", "AttachedManagedPolicies": [],
            "AssumeRolePolicyDocument": random.choice(trusts),
            "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": random.choice(own)}],
        }
        for account in (ACCOUNT, OTHER)
        for number in range(14)
    ]  # fmt: skip
    found.add_details(read_details({"RoleDetailList": roles}, "details.json"))
    for account in (ACCOUNT, OTHER)[: random.choice((0, 1, 2))]:
        scp, rcp = (
            ((read_policy(rights(random), name, (name, ())), FULL),) for name in ("scp", "rcp")
        )
        found.members[account] = Member(account, "", "", ("tree.json", ()), scp, rcp)
    return found


@pytest.mark.parametrize("seed", range(15))
def test_what_is_alike_is_decided_as_pair_by_pair(seed: int) -> None:
    made = estate(Random(seed))
    taking, answers = Taking(made), set()
    for one in made.identities.values():
        for role in made.identities.values():
            if role is not one:
                authority = made.authority(one, role.arn, "sts")
                alone = decide(Request(one.principal, ASSUME, role.arn), authority)
                found = taking.of(one, role)
                answers.add(found.answer)
                if found.answer is Answer.NO:
                    assert alone.answer is Answer.NO
                else:
                    assert found == alone
    assert len(answers) > 1

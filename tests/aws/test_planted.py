"""An account of 500 roles with 40 ways that are there and 40 that miss by one fact.

The account is made from a seed; what is planted is known by construction, and nothing of the
product is asked for it. All of it is found through the source, and nothing else about the ledgers.
"""

# ruff: noqa: E501 - a record of an export is a line

import json
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from nhigraph.facts.facts import Edge
from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import run
from nhigraph.sources import aws_iam, aws_org

ACCOUNT, REGION = "111111111111", "eu-west-1"
IAM = f"arn:aws:iam::{ACCOUNT}"
ROLES, WAYS = 500, 40
Record = dict[str, object]
#: Kind, from, to.
Way = tuple[str, str, str]


def document(*statements: Record) -> Record:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: object, resource: object, **more: object) -> Record:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(principal: Record) -> Record:
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


SERVICE = trust({"Service": "ecs-tasks.amazonaws.com"})


@dataclass
class Made:
    """An account.

    Attributes:
        roles: Its roles.
        users: Its users.
        buckets: Its buckets.
        denied: What the organization denies: action and resource.
        there: Ways that are there.
        missing: Ways that miss by one fact.
    """

    roles: list[Record] = field(default_factory=list)
    users: list[Record] = field(default_factory=list)
    buckets: list[str] = field(default_factory=list)
    denied: list[Record] = field(default_factory=list)
    there: list[Way] = field(default_factory=list)
    missing: list[Way] = field(default_factory=list)

    def role(
        self, name: str, *statements: Record, trusts: Record = SERVICE, **more: object
    ) -> str:
        self.roles.append(
            {
                "RoleName": name,
                "RoleId": f"AROA{len(self.roles):08}",
                "Arn": f"{IAM}:role/{name}",
                "AssumeRolePolicyDocument": trusts,
                "Tags": [],
                "AttachedManagedPolicies": [],
                "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": document(*statements)}],
                **more,
            }
        )
        return f"{IAM}:role/{name}"

    def bucket(self, name: str) -> str:
        self.buckets.append(name)
        return f"arn:aws:s3:::{name}"


def data(made: Made, number: int, fault: str) -> Way:
    """A role that writes a ledger; with a fault it does not, by one fact."""
    bucket = made.bucket(f"ledger-{number}")
    named = f"{bucket}x/*" if fault == "resource" else f"{bucket}/*"
    rows = [allow("s3:PutObject", named)]
    more: dict[str, Any] = {}
    if fault == "deny":
        rows.append({"Effect": "Deny", "Action": "s3:Put*", "Resource": f"{bucket}/*"})
    if fault == "boundary":
        more["PermissionsBoundary"] = {"PermissionsBoundaryArn": f"{IAM}:policy/no-s3"}
    if fault == "condition":
        rows[0]["Condition"] = {"StringEquals": {"aws:PrincipalTag/team": "books"}}
        more["Tags"] = [{"Key": "team", "Value": "shop"}]
    if fault == "organization":
        made.denied.append({"Action": "s3:PutObject", "Resource": f"{bucket}/*"})
    return "CAN_WRITE", made.role(f"writer-{number}", *rows, **more), bucket


def taken(made: Made, number: int, fault: str) -> Way:
    """A role that takes another one."""
    trusted = "222222222222" if fault == "trust" else ACCOUNT
    target = made.role(f"taken-{number}", trusts=trust({"AWS": f"arn:aws:iam::{trusted}:root"}))
    action = "sts:TagSession" if fault == "right" else "sts:AssumeRole"
    return "CAN_ASSUME", made.role(f"taker-{number}", allow(action, target)), target


def passed(made: Made, number: int, fault: str) -> Way:
    """A role that hands another one to a new function."""
    service = "ec2.amazonaws.com" if fault == "trust" else "lambda.amazonaws.com"
    target = made.role(f"passed-{number}", trusts=trust({"Service": service}))
    condition = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    rows = [
        allow("iam:PassRole", target, **({"Condition": condition} if fault == "service" else {}))
    ]
    rows.append(allow(["lambda:CreateFunction", "lambda:InvokeFunction"], "*"))
    return "CAN_ASSUME", made.role(f"passer-{number}", *rows), target


def minted(made: Made, number: int, fault: str) -> Way:
    """A role that makes a key of a user."""
    target = f"{IAM}:user/person-{number}"
    made.users.append(
        {"UserName": f"person-{number}", "UserId": f"AIDA{number:08}", "Arn": target}
    )
    if fault == "organization":
        made.denied.append({"Action": "iam:CreateAccessKey", "Resource": target})
    return (
        "CAN_ASSUME",
        made.role(f"minter-{number}", allow("iam:CreateAccessKey", target)),
        target,
    )


def raised(made: Made, number: int, fault: str) -> Way:
    """A role that gives itself rights."""
    name = f"raiser-{number}"
    about = f"{IAM}:role/other" if fault == "resource" else f"{IAM}:role/{name}"
    return "CAN_ADMINISTER", made.role(name, allow("iam:PutRolePolicy", about)), f"{IAM}:account"


PLANTS = [
    (data, "resource"), (data, "deny"), (data, "boundary"), (data, "condition"), (data, "organization"),
    (taken, "trust"), (taken, "right"), (passed, "trust"), (passed, "service"),
    (minted, "organization"), (raised, "resource"),
]  # fmt: skip


def account(seed: int) -> Made:
    made, random = Made(), Random(seed)
    for number in range(WAYS):
        plant, fault = PLANTS[number % len(PLANTS)]
        made.there.append(plant(made, number, ""))
        made.missing.append(plant(made, 1_000 + number, fault))
    for number in range(ROLES - len(made.roles)):
        team = random.choice(("shop", "search", "mail"))
        rows = [allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::team-{team}-*/*")]
        if random.random() < 0.3:
            rows.append(allow(["logs:PutLogEvents", "sqs:SendMessage"], f"arn:aws:*:*:*:{team}-*"))
        made.role(f"{team}-{number}", *rows)
    made.buckets += [f"team-{team}-data" for team in ("shop", "search", "mail")]
    random.shuffle(made.roles)
    return made


def written(made: Made, folder: Path) -> None:
    """The account as its exports: three pages, listings, and the tree."""

    def put(name: str, body: object) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(body), "utf-8")

    only = {"PolicyName": "no-s3", "Arn": f"{IAM}:policy/no-s3", "PolicyVersionList": [
        {"IsDefaultVersion": True, "Document": document(allow(["sqs:*", "iam:*"], "*"))}]}  # fmt: skip
    for at in range(3):
        put(f"details-{at}.json", {
            "UserDetailList": made.users if at == 0 else [], "GroupDetailList": [],
            "RoleDetailList": made.roles[at::3], "Policies": [only] if at == 2 else [],
            "IsTruncated": at < 2,
        })  # fmt: skip
    base = f"aws/{ACCOUNT}/global/s3api"
    put(f"{base}/list-buckets.json", {"Buckets": [{"Name": name} for name in made.buckets]})
    for name in made.buckets:
        put(f"{base}/get-bucket-policy/{name}.json", {})
    full = {
        "Name": "FullAWSAccess",
        "Type": "SERVICE_CONTROL_POLICY",
        "Content": document(allow("*", "*")),
    }
    guard = {"Name": "guard", "Type": "SERVICE_CONTROL_POLICY",
             "Content": document(*({"Effect": "Deny", **row} for row in made.denied))}  # fmt: skip
    put("tree.json", {
        "Id": "r-ab", "Arn": "arn:aws:organizations::000000000001:root/o-abcdefghij/r-ab",
        "Policies": [full], "Children": [{"Id": ACCOUNT, "Name": "books", "Policies": [full, guard]}],
    })  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, dict[Way, list[Edge]]]:
    made, folder = account(7), tmp_path_factory.mktemp("planted")
    written(made, folder)
    collected = run(
        discover([folder]).documents, {"aws_iam": aws_iam.INGESTOR, "aws_org": aws_org.INGESTOR}
    )
    edges: dict[Way, list[Edge]] = {}
    for one in collected.facts:
        if isinstance(one, Edge):
            edges.setdefault((one.kind.label, one.source, one.target), []).append(one)
    assert len(made.roles) == ROLES
    return made, edges


def test_all_forty_ways_are_found_and_certain(found: tuple[Made, dict[Way, list[Edge]]]) -> None:
    made, edges = found
    assert len(made.there) == WAYS
    assert [way for way in made.there if way not in edges] == []
    assert [way for way in made.there if any(one.condition for one in edges[way])] == []


def test_none_of_the_forty_near_misses_is_found(found: tuple[Made, dict[Way, list[Edge]]]) -> None:
    made, edges = found
    assert len(made.missing) == WAYS
    assert [way for way in made.missing if way in edges] == []


def test_nothing_else_leads_to_a_ledger_or_to_anybody(
    found: tuple[Made, dict[Way, list[Edge]]],
) -> None:
    made, edges = found
    strong = {"CAN_WRITE", "CAN_ADMINISTER", "CAN_DELETE", "CAN_STOP", "CAN_ASSUME"}
    others = {
        way
        for way in edges
        if way[0] in strong
        and not way[2].startswith("arn:aws:s3:::team-")
        and ":unlisted" not in way[2]
        # Whom another account may send is nobody of this one, nor a bucket in no listing.
        and not way[2].endswith("x")
        and "222222222222" not in way[1]
    }
    assert others == set(made.there)

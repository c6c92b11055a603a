"""Documents that contradict one another, or say what cannot be read: nothing of it is dropped.

Two exports of one account lie in one folder, or a record has a member of another form than the
provider prints. Whichever document is read first, nobody is told "no path" on the word of one of
them, and nobody "can".
"""

# ruff: noqa: E501 - a record of the account is a line

import json
from pathlib import Path

import pytest

from nhigraph.facts.facts import Edge, Gap
from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import Collected, run
from nhigraph.schema.types import Certainty
from nhigraph.sources import aws_iam, aws_org
from tests.unit.sources.test_aws_inventory import ACCOUNT, IAM, allow, document, role

LEDGER, R = "arn:aws:s3:::ledger", f"{IAM}:role/r"
PUT, DENY = allow("s3:PutObject"), {**allow("s3:*"), "Effect": "Deny"}
SURE, MAYBE = Certainty.CERTAIN, Certainty.CONDITIONAL
OWN, LIMIT = f"{IAM}:policy/own", f"{IAM}:policy/limit"
ENTERED = {"Effect": "Allow", "Principal": {"AWS": R}, "Action": "sts:AssumeRole"}
Files = dict[str, object]
Record = dict[str, object]


def details(*roles: Record, **more: object) -> Record:
    return {"RoleDetailList": [*roles], **more}


def policy(*statements: object, arn: str = OWN, said: object = None) -> Record:
    version = {"IsDefaultVersion": True, "Document": said or document(*statements)}
    return {"Arn": arn, "PolicyName": arn.rpartition("/")[2], "PolicyVersionList": [version]}


def tree(*scps: Record) -> Record:
    rows = [
        {
            "Id": "p-x",
            "Name": "x",
            "Type": "SERVICE_CONTROL_POLICY",
            "Content": json.dumps(document(*scps)),
        }
    ]
    member = {"Id": ACCOUNT, "Name": "books", "Policies": rows}
    return {
        "Id": "r-ab",
        "Arn": "arn:aws:organizations::000000000001:root/o-abcdefghij/r-ab",
        "Policies": rows,
        "Children": [member],
    }


def bucket(said: object) -> Files:
    at = f"aws/{ACCOUNT}/global/s3api"
    return {
        f"{at}/list-buckets.json": {"Buckets": [{"Name": "ledger"}]},
        f"{at}/get-bucket-policy/ledger.json": said,
    }


ATTACHED: Record = {"AttachedManagedPolicies": [{"PolicyArn": OWN}]}
BOUND: Record = {"PermissionsBoundary": {"PermissionsBoundaryArn": LIMIT}}
NAMES = {
    "Effect": "Allow",
    "Principal": {"AWS": R},
    "Action": "s3:PutObject",
    "Resource": f"{LEDGER}/*",
}
CUT = '{"Version": "2012-10-17", "Statem'
FULL, NONE = tree(allow("*")), bucket({})
#: Files, who writes to the ledger how surely, and whether who asks has a gap.
CASES: dict[str, tuple[Files, Certainty | None, bool]] = {
    "one document": ({"a.json": details(role("r", PUT)), "t.json": FULL, **NONE}, SURE, False),
    "the same twice": ({"a.json": details(role("r", PUT)), "b.json": details(role("r", PUT)), "t.json": FULL, **NONE}, SURE, False),
    "the second allows more": ({"a.json": details(role("r")), "b.json": details(role("r", PUT)), "t.json": FULL, **NONE}, None, True),
    "the second denies": ({"a.json": details(role("r", PUT)), "b.json": details(role("r", PUT, DENY)), "t.json": FULL, **NONE}, MAYBE, True),
    "the second has a boundary": ({"a.json": details(role("r", PUT)), "b.json": details(role("r", PUT, **BOUND)), "t.json": FULL, **NONE}, MAYBE, True),
    "a managed policy": (
        {"a.json": details(role("r", **ATTACHED), Policies=[policy()]), "b.json": details(role("q"), Policies=[policy(PUT)]), "t.json": FULL, **NONE},
        MAYBE, False,
    ),
    "a managed policy that denies in one": (
        {"a.json": details(role("r", **ATTACHED), Policies=[policy(PUT)]), "b.json": details(role("q"), Policies=[policy(PUT, DENY)]), "t.json": FULL, **NONE},
        MAYBE, False,
    ),
    "a bucket's policy": (
        {"a.json": details(role("r")), "t.json": FULL, **NONE, "z.json": [{"Resource": LEDGER, "Policy": document(NAMES), "Account": ACCOUNT}]},
        MAYBE, False,
    ),
    "two trees": ({"a.json": details(role("r", PUT)), "t.json": FULL, "u.json": tree(allow("*"), DENY), **NONE}, MAYBE, False),
    "inline policies are a record": (
        {"a.json": details(role("r", PUT, RolePolicyList={"PolicyName": "p", "PolicyDocument": document(PUT)})), "t.json": FULL, **NONE}, None, True,
    ),
    "inline policies are names": ({"a.json": details(role("r", RolePolicyList=["p"])), "t.json": FULL, **NONE}, None, True),
    "one of several is none": (
        {"a.json": details(role("r", RolePolicyList=[{"PolicyName": "p", "PolicyDocument": document(PUT)}, 7])), "t.json": FULL, **NONE}, MAYBE, True,
    ),
    "attached policies are a record": (
        {"a.json": details(role("r", PUT, AttachedManagedPolicies={"PolicyArn": OWN})), "t.json": FULL, **NONE}, MAYBE, True,
    ),
    "attached policies are texts": (
        {"a.json": details(role("r", AttachedManagedPolicies=[OWN]), Policies=[policy(PUT)]), "t.json": FULL, **NONE}, SURE, False,
    ),
    "a boundary is a text": ({"a.json": details(role("r", PUT, PermissionsBoundary=LIMIT), Policies=[policy(allow("sqs:*"), arn=LIMIT)]), "t.json": FULL, **NONE}, None, False),
    "a boundary is nothing known": ({"a.json": details(role("r", PUT, PermissionsBoundary={"x": 1})), "t.json": FULL, **NONE}, MAYBE, False),
    "a boundary is cut off": ({"a.json": details(role("r", PUT, **BOUND), Policies=[policy(arn=LIMIT, said=CUT)]), "t.json": FULL, **NONE}, MAYBE, False),
    "a bucket's policy is cut off": ({"a.json": details(role("r", PUT)), "t.json": FULL, **bucket({"Policy": CUT})}, MAYBE, False),
}  # fmt: skip


def read(folder: Path, files: Files) -> Collected:
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(body), "utf-8")
    return run(
        discover([folder]).documents, {"aws_iam": aws_iam.INGESTOR, "aws_org": aws_org.INGESTOR}
    )


def told(found: Collected, kind: str, source: str, target: str) -> Certainty | None:
    sure = [
        x.certainty
        for x in found.facts
        if isinstance(x, Edge) and (x.kind.label, x.source, x.target) == (kind, source, target)
    ]
    return sure[0] if sure else None


@pytest.mark.parametrize("case", CASES)
def test_what_documents_disagree_on_or_cannot_be_read_is_neither_yes_nor_no(
    case: str, tmp_path: Path
) -> None:
    files, expected, gap = CASES[case]
    found = read(tmp_path, files)
    assert told(found, "CAN_WRITE", R, LEDGER) is expected
    assert any(isinstance(x, Gap) and x.at == R for x in found.facts) is gap
    alone = case in {
        "one document",
        "the same twice",
        "attached policies are texts",
        "a boundary is a text",
    }
    problems = [x for x in found.documents if x.problem is not None or x.refused.total]
    assert bool(problems) is not (alone or case == "a boundary is nothing known")


@pytest.mark.parametrize(
    "trust",
    [None, "x", CUT, [], {"Version": "2012-10-17"}],
    ids=["nothing", "a word", "cut off", "a list", "no statement"],
)
def test_a_role_whose_trust_cannot_be_read_may_let_in_whoever_asks(
    trust: object, tmp_path: Path
) -> None:
    people = [
        {**role("t", PUT), "AssumeRolePolicyDocument": trust},
        role("r", allow("sts:AssumeRole")),
    ]
    found = read(
        tmp_path, {"a.json": {**details(*people), "Policies": []}, "t.json": FULL, **NONE}
    )
    assert told(found, "CAN_ASSUME", R, f"{IAM}:role/t") is MAYBE


@pytest.mark.parametrize("first", [True, False])
def test_a_trust_of_which_two_documents_say_different_things_may_let_in(
    first: bool, tmp_path: Path
) -> None:
    open_, shut = details(role("t", trusted=ENTERED), role("r")), details(role("t"), role("r"))
    files: Files = {
        "a.json": open_ if first else shut,
        "b.json": shut if first else open_,
        "t.json": FULL,
    }
    assert told(read(tmp_path, files), "CAN_ASSUME", R, f"{IAM}:role/t") is MAYBE


def test_a_policy_that_cannot_be_read_may_let_in_anybody_of_the_account(tmp_path: Path) -> None:
    for name, said, open_ in (("cut", {"Policy": CUT}, True), ("none", {}, False)):
        found = read(
            tmp_path / name, {"a.json": details(role("r")), "t.json": FULL, **bucket(said)}
        )
        (reason,) = (
            x.reason for x in found.facts if isinstance(x, Gap) and x.at == f"{IAM}:anybody"
        )
        assert ("s3" in reason.split(": ")[1].split(", ")) is open_

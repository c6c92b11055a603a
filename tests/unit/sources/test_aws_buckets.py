"""Whom buckets let in beside their policies, and what blocks that.

What is right was written from the pages that ``nhigraph/policy/aws/buckets.py`` names, before
anything was run.
"""

# ruff: noqa: E501 - a case is a line of its table

import json
from pathlib import Path

import pytest

from nhigraph.facts.facts import Edge, Gap
from nhigraph.ingest.run import Collected
from tests.unit.sources.aws_files import read_files
from tests.unit.sources.test_aws_abroad import EVERYBODY, ROOT, Files, bucket, details, lets, when
from tests.unit.sources.test_aws_inventory import ACCOUNT, allow, role

GLOBAL = f"aws/{ACCOUNT}/global"
LEDGER, OTHER = "arn:aws:s3:::ledger", "canonical-user:0therid"
OPEN = f"public access to {LEDGER} is not blocked"
PUBLIC, VENDOR = lets("*"), lets({"AWS": ROOT})
ALL_USERS = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}
ANY_USER = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"}
LOGS = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}
ACCOUNT_OF = {"Type": "CanonicalUser", "ID": "0therid"}


def block(level: str, *names: str) -> Files:
    at = {
        "bucket": "s3api/get-public-access-block/ledger",
        "account": "s3control/get-public-access-block",
    }
    # Of what has no setting the answer is an error, which the export writes so.
    body = {"PublicAccessBlockConfiguration": dict.fromkeys(names, True)} if names else {}
    return {f"{GLOBAL}/{at[level]}.json": body}


def acl(*given: tuple[object, str], name: str = "ledger", owner: str = "0wnerid") -> Files:
    rows = [({"Type": "CanonicalUser", "ID": owner}, "FULL_CONTROL"), *given]
    return {f"{GLOBAL}/s3api/get-bucket-acl/{name}.json": {
        "Owner": {"ID": owner}, "Grants": [{"Grantee": who, "Permission": what} for who, what in rows]}}  # fmt: skip


NOTHING = {**block("bucket"), **block("account")}
RESTRICTED = block("bucket", "RestrictPublicBuckets")


def told(found: Collected) -> list[str]:
    return [x.reason for one in found.documents for x in (*one.notes.first, *one.refused.first)]


#: Files; who of elsewhere writes the bucket, and whether that asks whether public access is blocked.
CASES: dict[str, tuple[Files, dict[str, bool]]] = {
    "a public policy": (bucket(PUBLIC), {EVERYBODY: True}),
    "a public policy, nothing blocked": ({**bucket(PUBLIC), **NOTHING}, {EVERYBODY: False}),
    "a public policy, not blocked for the bucket": ({**bucket(PUBLIC), **block("bucket")}, {EVERYBODY: True}),
    "a public policy, blocked for the bucket": ({**bucket(PUBLIC), **RESTRICTED}, {}),
    "a public policy, blocked for the account": ({**bucket(PUBLIC), **block("bucket"), **block("account", "RestrictPublicBuckets")}, {}),
    "a public policy, another setting": ({**bucket(PUBLIC), **block("bucket", "BlockPublicPolicy"), **block("account")}, {EVERYBODY: False}),
    # "blocks … cross-account access to the bucket": whoever a public policy names besides, too.
    "a public policy that names an account as well": ({**bucket(PUBLIC, VENDOR), **RESTRICTED}, {}),
    "a public policy that names an account, not known": (bucket(PUBLIC, VENDOR), {EVERYBODY: True, ROOT: True}),
    "a policy that names an account alone": ({**bucket(VENDOR), **RESTRICTED}, {ROOT: False}),
    "everybody through an endpoint is not public": ({**bucket(when(PUBLIC, "StringEquals", "aws:SourceVpce", "vpce-1")), **RESTRICTED}, {EVERYBODY: False}),
    "everybody through any endpoint is public": ({**bucket(when(PUBLIC, "StringLike", "aws:SourceVpce", "*")), **RESTRICTED}, {}),
    "everybody but one endpoint is public": ({**bucket(when(PUBLIC, "StringNotEquals", "aws:SourceVpce", "vpce-1")), **RESTRICTED}, {}),
    "everybody with a tag is public": ({**bucket(when(PUBLIC, "StringEquals", "aws:PrincipalTag/a", "b")), **RESTRICTED}, {}),
    "a list that names its owner": ({**bucket(), **acl()}, {}),
    "a list that lets everybody write": ({**bucket(), **acl((ALL_USERS, "WRITE"))}, {EVERYBODY: True}),
    "a list that lets everybody with an account write": ({**bucket(), **acl((ANY_USER, "FULL_CONTROL")), **NOTHING}, {EVERYBODY: False}),
    "a list that lets everybody read": ({**bucket(), **acl((ALL_USERS, "READ"))}, {}),
    "a list that lets everybody write, ignored": ({**bucket(), **acl((ALL_USERS, "WRITE")), **block("account", "IgnorePublicAcls")}, {}),
    "a list that lets everybody write, new ones blocked": ({**bucket(), **acl((ALL_USERS, "WRITE")), **block("account", "BlockPublicAcls"), **block("bucket")}, {EVERYBODY: False}),
    "a list that lets logs be delivered": ({**bucket(), **acl((LOGS, "WRITE"))}, {}),
    "a list that names an account": ({**bucket(), **acl((ACCOUNT_OF, "WRITE")), **block("account", "IgnorePublicAcls", "RestrictPublicBuckets")}, {OTHER: False}),
    "a list beside a policy": ({**bucket(VENDOR), **acl((ACCOUNT_OF, "WRITE"))}, {OTHER: False, ROOT: False}),
    "a list beside a policy that denies": ({**bucket(lets("*", effect="Deny")), **acl((ACCOUNT_OF, "WRITE"))}, {}),
    "a policy that names a canonical user": (bucket(lets({"CanonicalUser": "0therid"})), {OTHER: False}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_who_of_elsewhere_writes_a_bucket(tmp_path: Path, case: str) -> None:
    files, expected = CASES[case]
    found = read_files(tmp_path, {**details(role("x", allow("sts:AssumeRole"))), **files}).facts
    writes = [
        x
        for x in found
        if isinstance(x, Edge) and x.kind.label == "CAN_WRITE" and x.target == LEDGER
    ]
    own = f"arn:aws:iam::{ACCOUNT}:role/x"
    assert {x.source: OPEN in (x.condition or "") for x in writes if x.source != own} == expected


def test_an_account_that_lists_name_is_known_by_its_own_lists(tmp_path: Path) -> None:
    """``Owner`` of a list says which account a canonical id is."""
    b = "222222222222"
    put = {
        **role("y", allow("s3:PutObject")),
        "Arn": f"arn:aws:iam::{b}:role/y",
        "RoleId": "AROAY",
    }
    theirs: Files = {
        "b.json": {"RoleDetailList": [put]},
        f"aws/{b}/global/s3api/list-buckets.json": {"Buckets": [{"Name": "raw"}]},
        f"aws/{b}/global/s3api/get-bucket-acl/raw.json": {
            "Owner": {"ID": "0therid"},
            "Grants": [],
        },
    }
    files = {**details(role("x")), **bucket(), **acl((ACCOUNT_OF, "WRITE")), **NOTHING}
    found = read_files(tmp_path, {**files, **theirs}).facts
    writes = [
        x
        for x in found
        if isinstance(x, Edge) and x.kind.label == "CAN_WRITE" and x.target == LEDGER
    ]
    assert [x.source for x in writes] == [f"arn:aws:iam::{b}:role/y"]
    assert "canonical" not in (writes[0].condition or "")


def test_a_public_policy_is_one_for_roles_of_other_accounts_as_well(tmp_path: Path) -> None:
    b = "222222222222"
    put = {
        **role("y", allow("s3:PutObject")),
        "Arn": f"arn:aws:iam::{b}:role/y",
        "RoleId": "AROAY",
    }
    files = {**details(role("x")), "b.json": {"RoleDetailList": [put]}, **bucket(PUBLIC)}

    def who(more: Files, at: str) -> set[str]:
        found = read_files(tmp_path / at, {**files, **more}).facts
        return {
            x.source
            for x in found
            if isinstance(x, Edge) and (x.kind.label, x.target) == ("CAN_WRITE", LEDGER)
        }

    own = f"arn:aws:iam::{ACCOUNT}:role/x"
    assert {f"arn:aws:iam::{b}:role/y", own} <= who(NOTHING, "open")
    assert who(RESTRICTED, "restricted") == {own}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("s3api/get-bucket-acl/ledger", {"Grants": []}),
        ("s3api/get-bucket-acl/ledger", {"Owner": {"ID": "0wnerid"}}),
        ("s3api/get-bucket-acl/ledger", {"Owner": {"ID": "0wnerid"}, "Grants": [{"Permission": "WRITE"}]}),
        ("s3api/get-bucket-acl/ledger", {"Owner": {"ID": "0wnerid"}, "Grants": [{"Grantee": ACCOUNT_OF, "Permission": "ALL"}]}),
        ("s3api/get-public-access-block/ledger", {"PublicAccessBlockConfiguration": {"RestrictPublicBuckets": "yes"}}),
        ("s3control/get-public-access-block", {"PublicAccessBlockConfiguration": []}),
    ],
)  # fmt: skip
def test_what_is_not_as_expected_is_said_and_proves_nothing(
    tmp_path: Path, name: str, body: object
) -> None:
    found = read_files(
        tmp_path, {**details(role("x")), **bucket(PUBLIC), f"{GLOBAL}/{name}.json": body}
    )
    assert any(x.startswith("expected ") for x in told(found))
    writes = [x for x in found.facts if isinstance(x, Edge) and x.source == EVERYBODY]
    assert [OPEN in (x.condition or "") for x in writes] == [True]


def test_lists_that_are_in_no_input_are_told_once(tmp_path: Path) -> None:
    buckets: Files = {
        f"{GLOBAL}/s3api/list-buckets.json": {"Buckets": [{"Name": x} for x in ("a", "b", "c")]}
    }
    found = read_files(tmp_path, {**details(role("x")), **buckets, **acl(name="b")})
    which = f"access control lists of buckets of account {ACCOUNT} are in no input (a and 1 more)"
    said = [x for x in told(found) if "access control lists" in x]
    assert said == [f"{which}: whom of other accounts they let in is not known"]
    assert not [x for x in found.facts if isinstance(x, Gap) and "list" in x.reason]


def test_config_says_what_is_blocked(tmp_path: Path) -> None:
    item = {
        "resourceType": "AWS::S3::Bucket", "arn": LEDGER, "accountId": ACCOUNT, "resourceName": "ledger",
        "configuration": {"name": "ledger"},
        "supplementaryConfiguration": {
            "BucketPolicy": {"policyText": json.dumps({"Version": "2012-10-17", "Statement": [PUBLIC]})},
            "PublicAccessBlockConfiguration": json.dumps({"restrictPublicBuckets": True}),
        },
    }  # fmt: skip
    of_account = {
        "resourceType": "AWS::S3::AccountPublicAccessBlock", "arn": "", "accountId": ACCOUNT,
        "configuration": {"restrictPublicBuckets": False},
    }  # fmt: skip
    for at, restricted in (("one", True), ("two", False)):
        beside = item["supplementaryConfiguration"]
        assert isinstance(beside, dict)
        beside["PublicAccessBlockConfiguration"] = json.dumps(
            {"restrictPublicBuckets": restricted}
        )
        files: Files = {"config.json": {"Results": [json.dumps(item), json.dumps(of_account)]}}
        found = read_files(tmp_path / at, {**details(role("x")), **files}).facts
        writes = [x for x in found if isinstance(x, Edge) and x.source == EVERYBODY]
        assert [OPEN in (x.condition or "") for x in writes] == ([] if restricted else [False])

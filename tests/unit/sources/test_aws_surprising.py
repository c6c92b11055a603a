"""Small accounts of valid and surprising constructs: what is right was written from the pages.

Each is read whole, from files, by the real source; the page that decides stands beside it, below
https://docs.aws.amazon.com/IAM/latest/UserGuide/ where nothing else is said.
"""

# ruff: noqa: E501 - a case is a line of its table

import json
from pathlib import Path

import pytest

from nhigraph.facts.facts import Edge
from nhigraph.ingest.coverage import Status
from nhigraph.schema.types import Certainty
from tests.unit.sources.aws_files import read_files
from tests.unit.sources.test_aws_inventory import ACCOUNT, IAM, allow, arn, document, role

OTHER, REGION = "222222222222", "eu-west-1"
LEDGER = "arn:aws:s3:::ledger"
QUEUE, FUNCTION = arn("sqs", "post"), arn("lambda", "function:post")
KEY, SECRET = arn("kms", "key/k1"), arn("secretsmanager", "secret:erp-Ab12Cd")
TOPIC = arn("sns", "t")
PUT = allow("s3:PutObject", f"{LEDGER}/*")
SURE, MAYBE = Certainty.CERTAIN, Certainty.CONDITIONAL
LIMIT = f"{IAM}:policy/limit"
Record = dict[str, object]
Files = dict[str, object]


def user(name: str, *allowed: object, **more: object) -> Record:
    own = {"PolicyName": "own", "PolicyDocument": document(*allowed)}
    return {
        "UserName": name, "UserId": f"AIDA{name.upper()}", "Arn": f"{IAM}:user/{name}", "Tags": [],
        "UserPolicyList": [own] if allowed else [], "AttachedManagedPolicies": [], **more,
    }  # fmt: skip


def when(operator: str, key: str, *values: str) -> Record:
    """The right to write to the ledger under a condition."""
    return {**PUT, "Condition": {operator: {key: [*values]}}}


def bucket(*statements: Record) -> Files:
    """The ledger's bucket and its policy."""
    policy: object = {"Policy": json.dumps(document(*statements))} if statements else {}
    at = f"aws/{ACCOUNT}/global/s3api"
    return {f"{at}/list-buckets.json": {"Buckets": [{"Name": "ledger"}]},
            f"{at}/get-bucket-policy/ledger.json": policy}  # fmt: skip


def details(*people: Record, **more: object) -> Files:
    roles = [one for one in people if "RoleName" in one]
    users = [one for one in people if "UserName" in one]
    return {"details.json": {"RoleDetailList": roles, "UserDetailList": users, **more}}


def tree(*scps: Record) -> dict[str, Record]:
    """An organization of two accounts; policies above the first."""

    def policy(name: str, *statements: object) -> Record:
        return {"Id": f"p-{name}", "Name": name, "Type": "SERVICE_CONTROL_POLICY",
                "Content": json.dumps(document(*statements))}  # fmt: skip

    full = policy("FullAWSAccess", allow("*"))
    above = [full, policy("own", *scps)] if scps else [full]
    children = [{"Id": ACCOUNT, "Name": "books", "Policies": above},
                {"Id": OTHER, "Name": "else", "Policies": [full]}]  # fmt: skip
    return {"tree.json": {
        "Id": "r-ab", "Arn": "arn:aws:organizations::000000000001:root/o-abcdefghij/r-ab",
        "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}],
        "Policies": [full], "Children": children,
    }}  # fmt: skip


BOUND: Record = {"PermissionsBoundary": {"PermissionsBoundaryArn": LIMIT}}
LIMITS = {"Arn": LIMIT, "PolicyName": "limit", "PolicyVersionList": [
    {"IsDefaultVersion": True, "Document": document(allow("sqs:*"))}]}  # fmt: skip
TEAM = allow("s3:PutObject", "arn:aws:s3:::${aws:PrincipalTag/team}/*")
TAGGED: Record = {"Tags": [{"Key": "team", "Value": "ledger"}]}
KEYS = {
    f"aws/{ACCOUNT}/{REGION}/kms/list-keys.json": {"Keys": [{"KeyId": "k1", "KeyArn": KEY}]},
    f"aws/{ACCOUNT}/{REGION}/kms/get-key-policy/k1.json": {"Policy": json.dumps(document(
        {"Effect": "Allow", "Principal": {"AWS": f"{IAM}:role/keyed"}, "Action": "kms:Decrypt", "Resource": "*"}))},
    f"aws/{ACCOUNT}/{REGION}/kms/list-grants/k1.json": {"Grants": []},
    f"aws/{ACCOUNT}/{REGION}/secretsmanager/list-secrets.json": {"SecretList": [
        {"ARN": SECRET, "Name": "erp", "KmsKeyId": KEY}]},
    f"aws/{ACCOUNT}/{REGION}/secretsmanager/get-resource-policy/erp-Ab12Cd.json": {},
}  # fmt: skip
WRITE = "CAN_WRITE"


def entered(beside: str, **tests: object) -> Record:
    """A trust in the account, with another action beside the one that takes a role."""
    return {
        "Effect": "Allow",
        "Principal": {"AWS": f"{IAM}:root"},
        "Action": ["sts:AssumeRole", beside],
        "Condition": tests,
    }


#: Files, then who does what to what, and how surely; of these kinds nothing else.
CASES: dict[str, tuple[Files, dict[tuple[str, str, str], Certainty]]] = {
    # access_policies_boundaries.html: a grant to a role is limited, one to a user or session is not
    "a boundary and what a bucket grants": (
        {**details(role("r", **BOUND), role("s", **BOUND), user("u", **BOUND), Policies=[LIMITS]),
         **bucket({"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"{LEDGER}/*", "Principal": {"AWS": [
             f"{IAM}:role/r", f"{IAM}:user/u", f"arn:aws:sts::{ACCOUNT}:assumed-role/s/nightly"]}})},
        {(WRITE, "user/u", LEDGER): SURE, (WRITE, "role/s", LEDGER): MAYBE},
    ),
    # reference_policies_elements_notprincipal.html
    "everybody is denied but one role": (
        {**details(role("in", PUT), role("out", PUT)),
         **bucket({"Effect": "Deny", "Action": "s3:PutObject", "Resource": f"{LEDGER}/*",
                   "NotPrincipal": {"AWS": [f"{IAM}:role/in", f"{IAM}:root"]}})},
        {(WRITE, "role/in", LEDGER): MAYBE},
    ),
    # confused-deputy.html: a direct caller's request has no aws:SourceArn
    "a queue that takes messages for a topic": (
        {**details(role("r")),
         f"aws/{ACCOUNT}/{REGION}/sqs/list-queues.json": {"QueueUrls": [f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/post"]},
         f"aws/{ACCOUNT}/{REGION}/sqs/get-queue-attributes/post.json": {"Attributes": {"Policy": json.dumps(document(
             {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": QUEUE,
              "Condition": {"ArnEquals": {"aws:SourceArn": arn("sns", "t")}}}))}}},
        {},
    ),
    # id_roles_common-scenarios_third-party.html
    "a role that asks for an external id": (
        {**details(role("a", allow("sts:AssumeRole", f"{IAM}:role/b")),
                   role("b", PUT, trusted={"Effect": "Allow", "Principal": {"AWS": f"{IAM}:role/a"}, "Action": "sts:AssumeRole",
                                           "Condition": {"StringEquals": {"sts:ExternalId": "x"}}})),
         **bucket()},
        {("CAN_ASSUME", "role/a", f"{IAM}:role/b"): MAYBE, (WRITE, "role/b", LEDGER): SURE},
    ),
    # reference_policies_iam-condition-keys.html, sts:RoleSessionName: "require IAM users to use their user name"
    "a session that has to have its user's name": (
        {**details(user("u", allow("sts:AssumeRole")), role("r", allow("sts:AssumeRole")),
                   role("b", PUT, trusted={"Effect": "Allow", "Principal": {"AWS": f"{IAM}:root"}, "Action": "sts:AssumeRole",
                                           "Condition": {"StringLike": {"sts:RoleSessionName": "${aws:username}"}}})),
         **bucket()},
        {("CAN_ASSUME", "user/u", f"{IAM}:role/b"): SURE, (WRITE, "role/b", LEDGER): SURE},
    ),
    # id_session-tags.html, id_credentials_temp_control-access_monitor.html: both sides have to allow it
    "who may tag a session, or say whose it is": (
        {**details(user("bare", allow("sts:AssumeRole")), user("full", allow(["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"])),
                   role("said", trusted=entered("sts:SetSourceIdentity", StringLike={"sts:SourceIdentity": "*"})),
                   role("tagged", trusted=entered("sts:TagSession", StringLike={"aws:RequestTag/cost": "*"})),
                   role("shut", trusted=entered("sts:AssumeRole", StringLike={"sts:SourceIdentity": "*"})),
                   role("untagged", trusted=entered("sts:AssumeRole", Null={"aws:RequestTag/cost": "true"})))},
        {("CAN_ASSUME", "user/full", f"{IAM}:role/{name}"): SURE for name in ("said", "tagged", "untagged")}
        | {("CAN_ASSUME", "user/bare", f"{IAM}:role/untagged"): SURE},
    ),
    # access_tags.html: what a request is tagged with is its caller's choice, and a variable's value is the caller's
    "tags that a request has to have": (
        {**details(user("own", when("StringEquals", "aws:RequestTag/by", "${aws:username}")),
                   user("none", when("StringEquals", "aws:RequestTag/by", "${aws:PrincipalTag/none}")),
                   user("other", when("StringNotEquals", "aws:RequestTag/by", "${aws:username}")),
                   user("star", when("StringLike", "aws:RequestTag/by", "${*}-${aws:username}-?"))),
         **bucket()},
        {(WRITE, f"user/{name}", LEDGER): SURE for name in ("own", "other", "star")},
    ),
    # reference_policies_condition-single-vs-multi-valued-context-keys.html
    "keys that no direct request has": (
        {**details(role("all", when("ForAllValues:StringEquals", "aws:CalledVia", "x.amazonaws.com")),
                   role("any", when("ForAnyValue:StringEquals", "aws:CalledVia", "x.amazonaws.com")),
                   role("if", when("StringEqualsIfExists", "aws:SourceAccount", "9")),
                   role("is", when("StringEquals", "aws:SourceAccount", "9")),
                   role("not", when("StringNotEquals", "aws:SourceAccount", "9")),
                   role("null", when("Null", "aws:SourceArn", "true")),
                   role("via", PUT, {"Effect": "Deny", "Action": "s3:*", "Resource": "*",
                                     "Condition": {"Bool": {"aws:ViaAWSService": "false"}}})),
         **bucket()},
        {(WRITE, f"role/{name}", LEDGER): SURE for name in ("all", "if", "not", "null")},
    ),
    # reference_policies_variables.html; a role's session may be tagged beside its role
    "variables": (
        {**details(role("tagged", TEAM, **TAGGED), role("bare", TEAM), user("tagged", TEAM, **TAGGED), user("bare", TEAM),
                   user("ledger", allow("s3:PutObject", "arn:aws:s3:::${aws:username}/*")),
                   role("ledger", allow("s3:PutObject", "arn:aws:s3:::${aws:username}/*")),
                   user("else", allow("s3:PutObject", "arn:aws:s3:::${aws:PrincipalTag/team, 'ledger'}/*"))),
         **bucket()},
        {(WRITE, "role/tagged", LEDGER): SURE, (WRITE, "role/bare", LEDGER): MAYBE, (WRITE, "user/tagged", LEDGER): SURE,
         (WRITE, "user/ledger", LEDGER): SURE, (WRITE, "user/else", LEDGER): SURE},
    ),
    # https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    "a key whose policy leaves nothing to the account": (
        {**details(role("app", allow("secretsmanager:GetSecretValue"), allow("kms:*")),
                   role("keyed", allow("secretsmanager:GetSecretValue"))), **KEYS},
        {("CAN_READ", "role/app", SECRET): SURE, ("CAN_READ", "role/keyed", SECRET): SURE, ("CAN_READ", "role/keyed", KEY): SURE},
    ),
    # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account
    "a key for the callers of one account": (
        {**details(role("app", allow("kms:Decrypt"))),
         "other.json": json.loads(json.dumps({"RoleDetailList": [role("far", allow("kms:Decrypt"))]}).replace(IAM, f"arn:aws:iam::{OTHER}")),
         **KEYS, f"aws/{ACCOUNT}/{REGION}/kms/get-key-policy/k1.json": {"Policy": json.dumps(document(
             {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*",
              "Condition": {"StringEquals": {"kms:CallerAccount": ACCOUNT}}}))},
         f"aws/{OTHER}/{REGION}/kms/list-keys.json": {"Keys": []}},
        {("CAN_READ", "role/app", KEY): SURE},
    ),
    # https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html#source-account-versus-source-owner
    "a topic with the policy that it has from the start": (
        {**details(role("bare"), role("may", allow("sns:Publish"))),
         f"aws/{ACCOUNT}/{REGION}/sns/list-topics.json": {"Topics": [{"TopicArn": arn("sns", "t")}]},
         f"aws/{ACCOUNT}/{REGION}/sns/get-topic-attributes/t.json": {"Attributes": {"Policy": json.dumps({
             "Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [
                 {"Sid": "__default_statement_ID", "Effect": "Allow", "Principal": {"AWS": "*"}, "Resource": arn("sns", "t"),
                  "Action": ["SNS:AddPermission", "SNS:DeleteTopic", "SNS:Publish", "SNS:SetTopicAttributes", "SNS:Subscribe"],
                  "Condition": {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}}]})}}},
        {(WRITE, "role/may", arn("sns", "t")): SURE},
    ),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html, id_roles_use_revoke-sessions.html
    "what a request may choose": (
        {**details(role("r", PUT), role("revoked", PUT, {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {
             "DateLessThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}}})),
         **bucket({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [LEDGER, f"{LEDGER}/*"],
                   "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}},
                  {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"{LEDGER}/*",
                   "Condition": {"StringNotEquals": {"s3:RequestObjectTag/of": "books"}}})},
        {(WRITE, "role/r", LEDGER): SURE, (WRITE, "role/revoked", LEDGER): SURE},
    ),
    # https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
    "a function that another account may change": (
        {**details(role("run")),
         f"aws/{ACCOUNT}/{REGION}/lambda/list-functions.json": {"Functions": [{"FunctionName": "post", "FunctionArn": FUNCTION, "Role": f"{IAM}:role/run"}]},
         f"aws/{ACCOUNT}/{REGION}/lambda/get-policy/post.json": {"Policy": json.dumps(document(
             {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"}, "Action": "lambda:UpdateFunctionCode", "Resource": FUNCTION}))},
         "other.json": json.loads(json.dumps({"RoleDetailList": [
             role("far", allow("lambda:*")), role("near", {**allow("lambda:*"), "Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}}),
         ]}).replace(IAM, f"arn:aws:iam::{OTHER}"))},
        {(WRITE, f"arn:aws:iam::{OTHER}:role/far", FUNCTION): SURE},
    ),
    # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
    "an organization that denies all but": (
        {**details(role("r", PUT, allow("iam:*"), allow("sqs:*"))), **bucket(),
         **tree({"Effect": "Deny", "NotAction": ["s3:*"], "Resource": "*"})},
        {(WRITE, "role/r", LEDGER): SURE},
    ),
    # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_policies_detach.html : the last cannot be detached
    "an organization of which no policy was told": (
        {**details(role("r", PUT)), **bucket(), "tree.json": {**tree()["tree.json"], "Policies": []}},
        {(WRITE, "role/r", LEDGER): MAYBE},
    ),
    # The tree says of which it is (reference_policies_condition-keys.html#condition-keys-principalorgid).
    "a role for the organization's own": (
        {**details(role("asker", allow("sts:AssumeRole")),
                   role("t", PUT, trusted={"Effect": "Allow", "Principal": {"AWS": f"{IAM}:root"}, "Action": "sts:AssumeRole",
                                           "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}}),
                   role("u", PUT, trusted={"Effect": "Allow", "Principal": {"AWS": f"{IAM}:root"}, "Action": "sts:AssumeRole",
                                           "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-zzzzzzzzzz"}}})),
         **bucket()},
        {("CAN_ASSUME", "role/asker", f"{IAM}:role/t"): SURE, (WRITE, "role/t", LEDGER): SURE, (WRITE, "role/u", LEDGER): SURE},
    ),
    # reference_policies_elements_notresource.html; actions are compared without case
    "all but the ledger": (
        {**details(role("r", {"Effect": "Allow", "Action": "S3:putobject", "NotResource": [LEDGER, f"{LEDGER}/*"]})), **bucket()},
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_it_is_as_the_provider_says(case: str, tmp_path: Path) -> None:
    files, expected = CASES[case]
    found = read_files(tmp_path, {**tree(), **files})
    assert {one.status for one in found.documents} == {Status.READ}
    told = {
        (one.kind.label, one.source.removeprefix(f"{IAM}:"), one.target): one.certainty
        for one in found.facts
        if isinstance(one, Edge) and one.kind.label in {WRITE, "CAN_READ", "CAN_ASSUME"}
        if one.target in {LEDGER, QUEUE, FUNCTION, KEY, SECRET, TOPIC} or ":role/" in one.target
    }
    assert told == expected

"""Secrets that containers are given, access points, and words in policies that are no right."""

import json
from pathlib import Path

import pytest

from nhigraph.facts.facts import Edge, Node
from nhigraph.policy.aws import effects
from nhigraph.schema.types import Certainty
from tests.unit.sources.test_aws_inventory import (
    IAM,
    KEY,
    REGION,
    Answers,
    allow,
    arn,
    collected,
    document,
    edges,
    gaps,
    role,
)

SECRET, PARAMETER = arn("secretsmanager", "secret:erp-Ab12Cd"), arn("ssm", "parameter/erp/token")
TASK, SERVICE = arn("ecs", "task-definition/erp:3"), arn("ecs", "service/main/erp")
EXEC = f"{IAM}:role/exec"
READS = allow(["secretsmanager:GetSecretValue", "ssm:GetParameters"])
SURE, MAYBE = Certainty.CERTAIN, Certainty.CONDITIONAL


def service(*given: str, execution: str = EXEC, key: str = "") -> Answers:
    """A service of ECS, whose containers are given secrets; each secret has no policy."""
    return {
        f"{REGION}/ecs/describe-services/main/erp": {"services": [
            {"serviceArn": SERVICE, "serviceName": "erp", "taskDefinition": TASK}]},
        f"{REGION}/ecs/describe-task-definition/erp:3": {"taskDefinition": {
            "taskDefinitionArn": TASK, "executionRoleArn": execution, "containerDefinitions": [
                {"image": "x", "secrets": [{"name": "A", "valueFrom": x} for x in given]}, {}]}},
        f"{REGION}/secretsmanager/list-secrets": {"SecretList": [
            {"ARN": SECRET, "Name": "erp", **({"KmsKeyId": key} if key else {})}]},
        f"{REGION}/secretsmanager/get-resource-policy/erp-Ab12Cd": {},
        f"{REGION}/ssm/describe-parameters": {"Parameters": [
            {"Name": "/erp/token", "ARN": PARAMETER, "Type": "SecureString"}]},
        f"{REGION}/ssm/get-resource-policies/erp/token": {"Policies": []},
        f"{REGION}/kms/list-keys": {"Keys": [{"KeyId": "k-1", "KeyArn": KEY}]},
        f"{REGION}/kms/list-grants/k-1": {"Grants": []},
        f"{REGION}/kms/get-key-policy/k-1": {"Policy": json.dumps(document(
            {"Effect": "Allow", "Principal": {"AWS": f"{IAM}:root"}, "Action": "kms:*",
             "Resource": "*"}))},
    }  # fmt: skip


#: Answers, rights of the role of task execution, and what the service reads how surely.
CASES: dict[str, tuple[Answers, list[object], dict[str, Certainty]]] = {
    "a secret": (service(SECRET), [READS], {SECRET: SURE}),
    "a key of its JSON": (service(f"{SECRET}:password::"), [READS], {SECRET: SURE}),
    "a version of it": (service(f"{SECRET}:::v-1"), [READS], {SECRET: SURE}),
    "a parameter": (service(PARAMETER), [READS], {PARAMETER: SURE}),
    "a parameter by its name": (service("/erp/token"), [READS], {PARAMETER: SURE}),
    "both": (service(SECRET, "erp/token"), [READS], {SECRET: SURE, PARAMETER: SURE}),
    "nothing": (service(), [READS], {}),
    "the role may not": (service(SECRET), [allow("s3:*")], {}),
    "the role may not use the key": (service(SECRET, key=KEY), [READS], {}),
    "it may use the key": (service(SECRET, key=KEY), [READS, allow("kms:*")], {SECRET: SURE}),
    "a role that is in no input": (
        service(SECRET, execution="arn:aws:iam::222222222222:role/exec"), [], {SECRET: MAYBE}),
    "no role is said": (service(SECRET, execution=""), [], {SECRET: MAYBE}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_containers_have_the_secrets_that_the_role_of_task_execution_reads(
    tmp_path: Path, case: str
) -> None:
    answers, rights, expected = CASES[case]
    found = collected(tmp_path, [role("exec", *rights)], answers)
    told = {
        one.target: one.certainty
        for one in found.facts
        if isinstance(one, Edge) and one.kind.label == "CAN_READ" and one.source == SERVICE
    }
    assert told == expected


POINT = arn("s3", "accesspoint/books/object/*")


@pytest.mark.parametrize(
    ("action", "told"), [("s3:PutObject", True), ("s3:*", True), ("s3:ListBucket", False)]
)
def test_whose_objects_lie_behind_an_access_point_is_in_no_input(
    tmp_path: Path, action: str, told: bool
) -> None:
    found = collected(tmp_path, [role("app", allow(action, POINT))], {})
    reason = f"what lies behind {POINT} is in no input"
    assert (reason in gaps(found, f"{IAM}:role/app")) is told


@pytest.mark.parametrize(
    ("action", "told"),
    [("s3:HeadObject", False), ("dynamodb:TransactWriteItems", False), ("s3:Fly", True),
     ("iotevents:ListInputs", False), ("evidently:GetProject", False), ("newest:Thing", True)],
)  # fmt: skip
def test_a_word_that_is_no_right_is_no_gap(tmp_path: Path, action: str, told: bool) -> None:
    found = collected(tmp_path, [role("app", allow(action))], {})
    mine = [x for x in gaps(found, f"{IAM}:role/app") if action.lower() in x]
    assert bool(mine) is told


def test_no_right_is_called_none() -> None:
    assert [one for one in effects.actions() if effects.is_no_right(one)] == []


def test_who_has_credentials_of_a_warehouse_by_their_own_name_may_read_and_write(
    tmp_path: Path,
) -> None:
    warehouse = arn("redshift", "cluster:dw")
    name = f"arn:aws:redshift:{REGION}:111111111111:dbname:dw/books"
    answers = {f"{REGION}/redshift/describe-clusters": {"Clusters": [{"ClusterIdentifier": "dw"}]}}
    people = [
        role("one", allow("redshift:GetClusterCredentialsWithIAM", name)),
        role("all", allow("redshift:GetClusterCredentialsWithIAM")),
        role("none", allow("redshift:GetClusterCredentialsWithIAM", name.replace(":dw/", ":dv/"))),
    ]
    found = collected(tmp_path, people, answers)
    for kind in ("CAN_READ", "CAN_WRITE"):
        whom = {source for source, target in edges(found, kind) if target == warehouse}
        assert whom == {f"{IAM}:role/one", f"{IAM}:role/all"}
        assert {
            x.certainty for x in found.facts if isinstance(x, Edge) and x.kind.label == kind
        } == {MAYBE}


@pytest.mark.parametrize(
    ("region", "thing", "there"),
    [
        (REGION, SECRET, False),
        ("eu-west-2", SECRET, True),
        (REGION, SECRET.replace(":111111111111:", ":222222222222:"), True),
        (REGION, arn("lambda", "function:gone"), False),
        (REGION, arn("lambda", "function:post"), True),
        (REGION, arn("sqs", "gone"), True),
    ],
    ids=[
        "listed",
        "another region",
        "another account",
        "a function",
        "that is there",
        "a service",
    ],
)
def test_what_a_policy_names_and_a_whole_listing_has_not_is_nothing(
    tmp_path: Path, region: str, thing: str, there: bool
) -> None:
    actions = ["secretsmanager:GetSecretValue", "lambda:UpdateFunctionCode", "sqs:SendMessage"]
    listed = {
        f"{region}/secretsmanager/list-secrets": {"SecretList": []},
        f"{region}/lambda/list-functions": {"Functions": [
            {"FunctionName": "post", "FunctionArn": arn("lambda", "function:post")}]},
        f"{region}/lambda/get-policy/post": {},
    }  # fmt: skip
    found = collected(tmp_path, [role("app", allow(actions, thing))], listed)
    nodes = {one.key for one in found.facts if isinstance(one, Node)}
    assert (thing in nodes) is there

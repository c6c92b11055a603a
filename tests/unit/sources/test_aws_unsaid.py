"""What runs, of which no input says as whom; listings and grants with rows that are none.

An account of which one may not describe everything prints names without the rest, and policies
name programs that no listing shows: whoever decides what these run is not told "no path".
"""

# ruff: noqa: E501 - a case is a line of its table

import json
from pathlib import Path

import pytest

from nhigraph.facts.facts import Gap
from nhigraph.schema.types import State
from tests.unit.sources.test_aws_inventory import (
    ACCOUNT,
    IAM,
    REGION,
    RUNNER,
    Answers,
    allow,
    arn,
    collected,
    document,
    edges,
    gaps,
    role,
)

FUNCTION, JOB = arn("lambda", "function:post"), arn("glue", "job/load")
MACHINE, PROJECT = arn("states", "stateMachine:close"), arn("codebuild", "project/erp")
TASK, SERVICE = arn("ecs", "task-definition/erp:3"), arn("ecs", "service/main/erp")
INSTANCE, STACK = arn("ec2", "instance/i-1"), arn("cloudformation", "stack/erp/1")
UNSAID, TWICE = (
    "as whom it runs is in no input",
    "documents contradict one another in as whom it runs",
)
ALL = ["lambda:*", "glue:*", "states:*", "codebuild:*", "ecs:*", "ec2:*", "cloudformation:*"]


def functions(*rows: object) -> Answers:
    return {f"{REGION}/lambda/list-functions": {"Functions": [*rows]}}


def running(**more: object) -> dict[str, object]:
    return {"FunctionName": "post", "FunctionArn": FUNCTION, **more}


SERVICES: Answers = {f"{REGION}/ecs/describe-services/main/erp": {"services": [
    {"serviceArn": SERVICE, "serviceName": "erp", "taskDefinition": TASK}]}}  # fmt: skip
LISTED_TASK: Answers = {f"{REGION}/ecs/list-task-definitions": {"taskDefinitionArns": [TASK]}}


def task(**more: object) -> Answers:
    return {
        f"{REGION}/ecs/describe-task-definition/erp:3": {
            "taskDefinition": {"taskDefinitionArn": TASK, **more}
        }
    }


#: Answers, what runs, and whether it is told that nobody says as whom.
CASES: dict[str, tuple[Answers, str, bool]] = {
    "a function with its role": (functions(running(Role=RUNNER)), FUNCTION, False),
    "a function without one": (functions(running()), FUNCTION, True),
    "a function whose role is a list": (functions(running(Role=[RUNNER])), FUNCTION, True),
    "a function that a policy names": ({}, FUNCTION, True),
    "a job": ({f"{REGION}/glue/get-jobs": {"Jobs": [{"Name": "load"}]}}, JOB, True),
    "a build that is listed by name": ({f"{REGION}/codebuild/list-projects": {"projects": ["erp"]}}, PROJECT, True),
    "a state machine that is not described": (
        {f"{REGION}/stepfunctions/list-state-machines": {"stateMachines": [{"stateMachineArn": MACHINE, "name": "close"}]}},
        MACHINE, True,
    ),
    "a service that is listed alone": ({f"{REGION}/ecs/list-services/main": {"serviceArns": [SERVICE]}}, SERVICE, True),
    "a service whose task is not described": ({**SERVICES, **LISTED_TASK}, SERVICE, True),
    "a service whose task has no role": ({**SERVICES, **LISTED_TASK, **task()}, SERVICE, False),
    "a service whose task has one": ({**SERVICES, **task(taskRoleArn=RUNNER)}, SERVICE, False),
    "an instance without a profile": (
        {f"{REGION}/ec2/describe-instances": {"Reservations": [{"Instances": [{"InstanceId": "i-1"}]}]}}, INSTANCE, False,
    ),
    "an instance that a policy names": ({}, INSTANCE, True),
    "a stack without a role": (
        {f"{REGION}/cloudformation/describe-stacks": {"Stacks": [{"StackId": STACK, "StackName": "erp"}]}}, STACK, False,
    ),
    "a stack that a policy names": ({}, STACK, True),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_it_is_told_where_nobody_says_as_whom_something_runs(case: str, tmp_path: Path) -> None:
    answers, what, unsaid = CASES[case]
    found = collected(tmp_path, [role("runner"), role("app", allow(ALL, what))], answers)
    told = [x for x in found.facts if isinstance(x, Gap) and x.at == what]
    assert [(x.reason, x.states) for x in told] == ([(UNSAID, (State.CONTROL,))] if unsaid else [])


def test_a_function_that_runs_as_two_roles_in_two_documents_is_told(tmp_path: Path) -> None:
    for name, old, new in (("differ", "runner", "app"), ("agree", "app", "app")):
        folder = tmp_path / name
        path = folder / "old" / "aws" / ACCOUNT / REGION / "lambda" / "list-functions.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"Functions": [running(Role=f"{IAM}:role/{old}")]}), "utf-8")
        found = collected(
            folder, [role("runner"), role("app")], functions(running(Role=f"{IAM}:role/{new}"))
        )
        assert gaps(found, FUNCTION) == ([TWICE] if old != new else [])


@pytest.mark.parametrize(
    ("rows", "whole"),
    [([], True), (["post"], False), ([None], False), ([{"FunctionArn": 7}], False), ([running(Role=RUNNER)], True), ([running(Role=RUNNER), {}], False)],
    ids=["none", "a name", "nothing", "a number", "one", "one and something"],
)  # fmt: skip
def test_a_listing_with_rows_that_are_none_is_not_whole(
    tmp_path: Path, rows: list[object], whole: bool
) -> None:
    found = collected(
        tmp_path,
        [role("runner"), role("app", allow("lambda:UpdateFunctionCode"))],
        functions(*rows),
    )
    unlisted = f"arn:aws:lambda::{ACCOUNT}:unlisted"
    assert ((f"{IAM}:role/app", unlisted) in edges(found, "CAN_WRITE")) is not whole


KEY: Answers = {
    f"{REGION}/kms/list-keys": {"Keys": [{"KeyId": "k-1", "KeyArn": arn("kms", "key/k-1")}]},
    f"{REGION}/kms/get-key-policy/k-1": {"Policy": json.dumps(document())},
}
QUEUE: Answers = {
    f"{REGION}/sqs/list-queues": {
        "QueueUrls": [f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/post"]
    }
}
GRANT = {"GrantId": "g", "GranteePrincipal": RUNNER, "Operations": ["Decrypt"]}


@pytest.mark.parametrize(
    ("answers", "service", "open_"),
    [
        ({**KEY, f"{REGION}/kms/list-grants/k-1": {"Grants": []}}, "kms", False),
        ({**KEY, f"{REGION}/kms/list-grants/k-1": {"Grants": [None]}}, "kms", True),
        ({**KEY, f"{REGION}/kms/list-grants/k-1": {"Grants": [GRANT, {"GrantId": "h"}]}}, "kms", True),
        ({**KEY, f"{REGION}/kms/list-grants/k-1": {"Grants": [{**GRANT, "Operations": "Decrypt"}]}}, "kms", True),
        ({**QUEUE, f"{REGION}/sqs/get-queue-attributes/post": {}}, "sqs", False),
        ({**QUEUE, f"{REGION}/sqs/get-queue-attributes/post": {"Attributes": {}}}, "sqs", False),
        ({**QUEUE, f"{REGION}/sqs/get-queue-attributes/post": {"Attributes": ["Policy"]}}, "sqs", True),
        ({**QUEUE, f"{REGION}/sqs/get-queue-attributes/post": {"Attributes": {"Policy": 5}}}, "sqs", True),
    ],
)  # fmt: skip
def test_a_grant_or_policy_of_another_form_is_as_good_as_none_that_was_read(
    tmp_path: Path, answers: Answers, service: str, open_: bool
) -> None:
    found = collected(tmp_path, [role("runner")], answers)
    (reason,) = gaps(found, f"{IAM}:anybody")
    assert (service in reason.split(": ")[1].split(", ")) is open_


DATABASES: Answers = {
    f"{REGION}/rds/describe-db-instances": {"DBInstances": [
        {"DBInstanceArn": arn("rds", "db:gl"), "DBInstanceIdentifier": "gl", "Engine": "postgres"}]},
    f"{REGION}/rds/describe-db-clusters": {"DBClusters": []},
    f"{REGION}/redshift/describe-clusters": {"Clusters": [{"ClusterIdentifier": "dw"}]},
}  # fmt: skip
BUILD: Answers = {f"{REGION}/codebuild/list-projects": {"projects": ["erp"]},
                  f"{REGION}/codebuild/batch-get-projects/erp": {"projects": [{"name": "erp", "serviceRole": RUNNER}]}}  # fmt: skip
SHARED = {
    "Effect": "Allow",
    "Principal": {"AWS": RUNNER},
    "Action": "codebuild:UpdateProject",
    "Resource": "*",
}


@pytest.mark.parametrize(
    ("answers", "closed", "open_"),
    [
        # security_iam_service-with-iam.html of RDS: "Supports resource-based policies: No"
        (DATABASES, {"rds", "redshift"}, {"codebuild"}),
        (BUILD, set(), {"codebuild"}),
        ({**BUILD, f"{REGION}/codebuild/get-resource-policy/erp": {}}, {"codebuild"}, set()),
        ({**BUILD, f"{REGION}/codebuild/get-resource-policy/erp": {"policy": json.dumps(document(SHARED))}}, {"codebuild"}, set()),
    ],
    ids=["databases", "a build", "a build without a policy", "a build with one"],
)  # fmt: skip
def test_only_what_can_have_a_policy_that_is_in_no_input_may_let_anybody_in(
    tmp_path: Path, answers: Answers, closed: set[str], open_: set[str]
) -> None:
    found = collected(tmp_path, [role("runner")], answers)
    (reason,) = gaps(found, f"{IAM}:anybody")
    services = {*reason.split(": ")[1].split(", ")}
    assert not services & closed
    assert open_ <= services
    shared = "policy" in str(answers.get(f"{REGION}/codebuild/get-resource-policy/erp", ""))
    assert ((RUNNER, PROJECT) in edges(found, "CAN_WRITE")) is shared


@pytest.mark.parametrize("own", [True, False], ids=["a role of its own", "no role of its own"])
def test_a_task_that_config_recorded_runs_as_its_role_and_has_its_secrets(
    tmp_path: Path, own: bool
) -> None:
    secret = arn("secretsmanager", "secret:erp-Ab12Cd")
    said = {"TaskDefinitionArn": TASK, "ExecutionRoleArn": f"{IAM}:role/exec", "Family": "erp",
            "ContainerDefinitions": [{"Name": "a", "Image": "x", "Secrets": [{"Name": "P", "ValueFrom": f"{secret}:password::"}]}],
            **({"TaskRoleArn": RUNNER} if own else {})}  # fmt: skip
    items = [
        {
            "resourceType": f"AWS::ECS::{kind}",
            "arn": what,
            "accountId": ACCOUNT,
            "awsRegion": REGION,
            "configuration": configuration,
        }
        for kind, what, configuration in (
            ("TaskDefinition", TASK, said),
            ("Service", SERVICE, {"TaskDefinition": TASK}),
        )
    ]
    (tmp_path / "config.json").write_text(
        json.dumps({"Results": [json.dumps(x) for x in items]}), "utf-8"
    )
    people = [role("runner"), role("exec", allow("secretsmanager:GetSecretValue"))]
    found = collected(tmp_path, people, {})
    assert (SERVICE, secret) in edges(found, "CAN_READ")
    assert ((SERVICE, RUNNER) in edges(found, "RUNS_AS")) is own
    assert gaps(found, SERVICE) == []

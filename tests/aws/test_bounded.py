"""What boundaries, groups' denies and services that are there make of ways to more rights.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html (read 30 November
2026): whoever has a boundary has no right beyond it, whatever policies they are given, and the
boundary is a policy of the account's that somebody may change.
"""

from pathlib import Path

import pytest

from nhigraph.facts.facts import Edge
from nhigraph.schema.types import Certainty
from tests.unit.sources.test_aws_inventory import (
    ACCOUNT,
    IAM,
    REGION,
    Answers,
    allow,
    arn,
    collected,
    document,
    role,
)

LIMIT, WHOLE = f"{IAM}:policy/limit", f"{IAM}:account"
SURE, MAYBE = Certainty.CERTAIN, Certainty.CONDITIONAL


def bounded(name: str, *allowed: object, by: str = LIMIT) -> dict[str, object]:
    return role(name, *allowed, PermissionsBoundary={"PermissionsBoundaryArn": by})


def limit(*statements: object) -> Answers:
    """A page of the account's policies."""
    said = {"IsDefaultVersion": True, "Document": document(*statements)}
    policy = {"Arn": LIMIT, "PolicyName": "limit", "PolicyVersionList": [said]}
    return {"more": {"Policies": [policy]}}


ALL, OWN = allow("*"), allow("iam:PutRolePolicy", f"{IAM}:role/asker")
OTHER = f"{IAM}:role/other"
ENTERED = {
    "Effect": "Allow",
    "Principal": {"AWS": f"{IAM}:role/asker"},
    "Action": "sts:AssumeRole",
}
DENY = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
#: People, the boundary, and how surely the asker has the account.
CASES: dict[str, tuple[list[dict[str, object]], Answers, Certainty | None]] = {
    "no boundary": ([role("asker", OWN)], {}, SURE),
    "its boundary allows only that": ([bounded("asker", OWN)], limit(allow("iam:*")), MAYBE),
    "its boundary forbids that": ([bounded("asker", OWN)], limit(allow("s3:*")), None),
    "its boundary is none in effect": ([bounded("asker", OWN)], limit(ALL), SURE),
    "its boundary denies something": ([bounded("asker", OWN)], limit(ALL, DENY), MAYBE),
    "a boundary of AWS's that allows all": (
        [bounded("asker", OWN, by="arn:aws:iam::aws:policy/AdministratorAccess")],
        {},
        SURE,
    ),
    "whom it takes has a boundary": (
        [role("asker", allow("iam:PutRolePolicy", OTHER)),
         {**bounded("other"), "AssumeRolePolicyDocument": document(ENTERED)}],
        limit(allow("sqs:*")),
        MAYBE,
    ),
    "it changes the policy that is its boundary": (
        [bounded("asker", ALL)], limit(allow("iam:CreatePolicyVersion")), MAYBE,
    ),
    "its boundary's policy is AWS's": (
        [bounded("asker", ALL, by="arn:aws:iam::aws:policy/IAMFullAccess")],
        {},
        # It is in no input: what it allows is not known.
        MAYBE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_whoever_gives_rights_has_them_within_a_boundary(tmp_path: Path, case: str) -> None:
    people, answers, expected = CASES[case]
    found = collected(tmp_path, people, answers)
    told = {
        one.certainty
        for one in found.facts
        if isinstance(one, Edge) and one.kind.label == "CAN_ADMINISTER"
        if (one.source, one.target) == (f"{IAM}:role/asker", WHOLE)
    }
    assert told == ({expected} if expected else set())


TASKS = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}  # fmt: skip # noqa: E501
DEPLOYS = allow(["ecs:RegisterTaskDefinition", "ecs:UpdateService"])
TASK, SERVICE = arn("ecs", "task-definition/erp:3"), arn("ecs", "service/main/erp")
CLUSTER: Answers = {
    f"{REGION}/ecs/list-clusters": {"clusterArns": [arn("ecs", "cluster/main")]},
    f"{REGION}/ecs/list-task-definitions": {"taskDefinitionArns": [TASK]},
}
RUNS: Answers = {
    **CLUSTER,
    f"{REGION}/ecs/describe-services/main/erp": {
        "services": [{"serviceArn": SERVICE, "serviceName": "erp", "taskDefinition": TASK}]
    },
    f"{REGION}/ecs/describe-task-definition/erp:3": {
        "taskDefinition": {"taskDefinitionArn": TASK, "taskRoleArn": f"{IAM}:role/task"}
    },
}


@pytest.mark.parametrize(
    ("answers", "passed", "conditions"),
    [
        (RUNS, "*", {f"{IAM}:role/task": None, f"{IAM}:role/other": None}),
        (RUNS, f"{IAM}:role/task", {f"{IAM}:role/task": None}),
        (CLUSTER, "*", {}),
        ({}, f"{IAM}:role/other", {f"{IAM}:role/other": f"account {ACCOUNT} has a ecs:service"}),
    ],
    ids=["it runs", "one role is passed", "there is no service", "nothing is listed"],
)
def test_who_deploys_a_service_gives_it_any_role_that_they_may_pass(
    tmp_path: Path, answers: Answers, passed: str, conditions: dict[str, str | None]
) -> None:
    """The rights that `amazon-ecs-deploy-task-definition` asks for.

    https://github.com/aws-actions/amazon-ecs-deploy-task-definition (read 30 November 2026).
    """
    people = [role("ci", DEPLOYS, allow("iam:PassRole", passed))]
    people += [role(name, trusted=TASKS) for name in ("task", "other")]
    found = collected(tmp_path, people, answers)
    told = {
        one.target: one.condition
        for one in found.facts
        if isinstance(one, Edge) and one.kind.label == "CAN_ASSUME"
    }
    assert told == conditions

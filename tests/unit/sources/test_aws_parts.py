"""Rights on what lies in a node, named in a form of its own: streams, consumers, users, runs."""

# ruff: noqa: E501 - a case is a line of its table

import json
from pathlib import Path

import pytest

from nhigraph.facts.facts import Edge
from nhigraph.schema.types import Certainty
from tests.unit.sources.test_aws_inventory import (
    REGION,
    RUNNER,
    Answers,
    allow,
    arn,
    collected,
    document,
    edges,
    role,
)

GROUP, OTHER = arn("logs", "log-group:/erp/close"), arn("logs", "log-group:/erp/close2")
CLUSTER = arn("redshift", "cluster:ledger")
MACHINE = arn("states", "stateMachine:close")
TABLE, STREAM = arn("dynamodb", "table/entries"), arn("kinesis", "stream/entries")
LISTED: Answers = {
    f"{REGION}/logs/describe-log-groups": {
        "logGroups": [
            {"arn": f"{one}:*", "logGroupName": one.rpartition(":")[2]} for one in (GROUP, OTHER)
        ]
    },
    f"{REGION}/redshift/describe-clusters": {
        "Clusters": [{"ClusterIdentifier": "ledger", "ClusterNamespaceArn": "x"}]
    },
    f"{REGION}/stepfunctions/describe-state-machine/close": {
        "stateMachineArn": MACHINE, "name": "close", "roleArn": RUNNER},
    f"{REGION}/dynamodb/list-tables": {"TableNames": ["entries"]},
    f"{REGION}/kinesis/list-streams": {"StreamNames": ["entries"]},
}  # fmt: skip
#: What a policy allows, on what, and what follows.
CASES: list[tuple[str, str, str, set[str]]] = [
    # A request about a group has its ARN with `:log-stream:`; policies end in `:*`.
    ("CAN_READ", "logs:FilterLogEvents", f"{GROUP}:*", {GROUP}),
    ("CAN_READ", "logs:FilterLogEvents", GROUP, set()),
    ("CAN_READ", "logs:FilterLogEvents", arn("logs", "log-group:/erp/*"), {GROUP, OTHER}),
    ("CAN_READ", "logs:GetLogEvents", f"{GROUP}:log-stream:*", {GROUP}),
    ("CAN_READ", "logs:GetLogEvents", f"{GROUP}:log-stream:2026", {GROUP}),
    ("CAN_WRITE", "logs:PutLogEvents", f"{GROUP}:*", {GROUP}),
    ("CAN_DELETE", "logs:DeleteLogStream", f"{GROUP}:*", {GROUP}),
    ("CAN_DELETE", "logs:DeleteLogGroup", f"{GROUP}:log-stream:x", set()),
    ("CAN_ADMINISTER", "redshift:GetClusterCredentials", arn("redshift", "dbuser:ledger/*"), {CLUSTER}),
    ("CAN_ADMINISTER", "redshift:GetClusterCredentials", arn("redshift", "dbuser:*/etl"), {CLUSTER}),
    ("CAN_ADMINISTER", "redshift:GetClusterCredentials", arn("redshift", "db*"), {CLUSTER}),
    ("CAN_ADMINISTER", "redshift:GetClusterCredentials", arn("redshift", "dbuser:other/*"), set()),
    ("CAN_ADMINISTER", "redshift:GetClusterCredentials", CLUSTER, set()),
    ("CAN_STOP", "states:StopExecution", arn("states", "execution:close:*"), {MACHINE}),
    ("CAN_STOP", "states:StopExecution", arn("states", "execution:clos:*"), set()),
    ("CAN_STOP", "states:StopExecution", MACHINE, set()),
    ("CAN_READ", "dynamodb:GetRecords", f"{TABLE}/stream/*", {TABLE}),
    ("CAN_READ", "dynamodb:GetRecords", TABLE, set()),
    ("CAN_READ", "kinesis:SubscribeToShard", f"{STREAM}/consumer/*:*", {STREAM}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "action", "on", "reached"), CASES)
def test_a_right_on_a_part_is_one_on_its_node(
    tmp_path: Path, kind: str, action: str, on: str, reached: set[str]
) -> None:
    found = edges(collected(tmp_path, [role("runner", allow(action, on))], LISTED), kind)
    there = {GROUP, OTHER, CLUSTER, MACHINE, TABLE, STREAM}
    assert {target for source, target in found if source == RUNNER} & there == reached


OBJECTS = [
    ("arn:aws:s3:::ledger/close/2026.csv", True),  # one object, in full
    ("arn:aws:s3:::ledger/close/*", True),
    ("arn:aws:s3:::ledger/${aws:PrincipalTag/team}", True),
    ("arn:aws:s3:::ledger", False),  # the bucket, on which no such action is
]


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize(("on", "some"), OBJECTS)
def test_a_right_on_one_object_is_a_conditional_one_on_its_bucket(
    tmp_path: Path, on: str, listed: bool, some: bool
) -> None:
    answers: Answers = {"global/s3api/list-buckets": {"Buckets": [{"Name": "ledger"}]}}
    found = collected(
        tmp_path, [role("runner", allow("s3:PutObject", on))], answers if listed else {}
    )
    told = [
        one
        for one in found.facts
        if isinstance(one, Edge) and one.kind.label == "CAN_WRITE" and one.source == RUNNER
    ]
    assert {one.target for one in told} == ({"arn:aws:s3:::ledger"} if some else set())
    assert {one.certainty for one in told} <= {Certainty.CONDITIONAL}


POLICIES = ["arn:aws:s3:::ledger/close/*", "arn:aws:s3:::ledger/close/2026.csv"]


@pytest.mark.parametrize("whom", [RUNNER, "*"])
@pytest.mark.parametrize("on", POLICIES)
def test_a_buckets_policy_lets_in_to_some_of_its_objects(
    tmp_path: Path, on: str, whom: str
) -> None:
    statement = {
        "Effect": "Allow", "Principal": {"AWS": whom}, "Action": "s3:PutObject", "Resource": on,
    }  # fmt: skip
    answers: Answers = {
        "global/s3api/list-buckets": {"Buckets": [{"Name": "ledger"}, {"Name": "other"}]},
        "global/s3api/get-bucket-policy/ledger": {"Policy": json.dumps(document(statement))},
    }
    found = collected(tmp_path, [role("runner"), role("elsewhere")], answers)
    told = {one for one in edges(found, "CAN_WRITE") if one[1] == "arn:aws:s3:::ledger"}
    everybody = {RUNNER, RUNNER.replace("runner", "elsewhere"), "arn:aws:iam::*:anybody"}
    assert {source for source, _ in told} == ({RUNNER} if whom == RUNNER else everybody)
    assert not {one for one in edges(found, "CAN_WRITE") if one[1].endswith(":other")}

"""An account of a public project, reviewed by hand: each principal and each of its policies.

The tables were written from the policies and the provider's pages, before anything was run.
"""

# ruff: noqa: E501 - a case is a line of its table

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

from nhigraph.facts.facts import Edge, Gap
from nhigraph.ingest.coverage import Status
from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import Collected, run
from nhigraph.schema.types import Certainty
from nhigraph.sources import aws_iam

PUBLIC = Path(__file__).parents[2] / "data" / "aws_cloudsplaining"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "real" / "aws_cloudsplaining"
IAM = "arn:aws:iam::012345678901"
ALL = {"READ", "WRITE", "DELETE", "ADMINISTER"}

#: What each does to what lies in a service, of which no listing is there.
#:
#: biden has AWSLambdaFullAccess v8 (dynamodb, events, lambda, logs and s3 whole; PutRecord,
#: SendMessage, Publish, Subscribe, Unsubscribe; PassRole), by its group AmazonRDSFullAccess v6 (rds whole, which
#: is not rds-db; logs:GetLogEvents) and two inline policies on objects. It has no right to read a
#: stream or a queue, none on secrets or keys, and the actions on IAM only look.
#:
#: OverprivilegedEC2 has one inline policy (read secrets and objects, make access keys) and
#: InsecurePolicy v9 (write objects and their ACLs).
REACHED: dict[str, dict[str, set[str]]] = {
    "user/biden": {
        "s3": ALL,
        "dynamodb": ALL,
        "kinesis": {"WRITE"},  # PutRecord
        "sqs": {"WRITE"},  # SendMessage
        "sns": {"WRITE", "READ", "DELETE"},  # Publish; Subscribe gets what is sent; Unsubscribe
        "lambda": {"WRITE", "ADMINISTER", "STOP"},  # code, AddPermission, DeleteFunction
        "logs": {"READ", "WRITE", "DELETE"},  # no policy stands on a log group itself
        "rds": {"READ", "WRITE", "DELETE", "STOP", "ADMINISTER"},  # StartExportTask, Backtrack…
    },
    "role/OverprivilegedEC2": {
        "s3": {"READ", "WRITE", "ADMINISTER"},  # PutObjectAcl hands on, DeleteObject is not there
        "secretsmanager": {"READ"},
    },
    # These two start no instance.
    "role/MyRole": {},
    "role/MyOtherRole": {},
}
#: What else becomes of it: who may make an access key of any user is each of them.
BECOMES = {("role/OverprivilegedEC2", f"user/{name}") for name in
           ("biden", "obama", "userwithlotsofpermissions")}  # fmt: skip
#: And by AssociateIamInstanceProfile with PassRole, who may give an instance the one role for such:
#: as it, whoever decides what that instance runs, which is said nowhere.
BECOMES |= {(f"role/{name}", "role/OverprivilegedEC2") for name in ("MyRole", "MyOtherRole")}
#: AdministratorAccess v1: of the first attached and by a group, of the second by the group alone.
ADMINISTRATORS = {"user/obama", "user/userwithlotsofpermissions"}
#: Services of this account that have a kind of node here, and what everything on everything is.
EVERYTHING = {
    "s3": ALL, "dynamodb": ALL, "kinesis": ALL, "sqs": ALL, "sns": ALL, "secretsmanager": ALL,
    "ssm": ALL, "kms": ALL | {"STOP"}, "rds": ALL | {"STOP"}, "redshift": ALL | {"STOP"},
    "firehose": ALL - {"ADMINISTER"},  # a stream of it has no policy of its own
    "lambda": {"WRITE", "ADMINISTER", "STOP"}, "codebuild": {"WRITE", "ADMINISTER", "STOP"},
    "ecs": {"WRITE", "STOP"}, "states": {"WRITE", "STOP"}, "ec2": {"WRITE", "DELETE", "STOP"},
    "glue": {"WRITE", "DELETE", "ADMINISTER", "STOP"}, "ecr": ALL,
    "cloudtrail": {"DELETE"},  # a trail is stopped and turned away; nobody writes into it
    "logs": {"READ", "WRITE", "DELETE"}, "cloudformation": {"WRITE", "DELETE", "STOP"},
}  # fmt: skip


@pytest.fixture(scope="module")
def found() -> Collected:
    """What the source says of it."""
    return run(discover([PUBLIC]).documents, {"aws_iam": aws_iam.INGESTOR})


def edges(found: Collected) -> list[Edge]:
    return [one for one in found.facts if isinstance(one, Edge)]


def reached(found: Collected) -> dict[str, dict[str, set[str]]]:
    told: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in edges(found):
        where = re.fullmatch(r"arn:aws:(\w+)::012345678901:unlisted", one.target)
        if where:
            effect = one.kind.label.removeprefix("CAN_")
            told[one.source.removeprefix(f"{IAM}:")][where[1]].add(effect)
    return told


def test_it_is_read_whole(found: Collected) -> None:
    (document,) = found.documents
    assert document.status is Status.READ
    assert document.refused.total == 0
    assert not any("not known here" in x.reason for x in found.facts if isinstance(x, Gap))


@pytest.mark.parametrize("who", REACHED)
def test_each_reaches_what_its_policies_say(found: Collected, who: str) -> None:
    assert reached(found).get(who, {}) == REACHED[who]


@pytest.mark.parametrize("who", sorted(ADMINISTRATORS))
def test_an_administrator_reaches_everything(found: Collected, who: str) -> None:
    assert reached(found)[who] == EVERYTHING


def test_only_administrators_have_the_account_and_only_keys_make_others(found: Collected) -> None:
    whole = {
        one.source.removeprefix(f"{IAM}:") for one in edges(found)
        if one.kind.label == "CAN_ADMINISTER" and one.target == f"{IAM}:account"
    }  # fmt: skip
    assert whole == ADMINISTRATORS
    # The roles trust services, so nobody takes them; biden may pass any role to a function, and
    # none trusts lambda.amazonaws.com.
    became = {
        (one.source.removeprefix(f"{IAM}:"), one.target.removeprefix(f"{IAM}:"))
        for one in edges(found)
        if one.kind.label == "CAN_ASSUME"
    }
    assert became == BECOMES


def test_nothing_is_certain_without_the_organization_and_the_resources_policies(
    found: Collected,
) -> None:
    rights = [one for one in edges(found) if one.kind.label.startswith("CAN_")]
    assert {one.certainty for one in rights} == {Certainty.CONDITIONAL}
    assert all("no policy of the organization" in (one.condition or "") for one in rights)
    secret = [x for x in rights if x.target.startswith("arn:aws:secretsmanager:")]
    assert all("agree" in (one.condition or "") for one in secret)


def test_the_copy_is_the_shared_one() -> None:
    if not SHARED.is_dir():
        pytest.skip("needs ../shared/data/real/aws_cloudsplaining")
    (name,) = [one.name for one in PUBLIC.glob("*.json")]
    assert json.loads((SHARED / name).read_text("utf-8")) == json.loads(
        (PUBLIC / name).read_text("utf-8")
    )

"""Parameters of Systems Manager that are read by a path above them.

"If a user has access to a path, then the user can access all levels of that path", and "Even if a
user has explicitly been denied access in IAM for parameter /a/b, they can still call the
GetParametersByPath API operation recursively for /a and view /a/b"
(https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html, read
30 November 2026).
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from nhigraph.facts.facts import Edge
from nhigraph.policy.aws import Authority, Request, by_path
from nhigraph.policy.aws.decision import Decision, decide
from nhigraph.policy.aws.gathered import gather
from nhigraph.policy.aws.inventory import Resource
from nhigraph.policy.trusts import Answer
from nhigraph.schema.types import Certainty
from tests.unit.sources.test_aws_inventory import (
    ACCOUNT,
    IAM,
    KEY,
    REGION,
    Answers,
    allow,
    arn,
    collected,
    document,
    role,
)

PASSWORD, TOP = arn("ssm", "parameter/prod/db/password"), arn("ssm", "parameter/token")
BY_PATH, BY_NAME = "ssm:GetParametersByPath", "ssm:GetParameter"
SURE, MAYBE = Certainty.CERTAIN, Certainty.CONDITIONAL


def parameters(key: str = "alias/aws/ssm") -> Answers:
    return {
        f"{REGION}/ssm/describe-parameters": {"Parameters": [
            {"Name": "/prod/db/password", "ARN": PASSWORD, "Type": "SecureString", "KeyId": key},
            {"Name": "token", "ARN": TOP, "Type": "SecureString", "KeyId": "alias/aws/ssm"}]},
        f"{REGION}/ssm/get-resource-policies/prod/db/password": {"Policies": []},
        f"{REGION}/ssm/get-resource-policies/token": {"Policies": []},
    }  # fmt: skip


def at(path: str) -> str:
    return arn("ssm", f"parameter/{path}")


WITHIN = {"StringEquals": {"aws:SourceVpc": "vpc-1"}}
ALL_LEVELS = {"StringEquals": {"ssm:Recursive": "true"}}


def deny(action: str, *paths: str, **tests: object) -> Mapping[str, object]:
    said = {**allow(action, [at(one) for one in paths]), "Effect": "Deny"}
    return {**said, "Condition": tests} if tests else said


#: Statements, and what is read how surely: the password below /prod/db, what lies below no path.
CASES: dict[str, tuple[list[object], dict[str, Certainty]]] = {
    "the path above": ([allow(BY_PATH, at("prod"))], {PASSWORD: SURE}),
    "the path right above": ([allow(BY_PATH, at("prod/db"))], {PASSWORD: SURE}),
    "all below a path, which is asked with a slash": (
        [allow(BY_PATH, at("prod/*")), deny("ssm:*", "prod/db*")], {PASSWORD: SURE}),
    "denied by its name": (
        [allow(BY_PATH, at("prod*")), deny("ssm:Get*", "prod/db/*")], {PASSWORD: SURE}),
    "denied by its name and by every path": (
        [allow(BY_PATH, at("prod*")), deny("ssm:Get*", "prod*")], {}),
    "denied by the root as well": ([allow(BY_PATH, at("*")), deny(BY_PATH, "*")], {}),
    "a path beside": ([allow(BY_PATH, at("test")), allow(BY_PATH, at("pro"))], {}),
    "by name, on the path": ([allow(BY_NAME, at("prod"))], {}),
    "everything": ([allow(BY_PATH, at("*"))], {PASSWORD: SURE, TOP: SURE}),
    "not with all levels": (
        [allow(BY_PATH, at("prod")), deny(BY_PATH, "*", **ALL_LEVELS)],
        {}),
    "not with all levels, right above": (
        [allow(BY_PATH, at("prod/db")), deny(BY_PATH, "*", **ALL_LEVELS)],
        {PASSWORD: SURE}),
    "under a condition": (
        [{**allow(BY_PATH, at("prod")), "Condition": WITHIN}],
        {PASSWORD: MAYBE}),
}  # fmt: skip


def read(folder: Path, statements: list[object], answers: Answers) -> dict[str, Certainty]:
    found = collected(folder, [role("app", *statements)], answers)
    return {
        one.target: one.certainty
        for one in found.facts
        if isinstance(one, Edge) and one.kind.label == "CAN_READ"
        if one.source == f"{IAM}:role/app" and one.target in {PASSWORD, TOP}
    }


@pytest.mark.parametrize("case", CASES)
def test_what_lies_below_a_path_is_read_by_whoever_may_ask_for_it(
    tmp_path: Path, case: str
) -> None:
    statements, expected = CASES[case]
    assert read(tmp_path, statements, parameters()) == expected


def test_what_a_key_encrypts_is_read_by_its_path_by_whoever_may_use_the_key(
    tmp_path: Path,
) -> None:
    keys: Answers = {
        f"{REGION}/kms/list-keys": {"Keys": [{"KeyId": "k-1", "KeyArn": KEY}]},
        f"{REGION}/kms/list-grants/k-1": {"Grants": []},
        f"{REGION}/kms/get-key-policy/k-1": {"Policy": document(
            {"Effect": "Allow", "Principal": {"AWS": f"{IAM}:root"}, "Action": "kms:*",
             "Resource": "*"})},
    }  # fmt: skip
    found = collected(
        tmp_path, [role("app", allow(BY_PATH, at("prod")))], {**parameters(KEY), **keys}
    )
    (edge,) = (x for x in found.facts if isinstance(x, Edge) and x.target == PASSWORD
               if x.kind.label == "CAN_READ")  # fmt: skip
    assert [need.at for need in edge.needs] == [KEY]


def test_parameters_below_one_path_are_decided_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def decided(request: Request, authority: Authority) -> Decision:
        asked.append(request.resource)
        return decide(request, authority)

    monkeypatch.setattr(by_path, "decide", decided)
    resources = [Resource(at(f"prod/db/p{x}"), ACCOUNT, ("a.json", ())) for x in range(500)]
    page = {
        "RoleDetailList": [role("app", allow(BY_PATH, at("prod"))), role("all", allow("ssm:*"))]
    }
    estate = gather([("details.json", [page])]).estate
    estate.resources |= {one.arn: one for one in resources}
    estate.policies |= dict.fromkeys(estate.resources)
    app, everything = (estate.identities[f"{IAM}:role/{name}"] for name in ("app", "all"))
    paths = by_path.ByPath(estate, resources)
    assert len([*paths.of(app, {})]) == len(resources)
    assert asked == [at("prod")]
    # Whoever reads all by their names is asked nothing.
    assert [*paths.of(everything, dict.fromkeys(estate.resources, Answer.YES))] == []
    assert asked == [at("prod")]

"""AWS documents that are wrong, hostile or huge."""

import json
import time
from pathlib import Path

import pytest

from nhigraph.facts.facts import Edge, Gap
from nhigraph.ingest.coverage import Status
from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import Collected, run
from nhigraph.sources import aws_iam, aws_org

ONE, OTHER = "111111111111", "333333333333"


def collected(folder: Path) -> Collected:
    documents = discover([folder]).documents
    return run(documents, {"aws_iam": aws_iam.INGESTOR, "aws_org": aws_org.INGESTOR})


def role(account: str, name: str, *statements: object, trust: object = None) -> dict[str, object]:
    trusted = trust or {"Service": "lambda.amazonaws.com"}
    assume = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
    return {
        "RoleName": name,
        "RoleId": f"AROA{name.upper()}",
        "Arn": f"arn:aws:iam::{account}:role/{name}",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [assume]},
        "RolePolicyList": [
            {
                "PolicyName": "own",
                "PolicyDocument": {"Version": "2012-10-17", "Statement": [*statements]},
            }
        ],
        "AttachedManagedPolicies": [],
        "Tags": [],
    }


def allow(action: object, resource: object = "*") -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def put(folder: Path, name: str, *roles: object, **more: object) -> None:
    (folder / name).write_text(json.dumps({"RoleDetailList": [*roles], **more}), "utf-8")


def edges(found: Collected, *kinds: str) -> set[tuple[str, str, str]]:
    all_edges = (one for one in found.facts if isinstance(one, Edge))
    return {(x.kind.label, x.source, x.target) for x in all_edges if x.kind.label in kinds}


def test_two_accounts_in_one_page_stay_two(tmp_path: Path) -> None:
    taker = role(ONE, "taker", allow("sts:AssumeRole"))
    inside = role(ONE, "inside", trust={"AWS": f"arn:aws:iam::{ONE}:root"})
    open_ = role(OTHER, "open", trust={"AWS": f"arn:aws:iam::{ONE}:root"})
    shut = role(OTHER, "shut", trust={"AWS": f"arn:aws:iam::{OTHER}:root"})
    put(tmp_path, "both.json", taker, inside, open_, shut)
    taken = {
        target.rpartition("/")[2] for _, _, target in edges(collected(tmp_path), "CAN_ASSUME")
    }
    assert taken == {"inside", "open"}


def test_a_page_that_is_cut_off_does_not_stop_the_others(tmp_path: Path) -> None:
    put(tmp_path, "a.json", role(ONE, "good", allow("s3:PutObject", "arn:aws:s3:::b/*")))
    text = json.dumps({"RoleDetailList": [role(ONE, "lost")]})
    (tmp_path / "b.json").write_text(text[:-40], "utf-8")
    found = collected(tmp_path)
    assert {doc.artifact: doc.status for doc in found.documents} == {
        "a.json": Status.READ,
        "b.json": Status.UNREADABLE,
    }
    assert ("CAN_WRITE", f"arn:aws:iam::{ONE}:role/good", "arn:aws:s3:::b") in edges(
        found, "CAN_WRITE"
    )


def test_records_that_are_none_are_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    bad = {**role(ONE, "bad"), "Arn": 7}
    odd = role(ONE, "odd", {"Effect": "Maybe", "Action": "*"}, allow({"x": 1}))
    put(tmp_path, "a.json", bad, 3, odd, role(ONE, "good"))
    found = collected(tmp_path)
    (document,) = found.documents
    reasons = {line.reason for line in document.refused.first}
    assert reasons >= {"expected Arn", "expected a record", "expected Effect, Allow or Deny"}
    told = [one.reason for one in found.facts if isinstance(one, Gap) and one.at.endswith("/odd")]
    assert any("expected Effect" in one for one in told)


def test_wildcards_everywhere_lead_everywhere(tmp_path: Path) -> None:
    first = role(ONE, "first", allow("*"), trust={"AWS": "*"})
    second = role(ONE, "second", allow("*:*", "arn:*:*:*:*:*"), trust="*")
    put(tmp_path, "a.json", first, second)
    found = collected(tmp_path)
    assert ("CAN_ADMINISTER", f"arn:aws:iam::{ONE}:role/first", f"arn:aws:iam::{ONE}:account") in (
        edges(found, "CAN_ADMINISTER")
    )
    anybody = {target for _, source, target in edges(found, "CAN_ASSUME") if "::*:" in source}
    assert anybody == {f"arn:aws:iam::{ONE}:role/{name}" for name in ("first", "second")}


def many(count: int) -> dict[str, object]:
    rows = [
        {
            "Effect": "Allow" if at % 7 else "Deny",
            "Action": ["s3:Get*", "sqs:Send*"] if at % 2 else "*",
            "Resource": f"arn:aws:s3:::b-{at}-*/*",
        }
        for at in range(count)
    ]
    return role(ONE, "big", *rows)


def reads_many(folder: Path, count: int) -> float:
    put(folder, "a.json", many(count))
    start = time.process_time()
    found = collected(folder)
    unlisted = f"arn:aws:s3::{ONE}:unlisted"
    assert ("CAN_READ", f"arn:aws:iam::{ONE}:role/big", unlisted) in edges(found, "CAN_READ")
    return time.process_time() - start


def test_a_policy_of_hundreds_of_statements_is_read(tmp_path: Path) -> None:
    assert reads_many(tmp_path, 400) < 10


@pytest.mark.nightly
def test_a_policy_of_ten_thousand_statements_is_read_in_seconds(tmp_path: Path) -> None:
    assert reads_many(tmp_path, 10_000) < 60


@pytest.mark.parametrize("wrong", [["Allow"], {"Allow": 1}, 1, None, True])
@pytest.mark.parametrize("member", ["Effect", "Action", "Resource", "Condition", "Sid"])
def test_a_member_of_another_type_stops_nothing_else(
    tmp_path: Path, member: str, wrong: object
) -> None:
    bad = {**allow("s3:GetObject"), member: wrong}
    put(tmp_path, "a.json", role(ONE, "bad", bad), role(ONE, "good", allow("sts:AssumeRole")))
    found = collected(tmp_path)
    assert {one.status for one in found.documents} <= {Status.READ, Status.PARTIAL}
    assert any(one[1].endswith("role/good") for one in edges(found, "MEMBER_OF"))

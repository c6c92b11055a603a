"""AWS accounts, read together: pages, policies, listings and the organization's tree.

``aws_iam/first`` is one account: details in two pages, listings and policies of some services;
``aws_org/first`` its organization.
"""

# ruff: noqa: E501 - a case is a line of its table

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from nhigraph.facts.ends import Login, Trust
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.values import literal, secrets
from nhigraph.ingest.coverage import Status
from nhigraph.ingest.discover import discover
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.ingest.run import Collected, run
from nhigraph.schema.types import Certainty, NodeState
from nhigraph.sources import aws_iam, aws_org

HERE = Path(__file__).parent
ACCOUNT, TREE = HERE / "aws_iam" / "first", HERE / "aws_org" / "first"
INGESTORS: dict[str, Ingestor] = {"aws_iam": aws_iam.INGESTOR, "aws_org": aws_org.INGESTOR}
IAM = "arn:aws:iam::111111111111"
SECRET = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:erp-db-Ab12Cd"
FUNCTION = "arn:aws:lambda:eu-west-1:111111111111:function:post"
POSSIBLE = Certainty.CONDITIONAL


def collected(*folders: Path) -> Collected:
    return run(discover(folders).documents, INGESTORS)


@pytest.fixture(scope="module")
def both() -> Collected:
    return collected(ACCOUNT, TREE)


def edges(found: Collected, kind: str, source: str, target: str) -> list[Edge]:
    return [
        one
        for one in found.facts
        if isinstance(one, Edge)
        and (one.kind.label, one.source, one.target) == (kind, source, target)
    ]


def gaps(found: Collected, at: str) -> list[str]:
    return [one.reason for one in found.facts if isinstance(one, Gap) and one.at == at]


EXPECTED = [
    # kind, from, to, whether it is certain
    ("CAN_READ", f"{IAM}:user/batch", "arn:aws:s3:::ledger-exports", True),  # by its group, in a page of its own
    ("CAN_READ", f"{IAM}:role/poster", "arn:aws:s3:::payroll", True),  # the bucket names it, its boundary lets it
    ("CAN_WRITE", f"{IAM}:role/poster", "arn:aws:s3:::ledger-exports", False),  # objects of one year
    ("CAN_READ", f"{IAM}:role/deployer", SECRET, False),  # the secret's own policy is in no input
    ("CAN_WRITE", f"{IAM}:role/deployer", FUNCTION, False),
    ("RUNS_AS", FUNCTION, f"{IAM}:role/poster", True),
    ("CAN_ASSUME", f"{IAM}:role/admin", f"{IAM}:role/infra", True),
    ("CAN_ASSUME", "arn:aws:iam::999999999999:root", f"{IAM}:role/vendor", False),
    ("CAN_ADMINISTER", f"{IAM}:role/admin", "arn:aws:s3:::ledger-exports", True),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "source", "target", "certain"), EXPECTED)
def test_a_right_is_an_edge(
    both: Collected, kind: str, source: str, target: str, certain: bool
) -> None:
    (found,) = edges(both, kind, source, target)
    assert (found.certainty is Certainty.CERTAIN) is certain, found.condition


NOT = [
    ("CAN_DELETE", f"{IAM}:role/admin", SECRET),  # the organization forbids it
    ("CAN_WRITE", f"{IAM}:role/deployer", "arn:aws:s3:::ledger-exports"),
    ("CAN_READ", f"{IAM}:user/batch", "arn:aws:s3:::payroll"),
    ("CAN_ASSUME", f"{IAM}:user/batch", f"{IAM}:role/admin"),  # trusted by its account, allowed by nobody
    ("CAN_ASSUME", f"{IAM}:role/deployer", f"{IAM}:role/infra"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "source", "target"), NOT)
def test_what_nobody_allows_is_no_edge(
    both: Collected, kind: str, source: str, target: str
) -> None:
    assert edges(both, kind, source, target) == []


def test_without_the_organization_its_policies_are_a_condition(both: Collected) -> None:
    alone = collected(ACCOUNT)
    (sure,) = edges(both, "CAN_READ", f"{IAM}:user/batch", "arn:aws:s3:::ledger-exports")
    (open_,) = edges(alone, "CAN_READ", f"{IAM}:user/batch", "arn:aws:s3:::ledger-exports")
    assert sure.certainty is Certainty.CERTAIN
    assert open_.certainty is POSSIBLE
    assert open_.condition == "no policy of the organization of account 111111111111 forbids it"
    # What was certain stays; what the tree forbids was a condition before.
    assert edges(alone, "CAN_DELETE", f"{IAM}:role/admin", SECRET)[0].certainty is POSSIBLE


def test_reading_what_a_key_encrypts_needs_the_key(both: Collected) -> None:
    (found,) = edges(both, "CAN_READ", f"{IAM}:role/deployer", SECRET)
    assert [one.at for one in found.needs] == ["arn:aws:kms:eu-west-1:111111111111:key/k-1"]


def test_a_trust_says_which_tokens_it_lets_in(both: Collected) -> None:
    (found,) = (one for one in both.facts if isinstance(one, Trust))
    assert found.at == f"{IAM}:role/deployer"
    assert found.issuer == "https://token.actions.githubusercontent.com"
    assert {one.claim: one.values for one in found.conditions} == {
        "aud": ("sts.amazonaws.com",),
        "sub": ("repo:ledgerline/erp:environment:production",),
    }
    (node,) = (x for x in both.facts if isinstance(x, Node) and x.key == found.at)
    assert node.props["trust_subject"] == "exact"


def test_what_is_not_known_is_a_gap(both: Collected) -> None:
    assert gaps(both, f"{IAM}:role/vendor") == [
        f"{IAM}:policy/not-exported is one of its policies and in no input"
    ]
    assert gaps(both, f"{IAM}:role/deployer") == [
        "what the action iam:flytothemoon does is not known here"
    ]
    unlisted = "arn:aws:ssm::111111111111:unlisted"
    assert gaps(both, unlisted) == ["what ssm has in account 111111111111 is in no input"]
    assert edges(both, "CAN_WRITE", f"{IAM}:role/deployer", unlisted)
    (reason,) = gaps(both, f"{IAM}:anybody")
    assert "secretsmanager" in reason
    assert "s3" not in reason.split(": ")[1].split(", ")


def test_a_database_is_logged_in_to_by_its_secret_and_by_whoever_may_connect(
    both: Collected,
) -> None:
    told = {
        (one.at, literal(one.user), tuple(secrets(one.password)), literal(one.endpoint.database))
        for one in both.facts
        if isinstance(one, Login)
    }
    base = "arn:aws:rds:eu-west-1:111111111111:db:erp"
    managed = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:rds-db-1"
    assert (base, "master", ((managed, True),), "erp") in told
    assert (f"{IAM}:role/poster", "etl", (), "erp") in told
    assert gaps(both, SECRET) == ["what this secret opens is in no input"]


def test_keys_have_their_age_and_use_and_people_are_told_apart(both: Collected) -> None:
    nodes = [one for one in both.facts if isinstance(one, Node)]
    keys = {one.key: one for one in nodes if one.kind.label == "ApiKey"}
    first, second = (f"{IAM}:user/batch/access-key/{place}" for place in (1, 2))
    assert keys.keys() == {first, second}
    assert keys[first].props == {"rotated": "2024-02-04", "last_used": "2026-11-20"}
    assert (keys[first].state, keys[second].state) == (NodeState.ACTIVE, NodeState.DISABLED)
    assert edges(both, "AUTHENTICATES_AS", first, f"{IAM}:user/batch")
    people = {one.key for one in nodes if one.nhi is False}
    assert people == {f"{IAM}:user/anna", f"{IAM}:root"}
    (root,) = edges(both, "CAN_ADMINISTER", f"{IAM}:root", f"{IAM}:account")
    assert root.certainty is POSSIBLE


def test_a_last_page_that_is_missing_is_told(tmp_path: Path) -> None:
    shutil.copy(ACCOUNT / "details.1.json", tmp_path)
    found = collected(tmp_path)
    (document,) = found.documents
    assert document.status is Status.PARTIAL
    assert document.problem is not None
    assert "last page" in document.problem.reason
    assert any("before their last page" in one for one in gaps(found, f"{IAM}:anybody"))
    assert gaps(found, f"{IAM}:user/batch") == [
        f"{IAM}:policy/ledger-read is one of its policies and in no input"
    ]


def test_a_section_that_was_filtered_out_is_not_empty(tmp_path: Path) -> None:
    body = json.loads((ACCOUNT / "details.1.json").read_text("utf-8"))
    del body["GroupDetailList"], body["IsTruncated"]
    (tmp_path / "users.json").write_text(json.dumps(body), "utf-8")
    reasons = gaps(collected(tmp_path), f"{IAM}:user/batch")
    assert reasons == ["those of the group operators is one of its policies and in no input"]


def test_a_policy_that_is_in_no_input_may_deny_what_another_one_allows(tmp_path: Path) -> None:
    body = json.loads((ACCOUNT / "details.2.json").read_text("utf-8"))
    poster = next(one for one in body["RoleDetailList"] if one["RoleName"] == "poster")
    poster["AttachedManagedPolicies"] = [{"PolicyArn": f"{IAM}:policy/elsewhere"}]
    shutil.copytree(ACCOUNT, tmp_path / "account")
    (tmp_path / "account" / "details.2.json").write_text(json.dumps(body), "utf-8")
    (found,) = edges(
        collected(tmp_path / "account", TREE),
        "CAN_READ",
        f"{IAM}:role/poster",
        "arn:aws:s3:::payroll",
    )
    assert found.condition == f"{IAM}:policy/elsewhere denies none of it"


def described(facts: tuple[Fact, ...]) -> Iterator[str]:
    for one in facts:
        yield repr(one).replace("/merged", "")


def test_pages_in_one_file_say_what_two_files_say(tmp_path: Path) -> None:
    pages = [json.loads((ACCOUNT / f"details.{at}.json").read_text("utf-8")) for at in (1, 2)]
    (tmp_path / "pages.json").write_text(json.dumps(pages), "utf-8")
    found = {
        (one.kind.label, one.source, one.target)
        for one in collected(tmp_path).facts
        if isinstance(one, Edge)
    }
    shutil.copytree(ACCOUNT, tmp_path / "two", ignore=shutil.ignore_patterns("aws", "*.csv"))
    two = {
        (one.kind.label, one.source, one.target)
        for one in collected(tmp_path / "two").facts
        if isinstance(one, Edge)
    }
    assert found == two


def test_no_secret_leaves_the_parser(both: Collected) -> None:
    assert "CANARY" not in "".join(described(both.facts))
    assert "CANARY" not in repr(both.documents)


def test_every_place_resolves_in_its_document(both: Collected) -> None:
    documents = {doc.artifact: doc for doc in discover([ACCOUNT, TREE]).documents}
    for one in both.facts:
        if one.evidence.pointer.startswith("row "):
            continue
        steps = [part for part in one.evidence.pointer.split("/") if part]
        body = documents[one.evidence.artifact].content
        for step in steps:
            body = body[int(step)] if isinstance(body, list) else body[step]

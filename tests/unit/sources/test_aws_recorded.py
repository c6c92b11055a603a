"""What AWS Config recorded says what the account's own answers say.

The account's details are written as Config writes them, after its public schemas: names with a
small first letter, documents percent-encoded, one item for each identity and resource.
"""

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from nhigraph.facts.ends import Login
from nhigraph.facts.facts import Edge, Node
from nhigraph.facts.values import literal
from nhigraph.ingest.coverage import Status
from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import Collected, run
from nhigraph.sources import aws_iam, aws_org

HERE = Path(__file__).parent
ACCOUNT, TREE = HERE / "aws_iam" / "first", HERE / "aws_org" / "first"
NUMBER, REGION = "111111111111", "eu-west-1"
IAM = f"arn:aws:iam::{NUMBER}"
TYPES = {
    "UserDetailList": "User", "GroupDetailList": "Group", "RoleDetailList": "Role",
    "Policies": "Policy",
}  # fmt: skip
DOCUMENTS = {"AssumeRolePolicyDocument", "PolicyDocument", "Document"}


def written(body: object) -> object:
    """A record of authorization details as Config writes it."""
    if isinstance(body, list):
        return [written(one) for one in body]
    if not isinstance(body, dict):
        return body
    return {
        name[:1].lower() + name[1:]: quote(json.dumps(one))
        if name in DOCUMENTS and not isinstance(one, str)
        else written(one)
        for name, one in body.items()
    }


def item(kind: str, arn: str, configuration: object, **more: object) -> dict[str, object]:
    return {
        "version": "1.3", "accountId": NUMBER, "awsRegion": REGION, "arn": arn,
        "resourceType": f"AWS::{kind}", "resourceName": arn.rpartition("/")[2],
        "configuration": configuration, **more,
    }  # fmt: skip


def pages() -> list[dict[str, list[dict[str, object]]]]:
    return [json.loads((ACCOUNT / f"details.{at}.json").read_text("utf-8")) for at in (1, 2)]


def identities() -> list[dict[str, object]]:
    return [
        item(f"IAM::{kind}", str(one["Arn"]), written(one))
        for page in pages()
        for section, kind in TYPES.items()
        for one in page.get(section, [])
    ]


def forms(items: list[dict[str, object]]) -> dict[str, str]:
    texts = [json.dumps(one) for one in items]
    return {
        "answer.json": json.dumps({"QueryInfo": {"SelectFields": []}, "Results": texts}),
        "items.jsonl": "\n".join(texts) + "\n",
        "snapshot.json": json.dumps({"fileVersion": "1.0", "configurationItems": items}),
    }


def collected(*folders: Path) -> Collected:
    ingestors = {"aws_iam": aws_iam.INGESTOR, "aws_org": aws_org.INGESTOR}
    found = run(discover(folders).documents, ingestors)
    assert {one.status for one in found.documents} <= {Status.READ}, found.documents
    assert "CANARY" not in repr(found.facts)
    return found


def edges(found: Collected) -> set[tuple[str, str, str, str]]:
    return {
        (one.kind.label, one.source, one.target, one.condition or "")
        for one in found.facts
        if isinstance(one, Edge)
    }


@pytest.mark.parametrize("name", forms([]))
def test_identities_have_the_rights_that_their_own_details_give_them(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "details").mkdir()
    for at, page in enumerate(pages()):
        (tmp_path / "details" / f"{at}.json").write_text(json.dumps(page), "utf-8")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / name).write_text(forms(identities())[name], "utf-8")
    own = edges(collected(tmp_path / "details", TREE))
    assert len(own) > 20
    assert edges(collected(tmp_path / "config", TREE)) == own


BUCKET = "arn:aws:s3:::payroll"
ALL_OF_IT = [BUCKET, f"{BUCKET}/*"]
NOBODY = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ALL_OF_IT}
FUNCTION = f"arn:aws:lambda:{REGION}:{NUMBER}:function:post"
DATABASE = f"arn:aws:rds:{REGION}:{NUMBER}:db:erp"
SECRET = f"arn:aws:secretsmanager:{REGION}:{NUMBER}:secret:rds-db-1"
WEB = f"arn:aws:ec2:{REGION}:{NUMBER}:instance/i-1"
BUILD = f"arn:aws:codebuild:{REGION}:{NUMBER}:project/erp"


def test_resources_have_their_roles_policies_and_addresses(tmp_path: Path) -> None:
    role = f"{IAM}:role/poster"
    denied = {"policyText": json.dumps({"Version": "2012-10-17", "Statement": [NOBODY]})}
    host = {"address": "db.internal", "port": 5432}
    found_items = [
        *identities(),
        item("S3::Bucket", BUCKET, {"name": "payroll"},
             supplementaryConfiguration={"BucketPolicy": json.dumps(denied)}),
        item("Lambda::Function", FUNCTION, {"functionName": "post", "role": role,
             "environment": {"variables": {"P": "CANARY-LAMBDA"}}}),
        item("CodeBuild::Project", BUILD, {"name": "erp", "serviceRole": role}),
        item("EC2::Instance", WEB, {"instanceId": "i-1",
             "iamInstanceProfile": {"arn": f"{IAM}:instance-profile/web"}}),
        item("RDS::DBInstance", DATABASE, {
            "dBInstanceIdentifier": "erp", "dBInstanceArn": DATABASE, "engine": "postgres",
            "masterUsername": "master", "dBName": "erp", "endpoint": host,
            "masterUserSecret": {"secretArn": SECRET}}),
    ]  # fmt: skip
    (tmp_path / "items.jsonl").write_text(forms(found_items)["items.jsonl"], "utf-8")
    found = collected(tmp_path, TREE)
    told = edges(found)
    assert {("RUNS_AS", FUNCTION, role, ""), ("RUNS_AS", BUILD, role, "")} <= told
    assert not [one for one in told if one[0] == "CAN_READ" and one[2] == BUCKET]
    (login,) = (one for one in found.facts if isinstance(one, Login) and one.at == DATABASE)
    assert literal(login.endpoint.host) == "db.internal"
    assert literal(login.user) == "master"
    # Nothing is a whole listing: what else there is of a service stays in no input.
    assert any(one[2].endswith(":unlisted") for one in told)


@pytest.mark.parametrize("name", forms([]))
def test_every_place_is_an_item_in_its_document(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(forms(identities())[name], "utf-8")
    found = collected(tmp_path)
    (doc,) = discover([tmp_path]).documents
    for one in found.facts:
        body: object = doc.contents if name.endswith(".jsonl") else doc.content
        for step in (part for part in one.evidence.pointer.split("/") if part):
            body = body[int(step)] if isinstance(body, list) else body[step]  # type: ignore[index]
        assert "resourceType" in (body if isinstance(body, str) else json.dumps(body))
    assert any(isinstance(one, Node) for one in found.facts)


def test_an_item_that_names_no_resource_is_told(tmp_path: Path) -> None:
    bad = item("S3::Bucket", "", {"name": "payroll"})
    (tmp_path / "a.json").write_text(json.dumps({"configurationItems": [bad, *identities()]}))
    ingestors = {"aws_iam": aws_iam.INGESTOR, "aws_org": aws_org.INGESTOR}
    (document,) = run(discover([tmp_path]).documents, ingestors).documents
    assert "expected arn" in repr(document)


def test_a_right_to_many_things_alike_is_a_grant(tmp_path: Path) -> None:
    """Eight streams of which nobody shows the policies; each is under the condition of its own."""
    found = collected(HERE / "aws_iam" / "recorded", TREE)
    role = f"{IAM}:role/clicks"
    (holds,) = (x for x in found.facts if isinstance(x, Edge) and x.kind.label == "HOLDS")
    assert (holds.source, holds.condition) == (role, None)
    opened = {
        x.target: x.condition
        for x in found.facts
        if isinstance(x, Edge) and x.source == holds.target
    }
    streams = [
        f"arn:aws:kinesis:{REGION}:{NUMBER}:stream/clicks-{number}" for number in range(1, 9)
    ]
    assert opened == {one: f"the policy of {one} agrees" for one in streams}
    assert not {(one[1], one[2]) for one in edges(found)} & {(role, one) for one in streams}

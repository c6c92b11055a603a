"""Every no names a layer, every possible what is not known, and every edge a place in its file."""

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhigraph.facts.facts import Edge
from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import run
from nhigraph.policy.aws import decide
from nhigraph.policy.aws.authority import Layer
from nhigraph.policy.trusts import Answer
from nhigraph.schema.types import Certainty
from nhigraph.sources import aws_iam
from tests.aws.asked import Maker
from tests.aws.test_alike import ACCOUNT, IAM, NAMES, Record, document, own, statement


@given(st.integers(min_value=0, max_value=10**9))
@settings(max_examples=60, deadline=None)
def test_every_no_names_a_layer_and_every_possible_its_unknown(seed: int) -> None:
    asked = Maker(seed).question()
    found = decide(asked.request(), asked.authority())
    if found.answer is Answer.NO:
        assert any(layer in found.reason for layer in Layer), found.reason
    assert bool(found.condition) is (found.answer is Answer.POSSIBLE)


def written(folder: Path, random: Random) -> None:
    """An account drawn at random: pages, with policies as objects and as texts in texts."""
    folder.mkdir(exist_ok=True)
    roles = []
    for number in range(6):
        name = f"r{number}"
        service = random.choice(("ec2.amazonaws.com", "lambda.amazonaws.com"))
        outside = "arn:aws:iam::999999999999:root"
        somebody = random.choice((f"{IAM}:root", f"{IAM}:role/r1", "*", outside))
        trusted = random.choice(({"Service": service}, {"AWS": somebody}))
        trust: Record = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
        if random.random() < 0.3:
            trust["Condition"] = {"StringEquals": {"sts:ExternalId": "x"}}
        rights = [statement(random) for _ in range(random.randrange(1, 4))]
        if random.random() < 0.5:
            action = random.choice(("sts:AssumeRole", "iam:*", "lambda:*", "iam:CreateAccessKey"))
            rights.append({"Effect": "Allow", "Action": action, "Resource": "*"})
        roles.append({
            "Arn": f"{IAM}:role/{name}", "RoleName": name, "RoleId": f"AROA{name}", "Tags": [],
            "AssumeRolePolicyDocument": document(trust), "AttachedManagedPolicies": [],
            "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": document(*rights)}],
        })  # fmt: skip
    for number, page in enumerate((roles[:3], roles[3:])):
        body = {"RoleDetailList": page, "IsTruncated": number == 0}
        (folder / f"details.{number}.json").write_text(json.dumps(body), "utf-8")
    at = folder / "aws" / ACCOUNT / "global" / "s3api"
    (at / "get-bucket-policy").mkdir(parents=True)
    buckets = {"Buckets": [{"Name": one} for one in NAMES]}
    (at / "list-buckets.json").write_text(json.dumps(buckets), "utf-8")
    for name in random.sample(NAMES, 4):
        text = json.dumps(document(own(random, f"arn:aws:s3:::{name}")))
        place = at / "get-bucket-policy" / f"{name}.json"
        place.write_text(json.dumps({"Policy": text}), "utf-8")


def at(content: object, pointer: str) -> object:
    """What stands at a JSON pointer; fails where nothing does."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(content, list):
            content = content[int(name)]
        else:
            assert isinstance(content, dict), pointer
            content = content[name]
    return content


@pytest.mark.parametrize("seed", range(6))
def test_every_edge_has_places_in_its_files_and_says_what_it_depends_on(
    seed: int, tmp_path: Path
) -> None:
    written(tmp_path / "in", Random(seed))
    found = run(discover([tmp_path / "in"]).documents, {"aws_iam": aws_iam.INGESTOR})
    files = {
        str(one.relative_to(tmp_path / "in")): json.loads(one.read_text("utf-8"))
        for one in (tmp_path / "in").rglob("*.json")
    }
    edges = [one for one in found.facts if isinstance(one, Edge)]
    rights = [one for one in edges if one.kind.label.startswith("CAN_")]
    assert len(rights) > 5
    for one in edges:
        for place in (one.evidence, *one.because):
            assert at(files[place.artifact], place.pointer) is not None
        assert bool(one.condition) is (one.certainty is not Certainty.CERTAIN), one
        # Names that only stand for any other are nobody's.
        assert not {x for x in ("zqx", "nhigraph-any") if x in (one.condition or "")}, (
            one.condition
        )

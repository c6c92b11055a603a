"""The export script for AWS: it only reads, and what it writes is what the sources read.

``aws`` is played by a program that prints an answer for each command of a list, in the form of the
provider's command reference, and refuses everything else.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from nhigraph.ingest.discover import discover
from nhigraph.sources import aws_iam, aws_org

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "queries" / "export" / "aws.sh"
FIXTURE = ROOT / "tests" / "unit" / "sources" / "aws_iam" / "first"
NO_BLOCK = (
    "An error occurred (NoSuchPublicAccessBlockConfiguration) when calling the "
    "GetPublicAccessBlock operation"
)
NO_POLICY = "An error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy operation"

pytestmark = pytest.mark.skipif(
    shutil.which("bash") is None or shutil.which("jq") is None, reason="bash and jq are needed"
)


def test_the_script_only_reads() -> None:
    text = SCRIPT.read_text("utf-8")
    called = re.findall(
        r"^\s*(?:if )?(?:fetch \S+|aws|names) ([a-z0-9]+) ([a-z-]+)", text, re.MULTILINE
    )
    assert len(called) > 45
    verbs = {verb.removeprefix("batch-").partition("-")[0] for _, verb in called}
    assert verbs == {"get", "list", "describe"}
    assert "get-secret-value" not in text
    assert "get-parameter " not in text


POLICY = {
    "Policy": {
        "PolicySummary": {"Id": "p-1", "Name": "own", "Type": "SERVICE_CONTROL_POLICY"},
        "Content": json.dumps({"Version": "2012-10-17", "Statement": []}),
    }
}


def played(folder: Path, answers: dict[str, object]) -> Path:
    """A program ``aws`` that prints these answers by their first two words."""
    (folder / "answers.json").write_text(json.dumps(answers), "utf-8")
    program = folder / "aws"
    program.write_text(
        "#!/usr/bin/env bash\n"
        f"found=$(jq -c --arg at \"$1 $2\" '.[$at] // empty' {folder}/answers.json)\n"
        f'if [ "$1 $2" = "s3api get-bucket-policy" ]; then echo "{NO_POLICY}" >&2; exit 254; fi\n'
        f'if [ "$2" = get-public-access-block ]; then echo "{NO_BLOCK}" >&2; exit 254; fi\n'
        '[ -n "$found" ] || { echo AccessDenied >&2; exit 254; }\n'
        'case " $* " in *" --output text "*) jq -r ".text // empty" <<<"$found";;\n'
        '*) jq ".body // ." <<<"$found";; esac\n',
        "utf-8",
    )
    program.chmod(0o755)
    return program


DELEGATED = {
    "DelegatedServices": [
        {"ServicePrincipal": "sso.amazonaws.com", "DelegationEnabledDate": "2026-01-01"}
    ]
}


@pytest.mark.parametrize("policies", ["told", "refused"])
def test_what_it_writes_is_read(policies: str, tmp_path: Path) -> None:
    details = json.loads((FIXTURE / "details.2.json").read_text("utf-8"))
    root = {
        "Roots": [
            {"Id": "r-ab", "Arn": "arn:aws:organizations::1:root/o-a/r-ab", "PolicyTypes": []}
        ]
    }
    played(
        tmp_path,
        {
            "sts get-caller-identity": {"text": "111111111111"},
            "iam get-account-authorization-details": {"body": details},
            "s3api list-buckets": {"text": "ledger", "body": {"Buckets": [{"Name": "ledger"}]}},
            "s3api get-bucket-acl": {"body": {"Owner": {"ID": "0wnerid"}, "Grants": []}},
            "dynamodb list-tables": {"body": {"TableNames": ["gl"]}},
            "organizations list-roots": {"text": "r-ab", "body": root},
            "organizations list-children": {"text": "None"},
            **({"organizations list-policies-for-target": {"text": "p-1"},
                "organizations describe-policy": {"body": POLICY},
                "organizations list-delegated-administrators": {"text": "222222222222"},
                "organizations list-delegated-services-for-account": {"body": DELEGATED},
                } if policies == "told" else {}),
        },
    )  # fmt: skip
    out = tmp_path / "out"
    done = subprocess.run(
        ["bash", str(SCRIPT), "--out", str(out), "--region", "eu-west-1", "--organization"],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "not permitted: aws lambda list-functions" in done.stderr
    tree = json.loads((out / "organization.json").read_text("utf-8"))
    told = [
        {"Id": "222222222222", "DelegatedServices": [{"ServicePrincipal": "sso.amazonaws.com"}]}
    ]
    assert tree.get("DelegatedAdministrators") == (told if policies == "told" else None)
    # What may not be listed is not a tree without policies.
    assert (tree["Policies"] is None) is (policies == "refused")
    said = "not permitted: aws organizations list-policies-for-target r-ab" in done.stderr
    assert said is (policies == "refused")
    assert [one["Content"]["Version"] for one in tree["Policies"] or ()] == (
        ["2012-10-17"] * 2 if policies == "told" else []
    )
    documents = discover([out]).documents
    read = {doc.artifact for doc in documents if aws_iam.recognises(doc)}
    base = "aws/111111111111"
    assert read == {
        f"{base}/global/iam/get-account-authorization-details.json",
        f"{base}/global/s3api/list-buckets.json",
        f"{base}/global/s3api/get-bucket-policy/ledger.json",
        f"{base}/global/s3api/get-bucket-acl/ledger.json",
        f"{base}/global/s3api/get-public-access-block/ledger.json",
        f"{base}/global/s3control/get-public-access-block.json",
        f"{base}/eu-west-1/dynamodb/list-tables.json",
    }
    assert [doc.artifact for doc in documents if aws_org.recognises(doc)] == ["organization.json"]

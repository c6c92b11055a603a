"""Write the sample's AWS exports anew: moto plays the account, the export script asks it.

    python samples/ledgerline/regenerate/account.py [FOLDER]

in an environment made from requirements/aws.txt; bash and jq must be installed. moto plays AWS on
this machine's loopback address, boto3 makes the company's organization and account there, and
`queries/export/aws.sh` asks it with the real command line, as it would ask AWS. Ids come from a
seed and the clock stands still, so that only a change of the company changes a file. FOLDER takes
the exports' place.
"""

import http.client
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Protocol

import boto3
from freezegun import freeze_time
from moto.server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.WARNING)

SAMPLE = Path(__file__).parents[1]
SCRIPT = SAMPLE.parents[1] / "queries" / "export" / "aws.sh"
REGION = "eu-central-1"
SEED = 20261122
#: When things were made, and when the export was.
FOUNDED, KEYED, AUTOMATED, ASKED = (
    f"{day} 08:00:00" for day in ("2023-05-08", "2024-02-12", "2026-03-02", "2026-11-22")
)
#: Where AWS has the company's queues; moto says its own address.
QUEUES = f"https://sqs.{REGION}.amazonaws.com"
ISSUER = "token.actions.githubusercontent.com"
#: Runs of the environment `billing` may post invoices; the environment is protected by nobody.
SUBJECT = "repo:ledgerline/warehouse:environment:billing"

Keys = dict[str, str]
MANAGEMENT: Keys = {"aws_access_key_id": "moto", "aws_secret_access_key": "moto"}


def policy(*statements: dict[str, Any]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str | list[str], resource: str, **more: object) -> dict[str, Any]:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(principal: dict[str, str], action: str = "sts:AssumeRole", **more: object) -> str:
    """A role's trust policy."""
    return policy({"Effect": "Allow", "Principal": principal, "Action": action, **more})


class Clock(Protocol):
    """A frozen clock."""

    def move_to(self, target_datetime: str) -> None:
        """Set it."""


class Company:
    """Ledgerline's accounts, as their administrators left them."""

    def __init__(self, endpoint: str, clock: Clock) -> None:
        """An organization with one account for the books.

        Args:
            endpoint: Address of moto.
            clock: The frozen clock.
        """
        self.endpoint, self.clock = endpoint, clock
        self.keys = MANAGEMENT
        tree = self.client("organizations")
        tree.create_organization(FeatureSet="ALL")
        root = tree.list_roots()["Roots"][0]["Id"]
        tree.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
        unit = tree.create_organizational_unit(ParentId=root, Name="Workloads")
        unit_id = unit["OrganizationalUnit"]["Id"]
        made = tree.create_account(Email="books@ledgerline.example", AccountName="books")
        self.account = made["CreateAccountStatus"]["AccountId"]
        tree.move_account(AccountId=self.account, SourceParentId=root, DestinationParentId=unit_id)
        guard = tree.create_policy(
            Name="keep-the-trail",
            Description="Nobody stops the trail",
            Type="SERVICE_CONTROL_POLICY",
            Content=policy(
                {
                    "Sid": "KeepTheTrail",
                    "Effect": "Deny",
                    "Action": ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"],
                    "Resource": "*",
                }
            ),
        )
        tree.attach_policy(PolicyId=guard["Policy"]["PolicySummary"]["Id"], TargetId=unit_id)
        taken = self.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{self.account}:role/OrganizationAccountAccessRole",
            RoleSessionName="set-up",
        )["Credentials"]
        self.keys = {
            "aws_access_key_id": taken["AccessKeyId"],
            "aws_secret_access_key": taken["SecretAccessKey"],
            "aws_session_token": taken["SessionToken"],
        }

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
        """A client of a service in the account that is being made."""
        return boto3.client(service, region_name=REGION, endpoint_url=self.endpoint, **self.keys)

    def role(self, name: str, trusted: str, statement: list[dict[str, Any]]) -> str:
        """A role with one policy of its own."""
        iam = self.client("iam")
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusted)
        iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=policy(*statement))
        return made["Role"]["Arn"]

    def make(self) -> None:
        """What there is in the account."""
        iam = self.client("iam")
        # moto makes the role that Organizations makes, and not what Organizations lets it do.
        iam.put_role_policy(
            RoleName="OrganizationAccountAccessRole",
            PolicyName="AdministratorAccess",
            PolicyDocument=policy(allow("*", "*")),
        )
        self.client("s3").create_bucket(
            Bucket="ledgerline-backups",
            CreateBucketConfiguration={"LocationConstraint": REGION},
        )
        queue = self.client("sqs").create_queue(QueueName="invoices-to-send")["QueueUrl"]
        queue_arn = f"arn:aws:sqs:{REGION}:{self.account}:{queue.rpartition('/')[2]}"
        mailer = self.role(
            "invoice-mailer",
            trust({"Service": "lambda.amazonaws.com"}),
            [
                allow(["sqs:ReceiveMessage", "sqs:DeleteMessage"], queue_arn),
                allow("ses:SendEmail", "*"),
            ],
        )
        self.client("lambda").create_function(
            FunctionName="invoice-mailer",
            Runtime="python3.12",
            Role=mailer,
            Handler="mailer.handle",
            Code={"ZipFile": EMPTY_ZIP},
        )
        self.clock.move_to(KEYED)
        iam.create_user(UserName="backup-agent")
        iam.put_user_policy(
            UserName="backup-agent",
            PolicyName="write-backups",
            PolicyDocument=policy(allow("s3:PutObject", "arn:aws:s3:::ledgerline-backups/*")),
        )
        iam.create_access_key(UserName="backup-agent")
        self.clock.move_to(AUTOMATED)
        kms = self.client("kms")
        key = kms.create_key(
            Description="What opens the ERP's database",
            Policy=policy(
                {
                    "Sid": "LeaveItToTheAccount",
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{self.account}:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                }
            ),
        )["KeyMetadata"]["Arn"]
        secret = self.client("secretsmanager").create_secret(
            Name="erp/billing-api", SecretString="CANARY-BILLING-API", KmsKeyId=key
        )["ARN"]
        provider = iam.create_open_id_connect_provider(
            Url=f"https://{ISSUER}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40]
        )["OpenIDConnectProviderArn"]
        self.role(
            "invoice-poster",
            trust(
                {"Federated": provider},
                "sts:AssumeRoleWithWebIdentity",
                Condition={
                    "StringEquals": {
                        f"{ISSUER}:aud": "sts.amazonaws.com",
                        f"{ISSUER}:sub": SUBJECT,
                    }
                },
            ),
            [
                allow("secretsmanager:GetSecretValue", secret),
                allow("kms:Decrypt", key),
            ],
        )
        self.clock.move_to(ASKED)
        iam.generate_credential_report()


#: A zip archive without a file.
EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


def seed(endpoint: str) -> None:
    """Let moto's ids come from the seed."""
    host, _, port = endpoint.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port))
    connection.request("POST", f"/moto-api/seed?a={SEED}")
    connection.getresponse().read()
    connection.close()


def exported(out: Path, endpoint: str, keys: Keys, *more: str) -> None:
    """Run the export script, as the owner of some keys."""
    found = {name.upper(): value for name, value in keys.items()}
    # Said with each command: for queues the command line knows an address of its own, else.
    program = out.parent / f"bin-{out.name}" / "aws"
    program.parent.mkdir()
    real = Path(sys.executable).parent / "aws"
    program.write_text(f'#!/bin/sh\nexec "{real}" --endpoint-url "{endpoint}" "$@"\n', "utf-8")
    program.chmod(0o755)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        **found,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PATH": f"{program.parent}:{os.environ['PATH']}",
    }  # fmt: skip
    subprocess.run(  # noqa: S603 - the project's own script
        ["bash", str(SCRIPT), "--out", str(out), "--region", REGION, *more],  # noqa: S607
        env=environment,
        check=True,
    )


def main(exports: Path) -> None:
    """Make the accounts, ask them, and keep what the script leaves."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        seed(endpoint)
        with tempfile.TemporaryDirectory() as folder, freeze_time(FOUNDED) as clock:
            company = Company(endpoint, clock)
            company.make()
            books, root = Path(folder) / "books", Path(folder) / "root"
            exported(books, endpoint, company.keys)
            exported(root, endpoint, MANAGEMENT, "--organization")
            shutil.rmtree(exports / "aws", ignore_errors=True)
            shutil.copytree(books / "aws", exports / "aws")
            shutil.copy(root / "organization.json", exports / "organization.json")
            for path in (exports / "aws").rglob("*.json"):
                said = path.read_text("utf-8").replace(endpoint, QUEUES)
                path.write_text(said, "utf-8")
    finally:
        server.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE / "exports")

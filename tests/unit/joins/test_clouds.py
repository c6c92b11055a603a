"""Jobs that log in to a cloud: whom they become, and what nobody described."""

from pathlib import Path
from textwrap import indent

import pytest

from nhigraph.app.collect import Collection
from tests.unit.joins.company import Company, edges, gaps
from tests.unit.policy.test_github_actions import ARN, CLIENT, EMAIL

FILE = ".github/workflows/load.yml"
UNDESCRIBED = "no export describes what this identity may do in its cloud"
TRUSTED = "which cloud identities trust the tokens of this repository is in no input"
JOB = "job/load.yml#load [CONTROL]: whom the job becomes in {} is not in the file"
#: Sources that read what describes a cloud's identities, where they are not called by the cloud.
READ_BY = {"aws": "aws_iam"}
NODES = {"aws": ARN, "gcp": f"gcp:serviceaccount/{EMAIL}", "azure": f"entra:application/{CLIENT}"}


def job(step: str, *, permissions: str = "{id-token: write}", more: str = "") -> str:
    """A workflow of one job with one step."""
    head = f"on: push\npermissions: {permissions}\njobs:\n  load:\n    runs-on: ubuntu-latest\n"
    body = indent(step.strip(), "        ").lstrip()
    return f"{head}{indent(more, '    ')}    steps:\n      - {body}\n"


def read(folder: Path, text: str, **exports: str) -> Collection:
    named = {f"{name}.facts.yaml": content for name, content in exports.items()}
    return Company(folder, {FILE: text}, named).read()


def action(name: str, **inputs: str) -> str:
    return (
        f"uses: {name}\nwith: {{{', '.join(f'{key}: {value}' for key, value in inputs.items())}}}"
    )


AWS, GCP, AZURE = "aws-actions/configure-aws-credentials@v4", "google-github-actions/auth@v2", "azure/login@v2"  # fmt: skip  # noqa: E501


@pytest.mark.parametrize(
    ("step", "cloud"),
    [
        (action(AWS, **{"role-to-assume": ARN}), "aws"),
        (action(AWS.upper(), **{"role-to-assume": ARN}), "aws"),
        (f"run: aws sts assume-role --role-arn {ARN} --role-session-name x", "aws"),
        (f"run: aws sts assume-role-with-web-identity --role-arn={ARN}", "aws"),
        (f"run: ./x\nenv: {{AWS_ROLE_ARN: '{ARN}', AWS_WEB_IDENTITY_TOKEN_FILE: /t}}", "aws"),
        (action(GCP, service_account=EMAIL, workload_identity_provider="projects/1/x"), "gcp"),
        (f"run: gcloud storage ls --impersonate-service-account={EMAIL}", "gcp"),
        (f"run: gcloud config set auth/impersonate_service_account {EMAIL}", "gcp"),
        (f"run: bq query --impersonate-service-account {EMAIL} 'select 1'", "gcp"),
        (f"run: gsutil -i {EMAIL} ls", "gcp"),
        (action(AZURE, **{"client-id": CLIENT, "tenant-id": CLIENT}), "azure"),
        (f"run: az login --service-principal -u {CLIENT} --federated-token $T -t x", "azure"),
        (f"run: sudo az login --identity --client-id {CLIENT}", "azure"),
    ],
)
def test_who_is_named_and_described_by_nobody_is_a_gap(
    tmp_path: Path, step: str, cloud: str
) -> None:
    """At the identity itself; the export that would describe it is named."""
    found = read(tmp_path, job(step))
    key = NODES[cloud]
    (line,) = edges(found, "CAN_ASSUME")
    assert line.startswith(f"CAN_ASSUME job/load.yml#load {key} if the trust policy")
    assert gaps(found) == [f"{key} [CONTROL]: {UNDESCRIBED}"]
    assert [
        one.source for one in found.coverage.absent if one.command.startswith(("a", "gc"))
    ] == [READ_BY.get(cloud, cloud)]


@pytest.mark.parametrize(
    ("step", "cloud"),
    [
        (action(AWS, **{"role-to-assume": "'${{ vars.ROLE }}'"}), "aws"),
        (action(AWS, **{"role-to-assume": "'${{ inputs.role }}'"}), "aws"),
        (action(AWS, **{"role-to-assume": "loader"}), "aws"),
        ("run: aws sts assume-role --role-arn $ROLE", "aws"),
        ("run: aws sts assume-role --role-session-name x", "aws"),
        ("run: ./x\nenv: {AWS_ROLE_ARN: '${{ vars.R }}', AWS_WEB_IDENTITY_TOKEN_FILE: /t}", "aws"),
        (action(GCP, service_account="'${{ vars.SA }}'"), "gcp"),
        ("run: gcloud auth activate-service-account --key-file=key.json", "gcp"),
        ("run: gcloud auth login --cred-file=c.json", "gcp"),
        ("run: gcloud auth application-default login", "gcp"),
        (action(AZURE, **{"client-id": "'${{ vars.CLIENT }}'"}), "azure"),
        ("run: az login --identity", "azure"),
        (action("hashicorp/vault-action@v3", method="jwt", role="loader"), "vault"),
        ("run: vault login -method=oidc role=loader", "vault"),
        ("run: vault write auth/jwt/login role=loader jwt=$T", "vault"),
    ],
)
def test_who_is_not_named_in_full_is_a_gap_at_the_job(
    tmp_path: Path, step: str, cloud: str
) -> None:
    found = read(tmp_path, job(step))
    assert gaps(found) == [JOB.format(cloud)]
    assert edges(found, "CAN_ASSUME") == []


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (action(AWS, **{"aws-region": "eu-west-1"}), "the login names nobody"),
        (action(GCP, workload_identity_provider="projects/1/x"), "the login names nobody"),
        (
            action(AWS, **{"aws-secret-access-key": "'${{ vars.B }}'"}),
            "the key that the job logs in to aws with is not in the file",
        ),
    ],
)  # fmt: skip
def test_a_login_as_nobody_that_is_known_is_a_gap(tmp_path: Path, step: str, reason: str) -> None:
    assert gaps(read(tmp_path, job(step))) == [f"job/load.yml#load [CONTROL]: {reason}"]


def test_an_identity_that_an_input_describes_has_no_gap(tmp_path: Path) -> None:
    """And nobody has to ask for the export of its cloud."""
    facts = f"""
        nhigraph: facts/1
        nodes:
          - {{kind: CloudRole, key: "{ARN}"}}
          - {{kind: Dataset, key: "dataset:x:a.b.c"}}
        edges: [{{kind: CAN_READ, from: "{ARN}", to: "dataset:x:a.b.c"}}]
        """
    found = read(tmp_path, job(action(AWS, **{"role-to-assume": ARN})), aws=facts)
    assert gaps(found) == []
    assert not [one for one in found.coverage.absent if one.title.startswith("AWS")]


@pytest.mark.parametrize(
    ("permissions", "more"),
    [
        ("{id-token: write}", ""),
        ("write-all", ""),
        ("{}", "permissions: {id-token: write}\n"),
        ("{contents: read}", "permissions: write-all\n"),
    ],
)
def test_a_token_for_clouds_without_a_name_is_one_gap_of_the_repository(
    tmp_path: Path, permissions: str, more: str
) -> None:
    """However many jobs have it; with the exports of each cloud named once."""
    one = job("run: ./deploy.sh", permissions=permissions, more=more)
    company = Company(tmp_path, {FILE: one, FILE.replace("load", "more"): one})
    found = company.read()
    assert gaps(found) == [f"permission/id-token:write [CONTROL]: {TRUSTED}"]
    held = [line for line in edges(found, "HOLDS") if "id-token" in line]
    assert [line.split()[1] for line in held] == ["job/load.yml#load", "job/more.yml#load"]
    asked = sorted(one.source for one in found.coverage.absent if "trust" in one.settles)
    assert asked == ["aws_iam", "azure", "gcp"]


@pytest.mark.parametrize(
    ("permissions", "more"),
    [
        ("{contents: read}", ""),
        ("{}", ""),
        ("read-all", ""),
        ("{id-token: none}", ""),
        ("write-all", "permissions: {contents: read}\n"),
    ],
)
def test_a_job_without_the_permission_has_no_such_gap(
    tmp_path: Path, permissions: str, more: str
) -> None:
    """The nearest block decides, and the default never has it."""
    found = read(tmp_path, job("run: ./deploy.sh", permissions=permissions, more=more))
    assert gaps(found) == []


def test_a_login_that_the_machine_or_an_earlier_one_makes_possible_is_not_dropped(
    tmp_path: Path,
) -> None:
    """Without an identity token it fails on a machine of GitHub's, and only there."""
    step = action(AWS, **{"role-to-assume": ARN})
    plain = job(step, permissions="{}")
    assert edges(read(tmp_path / "a", plain), "CAN_ASSUME") == []
    own = plain.replace("ubuntu-latest", "self-hosted")
    keys = plain.replace("    steps:", "    env: {AWS_ACCESS_KEY_ID: x}\n    steps:")
    for number, text in enumerate((own, keys)):
        (line,) = edges(read(tmp_path / str(number), text), "CAN_ASSUME")
        assert "credentials from elsewhere" in line


def test_what_an_action_logs_in_as_its_user_does(tmp_path: Path) -> None:
    company = Company(tmp_path, {FILE: job("uses: ./.github/actions/login")})
    company.files[".github/actions/login/action.yml"] = f"""
        runs:
          using: composite
          steps:
            - uses: {AWS}
              with: {{role-to-assume: "{ARN}"}}
            - shell: bash
              run: az login --identity
        """
    found = company.read()
    (line,) = edges(found, "CAN_ASSUME")
    assert line.startswith(f"CAN_ASSUME job/load.yml#load {ARN} if")
    assert f"{ARN} [CONTROL]: {UNDESCRIBED}" in gaps(found)
    reason = "whom the job becomes in azure by an action is not in the files"
    assert f"job/load.yml#load [CONTROL]: {reason}" in gaps(found)


def test_a_called_workflow_logs_in_with_the_callers_token(tmp_path: Path) -> None:
    """Without a block of its own it has what its caller gives."""
    called = job(action(AWS, **{"role-to-assume": ARN})).replace("on: push", "on: workflow_call")
    called = called.replace("permissions: {id-token: write}\n", "")
    caller = "on: push\npermissions: {id-token: write}\njobs:\n  call: {uses: ./FILE}\n"
    caller = caller.replace("FILE", FILE)
    found = Company(tmp_path, {FILE: called, ".github/workflows/go.yml": caller}).read()
    who = [line.split()[1] for line in edges(found, "CAN_ASSUME")]
    assert who == ["job/go.yml#call", f"job/{FILE.rpartition('/')[2]}#load"]
    assert f"{ARN} [CONTROL]: {UNDESCRIBED}" in gaps(found)

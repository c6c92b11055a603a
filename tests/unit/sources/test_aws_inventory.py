"""What runs in an account, as whom and on whose code; grants of keys; providers.

Each estate is one account, its documents as the command line prints them at their addresses.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from nhigraph.facts.ends import Trust
from nhigraph.facts.facts import Edge, Gap, Node
from nhigraph.ingest.coverage import Status
from nhigraph.ingest.run import Collected
from nhigraph.schema.types import Certainty
from tests.unit.sources.aws_files import read_files

ACCOUNT, REGION = "111111111111", "eu-west-1"
IAM = f"arn:aws:iam::{ACCOUNT}"
RUNNER, WRITER = f"{IAM}:role/runner", f"{IAM}:role/writer"
PROFILE = f"{IAM}:instance-profile/web"
ISSUER = "token.actions.githubusercontent.com"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k-1"
Answers = Mapping[str, object]


def arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def document(*statements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": [*statements]}


def role(name: str, *allowed: object, trusted: object = None, **more: object) -> dict[str, object]:
    own = {"PolicyName": "own", "PolicyDocument": document(*allowed)}
    service = {"Service": "ec2.amazonaws.com"}
    trusts = trusted or {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
    return {
        "RoleName": name, "RoleId": f"AROA{name.upper()}", "Arn": f"{IAM}:role/{name}",
        "AssumeRolePolicyDocument": document(trusts), "RolePolicyList": [own] if allowed else [],
        "AttachedManagedPolicies": [], "Tags": [], **more,
    }  # fmt: skip


def allow(action: object, resource: object = "*") -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def collected(folder: Path, roles: list[dict[str, object]], answers: Answers) -> Collected:
    """What an account's documents, which are read whole, say."""
    found = gathered(folder, roles, answers)
    assert {one.status for one in found.documents} <= {Status.READ}, found.documents
    return found


def gathered(folder: Path, roles: list[dict[str, object]], answers: Answers) -> Collected:
    """What an account's documents say; answers by address below the account."""
    member = {"Id": ACCOUNT, "Name": "books", "Policies": []}
    root = "arn:aws:organizations::000000000001:root/o-abcdefghij/r-ab"
    tree = {"Id": "r-ab", "Arn": root, "PolicyTypes": [], "Policies": [], "Children": [member]}
    files: dict[str, object] = {"details.json": {"RoleDetailList": roles}, "tree.json": tree}
    files |= {f"aws/{ACCOUNT}/{at}.json": body for at, body in answers.items()}
    found = read_files(folder, files)
    assert "CANARY" not in repr(found.facts)
    return found


def edges(found: Collected, kind: str) -> set[tuple[str, str]]:
    return {
        (one.source, one.target)
        for one in found.facts
        if isinstance(one, Edge) and one.kind.label == kind
    }


def gaps(found: Collected, at: str) -> list[str]:
    return [one.reason for one in found.facts if isinstance(one, Gap) and one.at == at]


SCRIPTS, IMAGES = "arn:aws:s3:::scripts", arn("ecr", "repository/team/erp")
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/erp:latest"
TASK, SERVICE = arn("ecs", "task-definition/erp:3"), arn("ecs", "service/main/erp")
VARIABLES = {"Variables": {"PASSWORD": "CANARY-VARIABLE"}}
#: Answers, then what runs, as whom, and whose code it runs.
RUNS: list[tuple[str, Answers, str, str, list[str]]] = [
    (
        "instance",
        {f"{REGION}/ec2/describe-instances": {"Reservations": [{"Instances": [
            {"InstanceId": "i-1", "IamInstanceProfile": {"Arn": PROFILE}, "KeyName": "CANARY-KEY"},
        ]}]}},
        arn("ec2", "instance/i-1"), RUNNER, [],
    ),
    (
        "service",
        {
            f"{REGION}/ecs/describe-services/main/erp": {"services": [
                {"serviceArn": SERVICE, "serviceName": "erp", "taskDefinition": TASK}]},
            f"{REGION}/ecs/describe-task-definition/erp:3": {"taskDefinition": {
                "taskDefinitionArn": TASK, "taskRoleArn": RUNNER, "containerDefinitions": [
                    {"image": IMAGE, "environment": [{"name": "P", "value": "CANARY-TASK"}]}]}},
        },
        SERVICE, RUNNER, [TASK],
    ),
    (
        "build",
        {
            f"{REGION}/codebuild/list-projects": {"projects": ["erp"]},
            f"{REGION}/codebuild/batch-get-projects/erp": {"projects": [
                {"arn": arn("codebuild", "project/erp"), "name": "erp", "serviceRole": RUNNER,
                 "environment": {"image": IMAGE, "environmentVariables": [
                     {"name": "P", "value": "CANARY-BUILD"}]}}]},
        },
        arn("codebuild", "project/erp"), RUNNER, [IMAGES],
    ),
    (
        "build of what lies in a bucket and on GitHub",
        {
            f"{REGION}/codebuild/list-projects": {"projects": ["erp"]},
            f"{REGION}/codebuild/batch-get-projects/erp": {"projects": [
                {"arn": arn("codebuild", "project/erp"), "name": "erp", "serviceRole": RUNNER,
                 "source": {"type": "S3", "location": "scripts/erp/source.zip"},
                 "secondarySources": [
                     {"type": "GITHUB", "location": "https://x:CANARY-SOURCE@github.com/Acme/erp.git"},
                     {"type": "GITHUB", "location": "https://github.com/acme/tools"},
                     {"type": "CODECOMMIT", "location": "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/x"},
                     {"type": "BITBUCKET", "location": "https://bitbucket.org/acme/erp.git"},
                     {"type": "NO_SOURCE"}]}]},
        },
        arn("codebuild", "project/erp"), RUNNER,
        [SCRIPTS, "github:acme/erp", "github:acme/tools", arn("codecommit", "x")],
    ),
    (
        "glue job",
        {f"{REGION}/glue/get-jobs": {"Jobs": [
            {"Name": "load", "Role": "runner", "Command": {"ScriptLocation": "s3://scripts/a/b.py"},
             "DefaultArguments": {"--password": "CANARY-ARGUMENT"}}]}},
        arn("glue", "job/load"), RUNNER, [SCRIPTS],
    ),
    (
        "state machine",
        {
            f"{REGION}/stepfunctions/list-state-machines": {"stateMachines": [
                {"stateMachineArn": arn("states", "stateMachine:close"), "name": "close"}]},
            f"{REGION}/stepfunctions/describe-state-machine/close": {
                "stateMachineArn": arn("states", "stateMachine:close"), "name": "close",
                "roleArn": RUNNER, "definition": '{"Comment": "CANARY-DEFINITION"}'},
        },
        arn("states", "stateMachine:close"), RUNNER, [],
    ),
    (
        "function",
        {f"{REGION}/lambda/list-functions": {"Functions": [
            {"FunctionName": "post", "FunctionArn": arn("lambda", "function:post"),
             "Role": RUNNER, "Code": {"ImageUri": IMAGE}, "Environment": VARIABLES}]}},
        arn("lambda", "function:post"), RUNNER, [IMAGES],
    ),
    (
        "stack",
        {f"{REGION}/cloudformation/describe-stacks": {"Stacks": [
            {"StackId": arn("cloudformation", "stack/erp/1"), "StackName": "erp",
             "RoleARN": RUNNER, "Parameters": [{"ParameterValue": "CANARY-PARAMETER"}]}]}},
        arn("cloudformation", "stack/erp/1"), RUNNER, [],
    ),
]  # fmt: skip
(GLUE,) = (row[1] for row in RUNS if row[0] == "glue job")


@pytest.mark.parametrize(
    ("answers", "what", "whom", "code"), [row[1:] for row in RUNS], ids=[row[0] for row in RUNS]
)
def test_what_runs_has_the_rights_of_its_role_and_runs_the_code_that_it_names(
    tmp_path: Path, answers: Answers, what: str, whom: str, code: list[str]
) -> None:
    runner = role("runner", InstanceProfileList=[{"Arn": PROFILE}])
    found = collected(tmp_path, [runner], answers)
    assert edges(found, "RUNS_AS") == {(what, whom)}
    assert {one for one, it in edges(found, "EXECUTES") if it == what} == {*code}


def test_what_is_built_of_something_that_no_input_shows_is_told(tmp_path: Path) -> None:
    (build,) = (row for row in RUNS if row[0].startswith("build of"))
    found = collected(tmp_path, [role("runner")], build[1])
    told = [x.reason for one in found.documents for x in one.notes.first]
    assert told == ["erp builds what lies in BITBUCKET: who writes that is in no input"]


@pytest.mark.parametrize(
    ("right", "pushes"),
    [
        (allow("codecommit:GitPush"), True),
        (allow("codecommit:*", arn("codecommit", "x")), True),
        (allow("codecommit:CreateCommit", arn("codecommit", "*")), True),
        (allow("codecommit:GitPush", arn("codecommit", "y")), False),
        (allow(["codecommit:GitPull", "codecommit:CreatePullRequest", "codecommit:Post*"]), False),
    ],
)
def test_who_pushes_to_a_repository_of_codecommit_decides_what_is_built_of_it(
    tmp_path: Path, right: dict[str, object], pushes: bool
) -> None:
    (build,) = (row for row in RUNS if row[0].startswith("build of"))
    found = collected(tmp_path, [role("runner"), role("writer", right)], build[1])
    repository = arn("codecommit", "x")
    assert ((WRITER, repository) in edges(found, "CAN_WRITE")) is pushes
    (node,) = (x for x in found.facts if isinstance(x, Node) and x.key == repository)
    assert node.kind.label == "Repository"
    assert (repository, arn("codebuild", "project/erp")) in edges(found, "EXECUTES")


def test_who_writes_scripts_or_images_decides_what_runs(tmp_path: Path) -> None:
    writer = role("writer", allow("s3:PutObject", f"{SCRIPTS}/*"), allow("ecr:PutImage", IMAGES))
    answers = {**RUNS[1][1], **GLUE, "global/s3api/get-bucket-policy/scripts": {},
               f"{REGION}/ecr/get-repository-policy/team/erp": {}}  # fmt: skip
    found = collected(tmp_path, [role("runner"), writer], answers)
    assert {(WRITER, SCRIPTS), (WRITER, IMAGES)} <= edges(found, "CAN_WRITE")
    executed = edges(found, "EXECUTES")
    assert {(SCRIPTS, arn("glue", "job/load")), (IMAGES, TASK), (TASK, SERVICE)} <= executed


@pytest.mark.parametrize(
    ("paths", "whom"),
    [
        (["/service-role/"], f"{IAM}:role/service-role/runner"),
        (["/", "/old/"], RUNNER),  # Two pages of different days: the one without a path stands.
        ([], RUNNER),  # Nobody shows it: its ARN without a path, and no node.
    ],
)
def test_a_role_that_is_given_by_name_is_the_one_of_that_name_whatever_its_path(
    tmp_path: Path, paths: list[str], whom: str
) -> None:
    roles = [{**role("runner"), "Arn": f"{IAM}:role{path}runner"} for path in paths]
    found = collected(tmp_path, [*roles, role("runner2")], GLUE)
    assert edges(found, "RUNS_AS") == {(arn("glue", "job/load"), whom)}


def test_a_role_that_is_given_in_full_is_no_other_of_its_name(tmp_path: Path) -> None:
    (function,) = (row for row in RUNS if row[0] == "function")
    moved = {**role("runner"), "Arn": f"{IAM}:role/new/runner"}
    found = collected(tmp_path, [moved], function[1])
    assert edges(found, "RUNS_AS") == {(arn("lambda", "function:post"), RUNNER)}


@pytest.mark.parametrize(
    ("action", "altering"),
    [
        ("s3:DeleteObject", None),
        ("s3:DeleteObjectVersion", Certainty.CONDITIONAL),
        ("s3:DeleteObject*", Certainty.CONDITIONAL),
        ("s3:PutObject", Certainty.CERTAIN),
        ("s3:*Object*", Certainty.CERTAIN),
    ],
)
def test_who_deletes_objects_changes_none_but_may_bring_an_earlier_version_back(
    tmp_path: Path, action: str, altering: Certainty | None
) -> None:
    answers: Answers = {
        "global/s3api/list-buckets": {"Buckets": [{"Name": "scripts"}]},
        "global/s3api/get-bucket-policy/scripts": {},
    }
    writer = role("writer", allow(action, f"{SCRIPTS}/*"))
    found = collected(tmp_path, [role("runner"), writer], answers)
    deletes = (WRITER, SCRIPTS) in edges(found, "CAN_DELETE")
    assert deletes is ("Put" not in action)
    told = [
        one
        for one in found.facts
        if isinstance(one, Edge) and one.kind.label == "CAN_WRITE"
        if (one.source, one.target) == (WRITER, SCRIPTS)
    ]
    assert [one.certainty for one in told] == ([] if altering is None else [altering])
    if altering is Certainty.CONDITIONAL:
        assert told[0].condition == "the bucket keeps versions"


def test_a_listing_of_names_alone_is_no_listing_of_the_rest(tmp_path: Path) -> None:
    """Jobs are not all that Glue has: what a role may do to its databases leads to a gap."""
    writer = role("writer", allow("glue:*"))
    jobs: Answers = {f"{REGION}/glue/get-jobs": {"Jobs": []}}
    whole = {**jobs, f"{REGION}/glue/get-databases": {"DatabaseList": [{"Name": "fin"}]}}
    unlisted = f"arn:aws:glue::{ACCOUNT}:unlisted"
    assert gaps(collected(tmp_path / "jobs", [writer], jobs), unlisted)
    found = collected(tmp_path / "whole", [writer], whole)
    assert not gaps(found, unlisted)
    assert (WRITER, arn("glue", "database/fin")) in edges(found, "CAN_WRITE")


# -- policies of a whole account ----------------------------------------------------------------


def test_one_policy_is_that_of_everything_in_the_catalog(tmp_path: Path) -> None:
    writer = role("writer", allow("glue:DeleteTable", "*"))
    table = arn("glue", "table/fin/gl")
    listed: Answers = {
        f"{REGION}/glue/get-jobs": {"Jobs": []},
        f"{REGION}/glue/get-databases": {"DatabaseList": [{"Name": "fin"}]},
        f"{REGION}/glue/get-tables/fin": {"TableList": [{"Name": "gl", "DatabaseName": "fin"}]},
    }
    denies = {
        "Effect": "Deny", "Principal": "*", "Action": "glue:DeleteTable",
        "Resource": arn("glue", "table/fin/*"),
    }  # fmt: skip
    at = f"{REGION}/glue/get-resource-policy"
    for name, said, there in (
        ("unsaid", {}, True),
        ("none", {at: {}}, True),
        ("deny", {at: {"PolicyInJson": json.dumps(document(denies))}}, False),
    ):
        found = collected(tmp_path / name, [writer], {**listed, **said})
        assert ((WRITER, table) in edges(found, "CAN_DELETE")) is there
        (reason,) = gaps(found, f"{IAM}:anybody")
        assert ("glue" in reason.split(": ")[1].split(", ")) is (name == "unsaid")


# -- grants -------------------------------------------------------------------------------------

DELEGATES = {"Effect": "Allow", "Principal": {"AWS": f"{IAM}:root"}, "Action": "kms:*"}
KEY_POLICY = json.dumps(document({**DELEGATES, "Resource": "*"}))
KEYS: Answers = {
    f"{REGION}/kms/list-keys": {"Keys": [{"KeyId": "k-1", "KeyArn": KEY}]},
    f"{REGION}/kms/get-key-policy/k-1": {"Policy": KEY_POLICY},
}


def granted(**more: object) -> Answers:
    grant = {"GrantId": "g-1", "GranteePrincipal": RUNNER, "Operations": ["Decrypt"], **more}
    return {**KEYS, f"{REGION}/kms/list-grants/k-1": {"Grants": [grant]}}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (granted(), Certainty.CERTAIN),
        (granted(Constraints={"EncryptionContextSubset": {"a": "CANARY"}}), Certainty.CONDITIONAL),
        (granted(Operations=["DescribeKey"]), None),
        (granted(GranteePrincipal=f"{IAM}:role/runner2"), None),
        # .../kms/latest/APIReference/API_CreateGrant.html says whom a grant may name
        (granted(GranteePrincipal=f"{SESSION}/runner/i-1"), Certainty.CONDITIONAL),
        (granted(GranteePrincipal=f"{SESSION}/runner2/i-1"), None),
        (granted(GranteePrincipal="AROARUNNER"), Certainty.CERTAIN),
        (granted(GranteePrincipal=f"{IAM}:root"), None),
        ({**KEYS, f"{REGION}/kms/list-grants/k-1": {"Grants": []}}, None),
    ],
    ids=[
        *("granted", "with a context", "another operation", "somebody else", "a session"),
        *("another's session", "by its id", "its account, and nothing of its own", "no grant"),
    ],
)
def test_a_grant_lets_somebody_use_a_key_whom_no_policy_lets(
    tmp_path: Path, answers: Answers, expected: Certainty | None
) -> None:
    found = collected(tmp_path, [role("runner")], answers)
    told = [
        one.certainty
        for one in found.facts
        if isinstance(one, Edge) and one.kind.label == "CAN_READ"
        if (one.source, one.target) == (RUNNER, KEY)
    ]
    assert told == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("kms/get-key-policy/k-1", {}),
        ("kms/get-key-policy/k-1", {"PolicyName": "default"}),
        ("kms/get-key-policy/k-1", {"Policy": ""}),
        ("kms/get-key-policy/k-1", {"Policy": None}),
        ("sns/get-topic-attributes/closed", {}),
        ("sns/get-topic-attributes/closed", {"Attributes": {"Owner": ACCOUNT}}),
    ],
)
def test_a_policy_that_is_always_there_is_lacking_where_an_answer_has_none(
    tmp_path: Path, at: str, said: dict[str, object]
) -> None:
    """It lets nobody in less than one that is in no input does."""
    topics = {"Topics": [{"TopicArn": arn("sns", "closed")}]}
    answers = {**granted(), f"{REGION}/sns/list-topics": topics}
    answers[f"{REGION}/sns/get-topic-attributes/closed"] = {
        "Attributes": {"Policy": json.dumps(document())}
    }
    people = [role("runner"), role("reader", allow("kms:Decrypt", "sns:Publish"))]
    whole = gaps(collected(tmp_path / "whole", people, answers), f"{IAM}:anybody")
    lacking = {name: one for name, one in answers.items() if name != f"{REGION}/{at}"}
    absent = gaps(collected(tmp_path / "absent", people, lacking), f"{IAM}:anybody")
    said_so = {**answers, f"{REGION}/{at}": said}
    empty = gathered(tmp_path / "empty", people, said_so)
    assert gaps(empty, f"{IAM}:anybody") == absent != whole
    (told,) = (one for one in empty.documents if at in one.artifact)
    assert told.quarantined or told.status is not Status.READ


def test_a_grant_to_an_account_lets_in_whom_the_account_lets(tmp_path: Path) -> None:
    people = [role("runner"), role("reader", allow("kms:Decrypt"))]
    nobody = json.dumps(document({**DELEGATES, "Action": "kms:DescribeKey", "Resource": "*"}))
    answers = granted(GranteePrincipal=f"{IAM}:root")
    found = collected(
        tmp_path, people, {**answers, f"{REGION}/kms/get-key-policy/k-1": {"Policy": nobody}}
    )
    (edge,) = (x for x in found.facts if isinstance(x, Edge) and x.kind.label == "CAN_READ")
    assert (edge.source, edge.target) == (f"{IAM}:role/reader", KEY)
    assert edge.certainty is Certainty.CONDITIONAL


def test_a_key_whose_grants_are_in_no_input_may_let_anybody_in(tmp_path: Path) -> None:
    for name, answers, open_ in (("with", granted(), False), ("without", KEYS, True)):
        (reason,) = gaps(collected(tmp_path / name, [role("runner")], answers), f"{IAM}:anybody")
        assert ("kms" in reason.split(": ")[1].split(", ")) is open_


# -- providers ----------------------------------------------------------------------------------

SAML = f"{IAM}:saml-provider/idp"


def federated(provider: str, action: str, **tests: object) -> dict[str, object]:
    return {
        "Effect": "Allow", "Principal": {"Federated": provider}, "Action": f"sts:{action}",
        "Condition": tests,
    }  # fmt: skip


def test_whom_a_provider_of_saml_vouches_for_has_the_role_on_its_word(tmp_path: Path) -> None:
    asked = federated(
        SAML, "AssumeRoleWithSAML", StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"}
    )
    found = collected(tmp_path, [role("runner", trusted=asked)], {})
    (edge,) = (x for x in found.facts if isinstance(x, Edge) and x.source == SAML)
    assert (edge.kind.label, edge.target) == ("CAN_ASSUME", RUNNER)
    assert edge.condition == (
        "idp says that somebody may have this role and "
        "SAML:aud StringEquals https://signin.aws.amazon.com/saml"
    )
    (node,) = (x for x in found.facts if isinstance(x, Node) and x.key == SAML)
    assert node.name == "whoever idp vouches for"


OIDC = f"{IAM}:oidc-provider/{ISSUER}"
WEB = federated(
    OIDC, "AssumeRoleWithWebIdentity", StringEquals={f"{ISSUER}:sub": "repo:a/b:environment:c"}
)


@pytest.mark.parametrize(
    ("trusted", "member", "listed"),
    [
        (federated(SAML, "AssumeRoleWithSAML"), "list-saml-providers", "SAMLProviderList"),
        (WEB, "list-open-id-connect-providers", "OpenIDConnectProviderList"),
    ],
)
def test_by_a_provider_that_is_gone_nobody_comes_in(
    tmp_path: Path, trusted: dict[str, object], member: str, listed: str
) -> None:
    (provider,) = trusted["Principal"].values()  # type: ignore[attr-defined]
    at, other = f"global/iam/{member}", f"{IAM}:x-provider/other"
    cases: list[tuple[str, Answers, bool]] = [
        ("unsaid", {}, True),
        ("there", {at: {listed: [{"Arn": provider}]}}, True),
        ("gone", {at: {listed: [{"Arn": other}]}}, False),
    ]
    for name, answers, there in cases:
        found = collected(tmp_path / name, [role("runner", trusted=trusted)], answers)
        trusts = [x for x in found.facts if isinstance(x, Trust)]
        assert bool(trusts or edges(found, "CAN_ASSUME")) is there
        notes = [one for one in found.documents if "is not among" in repr(one.notes)]
        assert bool(notes) is not there


def test_an_account_without_queues_has_none(tmp_path: Path) -> None:
    """The command line prints nothing of it, and the export script ``{}``."""
    sender = role("sender", allow("sqs:SendMessage"))
    unlisted = f"arn:aws:sqs::{ACCOUNT}:unlisted"
    assert gaps(collected(tmp_path / "1", [sender], {}), unlisted)
    answers: list[Answers] = [{}, {"QueueUrls": []}]
    for answer in answers:
        found = collected(tmp_path / repr(answer), [sender], {f"{REGION}/sqs/list-queues": answer})
        assert not gaps(found, unlisted)


SECRET, PARAMETER = arn("secretsmanager", "secret:pg-AbCdEf"), arn("ssm", "parameter/pg")
ENCRYPTED: Answers = {
    f"{REGION}/secretsmanager/list-secrets": {
        "SecretList": [{"ARN": SECRET, "Name": "pg", "KmsKeyId": KEY}]
    },
    f"{REGION}/secretsmanager/get-resource-policy/pg-AbCdEf": {},
    f"{REGION}/ssm/describe-parameters": {
        "Parameters": [{"Name": "/pg", "ARN": PARAMETER, "Type": "SecureString", "KeyId": KEY}]
    },
    f"{REGION}/ssm/get-resource-policies/pg": {"Policies": []},
    f"{REGION}/kms/list-keys": {"Keys": [{"KeyId": "k-1", "KeyArn": KEY}]},
    f"{REGION}/kms/get-key-policy/k-1": {
        "Policy": document(
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"{IAM}:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        )
    },
    f"{REGION}/kms/list-grants/k-1": {"Grants": []},
}


@pytest.mark.parametrize(
    ("via", "reached"),
    [
        (f"secretsmanager.{REGION}.amazonaws.com", {SECRET}),
        (f"ssm.{REGION}.amazonaws.com", {PARAMETER}),
        (f"s*.{REGION}.amazonaws.com", {SECRET, PARAMETER}),
        (f"rds.{REGION}.amazonaws.com", set()),
        ("secretsmanager.eu-north-1.amazonaws.com", set()),
        (None, {SECRET, PARAMETER}),
    ],
)
def test_a_key_that_is_used_by_way_of_one_service_opens_nothing_of_another(
    tmp_path: Path, via: str | None, reached: set[str]
) -> None:
    """Secrets Manager and Systems Manager go to the key in the caller's name, and say who asks."""
    limited = {"Condition": {"StringLike": {"kms:ViaService": via}}} if via else {}
    reads = allow(["secretsmanager:GetSecretValue", "ssm:GetParameter"])
    decrypts = {**allow("kms:Decrypt", KEY), **limited}
    found = collected(tmp_path, [role("app", reads, decrypts)], ENCRYPTED)
    told = {to for source, to in edges(found, "CAN_READ") if source == f"{IAM}:role/app"}
    assert told & {SECRET, PARAMETER} == reached

    writes = allow(["secretsmanager:PutSecretValue", "ssm:PutParameter"])
    encrypts = {**allow(["kms:Encrypt", "kms:GenerateDataKey*"], KEY), **limited}
    found = collected(tmp_path / "2", [role("app", writes, encrypts)], ENCRYPTED)
    told = {to for source, to in edges(found, "CAN_WRITE") if source == f"{IAM}:role/app"}
    # A parameter is written under whichever key the request names.
    assert told & {SECRET, PARAMETER} == reached | {PARAMETER}


LOGS = arn("logs", "log-group:books")


def encrypted_with(said: object) -> Answers:
    """The same secret, under a key that the listing calls so."""
    secret = {"Name": "pg", "ARN": SECRET, "KmsKeyId": said}
    return {**ENCRYPTED, f"{REGION}/secretsmanager/list-secrets": {"SecretList": [secret]}}


@pytest.mark.parametrize(
    ("said", "with_key", "without"),
    [
        # The key that AWS makes for a service serves whoever may use the service.
        ("alias/aws/secretsmanager", Certainty.CERTAIN, Certainty.CERTAIN),
        (arn("kms", "alias/aws/secretsmanager"), Certainty.CERTAIN, Certainty.CERTAIN),
        ("k-1", Certainty.CERTAIN, None),
        (KEY, Certainty.CERTAIN, None),
        # Which key an alias stands for no listing says.
        ("alias/books", Certainty.CONDITIONAL, Certainty.CONDITIONAL),
        (arn("kms", "alias/books"), Certainty.CONDITIONAL, Certainty.CONDITIONAL),
        ("arn:aws:what", None, None),
    ],
)
def test_a_key_is_what_the_listing_calls_it(
    tmp_path: Path, said: str, with_key: Certainty | None, without: Certainty | None
) -> None:
    puts = allow(["secretsmanager:PutSecretValue", "secretsmanager:GetSecretValue"])
    uses = allow(["kms:Encrypt", "kms:GenerateDataKey*", "kms:Decrypt"], KEY)
    roles = [role("keyed", puts, uses), role("bare", puts)]
    found = collected(tmp_path, roles, encrypted_with(said))
    writes = {
        one.source.rpartition("/")[2]: one.certainty
        for one in found.facts
        if isinstance(one, Edge) and one.kind.label == "CAN_WRITE" and one.target == SECRET
    }
    assert (writes.get("keyed"), writes.get("bare")) == (with_key, without)
    reads = {
        (one.source.rpartition("/")[2], one.certainty, bool(one.needs))
        for one in found.facts
        if isinstance(one, Edge) and one.kind.label == "CAN_READ" and one.target == SECRET
    }
    # Reading asks for the key where it is used: nobody who holds it not gets through.
    assert {who for who, _, _ in reads} == {"keyed", "bare"}
    assert all(needs is (without is None) for _, _, needs in reads)


@pytest.mark.parametrize(
    ("action", "keyed", "bare"),
    [
        ("secretsmanager:PutSecretValue", Certainty.CERTAIN, None),
        ("secretsmanager:UpdateSecret", Certainty.CERTAIN, Certainty.CONDITIONAL),
        ("secretsmanager:UpdateSecretVersionStage", Certainty.CERTAIN, Certainty.CERTAIN),
        ("secretsmanager:*", Certainty.CERTAIN, Certainty.CERTAIN),
        ("ssm:PutParameter", Certainty.CERTAIN, Certainty.CERTAIN),
        ("ssm:LabelParameterVersion", Certainty.CERTAIN, Certainty.CERTAIN),
        ("logs:PutLogEvents", Certainty.CERTAIN, Certainty.CERTAIN),
    ],
)
def test_what_is_written_without_the_key_of_what_is_there(
    tmp_path: Path, action: str, keyed: Certainty | None, bare: Certainty | None
) -> None:
    """A request may name another key, or none is asked for of who asks."""
    uses = allow(["kms:Encrypt", "kms:GenerateDataKey*", "kms:Decrypt"], KEY)
    roles = [role("keyed", allow(action), uses), role("bare", allow(action))]
    group = {"arn": f"{LOGS}:*", "logGroupName": "books", "kmsKeyId": KEY}
    answers = {
        **ENCRYPTED, f"{REGION}/logs/describe-log-groups": {"logGroups": [group]},
        f"{REGION}/logs/describe-resource-policies": {"resourcePolicies": []},
    }  # fmt: skip
    found = collected(tmp_path, roles, answers)
    writes = {
        one.source.rpartition("/")[2]: one.certainty
        for one in found.facts
        if isinstance(one, Edge) and one.kind.label == "CAN_WRITE"
        if one.target in {SECRET, PARAMETER, LOGS}
    }
    assert (writes.get("keyed"), writes.get("bare")) == (keyed, bare)


def test_who_decides_about_a_secret_and_may_not_use_its_key_reads_it_by_others_alone(
    tmp_path: Path,
) -> None:
    uses = allow(["kms:GenerateDataKey*", "kms:Decrypt"], KEY)
    everything = allow(["secretsmanager:PutResourcePolicy", "secretsmanager:TagResource"])
    found = collected(
        tmp_path, [role("keyed", everything, uses), role("bare", everything)], ENCRYPTED
    )
    for kind, certain, who in (
        ("CAN_ADMINISTER", {"keyed"}, {"keyed", "bare"}),
        ("CAN_DELETE", {"bare"}, {"bare"}),
    ):
        told = {
            (one.source.rpartition("/")[2], one.certainty is Certainty.CERTAIN)
            for one in found.facts
            if isinstance(one, Edge) and one.kind.label == kind and one.target == SECRET
        }
        assert told == {(name, name in certain) for name in who}


def test_reading_what_a_service_decrypts_in_its_own_name_asks_for_no_key(tmp_path: Path) -> None:
    group = {"arn": f"{LOGS}:*", "logGroupName": "books", "kmsKeyId": KEY}
    answers = {**ENCRYPTED, f"{REGION}/logs/describe-log-groups": {"logGroups": [group]}}
    found = collected(tmp_path, [role("bare", allow("logs:GetLogEvents"))], answers)
    reads = [
        one
        for one in found.facts
        if isinstance(one, Edge) and one.kind.label == "CAN_READ" and one.target == LOGS
    ]
    assert [one.needs for one in reads] == [()]


def test_an_arn_that_is_none_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    """One record of one listing stops neither its listing nor the others."""
    writer = role("writer", allow("*"))
    for number, bad in enumerate(("*", "x", "arn:aws:kms", "arn:aws:iam::1:")):
        answers: Answers = {
            f"{REGION}/kms/list-keys": {
                "Keys": [{"KeyId": "k-2", "KeyArn": bad}, {"KeyId": "k-1", "KeyArn": KEY}]
            },
            f"{REGION}/rds/describe-db-clusters": {"DBClusters": [{"DBClusterArn": bad}]},
            "global/iam/get-account-authorization-details": {
                "RoleDetailList": [{**role("bad"), "Arn": bad}],
                "UserDetailList": [],
            },
        }
        found = collected(tmp_path / str(number), [writer], answers)
        assert (WRITER, KEY) in edges(found, "CAN_ADMINISTER")
        assert sum(one.quarantined for one in found.documents) == len(answers)

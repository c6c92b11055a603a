"""Every way of the public catalogue, by its id, through the source: what is gained, and near misses.

The actions are those that https://pathfinding.cloud states as required of an id (read 29 November
2026). Whoever is allowed exactly these gets, in the graph, to whom the id says. Without one of
them, with a role that trusts nobody of the sort, or with nothing that runs as the role, nobody
does. Whether there is a way is found by a walk over the edges that shares no code with the product.
"""

# ruff: noqa: E501 - a way is a line of its table

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from nhigraph.facts.facts import Edge
from nhigraph.ingest.discover import discover
from nhigraph.ingest.run import run
from nhigraph.sources import aws_iam

ACCOUNT, REGION = "111111111111", "eu-west-1"
IAM = f"arn:aws:iam::{ACCOUNT}"
GOALS = {"account": f"{IAM}:account", "role": f"{IAM}:role/target", "user": f"{IAM}:user/person"}
#: Goal, and the actions, each on something of the account (`@`) or on anything; one with `?` is
#: stated by the catalogue, and without it the way is still there.
WAYS = {
    "iam-001": "account: iam:CreatePolicyVersion@policy/own",
    "iam-002": "user: iam:CreateAccessKey@user/person",
    "iam-003": "user: iam:CreateAccessKey@user/person ?iam:DeleteAccessKey@user/person",
    "iam-004": "user: iam:CreateLoginProfile@user/person",
    "iam-005": "account: iam:PutRolePolicy@role/asker",
    "iam-006": "user: iam:UpdateLoginProfile@user/person",
    "iam-007": "account: iam:PutUserPolicy@user/asker",
    "iam-008": "account: iam:AttachUserPolicy@user/asker",
    "iam-009": "account: iam:AttachRolePolicy@role/asker",
    "iam-010": "account: iam:AttachGroupPolicy@group/ours",
    "iam-011": "account: iam:PutGroupPolicy@group/ours",
    "iam-012": "role: iam:UpdateAssumeRolePolicy@role/target",
    "iam-013": "account: iam:AddUserToGroup@group/theirs",
    "iam-014": "account: iam:AttachRolePolicy@role/target sts:AssumeRole@role/target",
    "iam-015": "account: iam:AttachUserPolicy@user/person iam:CreateAccessKey@user/person",
    "iam-016": "account: iam:CreatePolicyVersion@policy/theirs sts:AssumeRole@role/target",
    "iam-017": "account: iam:PutRolePolicy@role/target sts:AssumeRole@role/target",
    "iam-018": "account: iam:PutUserPolicy@user/person iam:CreateAccessKey@user/person",
    "iam-019": "account: iam:AttachRolePolicy@role/target iam:UpdateAssumeRolePolicy@role/target",
    "iam-020": "account: iam:CreatePolicyVersion@policy/theirs iam:UpdateAssumeRolePolicy@role/target",
    "iam-021": "account: iam:PutRolePolicy@role/target iam:UpdateAssumeRolePolicy@role/target",
    "sts-001": "role: sts:AssumeRole@role/target",
    "apprunner-001": "role: iam:PassRole apprunner:CreateService",
    "apprunner-002": "role: apprunner:UpdateService",
    "bedrock-001": "role: iam:PassRole bedrock-agentcore:CreateCodeInterpreter bedrock-agentcore:StartCodeInterpreterSession bedrock-agentcore:InvokeCodeInterpreter",
    "bedrock-002": "role: bedrock-agentcore:StartCodeInterpreterSession bedrock-agentcore:InvokeCodeInterpreter",
    "cloudformation-001": "role: iam:PassRole cloudformation:CreateStack",
    "cloudformation-002": "role: cloudformation:UpdateStack",
    "cloudformation-003": "role: iam:PassRole cloudformation:CreateStackSet cloudformation:CreateStackInstances",
    "cloudformation-004": "role: iam:PassRole cloudformation:UpdateStackSet",
    # Whoever executes a change set that somebody else made decides what runs, too.
    "cloudformation-005": "role: ?cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet",
    "codebuild-001": "role: iam:PassRole codebuild:CreateProject codebuild:StartBuild",
    "codebuild-002": "role: codebuild:StartBuild",
    "codebuild-003": "role: codebuild:StartBuildBatch",
    "codebuild-004": "role: iam:PassRole codebuild:CreateProject codebuild:StartBuildBatch",
    "datapipeline-001": "role: iam:PassRole datapipeline:CreatePipeline datapipeline:PutPipelineDefinition datapipeline:ActivatePipeline",
    "ec2-001": "role: iam:PassRole ec2:RunInstances",
    "ec2-002": "role: ec2:ModifyInstanceAttribute ec2:StopInstances ec2:StartInstances",
    "ec2-003": "role: iam:PassRole ec2:RequestSpotInstances",
    "ec2-004": "role: ec2:CreateLaunchTemplateVersion ec2:ModifyLaunchTemplate",
    "ec2instanceconnect-003": "role: ec2-instance-connect:SendSSHPublicKey ?ec2:DescribeInstances",
    "ecs-001": "role: iam:PassRole ?ecs:CreateCluster ecs:RegisterTaskDefinition ecs:CreateService",
    # A definition that is there may be run with another role and other commands: ecs-008.
    "ecs-002": "role: iam:PassRole ?ecs:CreateCluster ?ecs:RegisterTaskDefinition ecs:RunTask",
    "ecs-003": "role: iam:PassRole ecs:RegisterTaskDefinition ecs:CreateService",
    "ecs-004": "role: iam:PassRole ?ecs:RegisterTaskDefinition ecs:RunTask",
    "ecs-005": "role: iam:PassRole ?ecs:RegisterTaskDefinition ecs:StartTask",
    "glue-001": "role: iam:PassRole glue:CreateDevEndpoint",
    "glue-002": "role: glue:UpdateDevEndpoint",
    "glue-003": "role: iam:PassRole glue:CreateJob glue:StartJobRun",
    "glue-004": "role: iam:PassRole glue:CreateJob glue:CreateTrigger",
    "glue-005": "role: iam:PassRole glue:UpdateJob glue:StartJobRun",
    "glue-006": "role: iam:PassRole glue:UpdateJob glue:CreateTrigger",
    "lambda-001": "role: iam:PassRole lambda:CreateFunction lambda:InvokeFunction",
    "lambda-002": "role: iam:PassRole lambda:CreateFunction lambda:CreateEventSourceMapping",
    "lambda-003": "role: lambda:UpdateFunctionCode",
    # What triggers a function runs the new code without its writer.
    "lambda-004": "role: lambda:UpdateFunctionCode ?lambda:InvokeFunction",
    "lambda-005": "role: lambda:UpdateFunctionCode ?lambda:AddPermission",
    "lambda-006": "role: iam:PassRole lambda:CreateFunction lambda:AddPermission",
    "sagemaker-001": "role: iam:PassRole sagemaker:CreateNotebookInstance",
    "sagemaker-002": "role: iam:PassRole sagemaker:CreateTrainingJob",
    "sagemaker-003": "role: iam:PassRole sagemaker:CreateProcessingJob",
    "sagemaker-004": "role: sagemaker:CreatePresignedNotebookInstanceUrl",
    "sagemaker-005": "role: sagemaker:CreateNotebookInstanceLifecycleConfig sagemaker:StopNotebookInstance sagemaker:UpdateNotebookInstance sagemaker:StartNotebookInstance",
    "ssm-001": "role: ssm:StartSession",
    "ssm-002": "role: ssm:SendCommand",
    "batch-001": "role: iam:PassRole batch:RegisterJobDefinition batch:SubmitJob",
    "batch-002": "role: batch:SubmitJob",
    "batch-003": "role: iam:PassRole ?batch:CreateComputeEnvironment ?batch:CreateJobQueue batch:RegisterJobDefinition batch:SubmitJob",
    "bedrock-003": "role: iam:PassRole bedrock-agentcore:CreateAgentRuntime bedrock-agentcore:CreateAgentRuntimeEndpoint bedrock-agentcore:CreateWorkloadIdentity bedrock-agentcore:InvokeAgentRuntimeCommand",
    "bedrock-004": "role: bedrock-agentcore:InvokeAgentRuntimeCommand",
    "bedrock-005": "role: iam:PassRole ?bedrock-agentcore:CreateHarness bedrock-agentcore:CreateAgentRuntime bedrock-agentcore:CreateAgentRuntimeEndpoint bedrock-agentcore:CreateWorkloadIdentity ?bedrock-agentcore:GetAgentRuntime ?bedrock-agentcore:GetHarness bedrock-agentcore:InvokeAgentRuntimeCommand",
    "bedrock-006": "role: iam:PassRole bedrock-agentcore:CreateBrowser bedrock-agentcore:StartBrowserSession bedrock-agentcore:ConnectBrowserAutomationStream",
    "bedrock-007": "role: bedrock-agentcore:StartBrowserSession bedrock-agentcore:ConnectBrowserAutomationStream",
    "braket-001": "role: iam:PassRole braket:CreateJob",
    "codedeploy-001": "role: codedeploy:CreateDeployment codedeploy:RegisterApplicationRevision codedeploy:GetDeploymentConfig",
    "cognitoidentity-001": "role: iam:PassRole cognito-identity:SetIdentityPoolRoles",
    "ec2-005": "role: ec2:CreateLaunchTemplateVersion ec2:ModifyLaunchTemplate",
    "ecs-006": "role: ecs:ExecuteCommand ?ecs:DescribeTasks",
    "ecs-007": "role: iam:PassRole ecs:StartTask ?ecs:RegisterContainerInstance",
    "ecs-008": "role: iam:PassRole ecs:RunTask",
    "ecs-009": "role: iam:PassRole ecs:StartTask",
    "emr-001": "role: iam:PassRole elasticmapreduce:RunJobFlow",
    "emrserverless-001": "role: iam:PassRole emr-serverless:CreateApplication emr-serverless:StartJobRun",
    "gamelift-001": "role: iam:PassRole gamelift:CreateBuild gamelift:CreateFleet gamelift:RequestUploadCredentials",
    "glue-007": "role: iam:PassRole glue:CreateSession glue:RunStatement",
    "imagebuilder-001": "role: iam:PassRole imagebuilder:CreateComponent imagebuilder:CreateImageRecipe imagebuilder:CreateInfrastructureConfiguration imagebuilder:CreateImage",
    "kinesisanalytics-001": "role: iam:PassRole kinesisanalytics:CreateApplication kinesisanalytics:StartApplication",
    "omics-001": "role: iam:PassRole omics:CreateWorkflow omics:StartRun ?s3:GetObject",
    "ssm-003": "role: iam:PassRole ssm:CreateDocument ssm:StartAutomationExecution",
}
#: Taking another one's permission away leaves another id's way: what is left is that one's.
LEAVES_ANOTHER = {
    ("bedrock-001", "iam:PassRole"), ("bedrock-001", "bedrock-agentcore:CreateCodeInterpreter"),
    ("codebuild-001", "iam:PassRole"), ("codebuild-001", "codebuild:CreateProject"),
    ("codebuild-004", "iam:PassRole"), ("codebuild-004", "codebuild:CreateProject"),
    ("batch-001", "iam:PassRole"), ("batch-001", "batch:RegisterJobDefinition"),
    ("batch-003", "iam:PassRole"), ("batch-003", "batch:RegisterJobDefinition"),
    # The role trusts AWS Batch itself, too, and no rule is about that.
    ("batch-001", "batch:SubmitJob"), ("batch-003", "batch:SubmitJob"),
    ("bedrock-006", "iam:PassRole"), ("bedrock-006", "bedrock-agentcore:CreateBrowser"),
    *(("bedrock-003", one) for one in ("iam:PassRole", "bedrock-agentcore:CreateAgentRuntime",
        "bedrock-agentcore:CreateAgentRuntimeEndpoint", "bedrock-agentcore:CreateWorkloadIdentity")),
    *(("bedrock-005", one) for one in ("iam:PassRole", "bedrock-agentcore:CreateAgentRuntime",
        "bedrock-agentcore:CreateAgentRuntimeEndpoint", "bedrock-agentcore:CreateWorkloadIdentity")),
}  # fmt: skip
SERVICES = ["apprunner", "tasks.apprunner", "batch", "bedrock-agentcore", "braket", "cloudformation", "codebuild", "datapipeline", "ec2", "ecs-tasks", "emr-serverless", "gamelift", "glue", "kinesisanalytics", "lambda", "omics", "sagemaker", "ssm"]  # fmt: skip
Record = dict[str, object]


def document(*statements: Record) -> Record:
    return {"Version": "2012-10-17", "Statement": [*statements]}


def allowed(action: str) -> Record:
    name, at, thing = action.removeprefix("?").partition("@")
    return {"Effect": "Allow", "Action": name, "Resource": f"{IAM}:{thing}" if at else "*"}


def way(said: str) -> tuple[str, list[str]]:
    goal, _, actions = said.partition(": ")
    return goal, actions.split()


def details(actions: Iterable[str], *, trusting: bool) -> Record:
    """An account in which a role and a user are allowed just that."""
    own = [{"PolicyName": "own", "PolicyDocument": document(*map(allowed, actions))}]
    root: Record = {
        "Effect": "Allow",
        "Principal": {"AWS": f"{IAM}:root"},
        "Action": "sts:AssumeRole",
    }
    services = [f"{one}.amazonaws.com" for one in (SERVICES if trusting else ["x"])]
    pool = "cognito-identity.amazonaws.com" if trusting else "accounts.google.com"
    trust = document(
        root, {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"},
        {"Effect": "Allow", "Principal": {"Federated": pool}, "Action": "sts:AssumeRoleWithWebIdentity"},
    )  # fmt: skip
    nobody = document(
        {
            "Effect": "Allow",
            "Principal": {"Service": "y.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    )
    profile = {"Arn": f"{IAM}:instance-profile/target", "Roles": [{"Arn": f"{IAM}:role/target"}]}

    def policy(name: str) -> Record:
        said = document({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"})
        versions = [{"IsDefaultVersion": True, "VersionId": "v1", "Document": said}]
        return {"PolicyName": name, "Arn": f"{IAM}:policy/{name}", "PolicyVersionList": versions}

    def has(name: str) -> list[Record]:
        return [{"PolicyName": name, "PolicyArn": f"{IAM}:policy/{name}"}]

    return {
        "UserDetailList": [
            {"UserName": "asker", "UserId": "AIDA1", "Arn": f"{IAM}:user/asker", "UserPolicyList": own,
             "AttachedManagedPolicies": has("own"), "GroupList": ["ours"]},
            {"UserName": "person", "UserId": "AIDA2", "Arn": f"{IAM}:user/person"},
        ],
        "GroupDetailList": [
            {"GroupName": one, "GroupId": f"AGPA{one}", "Arn": f"{IAM}:group/{one}"} for one in ("ours", "theirs")
        ],
        "RoleDetailList": [
            {"RoleName": "asker", "RoleId": "AROA1", "Arn": f"{IAM}:role/asker", "RolePolicyList": own,
             "AttachedManagedPolicies": has("own"), "AssumeRolePolicyDocument": nobody},
            {"RoleName": "target", "RoleId": "AROA2", "Arn": f"{IAM}:role/target", "InstanceProfileList": [profile],
             "AttachedManagedPolicies": has("theirs"), "AssumeRolePolicyDocument": trust},
        ],
        "Policies": [policy("own"), policy("theirs")],
        "IsTruncated": False,
    }  # fmt: skip


def inventory(*, running: bool) -> dict[str, Record]:
    """What there is in the account, running as the target, or as nobody."""

    def arn(service: str, rest: str) -> str:
        return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"

    def its(member: str) -> Record:
        return {member: f"{IAM}:role/target"} if running else {}

    profile = {"IamInstanceProfile": {"Arn": f"{IAM}:instance-profile/target"}} if running else {}
    task, cluster = arn("ecs", "task-definition/work:1"), arn("ecs", "cluster/main")
    tasks: dict[str, Record] = {
        "ecs/describe-task-definition/work": {"taskDefinition": {"taskDefinitionArn": task, **its("taskRoleArn")}},
        "ecs/describe-services/main": {"services": [{"serviceArn": arn("ecs", "service/main/s"), "serviceName": "s", "taskDefinition": task}]},
    }  # fmt: skip
    return {
        "ec2/describe-instances": {"Reservations": [{"Instances": [{"InstanceId": "i-1", **profile}]}]},
        "lambda/list-functions": {"Functions": [{"FunctionName": "f", "FunctionArn": arn("lambda", "function:f"), **its("Role")}]},
        "codebuild/batch-get-projects": {"projects": [{"name": "p", "arn": arn("codebuild", "project/p"), **its("serviceRole")}]},
        "cloudformation/describe-stacks": {"Stacks": [
            {"StackId": arn("cloudformation", "stack/s/1"), "StackName": "s", **its("RoleARN")}]},
        "ecs/list-clusters": {"clusterArns": [cluster]},
        "ecs/list-task-definitions": {"taskDefinitionArns": [task] if running else []},
        **(tasks if running else {}),
    }  # fmt: skip


def reached(
    folder: Path,
    actions: Iterable[str],
    *,
    trusting: bool = True,
    listed: bool = False,
    running: bool = True,
) -> set[str]:
    """Goals to which somebody who asks has a way, by the edges of the source."""
    folder.mkdir()
    files = {"details.json": details(actions, trusting=trusting)}
    if listed:
        files |= {
            f"aws/{ACCOUNT}/{REGION}/{name}.json": one
            for name, one in inventory(running=running).items()
        }
    for name, body in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(body), "utf-8")
    found = run(discover([folder]).documents, {"aws_iam": aws_iam.INGESTOR})
    steps = [
        (one.source, one.target, {need.at for need in one.needs})
        for one in found.facts
        if isinstance(one, Edge)
        # Who may let others call a function does not decide what it runs.
        and (
            (one.kind.label == "CAN_ADMINISTER" and one.target == GOALS["account"])
            or one.kind.label in {"CAN_ASSUME", "CAN_WRITE", "RUNS_AS", "HOLDS"}
        )
    ]
    here = {f"{IAM}:role/asker", f"{IAM}:user/asker"}
    while more := {y for x, y, needs in steps if {x, *needs} <= here} - here:
        here |= more
    return {name for name, key in GOALS.items() if key in here}


#: Ways by something that is there, which are exact where it is listed.
LISTED = {
    "ssm-001", "ssm-002", "ec2instanceconnect-003", "ec2-002", "codedeploy-001", "ecs-006", "lambda-003", "lambda-004",
    "lambda-005", "codebuild-002", "codebuild-003", "cloudformation-002", "cloudformation-005",
    "ecs-007", "ecs-008", "ecs-009",
}  # fmt: skip
#: Where nothing is listed, such rights lead to what is not listed, which has a gap.
ONLY_LISTED = {
    "lambda-003", "lambda-004", "lambda-005", "codebuild-002", "codebuild-003", "cloudformation-002",
    "cloudformation-005",
}  # fmt: skip


@pytest.mark.parametrize("name", WAYS)
def test_who_is_allowed_what_an_id_needs_gets_where_it_says(name: str, tmp_path: Path) -> None:
    goal, actions = way(WAYS[name])
    if name not in ONLY_LISTED:
        assert goal in reached(tmp_path / "bare", actions)
    assert name not in LISTED or goal in reached(tmp_path / "listed", actions, listed=True)


@pytest.mark.parametrize("name", WAYS)
def test_without_one_thing_that_an_id_needs_nobody_gets_there(name: str, tmp_path: Path) -> None:
    goal, actions = way(WAYS[name])
    listed = name in LISTED
    for number, one in enumerate(actions):
        left = [x for x in actions if x != one]
        if one.startswith("?"):
            assert goal in reached(tmp_path / f"{number}", left, listed=listed), one
        elif (name, one) not in LEAVES_ANOTHER:
            assert goal not in reached(tmp_path / f"{number}", left, listed=listed), one


@pytest.mark.parametrize("name", [x for x, said in WAYS.items() if "iam:PassRole" in said])
def test_a_role_that_trusts_no_such_service_is_passed_to_none(name: str, tmp_path: Path) -> None:
    goal, actions = way(WAYS[name])
    assert goal not in reached(tmp_path / "trust", actions, trusting=False)


@pytest.mark.parametrize("name", sorted(LISTED))
def test_where_all_is_listed_and_nothing_runs_as_a_role_it_is_not_gained(
    name: str, tmp_path: Path
) -> None:
    goal, actions = way(WAYS[name])
    assert goal not in reached(tmp_path / "none", actions, listed=True, running=False)


def test_the_table_has_all_ids_of_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "aws.md").read_text("utf-8")
    told = {
        line.split(" | ")[0][2:]
        for line in page.splitlines()
        if line.startswith("| ") and "-0" in line.split(" | ")[0]
    }
    assert told == WAYS.keys()

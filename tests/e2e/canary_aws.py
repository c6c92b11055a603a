"""AWS's exports with a canary wherever a secret's value may stand.

Most of these fields `queries/export/aws.sh` leaves out; whoever saves the whole answer has them.
"""

import json
from collections.abc import Iterator
from urllib.parse import quote

from tests.e2e.canaries import Input

_ACCOUNT, _REGION = "111111111111", "eu-west-1"
_IAM = f"arn:aws:iam::{_ACCOUNT}"
_ROLE = f"{_IAM}:role/poster"
_TAGS = [{"Key": "token", "Value": "CANARY"}, {"Key": "dsn", "Value": "postgres://a:CANARY@db/x"}]
_PAIRS = [{"name": "PASSWORD", "value": "CANARY", "type": "PLAINTEXT"}]


def _arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{_REGION}:{_ACCOUNT}:{rest}"


def _document(*statements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": [*statements]}


def _details() -> dict[str, object]:
    external = {"StringEquals": {"sts:ExternalId": "CANARY"}}
    trusted = {"AWS": "arn:aws:iam::999999999999:root"}
    trust = _document(
        {
            "Effect": "Allow",
            "Principal": trusted,
            "Action": "sts:AssumeRole",
            "Condition": external,
        }
    )
    tagged = {"StringLike": {"aws:RequestTag/dsn": "postgres://loader:CANARY@db/erp"}}
    own = _document(
        {"Sid": "password=CANARY", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*", "Condition": tagged},
        {"Effect": "Maybe", "Action": "s3:*", "Resource": "*", "Password": "CANARY"},
    )
    role = {
        "Arn": _ROLE, "RoleName": "poster", "RoleId": "AROAPOSTER", "Tags": _TAGS,
        "Description": "password: CANARY", "AssumeRolePolicyDocument": trust,
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": own}],
    }  # fmt: skip
    user = {
        "Arn": f"{_IAM}:user/batch", "UserName": "batch", "UserId": "AIDABATCH", "Tags": _TAGS,
        "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": quote(json.dumps(own))}],
        "LoginProfile": {"Password": "CANARY"},
        "AccessKey": {"AccessKeyId": "CANARY", "SecretAccessKey": "CANARY"},
    }  # fmt: skip
    return {"UserDetailList": [user], "RoleDetailList": [role], "Password": "CANARY"}


def _answers() -> dict[str, object]:
    """Answers by their address below the account."""
    secret = _arn("secretsmanager", "secret:erp-Ab12Cd")
    database = {
        "DBInstanceIdentifier": "erp", "DBInstanceArn": _arn("rds", "db:erp"),
        "Engine": "postgres", "MasterUsername": "master", "MasterUserPassword": "CANARY",
        "DBName": "erp", "Endpoint": {"Address": "loader:CANARY@db.internal", "Port": 5432},
        "PendingModifiedValues": {"MasterUserPassword": "CANARY"},
    }  # fmt: skip
    grant = {
        "GrantId": "g-1", "GranteePrincipal": _ROLE, "Operations": ["Decrypt"],
        "Constraints": {"EncryptionContextSubset": {"password": "CANARY"}}, "GrantToken": "CANARY",
    }  # fmt: skip
    policy = _document({"Sid": "token=CANARY", "Effect": "Deny", "Principal": "*", "Action": "*"})
    return {
        "global/s3api/list-buckets": {"Buckets": [{"Name": "ledger", "Password": "CANARY"}]},
        "global/s3api/get-bucket-policy/ledger": {"Policy": json.dumps(policy)},
        f"{_REGION}/secretsmanager/list-secrets": {"SecretList": [
            {"ARN": secret, "Name": "erp", "Description": "password=CANARY", "Tags": _TAGS,
             "SecretString": "CANARY"}]},
        f"{_REGION}/secretsmanager/get-resource-policy/erp-Ab12Cd": {
            "ARN": secret, "SecretString": "CANARY"},
        f"{_REGION}/ssm/describe-parameters": {"Parameters": [
            {"Name": "/erp/dsn", "Type": "SecureString", "Value": "CANARY", "KeyId": "alias/x",
             "Description": "postgres://loader:CANARY@db/erp"}]},
        f"{_REGION}/lambda/list-functions": {"Functions": [
            {"FunctionName": "post", "FunctionArn": _arn("lambda", "function:post"), "Role": _ROLE,
             "Description": "token: CANARY", "Environment": {"Variables": {"P": "CANARY"}}}]},
        f"{_REGION}/ec2/describe-instances": {"Reservations": [{"Instances": [
            {"InstanceId": "i-1", "UserData": "CANARY_BASE64", "Tags": _TAGS,
             "IamInstanceProfile": {"Arn": f"{_IAM}:instance-profile/x"}}]}]},
        f"{_REGION}/ecs/describe-task-definition/erp:1": {"taskDefinition": {
            "taskDefinitionArn": _arn("ecs", "task-definition/erp:1"), "taskRoleArn": _ROLE,
            "containerDefinitions": [{"image": "loader:CANARY@registry.example/erp",
                                      "environment": _PAIRS, "command": ["--password", "CANARY"],
                                      "repositoryCredentials": {"password": "CANARY"}}]}},
        f"{_REGION}/codebuild/batch-get-projects/erp": {"projects": [
            {"arn": _arn("codebuild", "project/erp"), "name": "erp", "serviceRole": _ROLE,
             "source": {"location": "https://loader:CANARY@git.example/erp", "auth": "CANARY"},
             "environment": {"image": "x", "environmentVariables": _PAIRS}}]},
        f"{_REGION}/glue/get-jobs": {"Jobs": [
            {"Name": "load", "Role": "poster", "DefaultArguments": {"--password": "CANARY"},
             "Command": {"ScriptLocation": "s3://ledger/a.py?token=CANARY"}}]},
        f"{_REGION}/stepfunctions/describe-state-machine/close": {
            "stateMachineArn": _arn("states", "stateMachine:close"), "name": "close",
            "roleArn": _ROLE, "definition": '{"Comment": "CANARY"}'},
        f"{_REGION}/cloudformation/describe-stacks": {"Stacks": [
            {"StackId": _arn("cloudformation", "stack/erp/1"), "StackName": "erp",
             "Parameters": [{"ParameterKey": "Password", "ParameterValue": "CANARY"}],
             "Outputs": [{"OutputKey": "Dsn", "OutputValue": "postgres://a:CANARY@db/erp"}]}]},
        f"{_REGION}/rds/describe-db-instances": {"DBInstances": [database]},
        f"{_REGION}/kms/list-grants/k-1": {"Grants": [grant]},
    }  # fmt: skip


def _recorded() -> dict[str, object]:
    """What AWS Config recorded."""
    items = [
        {"resourceType": "AWS::Lambda::Function", "accountId": _ACCOUNT, "awsRegion": _REGION,
         "arn": _arn("lambda", "function:recorded"), "resourceName": "recorded", "tags": _TAGS,
         "configuration": {"role": _ROLE, "environment": {"variables": {"P": "CANARY"}}}},
        {"resourceType": "AWS::RDS::DBInstance", "accountId": _ACCOUNT, "awsRegion": _REGION,
         "arn": _arn("rds", "db:recorded"), "configuration": {
             "dBInstanceArn": _arn("rds", "db:recorded"), "dBInstanceIdentifier": "recorded",
             "engine": "mysql", "masterUserPassword": "CANARY"}},
    ]  # fmt: skip
    return {"Results": [json.dumps(one) for one in items]}


def aws() -> Iterator[Input]:
    """An account's details, answers about what it has, and what Config recorded."""
    yield Input("aws_iam", "details.json", json.dumps(_details(), indent=1))
    for at, body in _answers().items():
        yield Input("aws_iam", f"aws/{_ACCOUNT}/{at}.json", json.dumps(body, indent=1))
    yield Input("aws_iam", "config.json", json.dumps(_recorded(), indent=1))

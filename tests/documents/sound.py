"""Small estates that can be read whole, a source each.

Each identity comes to the books in a way of its own, and one comes nowhere. They
share no code with the product.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.documents.native import Json

_SCOPE = """\
nhigraph: scope/1
organization: Acme
commitments: [S, PI]
as_of: 2026-11-23
targets:
  - id: books
    family: financial-reporting
    fs_role: record
    icfr_basis: own
    select: [%s]
"""


@dataclass(frozen=True, slots=True)
class Sound:
    """An estate.

    Attributes:
        documents: What is torn: by path, content that is written as JSON, which is YAML too.
        beside: Files that stay whole, by path.
        targets: Keys of the books.
        calm: An identity that comes nowhere.
    """

    documents: Mapping[str, object]
    targets: tuple[str, ...]
    calm: str
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def scope(self) -> str:
        """Text of the scope."""
        return _SCOPE % ", ".join(f'{{key: "{key}"}}' for key in self.targets)


# -- AWS ----------------------------------------------------------------------------------------

_ACCOUNT = "111122223333"
_REGION = f"aws/{_ACCOUNT}/eu-central-1"
_GLOBAL = f"aws/{_ACCOUNT}/global"
_BUCKET = "arn:aws:s3:::books"
_SECRET = f"arn:aws:secretsmanager:eu-central-1:{_ACCOUNT}:secret:erp-AbCdEf"
_KEY = f"arn:aws:kms:eu-central-1:{_ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
_FUNCTION = f"arn:aws:lambda:eu-central-1:{_ACCOUNT}:function:post"
#: Listings of what the account has none of.
_NONE = {
    "cloudformation/describe-stacks": "Stacks",
    "cloudtrail/describe-trails": "trailList",
    "codebuild/list-projects": "projects",
    "dynamodb/list-tables": "TableNames",
    "ec2/describe-instances": "Reservations",
    "ecr/describe-repositories": "repositories",
    "ecs/list-clusters": "clusterArns",
    "ecs/list-task-definitions": "taskDefinitionArns",
    "firehose/list-delivery-streams": "DeliveryStreamNames",
    "glue/get-databases": "DatabaseList",
    "glue/get-jobs": "Jobs",
    "kinesis/list-streams": "StreamNames",
    "logs/describe-log-groups": "logGroups",
    "logs/describe-resource-policies": "resourcePolicies",
    "rds/describe-db-clusters": "DBClusters",
    "rds/describe-db-instances": "DBInstances",
    "redshift/describe-clusters": "Clusters",
    "sns/list-topics": "Topics",
    "ssm/describe-parameters": "Parameters",
    "stepfunctions/list-state-machines": "stateMachines",
}


def _policy(*statements: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(action: object, resource: object, **more: object) -> Json:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def _arn(sort: str, name: str) -> str:
    return f"arn:aws:iam::{_ACCOUNT}:{sort}/{name}"


def _user(name: str, *statements: Json, **more: object) -> Json:
    made: Json = {
        "Path": "/",
        "UserName": name,
        "UserId": f"AIDA{name.upper()}",
        "Arn": _arn("user", name),
        "CreateDate": "2024-02-12T08:00:00Z",
        "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": _policy(*statements)}]
        if statements
        else [],
        "GroupList": [],
        "AttachedManagedPolicies": [],
    }
    return made | more


def _role(name: str, trust: Json, *statements: Json) -> Json:
    return {
        "Path": "/",
        "RoleName": name,
        "RoleId": f"AROA{name.upper()}",
        "Arn": _arn("role", name),
        "CreateDate": "2024-02-12T08:00:00Z",
        "AssumeRolePolicyDocument": _policy({"Effect": "Allow", **trust}),
        "InstanceProfileList": [],
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": _policy(*statements)}],
        "AttachedManagedPolicies": [],
        "Tags": [],
        "RoleLastUsed": {},
    }


def aws() -> Sound:
    """An account with everything listed, and its organization."""
    put = _allow("s3:PutObject", f"{_BUCKET}/*")
    attached = {"PolicyName": "put", "PolicyArn": _arn("policy", "put")}
    limit = {
        "PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": _arn("policy", "limit"),
    }
    day = {"DateLessThan": {"aws:CurrentTime": "2027-06-30T00:00:00Z"}}
    users = [
        _user("direct", put),
        _user("several", _allow(["s3:GetObject", "s3:DeleteObject"], [f"{_BUCKET}/*"])),
        _user("managed", AttachedManagedPolicies=[attached]),
        _user("grouped", GroupList=["posters"]),
        _user("bounded", put, PermissionsBoundary=limit),
        _user("dated", {**put, "Condition": day}),
        _user("all_but", {"Effect": "Allow", "NotAction": "iam:*", "NotResource": _KEY}),
        _user("assumer", _allow("sts:AssumeRole", _arn("role", "poster"))),
        _user("coder", _allow("lambda:UpdateFunctionCode", _FUNCTION)),
        _user("named"),
        _user(
            "keyed",
            _allow("secretsmanager:PutSecretValue", _SECRET),
            _allow(["kms:Decrypt", "kms:GenerateDataKey"], _KEY),
        ),
        _user("riser", _allow("iam:PutUserPolicy", _arn("user", "riser"))),
        _user(
            "calm",
            _allow("s3:GetObject", f"{_BUCKET}/*"),
            {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"},
        ),
    ]
    of_account = {
        "Principal": {"AWS": f"arn:aws:iam::{_ACCOUNT}:root"},
        "Action": "sts:AssumeRole",
    }
    service = {"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    roles = [_role("poster", of_account, put), _role("runner", service, put)]

    def managed(name: str, *statements: Json) -> Json:
        version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": _policy(*statements)}
        return {
            "PolicyName": name,
            "PolicyId": f"ANPA{name.upper()}",
            "Arn": _arn("policy", name),
            "Path": "/",
            "DefaultVersionId": "v1",
            "AttachmentCount": 1,
            "IsAttachable": True,
            "PolicyVersionList": [version],
        }

    group = {
        "Path": "/",
        "GroupName": "posters",
        "GroupId": "AGPAPOSTERS",
        "Arn": _arn("group", "posters"),
        "GroupPolicyList": [{"PolicyName": "own", "PolicyDocument": _policy(put)}],
        "AttachedManagedPolicies": [],
    }
    details = {
        "UserDetailList": users,
        "GroupDetailList": [group],
        "RoleDetailList": roles,
        "Policies": [managed("put", put), managed("limit", _allow("s3:*", "*"))],
    }
    theirs = {"AWS": _arn("user", "named")}
    bucket = {"Effect": "Allow", "Principal": theirs, "Action": "s3:PutObject"}
    everything = f"arn:aws:iam::{_ACCOUNT}:root"
    of_key = {"Effect": "Allow", "Principal": {"AWS": everything}, "Action": "kms:*"}
    texts = {
        f"{_GLOBAL}/iam/get-account-authorization-details": details,
        f"{_GLOBAL}/iam/list-open-id-connect-providers": {"OpenIDConnectProviderList": []},
        f"{_GLOBAL}/iam/list-saml-providers": {"SAMLProviderList": []},
        f"{_GLOBAL}/s3api/list-buckets": {"Buckets": [{"Name": "books"}]},
        f"{_GLOBAL}/s3api/get-bucket-policy/books": {
            "Policy": _policy({**bucket, "Resource": f"{_BUCKET}/*"})
        },
        f"{_REGION}/kms/list-keys": {"Keys": [{"KeyArn": _KEY, "KeyId": _KEY[-36:]}]},
        f"{_REGION}/kms/get-key-policy/{_KEY[-36:]}": {
            "Policy": _policy({**of_key, "Resource": "*"})
        },
        f"{_REGION}/kms/list-grants/{_KEY[-36:]}": {"Grants": []},
        f"{_REGION}/lambda/list-functions": {
            "Functions": [
                {"FunctionName": "post", "FunctionArn": _FUNCTION, "KMSKeyArn": None}
                | {"Role": _arn("role", "runner")}
            ]
        },
        f"{_REGION}/lambda/get-policy/post": {},
        f"{_REGION}/secretsmanager/list-secrets": {
            "SecretList": [{"ARN": _SECRET, "Name": "erp", "KmsKeyId": _KEY}]
        },
        f"{_REGION}/secretsmanager/get-resource-policy/erp-AbCdEf": {
            "ARN": _SECRET,
            "Name": "erp",
        },
        f"{_REGION}/glue/get-resource-policy": {},
        f"{_REGION}/sqs/list-queues": {"QueueUrls": []},
    }
    texts |= {f"{_REGION}/{name}": {section: []} for name, section in _NONE.items()}
    documents: dict[str, object] = {f"{name}.json": body for name, body in texts.items()}
    documents["organization.json"] = _organization()
    return Sound(documents, (_BUCKET, _SECRET), _arn("user", "calm"))


def _organization() -> Json:
    of = "arn:aws:organizations::999999999999"

    def policies(root: str) -> list[Json]:
        all_of = _allow("*", "*")
        made = []
        for name, sort in (("FullAWSAccess", "SERVICE"), ("RCPFullAWSAccess", "RESOURCE")):
            statement = all_of if sort == "SERVICE" else {**all_of, "Principal": "*"}
            made.append(
                {
                    "Id": f"p-{name}",
                    "Arn": f"{of}:policy/o-1/{sort.lower()}_control_policy/p-{name}",
                    "Name": name,
                    "Type": f"{sort}_CONTROL_POLICY",
                    "AwsManaged": True,
                    "Content": _policy(statement),
                }
            )
        made.append(
            {
                "Id": f"p-{root}",
                "Arn": f"{of}:policy/o-1/service_control_policy/p-{root}",
                "Name": "keep",
                "Type": "SERVICE_CONTROL_POLICY",
                "AwsManaged": False,
                "Content": _policy(
                    {"Effect": "Deny", "Action": ["cloudtrail:StopLogging"], "Resource": "*"}
                ),
            }
        )
        return made

    def account(number: str) -> Json:
        return {
            "Id": number,
            "Arn": f"{of}:account/o-1/{number}",
            "Name": number,
            "Status": "ACTIVE",
            "Policies": policies("account"),
        }

    return {
        "Arn": f"{of}:root/o-1/r-1",
        "Name": "Root",
        "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}],
        "Id": "r-1",
        "Policies": policies("root"),
        "Children": [
            {
                "Id": "ou-1",
                "Policies": policies("ou"),
                "Children": [account(_ACCOUNT), account("999999999999")],
            }
        ],
    }

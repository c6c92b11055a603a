"""Small estates that can be read whole, a source each.

Each identity comes to the books in a way of its own, and one comes nowhere. They
share no code with the product.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.documents import native
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


# -- dbt ----------------------------------------------------------------------------------------


def _relation(name: str) -> str:
    return ".".join(f'"{part}"' for part in f"erp.{name}".split("."))


def _dataset(name: str) -> str:
    return f"dataset:postgres:erp.{name}"


def dbt() -> Sound:
    """A project that builds revenue of what several write."""
    package = "books"

    def source(name: str) -> Json:
        return {
            "resource_type": "source",
            "package_name": package,
            "unique_id": f"source.{package}.raw.{name}",
            "source_name": "raw",
            "name": name,
            "identifier": name,
            "database": "erp",
            "schema": "raw",
            "relation_name": _relation(f"raw.{name}"),
            "original_file_path": "models/sources.yml",
            "tags": [],
            "config": {"enabled": True},
        }

    def model(
        name: str, sql: str, *needs: str, sort: str = "model", hooks: Sequence[Json] = ()
    ) -> Json:
        return {
            "resource_type": sort,
            "package_name": package,
            "unique_id": f"{sort}.{package}.{name}",
            "name": name,
            "alias": name,
            "database": "erp",
            "schema": "marts",
            "relation_name": _relation(f"marts.{name}"),
            "original_file_path": f"models/{name}.sql",
            "raw_code": sql,
            "compiled": True,
            "compiled_code": sql,
            "language": "sql",
            "depends_on": {"macros": [], "nodes": list(needs)},
            "config": {
                "enabled": True,
                "materialized": "seed" if sort == "seed" else "table",
                "pre-hook": [],
                "post-hook": list(hooks),
            },
            "tags": [],
            "columns": {},
        }

    payments, rates, fees = (
        f"source.{package}.raw.{one}" for one in ("payments", "rates", "fees")
    )
    staged = f"model.{package}.staged"
    revenue = (
        f"select s.amount * m.rate as amount from {_relation('marts.staged')} s "
        f"join {_relation('marts.map')} m on m.code = s.code "
        f"where s.code in (select code from {_relation('raw.rates')})"
    )
    hook = f"insert into {_relation('marts.revenue')} select * from {_relation('raw.fees')}"
    models = [
        model("staged", f"select amount, code from {_relation('raw.payments')}", payments),
        model("revenue", revenue, staged, rates, f"seed.{package}.map"),
        model(
            "hooked",
            "select 1 as one",
            fees,
            hooks=[{"sql": hook, "transaction": True, "index": None}],
        ),
        model(
            "idle",
            f"select 1 as one from {_relation('raw.clicks')}",
            f"source.{package}.raw.clicks",
        ),
        model("map", "", sort="seed"),
    ]
    manifest: Json = {
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "dbt_version": "1.11.0",
            "adapter_type": "postgres",
            "project_name": package,
            "generated_at": "2026-11-20T02:00:00Z",
        },
        "nodes": {str(one["unique_id"]): one for one in models},
        "sources": {
            str(one["unique_id"]): one
            for one in map(source, ("payments", "rates", "fees", "clicks"))
        },
        "exposures": {
            f"exposure.{package}.pack": {
                "resource_type": "exposure",
                "package_name": package,
                "unique_id": f"exposure.{package}.pack",
                "name": "pack",
                "type": "dashboard",
                "owner": {"name": "Finance"},
                "depends_on": {"macros": [], "nodes": [f"model.{package}.revenue"]},
                "tags": [],
            }
        },
    }
    for name in ("macros", "docs", "metrics", "groups", "disabled"):
        manifest[name] = {}
    written = {
        "acme:payments": "raw.payments",
        "acme:rates": "raw.rates",
        "acme:fees": "raw.fees",
        "acme:staged": "marts.staged",
        "acme:map": "marts.map",
        "acme:revenue": "marts.revenue",
        "acme:calm": "raw.clicks",
    }
    facts = {
        "nhigraph": "facts/1",
        "nodes": [
            *({"kind": "ServiceAccount", "key": one} for one in written),
            *({"kind": "Dataset", "key": _dataset(one)} for one in sorted(set(written.values()))),
            {"kind": "Report", "key": "report:dbt:pack"},
        ],
        "edges": [
            {"kind": "CAN_WRITE", "from": one, "to": _dataset(to)} for one, to in written.items()
        ],
    }
    return Sound(
        {"target/manifest.json": manifest},
        (_dataset("marts.revenue"), "report:dbt:pack"),
        "acme:calm",
        {"rights.facts.yaml": native.yaml_text(facts)},
    )


# -- facts/1 ------------------------------------------------------------------------------------


def facts() -> Sound:
    """Records of the tool's own format."""

    def nodes(kind: str, *names: str) -> list[Json]:
        return [{"kind": kind, "key": f"acme:{name}", "name": name} for name in names]

    def edge(kind: str, source: str, target: str, **more: object) -> Json:
        return {"kind": kind, "from": f"acme:{source}", "to": f"acme:{target}", **more}

    accounts = (
        "direct",
        "dated",
        "needing",
        "member",
        "grantee",
        "coder",
        "feeder",
        "gated",
        "calm",
    )
    body: Json = {
        "nhigraph": "facts/1",
        "extracted": "2026-11-20",
        "nodes": [
            *nodes("ServiceAccount", *accounts),
            *nodes("Dataset", "gl", "raw", "clicks"),
            *nodes("Group", "posters"),
            *nodes("Grant", "posting"),
            *nodes("EncryptionKey", "key"),
            *nodes("Workload", "batch"),
            *nodes("User", "controller"),
            *nodes("System", "erp"),
            {"kind": "ServiceAccount", "key": "acme:owner", "state": "active"}
            | {"expires": "2027-03-01", "props": {"created": "2025-03-01"}},
        ],
        "edges": [
            edge("CAN_WRITE", "direct", "gl", action="post", certainty="certain"),
            edge("CAN_WRITE", "dated", "gl", valid_from="2026-01-01", valid_until="2027-01-01"),
            edge("CAN_READ", "needing", "key"),
            edge("CAN_WRITE", "needing", "gl", needs=[{"at": "acme:key", "state": "READ"}]),
            edge("MEMBER_OF", "member", "posters"),
            edge("CAN_WRITE", "posters", "gl"),
            edge("HOLDS", "grantee", "posting"),
            edge("CAN_DELETE", "posting", "gl"),
            edge("CAN_WRITE", "coder", "batch"),
            edge("COMPUTES", "batch", "gl"),
            edge("CAN_WRITE", "feeder", "raw"),
            edge("FEEDS", "raw", "gl", transform="copy"),
            edge("CAN_WRITE", "gated", "gl", gate="acme:approval"),
            edge("OWNS", "owner", "gl"),
            edge("CAN_READ", "calm", "clicks"),
        ],
        "gates": [
            {
                "key": "acme:approval",
                "kind": "approval",
                "approvers": ["acme:controller"],
                "at": "acme:erp",
                "tests": {"human": False, "enforced_by_target": True, "out_of_reach": True}
                | {"content_bound": True, "no_auto_threshold": True, "log_out_of_reach": True},
            }
        ],
        "gaps": [
            {"at": "acme:clicks", "reason": "not exported", "states": ["HALT"]},
        ],
    }
    return Sound({"books.facts.yml": body}, ("acme:gl",), "acme:calm")


def tables() -> Sound:
    """The same format as tables: nodes and edges in files of their own."""
    whole = facts().documents["books.facts.yml"]
    assert isinstance(whole, dict)
    plain = [one for one in whole["edges"] if not {"gate", "needs", "transform"} & one.keys()]
    names = ("kind", "from", "to", "action")
    rows = {
        "books.nodes.csv": [["kind", "key", "name"]]
        + [[one["kind"], one["key"], one.get("name", "")] for one in whole["nodes"]],
        "books.edges.csv": [[*names]]
        + [[str(one.get(name, "")) for name in names] for one in plain],
    }
    texts = {name: "".join(f"{','.join(row)}\n" for row in found) for name, found in rows.items()}
    return Sound(texts, ("acme:gl",), "acme:calm")

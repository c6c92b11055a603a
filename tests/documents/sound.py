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
        free: Places, as patterns of their pointers, where anything may stand.
        texts: Places where a text may stand for a list or a mapping.
    """

    documents: Mapping[str, object]
    targets: tuple[str, ...]
    calm: str
    beside: Mapping[str, str] = field(default_factory=dict)
    free: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

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


# -- GitHub -------------------------------------------------------------------------------------

_ERP = "github:acme/erp"
_API = "exports/repos/acme/erp"


def _ledger(*, logins: Mapping[str, str]) -> str:
    """Facts of who writes the books, and of what opens the way: secret to account."""
    accounts = sorted(set(logins.values()))
    facts = {
        "nhigraph": "facts/1",
        "nodes": [
            {"kind": "Dataset", "key": "acme:gl"},
            *({"kind": "ServiceAccount", "key": one} for one in accounts),
            *({"kind": "Secret", "key": one} for one in logins),
        ],
        "edges": [
            *({"kind": "CAN_WRITE", "from": one, "to": "acme:gl"} for one in accounts),
            *(
                {"kind": "AUTHENTICATES_AS", "from": secret, "to": account}
                for secret, account in logins.items()
            ),
        ],
    }
    return native.yaml_text(facts)


def _job(*steps: Json, **more: object) -> Json:
    return {"runs-on": "ubuntu-latest", "permissions": {"contents": "read"}, **more} | {
        "steps": [{"uses": "actions/checkout@v4"}, *steps]
    }


def _workflow(*events: str, **jobs: Json) -> Json:
    return {"name": "w", "on": dict.fromkeys(events), "permissions": {}, "jobs": jobs}


def github() -> Sound:
    """A repository with its workflows, its settings and its owner's."""
    password = "${{ secrets.PG_PW }}"
    nightly = {"on": {"schedule": [{"cron": "0 2 * * *"}]}}
    calls = "./.github/workflows/called.yml"
    workflows: dict[str, Json] = {
        "secrets": _workflow(
            "push",
            by_step=_job({"run": "python post.py", "env": {"PW": password}}),
            by_job=_job({"run": "python post.py"}, env={"PW": password}),
            by_script=_job({"run": f"post --password {password}"}),
            by_input=_job({"uses": "acme/post@v1", "with": {"password": password}}),
            by_action=_job({"uses": "./actions/post", "with": {"password": password}}),
            by_list=_job(
                {"run": 'post "$PW"', "env": {"PW": "${{ matrix.pw }}"}},
                strategy={"matrix": {"pw": [password]}},
            ),
            by_all=_job({"run": "post", "env": {"ALL": "${{ toJSON(secrets) }}"}}),
            by_container=_job(
                {"run": "python post.py"},
                container={"image": "python:3", "env": {"PW": password}},
            ),
            in_environment=_job(
                {"run": "post", "env": {"PW": "${{ secrets.PROD_PW }}"}},
                environment={"name": "production"},
            ),
        )
        | nightly,
        "tokens": _workflow(
            "push",
            writes=_job({"run": "git push"}, permissions={"contents": "write"}),
            all_of=_job({"run": "git push"}, permissions="write-all"),
        ),
        "default": {
            "on": ["push"],
            "jobs": {"unsaid": {"runs-on": "ubuntu-latest", "steps": [{"run": "git push"}]}},
        },
        "workflow_wide": {
            "on": "push",
            "permissions": {"contents": "write"},
            "jobs": {"inherits": {"runs-on": "ubuntu-latest", "steps": [{"run": "git push"}]}},
        },
        "calls": _workflow(
            "push",
            handing={"uses": calls, "secrets": {"PG_PW": password}},
            inheriting={"uses": calls, "secrets": "inherit"},
        ),
        "called": {
            "on": {"workflow_call": {"secrets": {"PG_PW": {"required": False}}}},
            "permissions": {},
            "jobs": {"called": _job({"run": "post", "env": {"PW": password}})},
        },
        "machine": _workflow(
            "push",
            machined=_job({"run": "make"}, **{"runs-on": ["self-hosted", "ledger"]}),
            machine_too=_job(
                {"run": "post", "env": {"PW": password}},
                **{"runs-on": ["self-hosted", "ledger"]},
            ),
        ),
        "calm": _workflow("push", calm=_job({"run": "make docs"})),
    }
    documents: dict[str, object] = {
        f"erp/.github/workflows/{name}.yml": body for name, body in workflows.items()
    }
    documents["erp/actions/post/action.yml"] = {
        "name": "post",
        "inputs": {"password": {"required": True}},
        "runs": {
            "using": "composite",
            "steps": [{"run": "post", "shell": "bash", "env": {"PW": "${{ inputs.password }}"}}],
        },
    }
    api = "https://api.github.com/repos/acme/erp"
    day = "2026-10-01T00:00:00Z"
    documents |= {
        f"{_API}.json": {
            "full_name": "acme/erp",
            "name": "erp",
            "url": api,
            "default_branch": "main",
            "visibility": "private",
            "archived": False,
        },
        f"{_API}/branches/main/protection.json": {
            "url": f"{api}/branches/main/protection",
            "enforce_admins": {"enabled": False},
        },
        f"{_API}/environments.json": {
            "total_count": 1,
            "environments": [
                {
                    "name": "production",
                    "url": f"{api}/environments/production",
                    "can_admins_bypass": True,
                    "protection_rules": [],
                }
            ],
        },
        f"{_API}/actions/secrets.json": {
            "total_count": 1,
            "secrets": [{"name": "PG_PW", "created_at": day, "updated_at": day}],
        },
        f"{_API}/environments/production/secrets.json": {
            "total_count": 1,
            "secrets": [{"name": "PROD_PW", "created_at": day, "updated_at": day}],
        },
        f"{_API}/actions/organization-secrets.json": {"total_count": 0, "secrets": []},
        f"{_API}/actions/permissions/workflow.json": {
            "default_workflow_permissions": "write",
            "can_approve_pull_request_reviews": False,
        },
        f"{_API}/keys.json": [
            {"id": 11, "key": "ssh-rsa CANARY", "title": "sync", "created_at": day}
            | {"url": f"{api}/keys/11", "verified": True, "read_only": False},
        ],
        f"{_API}/collaborators.json": [
            {
                "login": "deploy-bot[bot]",
                "id": 7,
                "type": "Bot",
                "permissions": {"pull": True, "push": True, "admin": False},
                "role_name": "write",
            }
        ],
        f"{_API}/hooks.json": [],
        f"{_API}/teams.json": [],
        "exports/orgs/acme/installations.json": {
            "total_count": 1,
            "installations": [
                {
                    "id": 1,
                    "account": {"login": "acme", "type": "Organization"},
                    "repository_selection": "all",
                    "app_id": 5,
                    "app_slug": "deployer",
                    "permissions": {"contents": "write", "metadata": "read"},
                    "events": [],
                    "created_at": day,
                    "suspended_at": None,
                }
            ],
        },
    }
    beside = {
        "erp/.git/config": native.remote("acme/erp"),
        "books.facts.yaml": _ledger(
            logins={
                f"{_ERP}/secret/PG_PW": "acme:poster",
                f"{_ERP}/environment/production/secret/PROD_PW": "acme:prod-poster",
            }
        ),
    }
    calm = f"{_ERP}/job/calm.yml#calm"
    texts = ("/jobs/*/container", "/jobs/*/runs-on")
    free = ("/jobs/*/strategy/matrix/*/0",)
    return Sound(documents, ("acme:gl",), calm, beside, free, texts)


# -- GitLab -------------------------------------------------------------------------------------

_LAB = "gitlab:gitlab.com/acme/erp"
_LAB_API = "exports/gitlab.com/projects/acme%2Ferp"


def gitlab() -> Sound:
    """A project with its pipeline and its settings, and one that nothing is in."""
    pipeline: Json = {
        "stages": ["build", "deploy"],
        ".production": {"environment": "production"},
        "by_name": {"stage": "deploy", "environment": "production", "script": ["post"]},
        "by_record": {"environment": {"name": "production"}, "script": ["post"]},
        "by_base": {"extends": ".production", "script": ["post"]},
        "by_list": {"extends": [".production"], "script": ["post"]},
        "by_variable": {"variables": {"WHERE": "production"}, "environment": "$WHERE"}
        | {"script": ["post"]},
        "by_machine": {"tags": ["ledger"], "script": ["make"]},
        "machine_too": {"tags": ["ledger"], "environment": "production", "script": ["post"]},
        "calm": {"script": ["make docs"]},
    }
    day = "2026-01-20T22:11:48.151Z"
    documents: dict[str, object] = {
        "erp/.gitlab-ci.yml": pipeline,
        f"{_LAB_API}.json": {
            "id": 4,
            "path_with_namespace": "acme/erp",
            "default_branch": "main",
            "visibility": "private",
            "archived": False,
            "ci_config_path": "",
            "forking_access_level": "enabled",
            "ci_allow_fork_pipelines_to_run_in_parent_project": False,
            "ci_push_repository_for_job_token_allowed": False,
            "shared_with_groups": [],
        },
        f"{_LAB_API}/variables.json": [
            {"variable_type": "env_var", "key": "PROD_PW", "value": "CANARY", "protected": False}
            | {"masked": True, "hidden": False, "raw": False, "environment_scope": "production"},
        ],
        "exports/gitlab.com/groups/acme/variables.json": [],
        f"{_LAB_API}/access_tokens.json": [
            {"id": 42, "user_id": 141, "name": "deployer", "scopes": ["api"], "active": True}
            | {
                "revoked": False,
                "access_level": 40,
                "created_at": day,
                "expires_at": "2027-01-31",
            },
            {"id": 43, "user_id": 142, "name": "mirror", "scopes": ["write_repository"]}
            | {"active": True, "revoked": False, "access_level": 30, "created_at": day}
            | {"expires_at": "2027-01-31"},
        ],
        f"{_LAB_API}/deploy_keys.json": [
            {
                "id": 3,
                "title": "sync",
                "key": "ssh-rsa CANARY",
                "created_at": day,
                "can_push": True,
            }
        ],
        f"{_LAB_API}/members/all.json": [
            {"id": 9, "username": "project_4_bot_0f3a", "state": "active", "access_level": 40}
            | {"expires_at": None},
        ],
        f"{_LAB_API}/triggers.json": [
            {"id": 10, "description": "nightly", "token": "CANARY", "created_at": day}
            | {"owner": {"id": 1, "username": "anna"}}
        ],
        f"{_LAB_API}/protected_branches.json": [
            {
                "id": 1,
                "name": "main",
                "push_access_levels": [{"id": 1, "access_level": 30}],
                "merge_access_levels": [{"id": 1, "access_level": 30}],
                "allow_force_push": True,
            }
        ],
        f"{_LAB_API}/protected_environments.json": [],
        f"{_LAB_API}/hooks.json": [],
        f"{_LAB_API}/job_token_scope.json": {"inbound_enabled": True, "outbound_enabled": False},
        f"{_LAB_API}/job_token_scope/allowlist.json": [],
        f"{_LAB_API}/job_token_scope/groups_allowlist.json": [],
        "exports/gitlab.com/runners/6.json": {
            "id": 6,
            "description": "books",
            "runner_type": "project_type",
            "is_shared": False,
            "paused": False,
            "projects": [{"id": 4, "path_with_namespace": "acme/erp"}],
            "tag_list": ["ledger"],
            "run_untagged": False,
            "locked": True,
            "access_level": "not_protected",
        },
    }
    beside = {
        "erp/.git/config": '[remote "origin"]\n\turl = git@gitlab.com:acme/erp.git\n',
        "books.facts.yaml": _ledger(
            logins={f"{_LAB}/environment/production/variable/PROD_PW": "acme:poster"}
        ),
    }
    texts = ("/*/environment", "/*/extends", "/*/tags", "/*/script")
    return Sound(documents, ("acme:gl",), f"{_LAB}/job/calm", beside, (), texts)

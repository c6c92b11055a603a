"""Answers that list or describe resources, by the member that holds them, and how a row is read.

What a program runs is said by where its code lies: a script of Glue in a bucket
(https://docs.aws.amazon.com/glue/latest/webapi/API_JobCommand.html), an image of a task in a
repository (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html,
both read 29 November 2026). Whoever writes there decides what runs.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

from nhigraph.policy.aws.details import day
from nhigraph.policy.aws.inventory import At, Resource, text
from nhigraph.policy.aws.statements import Place

_IMAGE: Final = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/"
    r"(?P<name>[^:@]+)"
)
_GITHUB: Final = re.compile(r"https://(?:[^@/]*@)?github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?")
_CODECOMMIT: Final = re.compile(
    r"https://git-codecommit(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/v1/repos/([\w.-]+?)/?"
)
_BUCKET: Final = re.compile(r"s3[an]?://([^/]+)/")
#: Days of a secret: what the answer calls them, and we do. That something of it was changed, such
#: as its description, says nothing of its value.
_DAYS: Final = {
    "CreatedDate": "created",
    "LastRotatedDate": "rotated",
    "LastAccessedDate": "last_used",
}
#: A row of an answer, its place and the answer's, to what it says.
Rows = Callable[[object, Place, At], Iterator[Resource]]


def image(said: str) -> str:
    """The ARN of the repository of an image; empty for one that does not lie in ECR."""
    found = _IMAGE.match(said)
    if found is None:
        return ""
    return f"arn:aws:ecr:{found['region']}:{found['account']}:repository/{found['name']}"


def _code(*arns: str) -> tuple[str, ...]:
    return tuple(sorted({arn for arn in arns if arn}))


def _bucket_of(address: str) -> str:
    found = _BUCKET.match(address)
    return f"arn:aws:s3:::{found[1]}" if found else ""


def _bucket(row: object, place: Place, at: At) -> Iterator[Resource]:
    name = text(row, "Name")
    yield Resource(f"arn:aws:s3:::{name}" if name else "", at.account, place, name)


def _function(row: object, place: Place, at: At) -> Iterator[Resource]:
    yield Resource(
        text(row, "FunctionArn"), at.account, place, text(row, "FunctionName"),
        at.key(text(row, "KMSKeyArn")), text(row, "Role"),
        code=_code(image(text(row, "Code", "ImageUri"))),
    )  # fmt: skip


def _secret(row: object, place: Place, at: At) -> Iterator[Resource]:
    body = row if isinstance(row, Mapping) else {}
    facts = {"owner": text(row, "OwningService")}
    facts |= {ours: day(body.get(name)) for name, ours in _DAYS.items()}
    name, key = text(row, "Name"), at.key(text(row, "KmsKeyId"))
    yield Resource(text(row, "ARN"), at.account, place, name, key, "", facts)


def _parameter(row: object, place: Place, at: At) -> Iterator[Resource]:
    name = text(row, "Name")
    arn = text(row, "ARN") or at.arn("ssm", f"parameter/{name.removeprefix('/')}")
    if text(row, "Type") in {"", "SecureString"}:
        yield Resource(arn, at.account, place, name, at.key(text(row, "KeyId")))


def _named(service: str, form: str) -> Rows:
    """Rows that are names, or have one."""

    def rows(row: object, place: Place, at: At) -> Iterator[Resource]:
        name = row if isinstance(row, str) else text(row, "Name")
        yield Resource(at.arn(service, form.format(name)) if name else "", at.account, place, name)

    return rows


def _arns(row: object, place: Place, at: At) -> Iterator[Resource]:
    """Rows that are ARNs."""
    arn = row if isinstance(row, str) else ""
    yield Resource(arn, at.account, place, arn.rpartition(":")[2].rpartition("/")[2])


def _queue(row: object, place: Place, at: At) -> Iterator[Resource]:
    name = row.rpartition("/")[2] if isinstance(row, str) else ""
    yield Resource(at.arn("sqs", name) if name else "", at.account, place, name)


def _by_arn(member: str, name: str, *roles: str) -> Rows:
    def rows(row: object, place: Place, at: At) -> Iterator[Resource]:
        arn = text(row, member)
        role = next((found for one in roles if (found := text(row, one))), "")
        said = text(row, name) or arn.rpartition(":")[2]
        yield Resource(arn, at.account, place, said, role=role)

    return rows


def _project(row: object, place: Place, at: At) -> Iterator[Resource]:
    """A project of CodeBuild: its name, or what is said of it."""
    name = row if isinstance(row, str) else text(row, "name")
    arn = text(row, "arn") or (at.arn("codebuild", f"project/{name}") if name else "")
    built = [*_built(row, at)]
    code = _code(image(text(row, "environment", "image")), *(one for one, _, _ in built))
    facts = {
        "repositories": " ".join(sorted({one for _, one, _ in built if one})),
        "elsewhere": ", ".join(sorted({one for _, _, one in built if one})),
    }
    role = text(row, "serviceRole")
    yield Resource(arn, at.account, place, name, "", role, facts, code)


def _built(row: object, at: At) -> Iterator[tuple[str, str, str]]:
    """What a project builds: an ARN of what it lies in, a repository of GitHub's, or where else.

    https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectSource.html (read 30
    November 2026): of S3 the location is a bucket, a slash and a name; of CodeCommit the address
    of a repository, in the project's account.
    """
    others = row.get("secondarySources") if isinstance(row, Mapping) else None
    main = row.get("source") if isinstance(row, Mapping) else None
    for one in (main, *(others if isinstance(others, list) else ())):
        sort, location = text(one, "type"), text(one, "location")
        if sort == "S3":
            yield _bucket_of(f"s3://{location}"), "", ""
        elif found := _CODECOMMIT.fullmatch(location):
            yield f"arn:aws:codecommit:{found[1]}:{at.account}:{found[2]}", "", ""
        elif found := _GITHUB.fullmatch(location):
            yield "", f"{found[1]}/{found[2]}", ""
        elif sort not in {"", "NO_SOURCE"}:
            yield "", "", sort


def _glue_job(row: object, place: Place, at: At) -> Iterator[Resource]:
    name = row if isinstance(row, str) else text(row, "Name")
    arn = at.arn("glue", f"job/{name}") if name else ""
    code = _code(_bucket_of(text(row, "Command", "ScriptLocation")))
    yield Resource(arn, at.account, place, name, role=text(row, "Role"), code=code)


def _table(row: object, place: Place, at: At) -> Iterator[Resource]:
    name = f"{text(row, 'DatabaseName')}/{text(row, 'Name')}"
    arn = "" if name.startswith("/") or name.endswith("/") else at.arn("glue", f"table/{name}")
    yield Resource(arn, at.account, place, name.replace("/", "."))


def _log_group(row: object, place: Place, at: At) -> Iterator[Resource]:
    arn = (text(row, "logGroupArn") or text(row, "arn")).removesuffix(":*")
    yield Resource(
        arn, at.account, place, text(row, "logGroupName"), at.key(text(row, "kmsKeyId"))
    )


def _reservation(row: object, place: Place, at: At) -> Iterator[Resource]:
    """Instances of one reservation, each with the profile that gives it a role."""
    listed = row.get("Instances") if isinstance(row, Mapping) else None
    for index, one in enumerate(listed if isinstance(listed, list) else []):
        name = text(one, "InstanceId")
        arn = at.arn("ec2", f"instance/{name}") if name else ""
        facts = {"profile": text(one, "IamInstanceProfile", "Arn")}
        yield Resource(
            arn, at.account, (place[0], (*place[1], "Instances", index)), name, facts=facts
        )


def _service(row: object, place: Place, at: At) -> Iterator[Resource]:
    """A service of ECS, which runs tasks of a definition."""
    facts = {"task": text(row, "taskDefinition")}
    arn = text(row, "serviceArn")
    yield Resource(arn, at.account, place, text(row, "serviceName"), facts=facts)


def _task(row: object, place: Place, at: At) -> Iterator[Resource]:
    arn = text(row, "taskDefinitionArn")
    containers = _members(row, "containerDefinitions")
    images = [text(one, "image") for one in containers]
    given = [text(x, "valueFrom") for one in containers for x in _members(one, "secrets")]
    facts = {
        "described": "yes",
        "execution": text(row, "executionRoleArn"),
        "given": " ".join(sorted({_given(x, at) for x in given if x})),
    }
    yield Resource(
        arn, at.account, place, arn.rpartition("/")[2], role=text(row, "taskRoleArn"), facts=facts,
        code=_code(*map(image, images)),
    )  # fmt: skip


def _members(row: object, name: str) -> list[object]:
    listed = row.get(name) if isinstance(row, Mapping) else None
    return listed if isinstance(listed, list) else []


def _given(said: str, at: At) -> str:
    """The ARN of a secret or parameter that a container is given.

    A secret's may go on with a key of its JSON, a stage and a version; a parameter of the region
    stands by its name
    (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html, read 30 November
    2026).
    """
    parts = said.split(":")
    if parts[2:3] == ["secretsmanager"]:
        return ":".join(parts[:7])
    return said if len(parts) > 1 else at.arn("ssm", f"parameter/{said.removeprefix('/')}")


def _key(row: object, place: Place, at: At) -> Iterator[Resource]:
    yield Resource(text(row, "KeyArn"), at.account, place, text(row, "KeyId"))


def _cluster(row: object, place: Place, at: At) -> Iterator[Resource]:
    name = text(row, "ClusterIdentifier")
    arn = f"{at.arn('redshift', 'cluster')}:{name}" if name else ""
    yield Resource(arn, at.account, place, name, at.key(text(row, "KmsKeyId")))


def _database(row: object, place: Place, at: At) -> Iterator[Resource]:
    body = row if isinstance(row, Mapping) else {}
    address = body.get("Endpoint")
    port = address.get("Port") if isinstance(address, Mapping) else body.get("Port")
    facts = {
        "engine": text(row, "Engine"),
        "host": text(row, "Endpoint", "Address") or text(row, "Endpoint"),
        "port": str(port or ""),
        "database": text(row, "DBName") or text(row, "DatabaseName"),
        "master": text(row, "MasterUsername"),
        "secret": text(row, "MasterUserSecret", "SecretArn"),
        "resource": text(row, "DbiResourceId") or text(row, "DbClusterResourceId"),
        "iam": "yes" if body.get("IAMDatabaseAuthenticationEnabled") is True else "no",
    }
    arn = text(row, "DBInstanceArn") or text(row, "DBClusterArn")
    name = text(row, "DBInstanceIdentifier") or text(row, "DBClusterIdentifier")
    yield Resource(arn, at.account, place, name, at.key(text(row, "KmsKeyId")), "", facts)


#: Member of an answer, to the service whose resources it has and how each row is read.
LISTINGS: Final[Mapping[str, tuple[str, Rows]]] = {
    "Buckets": ("s3", _bucket),
    "Functions": ("lambda", _function),
    "SecretList": ("secretsmanager", _secret),
    "Parameters": ("ssm", _parameter),
    "TableNames": ("dynamodb", _named("dynamodb", "table/{}")),
    "StreamNames": ("kinesis", _named("kinesis", "stream/{}")),
    "DeliveryStreamNames": ("firehose", _named("firehose", "deliverystream/{}")),
    "QueueUrls": ("sqs", _queue),
    "Topics": ("sns", _by_arn("TopicArn", "")),
    "Keys": ("kms", _key),
    "DBInstances": ("rds", _database),
    "DBClusters": ("rds", _database),
    "DBProxies": ("rds", _by_arn("DBProxyArn", "DBProxyName")),
    "Clusters": ("redshift", _cluster),
    "repositories": ("ecr", _by_arn("repositoryArn", "repositoryName")),
    "stateMachines": ("states", _by_arn("stateMachineArn", "name", "roleArn")),
    "projects": ("codebuild", _project),
    "Reservations": ("ec2", _reservation),
    "serviceArns": ("ecs", _arns),
    "services": ("ecs", _service),
    "taskDefinitionArns": ("ecs", _arns),
    "taskDefinition": ("ecs", _task),
    "Jobs": ("glue", _glue_job),
    "DatabaseList": ("glue", _named("glue", "database/{}")),
    "TableList": ("glue", _table),
    "trailList": ("cloudtrail", _by_arn("TrailARN", "Name")),
    "logGroups": ("logs", _log_group),
    "StackSummaries": ("cloudformation", _by_arn("StackId", "StackName", "RoleARN")),
    "Stacks": ("cloudformation", _by_arn("StackId", "StackName", "RoleARN")),
}
#: Commands whose whole answer is one row.
SINGLES: Final[Mapping[str, tuple[str, Rows]]] = {
    "describe-state-machine": ("states", _by_arn("stateMachineArn", "name", "roleArn")),
}
#: Members that have to be there for all that a service has; of others any one will do.
_ALL_OF: Final[Mapping[str, frozenset[str]]] = {
    "ecs": frozenset({"clusterArns", "taskDefinitionArns"}),
    "glue": frozenset({"Jobs", "DatabaseList"}),
    "rds": frozenset({"DBInstances", "DBClusters"}),
}
#: Services of which those things matter that something else names: no listing is missed.
NAMED: Final = frozenset({"codecommit"})
#: Members that list what others lie in, and the service.
CONTAINERS: Final[Mapping[str, str]] = {"clusterArns": "ecs"}
#: Of types that one listing has all of, its member.
WHOLE: Final[Mapping[str, str]] = {
    "secretsmanager:Secret": "SecretList",
    "ssm:parameter": "Parameters",
    "lambda:function": "Functions",
    "dynamodb:table": "TableNames",
    "kinesis:stream": "StreamNames",
    "firehose:deliverystream": "DeliveryStreamNames",
    "sqs:queue": "QueueUrls",
    "sns:topic": "Topics",
    "kms:key": "Keys",
    "rds:db": "DBInstances",
    "rds:cluster": "DBClusters",
    "redshift:cluster": "Clusters",
    "ecr:repository": "repositories",
    "states:statemachine": "stateMachines",
    "codebuild:project": "projects",
    "glue:job": "Jobs",
    "glue:database": "DatabaseList",
    "logs:log-group": "logGroups",
}
#: Types of what always runs as a role, and of what may.
RUNNING: Final = frozenset(
    {"lambda:function", "states:statemachine", "codebuild:project", "glue:job"}
)
MAY_RUN: Final = frozenset({"ec2:instance", "cloudformation:stack"})
#: Services that the command line calls otherwise than ARNs do.
_COMMAND_LINE: Final[Mapping[str, str]] = {"s3api": "s3", "stepfunctions": "states"}


def is_of(service: str, command_line: str) -> bool:
    """Whether a service is what the command line calls so."""
    return _COMMAND_LINE.get(command_line, command_line) == service


def is_whole(service: str, members: Collection[str]) -> bool:
    """Whether these members together have all that a service has."""
    asked = _ALL_OF.get(service)
    if service in NAMED:
        return True
    return bool(members) if asked is None else asked <= set(members)

"""What there is besides identities: resources with their own policies, and what runs as whom.

Documents are answers of the AWS CLI as it prints them, which ``queries/export/aws.sh`` puts at
``aws/ACCOUNT/REGION/SERVICE/COMMAND[/NAME].json``; a list of ``{Resource, Policy, Account}`` is
read too. A listing that is there has everything of its kind in that account and region; one that
is not says nothing. A policy that the resource does not have is an answer too: ``{}``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from nhigraph.policy.aws.request import account as account_of
from nhigraph.policy.aws.statements import Place, Policy, read_policy

ADDRESS: Final = re.compile(
    r"(?:.*/)?aws/(?P<account>\d{12})/(?P<region>[a-z0-9-]+)/(?P<service>[a-z0-9-]+)/"
    r"(?P<command>[a-z0-9-]+)(?:/(?P<name>.+))?\.json\Z"
)


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource.

    Attributes:
        arn: Its ARN.
        account: Whose it is.
        place: Where it is said.
        name: For people.
        key: ARN of the key that encrypts it; empty for none of one's own.
        role: ARN of the role that runs there; empty for none.
        facts: What else is said that others need, such as a database's address.
    """

    arn: str
    account: str
    place: Place
    name: str = ""
    key: str = ""
    role: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Resources:
    """What one document says.

    Attributes:
        resources: Resources.
        policies: Policy of a resource by ARN; None where it has none.
        listed: Account and service of which a listing is there.
        providers: ARNs of OIDC and SAML providers, and where each is said.
        problems: What could not be read, and why.
    """

    resources: list[Resource] = field(default_factory=list)
    policies: dict[str, Policy | None] = field(default_factory=dict)
    listed: set[tuple[str, str]] = field(default_factory=set)
    providers: dict[str, Place] = field(default_factory=dict)
    problems: list[tuple[Place, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _At:
    """Where an answer stands."""

    artifact: str
    account: str
    region: str
    name: str

    def place(self, *pointer: str | int) -> Place:
        return self.artifact, pointer

    def arn(self, service: str, rest: str, *, region: bool = True) -> str:
        return f"arn:aws:{service}:{self.region if region else ''}:{self.account}:{rest}"


_Row = Mapping[str, object]
_Rows = Callable[[_Row, Place, _At], Iterator[Resource]]


def _text(row: _Row, *names: str) -> str:
    body: object = row
    for name in names:
        body = body.get(name) if isinstance(body, Mapping) else None
    return body if isinstance(body, str) else ""


def _bucket(row: _Row, place: Place, at: _At) -> Iterator[Resource]:
    name = _text(row, "Name")
    if name:
        yield Resource(f"arn:aws:s3:::{name}", at.account, place, name)


def _function(row: _Row, place: Place, at: _At) -> Iterator[Resource]:
    arn = _text(row, "FunctionArn")
    role, key = _text(row, "Role"), _text(row, "KMSKeyArn")
    yield Resource(arn, at.account, place, _text(row, "FunctionName"), key, role)


def _secret(row: _Row, place: Place, at: _At) -> Iterator[Resource]:
    facts = {"owner": _text(row, "OwningService")}
    yield Resource(
        _text(row, "ARN"), at.account, place, _text(row, "Name"), _text(row, "KmsKeyId"), "", facts
    )


def _parameter(row: _Row, place: Place, at: _At) -> Iterator[Resource]:
    name = _text(row, "Name")
    arn = _text(row, "ARN") or at.arn("ssm", f"parameter/{name.removeprefix('/')}")
    if _text(row, "Type") in {"", "SecureString"}:
        yield Resource(arn, at.account, place, name, _text(row, "KeyId"))


def _table(name: object, place: Place, at: _At) -> Iterator[Resource]:
    yield Resource(at.arn("dynamodb", f"table/{name}"), at.account, place, str(name))


def _queue(url: object, place: Place, at: _At) -> Iterator[Resource]:
    name = str(url).rpartition("/")[2]
    yield Resource(at.arn("sqs", name), at.account, place, name)


def _by_arn(member: str, name: str) -> _Rows:
    def rows(row: _Row, place: Place, at: _At) -> Iterator[Resource]:
        arn = _text(row, member)
        said = _text(row, name) or arn.rpartition(":")[2]
        yield Resource(
            arn, at.account, place, said, role=_text(row, "roleArn") or _text(row, "serviceRole")
        )

    return rows


def _key(row: _Row, place: Place, at: _At) -> Iterator[Resource]:
    yield Resource(_text(row, "KeyArn"), at.account, place, _text(row, "KeyId"))


def _database(row: _Row, place: Place, at: _At) -> Iterator[Resource]:
    address = row.get("Endpoint")
    port = address.get("Port") if isinstance(address, Mapping) else row.get("Port")
    host = _text(row, "Endpoint", "Address") or _text(row, "Endpoint")
    facts = {
        "engine": _text(row, "Engine"),
        "host": host,
        "port": str(port or ""),
        "database": _text(row, "DBName") or _text(row, "DatabaseName"),
        "master": _text(row, "MasterUsername"),
        "secret": _text(row, "MasterUserSecret", "SecretArn"),
        "resource": _text(row, "DbiResourceId") or _text(row, "DbClusterResourceId"),
        "iam": "yes" if row.get("IAMDatabaseAuthenticationEnabled") is True else "no",
    }
    arn = _text(row, "DBInstanceArn") or _text(row, "DBClusterArn")
    name = _text(row, "DBInstanceIdentifier") or _text(row, "DBClusterIdentifier")
    yield Resource(arn, at.account, place, name, _text(row, "KmsKeyId"), "", facts)


#: Member of an answer, to the service whose resources it lists and how each row is read.
_LISTINGS: Final[Mapping[str, tuple[str, Callable[[object, Place, _At], Iterator[Resource]]]]] = {
    name: (service, rows)  # type: ignore[misc]  # rows of texts and rows of records alike
    for name, service, rows in (
        ("Buckets", "s3", _bucket),
        ("Functions", "lambda", _function),
        ("SecretList", "secretsmanager", _secret),
        ("Parameters", "ssm", _parameter),
        ("TableNames", "dynamodb", _table),
        ("QueueUrls", "sqs", _queue),
        ("Topics", "sns", _by_arn("TopicArn", "")),
        ("Keys", "kms", _key),
        ("DBInstances", "rds", _database),
        ("DBClusters", "rds", _database),
        ("repositories", "ecr", _by_arn("repositoryArn", "repositoryName")),
        ("stateMachines", "states", _by_arn("stateMachineArn", "name")),
        ("projects", "codebuild", _by_arn("arn", "name")),
        ("trailList", "cloudtrail", _by_arn("TrailARN", "Name")),
    )
}
#: Command that prints a policy, to the ARN of what it is of.
_POLICIES: Final[Mapping[str, Callable[[_At], str]]] = {
    "get-bucket-policy": lambda at: f"arn:aws:s3:::{at.name}",
    "get-key-policy": lambda at: at.arn("kms", f"key/{at.name}"),
    "get-resource-policy": lambda at: at.arn("secretsmanager", f"secret:{at.name}"),
    "get-policy": lambda at: at.arn("lambda", f"function:{at.name}"),
    "get-repository-policy": lambda at: at.arn("ecr", f"repository/{at.name}"),
    "get-topic-attributes": lambda at: at.arn("sns", at.name),
    "get-queue-attributes": lambda at: at.arn("sqs", at.name),
}


def is_resources(body: object, artifact: str) -> bool:
    """Whether a document is one that this module reads."""
    if ADDRESS.fullmatch(artifact) and isinstance(body, Mapping):
        found = ADDRESS.fullmatch(artifact)
        named = found is not None and (found["command"] in _POLICIES or found["service"] == "iam")
        return named or any(name in body for name in _LISTINGS)
    return _is_pairs(body)


def _is_pairs(body: object) -> bool:
    return (
        isinstance(body, list)
        and bool(body)
        and all(isinstance(one, Mapping) and {"Resource", "Policy"} <= one.keys() for one in body)
    )


def read_resources(body: object, artifact: str) -> Resources:
    """Read one document."""
    found = Resources()
    if _is_pairs(body) and isinstance(body, list):
        for index, one in enumerate(body):
            _pair(one, (artifact, (index,)), found)
        return found
    address = ADDRESS.fullmatch(artifact)
    if address is None or not isinstance(body, Mapping):
        return found
    at = _At(artifact, address["account"], address["region"], address["name"] or "")
    if address["command"] in _POLICIES:
        _policy(body, _POLICIES[address["command"]](at), at, found)
    _providers(body, at, found)
    for name, (service, rows) in _LISTINGS.items():
        if isinstance(listed := body.get(name), list):
            if not (body.get("NextToken") or body.get("NextMarker")):
                found.listed.add((at.account, service))
            _listing(listed, name, rows, at, found)
        elif name in body:
            found.problems.append((at.place(name), "expected a list"))
    return found


def _listing(
    listed: list[object],
    name: str,
    rows: Callable[[object, Place, _At], Iterator[Resource]],
    at: _At,
    found: Resources,
) -> None:
    for index, row in enumerate(listed):
        for one in rows(row, at.place(name, index), at):
            if one.arn:
                found.resources.append(one)
            else:
                found.problems.append((one.place, "expected its ARN"))


def _pair(one: Mapping[str, object], place: Place, found: Resources) -> None:
    arn = str(one["Resource"])
    policy = read_policy(one["Policy"], f"policy of {arn}", (place[0], (*place[1], "Policy")))
    found.problems += policy.problems
    found.policies[arn] = policy
    owner = str(one.get("Account") or account_of(arn))
    if owner:
        found.resources.append(Resource(arn, owner, place, arn.rpartition(":")[2]))


def _policy(body: Mapping[str, object], arn: str, at: _At, found: Resources) -> None:
    for pointer in (("Policy",), ("ResourcePolicy",), ("policyText",), ("Attributes", "Policy")):
        document: object = body
        for name in pointer:
            document = document.get(name) if isinstance(document, Mapping) else None
        if document:
            policy = read_policy(document, f"policy of {arn}", at.place(*pointer))
            found.problems += policy.problems
            found.policies[arn] = policy
            return
    found.policies[arn] = None


def _providers(body: Mapping[str, object], at: _At, found: Resources) -> None:
    for name in ("OpenIDConnectProviderList", "SAMLProviderList"):
        listed = body.get(name)
        for index, one in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(one, Mapping) and isinstance(one.get("Arn"), str):
                found.providers[str(one["Arn"])] = at.place(name, index)

"""What there is besides identities: resources with their own policies, and what runs as whom.

Documents are answers of the AWS CLI as it prints them, which ``queries/export/aws.sh`` puts at
``aws/ACCOUNT/REGION/SERVICE/COMMAND[/NAME].json``; a list of ``{Resource, Policy, Account}`` is
read too. A listing that is there has everything of its kind in that account and region; one that
is not says nothing. A policy that the resource does not have is an answer too: ``{}``; of keys
and topics, which always have one, it is none.

Two services have one policy for all of an account in a region: Glue's catalog
(https://docs.aws.amazon.com/glue/latest/dg/security_iam_resource-based-policy-examples.html) and
the policies of CloudWatch Logs
(https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html).
A grant of a key stands beside its policy
(https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html, all read 29 November
2026), as does a bucket's access control list (``buckets``).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from types import UnionType
from typing import Final

from nhigraph.policy.aws.authority import Grant
from nhigraph.policy.aws.buckets import Buckets, read_acl, read_block
from nhigraph.policy.aws.inventory import ADDRESS, ARN, At, Resource, text
from nhigraph.policy.aws.listings import CONTAINERS, LISTINGS, SINGLES, Rows, is_of
from nhigraph.policy.aws.request import account as account_of
from nhigraph.policy.aws.statements import Place, Policy, Statement, read_policy
from nhigraph.records import dataclass

_Pointer = tuple[str | int, ...]
#: Members that list providers, to how the ARN of one of them goes on.
_PROVIDERS: Final[Mapping[str, str]] = {
    "OpenIDConnectProviderList": "oidc-provider",
    "SAMLProviderList": "saml-provider",
}


@dataclass
class Resources:
    """What one document says.

    Attributes:
        resources: Resources.
        policies: Policy of a resource by ARN; None where it has none.
        grants: Grants of a key by its ARN.
        buckets: What lets in to buckets, or keeps out, beside their policies.
        listed: Account, service and member of which a listing is there.
        listed_in: Account, region and member of which a whole listing is there.
        providers: ARNs of OIDC and SAML providers, and where each is said.
        federated: Account and sort of provider of which a listing is there.
        problems: What could not be read, and why.
    """

    resources: list[Resource] = field(default_factory=list)
    policies: dict[str, Policy | None] = field(default_factory=dict)
    grants: dict[str, tuple[Grant, ...]] = field(default_factory=dict)
    buckets: Buckets = field(default_factory=Buckets)
    listed: set[tuple[str, str, str]] = field(default_factory=set)
    listed_in: set[tuple[str, str, str]] = field(default_factory=set)
    providers: dict[str, Place] = field(default_factory=dict)
    federated: set[tuple[str, str]] = field(default_factory=set)
    problems: list[tuple[Place, str]] = field(default_factory=list)

    def take_block(self, whose: str, said: object, place: Place) -> None:
        """Take in what is blocked of a bucket, by its ARN, or of an account, by its number."""
        for one in read_block(said):
            if isinstance(one, str):
                self.problems.append((place, one))
            else:
                self.buckets.blocks[whose] = one


def policy_holder(arn: str) -> str:
    """The ARN under which the policy of a resource is kept."""
    parts = arn.split(":")
    if parts[2] == "glue":
        return ":".join([*parts[:5], "catalog"])
    return ":".join([*parts[:5], "resource-policies"]) if parts[2] == "logs" else arn


#: Service and command that print a policy, to the ARN of what it is of.
_POLICIES: Final[Mapping[tuple[str, str], Callable[[At], str]]] = {
    ("s3api", "get-bucket-policy"): lambda at: f"arn:aws:s3:::{at.name}",
    ("kms", "get-key-policy"): lambda at: at.arn("kms", f"key/{at.name}"),
    ("secretsmanager", "get-resource-policy"): lambda at: at.arn(
        "secretsmanager", f"secret:{at.name}"
    ),
    ("lambda", "get-policy"): lambda at: at.arn("lambda", f"function:{at.name}"),
    ("ecr", "get-repository-policy"): lambda at: at.arn("ecr", f"repository/{at.name}"),
    ("sns", "get-topic-attributes"): lambda at: at.arn("sns", at.name),
    ("sqs", "get-queue-attributes"): lambda at: at.arn("sqs", at.name),
    ("dynamodb", "get-resource-policy"): lambda at: at.arn("dynamodb", f"table/{at.name}"),
    ("kinesis", "get-resource-policy"): lambda at: at.arn("kinesis", f"stream/{at.name}"),
    ("ssm", "get-resource-policies"): lambda at: at.arn("ssm", f"parameter/{at.name}"),
    ("glue", "get-resource-policy"): lambda at: at.arn("glue", "catalog"),
    ("codebuild", "get-resource-policy"): lambda at: at.arn("codebuild", f"project/{at.name}"),
    ("logs", "describe-resource-policies"): lambda at: at.arn("logs", "resource-policies"),
}
#: Those of things that are never without one: an answer without it lacks it.
#: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html ("exactly one"),
#: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html (its default).
_ALWAYS: Final = frozenset({("kms", "get-key-policy"), ("sns", "get-topic-attributes")})
#: Where such answers have the document; a number stands for each of a list.
_DOCUMENTS: Final = (
    ("Policy",),
    ("ResourcePolicy",),
    ("policyText",),
    ("policy",),
    ("PolicyInJson",),
    ("Attributes", "Policy"),
    ("resourcePolicies", 0, "policyDocument"),
    ("Policies", 0, "Policy"),
)


#: What the command line leaves out where it is an empty list, by service and command: of an
#: account without queues it prints nothing at all, which the export script writes as ``{}``.
_SILENT: Final[Mapping[tuple[str, str], str]] = {("sqs", "list-queues"): "QueueUrls"}


def _said(body: object, found: re.Match[str] | None) -> object:
    """An answer with the list that an empty one leaves out."""
    member = _SILENT.get((found["service"], found["command"])) if found is not None else None
    return {member: []} if member is not None and body == {} else body


def is_resources(body: object, artifact: str) -> bool:
    """Whether a document is one that this module reads."""
    found = ADDRESS.fullmatch(artifact)
    body = _said(body, found)
    if found is not None and isinstance(body, Mapping):
        said = (found["service"], found["command"])
        if said in _POLICIES or said in _BESIDE or found["service"] == "iam":
            return True
        if said[1] in SINGLES and is_of(SINGLES[said[1]][0], said[0]):
            return True
        return any(is_of(CONTAINERS[one], said[0]) for one in CONTAINERS if one in body) or any(
            is_of(service, said[0]) for name, (service, _) in LISTINGS.items() if name in body
        )
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
    body = _said(body, address)
    if address is None or not isinstance(body, Mapping):
        return found
    at = At(artifact, address["account"], address["region"], address["name"] or "")
    service, command = address["service"], address["command"]
    if (service, command) in _POLICIES:
        arn = _POLICIES[service, command](at)
        _policies(body, arn, at, found, always=(service, command) in _ALWAYS)
    if (service, command) in _BESIDE:
        _BESIDE[service, command](body, at, found)
    _providers(body, at, found)
    if command in SINGLES and is_of(SINGLES[command][0], service):
        _rows([((), body)], SINGLES[command][1], at, found)
    _listed(body, at, service, found)
    return found


def _listed(body: Mapping[str, object], at: At, command_line: str, found: Resources) -> None:
    """Take in the listings of one answer."""
    more = bool(body.get("NextToken") or body.get("NextMarker") or body.get("nextToken"))
    members = {**{name: service for name, (service, _) in LISTINGS.items()}, **CONTAINERS}
    for name, service in members.items():
        if name not in body or not is_of(service, command_line):
            continue
        listed = body[name]
        rows = LISTINGS[name][1] if name in LISTINGS else None
        if isinstance(listed, Mapping) and rows is not None:
            _rows([((name,), listed)], rows, at, found)
        elif not isinstance(listed, list):
            found.problems.append((at.place(name), "expected a list"))
        else:
            whole = not more
            if rows is not None:
                several: list[tuple[_Pointer, object]] = [
                    ((name, index), row) for index, row in enumerate(listed)
                ]
                whole = _rows(several, rows, at, found) and whole
            # An answer about one thing, which its address names, lists nothing.
            if whole and not at.name:
                found.listed.add((at.account, service, name))
                found.listed_in.add((at.account, at.region, name))


def _rows(listed: list[tuple[_Pointer, object]], rows: Rows, at: At, found: Resources) -> bool:
    """Take in rows of an answer; whether each says what it is of."""
    good = True
    for pointer, row in listed:
        for one in rows(row, at.place(*pointer), at):
            if ARN.fullmatch(one.arn):
                found.resources.append(one)
            else:
                good = False
                found.problems.append((one.place, "expected its ARN"))
    return good


def _pair(one: Mapping[str, object], place: Place, found: Resources) -> None:
    arn = str(one["Resource"])
    if not ARN.fullmatch(arn):
        found.problems.append((place, "expected the ARN of a resource"))
        return
    at = (place[0], (*place[1], "Policy"))
    policy = read_policy(one["Policy"], f"policy of {arn}", at, of_resource=True)
    found.problems += policy.problems
    found.policies[arn] = policy
    owner = str(one.get("Account") or account_of(arn))
    if owner:
        found.resources.append(Resource(arn, owner, place, arn.rpartition(":")[2]))


def _policies(
    body: Mapping[str, object], arn: str, at: At, found: Resources, *, always: bool
) -> None:
    """Take in the policy of a resource: of several documents, all of their statements."""
    statements: list[Statement] = []
    bad = [*_malformed(body)]
    if bad:
        # Whether there is a policy, and which, is not known.
        found.problems += [(at.place(name), "expected " + form) for name, form in bad]
        return
    documents = [*_documents(body)]
    if always and not documents:
        found.problems.append((at.place("Policy"), "expected its policy: it always has one"))
        return
    for pointer, document in documents:
        policy = read_policy(document, f"policy of {arn}", at.place(*pointer), of_resource=True)
        found.problems += policy.problems
        statements += policy.statements
    found.policies[arn] = Policy(f"policy of {arn}", tuple(statements)) if documents else None


def _malformed(body: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Members around documents that are none, and what is expected there."""
    for name, *inside in _DOCUMENTS:
        kind: type | UnionType = str | Mapping
        form = "a policy document"
        if inside:
            kind, form = (list, "a list") if inside[:1] == [0] else (Mapping, "a record")
        if body.get(name) is not None and not isinstance(body[name], kind):
            yield name, form


def _documents(body: Mapping[str, object]) -> Iterator[tuple[_Pointer, object]]:
    for form in _DOCUMENTS:
        places: list[tuple[_Pointer, object]] = [((), body)]
        for step in form:
            places = [
                ((*pointer, name), inside)
                for pointer, one in places
                for name, inside in _inside(one, step)
            ]
        # Kinesis says so that there is none.
        yield from ((pointer, one) for pointer, one in places if one and one != "{}")


def _inside(body: object, step: str | int) -> Iterator[tuple[str | int, object]]:
    if isinstance(step, str) and isinstance(body, Mapping) and step in body:
        yield step, body[step]
    elif isinstance(step, int) and isinstance(body, list):
        yield from enumerate(body)


def _grants(body: Mapping[str, object], at: At, found: Resources) -> None:
    """Take in the grants of one key: the one that the address names."""
    arn = at.arn("kms", f"key/{at.name}")
    listed = body.get("Grants")
    if not isinstance(listed, list):
        found.problems.append((at.place("Grants"), "expected a list"))
        return
    bad = [index for index, row in enumerate(listed) if not _is_grant(row)]
    if bad:
        # Whom it lets is not known.
        form = "expected GranteePrincipal, and a list of Operations"
        found.problems += [(at.place("Grants", index), form) for index in bad]
        return
    found.grants[arn] = tuple(
        _grant(row, arn, at.place("Grants", index))
        for index, row in enumerate(listed)
        if isinstance(row, Mapping)
    )


def _is_grant(row: object) -> bool:
    listed = row.get("Operations") if isinstance(row, Mapping) else None
    return bool(text(row, "GranteePrincipal")) and isinstance(listed, list)


def _grant(row: Mapping[str, object], arn: str, place: Place) -> Grant:
    named = row.get("Operations")
    operations = tuple(x for x in (named if isinstance(named, list) else []) if isinstance(x, str))
    grantee, name = text(row, "GranteePrincipal"), text(row, "GrantId")
    body = {
        "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": grantee}, "Resource": arn,
            "Action": [f"kms:{one}" for one in operations],
        }]
    }  # fmt: skip
    policy = read_policy(body, f"grant {name} of {arn}", ("", ()), of_resource=True)
    stated = tuple(replace(one, place=place) for one in policy.statements)
    asks = bool(row.get("Constraints"))
    return Grant(grantee, operations, asks, Policy(policy.name, stated))


def _acl(body: Mapping[str, object], at: At, found: Resources) -> None:
    """Take in the access control list of the bucket that the address names."""
    arn = f"arn:aws:s3:::{at.name}"
    for one in read_acl(body, arn, at):
        if isinstance(one, str):
            found.problems.append((at.place(), one))
        else:
            found.buckets.acls[arn] = one


def _block(body: Mapping[str, object], at: At, found: Resources) -> None:
    """Take in what is blocked of a bucket, or of the account where the address names none."""
    found.take_block(f"arn:aws:s3:::{at.name}" if at.name else at.account, body, at.place())


#: Answers that say who is let in beside a policy, or that nobody is.
_BESIDE: Final[Mapping[tuple[str, str], Callable[[Mapping[str, object], At, Resources], None]]] = {
    ("kms", "list-grants"): _grants,
    ("s3api", "get-bucket-acl"): _acl,
    ("s3api", "get-public-access-block"): _block,
    ("s3control", "get-public-access-block"): _block,
}


def _providers(body: Mapping[str, object], at: At, found: Resources) -> None:
    for name, sort in _PROVIDERS.items():
        listed = body.get(name)
        if not isinstance(listed, list):
            continue
        found.federated.add((at.account, sort))
        for index, one in enumerate(listed):
            if arn := text(one, "Arn"):
                found.providers[arn] = at.place(name, index)

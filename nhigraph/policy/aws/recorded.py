"""What AWS Config recorded of identities and resources, as the other readers take it.

An aggregator answers ``select-aggregate-resource-config`` with ``Results``, each a text that holds
an item as JSON (https://docs.aws.amazon.com/config/latest/APIReference/API_SelectAggregateResourceConfig.html);
people keep one item a line, or the snapshot that Config writes to a bucket, ``configurationItems``
(https://docs.aws.amazon.com/config/latest/developerguide/example-s3-snapshot.html). The
configuration of an identity is what the authorization details say of it, each name with a small
first letter (https://github.com/awslabs/aws-config-resource-schema, all read 29 November 2026).

A place is the item's: what lies deeper in it is spelt otherwise there. A query may leave out
anything, so nothing here is a whole listing.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, cast

from nhigraph.policy.aws.buckets import SETTING
from nhigraph.policy.aws.details import Details, Pointer, read_details
from nhigraph.policy.aws.inventory import At, Resource, text
from nhigraph.policy.aws.listings import LISTINGS
from nhigraph.policy.aws.resources import Resources, policy_holder
from nhigraph.policy.aws.statements import Place, decoded, read_policy

#: Stands in a pointer behind the one of an item: what follows is not in the file as it is written.
WITHIN: Final = "\0within"
#: Type of an identity's record, to the section of authorization details that has such.
_SECTIONS: Final[Mapping[str, str]] = {
    "AWS::IAM::User": "UserDetailList",
    "AWS::IAM::Group": "GroupDetailList",
    "AWS::IAM::Role": "RoleDetailList",
    "AWS::IAM::Policy": "Policies",
}
#: Types whose records say more than an ARN, a role and a key, to the listing that has such rows.
_MEMBERS: Final[Mapping[str, str]] = {
    "AWS::RDS::DBInstance": "DBInstances",
    "AWS::RDS::DBCluster": "DBClusters",
}
#: Such a type, whose listing has names with a small first letter.
_TASK: Final = ("AWS::ECS::TaskDefinition", "taskDefinition")
_ROLES: Final = (
    "TaskRoleArn",
    "taskRoleArn",
    "role",
    "roleArn",
    "RoleArn",
    "RoleARN",
    "serviceRole",
    "ServiceRole",
    "Role",
)
_KEYS: Final = ("kmsKeyId", "KmsKeyId", "kmsKeyArn", "KmsKeyArn", "kMSKeyArn", "KeyId")
#: Where a record has the policy of its resource: below the configuration, and beside it.
_INSIDE: Final = (("Policy",), ("policy",), ("RepositoryPolicyText",), ("ResourcePolicy",))
_BESIDE: Final = (("Policy",), ("BucketPolicy", "policyText"), ("policy",))
#: What an account blocks of all its buckets.
_BLOCKED: Final = "AWS::S3::AccountPublicAccessBlock"
#: Policies stand in these as they were written.
_DOCUMENTS: Final = frozenset({"AssumeRolePolicyDocument", "PolicyDocument", "Document"})


def is_recorded(body: object) -> bool:
    """Whether an answer is an item of Config's, or has some."""
    return next(_items(body, ()), None) is not None


def _items(body: object, at: Pointer) -> Iterator[tuple[Pointer, Mapping[str, object]]]:
    """Items of an answer, with where each stands."""
    if not isinstance(body, Mapping):
        return
    if str(body.get("resourceType", "")).startswith("AWS::") and "configuration" in body:
        yield at, body
    for member in ("Results", "configurationItems"):
        listed = body.get(member)
        for index, row in enumerate(listed if isinstance(listed, list) else []):
            yield from _items(decoded(row), (*at, member, index))


def read_recorded(body: object, artifact: str, at: Pointer = ()) -> tuple[Details, Resources]:
    """Read one answer: what it says of identities, and of what else there is."""
    details, resources = Details(), Resources()
    details.truncated = isinstance(body, Mapping) and bool(body.get("NextToken"))
    for pointer, item in _items(body, at):
        place = (artifact, (*pointer, WITHIN))
        if item["resourceType"] == _BLOCKED:
            account = text(item, "accountId") or text(item, "awsAccountId")
            if item["configuration"] is not None:
                resources.take_block(account, item["configuration"], place)
            continue
        section = _SECTIONS.get(str(item["resourceType"]))
        if section is None:
            _resource(item, place, resources)
            continue
        stated = {section: [_named(decoded(item["configuration"]))]}
        found = read_details(stated, artifact, place[1])
        details.identities += found.identities
        details.groups += found.groups
        details.managed |= found.managed
        details.problems += found.problems
        details.lost += found.lost
    return details, resources


def _named(body: object, first: Callable[[str], str] = str.upper) -> object:
    """A record with its names as listings spell them: their first letter is large, or small."""
    if isinstance(body, list):
        return [_named(one, first) for one in body]
    if not isinstance(body, Mapping):
        return body
    names = ((f"{first(str(name)[:1])}{str(name)[1:]}", one) for name, one in body.items())
    return {name: one if name in _DOCUMENTS else _named(one, first) for name, one in names}


def _resource(item: Mapping[str, object], place: Place, found: Resources) -> None:
    """Take in a resource, and its policy where the record has one."""
    arn = text(item, "arn") or text(item, "ARN")
    account = text(item, "accountId") or text(item, "awsAccountId")
    if not arn:
        found.problems.append((place, "expected arn"))
        return
    stated = decoded(item["configuration"])
    at = At(place[0], account, text(item, "awsRegion"), arn)
    member = _MEMBERS.get(str(item["resourceType"]))
    if member is not None:
        found.resources += LISTINGS[member][1](_named(stated), place, at)
    elif item["resourceType"] == _TASK[0] and isinstance(stated, Mapping):
        row = {**cast("Mapping[str, object]", _named(stated, str.lower)), "taskDefinitionArn": arn}
        found.resources += LISTINGS[_TASK[1]][1](row, place, at)
    else:
        found.resources.append(_plain(item, stated, arn, place, at))
    beside = decoded(item.get("supplementaryConfiguration"))
    if isinstance(beside, Mapping) and beside.get(SETTING) is not None:
        found.take_block(arn, beside[SETTING], place)
    for body, forms in ((stated, _INSIDE), (beside, _BESIDE)):
        for form in forms:
            document = _below(body, form)
            if document:
                policy = read_policy(document, f"policy of {arn}", place, of_resource=True)
                found.problems += policy.problems
                found.policies[policy_holder(arn)] = policy


def _plain(item: Mapping[str, object], stated: object, arn: str, place: Place, at: At) -> Resource:
    role = next((one for name in _ROLES if (one := text(stated, name))), "")
    key = next((one for name in _KEYS if (one := text(stated, name))), "")
    profile = text(stated, "iamInstanceProfile", "arn")
    task = text(stated, "TaskDefinition")
    return Resource(
        arn, at.account, place, text(item, "resourceName") or arn.rpartition(":")[2],
        key if ":key/" in key and key != arn else "", role,
        {"profile": profile, "task": task},
    )  # fmt: skip


def _below(body: object, form: tuple[str, ...]) -> object:
    for name in form:
        body = body.get(name) if isinstance(body, Mapping) else None
        body = decoded(body) if name != form[-1] else body
    return body if isinstance(body, str | Mapping) else None

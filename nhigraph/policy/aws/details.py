"""What ``get-account-authorization-details`` says: users, groups, roles and managed policies.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html (read
29 November 2026). It comes in pages; ``--filter`` leaves out whole sections, and a section that
is not there is not an empty one. Policies of AWS appear only where they are attached; one that is
used as a boundary alone may be missing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import UTC, datetime
from typing import Final

from nhigraph.policy.aws.authority import FULL
from nhigraph.policy.aws.inventory import ARN
from nhigraph.policy.aws.principals import Principal, Sort
from nhigraph.policy.aws.request import account
from nhigraph.policy.aws.statements import Place, Policy, read_policy, unread
from nhigraph.records import dataclass

#: What stands in members of a record.
_FORMS: Final = {
    **dict.fromkeys(
        ("RolePolicyList", "UserPolicyList", "GroupPolicyList"), "a list of PolicyDocument"
    ),
    "AttachedManagedPolicies": "a list of PolicyArn",
    "GroupList": "a list of names",
}
_IDENTITIES: Final = frozenset({"UserDetailList", "RoleDetailList"})
SECTIONS: Final = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
#: Policies of AWS whose whole content its documentation states.
WELL_KNOWN: Final[Mapping[str, Policy]] = {
    "policy/AdministratorAccess": Policy("AdministratorAccess", FULL.statements),
}

#: The year 9999, in seconds.
_LATEST: Final = 253_370_764_800
Pointer = tuple[str | int, ...]
#: An attached policy that the documents do not have: its ARN and where it is named.
Absent = tuple[str, Place]


@dataclass(frozen=True, slots=True)
class Identity:
    """A user or role.

    Attributes:
        principal: Who it is.
        place: Where its record stands.
        inline: Its inline policies.
        attached: ARNs of managed policies, and where each is named.
        groups: Names of its groups.
        boundary: ARN of its boundary; empty for none.
        boundary_place: Where that is named.
        trust: Whom a role trusts.
        created: Day it was made, ISO; empty where nobody says.
        last_used: Day of a role's last use, ISO; empty where nobody says.
        profiles: ARNs of instance profiles that give a role.
    """

    principal: Principal
    place: Place
    inline: tuple[Policy, ...]
    attached: tuple[Absent, ...]
    groups: tuple[str, ...]
    boundary: str
    boundary_place: Place
    trust: Policy | None
    created: str
    last_used: str
    profiles: tuple[str, ...] = ()

    @property
    def arn(self) -> str:
        """Its ARN."""
        return self.principal.arn


@dataclass(frozen=True, slots=True)
class Group:
    """A group of users.

    Attributes:
        arn: Its ARN.
        name: Its name.
        place: Where its record stands.
        inline: Its inline policies.
        attached: ARNs of managed policies, and where each is named.
    """

    arn: str
    name: str
    place: Place
    inline: tuple[Policy, ...]
    attached: tuple[Absent, ...]


@dataclass
class Details:
    """What one document says.

    Attributes:
        identities: Users and roles.
        groups: Groups.
        managed: Managed policies by ARN, in their default version.
        problems: Records that could not be read, and why.
        lost: Users and roles among them, of which it is not even known who they are.
        sections: Sections that are there.
        truncated: The provider says that more follows.
    """

    identities: list[Identity] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    managed: dict[str, Policy] = field(default_factory=dict)
    problems: list[tuple[Place, str]] = field(default_factory=list)
    lost: list[Place] = field(default_factory=list)
    sections: set[str] = field(default_factory=set)
    truncated: bool = False


class _BadError(Exception):
    """A record without something that it needs."""


def read_details(body: Mapping[str, object], artifact: str, at: Pointer = ()) -> Details:
    """Read one document.

    Args:
        body: The answer of the API, decoded or not.
        artifact: Name of the document.
        at: Where the answer stands in it.
    """
    found = Details(truncated=body.get("IsTruncated") is True)
    for section in SECTIONS:
        listed = body.get(section)
        if section not in body:
            continue
        found.sections.add(section)
        if not isinstance(listed, list):
            _refuse(section, (artifact, (*at, section)), "expected a list", found)
            continue
        for index, one in enumerate(listed):
            place = (artifact, (*at, section, index))
            try:
                _record(section, one, place, found)
            except _BadError as error:
                _refuse(section, place, str(error), found)
    return found


def _refuse(section: str, place: Place, problem: str, found: Details) -> None:
    found.problems.append((place, problem))
    if section in _IDENTITIES:
        found.lost.append(place)


def _record(section: str, one: object, place: Place, found: Details) -> None:
    if not isinstance(one, Mapping):
        raise _BadError("expected a record")
    if section == "Policies":
        arn = _arn(one)
        found.managed[arn] = _default_version(one, place, found)
    elif section == "GroupDetailList":
        inline = [*_inline(one, "GroupPolicyList", place, found)]
        attached = _attached(one, place, found, inline)
        group = Group(_arn(one), _text(one, "GroupName"), place, tuple(inline), attached)
        found.groups.append(group)
    else:
        found.identities.append(_identity(one, place, found, role=section == "RoleDetailList"))


def _arn(one: Mapping[str, object]) -> str:
    found = _text(one, "Arn")
    if not ARN.fullmatch(found):
        raise _BadError("expected an ARN at 'Arn'")
    return found


def _identity(one: Mapping[str, object], place: Place, found: Details, *, role: bool) -> Identity:
    arn = _arn(one)
    boundary = one.get("PermissionsBoundary")
    named = boundary.get("PermissionsBoundaryArn") if isinstance(boundary, Mapping) else boundary
    if boundary and not isinstance(named, str):
        # Some boundary it has: which one is not known.
        named = "that could not be read"
    tags = one.get("Tags")
    used = one.get("RoleLastUsed")
    last = used.get("LastUsedDate") if isinstance(used, Mapping) else ""
    who = Principal(
        arn,
        Sort.ROLE if role else Sort.USER,
        account(arn),
        id=str(one.get("RoleId" if role else "UserId") or ""),
        tags=tuple(_tags(tags)) if isinstance(tags, list) else None,
        bounded=bool(named),
    )
    trust = None
    if role:
        inside = (place[0], (*place[1], "AssumeRolePolicyDocument"))
        trust = read_policy(
            one.get("AssumeRolePolicyDocument"), f"trust of {who.name}", inside, of_resource=True
        )
        found.problems += trust.problems
    inline = [*_inline(one, "RolePolicyList" if role else "UserPolicyList", place, found)]
    attached = _attached(one, place, found, inline)
    groups = [*_names(one, "GroupList", "GroupName", place, found, inline)]
    profiles = one.get("InstanceProfileList")
    return Identity(
        who,
        place,
        tuple(inline),
        attached,
        tuple(name for name, _ in groups),
        str(named or ""),
        (place[0], (*place[1], "PermissionsBoundary")) if named else place,
        trust,
        day(one.get("CreateDate")),
        day(last),
        tuple(
            str(x["Arn"])
            for x in (profiles if isinstance(profiles, list) else [])
            if isinstance(x, Mapping) and x.get("Arn")
        ),
    )


def _tags(listed: list[object]) -> Iterator[tuple[str, str]]:
    for one in listed:
        if isinstance(one, Mapping) and isinstance(one.get("Key"), str):
            yield str(one["Key"]), str(one.get("Value", ""))


def _listed(
    one: Mapping[str, object], name: str, place: Place, found: Details
) -> Iterator[tuple[Place, object] | Policy]:
    """Rows of a member, each with its place; a member that is no list is a policy of no words."""
    listed = one.get(name)
    if listed is not None and not isinstance(listed, list):
        yield _unread(name, (place[0], (*place[1], name)), found)
    for index, row in enumerate(listed if isinstance(listed, list) else []):
        yield (place[0], (*place[1], name, index)), row


def _unread(name: str, place: Place, found: Details) -> Policy:
    """Something that could not be read and that may allow or deny anything."""
    policy = unread(name, place, f"expected {_FORMS[name]}")
    found.problems += policy.problems
    return policy


def _inline(
    one: Mapping[str, object], name: str, place: Place, found: Details
) -> Iterator[Policy]:
    for row in _listed(one, name, place, found):
        if isinstance(row, Policy):
            yield row
            continue
        at, body = row
        if not isinstance(body, Mapping) or "PolicyDocument" not in body:
            yield _unread(name, at, found)
            continue
        inside = (at[0], (*at[1], "PolicyDocument"))
        yield _policy(body["PolicyDocument"], str(body.get("PolicyName", "inline")), inside, found)


def _names(
    one: Mapping[str, object], name: str, of: str, place: Place, found: Details,
    others: list[Policy],
) -> Iterator[tuple[str, Place]]:  # fmt: skip
    """Names in a member, as texts or as records that have them; what has none is told apart."""
    for row in _listed(one, name, place, found):
        if isinstance(row, Policy):
            others.append(row)
            continue
        at, body = row
        said = body.get(of) if isinstance(body, Mapping) else body
        if isinstance(said, str) and said:
            yield said, at
        else:
            others.append(_unread(name, at, found))


def _attached(
    one: Mapping[str, object], place: Place, found: Details, others: list[Policy]
) -> tuple[Absent, ...]:
    return tuple(_names(one, "AttachedManagedPolicies", "PolicyArn", place, found, others))


def _default_version(one: Mapping[str, object], place: Place, found: Details) -> Policy:
    name = _text(one, "PolicyName")
    listed = one.get("PolicyVersionList")
    for index, version in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(version, Mapping) and version.get("IsDefaultVersion") is True:
            at = (place[0], (*place[1], "PolicyVersionList", index, "Document"))
            return _policy(version.get("Document"), name, at, found)
    raise _BadError("expected a default version in PolicyVersionList")


def _policy(document: object, name: str, place: Place, found: Details) -> Policy:
    policy = read_policy(document, name, place)
    found.problems += policy.problems
    return policy


def _text(one: Mapping[str, object], name: str) -> str:
    said = one.get(name)
    if not isinstance(said, str) or not said:
        raise _BadError(f"expected {name}")
    return said


def day(said: object) -> str:
    """The day of a time as the API, its clients and Python write it; empty for none.

    The first version of the command line prints some times as seconds.
    """
    if isinstance(said, int | float) and 0 < said < _LATEST:
        return datetime.fromtimestamp(said, UTC).date().isoformat()
    text = str(said or "")[:10]
    parts = text.split("-")
    good = [len(part) for part in parts] == [4, 2, 2] and all(part.isdigit() for part in parts)
    return text if good else ""

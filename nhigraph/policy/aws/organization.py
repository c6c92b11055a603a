"""The tree of an organisation and its policies.

One document is a root with ``Policies`` and ``Children`` (units and accounts), as
``queries/export/aws.sh`` writes it from ``list-roots``, ``list-children`` and
``list-policies-for-target``. The management account is bound by none of its policies
(https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html, read
29 November 2026); a level has to allow, so a level of which the policies are not listed is not
known.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import Final

from nhigraph.policy.aws.authority import FULL, Levels, Unread
from nhigraph.policy.aws.details import Pointer
from nhigraph.policy.aws.statements import Place, Policy, read_policy, unread
from nhigraph.records import dataclass

_ACCOUNT: Final = re.compile(r"\d{12}\Z")
_MANAGEMENT: Final = re.compile(r"arn:[\w-]+:organizations::(\d{12}):[a-z]+/(o-[a-z0-9]+)")
_SCP, _RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
#: Deeper than AWS nests units.
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class Member:
    """An account of an organisation.

    Attributes:
        id: Its number.
        name: Its name.
        org: The organisation's id; empty where nobody says.
        place: Where it is said.
        scps: Its levels of service control policies.
        rcps: Its levels of resource control policies.
        manager: It manages its organization.
        path: Its organization, root and units, as ``aws:PrincipalOrgPaths`` has it; empty where
            nobody says.
        delegated: Services that it administers for its organization; None where nobody says.
    """

    id: str
    name: str
    org: str
    place: Place
    scps: Levels | Unread
    rcps: Levels | Unread
    manager: bool = False
    delegated: frozenset[str] | None = None
    path: str = ""


@dataclass
class Organization:
    """What one document says.

    Attributes:
        members: Accounts by number.
        problems: What could not be read, and why.
    """

    members: dict[str, Member] = field(default_factory=dict)
    problems: list[tuple[Place, str]] = field(default_factory=list)


def is_organization(body: object) -> bool:
    """Whether a document is such a tree."""
    return (
        isinstance(body, Mapping)
        and str(body.get("Id", "")).startswith("r-")
        and "Children" in body
    )


def read_organization(body: Mapping[str, object], artifact: str, at: Pointer = ()) -> Organization:
    """Read one tree."""
    found = Organization()
    of = _MANAGEMENT.match(str(body.get("Arn", "")))
    management, org = (of[1], of[2]) if of else ("", "")
    tree = _Tree(found, management, org, _enabled(body), _delegated(body))
    _walk(body, (artifact, at), (), [], tree)
    return found


@dataclass(frozen=True, slots=True)
class _Tree:
    found: Organization
    management: str
    org: str
    enabled: Mapping[str, bool]
    delegated: Mapping[str, frozenset[str]] | None


#: Policies of one node by type; None where they are not listed.
_Level = Mapping[str, tuple[Policy, ...]] | None


def _enabled(body: Mapping[str, object]) -> dict[str, bool]:
    """Types of policies that are in use; those of which the root says nothing are taken to be."""
    listed = body.get("PolicyTypes")
    if not isinstance(listed, list):
        return {_SCP: True, _RCP: True}
    on = {
        str(one.get("Type")) for one in listed
        if isinstance(one, Mapping) and one.get("Status") == "ENABLED"
    }  # fmt: skip
    return {_SCP: _SCP in on, _RCP: _RCP in on}


def _delegated(body: Mapping[str, object]) -> dict[str, frozenset[str]] | None:
    """Services by the account that administers them; None where that is not told.

    https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListDelegatedServicesForAccount.html
    (read 30 November 2026): an account's rows stand in ``DelegatedServices``.
    """
    listed = body.get("DelegatedAdministrators")
    if not isinstance(listed, list):
        return None
    found: dict[str, frozenset[str]] = {}
    for one in listed:
        services = one.get("DelegatedServices") if isinstance(one, Mapping) else None
        if not isinstance(services, list) or not isinstance(one.get("Id"), str):
            return None
        found[one["Id"]] = frozenset(
            str(x.get("ServicePrincipal")) for x in services if isinstance(x, Mapping)
        )
    return found


def _walk(
    body: Mapping[str, object], place: Place, within: tuple[str, ...], above: list[_Level],
    tree: _Tree,
) -> None:  # fmt: skip
    levels = [*above, _level(body, place, tree.found)]
    name = str(body.get("Id", ""))
    if _ACCOUNT.match(name):
        free = name == tree.management
        tree.found.members[name] = Member(
            name,
            str(body.get("Name", "")),
            tree.org,
            place,
            () if free else _levels(levels, _SCP, tree, name),
            () if free else _levels(levels, _RCP, tree, name),
            free,
            tree.delegated.get(name, frozenset()) if tree.delegated is not None else None,
            "".join(f"{one}/" for one in (tree.org, *within)) if all((tree.org, *within)) else "",
        )
        return
    children = body.get("Children")
    if not isinstance(children, list) or len(levels) > _DEEPEST:
        tree.found.problems.append((place, "expected Children, a list"))
        return
    for index, one in enumerate(children):
        at = (place[0], (*place[1], "Children", index))
        if isinstance(one, Mapping):
            _walk(one, at, (*within, name), levels, tree)
        else:
            tree.found.problems.append((at, "expected an account or a unit"))


def _level(body: Mapping[str, object], place: Place, found: Organization) -> _Level:
    listed = body.get("Policies")
    if not isinstance(listed, list):
        return None
    rows: dict[str, list[Policy]] = {_SCP: [], _RCP: []}
    for kind, policy in _policies(listed, place):
        found.problems += policy.problems
        rows.setdefault(kind, []).append(policy)
    # What AWS attaches to every level of resource control policies cannot be detached.
    rows[_RCP].append(FULL)
    return {kind: tuple(row) for kind, row in rows.items()}


def _policies(listed: list[object], place: Place) -> Iterator[tuple[str, Policy]]:
    for index, one in enumerate(listed):
        row = (place[0], (*place[1], "Policies", index))
        if not isinstance(one, Mapping) or not isinstance(one.get("Type", _SCP), str):
            # Of which sort it is, nobody says: it may be of either.
            policy = unread("a policy", row, "expected a policy with its Type")
            yield from ((_SCP, policy), (_RCP, replace(policy, problems=())))
            continue
        at = (row[0], (*row[1], "Content"))
        content = one.get("Content")
        if content is None and one.get("AwsManaged") is True:
            yield str(one.get("Type")), FULL
            continue
        yield str(one.get("Type", _SCP)), read_policy(content, str(one.get("Name", "policy")), at)


def _levels(levels: list[_Level], kind: str, tree: _Tree, account: str) -> Levels | Unread:
    if not tree.enabled[kind]:
        return ()
    # The last policy of a level cannot be detached: a level without one was not told
    # (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_policies_detach.html).
    if any(level is None or not level[kind] for level in levels):
        return Unread(forbids(account))
    return tuple(level[kind] for level in levels if level is not None)


def forbids(account: str) -> str:
    """The condition under which an account whose organisation was not read may do something."""
    return f"no policy of the organization of account {account} forbids it"

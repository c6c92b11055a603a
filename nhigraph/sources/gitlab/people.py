"""Members of projects and groups, programs' accounts among them.

Shape (https://docs.gitlab.com/api/members/, read 28 November 2026): ``members`` has those of the
project or group alone, ``members/all`` those of the groups above and of invited groups too, each
once, with the highest level. An entry has no word on whether a program's it is; the name has
(https://docs.gitlab.com/user/project/settings/project_access_tokens/#bot-users-for-projects and
https://docs.gitlab.com/user/profile/service_accounts/): ``project_{number}_bot_{text}``,
``group_{number}_bot_{text}``, ``service_account_{text}``.

Rules of branches and environments name accounts by number: each member belongs to the account of
its number.
"""

import re
from collections.abc import Iterator
from datetime import date

from nhigraph.errors import SchemaError
from nhigraph.facts.facts import Edge, Fact, Node, Note, Refused
from nhigraph.ingest import fields
from nhigraph.ingest.document import Document
from nhigraph.policy.gitlab import dates, roles
from nhigraph.schema import kinds as k
from nhigraph.schema.types import NodeState
from nhigraph.sources.gitlab import ladder
from nhigraph.sources.gitlab.address import Whose
from nhigraph.sources.gitlab.shape import Body, Pointer, mapping, number, records, text, whole

_PROGRAM = re.compile(r"(?:project|group)_\d+_bot(?:_\w+)?|service_account_\w+", re.ASCII)
_OFF = frozenset({"blocked", "banned", "deactivated", "ldap_blocked", "blocked_pending_approval"})
_CUSTOM = "a custom role may do more than its base, and this does not say what"


def account(doc: Document, whose: Whose, body: Body, at: Pointer) -> Iterator[Node]:
    """The account that a record names."""
    login = text(body.get("username"))
    if login:
        program = _PROGRAM.fullmatch(login) is not None
        yield Node(
            k.USER,
            whose.user(login),
            doc.at(*at, "username"),
            name=login,
            nhi=True if program else None,
            state=NodeState.DISABLED if text(body.get("state")) in _OFF else None,
        )


def by_number(whose: Whose, body: Body, node: Node) -> Iterator[Fact]:
    """The account of the number, which is the one of the name."""
    found = number(body)
    if found:
        key = whose.numbered("account-number", found)
        yield Node(k.GROUP, key, node.evidence, name=f"account {found}")
        yield Edge(k.MEMBER_OF, node.key, key, node.evidence)


def members(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Members, and the roles that they have."""
    told: set[str] = set()
    for found in records(doc, "a member", "username", "access_level"):
        if isinstance(found, Refused):
            yield found
            continue
        body, at = found
        nodes = [*account(doc, whose, body, at)]
        level = whole(body["access_level"])
        if not nodes or level is None:
            reason = "expected a member with username and access_level"
            yield Refused(reason, doc.at(*at, excerpt=False))
            continue
        yield from nodes
        yield from by_number(whose, body, nodes[0])
        role = roles.role(level)
        if role and role not in told:
            # What a role comes to is said once: a group may have thousands of members. It is of
            # the list as a whole: whoever leaves it takes the role from nobody else.
            told |= {*roles.below(role)}
            yield from ladder.members(whose, role, doc.at(excerpt=False))
        yield from _member(doc, whose, nodes[0], body, at)


def _member(doc: Document, whose: Whose, node: Node, body: Body, at: Pointer) -> Iterator[Fact]:
    place, level = doc.at(*at, "access_level"), whole(body["access_level"]) or 0
    if not roles.is_level(level):
        yield Note("an access level that GitLab does not name: taken for the next lower", place)
    role, until = roles.role(level), None
    try:
        until = _until(body)
    except SchemaError as error:
        yield Note(f"expires_at of a member: {error}", doc.at(*at, "expires_at", excerpt=False))
    if role:
        yield Edge(k.MEMBER_OF, node.key, whose.members(role), place, valid_until=until)
    if mapping(body.get("member_role")):
        yield Note(_CUSTOM, doc.at(*at, "member_role", excerpt=False))


def _until(body: Body) -> date | None:
    day = fields.day(body.get("expires_at"))
    return None if day is None else dates.of_membership(day)

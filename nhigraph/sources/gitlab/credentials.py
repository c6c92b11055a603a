"""Tokens and keys that projects and groups have: each is an identity that needs no person.

Shapes (all read 28 November 2026); a token's own text stands in none of them but triggers':

* ``access_tokens`` (https://docs.gitlab.com/api/project_access_tokens/, .../group_access_tokens/):
  ``scopes``, ``access_level``, ``expires_at`` (a day), ``revoked``, ``active``
* ``deploy_tokens`` (https://docs.gitlab.com/api/deploy_tokens/): ``scopes``, ``expires_at`` (a
  moment), ``revoked``, ``expired``; no day on which it was made
* ``deploy_keys`` (https://docs.gitlab.com/api/deploy_keys/): ``can_push``. Easily guessed wrong:
  "Deploy keys are not rejected when the deploy key owner is removed from the group or project"
  (https://docs.gitlab.com/user/project/deploy_keys/), so a key needs no member
* ``triggers`` (https://docs.gitlab.com/api/pipeline_triggers/): ``token`` in full to its owner, of
  which nothing is kept; it "impersonates a user's project access"
  (https://docs.gitlab.com/ci/triggers/)

A token of ``api`` counts among the members of its role, because it can approve and merge as they
can. One that is listed as inactive, and neither revoked nor expired, is taken for switched off.
"""

from collections.abc import Callable, Iterator
from datetime import date

from nhigraph.errors import SchemaError
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Node, Note, Refused, Value
from nhigraph.ingest import fields
from nhigraph.ingest.document import Document
from nhigraph.ingest.listed import days
from nhigraph.policy.gitlab import dates, roles
from nhigraph.policy.rights import PUSH
from nhigraph.schema import kinds as k
from nhigraph.schema.types import NodeKind, NodeState
from nhigraph.sources.gitlab import ladder, people
from nhigraph.sources.gitlab.address import Whose
from nhigraph.sources.gitlab.shape import (
    Body,
    Pointer,
    mapping,
    number,
    records,
    sequence,
    text,
    whole,
)

_WHICH = "scopes"


def access_tokens(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Access tokens of a project or group."""
    for found in records(doc, "an access token", "id", _WHICH, "access_level"):
        if isinstance(found, Refused):
            yield found
            continue
        body, at = found
        level, scopes = whole(body["access_level"]), _scopes(body)
        if not number(body) or level is None or scopes is None:
            reason = "expected an access token with id, scopes and access_level"
            yield Refused(reason, doc.at(*at, excerpt=False))
            continue
        key = whose.credential("access-token", number(body))
        place = doc.at(*at, "access_level")
        yield from _node(doc, k.TOKEN, key, body, at, dates.of_access_token)
        given = roles.given(scopes, roles.role(level), PUSH)
        if given.role:
            yield from ladder.members(whose, given.role, place)
            yield Edge(k.MEMBER_OF, key, whose.members(given.role), place)
        yield from _given(whose, key, given, doc.at(*at, _WHICH))


def deploy_tokens(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Deploy tokens of a project or group."""
    for found in records(doc, "a deploy token", "id", _WHICH):
        if isinstance(found, Refused):
            yield found
            continue
        body, at = found
        scopes = _scopes(body)
        if scopes is None:
            reason = "expected a deploy token with id, scopes"
            yield Refused(reason, doc.at(*at, excerpt=False))
            continue
        key = whose.credential("deploy-token", number(body))
        yield from _node(doc, k.TOKEN, key, body, at, dates.of_deploy_token)
        yield from _given(whose, key, roles.of_deploy_token(scopes), doc.at(*at, _WHICH))


def deploy_keys(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Deploy keys of a project."""
    for found in records(doc, "a deploy key", "id", "can_push"):
        if isinstance(found, Refused):
            yield found
            continue
        body, at = found
        if not number(body) or not isinstance(body["can_push"], bool):
            reason = "expected a deploy key with id and can_push"
            yield Refused(reason, doc.at(*at, excerpt=False))
            continue
        key, place = whose.credential("deploy-key", number(body)), doc.at(*at, "can_push")
        yield from _node(doc, k.API_KEY, key, body, at, dates.of_deploy_token)
        has = (PUSH, roles.REPORTER) if body["can_push"] else (roles.REPORTER,)
        yield from _given(whose, key, roles.Given("", has), place)


def triggers(doc: Document, whose: Whose) -> Iterator[Fact]:
    """Trigger tokens of a project."""
    for found in records(doc, "a trigger token", "id"):
        if isinstance(found, Refused):
            yield found
            continue
        body, at = found
        if not number(body):
            yield Refused("expected a trigger token with id", doc.at(*at, excerpt=False))
            continue
        key, place = whose.credential("trigger", number(body)), doc.at(*at, "id")
        yield from _node(doc, k.TOKEN, key, body, at, dates.of_deploy_token)
        yield from _given(whose, key, roles.Given("", (roles.TRIGGER,)), place)
        for node in people.account(doc, whose, mapping(body.get("owner")), (*at, "owner")):
            yield node
            yield from people.by_number(whose, mapping(body.get("owner")), node)


# -- what they have in common -------------------------------------------------------------------


def _given(whose: Whose, key: str, given: roles.Given, place: Evidence) -> Iterator[Fact]:
    for name in given.permissions:
        if name == roles.READ_GROUPS_VARIABLES and not whose.group:
            continue  # Of a project's groups it reads nothing.
        yield from ladder.grant(whose, name, place)
        yield Edge(k.HOLDS, key, whose.permission(name), place)
    for scope in given.unknown:
        yield from ladder.unclear(whose, scope, place)
        yield Edge(k.HOLDS, key, whose.permission(scope), place)


def _scopes(body: Body) -> list[str] | None:
    found = body[_WHICH]
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        return None
    return [text(one) for one in sequence(found)]


def _node(
    doc: Document,
    kind: NodeKind,
    key: str,
    body: Body,
    at: Pointer,
    last: Callable[[date], date],
) -> Iterator[Fact]:
    """The credential, with the days that its record tells."""
    props: dict[str, Value] = {}
    known = {"created": "created_at", "last_used": "last_used_at"}
    known |= {"last_used": "last_used"} if "last_used" in body else {}
    for found in days(doc, body, at, known, "a credential"):
        if isinstance(found, Note):
            yield found
        else:
            props[found[0]] = found[1]
    scopes = body.get(_WHICH)
    if isinstance(scopes, list):
        props["permissions"] = tuple(sorted(text(one) for one in scopes))
    expires: date | None = None
    unread: tuple[str, ...] = ()
    try:
        day = fields.day(body.get("expires_at"))
        expires = None if day is None else last(day)
    except SchemaError as error:
        unread = ("expires",)
        place = doc.at(*at, "expires_at", excerpt=False)
        yield Note(f"expires_at of a credential: {error}", place)
    sort = key.rpartition("/")[0].rpartition("/")[2].replace("-", " ")
    yield Node(
        kind,
        key,
        doc.at(*at, "id"),
        name=_name(body) or f"{sort} {number(body)}",
        nhi=True,
        state=_state(body, expires),
        expires=expires,
        props=props,
        unread=unread,
    )


def _name(body: Body) -> str:
    return text(body.get("name")) or text(body.get("title")) or text(body.get("description"))


def _state(body: Body, expires: date | None) -> NodeState | None:
    """Revoked, or switched off; one that has ended by its day says so by that."""
    if body.get("revoked") is True:
        return NodeState.DELETED
    off = body.get("active") is False or body.get("expired") is True
    return NodeState.DISABLED if off and expires is None else None

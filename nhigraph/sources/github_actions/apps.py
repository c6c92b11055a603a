"""Apps that an organization installed, and people's tokens that it let in.

Shapes are those of the REST API as ``gh api`` prints them (read 28 November 2026):

* ``orgs/{o}/installations`` (https://docs.github.com/en/rest/orgs/orgs#list-app-installations-for-an-organization),
  for owners of the organization alone
* ``orgs/{o}/personal-access-tokens`` and, below it, ``{id}/repositories``
  (https://docs.github.com/en/rest/orgs/personal-access-tokens). Easily guessed wrong: only an app
  may ask for these, so a person's own ``gh`` is answered 403, owner or not
* names of permissions: https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps

An installation for ``selected`` repositories does not say for which; no person may list them
either. So it is taken for one that may be any of the owner's: conditional, for each.

What a permission opens on one repository is the join's affair (``policy.rights``): the owner's
repositories lie in other documents. What an organization's own permissions open (its members,
machines, settings) is not worked out, and is a gap where something may be written.
"""

from collections.abc import Iterator
from datetime import date

from nhigraph.errors import SchemaError
from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note, Refused, Value
from nhigraph.ingest import fields
from nhigraph.ingest.document import Document
from nhigraph.ingest.listed import days
from nhigraph.policy import rights
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, NodeState, State
from nhigraph.sources.github_actions import access, address
from nhigraph.sources.github_actions.listings import items
from nhigraph.sources.github_actions.model import Pointer
from nhigraph.sources.github_actions.shape import mapping, sequence, text, whole

_SELECTED = "it was given this repository, which its listing does not say"
_SUBSET = frozenset({"selected", "subset"})
_LEVELS = frozenset({"read", "write", "admin"})
_ORGANIZATION = ("organization_", "members", "team_discussions", "enterprise_")


def installations(doc: Document) -> Iterator[Fact]:
    """Apps installed for an organization.

    Raises:
        InputError: They are no list, or nothing says whose they are.
    """
    for index, item in enumerate(items(doc, "installations")):
        body, at = mapping(item), ("installations", index)
        slug, permissions = body.get("app_slug"), body.get("permissions")
        reason = "expected an installation with app_slug and permissions"
        if not isinstance(slug, str) or not slug:
            yield Refused(reason, doc.at(*at, excerpt=False))
            continue
        named = mapping(body.get("account")).get("login")
        owner = named if isinstance(named, str) else ""
        if not isinstance(permissions, dict):
            key, place = keys.App(owner, slug).text, doc.at(*at, "app_slug")
            node = Node(k.OAUTH_APP, key, place, name=slug) if owner else None
            yield access.refused(reason, doc.at(*at, excerpt=False), node)
            continue
        owner = owner or address.owner_of(doc, "an installation without an account")
        yield from _installation(doc, owner, slug, body, at)


def _installation(
    doc: Document, owner: str, slug: str, body: dict[str, object], at: Pointer
) -> Iterator[Fact]:
    permissions = mapping(body["permissions"])
    props: dict[str, Value] = {"permissions": _written(permissions)}
    for found in days(doc, body, at, {"created": "created_at"}, "an app"):
        if isinstance(found, Note):
            yield found
        else:
            props[found[0]] = found[1]
    suspended = body.get("suspended_at")
    off = NodeState.DISABLED if isinstance(suspended, str) and suspended else None
    key = keys.App(owner, slug).text
    yield Node(k.OAUTH_APP, key, doc.at(*at, "app_slug"), name=slug, state=off, props=props)
    where = text(body.get("repository_selection"))
    evidence = doc.at(*at, "permissions")
    yield from _granted(key, owner, permissions, evidence, some=where != "all")


def tokens(doc: Document) -> Iterator[Fact]:
    """People's fine-grained tokens that an organization let in.

    Raises:
        InputError: Nothing says which organization.
    """
    owner = address.owner_of(doc, "a list of tokens")
    for index, item in enumerate(sequence(doc.content)):
        body, at = mapping(item), (index,)
        number, permissions = whole(body.get("token_id")), body.get("permissions")
        if number is None or not isinstance(permissions, dict):
            reason = "expected a token with token_id and permissions"
            node = None
            if number is not None:
                key = keys.AccessToken(owner, str(number)).text
                name = f"token {number}"
                node = Node(k.TOKEN, key, doc.at(*at, "token_id"), name=name, nhi=True)
            yield access.refused(reason, doc.at(*at, excerpt=False), node)
            continue
        yield from _token(doc, owner, str(number), body, at)


def _token(
    doc: Document, owner: str, number: str, body: dict[str, object], at: Pointer
) -> Iterator[Fact]:
    evidence, permissions = doc.at(*at, "token_id"), mapping(body["permissions"])
    listed = {**mapping(permissions.get("organization")), **mapping(permissions.get("repository"))}
    props: dict[str, Value] = {"permissions": _written(listed)}
    # It was let in when it was there: it is at least as old.
    known = {"created": "access_granted_at", "last_used": "token_last_used_at"}
    for found in days(doc, body, at, known, "a token"):
        if isinstance(found, Note):
            yield found
        else:
            props[found[0]] = found[1]
    expires, problem = _expires(body)
    if problem:
        yield Note(problem, doc.at(*at, "token_expires_at", excerpt=False))
    gone = body.get("token_expired") is True and expires is None
    key = keys.AccessToken(owner, number).text
    yield Node(
        k.TOKEN,
        key,
        evidence,
        name=text(body.get("token_name")) or f"token {number}",
        owner=_person(body),
        nhi=True,
        state=NodeState.DISABLED if gone else None,
        expires=expires,
        props=props,
    )
    where = text(body.get("repository_selection"))
    if where == "none":
        listed = mapping(permissions.get("organization"))
    at_all = doc.at(*at, "permissions")
    yield from _granted(key, owner, listed, at_all, some=where in _SUBSET)


def _person(body: dict[str, object]) -> str | None:
    login = text(mapping(body.get("owner")).get("login"))
    return keys.User(login).text if login else None


def _expires(body: dict[str, object]) -> tuple[date | None, str]:
    try:
        return fields.day(body.get("token_expires_at")), ""
    except SchemaError as error:
        return None, f"token_expires_at: {error}"


def _written(permissions: dict[str, object]) -> tuple[str, ...]:
    return tuple(
        f"{name}={level}"
        for name, level in sorted(permissions.items())
        if isinstance(level, str) and level in _LEVELS
    )


def _granted(
    who: str, owner: str, permissions: dict[str, object], evidence: Evidence, *, some: bool
) -> Iterator[Fact]:
    """What was granted for the owner's repositories, or for some of them."""
    given = dict(permissions)
    if all(given.get(name) in ("write", "admin") for name in ("contents", "workflows")):
        yield from _grant(who, owner, rights.PUSH, evidence, some=some)
    for name, level in sorted(given.items()):
        if not isinstance(level, str) or level not in _LEVELS:
            reason = "expected read, write or admin as the level of a permission"
            yield Gap(who, reason, evidence, (State.CONTROL,))
            continue
        permission = f"{name}:{level}"
        of_owner = name.startswith(_ORGANIZATION)
        if not (rights.opens(permission) or (of_owner and level != "read")):
            continue
        yield from _grant(who, owner, permission, evidence, some=some and not of_owner)
        if of_owner:
            grant = keys.OwnerPermission(owner, permission).text
            reason = "what this lets it do to the organization is not worked out"
            yield Gap(grant, reason, evidence, (State.CONTROL,))


def _grant(
    who: str, owner: str, permission: str, evidence: Evidence, *, some: bool
) -> Iterator[Fact]:
    grant = keys.OwnerPermission(owner, permission).text
    # Its last colon alone: what looks like an address is cut only as long as it stays one.
    what, _, level = permission.rpartition(":")
    yield Node(k.GRANT, grant, evidence, name=f"{what}: {level} for {owner}")
    yield Edge(
        k.HOLDS,
        who,
        grant,
        evidence,
        certainty=Certainty.CONDITIONAL if some else Certainty.CERTAIN,
        condition=_SELECTED if some else None,
    )

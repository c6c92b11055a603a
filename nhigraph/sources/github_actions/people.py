"""Who may push, administer or read: collaborators, teams and their members.

Shapes are those of the REST API as ``gh api`` prints them (read 28 November 2026):

* ``repos/{o}/{r}/collaborators`` (https://docs.github.com/en/rest/collaborators/collaborators),
  for those who may push alone; with those who have access through teams, by the organization's
  base permission or as its owners
* ``repos/{o}/{r}/teams``, ``orgs/{o}/teams``, ``orgs/{o}/teams/{slug}/members``
  (https://docs.github.com/en/rest/teams): of these only the teams that whoever asks may see
* ``orgs/{o}/outside_collaborators``, ``orgs/{o}/members``
  (https://docs.github.com/en/rest/orgs/members)

Easily guessed wrong: ``permissions`` of a collaborator is the base of a role, ``role_name`` the
highest one; a custom role may do more than its base, and nothing here says what. A child team has
the access of its parent, though no listing of the parent's repositories names it
(https://docs.github.com/en/organizations/organizing-members-into-teams/about-teams#nested-teams).
"""

from collections.abc import Iterator

from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note, Refused
from nhigraph.ingest.document import Document
from nhigraph.policy import rights
from nhigraph.schema import kinds as k
from nhigraph.sources.github_actions import access, address
from nhigraph.sources.github_actions.model import Pointer
from nhigraph.sources.github_actions.shape import mapping, sequence, text

#: https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization
_BASE = frozenset({"read", "triage", "write", "maintain", "admin", "pull", "push"})
_BOT = "Bot"


def account(body: dict[str, object], evidence: Evidence) -> Node | None:
    """The account that a record names; a program's is no person's."""
    login, sort = body.get("login"), body.get("type")
    if not isinstance(login, str) or not login:
        return None
    # Of what sort it is may be unreadable: it is listed, then.
    program = sort == _BOT or not isinstance(sort, str | None)
    nhi = True if program else None
    return Node(k.USER, keys.User(login).text, evidence, name=login, nhi=nhi)


def opened(
    who: str, repository: str, permissions: dict[str, object], evidence: Evidence
) -> Iterator[Fact]:
    """What a role opens to whoever has it, by its base."""
    key = keys.repository(repository)
    if not all(isinstance(said, bool | None) for said in permissions.values()):
        yield Gap(who, "what it may do in a repository could not be read", evidence)
    if permissions.get("admin") is True:
        yield Node(k.REPOSITORY, key.text, evidence, name=key.name)
        yield Edge(k.CAN_ADMINISTER, who, key.text, evidence)
    if True in (permissions.get(one) for one in ("admin", "maintain", "push")):
        yield from access.may_push(repository, evidence)
        yield Edge(k.HOLDS, who, keys.Permission(key, rights.PUSH).text, evidence)
    elif True in (permissions.get(one) for one in ("triage", "pull")):
        yield from access.may_read(who, repository, evidence)


def collaborators(doc: Document) -> Iterator[Fact]:
    """Accounts that may do something in a repository.

    Raises:
        InputError: Nothing says which repository.
    """
    repository = address.repository_of(doc, "a list of collaborators")
    for index, item in enumerate(sequence(doc.content)):
        body, at = mapping(item), (index,)
        permissions = body.get("permissions")
        node = account(body, doc.at(*at, "login")) if "login" in body else None
        if node is None or not isinstance(permissions, dict):
            reason = "expected a collaborator with login and permissions"
            yield access.refused(reason, doc.at(*at, excerpt=False), node)
            continue
        yield node
        yield from opened(node.key, repository, permissions, doc.at(*at, "permissions"))
        yield from _custom(doc, body, at)


def _custom(doc: Document, body: dict[str, object], at: Pointer) -> Iterator[Note]:
    role = text(body.get("role_name"))
    if role and role not in _BASE:
        reason = "a custom role may do more than its base, and this does not say what"
        yield Note(reason, doc.at(*at, "role_name"))


def teams(doc: Document) -> Iterator[Fact]:
    """Teams: of a repository with what they may do there, of an organization without.

    Raises:
        InputError: Nothing says whose they are.
    """
    found = address.of(doc)
    owned = found is not None and not found.repository
    repository = "" if owned else address.repository_of(doc, "a list of teams")
    owner = address.owner_of(doc, "a list of teams")
    for index, item in enumerate(sequence(doc.content)):
        body, at = mapping(item), (index,)
        slug, permissions = body.get("slug"), body.get("permissions")
        if not isinstance(slug, str) or not slug:
            needed = "slug and permissions" if repository else "slug"
            yield Refused(f"expected a team with {needed}", doc.at(*at, excerpt=False))
            continue
        if repository and not isinstance(permissions, dict):
            node = Node(k.GROUP, keys.Team(owner, slug).text, doc.at(*at, "slug"), name=slug)
            reason = "expected a team with slug and permissions"
            yield access.refused(reason, doc.at(*at, excerpt=False), node)
            continue
        team, evidence = keys.Team(owner, slug).text, doc.at(*at, "slug")
        yield Node(k.GROUP, team, evidence, name=slug)
        above = text(mapping(body.get("parent")).get("slug"))
        if above:
            parent = keys.Team(owner, above).text
            yield Node(k.GROUP, parent, evidence, name=above)
            yield Edge(k.MEMBER_OF, team, parent, doc.at(*at, "parent", "slug"))
        if repository:
            yield from opened(team, repository, mapping(permissions), evidence)


def members(doc: Document) -> Iterator[Fact]:
    """Members of a team; accounts of an organization, which say no more than that they are there.

    Raises:
        InputError: Nothing says whose members they are.
    """
    owner = address.owner_of(doc, "a list of accounts")
    found = address.of(doc)
    named = found.below("teams", "*", "members") if found is not None else None
    for index, item in enumerate(sequence(doc.content)):
        body, at = mapping(item), (index,)
        node = account(body, doc.at(*at, "login")) if "login" in body else None
        if node is None:
            yield Refused("expected an account with login", doc.at(*at, excerpt=False))
            continue
        yield node
        if named:
            team = keys.Team(owner, named[0]).text
            yield Node(k.GROUP, team, node.evidence, name=named[0])
            yield Edge(k.MEMBER_OF, node.key, team, node.evidence)

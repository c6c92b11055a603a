"""Names of secrets, and of the stores they lie in; never a value, which GitHub does not tell.

Shapes are those of the REST API as ``gh api`` prints them (read 28 November 2026):

* ``repos/{o}/{r}/actions/secrets``, ``repos/{o}/{r}/environments/{e}/secrets``,
  ``orgs/{o}/actions/secrets`` and, below it, ``{name}/repositories``,
  ``repos/{o}/{r}/actions/organization-secrets``
  (https://docs.github.com/en/rest/actions/secrets)
* ``dependabot/secrets`` and ``codespaces/secrets`` of either: other stores, of which a workflow
  sees nothing but in a run that Dependabot started
  (https://docs.github.com/en/rest/dependabot/secrets, https://docs.github.com/en/rest/codespaces)

Which store, a listing does not say; only that of an organization has ``visibility``. The address
that the file lies at says it (module ``address``), else its name: ``organization-secrets.json``,
``environment-NAME.secrets.json``, ``environments/NAME/…``, and the words ``dependabot`` and
``codespaces``; any other file lists those of the repository's Actions.

An organization's secret is what a workflow sees where neither the environment nor the repository
has one of the name (https://docs.github.com/en/actions/reference/security/secrets): it FEEDS the
repository's, conditionally.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Node, Note, Refused, Value
from nhigraph.ingest.document import Document
from nhigraph.ingest.listed import days
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, Transform
from nhigraph.sources.github_actions import address
from nhigraph.sources.github_actions.listings import items
from nhigraph.sources.github_actions.model import Pointer
from nhigraph.sources.github_actions.shape import mapping, text, whole

# https://docs.github.com/en/actions/reference/security/secrets#naming-your-secrets
_SECRET_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_NAMED_FILE = re.compile(r"environment-(?P<name>.+)\.secrets\.json")
_NAMED_FOLDER = re.compile(r"(?<![^/])environments/(?P<name>[^/]+)/")
_WORD = re.compile(r"[/._-]")
#: Stores beside that of Actions.
OTHER = ("codespaces", "dependabot")
_SHARED = re.compile(r"(?:.*/)?org(?:anization)?-secrets\.json")
#: GitHub sets the second one when the value is changed.
_DAYS = {"created": "created_at", "rotated": "updated_at"}
_UNLESS = "the repository has no secret of that name of its own"
_VISIBILITIES = frozenset({"all", "private", "selected"})


@dataclass(frozen=True, slots=True)
class Store:
    """Where listed secrets are kept.

    Attributes:
        owner: The account.
        repository: ``owner/name``; empty for what is the owner's own.
        environment: Name of the environment that has them, if one has.
        other: The store, where it is not that of Actions.
        shared: They are the owner's, and shared with the repository.
    """

    owner: str
    repository: str = ""
    environment: str | None = None
    other: str = ""
    shared: bool = False

    @property
    def is_repositorys(self) -> bool:
        """It is the repository's own, of Actions."""
        shared = self.shared or self.other or self.environment is not None
        return bool(self.repository) and not shared

    def key(self, name: str) -> str:
        """Key of one of them."""
        if not self.repository or self.shared:
            if self.other:
                return keys.OwnerOtherSecret(self.owner, self.other, name).text
            return keys.OrganizationSecret(self.owner, name).text
        repository = keys.repository(self.repository)
        if self.other:
            return keys.OtherSecret(repository, self.other, name).text
        if self.environment is None:
            return keys.RepositorySecret(repository, name).text
        environment = keys.Environment(repository, self.environment)
        return keys.EnvironmentSecret(environment, name).text


def secrets(doc: Document) -> Iterator[Fact]:
    """Names of secrets, and their days.

    Raises:
        InputError: They are no list, or nothing says whose they are.
    """
    found = items(doc, "secrets")
    yield from _total(doc, found)
    for index, item in enumerate(found):
        body = mapping(item)
        store = store_of(doc, "a list of secrets", owned="visibility" in body)
        yield from _secret(doc, store, body, ("secrets", index))


def _total(doc: Document, found: list[object]) -> Iterator[Fact]:
    """How many a repository has: of one that is in no complete list it has none of its own."""
    total = whole(mapping(doc.content).get("total_count"))
    if any("visibility" in mapping(item) for item in found):
        return
    what = "a list of secrets" if found else "an empty list of secrets"
    store = store_of(doc, what, owned=False)
    if total is None or not store.is_repositorys:
        return
    key = keys.repository(store.repository)
    props: dict[str, Value] = {"secrets_total": total}
    yield Node(k.REPOSITORY, key.text, doc.at("total_count"), name=key.name, props=props)


def store_of(doc: Document, what: str, *, owned: bool) -> Store:
    """The store that a document lists.

    Args:
        doc: The document.
        what: What it is, for people.
        owned: An item shows that it is an organization's.

    Raises:
        InputError: Nothing says whose it is.
    """
    found = address.of(doc)
    other = _other(doc)
    if owned or (found is not None and not found.repository):
        return Store(address.owner_of(doc, what), other=other)
    repository = address.repository_of(doc, what)
    owner, path = repository.partition("/")[0], address.path_of(doc)
    if other:
        return Store(owner, repository, other=other)
    if _SHARED.fullmatch(path):
        return Store(owner, repository, shared=True)
    named = _NAMED_FILE.fullmatch(path.rpartition("/")[2])
    folders = [folder["name"] for folder in _NAMED_FOLDER.finditer(path)]
    environment = named["name"] if named else folders[-1] if folders else None
    return Store(owner, repository, None if environment is None else unquote(environment))


def _other(doc: Document) -> str:
    """A store that the file's address or name names."""
    found = address.of(doc)
    if found is not None:
        return found.rest[0] if found.rest[0] in OTHER else ""
    words = _WORD.split(address.path_of(doc).lower())
    return next((one for one in OTHER if one in words), "")


def _secret(doc: Document, store: Store, body: dict[str, object], at: Pointer) -> Iterator[Fact]:
    name = body.get("name")
    if not isinstance(name, str) or not _SECRET_NAME.fullmatch(name):
        yield Refused("expected a secret with its name", doc.at(*at, excerpt=False))
        return
    props: dict[str, Value] = {} if store.shared else {"listed": True}
    for found in days(doc, body, at, _DAYS, "a secret"):
        if isinstance(found, Note):
            yield found
        else:
            props[found[0]] = found[1]
    seen = text(body.get("visibility"))
    if seen in _VISIBILITIES:
        props["visibility"] = seen
    stored, evidence = name.upper(), doc.at(*at, "name")
    yield Node(k.SECRET, store.key(stored), evidence, name=stored, props=props)
    if store.shared:
        yield from _shared(store.owner, store.repository, stored, evidence)


def _shared(owner: str, repository: str, name: str, evidence: Evidence) -> Iterator[Fact]:
    """An organization's secret under the name by which a repository's workflows see it."""
    own = keys.RepositorySecret(keys.repository(repository), name).text
    theirs = keys.OrganizationSecret(owner, name).text
    yield Node(k.SECRET, own, evidence, name=name)
    yield Edge(
        k.FEEDS,
        theirs,
        own,
        evidence,
        certainty=Certainty.CONDITIONAL,
        condition=_UNLESS,
        transform=Transform.COPY,
    )


def selected(doc: Document) -> Iterator[Fact]:
    """Repositories that an organization's secret was given to, by the address of the list.

    Raises:
        InputError: They are no list.
    """
    found = address.of(doc)
    named = found.below("actions", "secrets", "*", "repositories") if found is not None else None
    if found is None or not named or not _SECRET_NAME.fullmatch(named[0]):
        return
    secret, place = named[0].upper(), doc.at("repositories")
    key = keys.OrganizationSecret(found.owner, secret).text
    yield Node(k.SECRET, key, place, name=secret)
    for index, item in enumerate(items(doc, "repositories")):
        full = text(mapping(item).get("full_name"))
        if full.partition("/")[0].lower() != found.owner.lower() or full.count("/") != 1:
            reason = "expected a repository of the owner with full_name"
            yield Refused(reason, doc.at("repositories", index, excerpt=False))
            continue
        yield from _shared(found.owner, full, secret, doc.at("repositories", index, "full_name"))

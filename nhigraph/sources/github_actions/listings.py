"""What GitHub lists: the workflows of a repository, names of secrets, repositories themselves.

Shapes are those of the REST API as ``gh api`` prints them:

* ``repos/{o}/{r}/actions/workflows`` (https://docs.github.com/en/rest/actions/workflows)
* ``repos/{o}/{r}/actions/secrets`` and ``repos/{o}/{r}/environments/{e}/secrets``
  (https://docs.github.com/en/rest/actions/secrets)
* ``repos/{o}/{r}`` and the list ``orgs/{o}/repos`` (https://docs.github.com/en/rest/repos/repos)

A listing says that a thing is there and since when, never what it does: a workflow that is only
listed is not ``defined``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from nhigraph.errors import InputError, SchemaError
from nhigraph.facts import keys
from nhigraph.facts.facts import Fact, Node, Note, Refused, Value
from nhigraph.ingest import fields
from nhigraph.ingest.document import Document
from nhigraph.schema import kinds as k
from nhigraph.schema.types import NodeState
from nhigraph.sources.github_actions.model import Home, Pointer
from nhigraph.sources.github_actions.shape import mapping, sequence, text
from nhigraph.sources.github_actions.workflow import existence

REPOSITORY = r"/repos/(?P<repo>[^/]+/[^/]+)"
_ITSELF = re.compile(REPOSITORY + r"\Z")
_WORKFLOW = re.compile(REPOSITORY + r"/actions/workflows/[^/]+\Z")
_FULL_NAME = re.compile(r"[^/\s]+/[^/\s]+")
# https://docs.github.com/en/actions/reference/security/secrets#naming-your-secrets
_SECRET_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_NAMED_FILE = re.compile(r"environment-(?P<name>.+)\.secrets\.json")
_NAMED_FOLDER = re.compile(r"(?<![^/])environments/(?P<name>[^/]+)/")

#: https://docs.github.com/en/rest/actions/workflows#list-repository-workflows
#: ``active`` is said too: a path may be listed twice, deleted and made anew.
_STATES = {
    "active": NodeState.ACTIVE,
    "deleted": NodeState.DELETED,
    "disabled_fork": NodeState.DISABLED,
    "disabled_inactivity": NodeState.DISABLED,
    "disabled_manually": NodeState.DISABLED,
}
#: GitHub sets the second one when the value is changed.
_DAYS = {"created": "created_at", "rotated": "updated_at"}


def items(doc: Document, name: str) -> list[object]:
    """The items of one page of a listing.

    Raises:
        InputError: They are no list.
    """
    found = mapping(doc.content).get(name)
    if not isinstance(found, list):
        raise InputError(doc.artifact, f"/{name}", f"expected a list of {name}")
    return found


def workflows(doc: Document) -> Iterator[Fact]:
    """Workflows of a repository.

    Raises:
        InputError: They are no list.
    """
    for index, item in enumerate(items(doc, "workflows")):
        body, at = mapping(item), ("workflows", index)
        path, found = body.get("path"), _WORKFLOW.search(text(body.get("url")))
        if isinstance(path, str) and path and found:
            yield from _workflow(doc, Home(found["repo"], path), body, at)
        else:
            yield Refused("expected a workflow with path and url", doc.at(*at, excerpt=False))


def _workflow(doc: Document, home: Home, body: dict[str, object], at: Pointer) -> Iterator[Fact]:
    evidence = doc.at(*at, "path")
    folder, _, file = home.file.rpartition("/")
    if folder != ".github/workflows" or not file:
        # Such as `dynamic/github-code-scanning/codeql`, which GitHub makes up as it runs it.
        reason = "a workflow without a file in .github/workflows: nobody can read what it does"
        yield Note(reason, evidence)
        return
    said = text(body.get("state"))
    state = _STATES.get(said)
    props: dict[str, Value] = {"listed": True}
    if state is None:
        reason = "expected one of GitHub's states of a workflow: taken for one that may run"
        yield Note(reason, doc.at(*at, excerpt=False))
    else:
        props["github_state"] = said
    yield from existence(Home(home.repository, file), evidence, props, state)


@dataclass(frozen=True, slots=True)
class _Holder:
    """Where listed secrets are kept."""

    repository: str
    environment: str | None

    def key(self, name: str) -> str:
        """Key of one of them."""
        if self.environment is None:
            return keys.RepositorySecret(keys.repository(self.repository), name).text
        return keys.EnvironmentSecret(
            keys.Environment(keys.repository(self.repository), self.environment), name
        ).text


def secrets(doc: Document) -> Iterator[Fact]:
    """Names of the secrets of a repository or environment, and their days.

    Raises:
        InputError: They are no list, or nothing says whose they are.
    """
    found = items(doc, "secrets")
    holder = _holder(doc)
    for index, item in enumerate(found):
        yield from _secret(doc, holder, mapping(item), ("secrets", index))


def repository_of(doc: Document, what: str = "an empty list") -> str:
    """``owner/name`` of the repository that a document is about, where its content does not say.

    Raises:
        InputError: Nothing else says it.
    """
    place = doc.checkout
    if place is None or place.repository.startswith("local/"):
        problem = f"{what} does not say which repository it is about"
        raise InputError(doc.artifact, "", problem, "give the repository with --repo OWNER/NAME")
    return place.repository


def _holder(doc: Document) -> _Holder:
    """Whose secrets a document lists: its content does not say."""
    place = doc.checkout
    if place is None or place.repository.startswith("local/"):
        problem = "a list of secrets does not say which repository has them"
        raise InputError(doc.artifact, "", problem, "give the repository with --repo OWNER/NAME")
    named = _NAMED_FILE.fullmatch(place.path.rpartition("/")[2])
    folders = [found["name"] for found in _NAMED_FOLDER.finditer(place.path)]
    environment = named["name"] if named else folders[-1] if folders else None
    return _Holder(place.repository, None if environment is None else unquote(environment))


def _secret(
    doc: Document, holder: _Holder, body: dict[str, object], at: Pointer
) -> Iterator[Fact]:
    name = body.get("name")
    if not isinstance(name, str) or not _SECRET_NAME.fullmatch(name):
        yield Refused("expected a secret with its name", doc.at(*at, excerpt=False))
        return
    if "visibility" in body:
        # Only the list of an organization has it.
        reason = "which repositories an organization's secret is for its list does not say"
        yield Note(reason, doc.at(*at, excerpt=False))
        return
    props: dict[str, Value] = {}
    for prop, field in _DAYS.items():
        try:
            day = fields.day(body.get(field))
        except SchemaError as error:
            yield Note(f"{field} of a secret: {error}", doc.at(*at, field, excerpt=False))
            continue
        if day is not None:
            props[prop] = day.isoformat()
    stored = name.upper()
    yield Node(k.SECRET, holder.key(stored), doc.at(*at, "name"), name=stored, props=props)


def is_repository(body: dict[str, object]) -> bool:
    """Whether a mapping is GitHub's description of a repository."""
    named = {"full_name", "default_branch"} <= body.keys()
    return named and _ITSELF.search(text(body.get("url"))) is not None


def repository(doc: Document) -> Iterator[Fact]:
    """One repository."""
    yield from _repository(doc, mapping(doc.content), ())


def repositories(doc: Document) -> Iterator[Fact]:
    """A list of repositories."""
    for index, item in enumerate(sequence(doc.content)):
        yield from _repository(doc, mapping(item), (index,))


def _repository(doc: Document, body: dict[str, object], at: Pointer) -> Iterator[Fact]:
    full = body.get("full_name")
    if not is_repository(body) or not isinstance(full, str) or not _FULL_NAME.fullmatch(full):
        reason = "expected a repository with full_name, default_branch and url"
        yield Refused(reason, doc.at(*at, excerpt=False))
        return
    props: dict[str, Value] = {}
    for field in ("default_branch", "visibility"):
        value = body.get(field)
        if isinstance(value, str) and value:
            props[field] = value
        elif value is not None:
            yield Note(f"expected {field} as text", doc.at(*at, field, excerpt=False))
    archived = body.get("archived")
    if archived is True:
        props["archived"] = True
    elif archived not in (False, None):
        yield Note("expected archived as true or false", doc.at(*at, "archived", excerpt=False))
    key, name = keys.repository(full).text, text(body.get("name")) or full.rpartition("/")[2]
    yield Node(k.REPOSITORY, key, doc.at(*at, "full_name"), name=name, props=props)

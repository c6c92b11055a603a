"""What GitHub lists: the workflows of a repository, and repositories themselves.

Shapes are those of the REST API as ``gh api`` prints them:

* ``repos/{o}/{r}/actions/workflows`` (https://docs.github.com/en/rest/actions/workflows)
* ``repos/{o}/{r}`` and the list ``orgs/{o}/repos`` (https://docs.github.com/en/rest/repos/repos)

A listing says that a thing is there and since when, never what it does: a workflow that is only
listed is not ``defined``.
"""

import re
from collections.abc import Iterator

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.facts import Fact, Node, Note, Refused, Value
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

#: https://docs.github.com/en/rest/actions/workflows#list-repository-workflows
#: ``active`` is said too: a path may be listed twice, deleted and made anew.
_STATES = {
    "active": NodeState.ACTIVE,
    "deleted": NodeState.DELETED,
    "disabled_fork": NodeState.DISABLED,
    "disabled_inactivity": NodeState.DISABLED,
    "disabled_manually": NodeState.DISABLED,
}


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

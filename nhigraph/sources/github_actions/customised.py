"""Of which claims a repository's identity tokens make their subject.

Shape is that of the REST API as ``gh api repos/{o}/{r}/actions/oidc/customization/sub`` prints it
(https://docs.github.com/en/rest/actions/oidc, read 29 November 2026): ``use_default``, and where
that is false ``include_claim_keys``; without these the organization's own choice stands, which is
in no file of the repository. Found for a workflow where it lies at its repository's address
(module ``address``).
"""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.facts import Fact, Node, Note
from nhigraph.ingest.document import Document
from nhigraph.policy.github_actions import subjects
from nhigraph.schema import kinds as k
from nhigraph.sources.github_actions import address
from nhigraph.sources.github_actions.shape import mapping, texts

AT = "actions/oidc/customization/sub"
_DEFAULT, _CLAIMS = "use_default", "include_claim_keys"
_FOUND: WeakKeyDictionary[Document, tuple[str, ...] | None] = WeakKeyDictionary()


def is_choice(body: dict[str, object]) -> bool:
    """Whether a mapping is this document."""
    return isinstance(body.get(_DEFAULT), bool)


def facts(doc: Document) -> Iterator[Fact]:
    """The repository, and what its subjects are made of.

    Raises:
        InputError: Nothing says whose it is.
    """
    repository = keys.repository(address.repository_of(doc, "a choice of claims"))
    yield Node(k.REPOSITORY, repository.text, doc.at(_DEFAULT), name=repository.name)
    made = _made(mapping(doc.content))
    said = f"are made of {', '.join(made)}" if made else "are made as its organization says"
    yield Note(f"subjects of this repository's identity tokens {said}", doc.at(_DEFAULT))


def claims(workflow: Document) -> tuple[str, ...] | None:
    """Claims of subjects in a workflow's repository; None where nothing says which."""
    found = workflow.told.get(AT)
    if found is None:
        return None
    if found not in _FOUND:
        _FOUND[found] = _read(found)
        found.release()
    return _FOUND[found]


def _read(doc: Document) -> tuple[str, ...] | None:
    try:
        return _made(mapping(doc.content))
    except InputError:
        return None


def _made(body: dict[str, object]) -> tuple[str, ...] | None:
    if body.get(_DEFAULT) is True:
        return (subjects.REPO, subjects.CONTEXT)
    return tuple(texts(body.get(_CLAIMS))) or None

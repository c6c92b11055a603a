"""Of which claims a repository's identity tokens make their subject.

Shapes are those of the REST API as ``gh api`` prints them (https://docs.github.com/en/rest/actions/oidc
and "Customizing the subject claims for an organization or repository" of
https://docs.github.com/en/actions/reference/security/oidc, read 29 November 2026):

* ``repos/{o}/{r}/actions/oidc/customization/sub``: ``use_default``, and where that is false
  ``include_claim_keys``; without these the organization's template counts. Newer answers also have
  ``use_immutable_subject`` and ``sub_claim_prefix``, how its subjects begin; where the two do not
  agree, either may be right.
* ``orgs/{o}/actions/oidc/customization/sub``: ``include_claim_keys``, which counts for the
  repositories that say so; of one that says nothing it may, and that it is the usual form may too.

Found for a workflow where they lie at the addresses of its repository and of its owner (module
``address``).
"""

import re
from collections.abc import Iterator
from typing import Final
from weakref import WeakKeyDictionary

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.facts import Fact, Node, Note
from nhigraph.ingest.document import Document
from nhigraph.policy.github_actions.subjects import CONTEXT, REPO, USUAL, Form, homes_of
from nhigraph.schema import kinds as k
from nhigraph.sources.github_actions import address
from nhigraph.sources.github_actions.shape import mapping, on_github, text, texts

AT: Final = "actions/oidc/customization/sub"
OWNERS: Final = f"orgs/{AT}"
_DEFAULT, _CLAIMS = "use_default", "include_claim_keys"
_NUMBERS, _PREFIX = "use_immutable_subject", "sub_claim_prefix"
_HOME: Final = re.compile(rf"{REPO}:(?P<home>[\w.-]+(?P<ids>@\d+)?/[\w.-]+(?(ids)@\d+))")
_FOUND: WeakKeyDictionary[Document, dict[str, object]] = WeakKeyDictionary()


def is_choice(body: dict[str, object]) -> bool:
    """Whether a mapping is one of these documents."""
    return isinstance(body.get(_DEFAULT), bool) or isinstance(body.get(_CLAIMS), list)


def facts(doc: Document) -> Iterator[Fact]:
    """The repository or its owner, and what subjects are made of.

    Raises:
        InputError: Nothing says whose it is.
    """
    body = mapping(doc.content)
    made = _claims(body)
    of = ", ".join(made) if made else ""
    if _DEFAULT not in body:
        owner = keys.Owner(address.owner_of(doc, "a choice of claims"))
        yield Node(k.CONTAINER, owner.text, doc.at(_CLAIMS), name=owner.owner)
        said = f"make the subjects of their identity tokens of {of or 'what is usual'}"
        yield Note(f"repositories that follow this organization {said}", doc.at(_CLAIMS))
        return
    repository = keys.repository(address.repository_of(doc, "a choice of claims"))
    yield Node(k.REPOSITORY, repository.text, doc.at(_DEFAULT), name=repository.name)
    said = f"are made of {of}" if of else "are made as its organization says"
    yield Note(f"subjects of this repository's identity tokens {said}", doc.at(_DEFAULT))


def forms(workflow: Document) -> tuple[Form, ...]:
    """Forms that subjects in a workflow's repository may have; the likeliest first."""
    own, owners = (_read(workflow.told.get(at)) for at in (AT, OWNERS))
    theirs = _claims(owners) or USUAL.claims if owners is not None else None
    if own is None or not isinstance(own.get(_DEFAULT), bool):
        usual = () if theirs in {None, USUAL.claims} else (Form(theirs or ()),)
        return (USUAL, *usual)
    claims = _claims(own) or theirs
    homes = _homes(own, workflow)
    return (Form(claims or USUAL.claims, homes, sure=claims is not None),)


def _read(doc: Document | None) -> dict[str, object] | None:
    if doc is None:
        return None
    if doc not in _FOUND:
        try:
            _FOUND[doc] = mapping(doc.content)
        except InputError:
            _FOUND[doc] = {}
        doc.release()
    return _FOUND[doc]


def _claims(body: dict[str, object]) -> tuple[str, ...] | None:
    """What a document says subjects are made of; None where it leaves that to others."""
    if body.get(_DEFAULT) is True:
        return (REPO, CONTEXT)
    return tuple(texts(body.get(_CLAIMS))) or None


def _homes(body: dict[str, object], workflow: Document) -> tuple[str, ...]:
    """Forms of ``repo`` that a repository's answer leaves; none where it does not say."""
    found = _HOME.fullmatch(text(body.get(_PREFIX)))
    numbers = body.get(_NUMBERS)
    if found is not None:
        agreed = numbers is None or numbers is bool(found["ids"])
        return (found["home"],) if agreed else ()
    # That there are no numbers was seen beside a beginning that has them: that alone says nothing.
    named = on_github(workflow.checkout) if numbers is True and workflow.checkout else ""
    return homes_of(named)[1:] if named and not named.startswith("local/") else ()

"""Whose an export is: by where it lies, as its content often does not say.

A file may lie at its own address: what ``gh api repos/acme/erp/keys`` prints, in
``repos/acme/erp/keys.json`` below any folder; what ``orgs/acme/hooks`` prints, in
``orgs/acme/hooks.json``. ``queries/export/github.sh`` writes them so. Names inside are written as
in the address: ``/`` is ``%2F``. Where no such folder is above a file, the repository is that of
the checkout it lies in, or the one given with ``--repo OWNER/NAME``, and the owner is its owner.
"""

import re
from urllib.parse import unquote

from nhigraph.errors import InputError
from nhigraph.ingest.document import Document
from nhigraph.records import dataclass
from nhigraph.sources.github_actions.shape import on_github

_OWNER = r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}"
_NAME = r"(?!\.{1,2}/)[A-Za-z0-9._-]{1,100}"
_ADDRESS = re.compile(
    rf"(?:.*/)?(?:repos/(?P<repo>{_OWNER}/{_NAME})|orgs/(?P<org>{_OWNER}))/(?P<rest>.+)\.json"
)
_LOCAL = "local/"
_ADVICE = "save it at its address, as in repos/OWNER/NAME/keys.json, or give --repo OWNER/NAME"


@dataclass(frozen=True, slots=True)
class Address:
    """The address that a file's place spells.

    Attributes:
        owner: Its owner.
        repository: ``owner/name``; empty where it is the owner's own.
        rest: What follows, in parts.
    """

    owner: str
    repository: str
    rest: tuple[str, ...]

    def below(self, *pattern: str) -> tuple[str, ...] | None:
        """The parts that stand for ``*`` where the rest is like the pattern, else None."""
        if len(pattern) != len(self.rest):
            return None
        pairs = [*zip(pattern, self.rest, strict=True)]
        if any(wanted not in ("*", found) for wanted, found in pairs):
            return None
        return tuple(found for wanted, found in pairs if wanted == "*")


def path_of(doc: Document) -> str:
    """Where a document lies, in its checkout or below its input."""
    return doc.checkout.path if doc.checkout else doc.artifact


def of(doc: Document) -> Address | None:
    """The address that a document lies at, if it lies at one."""
    found = _ADDRESS.fullmatch(path_of(doc))
    if found is None:
        return None
    rest = tuple(unquote(part) for part in found["rest"].split("/"))
    repository = found["repo"] or ""
    return Address(found["org"] or repository.partition("/")[0], repository, rest)


def repository_of(doc: Document, what: str = "an empty list") -> str:
    """``owner/name`` of the repository that a document is about, where its content does not say.

    Raises:
        InputError: Nothing else says it.
    """
    found = of(doc)
    if found is not None and found.repository:
        return found.repository
    place = "" if doc.checkout is None else on_github(doc.checkout)
    if not place or place.startswith(_LOCAL) or found is not None:
        problem = f"{what} does not say which repository it is about"
        raise InputError(doc.artifact, "", problem, "give the repository with --repo OWNER/NAME")
    return place


def owner_of(doc: Document, what: str) -> str:
    """The owner that a document is about, where its content does not say.

    Raises:
        InputError: Nothing else says it.
    """
    found = of(doc)
    place = "" if doc.checkout is None else on_github(doc.checkout)
    if found is not None:
        return found.owner
    if not place or place.startswith(_LOCAL):
        problem = f"{what} does not say which organization it is about"
        raise InputError(doc.artifact, "", problem, _ADVICE)
    return place.partition("/")[0]

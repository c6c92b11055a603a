"""Listings whose address tells what they are, or whose items do: bare arrays, and selections.

An array has no ``total_count``: a first page of 30 or 100 items may be all or may not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nhigraph.facts.facts import Fact
from nhigraph.ingest.document import Document
from nhigraph.sources.github_actions import access, address, apps, people, stores
from nhigraph.sources.github_actions.shape import mapping

#: Items of a page where nobody asks for more, and where as many as may be are asked for
#: (https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api).
WHOLE_PAGES = frozenset({30, 100})


@dataclass(frozen=True, slots=True)
class Array:
    """One listing.

    Attributes:
        fields: Each item has these.
        read: Reads it.
        places: Addresses below a repository or an owner, ``*`` for any one part.
        alone: Its items tell it from every other list of GitHub's.
    """

    fields: frozenset[str]
    read: Callable[[Document], Iterator[Fact]]
    places: tuple[tuple[str, ...], ...]
    alone: bool = True


_ARRAYS = (
    Array(frozenset({"id", "key", "read_only"}), access.deploy_keys, (("keys",),)),
    Array(frozenset({"id", "events", "config", "active"}), access.hooks, (("hooks",),)),
    Array(frozenset({"login", "permissions"}), people.collaborators, (("collaborators",),)),
    Array(frozenset({"slug", "members_url"}), people.teams, (("teams",),)),
    Array(
        frozenset({"token_id", "permissions", "repository_selection"}),
        apps.tokens,
        (("personal-access-tokens",),),
    ),
    Array(
        frozenset({"login", "id"}),
        people.members,
        (("members",), ("outside_collaborators",), ("teams", "*", "members")),
        alone=False,
    ),
)
_SELECTION = ("actions", "secrets", "*", "repositories")


def reader(doc: Document) -> Callable[[Document], Iterator[Fact]] | None:
    """How to read a document that is one of these."""
    content, place = doc.content, address.of(doc)
    if isinstance(content, dict):
        of_secret = place is not None and place.below(*_SELECTION) is not None
        return stores.selected if of_secret and "repositories" in content else None
    if not isinstance(content, list):
        return None
    first = mapping(content[0]).keys() if content else None
    for one in _ARRAYS:
        here = place is not None and any(place.below(*at) is not None for at in one.places)
        if here and (first is None or one.fields <= first):
            return one.read
        if one.alone and first is not None and one.fields <= first:
            return one.read
    return None

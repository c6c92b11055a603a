"""Listings whose address tells what they are, or whose items do: bare arrays, and selections.

An array has no ``total_count``: a first page of 30 or 100 items may be all or may not.
"""

from collections.abc import Callable, Iterator

from nhigraph.facts.facts import Fact
from nhigraph.ingest.document import Document
from nhigraph.records import dataclass
from nhigraph.sources.github_actions import (
    access,
    address,
    apps,
    fleet,
    people,
    rules,
    stores,
)
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
    Array(frozenset({"id", "enforcement"}), rules.rulesets, (("rulesets",),), alone=False),
    Array(
        frozenset({"login", "id"}),
        people.members,
        (("members",), ("outside_collaborators",), ("teams", "*", "members")),
        alone=False,
    ),
)
_SELECTIONS = (
    (("actions", "secrets", "*", "repositories"), stores.selected),
    (("actions", "runner-groups", "*", "repositories"), fleet.lent_to),
)


def reader(doc: Document) -> Callable[[Document], Iterator[Fact]] | None:
    """How to read a document that is one of these."""
    content, place = doc.content, address.of(doc)
    if isinstance(content, dict):
        if place is None or "repositories" not in content:
            return None
        return next((read for at, read in _SELECTIONS if place.below(*at) is not None), None)
    return _array(content, place) if isinstance(content, list) else None


def _array(
    content: list[object], place: address.Address | None
) -> Callable[[Document], Iterator[Fact]] | None:
    first = mapping(content[0]).keys() if content else None
    if first is not None and "rules" in first:
        return None  # Rulesets with all that they say.
    for one in _ARRAYS:
        here = place is not None and any(place.below(*at) is not None for at in one.places)
        fits = here if first is None else one.fields <= first
        if fits and (here or one.alone):
            return one.read
    return None

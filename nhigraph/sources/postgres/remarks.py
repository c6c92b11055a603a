"""What an export shows and the facts leave out: one coverage line for each kind of it."""

from collections.abc import Iterator

from nhigraph.facts.facts import Note
from nhigraph.sources.postgres.decided import Decided

_LISTED = {
    "foreign_servers": "what lies on the other side of foreign servers is not in the export",
}


def read(estate: Decided) -> Iterator[Note]:
    """Yield notes; of things each names the first place of its kind and how many there are."""
    yield from estate.listed(_LISTED)
    for role in estate.catalog.roles.values():
        if role.login and role.name not in estate.connecting:
            said = f"{role.name} cannot log in to {estate.database}: it has no CONNECT"
            yield Note(said, estate.at(role.place))

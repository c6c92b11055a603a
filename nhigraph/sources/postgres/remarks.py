"""What an export shows and the facts leave out: one coverage line for each kind of it."""

from collections.abc import Iterator

from nhigraph.facts.facts import Note
from nhigraph.sources.postgres.estate import Estate

_LISTED = {
    "foreign_servers": "rights on the other side of foreign servers are not in the export",
    "event_triggers": "event triggers are not followed",
}


def read(estate: Estate) -> Iterator[Note]:
    """Yield notes; each names the first place of its kind and how many there are."""
    yield from _as_the_writer(estate)
    yield from estate.listed(_LISTED)


def _as_the_writer(estate: Estate) -> Iterator[Note]:
    """A trigger function that is no security definer is refused where its writer would be.

    So what it does its writer may do; where the data then goes is followed if its text says it.
    """
    places = []
    for trigger in estate.catalog.triggers:
        function = estate.effects.function(trigger)
        if function is None or (
            not function.security_definer and estate.effects.understood(function).problem
        ):
            places.append(trigger.place)
    if places:
        reason = f"triggers that run as whoever writes and could not be read: {len(places)}"
        yield Note(reason, estate.at(places[0]))

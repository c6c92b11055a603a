"""Whose values code carries where, and who reads them on the way.

A temporary table of a session stands before a lasting one of its name and schema, in code that
runs as its definer too, and no right is asked for on it (https://mariadb.com/kb/en/create-table/
#create-temporary-table, read 30 November 2026; tried on MariaDB 10.11.19: rows that a procedure,
and a trigger, took from a table that its caller may not read came into the caller's own). CREATE
TEMPORARY TABLES on the schema of what is written is enough.
"""

from collections.abc import Callable, Iterator

from nhigraph.facts.facts import Edge, Fact, Need
from nhigraph.facts.keys import mysql as names
from nhigraph.policy.mysql.catalog import Name, Place
from nhigraph.policy.mysql.hosts import Answer
from nhigraph.policy.mysql.outcome import Flow, Outcome
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State, Transform
from nhigraph.sources.mysql.estate import HOST, Estate, conditional

_RIGHT = "CREATE TEMPORARY TABLES"
_INSTEAD = "it makes a temporary table in the place of {}, and what {} holds comes into that"


def flows(estate: Estate, outcome: Outcome, place: Place, why: str) -> Iterator[Edge]:
    """Whose values code writes where, whenever it runs."""
    for flow in _told(estate, outcome):
        source, target = names.dataset(*flow.origin), names.dataset(*flow.target)
        edge = Edge(k.FEEDS, source, target, estate.at(place), transform=Transform.OTHER)
        yield conditional(edge, why)


def _told(estate: Estate, outcome: Outcome) -> Iterator[Flow]:
    known = estate.catalog.relations
    for flow in outcome.flows:
        if flow.origin in known and flow.target in known and flow.origin != flow.target:
            yield flow


def reads(
    estate: Estate,
    key: Callable[[], str],
    outcome: Outcome,
    place: Place,
    own: Name | None = None,
) -> Iterator[Edge]:
    """Whose values whoever holds a grant may have written to a table of its own.

    Args:
        estate: The server.
        key: Key of the grant, asked for where it opens something.
        outcome: What the grant comes to.
        place: Where the code is, or what fires it.
        own: A relation of which it carries nothing but what the holder has just written.
    """
    for flow in _told(estate, outcome):
        schema = flow.target[0]
        view = estate.catalog.relations[flow.target].view
        if view or schema not in estate.catalog.schemas or flow.origin == own:
            continue
        text = f"{_RIGHT} on {schema}"
        making = estate.grant(_RIGHT.lower(), (schema,), estate.catalog.schemas[schema], text)
        estate.shadowed[schema] = making
        edge = Edge(
            k.CAN_READ,
            key(),
            names.dataset(*flow.origin),
            estate.at(place),
            action="read",
            needs=(Need(making, State.CONTROL),),
        )
        yield conditional(edge, _INSTEAD.format(".".join(flow.target), ".".join(flow.origin)))


def read(estate: Estate) -> Iterator[Fact]:
    """Yield who may make temporary tables in a schema of which that was said."""
    for schema, key in estate.shadowed.items():
        for who in estate.catalog.accounts:
            have = estate.access.in_schema(who, schema).answer(_RIGHT)
            for place in estate.places(who, _RIGHT, (schema, "")) if have is not Answer.NO else ():
                edge = Edge(k.HOLDS, estate.who(who), key, estate.at(place))
                yield conditional(edge, "" if have is Answer.YES else HOST)

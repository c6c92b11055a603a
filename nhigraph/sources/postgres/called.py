"""Who runs a security-definer function without naming it: by what calls that.

Tried on PostgreSQL 15.18: USAGE on a function's schema is asked of whoever names the function. By
a view, default, check, policy, operator or function of standard SQL that calls it, it is run
without that; EXECUTE is asked all the same, but of an aggregate's owner for what the aggregate
calls (sql-createaggregate), and of nobody for an event trigger, which runs as whoever runs the
command (sql-createeventtrigger; PUBLIC may make temporary tables unless that was revoked).

An export of an earlier form does not say what calls what.
"""

from collections.abc import Iterator

from nhigraph.facts.facts import Edge
from nhigraph.policy.postgres.catalog import (
    AGGREGATE,
    EVENT_TRIGGER,
    PUBLIC,
    Call,
    Function,
    Place,
)
from nhigraph.policy.postgres.rights import STATEMENTS
from nhigraph.schema import kinds as k
from nhigraph.sources.postgres.decided import Decided, conditional

_UNTOLD = "it uses something that calls the function, which the export does not say"


def unnamed(
    estate: Decided, function: Function, grantee: str, place: Place, key: str
) -> Iterator[Edge]:
    """Holders of EXECUTE who need not name the function."""
    edge = Edge(k.HOLDS, estate.source(grantee), key, estate.at(place))
    if estate.catalog.calls is None:
        yield conditional(edge, _UNTOLD)
        return
    roles = estate.possible.roles
    having, told = roles.with_rights_of(grantee), 0
    for one in _calls(estate, function):
        if one.sort in (AGGREGATE, EVENT_TRIGGER):
            continue
        mask = having & _using(estate, one) & ~told
        told |= mask
        why = f"it uses {one.sort} {one.name}, which calls the function"
        if mask == having:
            yield conditional(edge, why)
            continue
        for name in estate.smallest(mask):
            source, at = estate.source(name), estate.at(one.place)
            yield conditional(Edge(k.HOLDS, source, key, at), why)


def by_itself(estate: Decided, function: Function, key: str) -> Iterator[Edge]:
    """What runs the function for anybody, whoever may execute it."""
    for one in _calls(estate, function):
        edge = Edge(k.HOLDS, estate.role(PUBLIC), key, estate.at(one.place))
        if one.sort == AGGREGATE:
            yield conditional(edge, f"it uses {one.sort} {one.name}, whose owner may run it")
        elif one.sort == EVENT_TRIGGER:
            yield conditional(edge, f"{one.sort} {one.name} fires for a command of its own")


def _calls(estate: Decided, function: Function) -> list[Call]:
    return estate.calls.get((*function.name, function.arguments), [])


def _using(estate: Decided, one: Call) -> int:
    """Roles that may use what calls it; all where that is not a relation's."""
    relation = None if one.relation is None else estate.catalog.relations.get(one.relation)
    if relation is None:
        return estate.possible.roles.everyone
    mask = 0
    for privilege in STATEMENTS:
        mask |= estate.possible.statement(relation, privilege)
    return mask

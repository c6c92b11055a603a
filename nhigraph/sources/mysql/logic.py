"""Routines and events: what calling the one does, and what the other does by itself.

What a routine does with its definer's rights hangs on the grant ``execute/SCHEMA.NAME``. A routine
that has its caller's rights lends nothing, until somebody with ALTER ROUTINE on it makes it its
definer's: ALTER PROCEDURE … SQL SECURITY DEFINER asks for that right alone and leaves the definer
as it is (tried on MariaDB 10.11.19). That is the grant ``alter routine/SCHEMA.NAME``.

An event is logic: it computes what it writes. EVENT on its schema stops it, and makes another one
of one's own; changing it makes whoever changes it its definer
(https://dev.mysql.com/doc/refman/8.4/en/alter-event.html, read 28 November 2026).
"""

from collections.abc import Iterator

from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.keys import mysql as names
from nhigraph.policy.mysql import packages
from nhigraph.policy.mysql.catalog import Code
from nhigraph.policy.mysql.hosts import Answer
from nhigraph.schema import kinds as k
from nhigraph.schema.types import FLOWING
from nhigraph.sources.mysql import carried
from nhigraph.sources.mysql.estate import HOST, Estate, conditional
from nhigraph.sources.mysql.relations import effect_edges


def read(estate: Estate) -> Iterator[Fact]:
    """Yield what code that is called, or runs by itself, comes to."""
    for code in estate.catalog.code:
        if code.name[0] not in estate.catalog.schemas:
            at = estate.at(code.place)
            yield Gap(estate.databases, f"the schema of a {code.sort} is not in the export", at)
        elif code.sort in ("procedure", "function", packages.BODY):
            yield from _routine(estate, code)
        elif code.sort == "event":
            yield from _event(estate, code)
    yield from _unseen(estate)


def _unseen(estate: Estate) -> Iterator[Fact]:
    """Routines that somebody may run and nothing shows."""
    known = {(one.name[0], one.sort, one.name[1].lower()) for one in estate.catalog.code}
    for row in estate.catalog.routine_grants:
        if row.thing in known or "EXECUTE" not in row.privileges:
            continue
        schema, sort, name = row.thing
        text = f"EXECUTE on {sort} {schema}.{name}"
        key = estate.grant("execute", (schema, name), row.place, text)
        at = estate.at(row.place)
        if row.who in estate.catalog.accounts:
            yield Edge(k.HOLDS, estate.who(row.who), key, at)
        yield Gap(key, f"what the {sort} {schema}.{name} does is not in the export", at)


def _routine(estate: Estate, code: Code) -> Iterator[Fact]:
    outcome = estate.effects.of_call(code, lent=code.invoker)
    if outcome.answer is Answer.NO or not outcome.effects:
        return
    if code.invoker and code.sort == packages.BODY:
        return  # No statement changes whose rights a package has.
    asked = ("EXECUTE", "ALTER ROUTINE") if code.invoker else ("EXECUTE",)
    what = "alter routine" if code.invoker else "execute"
    text = f"{' and '.join(asked)} on {code.sort} {'.'.join(code.name)}"
    key = estate.grant(what, code.name, code.place, text)
    for who in estate.catalog.accounts:
        thing = (code.name[0], code.sort, code.name[1])
        have = estate.access.together(who, asked, "on_routine", *thing)
        if have is not Answer.NO:
            doubt = "" if have is Answer.YES else HOST
            there = (*thing[:2], thing[2].lower())
            for place in estate.places(who, asked[-1], there, session=True):
                edge = Edge(k.HOLDS, estate.who(who), key, estate.at(place))
                yield conditional(edge, doubt, outcome.condition, estate.reading_only(who))
    yield from effect_edges(estate, key, outcome.effects)
    why = f"somebody calls {'.'.join(code.name)}"
    yield from carried.flows(estate, outcome, code.place, why)
    yield from carried.reads(estate, lambda: key, outcome, code.place)


def _event(estate: Estate, code: Code) -> Iterator[Fact]:
    key = names.logic(code.name[0], code.sort, code.name[1])
    name, at = ".".join(code.name), estate.at(code.place)
    yield Node(k.MODEL, key, at, name=f"event {name}")
    for who in estate.catalog.accounts:
        if estate.access.in_schema(who, code.name[0]).answer("EVENT") is Answer.YES:
            for place in estate.places(who, "EVENT", (code.name[0], "")):
                yield Edge(k.CAN_STOP, estate.who(who), key, estate.at(place), action="stop")
    body = estate.effects.body(code)
    if body.problem:
        reason = f"what this event does could not be read: {body.problem}"
        yield Gap(key, reason, at, FLOWING)
        return
    outcome = estate.effects.of_event(code)
    if outcome.answer is Answer.NO:
        return
    silent = "" if code.enabled else f"somebody enables the event {name}"
    off = (
        ""
        if estate.catalog.variables.get("event_scheduler", "ON").upper() != "OFF"
        else ("the server runs events")
    )
    for effect in outcome.effects:
        target = effect.relation
        known = target is not None and target in estate.catalog.relations
        if target is not None and known and effect.privilege != "SELECT":
            edge = Edge(k.COMPUTES, key, names.dataset(*target), at)
            yield conditional(edge, effect.condition, silent, off)
    yield from carried.flows(estate, outcome, code.place, f"the event {name} runs")

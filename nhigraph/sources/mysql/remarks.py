"""What a document leaves open: sections that could not be read, and what was not shown.

A gap lies where it hides something: at what somebody writes, runs or becomes.
"""

from collections.abc import Iterator

from nhigraph.facts.facts import Edge, Fact, Gap
from nhigraph.facts.keys import mysql as names
from nhigraph.policy.mysql.catalog import Place, Who
from nhigraph.policy.mysql.hosts import Answer
from nhigraph.schema import kinds as k
from nhigraph.schema.types import FLOWING
from nhigraph.sources.mysql.estate import HOST, Estate, conditional
from nhigraph.sources.mysql.records import SECTIONS
from nhigraph.sources.mysql.sight import OF_ACCOUNTS

#: Rights without which the server does not show everything, with what is then not shown.
_SEES = {
    "SELECT": "tables, accounts and routines",
    "SHOW VIEW": "what views show",
    "TRIGGER": "triggers",
    "EVENT": "events",
}
_AGAIN = "export as an account that may read the schema mysql"
_WHOLE = "*"


def read(estate: Estate) -> Iterator[Fact]:
    """Yield a gap for each thing that was not shown, where it hides something."""
    if estate.sight.text:
        yield from _text(estate)
    else:
        yield from _sections(estate)
        yield from _exporter(estate)
    yield from _triggers(estate)
    for privilege, what in (("EXECUTE", "routines"), ("EVENT", "events")):
        yield from _code(estate, privilege, what)


def _text(estate: Estate) -> Iterator[Fact]:
    at = estate.at(estate.whole)
    what = "which tables, views, routines, triggers, events, keys and settings the server has"
    for key in (estate.cluster, estate.databases):
        yield Gap(key, estate.sight.why(what), at)


def _sections(estate: Estate) -> Iterator[Fact]:
    at = estate.at(estate.whole)
    for section in SECTIONS:
        if section not in estate.sight.absent:
            continue
        reason = _unread(estate, [section])
        yield Gap(estate.cluster, reason, at)
        if section not in ("variables", "proxies"):
            yield Gap(estate.databases, reason, at)
    hidden = [one for one in OF_ACCOUNTS if one in estate.sight.absent]
    if hidden:
        reason = _unread(estate, hidden)
        for account in estate.catalog.accounts.values():
            yield Gap(estate.who(account.who), reason, estate.at(account.place))


def _unread(estate: Estate, sections: list[str]) -> str:
    what, names = " and ".join(SECTIONS[one] for one in sections), ", ".join(sections)
    if estate.sight.torn.issuperset(sections):
        return f"records of {what} could not be read ({names})"
    return f"the exporter could not read {what} ({names}): {_AGAIN}"


def _exporter(estate: Estate) -> Iterator[Fact]:
    if estate.sight.exporter is None:
        return
    at = estate.at(estate.whole)
    for privilege, what in _SEES.items():
        if not estate.sight.has(privilege) and not estate.sight.has("SUPER"):
            reason = f"the exporter has no {privilege} on all of the server, which hides {what}"
            yield Gap(estate.databases, reason, at)


def _triggers(estate: Estate) -> Iterator[Fact]:
    """Whoever writes to a table writes what its triggers write."""
    sight = estate.sight
    for schema in estate.schemas:
        if not sight.triggers((schema, "")):
            reason = sight.why(f"what triggers of tables in {schema} do")
            at = estate.at(estate.catalog.schemas[schema])
            yield Gap(names.schema(schema), reason, at, FLOWING)
    for relation in estate.catalog.relations.values():
        if relation.name[0] in estate.catalog.schemas and not sight.triggers(relation.name):
            reason = sight.why(f"what triggers of {'.'.join(relation.name)} do")
            yield Gap(names.dataset(*relation.name), reason, estate.at(relation.place), FLOWING)


def _code(estate: Estate, privilege: str, what: str) -> Iterator[Fact]:
    """Whoever may run all routines of a schema, or stop its events, has those that nobody saw."""
    seen = estate.sight.routines if privilege == "EXECUTE" else estate.sight.events
    hidden = [schema for schema in estate.schemas if not seen(schema)]
    found: dict[str, tuple[str, Place]] = {}
    for who in estate.catalog.accounts:
        everywhere = privilege in estate.access.everywhere(who)
        if everywhere and not estate.knows_schemas:
            yield from _held(estate, who, privilege, _WHOLE, Answer.YES, found)
            continue
        for schema in hidden:
            have = estate.access.in_schema(who, schema).answer(privilege)
            if have is not Answer.NO:
                yield from _held(estate, who, privilege, schema, have, found)
    for key, (schema, place) in found.items():
        of = "the server" if schema == _WHOLE else schema
        reason = estate.sight.why(f"what {what} of {of} do")
        yield Gap(key, reason, estate.at(place))


def _held(
    estate: Estate,
    who: Who,
    privilege: str,
    schema: str,
    have: Answer,
    found: dict[str, tuple[str, Place]],
) -> Iterator[Fact]:
    places = estate.places(who, privilege, None if schema == _WHOLE else (schema, ""))
    text = f"{privilege} on {schema}.*"
    key = estate.grant(privilege.lower(), (schema, _WHOLE), places[0], text)
    found.setdefault(key, (schema, places[0]))
    for place in places:
        edge = Edge(k.HOLDS, estate.who(who), key, estate.at(place))
        yield conditional(edge, "" if have is Answer.YES else HOST)

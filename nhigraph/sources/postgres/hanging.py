"""What others' relations hang on: whoever owns that drops it, and they go with it.

``DROP … CASCADE`` asks for owning the thing, or the schema it is in, and for nothing of what hangs
on it (PostgreSQL 15, sql-droptype, ddl-depend). Tried on 15.20 (16.14 and 18.4 say the same of
what hangs on what): a column goes with its type, domain or collation, with the table or type whose
rows it holds and with the function that generates it; a table with its parent; a foreign table
with its server; a view with a type, function, operator or sequence of its query. A thing is named,
which takes USAGE on its schema, or dropped with all that its owner has (DROP OWNED … CASCADE),
which does not.

The owner of an enumeration renames its values where they are, in all tables: the rows then say
something else (sql-altertype: RENAME VALUE; what is stored is the value's number).

Blind spots: defaults, checks, policies and triggers that go with what they call, which keep nobody
from a row that is there; and exports of earlier forms, which do not say what hangs on what.
"""

from collections.abc import Iterator

from nhigraph.facts.facts import Edge, Fact
from nhigraph.policy.postgres.catalog import Dependence, Name
from nhigraph.schema import kinds as k
from nhigraph.sources.postgres.decided import DROP_OWNED, Decided, conditional


def read(estate: Decided) -> Iterator[Fact]:
    """Yield what owning each such thing comes to."""
    for one in estate.catalog.dependents:
        if one.owner not in estate.catalog.roles:
            continue
        known = [*_known(estate, one.relations)]
        if known:
            yield from _dropped(estate, one, known)
        renamed = [*_known(estate, one.renames)]
        if renamed:
            yield from _renamed(estate, one, renamed)


def _known(estate: Decided, names: tuple[Name, ...]) -> Iterator[Name]:
    catalog = estate.catalog
    return (one for one in names if one in catalog.relations and one[0] in catalog.schemas)


def _dropped(estate: Decided, one: Dependence, names: list[Name]) -> Iterator[Fact]:
    text = f"DROP of {one.sort} {one.name} with what hangs on it"
    key = estate.grant(f"drop {one.sort}", _parts(one), one.place, text)
    holds = _holds(estate, one, key)
    yield holds
    if holds.needs and not estate.catalog.roles[one.owner].predefined:
        yield conditional(Edge(k.HOLDS, holds.source, key, holds.evidence), DROP_OWNED)
    for name in names:
        at = estate.at(one.place)
        yield Edge(k.CAN_DELETE, key, estate.dataset(name), at, action="delete")


def _renamed(estate: Decided, one: Dependence, names: list[Name]) -> Iterator[Fact]:
    text = f"values of {one.sort} {one.name} renamed"
    key = estate.grant("rename values", _parts(one), one.place, text)
    yield _holds(estate, one, key)
    for name in names:
        at = estate.at(one.place)
        yield Edge(k.CAN_WRITE, key, estate.dataset(name), at, action="update")


def _parts(one: Dependence) -> tuple[str, ...]:
    return tuple(one.name.split(".", 1))


def _holds(estate: Decided, one: Dependence, key: str) -> Edge:
    """Its owner, who has to name it."""
    place = (*one.place, "owner")
    needs = () if one.schema is None else estate.needs(one.owner, one.schema, place)
    return Edge(k.HOLDS, estate.rights(one.owner), key, estate.at(place), needs=needs)

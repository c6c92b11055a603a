"""Who can make things of its own: a function that a trigger calls, a table that refers to another.

Three grants of making, held by way of the grants of CREATE that ``identities`` names:

* ``make/tables``: CREATE on a schema it can name, or on the database, where it makes a schema.
* ``make/functions``: that, or TEMPORARY on the database, which PUBLIC has unless it was revoked
  (ddl-priv): a function in ``pg_temp`` will do, and so will a temporary table for one's own use.
* ``make/keys``: a lasting table, made or owned: "constraints on temporary tables may reference
  only temporary tables" (the server's words, 15.18).

``make/triggers`` is EXECUTE on a function that is for triggers already. One that is a security
definer does what it does for whoever can make a table, a temporary one too, and attach it there
(tried on 15.18; it cannot be called otherwise: plpgsql-trigger).

A function that is a trigger's cannot be written in SQL: making one takes USAGE on a procedural
language too, which PUBLIC has for PL/pgSQL unless it was revoked (sql-createlanguage).
"""

from collections.abc import Iterator

from nhigraph.facts.facts import Edge, Fact, Need
from nhigraph.policy.postgres.catalog import PUBLIC, Function
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State
from nhigraph.sources.postgres.decided import Decided


def tables(estate: Decided) -> str:
    """Key of the grant of making lasting tables."""
    return estate.making("tables")


def functions(estate: Decided) -> str:
    """Key of the grant of making functions, temporary ones too."""
    return estate.making("functions")


def references(estate: Decided) -> str:
    """Key of the grant of having a lasting table."""
    return estate.making("keys")


def code(estate: Decided) -> tuple[Need, ...]:
    """What it takes to write a trigger's function."""
    made = Need(functions(estate), State.CONTROL)
    if _open(estate):
        return (made,)
    return (made, Need(estate.making("code"), State.CONTROL))


def _open(estate: Decided) -> bool:
    """Whether everybody may write functions for triggers; exports of earlier forms do not say."""
    known = estate.catalog.languages
    return known is None or any(
        item.grantee == PUBLIC and "USAGE" in item.privileges
        for language in known
        if language.trusted
        for item in language.acl
    )


def existing(estate: Decided) -> list[tuple[Need, ...]]:
    """What it takes to attach a function that is there; nothing where there is none."""
    if not any(function.returns == "trigger" for function in estate.catalog.functions):
        return []
    return [(Need(estate.making("triggers"), State.CONTROL),)]


def table(estate: Decided) -> tuple[tuple[Need, ...], ...]:
    """Ways to a table that a trigger of one's own can be attached to."""
    ways = (functions(estate), references(estate))
    return tuple((Need(key, State.CONTROL),) for key in ways)


def attachable(estate: Decided) -> list[Function]:
    """Security-definer functions for triggers."""
    return [f for f in estate.catalog.functions if f.security_definer and f.returns == "trigger"]


def read(estate: Decided) -> Iterator[Fact]:
    """Yield who holds the three grants."""
    database = estate.catalog.database
    at = estate.at(database.place)
    lasting, any_, keys = tables(estate), functions(estate), references(estate)
    yield Edge(k.HOLDS, lasting, any_, at)
    yield Edge(k.HOLDS, lasting, keys, at)
    yield Edge(k.HOLDS, estate.creating(), lasting, at)
    for schema in estate.catalog.schemas.values():
        needs: tuple[Need, ...] = ()
        if not estate.open_to_all(schema.name):
            needs = (Need(estate.usage(schema.name), State.CONTROL),)
        made = estate.at(schema.place)
        yield Edge(k.HOLDS, estate.creating(schema.name), lasting, made, needs=needs)
    for grantee, place in estate.holders(
        database.acl, database.owner, database.place, "TEMPORARY"
    ):
        if grantee == PUBLIC or grantee in estate.relevant:
            yield Edge(k.HOLDS, estate.source(grantee), any_, estate.at(place))
    yield from _owners(estate, keys)
    for (need,) in existing(estate):
        yield from _attachers(estate, need.at)
    for need in code(estate)[1:]:
        yield from _writers(estate, need.at)


def _owners(estate: Decided, keys: str) -> Iterator[Fact]:
    """Whoever owns a table may add a key to it (sql-altertable)."""
    for relation in estate.catalog.relations.values():
        if relation.kind in ("r", "p") and relation.name[0] in estate.catalog.schemas:
            place = (*relation.place, "owner")
            needs = estate.needs(relation.owner, relation.name[0], place)
            yield Edge(k.HOLDS, estate.rights(relation.owner), keys, estate.at(place), needs=needs)


def _attachers(estate: Decided, key: str) -> Iterator[Fact]:
    for function in estate.catalog.functions:
        if function.returns != "trigger" or function.name[0] not in estate.catalog.schemas:
            continue
        for grantee, place in estate.holders(
            function.acl, function.owner, function.place, "EXECUTE"
        ):
            if grantee == PUBLIC or grantee in estate.relevant:
                needs = estate.needs(grantee, function.name[0], place)
                yield Edge(k.HOLDS, estate.source(grantee), key, estate.at(place), needs=needs)


def _writers(estate: Decided, key: str) -> Iterator[Fact]:
    for language in estate.catalog.languages or ():
        if language.trusted:
            for name, place in estate.holders(
                language.acl, language.owner, language.place, "USAGE"
            ):
                if name in estate.relevant:
                    yield Edge(k.HOLDS, estate.rights(name), key, estate.at(place))

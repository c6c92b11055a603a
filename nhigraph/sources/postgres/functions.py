"""Security-definer functions: grants of what they do with their owner's rights.

Everybody may execute a function unless that was revoked (ddl-priv: EXECUTE is PUBLIC's by
default). A function that runs as its caller lends nothing, so it is no fact; but one in a language
that is not trusted does what it does as the account that runs the server, whoever calls it, which
no text of SQL is (PostgreSQL 15, plpython, plperl-trusted: "any user who can call it" has what the
function has). One that is for triggers is called by whoever attaches it to a table of its own: see
``making``.
"""

from collections.abc import Iterator

from nhigraph.facts.facts import Edge, Fact, Gap
from nhigraph.policy.postgres.catalog import PUBLIC, Function
from nhigraph.schema import kinds as k
from nhigraph.sources.postgres import called, making
from nhigraph.sources.postgres.decided import Decided, conditional

_BEYOND = "what {} in {} does as the account of the server lets its caller do so"


def read(estate: Decided) -> Iterator[Fact]:
    """Yield what calling each security-definer function amounts to."""
    untrusted = {one.name for one in estate.catalog.languages or () if not one.trusted}
    for function in estate.catalog.functions:
        beyond = function.language in untrusted
        if not (function.security_definer or beyond):
            continue
        if function.name[0] not in estate.catalog.schemas:
            at = estate.at(function.place)
            yield Gap(estate.container(), "a function's schema is not in the export", at)
            continue
        effects = list(estate.effects.of_call(function)) if function.security_definer else []
        if effects or beyond:
            yield from _callers(estate, function)
            yield from estate.effect_edges(_key(estate, function), effects, function.place)
        if beyond:
            at = estate.at(function.place)
            edge = Edge(k.CAN_ADMINISTER, _key(estate, function), estate.cluster, at)
            yield conditional(edge, _BEYOND.format(".".join(function.name), function.language))


def _key(estate: Decided, function: Function) -> str:
    name = f"{function.name[0]}.{function.signature}"
    parts = (function.name[0], function.signature)
    return estate.grant("execute", parts, function.place, f"EXECUTE on {name}")


def _callers(estate: Decided, function: Function) -> Iterator[Fact]:
    key, schema = _key(estate, function), function.name[0]
    for grantee, place in estate.holders(function.acl, function.owner, function.place, "EXECUTE"):
        if grantee == PUBLIC or grantee in estate.relevant:
            needs = estate.needs(grantee, schema, place)
            for more in making.table(estate) if function.returns == "trigger" else ((),):
                both = (*needs, *more)
                yield Edge(k.HOLDS, estate.source(grantee), key, estate.at(place), needs=both)
            if needs:
                yield from called.unnamed(estate, function, grantee, place, key)
    yield from called.by_itself(estate, function, key)

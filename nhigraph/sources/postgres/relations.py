"""Tables and views: what they are, what flows between them, who may do what to them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from nhigraph.facts.facts import Edge, Fact, Gap, Need, Node
from nhigraph.policy.postgres.catalog import PUBLIC, Place, Relation
from nhigraph.policy.postgres.effects import row_security
from nhigraph.policy.postgres.rights import ALL_DATA, STATEMENTS
from nhigraph.policy.postgres.views import use
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State, Transform
from nhigraph.sources.postgres.estate import MEANING, Estate, conditional

_KIND = {
    "r": "table",
    "p": "partitioned table",
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
}
_WRITES = ("INSERT", "UPDATE", "DELETE")


def read(estate: Estate) -> Iterator[Fact]:
    """Yield every relation with its flows and rights."""
    for relation in estate.catalog.relations.values():
        if relation.name[0] not in estate.catalog.schemas:
            place = estate.at(relation.place)
            yield Gap(estate.container(), "a relation's schema is not in the export", place)
            continue
        key = estate.dataset(relation.name)
        at = estate.at(relation.place)
        props = {"relation": _KIND[relation.kind]}
        yield Node(k.DATASET, key, at, name=".".join(relation.name), props=props)
        yield Edge(k.CONTAINS, estate.container(relation.name[0]), key, at)
        yield from _flows(estate, relation)
        yield from _distinct(chain(_owner(estate, relation), _rights(estate, relation)))
    yield from _all_data(estate)
    for name in sorted(estate.possible.too_deep | estate.today.too_deep):
        if name[0] in estate.catalog.schemas:
            at = estate.at(estate.catalog.relations[name].place)
            yield Gap(estate.dataset(name), "views on views, deeper than is followed", at)


def _distinct(facts: Iterator[Fact]) -> Iterator[Fact]:
    """Each edge once: DELETE and TRUNCATE of one ACL item say the same."""
    seen = set()
    for fact in facts:
        if isinstance(fact, Edge):
            same = (fact.kind.label, fact.source, fact.target, fact.action)
            if (*same, fact.needs, fact.condition, fact.evidence) in seen:
                continue
            seen.add((*same, fact.needs, fact.condition, fact.evidence))
        yield fact


def _flows(estate: Estate, relation: Relation) -> Iterator[Fact]:
    """Values pass from what a view reads into it, and from a child into its parent."""
    key = estate.dataset(relation.name)
    for number, source in enumerate(relation.reads):
        if source.relation not in estate.catalog.relations:
            continue
        at = estate.at((*relation.place, "reads", number))
        how = use(relation, source.relation)
        if how.values:
            transform = Transform.COPY if how.copied else Transform.OTHER
            base = estate.dataset(source.relation)
            yield Edge(k.FEEDS, base, key, at, transform=transform)
        if how.filters:
            yield Edge(k.FILTERS, estate.dataset(source.relation), key, at)
    for number, parent in enumerate(relation.inherits):
        if parent in estate.catalog.relations:
            at = estate.at((*relation.place, "inherits", number))
            yield Edge(k.FEEDS, key, estate.dataset(parent), at, transform=Transform.COPY)


def _owner(estate: Estate, relation: Relation) -> Iterator[Fact]:
    """An owner may grant itself every privilege (ddl-priv), but still has to name the relation.

    The owner of a view decides what it shows; if it may not read what the view reads, owning it
    shows the owner nothing.
    """
    place = (*relation.place, "owner")
    source, key = estate.rights(relation.owner), estate.dataset(relation.name)
    needs = estate.needs(relation.owner, relation.name[0], place)
    readable = estate.today.available(relation, "SELECT")
    if relation.kind != "v" or estate.today.roles.has(readable, relation.owner):
        yield Edge(k.OWNS, source, key, estate.at(place), needs=needs)
        return
    at = estate.at(place)
    yield Edge(k.CAN_WRITE, source, key, at, action="change_logic", needs=needs)
    yield Edge(k.CAN_DELETE, source, key, at, action="delete", needs=needs)


def _rights(estate: Estate, relation: Relation) -> Iterator[Fact]:
    grants: dict[str, str] = {}
    for privilege in STATEMENTS:
        if estate.possible.unfollowed(relation, privilege):
            reason = f"what {privilege} on this view changes could not be read from its query"
            at = estate.at(relation.place)
            yield Gap(estate.dataset(relation.name), reason, at, (State.ALTER, State.OMIT))
        allowed = estate.possible.available(relation, privilege)
        if not allowed or (relation.kind == "v" and privilege == "TRUNCATE"):
            continue
        beyond = [
            effect
            for effect in estate.effects.of(relation, privilege)
            if effect.relation != relation.name
        ]
        if beyond:
            text = f"{privilege} on {'.'.join(relation.name)}"
            grants[privilege] = estate.grant(
                privilege.lower(), relation.name, relation.place, text
            )
            yield from estate.effect_edges(grants[privilege], beyond, relation.place)
        yield from _holders(estate, relation, privilege, allowed, grants.get(privilege))
    yield from _through(estate, relation, grants)


def _through(estate: Estate, view: Relation, grants: dict[str, str]) -> Iterator[Fact]:
    """A view FEEDS its base for whoever has every right of writing through it.

    Only then do all three states that a flow carries hold at the base: owning or dropping the
    view, or changing its query, reaches no row of the base.
    """
    base = estate.possible.base(view) if view.kind == "v" else None
    if base is None or any(estate.today.instead(view, name) for name in _WRITES):
        return
    if all(name in grants for name in _WRITES):
        needs = tuple(sorted(Need(grants[name], State.CONTROL) for name in _WRITES))
        source, target = estate.dataset(view.name), estate.dataset(base.name)
        at = estate.at((*view.place, "updatable"))
        yield Edge(k.FEEDS, source, target, at, needs=needs, transform=Transform.COPY)


def _holders(
    estate: Estate, relation: Relation, privilege: str, allowed: int, grant: str | None
) -> Iterator[Fact]:
    kind, action = MEANING[privilege]
    key = estate.dataset(relation.name)
    found = estate.holders(relation.acl, relation.owner, relation.place, privilege)
    extra = ALL_DATA.get(privilege)
    if extra in estate.relevant and extra is not None:
        found.append((extra, estate.catalog.roles[extra].place))
    for grantee, place in found:
        # Owning a table, or writing all data, is said once for all of it.
        whole = grantee == extra or (grantee == relation.owner and relation.kind != "v")
        for source, needs, condition in _usable(estate, relation, grantee, place, allowed):
            at = estate.at(place)
            if not whole:
                edge = Edge(kind, source, key, at, action=action, needs=needs)
                yield conditional(edge, condition)
            if grant is not None:
                yield conditional(Edge(k.HOLDS, source, grant, at, needs=needs), condition)


def _usable(
    estate: Estate, relation: Relation, grantee: str, place: Place, allowed: int
) -> Iterator[tuple[str, tuple[Need, ...], str]]:
    """From where a grantee's privilege works, with what it needs and under which condition."""
    roles, schema = estate.possible.roles, relation.name[0]
    having = roles.with_rights_of(grantee)
    free = estate.possible.bypassing(relation)
    if having & ~allowed:
        # A security_invoker view, or row security that lets no row in: only some of them can.
        for name in estate.smallest(having & allowed & estate.usable(schema)):
            bound = relation.row_security and not roles.has(free, name)
            condition = row_security(estate.catalog, relation) if bound else ""
            yield estate.source(name), (), condition
        return
    needs = estate.needs(grantee, schema, place)
    bound = relation.row_security and (grantee == PUBLIC or not roles.has(free, grantee))
    condition = row_security(estate.catalog, relation) if bound else ""
    yield estate.source(grantee), needs, condition
    if bound:
        owning = roles.with_rights_of(relation.owner) | roles.superusers
        for name in estate.smallest(having & free & ~owning & estate.usable(schema)):
            yield estate.source(name), (), ""


def _all_data(estate: Estate) -> Iterator[Fact]:
    """The predefined roles that read or write everything; row security binds them too."""
    guarded = {one.name[0] for one in estate.catalog.relations.values() if one.row_security}
    for privilege in (*_WRITES, "SELECT"):
        name = ALL_DATA[privilege]
        if name not in estate.relevant:
            continue
        kind, action = MEANING[privilege]
        at = estate.at(estate.catalog.roles[name].place)
        edge = Edge(kind, estate.rights(name), estate.container(), at, action=action)
        if not guarded:
            yield edge
            continue
        for schema in estate.catalog.schemas:
            if schema not in guarded:
                yield replace(edge, target=estate.container(schema))
        for relation in estate.catalog.relations.values():
            if relation.name[0] in guarded & set(estate.catalog.schemas):
                yield from _one_of_all(estate, relation, privilege, edge)


def _one_of_all(estate: Estate, relation: Relation, privilege: str, edge: Edge) -> Iterator[Fact]:
    """One relation's part of a right on all data; row security binds that too."""
    found = replace(edge, target=estate.dataset(relation.name))
    name, roles = ALL_DATA[privilege], estate.possible.roles
    if not relation.row_security or roles.has(estate.possible.bypassing(relation), name):
        yield found
        return
    condition = row_security(estate.catalog, relation)
    admitted = estate.possible.admitted(relation)
    if privilege != "INSERT" or roles.has(admitted, name):
        yield conditional(found, condition)
        return
    # No policy is for the role itself; some may be for those who have its rights.
    for one in estate.smallest(roles.with_rights_of(name) & admitted):
        yield conditional(replace(found, source=estate.source(one)), condition)

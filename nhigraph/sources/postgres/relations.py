"""Tables and views: what they are, what flows between them, who may do what to them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from nhigraph.facts.facts import Edge, Fact, Gap, Need, Node
from nhigraph.policy.postgres.catalog import PUBLIC, Place, Relation
from nhigraph.policy.postgres.conditions import row_security
from nhigraph.policy.postgres.effects import Effect
from nhigraph.policy.postgres.rights import ALL_DATA, STATEMENTS
from nhigraph.policy.postgres.statement import How
from nhigraph.policy.postgres.views import use
from nhigraph.policy.privileges import MEANING
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State, Transform
from nhigraph.sources.postgres.decided import DROP_OWNED, Decided, conditional

_KIND = {
    "r": "table",
    "p": "partitioned table",
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
}
_WRITES = ("INSERT", "UPDATE", "DELETE")


def read(estate: Decided) -> Iterator[Fact]:
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
        yield from _maintaining(estate, relation)
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


def _flows(estate: Decided, relation: Relation) -> Iterator[Fact]:
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
    for trigger, origin, target in estate.effects.moved(relation):
        # Whoever the data comes from, and whoever writes it: what is written goes on.
        flow = Edge(
            k.FEEDS,
            estate.dataset(origin.name),
            estate.dataset(target.name),
            estate.at(trigger.place),
            transform=Transform.OTHER,
        )
        yield conditional(flow, f"trigger {trigger.name} of {'.'.join(relation.name)} runs")
    for number, parent in enumerate(relation.inherits):
        if parent in estate.catalog.relations:
            at = estate.at((*relation.place, "inherits", number))
            yield Edge(k.FEEDS, key, estate.dataset(parent), at, transform=Transform.COPY)


def _owner(estate: Decided, relation: Relation) -> Iterator[Fact]:
    """An owner may grant itself every privilege (ddl-priv), but still has to name the relation.

    Not to drop it: DROP OWNED names the role, takes the rights of that role and asks for nothing
    of a schema (PostgreSQL 15, sql-drop-owned). It takes back what others have granted to the
    role as well, and as a whole is refused where one of these rights is on a relation, a sequence
    too, and none of SELECT, INSERT, UPDATE and REFERENCES on all of it (tried on 15.18). Exports
    have no sequences. What belongs to roles of initdb is never dropped so (same page); of others
    than the predefined ones no export says that.

    The owner of a view decides what it shows; if it may not read what the view reads, owning it
    shows the owner nothing.
    """
    place = (*relation.place, "owner")
    source, key = estate.rights(relation.owner), estate.dataset(relation.name)
    needs = estate.needs(relation.owner, relation.name[0], place)
    readable = estate.today.available(relation, "SELECT")
    at = estate.at(place)
    dropped = Edge(k.CAN_DELETE, source, key, at, action="delete")
    if relation.kind != "v" or estate.today.roles.has(readable, relation.owner):
        yield Edge(k.OWNS, source, key, at, needs=needs)
    else:
        yield Edge(k.CAN_WRITE, source, key, at, action="change_logic", needs=needs)
        yield replace(dropped, needs=needs)
    if needs and not estate.catalog.roles[relation.owner].predefined:
        yield conditional(dropped, DROP_OWNED)


def _rights(estate: Decided, relation: Relation) -> Iterator[Fact]:
    grants: dict[str, str] = {}
    for privilege in STATEMENTS:
        if estate.possible.unfollowed(relation, privilege):
            reason = f"what {privilege} on this view changes could not be read from its query"
            at = estate.at(relation.place)
            yield Gap(estate.dataset(relation.name), reason, at, (State.ALTER, State.OMIT))
        allowed = estate.possible.available(relation, privilege)
        if not allowed or (relation.kind == "v" and privilege == "TRUNCATE"):
            continue
        effects = estate.effects.of(relation, privilege)
        itself, beyond = _apart(effects, relation)
        if beyond:
            text = f"{privilege} on {'.'.join(relation.name)}"
            grants[privilege] = estate.grant(
                privilege.lower(), relation.name, relation.place, text
            )
            yield from estate.effect_edges(grants[privilege], beyond, relation.place)
        yield from _holders(estate, relation, privilege, allowed, itself, grants.get(privilege))
        if privilege == "UPDATE":
            yield from _by_column(estate, relation, allowed, effects)
    yield from _through(estate, relation, grants)


def _maintaining(estate: Decided, relation: Relation) -> Iterator[Edge]:
    """MAINTAIN locks a table and keeps all others from it, and makes no row other than it is.

    From 17 on (ddl-priv, sql-lock); tried on 18.4.
    """
    key = estate.dataset(relation.name)
    for item in relation.acl:
        known = item.grantee in estate.relevant or item.grantee == PUBLIC
        if "MAINTAIN" in item.privileges and known and item.grantee != relation.owner:
            needs = estate.needs(item.grantee, relation.name[0], item.place)
            source, at = estate.source(item.grantee), estate.at(item.place)
            yield Edge(k.CAN_STOP, source, key, at, action="stop", needs=needs)


def _by_column(
    estate: Decided, relation: Relation, allowed: int, effects: tuple[Effect, ...]
) -> Iterator[Fact]:
    """What setting one column brings about, by whoever may set that, beyond any UPDATE."""
    for column in estate.effects.watched(relation):
        found = estate.effects.of(relation, "UPDATE", column)
        _, beyond = _apart(tuple(one for one in found if one not in effects[1:]), relation)
        if not beyond:
            continue
        named = (*relation.name, column)
        text = f"UPDATE ({column}) on {'.'.join(relation.name)}"
        grant = estate.grant("update column", named, relation.place, text)
        yield from estate.effect_edges(grant, beyond, relation.place)
        acl = tuple(one for one in relation.acl if one.column in ("", column))
        narrow = replace(relation, acl=acl)
        yield from _holders(estate, narrow, "UPDATE", allowed, None, grant)


def _apart(effects: tuple[Effect, ...], relation: Relation) -> tuple[str | None, list[Effect]]:
    """What a statement does to the relation itself, as a condition or None, and what beyond it."""
    own = [effect for effect in effects if effect.relation == relation.name]
    first = own[0].condition if own and own[0] == effects[0] else None
    start = 0 if first is None else 1
    beyond = [
        effect
        for effect in effects[start:]
        if effect.relation != relation.name or effect.privilege != effects[0].privilege
    ]
    return first, beyond


def _through(estate: Decided, view: Relation, grants: dict[str, str]) -> Iterator[Fact]:
    """A view FEEDS its base for whoever has every right of writing through it.

    Only then do all three states that a flow carries hold at the base: owning or dropping the
    view, or changing its query, reaches no row of the base. Nor does what a rule of the base, or
    a trigger or rule of the view, takes the place of.
    """
    base = estate.possible.base(view) if view.kind == "v" else None
    if base is None or any(
        estate.today.instead(view, name) or estate.today.standing(base, name, copied=False) != ""
        for name in _WRITES
    ):
        return
    if all(name in grants for name in _WRITES):
        needs = tuple(sorted(Need(grants[name], State.CONTROL) for name in _WRITES))
        source, target = estate.dataset(view.name), estate.dataset(base.name)
        at = estate.at((*view.place, "updatable"))
        yield Edge(k.FEEDS, source, target, at, needs=needs, transform=Transform.COPY)


def _holders(
    estate: Decided,
    relation: Relation,
    privilege: str,
    allowed: int,
    itself: str | None,
    grant: str | None,
) -> Iterator[Fact]:
    """Who holds a privilege; ``itself`` as ``_apart`` has it."""
    kind, action = MEANING[privilege]
    key = estate.dataset(relation.name)
    found = estate.holders(relation.acl, relation.owner, relation.place, privilege)
    extra = ALL_DATA.get(privilege)
    if extra in estate.relevant and extra is not None:
        found.append((extra, estate.catalog.roles[extra].place))
    for grantee, place in found:
        # Owning a table, or writing all data, is said once for all of it.
        whole = grantee == extra or (grantee == relation.owner and relation.kind != "v")
        for source, needs, condition in _usable(
            estate, relation, grantee, privilege, place, allowed
        ):
            at = estate.at(place)
            if not whole and itself is not None:
                edge = Edge(kind, source, key, at, action=action, needs=needs)
                yield conditional(edge, condition or itself)
            if grant is not None:
                yield conditional(Edge(k.HOLDS, source, grant, at, needs=needs), condition)


def _usable(
    estate: Decided, relation: Relation, grantee: str, privilege: str, place: Place, allowed: int
) -> Iterator[tuple[str, tuple[Need, ...], str]]:
    """From where a grantee's privilege works, with what it needs and under which condition."""
    roles, schema = estate.possible.roles, relation.name[0]
    having, usable = roles.with_rights_of(grantee), estate.usable(schema)
    bound, refused = _bound(estate, relation, privilege)
    free = roles.everyone & ~(bound | refused)
    condition = _condition(estate, relation, privilege)
    if having & ~allowed:
        # A security_invoker view, or row security that lets no row in: only some of them can.
        for name in estate.smallest(having & allowed & usable):
            yield estate.source(name), (), "" if roles.has(free, name) else condition
        return
    needs = estate.needs(grantee, schema, place)
    if not having & ~free:
        yield estate.source(grantee), needs, ""
        return
    yield estate.source(grantee), needs, condition
    owning = roles.with_rights_of(relation.owner) | roles.superusers
    for name in estate.smallest(having & free & ~(owning & ~refused) & usable):
        yield estate.source(name), (), ""


def _bound(estate: Decided, relation: Relation, privilege: str) -> tuple[int, int]:
    """Roles whose statement row security may stop, and roles for whom a trigger may refuse it."""
    roles = estate.possible.roles
    bound = roles.everyone & ~estate.possible.bypassing(relation)
    passed, why = estate.effects.refusals((relation, privilege, How.NAMED))
    everybody = passed == estate.today.roles.everyone and not why
    return bound, 0 if everybody else roles.everyone & ~(0 if why else passed)


def _condition(estate: Decided, relation: Relation, privilege: str) -> str:
    """What stands between a privilege and its use."""
    if relation.row_security:
        return row_security(estate.catalog, relation)
    _, why = estate.effects.refusals((relation, privilege, How.NAMED))
    return why or f"what triggers of {'.'.join(relation.name)} do is not refused to it"


def _all_data(estate: Decided) -> Iterator[Fact]:
    """The predefined roles that read or write everything; row security binds them too."""
    everyone = estate.today.roles.everyone
    for privilege in (*_WRITES, "SELECT"):
        name = ALL_DATA[privilege]
        if name not in estate.relevant:
            continue
        kind, action = MEANING[privilege]
        at = estate.at(estate.catalog.roles[name].place)
        edge = Edge(kind, estate.rights(name), estate.container(), at, action=action)
        guarded = {
            one.name[0]
            for one in estate.catalog.relations.values()
            if one.row_security
            or _as_written(estate, one, privilege) != ""
            or estate.effects.refusals((one, privilege, How.NAMED)) != (everyone, "")
        }
        if not guarded:
            yield edge
            continue
        for schema in estate.catalog.schemas:
            if schema not in guarded:
                yield replace(edge, target=estate.container(schema))
        for relation in estate.catalog.relations.values():
            if relation.name[0] in guarded & set(estate.catalog.schemas):
                yield from _one_of_all(estate, relation, privilege, edge)


def _as_written(estate: Decided, relation: Relation, privilege: str) -> str | None:
    """The condition that rules put on a statement; None if they never let it be done."""
    copied = relation.kind != "v" and privilege == "INSERT"
    if not copied and not estate.today.ruled(relation, privilege):
        return None
    return estate.today.standing(relation, privilege)


def _one_of_all(estate: Decided, relation: Relation, privilege: str, edge: Edge) -> Iterator[Fact]:
    """One relation's part of a right on all data; row security binds that too."""
    found = replace(edge, target=estate.dataset(relation.name))
    name, roles = ALL_DATA[privilege], estate.possible.roles
    standing = _as_written(estate, relation, privilege)
    if standing is None:
        return
    bound, refused = _bound(estate, relation, privilege)
    admitted = estate.possible.admitted(relation) if privilege == "INSERT" else roles.everyone
    condition = standing
    if roles.has(bound | refused, name):
        condition = condition or _condition(estate, relation, privilege)
    if roles.has(admitted, name):
        yield conditional(found, condition)
        return
    # No policy is for the role itself; some may be for those who have its rights.
    for one in estate.smallest(roles.with_rights_of(name) & admitted):
        yield conditional(replace(found, source=estate.source(one)), condition)

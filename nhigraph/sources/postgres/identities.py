"""Roles, who may become whom, and what a role's attributes open."""

from collections.abc import Iterator

from nhigraph.facts.facts import Edge, Fact, Need, Node
from nhigraph.policy.postgres.catalog import (
    PUBLIC,
    Membership,
    Role,
)
from nhigraph.policy.postgres.membership import implicit
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State
from nhigraph.sources.postgres.decided import Decided, conditional

#: They reach the server's files and programs as the account that owns the data, and "could be
#: used to gain superuser-level access" (PostgreSQL 15, predefined-roles).
SERVER_ACCOUNT = ("pg_execute_server_program", "pg_write_server_files")
READS_FILES = "pg_read_server_files"
READS_FILES_CONDITION = "what it reads from the server's files opens a superuser's session"
REPLICATION_CONDITION = "pg_hba.conf lets it open a replication connection"
#: The first may end the session of anybody but superusers, the second lock every table and keep
#: all others from it (predefined-roles; PostgreSQL 17, ddl-priv: MAINTAIN, and sql-lock).
STOPS = ("pg_signal_backend", "pg_maintain")


def read(estate: Decided) -> Iterator[Fact]:
    """Yield roles, memberships and the containers that attributes speak of."""
    yield from _containers(estate)
    yield from _public(estate)
    for role in estate.catalog.roles.values():
        if role.name in estate.relevant:
            yield _node(estate, role)
            yield estate.account(role)
            yield Edge(k.CONTAINS, estate.cluster, estate.role(role.name), estate.at(role.place))
            yield from _attributes(estate, role)
    extra = implicit(estate.catalog)
    for one in (*estate.catalog.memberships, *([extra] if extra else [])):
        if one.role in estate.relevant and one.member in estate.relevant:
            yield from _membership(estate, one)
    yield from _createrole(estate)


def _containers(estate: Decided) -> Iterator[Fact]:
    database = estate.catalog.database
    at = estate.at(database.place)
    name = f"server of {database.name}"
    yield Node(k.CONTAINER, estate.cluster, at, name=name, props=estate.address)
    yield estate.holder()
    yield Node(k.CONTAINER, estate.container(), at, name=database.name)
    yield Edge(k.CONTAINS, estate.cluster, estate.container(), at)
    if database.owner in estate.relevant:
        # DROP DATABASE asks for ownership and for nothing inside it (sql-dropdatabase).
        owned = estate.at((*database.place, "owner"))
        yield Edge(k.CAN_DELETE, estate.rights(database.owner), estate.container(), owned)
    yield from _create(estate)
    for schema in estate.catalog.schemas.values():
        key = estate.container(schema.name)
        at = estate.at(schema.place)
        yield Node(k.CONTAINER, key, at, name=schema.name)
        yield Edge(k.CONTAINS, estate.container(), key, at)
        # Its owner may drop it with all it contains, whoever owns that (sql-dropschema).
        owned = estate.at((*schema.place, "owner"))
        yield Edge(k.CAN_DELETE, estate.rights(schema.owner), key, owned)
        yield from _create(estate, schema.name)


def _create(estate: Decided, schema: str = "") -> Iterator[Fact]:
    """Who may make things in the database or in a schema of it."""
    holder = estate.catalog.schemas[schema] if schema else estate.catalog.database
    key = estate.creating(schema)
    for grantee, granted in estate.holders(holder.acl, holder.owner, holder.place, "CREATE"):
        if grantee == PUBLIC or grantee in estate.relevant:
            yield Edge(k.HOLDS, estate.source(grantee), key, estate.at(granted))


def _public(estate: Decided) -> Iterator[Fact]:
    """PUBLIC is everybody who can connect: what it has in this database needs CONNECT to it."""
    database = estate.catalog.database
    key = estate.role(PUBLIC)
    yield Node(k.GROUP, key, estate.at(database.place), name="PUBLIC")
    needs: tuple[Need, ...] = ()
    if not any(item.grantee == PUBLIC and "CONNECT" in item.privileges for item in database.acl):
        connect = estate.grant(
            "connect", (database.name,), database.place, f"CONNECT to {database.name}"
        )
        needs = (Need(connect, State.CONTROL),)
        holders = estate.holders(database.acl, database.owner, database.place, "CONNECT")
        for grantee, granted in holders:
            if grantee in estate.relevant:
                yield Edge(k.HOLDS, estate.rights(grantee), connect, estate.at(granted))
    for role in estate.catalog.roles.values():
        if role.name in estate.relevant:
            at = estate.at((*role.place, "name"))
            yield Edge(k.MEMBER_OF, estate.role(role.name), key, at, needs=needs)


def _node(estate: Decided, role: Role) -> Node:
    ends = role.last_day is not None and role.login
    return Node(
        k.DATABASE_ROLE,
        estate.role(role.name),
        estate.at(role.place),
        name=role.name,
        # A predefined role is a bundle of rights: nobody can log in as one or make one.
        nhi=False if role.predefined else None,
        expires=role.last_day if ends else None,
        props={
            "login": estate.logs_in(role),
            "superuser": role.superuser,
            "createrole": role.createrole,
            "createdb": role.createdb,
            "replication": role.replication,
            "bypassrls": role.bypassrls,
        },
    )


def _attributes(estate: Decided, role: Role) -> Iterator[Edge]:
    source, place = estate.session(role.name), role.place
    cluster, database = estate.cluster, estate.container()
    if role.superuser:
        yield Edge(k.CAN_ADMINISTER, source, cluster, estate.at((*place, "superuser")))
    if role.replication:
        # A physical replica is a copy of every database (role-attributes: REPLICATION).
        edge = Edge(k.CAN_READ, source, cluster, estate.at((*place, "replication")))
        yield conditional(edge, REPLICATION_CONDITION)
    rights = estate.rights(role.name)
    if role.name in SERVER_ACCOUNT:
        yield Edge(k.CAN_ADMINISTER, rights, cluster, estate.at(place))
    if role.name == READS_FILES:
        yield Edge(k.CAN_READ, rights, cluster, estate.at(place))
        edge = Edge(k.CAN_ADMINISTER, rights, cluster, estate.at(place))
        yield conditional(edge, READS_FILES_CONDITION)
    if role.name in STOPS:
        yield Edge(k.CAN_STOP, rights, database, estate.at(place))


def _membership(estate: Decided, one: Membership) -> Iterator[Edge]:
    """What a membership gives: the rights, the role, or the power to give oneself both."""
    at = estate.at(one.place)
    own, rights = estate.session(one.member), estate.rights(one.member)
    if one.set_role:
        kind = k.MEMBER_OF if one.inherit else k.CAN_ASSUME
        for key in estate.becoming(one.role):
            yield Edge(kind, own, key, at)
    if one.inherit and (not one.set_role or estate.apart(one.member)):
        kind = k.HOLDS if estate.apart(one.role) else k.MEMBER_OF
        yield Edge(kind, rights, estate.rights(one.role), at)
    if one.admin:
        yield from _admin(estate, one)


def _admin(estate: Decided, one: Membership) -> Iterator[Edge]:
    role, member = estate.catalog.roles[one.role], estate.catalog.roles[one.member]
    at = estate.at((*one.place, "admin"))
    if role.superuser:
        # Only a superuser grants a superuser's role (sql-grant), and both may be none one day.
        for key in estate.becoming(one.role) if member.superuser else ():
            yield Edge(k.CAN_ASSUME, estate.session(one.member), key, at, action="grant")
        return
    source = estate.rights(one.member)
    for key in estate.becoming(one.role):
        yield Edge(k.CAN_ASSUME, source, key, at, action="grant")
        for name in () if role.predefined else estate.altering(one.member):
            yield Edge(k.CAN_ASSUME, estate.session(name), key, at, action="mint_secret")


def _password(role: Role) -> bool:
    """Whether a password can be set by who is no superuser (PostgreSQL 15, sql-alterrole)."""
    return role.login and not (role.superuser or role.replication or role.predefined)


def _createrole(estate: Decided) -> Iterator[Edge]:
    """Until 15, CREATEROLE grants any role but superusers' to any role (sql-createrole).

    A superuser's counts, too: it is left when the other attribute goes.
    """
    makers = estate.today.roles.keeps_createrole
    if not makers:
        return
    first = estate.catalog.roles[makers[0]].place
    key = estate.grant("createrole", ("roles",), first, "CREATEROLE")
    for name in makers:
        at = estate.at((*estate.catalog.roles[name].place, "createrole"))
        yield Edge(k.HOLDS, estate.session(name), key, at)
    for name in estate.today.roles.grantable():
        role = estate.catalog.roles[name]
        for target in estate.becoming(name):
            at = estate.at((*role.place, "name"))
            yield Edge(k.CAN_ASSUME, key, target, at, action="grant")
            if _password(role):
                yield Edge(k.CAN_ASSUME, key, target, at, action="mint_secret")
    yield from _superusers(estate)


def _superusers(estate: Decided) -> Iterator[Edge]:
    """Superusers with CREATEROLE reach each other by it once they are superusers no more."""
    roles = estate.catalog.roles
    superusers = [role for role in roles.values() if role.superuser]
    for name in estate.today.roles.keeps_createrole:
        if not roles[name].superuser:
            continue
        at = estate.at((*roles[name].place, "createrole"))
        for other in superusers:
            for target in estate.becoming(other.name) if other.name != name else ():
                yield Edge(k.CAN_ASSUME, estate.session(name), target, at, action="grant")

"""Records of sections that exports of earlier forms do not have."""

from nhigraph.policy.postgres import catalog as c
from nhigraph.sources.postgres.members import Entry


def language(record: Entry) -> c.Language:
    """A procedural language."""
    name, owner, trusted = record.text("name"), record.text("owner"), record.flag("trusted")
    return c.Language(name, owner, trusted, record.acl("language"), record.place)


def default(record: Entry) -> c.Default:
    """Default privileges of what a role makes."""
    schema = record.member("schema")
    return c.Default(
        record.text("creator"),
        None if schema is None else record.text("schema"),
        record.text("type"),
        record.acl("relation"),
        record.place,
    )


def call(record: Entry) -> c.Call:
    """What calls a function."""
    schema, name, arguments = record.names("function", 3)
    relation = None if record.member("relation") is None else record.pair("relation")
    sort, named = record.text("sort"), record.text("name")
    return c.Call((schema, name, arguments), sort, named, relation, record.place)


def server(record: Entry) -> c.Held:
    """A foreign server."""
    name, owner = record.text("name"), record.text("owner")
    # Exports of earlier forms have no more.
    acl = record.acl("server") if "acl" in record.body else ()
    return c.Held(name, owner, acl, record.place)


def system_function(record: Entry) -> c.Held:
    """A function of the server's own."""
    named = f"{record.text('name')}({record.text('arguments')})"
    return c.Held(named, record.text("owner"), record.acl("function"), record.place)


def setting(record: Entry) -> c.Held:
    """A setting that somebody was given rights on."""
    return c.Held(record.text("name"), "", record.acl("setting"), record.place)


def dependence(record: Entry) -> c.Dependence:
    """Something that others' relations hang on."""
    schema = record.member("schema")
    return c.Dependence(
        sort=record.text("sort"),
        name=record.text("name"),
        schema=None if schema is None else record.text("schema"),
        owner=record.text("owner"),
        relations=record.pairs("relations"),
        renames=record.pairs("renames"),
        place=record.place,
    )

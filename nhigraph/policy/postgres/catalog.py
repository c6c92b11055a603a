"""What a catalog export says, as values; every item keeps its place in the document."""

from collections.abc import Mapping
from datetime import date

from nhigraph.records import dataclass

#: Schema and name.
Name = tuple[str, str]
#: Members and indexes from the document's root.
Place = tuple[str | int, ...]
#: The grantee of what everybody has.
PUBLIC = "public"

#: Sorts of what calls a function, in the words of pg_identify_object.
EVENT_TRIGGER, AGGREGATE = "event trigger", "aggregate"
#: From here on membership has options of its own (release notes of PostgreSQL 16).
MEMBERSHIP_OPTIONS = 160000

#: Letters of an aclitem (PostgreSQL 17, ddl-priv, "ACL Privilege Abbreviations").
LETTERS = {
    "r": "SELECT",
    "a": "INSERT",
    "w": "UPDATE",
    "d": "DELETE",
    "D": "TRUNCATE",
    "x": "REFERENCES",
    "t": "TRIGGER",
    "X": "EXECUTE",
    "U": "USAGE",
    "C": "CREATE",
    "c": "CONNECT",
    "T": "TEMPORARY",
    "s": "SET",
    "A": "ALTER SYSTEM",
    "m": "MAINTAIN",
}
#: What PUBLIC has while an object's ACL is null (ddl-priv, "Default Access Privileges").
PUBLIC_DEFAULT = {
    "database": ("CONNECT", "TEMPORARY"),
    "function": ("EXECUTE",),
    "schema": (),
    "relation": (),
    "language": ("USAGE",),
    "server": (),
    "setting": (),
}
#: What an owner has while an object's ACL is null, as far as it matters here.
OWNER_DEFAULT = {
    "database": ("CONNECT", "CREATE", "TEMPORARY"),
    "function": ("EXECUTE",),
    "schema": ("CREATE", "USAGE"),
    "relation": ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"),
    "language": ("USAGE",),
    "server": ("USAGE",),
    "setting": (),
}


class AclError(ValueError):
    """An ACL item that is not of the documented form."""


@dataclass(frozen=True, slots=True)
class AclItem:
    """One grantee's privileges on one object.

    A letter that is no privilege known here stands among them as ``?letter``.

    Attributes:
        grantee: A role, or ``PUBLIC`` (no role can have that name).
        privileges: Names of privileges.
        place: Where it stands.
        column: Column it is about; empty for the whole object.
    """

    grantee: str
    privileges: frozenset[str]
    place: Place
    column: str = ""


def parse_acl_item(text: str, place: Place, column: str = "") -> AclItem:
    """Read ``grantee=privileges/grantor``; an empty grantee is PUBLIC.

    Names are quoted with doubled quotes where they are not plain (PostgreSQL 15, ddl-priv).

    Raises:
        AclError: Another form.
    """
    grantee, rest = _acl_name(text)
    letters, slash, _ = rest[1:].partition("/")
    if not rest.startswith("=") or not slash:
        raise AclError("expected grantee=privileges/grantor")
    # A star after a letter is the grant option: it opens nothing to its holder.
    held = frozenset(LETTERS.get(letter, f"?{letter}") for letter in letters if letter != "*")
    return AclItem(grantee or PUBLIC, held, place, column)


def _acl_name(text: str) -> tuple[str, str]:
    if not text.startswith('"'):
        name, equals, rest = text.partition("=")
        return name, equals + rest
    name, at = "", 1
    while True:
        stop = text.find('"', at)
        if stop < 0:
            raise AclError("a quoted name does not end")
        name += text[at:stop]
        if text[stop + 1 : stop + 2] != '"':
            return name, text[stop + 1 :]
        name += '"'
        at = stop + 2


def default_acl(kind: str, owner: str, at_owner: Place, at_acl: Place) -> tuple[AclItem, ...]:
    """What a null ACL stands for."""
    items = [AclItem(owner, frozenset(OWNER_DEFAULT[kind]), at_owner)]
    if PUBLIC_DEFAULT[kind]:
        items.append(AclItem(PUBLIC, frozenset(PUBLIC_DEFAULT[kind]), at_acl))
    return tuple(items)


@dataclass(frozen=True, slots=True)
class Role:
    """A role and its attributes."""

    name: str
    place: Place
    superuser: bool
    inherit: bool
    createrole: bool
    createdb: bool
    login: bool
    replication: bool
    bypassrls: bool
    last_day: date | None

    @property
    def predefined(self) -> bool:
        """Whether the server brings it: nobody else may use the prefix (sql-createrole)."""
        return self.name.startswith("pg_")


@dataclass(frozen=True, slots=True)
class Membership:
    """One grant of a role to a member."""

    role: str
    member: str
    inherit: bool
    set_role: bool
    admin: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema, or the database itself: something owned that holds others."""

    name: str
    owner: str
    acl: tuple[AclItem, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Read:
    """A relation that a view's query names, and the columns it uses; none is ``count(*)``."""

    relation: Name
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, partitioned table, view, materialized view or foreign table.

    Attributes:
        name: Schema and name.
        kind: ``relkind``: r, p, v, m or f.
        owner: Role that owns it.
        acl: Privileges, those of columns included.
        place: Where it stands.
        row_security: Policies apply.
        force_row_security: They apply to the owner too.
        security_invoker: The view's query runs with the caller's rights.
        updatable: Bits 4 update, 8 insert, 16 delete: what a view passes on by itself.
        partition: Its parent is a partitioned table.
        inherits: Parents.
        reads: What a view's query names.
        definition: A view's query.
    """

    name: Name
    kind: str
    owner: str
    acl: tuple[AclItem, ...]
    place: Place
    row_security: bool = False
    force_row_security: bool = False
    security_invoker: bool = False
    updatable: int = 0
    partition: bool = False
    inherits: tuple[Name, ...] = ()
    reads: tuple[Read, ...] = ()
    definition: str = ""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A reference; ``on_delete`` and ``on_update`` are a, r, c, n or d as in pg_constraint.

    ``columns`` refer to ``referenced``; exports of earlier forms name neither.
    """

    table: Name
    references: Name
    on_delete: str
    on_update: str
    place: Place
    columns: frozenset[str] = frozenset()
    referenced: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """A row-security policy; ``command`` is ``*``, r, a, w or d; without roles it is for all."""

    name: str
    table: Name
    permissive: bool
    command: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rewrite rule other than a view's own; ``event`` is 1 to 4 as in pg_rewrite.

    Attributes:
        instead: Its action takes the place of the statement.
        conditional: It has a condition; None where the export does not say.
        definition: ``CREATE RULE``; empty where the export does not have it.
    """

    name: str
    relation: Name
    event: str
    instead: bool
    place: Place
    conditional: bool | None = None
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function or procedure; ``body`` is there for SQL and PL/pgSQL that others run."""

    name: Name
    arguments: str
    owner: str
    acl: tuple[AclItem, ...]
    place: Place
    language: str
    security_definer: bool
    returns: str
    search_path: str | None
    body: str | None

    @property
    def signature(self) -> str:
        """Name with argument types, which is what tells overloads apart."""
        return f"{self.name[1]}({self.arguments})"


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger.

    Attributes:
        name: Its name.
        relation: What it is on.
        function: Schema, name and arguments of what it calls.
        type: The bits 1 row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate, 64 instead.
        place: Where it stands.
        columns: An UPDATE that sets none of them does not fire it; empty for any.
        when: It has a condition of its own; None where the export does not say.
    """

    name: str
    relation: Name
    function: tuple[str, str, str]
    type: int
    place: Place
    columns: frozenset[str] = frozenset()
    when: bool | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """A procedural language; only a superuser makes functions in one that is not trusted."""

    name: str
    owner: str
    trusted: bool
    acl: tuple[AclItem, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Default:
    """Default privileges of what a role makes; ``schema`` is None for all it makes.

    ``type`` is r, S, f, T or n as in pg_default_acl.
    """

    creator: str
    schema: str | None
    type: str
    acl: tuple[AclItem, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Call:
    """Something that calls a function, but no trigger; ``relation`` is what it belongs to."""

    function: tuple[str, str, str]
    sort: str
    name: str
    relation: Name | None
    place: Place


@dataclass(frozen=True, slots=True)
class Held:
    """Something with an owner's and others' rights on it: a foreign server, function or setting.

    A setting has no owner.
    """

    name: str
    owner: str
    acl: tuple[AclItem, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Dependence:
    """Something that others' relations hang on, so that they go with it or lose columns.

    Attributes:
        sort: What it is, in the words of pg_identify_object.
        name: Its name, qualified and quoted where that is needed.
        schema: Where it is; None for what is in none.
        owner: Who may drop it.
        relations: What hangs on it and belongs to others.
        renames: Those that hold values of an enumeration, which its owner renames.
        place: Where it stands.
    """

    sort: str
    name: str
    schema: str | None
    owner: str
    relations: tuple[Name, ...]
    renames: tuple[Name, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Catalog:
    """One database and the cluster's roles.

    ``languages`` and ``calls`` are None in exports of earlier forms.
    """

    database: Schema
    version: int
    roles: Mapping[str, Role]
    memberships: tuple[Membership, ...]
    schemas: Mapping[str, Schema]
    relations: Mapping[Name, Relation]
    foreign_keys: tuple[ForeignKey, ...]
    policies: tuple[Policy, ...]
    rules: tuple[Rule, ...]
    functions: tuple[Function, ...]
    triggers: tuple[Trigger, ...]
    defaults: tuple[Default, ...] = ()
    languages: tuple[Language, ...] | None = None
    calls: tuple[Call, ...] | None = None
    servers: tuple[Held, ...] = ()
    system_functions: tuple[Held, ...] = ()
    settings: tuple[Held, ...] = ()
    dependents: tuple[Dependence, ...] = ()

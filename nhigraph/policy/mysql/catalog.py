"""What one server's export holds, as values."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Final, NamedTuple

from nhigraph.facts.keys import mysql as keys
from nhigraph.records import dataclass

#: Members and places in lists, from the top of the document.
Place = tuple[str | int, ...]
#: A schema and what lies in it.
Name = tuple[str, str]

#: MariaDB's role of everybody (https://mariadb.com/kb/en/grant/#to-public, from 10.11 on).
PUBLIC: Final = "PUBLIC"
SYSTEM_SCHEMA: Final = "mysql"


class Who(NamedTuple):
    """An account or role; a role of MariaDB has no host."""

    user: str
    host: str | None

    @property
    def name(self) -> str:
        """As keys and people have it."""
        return keys.account_name(self.user, self.host)


@dataclass(frozen=True, slots=True)
class Account:
    """An account or a role.

    Attributes:
        role: It is one of MariaDB's roles, which nobody can log in as.
        locked: Nobody can log in as it.
        restrictions: Schema to the global privileges that it does not have there (MySQL).
    """

    who: Who
    place: Place
    role: bool = False
    locked: bool = False
    plugin: str = ""
    restrictions: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Membership:
    """A role that was granted.

    Attributes:
        active: It is active when the member logs in: a default role, or a mandatory one where all
            are activated.
    """

    role: Who
    member: Who
    place: Place
    admin: bool = False
    active: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """Privileges of one grantee at one level.

    Attributes:
        thing: Nothing for the server; else a schema's pattern, or schema and relation, or schema,
            sort and name of a routine.
        privileges: In upper case; ``GRANT OPTION`` is one of them.
        place: Where it stands, or the first part of it.
        columns: Those that are on some columns only, each with these columns.
        places: Where each stands that has a record of its own.
    """

    who: Who
    thing: tuple[str, ...]
    privileges: frozenset[str]
    place: Place
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    places: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)

    def at(self, privilege: str) -> tuple[Place, ...]:
        """Where it gives a privilege, on all or on some columns; nothing where it does not."""
        if privilege not in self.privileges and privilege not in self.columns:
            return ()
        return self.places.get(privilege, (self.place,))

    def said(self) -> dict[str, tuple[Place, ...]]:
        """All its privileges with their places."""
        return {name: self.at(name) for name in sorted({*self.privileges, *self.columns})}


def both(one: Granted, other: Granted) -> Granted:
    """What two records say of one grantee and thing."""
    columns = dict(one.columns)
    for privilege, names in other.columns.items():
        columns[privilege] = columns.get(privilege, frozenset()) | names
    places = one.said()
    for privilege, more in other.said().items():
        places[privilege] = tuple(dict.fromkeys((*places.get(privilege, ()), *more)))
    privileges = one.privileges | other.privileges
    return Granted(one.who, one.thing, privileges, one.place, columns, places)


@dataclass(frozen=True, slots=True)
class Proxy:
    """Somebody may act as another one, if the plugin of the login says so."""

    who: Who
    proxied: Who
    place: Place


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view.

    Attributes:
        view: It is a view.
        versioned: It keeps rows that were changed or deleted; None where that is not told.
        definer: Whose rights a view has; None where it has its caller's.
        updatable: A view's rows can be written; None where that is not told.
        definition: A view's query; empty where it was not shown.
        engine: Of a table that only stands for another one, what makes it so.
    """

    name: Name
    place: Place
    view: bool = False
    versioned: bool | None = None
    definer: Who | None = None
    updatable: bool | None = False
    definition: str = ""
    engine: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A routine, trigger or event.

    Attributes:
        sort: procedure, function, trigger or event.
        definer: Who made it, or was named as that.
        invoker: A routine that has its caller's rights.
        body: Its text; None where it was not shown.
        table: The table of a trigger.
        event: INSERT, UPDATE or DELETE, of a trigger.
        enabled: An event that runs.
    """

    name: Name
    sort: str
    definer: Who
    place: Place
    invoker: bool = False
    body: str | None = None
    table: str = ""
    event: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A key of a table that refers to another one.

    Attributes:
        columns: Its columns, in lower case; empty where they are not told.
        referenced: Those that they refer to.
    """

    table: Name
    references: Name
    on_delete: str
    on_update: str
    place: Place
    columns: frozenset[str] = frozenset()
    referenced: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Catalog:
    """One server.

    Attributes:
        mariadb: It is MariaDB.
        version: Numbers of its version.
        variables: Those that decide, by name in lower case.
        whole: Every account was seen; else only the exporter's own rights.
        unseen: Accounts and roles that are named, and whose rights were not shown.
    """

    mariadb: bool
    version: tuple[int, ...]
    variables: Mapping[str, str]
    accounts: Mapping[Who, Account]
    memberships: tuple[Membership, ...] = ()
    grants: tuple[Granted, ...] = ()
    schema_grants: tuple[Granted, ...] = ()
    table_grants: tuple[Granted, ...] = ()
    routine_grants: tuple[Granted, ...] = ()
    proxies: tuple[Proxy, ...] = ()
    schemas: Mapping[str, Place] = field(default_factory=dict)
    relations: Mapping[Name, Relation] = field(default_factory=dict)
    code: tuple[Code, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    whole: bool = True
    unseen: frozenset[Who] = frozenset()

    @property
    def granted(self) -> Iterator[Granted]:
        """Rights of all levels, the server's first."""
        yield from self.grants
        yield from self.schema_grants
        yield from self.table_grants
        yield from self.routine_grants

    def is_on(self, variable: str) -> bool:
        """Whether a variable is switched on."""
        return self.variables.get(variable, "").upper() in ("ON", "1", "YES", "TRUE")


def grantee(text: str) -> Who:
    """Whom ``'user'@'host'`` of the information schema names; names are not escaped in it.

    MariaDB gives a role the empty host.
    """
    inner = text[1:-1] if text[:1] == text[-1:] == "'" else text
    user, _, host = inner.rpartition("'@'")
    return Who(user, host.lower() or None)


def definer(text: str) -> Who:
    """Whom ``user@host`` names; without a host it is a role."""
    user, host = keys.account_parts(text)
    return Who(user, host.lower() if host else None)

"""Reads the export into a catalogue; a record that cannot be read is refused, the others stand."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace
from typing import Any, Final, TypeVar

from nhigraph.errors import InputError
from nhigraph.facts.facts import Refused
from nhigraph.ingest.document import Document, pointer_text
from nhigraph.policy.mysql import catalog as c
from nhigraph.policy.mysql.bits import privileges_of
from nhigraph.policy.mysql.names import folding
from nhigraph.policy.mysql.privileges import canonical
from nhigraph.records import dataclass

FORM: Final = "mysql/1"
#: Sections that exports of earlier forms do not have.
_FURTHER: Final = ("key_columns", "stand_ins")
#: Sections, each with what is not known without it.
SECTIONS: Final = {
    "variables": "which settings of the server decide how rights work",
    "accounts": "which accounts the server has",
    "role_edges": "which roles were granted to whom",
    "global_privileges": "who has which right everywhere",
    "schema_privileges": "who has which right in which schema",
    "table_privileges": "who has which right on which relation",
    "column_privileges": "who has which right on which column",
    "routine_privileges": "who may run which routine",
    "proxies": "who may act as whom",
    "schemas": "which schemas there are",
    "tables": "which tables there are",
    "views": "what views show",
    "routines": "what routines do",
    "triggers": "what triggers do",
    "events": "what events do",
    "foreign_keys": "what keys change in other tables",
}
_ON: Final = frozenset({"Y", "YES", "1", "TRUE", "ON"})

T = TypeVar("T")


@dataclass(slots=True)
class Entry:
    """One record of a section, and typed access to its members."""

    doc: Document
    body: Any
    place: c.Place
    fold: Callable[[str], str] = str

    def fail(self, name: str, expected: str) -> InputError:
        """The error that names a member."""
        pointer = pointer_text((*self.place, name))
        return InputError(self.doc.artifact, pointer, f"expected {expected} here")

    def member(self, name: str) -> object:
        """A member; None where it is absent."""
        return self.body.get(name) if isinstance(self.body, dict) else None

    def text(self, name: str, default: str | None = None) -> str:
        """Text that must be there, or may be null or absent where a default is given."""
        value = self.member(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or any("\ud800" <= mark <= "\udfff" for mark in value):
            raise self.fail(name, "text")
        return value

    def name(self, name: str) -> str:
        """A schema's or table's name, as the server compares it."""
        return self.fold(self.text(name))

    def flag(self, name: str) -> bool:
        """True or false, in any of the ways in which grant tables write them."""
        value = self.member(name)
        if value is None or isinstance(value, bool | int):
            return bool(value)
        if not isinstance(value, str):
            raise self.fail(name, "Y or N")
        return value.upper() in _ON

    def who(self, user: str = "user", host: str = "host") -> c.Who:
        """An account, by two members; a role has no host."""
        return c.Who(self.text(user), self.text(host, "").lower() or None)


@dataclass(slots=True)
class Export:
    """A catalogue, and what of the document could not become part of it.

    Attributes:
        absent: Sections that the exporter could not read.
        torn: Sections of which a record could not be read here.
    """

    catalog: c.Catalog
    problems: list[Refused] = field(default_factory=list)
    absent: tuple[str, ...] = ()
    torn: tuple[str, ...] = ()


def read_export(doc: Document) -> Export:
    """Parse the whole document.

    Raises:
        InputError: The document as a whole cannot be used.
    """
    reader = _Reader(doc)
    for name in (*SECTIONS, *_FURTHER):
        if not isinstance(doc.content.get(name, []), list):
            raise InputError(doc.artifact, pointer_text((name,)), "expected a list here")
    absent = tuple(name for name in SECTIONS if name not in doc.content)
    return Export(reader.catalog(), reader.problems, absent, tuple(reader.torn))


class _Reader:
    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self.problems: list[Refused] = []
        self.torn: dict[str, list[Entry]] = {}
        self.fold: Callable[[str], str] = str

    def each(self, section: str, make: Callable[[Entry], T]) -> Iterator[T]:
        """What is made of each record of a section; those that cannot be read are refused."""
        for number, body in enumerate(self.doc.content.get(section, [])):
            record = Entry(self.doc, body, (section, number), self.fold)
            try:
                yield make(record)
            except InputError as error:
                at = self.doc.at(*record.place, excerpt=False)
                self.problems.append(Refused(f"{error.pointer}: {error.problem}", at))
                self.torn.setdefault(section, []).append(record)

    def _by_name(self) -> Iterator[c.Account]:
        """Accounts of which the name alone could be read: what others say of them counts."""
        for record in self.torn.get("accounts", ()):
            try:
                who = record.who()
            except InputError:
                continue
            yield c.Account(who, record.place, role=who.host is None)

    def catalog(self) -> c.Catalog:
        top = Entry(self.doc, self.doc.content, ())
        version = top.text("version")
        variables = dict(self.each("variables", lambda one: (one.text("name"), _setting(one))))
        self.fold = folding(variables)
        accounts = {one.who: one for one in self.each("accounts", _account)}
        for one in self._by_name():
            accounts.setdefault(one.who, one)
        whole = bool(accounts)
        stated = self.each("global_privileges", _granted())
        grants = tuple(_together([*stated, *self.each("accounts", _of_role)]))
        for right in grants:
            account = c.Account(right.who, right.place, role=right.who.host is None)
            accounts.setdefault(right.who, account)
        return c.Catalog(
            mariadb="mariadb" in version.lower(),
            version=_numbers(version),
            variables=variables,
            accounts=accounts,
            memberships=tuple(self._memberships(variables, accounts)),
            grants=grants,
            schema_grants=tuple(_together(self.each("schema_privileges", _granted("schema")))),
            table_grants=self._tables(),
            routine_grants=tuple(self.each("routine_privileges", _routine_grant)),
            proxies=tuple(self.each("proxies", _proxy)),
            schemas=dict(self.each("schemas", lambda one: (one.name("name"), one.place))),
            relations=self._relations(),
            code=(
                *self.each("routines", _routine),
                *self.each("triggers", _trigger),
                *self.each("events", _event),
            ),
            foreign_keys=tuple(self._keys()),
            whole=whole,
        )

    def _tables(self) -> tuple[c.Granted, ...]:
        """Rights on relations, with those on their columns."""
        whole = self.each("table_privileges", _granted("schema", "table"))
        columns = self.each("column_privileges", _column_grant)
        return tuple(_together([*whole, *columns]))

    def _relations(self) -> dict[c.Name, c.Relation]:
        found = {one.name: one for one in self.each("tables", _table)}
        for name, engine in self.each("stand_ins", _stand_in):
            if name in found:
                found[name] = replace(found[name], engine=engine)
        views = {one.name: one for one in self.each("views", _view)}
        # A view of which nothing but its name was shown stays one.
        return {**found, **views}

    def _keys(self) -> Iterator[c.ForeignKey]:
        """Keys, with their columns where the export has these."""
        columns: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for at, pair in self.each("key_columns", _key_column):
            columns.setdefault(at, []).append(pair)
        for named, one in self.each("foreign_keys", _foreign_key):
            pairs = columns.get((*one.table, named), [])
            own, others = (frozenset(pair[at] for pair in pairs) for at in (0, 1))
            yield replace(one, columns=own, referenced=others)

    def _memberships(
        self, variables: dict[str, str], accounts: dict[c.Who, c.Account]
    ) -> Iterator[c.Membership]:
        defaults = set(self.each("default_roles", _default))
        defaults |= {
            (self._account_of(one), c.Who(text, None))
            for one in self.doc.content.get("accounts", [])
            for text in [one.get("default_role") if isinstance(one, dict) else None]
            if isinstance(text, str) and text
        }
        all_active = variables.get("activate_all_roles_on_login", "").upper() in _ON
        for role, member, admin, place in self.each("role_edges", _edge):
            active = all_active or (member, role) in defaults
            yield c.Membership(role, member, place, admin, active)
        for role in _mandatory(variables.get("mandatory_roles", "")):
            for one in accounts.values():
                if one.who != role and role in accounts:
                    yield c.Membership(role, one.who, one.place, active=all_active)

    def _account_of(self, body: dict[str, Any]) -> c.Who:
        return Entry(self.doc, body, ("accounts",)).who()


def _setting(record: Entry) -> str:
    return record.text("value", "NULL" if record.member("name") == "secure_file_priv" else "")


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"(?:5\.5\.5-)?(\d+)\.(\d+)(?:\.(\d+))?", version)
    return tuple(int(part) for part in found.groups() if part) if found else ()


def _account(record: Entry) -> c.Account:
    restrictions = record.member("restrictions")
    if restrictions is not None and not isinstance(restrictions, list):
        raise record.fail("restrictions", "a list")
    found: dict[str, frozenset[str]] = {}
    for one in restrictions or ():
        inner = Entry(record.doc, one, (*record.place, "restrictions"), record.fold)
        privileges = one.get("Privileges", ()) if isinstance(one, dict) else ()
        found[inner.name("Database")] = frozenset(str(name).upper() for name in privileges)
    return c.Account(
        record.who(),
        record.place,
        role=record.flag("role"),
        locked=record.flag("locked"),
        plugin=record.text("plugin", ""),
        restrictions=found,
    )


def _of_role(record: Entry) -> c.Granted:
    """Global privileges of a role, which MariaDB's information schema does not list."""
    bits = record.text("access", "0") if record.flag("role") else "0"
    if not bits.isdecimal():
        raise record.fail("access", "a whole number in text")
    return c.Granted(record.who(), (), privileges_of(int(bits)), record.place)


def _granted(*thing: str) -> Callable[[Entry], c.Granted]:
    def make(record: Entry) -> c.Granted:
        privileges = {canonical(record.text("privilege"))} - {"USAGE"}
        if record.flag("grantable"):
            privileges.add("GRANT OPTION")
        who = c.grantee(record.text("grantee"))
        named = tuple(record.name(part) for part in thing)
        return c.Granted(who, named, frozenset(privileges), record.place)

    return make


def _column_grant(record: Entry) -> c.Granted:
    columns = {canonical(record.text("privilege")): frozenset({record.text("column").lower()})}
    thing = (record.name("schema"), record.name("table"))
    who = c.grantee(record.text("grantee"))
    return c.Granted(who, thing, frozenset(), record.place, columns)


def _together(found: Iterable[c.Granted]) -> Iterator[c.Granted]:
    """One row for each grantee and thing; every privilege keeps its places."""
    rows: dict[tuple[c.Who, tuple[str, ...]], c.Granted] = {}
    for one in found:
        known = rows.get((one.who, one.thing))
        rows[one.who, one.thing] = one if known is None else c.both(known, one)
    return iter(rows.values())


def _routine_grant(record: Entry) -> c.Granted:
    thing = (record.name("schema"), record.text("sort").lower(), record.text("name").lower())
    said = {canonical(part) for part in record.text("privileges").split(",")} - {""}
    privileges = frozenset("GRANT OPTION" if part == "GRANT" else part for part in said)
    return c.Granted(record.who(), thing, privileges, record.place)


def _proxy(record: Entry) -> c.Proxy:
    proxied = c.Who(record.text("proxied_user"), record.text("proxied_host", "").lower())
    return c.Proxy(record.who(), proxied, record.place)


def _edge(record: Entry) -> tuple[c.Who, c.Who, bool, c.Place]:
    role, member = record.who("role", "role_host"), record.who("member", "member_host")
    return role, member, record.flag("admin"), record.place


def _default(record: Entry) -> tuple[c.Who, c.Who]:
    return record.who(), record.who("role", "role_host")


def _mandatory(text: str) -> Iterator[c.Who]:
    """Roles of the variable: names with or without quotes and host, ``%`` where there is none."""
    for part in text.split(","):
        name = re.sub(r"[`'\"]", "", part).strip()
        if name:
            user, at, host = name.rpartition("@")
            yield c.Who(user, host.lower()) if at else c.Who(name, "%")


def _table(record: Entry) -> c.Relation:
    name = (record.name("schema"), record.name("name"))
    kind = record.text("kind").upper()
    versioned = kind == "SYSTEM VERSIONED"
    return c.Relation(name, record.place, view=kind == "VIEW", versioned=versioned)


def _view(record: Entry) -> c.Relation:
    invoker = record.text("security").upper() == "INVOKER"
    return c.Relation(
        (record.name("schema"), record.name("name")),
        record.place,
        view=True,
        definer=None if invoker else c.definer(record.text("definer")),
        # MariaDB leaves it empty in a transaction that only reads, if the view calls a function
        # that writes (10.11.19; error 1792 is its warning).
        updatable=None if record.member("updatable") == "" else record.flag("updatable"),
        definition=record.text("definition", ""),
    )


def _body(record: Entry) -> str | None:
    return record.text("body", "") or None


def _routine(record: Entry) -> c.Code:
    return c.Code(
        (record.name("schema"), record.text("name")),
        record.text("sort").lower(),
        c.definer(record.text("definer")),
        record.place,
        invoker=record.text("security").upper() == "INVOKER",
        body=_body(record),
    )


def _trigger(record: Entry) -> c.Code:
    return c.Code(
        (record.name("schema"), record.text("name")),
        "trigger",
        c.definer(record.text("definer")),
        record.place,
        body=_body(record),
        table=record.name("table"),
        event=record.text("event").upper(),
    )


def _event(record: Entry) -> c.Code:
    return c.Code(
        (record.name("schema"), record.text("name")),
        "event",
        c.definer(record.text("definer")),
        record.place,
        body=_body(record),
        enabled=record.text("status").upper() == "ENABLED",
    )


def _foreign_key(record: Entry) -> tuple[str, c.ForeignKey]:
    """A key, by its name where the export has that."""
    return record.text("name", ""), c.ForeignKey(
        (record.name("schema"), record.name("table")),
        (record.name("references_schema"), record.name("references")),
        record.text("on_delete"),
        record.text("on_update"),
        record.place,
    )


def _key_column(record: Entry) -> tuple[tuple[str, ...], tuple[str, str]]:
    at = (record.name("schema"), record.name("table"), record.text("name"))
    return at, (record.text("column").lower(), record.text("referenced").lower())


def _stand_in(record: Entry) -> tuple[c.Name, str]:
    return (record.name("schema"), record.name("name")), record.text("engine")

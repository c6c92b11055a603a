"""The text of SHOW GRANTS, and of SHOW CREATE USER beside it, as a catalogue.

Files as ``mysql -N -e "SHOW GRANTS FOR …"`` prints them, one after another, with or without the
borders of a table, and dumps of accounts that tools make of them. Of relations only the names are
known that grants name; what code does is not shown at all, and that is told.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from nhigraph.facts.facts import Gap, Refused
from nhigraph.facts.keys import mysql as keys
from nhigraph.ingest.document import Document
from nhigraph.policy.mysql import catalog as c
from nhigraph.policy.mysql.statements import Said, UnreadError, read, statements
from nhigraph.sources.mysql.records import SECTIONS, Export

#: Sections of an export that such a text stands for.
_SHOWN: Final = frozenset(
    {"accounts", "role_edges", "global_privileges", "schema_privileges", "table_privileges"}
    | {"column_privileges", "routine_privileges", "proxies"}
)
_LOOKS: Final = re.compile(
    r"^[|\s]*GRANT\s+.{1,4000}?\s+TO\s+[`'\"\w]", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
#: Rights that only MySQL has: their names have no spaces.
_DYNAMIC: Final = re.compile(r"[A-Z]+(?:_[A-Z]+)+\Z")
_WILD: Final = re.compile(r"(?<!\\)[%_]")


def looks_so(text: str) -> bool:
    """Whether a text has a statement that grants something to somebody."""
    return _LOOKS.search(text) is not None


def read_shown(doc: Document) -> Export:
    """Parse the text; a statement that cannot be read is refused, the others stand."""
    reader = _Reader(doc)
    reader.read()
    absent = tuple(name for name in SECTIONS if name not in _SHOWN)
    return Export(reader.catalog(), [*reader.problems], absent)


class _Reader:
    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self.problems: list[Refused] = []
        self.accounts: dict[c.Who, c.Account] = {}
        self.levels: dict[int, dict[tuple[c.Who, tuple[str, ...]], c.Granted]] = {}
        self.edges: list[c.Membership] = []
        self.proxies: list[c.Proxy] = []
        self.defaults: set[tuple[c.Who, c.Who | None]] = set()
        self.names: set[str] = set()

    def read(self) -> None:
        for statement in statements(self.doc.text):
            try:
                said = read(statement)
            except UnreadError as error:
                at = self.doc.line(statement[0].line, excerpt=False)
                self.problems.append(Refused(f"a statement of accounts: {error}", at))
                continue
            if said is not None:
                self._take(said)

    def _take(self, said: Said) -> None:
        place: c.Place = ("line", said.line)
        for who in said.who:
            known = self.accounts.get(who) or c.Account(who, place, role=who.host is None)
            self.accounts[who] = known
            if said.does == "account" and said.locked is not None:
                self.accounts[who] = replace(known, locked=said.locked)
            elif said.does == "role":
                self.edges += [c.Membership(role, who, place, said.option) for role in said.named]
                for role in said.named:
                    self.accounts.setdefault(role, c.Account(role, place, role=role.host is None))
            elif said.does == "proxy":
                self.proxies += [
                    c.Proxy(who, c.Who(p.user, p.host or ""), place) for p in said.named
                ]
            elif said.does == "default":
                named = [*said.named, *([None] if said.option else [])]
                self.defaults |= {(who, role) for role in named}
            elif said.does == "grant":
                self._granted(who, said, place)
            elif said.does == "revoke":
                self._revoked(who, said)

    def _granted(self, who: c.Who, said: Said, place: c.Place) -> None:
        self.names |= said.privileges.keys()
        whole = {name for name, columns in said.privileges.items() if not columns}
        columns = {name: columns for name, columns in said.privileges.items() if columns}
        option = {"GRANT OPTION"} if said.option else set()
        level = self.levels.setdefault(len(said.thing), {})
        known = level.get((who, said.thing))
        if known is not None:
            whole |= known.privileges
            columns = {**known.columns, **columns}
        found = frozenset(whole | option)
        level[who, said.thing] = c.Granted(who, said.thing, found, place, columns)

    def _revoked(self, who: c.Who, said: Said) -> None:
        """MySQL prints a partial revoke behind what it takes away from."""
        if len(said.thing) != 1:
            return
        known = self.accounts[who]
        there = known.restrictions.get(said.thing[0], frozenset())
        more = {said.thing[0]: there | frozenset(said.privileges)}
        self.accounts[who] = replace(known, restrictions={**known.restrictions, **more})

    def catalog(self) -> c.Catalog:
        by_level = [tuple(self.levels.get(number, {}).values()) for number in range(4)]
        partial = any(one.restrictions for one in self.accounts.values())
        dynamic = any(_DYNAMIC.match(name) and name != "READ_ONLY" for name in self.names)
        relations = {one.thing: one.place for one in by_level[2]}
        return c.Catalog(
            mariadb=not dynamic and not partial,
            version=(),
            variables={"partial_revokes": "ON" if partial else "OFF"},
            accounts=self.accounts,
            memberships=tuple(self._memberships()),
            grants=by_level[0],
            schema_grants=by_level[1],
            table_grants=by_level[2],
            routine_grants=by_level[3],
            proxies=tuple(self.proxies),
            schemas=dict(self._schemas(by_level)),
            relations={
                (schema, name): c.Relation((schema, name), place)
                for (schema, name), place in relations.items()
            },
        )

    def _memberships(self) -> Iterator[c.Membership]:
        for one in self.edges:
            active = {(one.member, one.role), (one.member, None)} & self.defaults
            yield replace(one, active=bool(active))

    def _schemas(self, by_level: list[tuple[c.Granted, ...]]) -> Iterator[tuple[str, c.Place]]:
        """Schemas that grants name; a pattern names none."""
        for one in (*by_level[2], *by_level[3]):
            yield one.thing[0], one.place
        for one in by_level[1]:
            if not _WILD.search(one.thing[0]):
                yield one.thing[0].replace("\\", ""), one.place


def patterns(catalog: c.Catalog, doc: Document) -> Iterator[Gap]:
    """A gap for each grant on schemas whose names the text does not tell."""
    for one in catalog.schema_grants:
        if _WILD.search(one.thing[0]):
            reason = f"which schemas the pattern {one.thing[0]} is about is not in the text"
            at = doc.line(int(one.place[1]), excerpt=False)
            yield Gap(keys.account(one.who.user, one.who.host), reason, at)

"""The text of SHOW GRANTS, and of SHOW CREATE USER beside it, as a catalogue.

Files as ``mysql -N -e "SHOW GRANTS FOR …"`` prints them, one after another, with or without the
borders of a table, and dumps of accounts that tools make of them. Of relations only the names are
known that grants name; what code does is not shown at all, and that is told.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Gap, Refused
from nhigraph.facts.keys import mysql as keys
from nhigraph.ingest.document import Document
from nhigraph.policy.mysql import catalog as c
from nhigraph.policy.mysql.privileges import MARIADB, MYSQL, OF_DATA
from nhigraph.policy.mysql.statements import (
    Said,
    UnreadError,
    grantees,
    is_own,
    plain,
    read,
    statements,
)
from nhigraph.sources.mysql.records import SECTIONS, Export

#: Sections of an export that such a text stands for.
_SHOWN: Final = frozenset(
    {"accounts", "role_edges", "global_privileges", "schema_privileges", "table_privileges"}
    | {"column_privileges", "routine_privileges", "proxies"}
)
_LOOKS: Final = re.compile(
    r"^[|\s]*GRANT\s+.{1,4000}?\s+TO\s+[`'\"\w]", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
#: Rights that one of the products has alone; of MySQL's the dynamic ones have no spaces.
_DYNAMIC: Final = re.compile(r"[A-Z]+(?:_[A-Z]+)+\Z")
_OF_MYSQL: Final = MYSQL.keys() - MARIADB.keys()
_OF_MARIADB: Final = (MARIADB.keys() - MYSQL.keys()) | (OF_DATA.keys() & {"DELETE HISTORY"})
_WILD: Final = re.compile(r"(?<!\\)[%_]")
_SLASHES: Final = re.compile(r"\\+")
#: A statement in a comment that servers from a version on run, as dumps write it
#: (https://dev.mysql.com/doc/refman/8.4/en/comments.html).
_RUN: Final = re.compile(
    r"/\*M?!\d*(\s*(?:GRANT|REVOKE|(?:SET|ALTER|CREATE)\s+(?:DEFAULT\s+ROLE|USER|ROLE))\b.*)\*/",
    re.IGNORECASE | re.DOTALL,
)


def looks_so(text: str) -> bool:
    """Whether a text has a statement of these products that grants something to somebody.

    Scripts of other databases, and macros that dbt makes them of, are named so, too.
    """
    said = plain(_raw(text))
    return _LOOKS.search(said) is not None and any(map(is_own, statements(said)))


def _raw(text: str) -> str:
    r"""The text as the server has it: without ``-r`` the client writes each backslash twice.

    It does so wherever it draws no table, as ``--batch`` says at
    https://dev.mysql.com/doc/refman/8.4/en/mysql-command-options.html: a schema that was granted
    as ``a\_b`` stands there as ``a\\_b``. A line on which all stand in pairs is such a one: a
    backslash in a schema's own name is unheard of.
    """
    lines = "".join(_without_comments(text)).split("\n")
    return "\n".join(
        line.replace("\\\\", "\\")
        if all(len(run) % 2 == 0 for run in _SLASHES.findall(line))
        else line
        for line in lines
    )


def _without_comments(text: str) -> Iterator[str]:
    """The text with statements that stand in comments as statements."""
    at = 0
    while (begin := text.find("/*", at)) >= 0 and (end := text.find("*/", begin + 2)) >= 0:
        found = _RUN.fullmatch(text, begin, end + 2)
        yield text[at:begin]
        yield text[begin : end + 2] if found is None else found[1]
        at = end + 2
    yield text[at:]


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
        self.shown: set[c.Who] = set()
        self.unread: dict[c.Who, c.Place] = {}

    def read(self) -> None:
        for statement in statements(plain(_raw(self.doc.text))):
            try:
                said = read(statement)
            except UnreadError as error:
                line = statement[0].line
                at = self.doc.line(line, excerpt=False)
                self.problems.append(Refused(f"a statement of accounts: {error}", at))
                self.unread.update(dict.fromkeys(grantees(statement), ("line", line)))
                continue
            if said is not None:
                self._take(said)
        for who, place in self.unread.items():
            self._named(who, place)

    def _take(self, said: Said) -> None:
        place: c.Place = ("line", said.line)
        if said.does not in ("account", "default"):
            self.shown.update(said.who)
        for who in said.who:
            known = self._named(who, place)
            if said.does == "account" and said.locked is not None:
                self.accounts[who] = replace(known, locked=said.locked)
            elif said.does == "role":
                self.edges += [c.Membership(role, who, place, said.option) for role in said.named]
                for role in said.named:
                    self._named(role, place)
            elif said.does == "proxy":
                self._proxied(who, said, place)
            elif said.does == "default":
                named = [*said.named, *([None] if said.option else [])]
                self.defaults |= {(who, role) for role in named}
            elif said.does == "grant":
                self._granted(who, said, place)
            elif said.does == "revoke":
                self._revoked(who, said)

    def _named(self, who: c.Who, place: c.Place) -> c.Account:
        return self.accounts.setdefault(who, c.Account(who, place, role=who.host is None))

    def _proxied(self, who: c.Who, said: Said, place: c.Place) -> None:
        for one in said.named:
            other = c.Who(one.user, one.host or "")
            self.proxies.append(c.Proxy(who, other, place))
            if other.user:
                self._named(other, place)

    def _granted(self, who: c.Who, said: Said, place: c.Place) -> None:
        self.names |= said.privileges.keys()
        whole = {name for name, columns in said.privileges.items() if not columns}
        columns = {name: columns for name, columns in said.privileges.items() if columns}
        option = {"GRANT OPTION"} if said.option else set()
        level = self.levels.setdefault(len(said.thing), {})
        known = level.get((who, said.thing))
        found = c.Granted(who, said.thing, frozenset(whole | option), place, columns)
        level[who, said.thing] = found if known is None else c.both(known, found)

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
        if self._is_mariadb():
            # What everybody has stands in a text of its own, from 10.11 on.
            self._named(c.Who(c.PUBLIC, None), ("line", 1))
        relations = {one.thing: one.place for one in by_level[2]}
        return c.Catalog(
            mariadb=not self._is_mysql(),
            version=(),
            variables={"partial_revokes": "ON" if partial else "OFF"},
            accounts=self.accounts,
            memberships=tuple(self._memberships()),
            grants=by_level[0],
            schema_grants=by_level[1],
            table_grants=by_level[2],
            routine_grants=by_level[3],
            proxies=tuple(self.proxies),
            unseen=frozenset(self.accounts) - self.shown | frozenset(self.unread),
            schemas=dict(self._schemas(by_level)),
            relations={
                (schema, name): c.Relation((schema, name), place)
                for (schema, name), place in relations.items()
            },
        )

    def _is_mysql(self) -> bool:
        """Whether it says what only MySQL has: some rights, partial revokes, roles with a host."""
        dynamic = any(_DYNAMIC.match(name) and name not in _OF_MARIADB for name in self.names)
        roles = any(one.role.host is not None for one in self.edges)
        partial = any(one.restrictions for one in self.accounts.values())
        return dynamic or partial or roles or bool(self.names & _OF_MYSQL)

    def _is_mariadb(self) -> bool:
        """Whether it says what only MariaDB has: some rights, roles without a host."""
        roles = any(one.host is None for one in self.accounts)
        return not self._is_mysql() and (roles or bool(self.names & _OF_MARIADB))

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


def open_ends(catalog: c.Catalog, doc: Document) -> Iterator[Gap]:
    """A gap for what the text names without saying it: schemas of a pattern, accounts."""
    for one in catalog.schema_grants:
        if _WILD.search(one.thing[0]):
            reason = f"which schemas the pattern {one.thing[0]} is about is not in the text"
            yield Gap(keys.account(one.who.user, one.who.host), reason, _at(doc, one.place))
    for account in catalog.accounts.values():
        if account.who in catalog.unseen:
            reason = (
                f"what {account.who.name} may do is not in the text: SHOW GRANTS FOR it has it"
            )
            yield Gap(
                keys.account(account.who.user, account.who.host), reason, _at(doc, account.place)
            )
    for proxy in catalog.proxies:
        if not proxy.proxied.user:
            reason = "as which accounts it may act is not in the text, which shows some"
            yield Gap(keys.account(proxy.who.user, proxy.who.host), reason, _at(doc, proxy.place))


def _at(doc: Document, place: c.Place) -> Evidence:
    return doc.line(int(place[1]), excerpt=False)

"""Statements of accounts and grants, as SHOW GRANTS, SHOW CREATE USER and tools around them print.

Of a text that is told to be a password or its hash nothing leaves this module: what stands behind
IDENTIFIED up to the next clause is dropped unread
(https://dev.mysql.com/doc/refman/8.4/en/show-grants.html, https://mariadb.com/kb/en/show-grants/
and https://mariadb.com/kb/en/create-user/, read 28 November 2026).
"""

import re
from collections.abc import Iterator
from dataclasses import field
from itertools import pairwise
from typing import Final

from nhigraph.policy.mysql.bits import ALL_EVERYWHERE, ALL_OF_SCHEMA
from nhigraph.policy.mysql.catalog import Who
from nhigraph.policy.mysql.privileges import canonical
from nhigraph.records import dataclass

_TOKEN: Final = re.compile(
    r"(?P<gap>\s+|--[^\n]*|#[^\n]*|/\*.*?\*/)"
    r"|`(?P<tick>(?:[^`\n]|``)*)`|'(?P<single>(?:[^'\\]|\\.|'')*)'|\"(?P<double>(?:[^\"\\]|\\.|\"\")*)\""
    r"|(?P<word>[\w$]+)|(?P<mark>.)",
    re.DOTALL,
)
#: Clauses behind which nothing of an account's rights stands.
_CLAUSES: Final = frozenset({"REQUIRE", "PASSWORD", "WITH", "ACCOUNT", "DEFAULT"})
_SORTS: Final = frozenset({"TABLE", "FUNCTION", "PROCEDURE", "PACKAGE", "BODY"})
_ROUTINES: Final = frozenset({"function", "procedure", "package", "package body"})
#: What the client prints beside the statements: rows of the form that ``\\G`` asks for
#: (https://dev.mysql.com/doc/refman/8.4/en/mysql-commands.html), and how many there were.
_BESIDE: Final = re.compile(
    r"^[ \t]*(?:\*{5,} *\d+\. row *\*{5,}.*|\d+ rows? in set.*"
    r"|(?:Grants|CREATE USER) for [^\n]*?: +(?=(?:GRANT|REVOKE|CREATE|ALTER|SET)\b))",
    re.MULTILINE | re.IGNORECASE,
)
#: A name that stands without quotes, or the beginning of such a host.
_BARE: Final = re.compile(r"[\w$]+\Z|%\Z")
#: What templates of dbt's macros, and of others by Jinja, begin with.
_TEMPLATES: Final = frozenset({("{", "{"), ("{", "%")})
_STARTS: Final = frozenset({"GRANT", "REVOKE", "CREATE", "ALTER", "SET"})


class UnreadError(ValueError):
    """A statement is not one of these."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a quoted name or a mark."""

    text: str
    line: int
    quoted: bool = False

    @property
    def word(self) -> str:
        """It as a word of the language; empty for a quoted name."""
        return "" if self.quoted else self.text.upper()


@dataclass(frozen=True, slots=True)
class Said:
    """What one statement says.

    Attributes:
        does: grant, revoke, role, proxy, account or default.
        who: Whom it is about.
        privileges: In upper case, each with its columns; none for all of them.
        thing: As in ``catalog.Granted``.
        named: Roles, or whom a proxy stands for; nobody for all roles.
        option: WITH GRANT OPTION or WITH ADMIN OPTION.
        locked: Of an account, whether it is locked; None where that is not said.
        line: Its line, from 1.
    """

    does: str
    who: tuple[Who, ...]
    line: int
    privileges: dict[str, frozenset[str]] = field(default_factory=dict)
    thing: tuple[str, ...] = ()
    named: tuple[Who, ...] = ()
    option: bool = False
    locked: bool | None = None


def plain(text: str) -> str:
    """The text without what a client prints beside the statements, line by line the same."""
    return _BESIDE.sub("", text)


def tokens(text: str) -> Iterator[Token]:
    """Words and names of a text, with their lines."""
    line = 1
    for found in _TOKEN.finditer(text):
        sort, inner = found.lastgroup, found[found.lastgroup or 0]
        if sort == "tick":
            yield Token(inner.replace("``", "`"), line, quoted=True)
        elif sort in ("single", "double"):
            yield Token(inner.replace("''", "'"), line, quoted=True)
        elif sort != "gap":
            yield Token(inner, line)
        line += found[0].count("\n")


def statements(text: str) -> Iterator[list[Token]]:
    """Statements, which end with a semicolon or where the next one begins on a line of its own."""
    found: list[Token] = []
    last = 0
    for token in tokens(text):
        # Borders of a table that a client draws.
        if token.text in ("|", "+") and not token.quoted:
            continue
        goes_on = bool(found) and found[-1].text == ","
        begins = token.word in _STARTS and token.line > last and not goes_on
        if (token.text == ";" and not token.quoted) or (begins and found):
            yield found
            found = [token] if begins else []
        else:
            found.append(token)
        last = token.line
    if found:
        yield found


def is_own(statement: list[Token]) -> bool:
    """Whether a statement grants something in words that MySQL and MariaDB alone have.

    Who is meant has a host, or a level is all of something. Other products have neither in their
    GRANT (https://www.postgresql.org/docs/18/sql-grant.html,
    https://docs.snowflake.com/en/sql-reference/sql/grant-privilege), and no server prints what a
    template fills in. A right on one table that a role of MariaDB has is written as elsewhere;
    SHOW GRANTS puts ``GRANT USAGE ON *.*`` above it.
    """
    words = [token.word for token in statement]
    if words[:1] != ["GRANT"] or "TO" not in words or _TEMPLATES & {*pairwise(words)}:
        return False
    to = words.index("TO")
    hosts = [at for at, word in enumerate(words) if word == "@" and at > to + 1]
    return any(words[at - 2] in ("TO", ",") for at in hosts) or (".", "*") in pairwise(words[:to])


def grantees(statement: list[Token]) -> tuple[Who, ...]:
    """Whom a statement that could not be read is about, as far as that can be told."""
    ends = [at for at, token in enumerate(statement) if token.word in ("TO", "FROM")]
    if not ends:
        return ()
    try:
        return tuple(_Reader(statement[ends[-1] + 1 :]).whom())
    except (UnreadError, IndexError):
        return ()


def read(statement: list[Token]) -> Said | None:
    """What a statement says; None for one that says nothing of accounts.

    Raises:
        UnreadError: It begins as one of these and goes on otherwise.
    """
    while statement and statement[0].word not in _STARTS:
        statement = statement[1:]
    words = [token.word for token in statement[:3]]
    if words[:1] in (["GRANT"], ["REVOKE"]):
        return _Reader(statement).grant()
    if words[:2] in (["CREATE", "USER"], ["ALTER", "USER"], ["CREATE", "ROLE"]):
        return _Reader(statement).account()
    if words == ["SET", "DEFAULT", "ROLE"]:
        return _Reader(statement).default()
    return None


class _Reader:
    def __init__(self, statement: list[Token]) -> None:
        self.tokens, self.at, self.line = statement, 0, statement[0].line

    @property
    def word(self) -> str:
        return self.tokens[self.at].word if self.at < len(self.tokens) else ""

    def take(self) -> Token:
        if self.at >= len(self.tokens):
            raise UnreadError("it ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def passed(self, *words: str) -> bool:
        """Whether these words come next, which are then behind."""
        found = [token.word for token in self.tokens[self.at : self.at + len(words)]]
        if found == list(words):
            self.at += len(words)
            return True
        return False

    def expect(self, *words: str) -> None:
        if not any(self.passed(word) for word in words):
            raise UnreadError(f"expected {' or '.join(words)}")

    def name(self) -> str:
        """A name, in quotes or a word: a text may end in the middle of one."""
        token = self.take()
        if not token.quoted and not _BARE.match(token.text):
            raise UnreadError("expected the name of an account")
        return token.text

    def whom(self) -> Iterator[Who]:
        """Accounts and roles between commas; whatever says how they log in is passed over."""
        while True:
            name = self.name()
            host = None
            if self.passed("@"):
                host = self.name().lower()
                while self.at < len(self.tokens) and self.tokens[self.at].text in (".", "-", "%"):
                    host += self.take().text + (
                        self.take().text if self.at < len(self.tokens) else ""
                    )
            yield Who(name, host)
            self._pass_secret()
            if not self.passed(","):
                return

    def _pass_secret(self) -> None:
        """Behind IDENTIFIED: nothing is kept, up to the next account or clause."""
        if not self.passed("IDENTIFIED"):
            return
        self.passed("BY", "PASSWORD") or self.passed("BY") or self.passed("WITH")
        while self.at < len(self.tokens) and self.word not in {*_CLAUSES, ","}:
            self.at += 1

    def behind(self) -> list[str]:
        """Words of the clauses that follow."""
        return [token.word for token in self.tokens[self.at :]]

    # -- statements -----------------------------------------------------------------------------

    def grant(self) -> Said:
        does = self.take().word.lower()
        if self.passed("PROXY", "ON"):
            named = tuple(self.whom())
            self.expect("TO", "FROM")
            return Said("proxy", tuple(self.whom()), self.line, named=named)
        start = self.at
        privileges = dict(self._privileges())
        if not self.passed("ON"):
            self.at = start
            roles = tuple(self.whom())
            self.expect("TO", "FROM")
            members = tuple(self.whom())
            return Said("role", members, self.line, named=roles, option="ADMIN" in self.behind())
        sorts = []
        while self.word in _SORTS:
            sorts.append(self.take().word.lower())
        thing = self._level(" ".join(sorts))
        self.expect("TO", "FROM")
        who = tuple(self.whom())
        behind = self.behind()
        option = any(pair == ("GRANT", "OPTION") for pair in pairwise(behind))
        found = _whole(privileges, thing)
        return Said(does, who, self.line, found, thing, option=option)

    def _privileges(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Privileges between commas, of one or more words; in brackets their columns."""
        while self.at < len(self.tokens) and self.word not in ("ON", "TO", "FROM"):
            words: list[str] = []
            columns: list[str] = []
            while self.at < len(self.tokens) and self.word not in ("ON", "TO", "FROM", ","):
                token = self.take()
                if token.text == "(" and not token.quoted:
                    while (inner := self.take()).text != ")":
                        columns += [inner.text.lower()] if inner.text != "," else []
                else:
                    words.append(token.word or token.text)
            yield canonical(" ".join(words)), frozenset(columns)
            self.passed(",")

    def _level(self, sort: str) -> tuple[str, ...]:
        """Everything, a schema's pattern, a relation, or a routine with its sort."""
        first = self.take()
        if not self.passed("."):
            raise UnreadError("expected a schema and a name")
        last = self.take()
        if first.text == "*" and not first.quoted:
            return ()
        if last.text == "*" and not last.quoted:
            return (first.text,)
        if sort in _ROUTINES:
            return first.text, sort, last.text.lower()
        return first.text, last.text

    def account(self) -> Said:
        role = self.tokens[1].word == "ROLE"
        self.at = 2
        self.passed("IF", "NOT", "EXISTS") or self.passed("IF", "EXISTS")
        who = tuple(self.whom())
        behind = self.behind()
        locked = {"LOCK": True, "UNLOCK": False}
        said = [locked[b] for a, b in pairwise(behind) if a == "ACCOUNT"]
        return Said("account", who, self.line, locked=said[0] if said else None, option=role)

    def default(self) -> Said:
        self.at = 3
        everything = self.passed("ALL")
        named = () if everything or self.passed("NONE") else tuple(self.whom())
        self.expect("TO", "FOR")
        return Said("default", tuple(self.whom()), self.line, named=named, option=everything)


def _whole(
    privileges: dict[str, frozenset[str]], thing: tuple[str, ...]
) -> dict[str, frozenset[str]]:
    """ALL as what it stands for at its level."""
    found = {name: columns for name, columns in privileges.items() if name != "USAGE"}
    if {"ALL", "ALL PRIVILEGES"} & found.keys():
        whole = ALL_EVERYWHERE if not thing else ALL_OF_SCHEMA
        found |= dict.fromkeys(whole, frozenset())
    return {
        name: columns for name, columns in found.items() if name not in ("ALL", "ALL PRIVILEGES")
    }

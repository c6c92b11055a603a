"""Reads GRANT: which privileges on which relations of whom, by tokens.

``find_all(Table)`` of a parsed grant names things that are no tables, and forms such as ``ON ALL
TABLES IN SCHEMA`` are no statement to the parser.
https://www.postgresql.org/docs/current/sql-grant.html and
https://docs.snowflake.com/en/sql-reference/sql/grant-privilege
"""

from collections.abc import Iterator
from typing import NamedTuple

import sqlglot

from nhigraph.facts import keys
from nhigraph.policy.sql_usage.flows import UnsureError
from nhigraph.records import dataclass

#: What may stand before the name of a relation, and before that of a role.
_RELATION_WORDS = frozenset({"TABLE", "VIEW"})
#: What a right on it opens no relation, and runs nothing.
_OPENS_NOTHING = frozenset(
    {"DATABASE", "LANGUAGE", "SEQUENCE", "SEQUENCES", "TYPE", "TYPES", "WAREHOUSE"}
)
_ROLE_WORDS = frozenset({"ROLE", "USER", "GROUP"})


@dataclass(frozen=True, slots=True)
class Right:
    """A privilege that a statement grants.

    Attributes:
        privilege: Lower-case, such as ``select`` or ``all privileges``.
        thing: Parts of the relation, folded; of the schema where ``schema`` says so.
        schema: ``itself``, ``tables`` for all that is in it, or empty for a relation.
        roles: To whom, folded; ``public`` is everybody.
    """

    privilege: str
    thing: tuple[str, ...]
    schema: str
    roles: tuple[str, ...]


class _Word(NamedTuple):
    text: str
    plain: str
    quoted: bool


def rights(text: str, dialect: str) -> Iterator[Right]:
    """The rights that one GRANT gives.

    Raises:
        UnsureError: It is of a form that is not read, or grants something else.
    """
    words = _words(text, dialect)
    at_on, at_to = _first(words, "ON"), _last(words, "TO")
    if at_on is None or at_to is None or at_to < at_on:
        raise UnsureError("a GRANT of a role, or of a form that is not read")
    privileges = _privileges(words[1:at_on])
    schema, things = _things(words[at_on + 1 : at_to])
    roles = tuple(_roles(words[at_to + 1 :], dialect))
    for thing in _names(things, dialect):
        for privilege in privileges:
            yield Right(privilege, thing, schema, roles)


def _words(text: str, dialect: str) -> list[_Word]:
    found = []
    for token in sqlglot.tokenize(text, read=dialect):
        quoted = token.token_type.name == "IDENTIFIER"
        found.append(_Word(token.text, "" if quoted else token.text.upper(), quoted))
    return found


def _first(words: list[_Word], plain: str) -> int | None:
    return next((at for at, word in enumerate(words) if word.plain == plain), None)


def _last(words: list[_Word], plain: str) -> int | None:
    found = [at for at, word in enumerate(words) if word.plain == plain]
    return found[-1] if found else None


def _privileges(words: list[_Word]) -> list[str]:
    """Privileges; columns named beside them are taken for the whole relation."""
    found: list[list[str]] = [[]]
    depth = 0
    for word in words:
        depth += (word.plain == "(") - (word.plain == ")")
        if word.plain == "," and not depth:
            found.append([])
        elif not depth and word.plain != ")":
            found[-1].append(word.text.lower())
    return [" ".join(part) for part in found if part]


def _things(words: list[_Word]) -> tuple[str, list[_Word]]:
    plain = [word.plain for word in words]
    at = next((i for i, word in enumerate(plain) if word == "SCHEMA"), 0)
    if plain[:1] in (["ALL"], ["FUTURE"]) and plain[at - 1] == "IN":
        if plain[at - 2] in ("TABLES", "VIEWS"):
            return "tables", words[at + 1 :]
        return ("nothing" if plain[1] in _OPENS_NOTHING else _fail(plain[1])), []
    if plain[:1] and plain[0] in _OPENS_NOTHING and len(words) > 1:
        return "nothing", []
    if plain[:1] == ["SCHEMA"]:
        return "itself", words[1:]
    if plain[:1] and plain[0] in _RELATION_WORDS:
        return "", words[1:]
    if len(words) > 1 and words[1].plain not in (".", ","):
        _fail(words[0].text)
    return "", words


def _fail(thing: str) -> str:
    raise UnsureError(f"a GRANT on {thing.lower()}")


def _names(words: list[_Word], dialect: str) -> Iterator[tuple[str, ...]]:
    parts: list[str] = []
    for word in words:
        if word.plain == ",":
            yield tuple(parts)
            parts = []
        elif word.plain != ".":
            parts.append(keys.fold(dialect, word.text, quoted=word.quoted))
    if parts:
        yield tuple(parts)


def _roles(words: list[_Word], dialect: str) -> Iterator[str]:
    for word in words:
        if word.plain in ("WITH", "GRANTED"):
            return
        if word.plain in _ROLE_WORDS or word.plain == ",":
            continue
        yield keys.fold(dialect, word.text, quoted=word.quoted)

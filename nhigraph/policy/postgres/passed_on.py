"""Rights that somebody passed on, and what has to be revoked before what.

"If a user holds a privilege with grant option and has granted it to other users then the
privileges held by those other users are called dependent privileges": revoking the first fails
unless these go with it by CASCADE (PostgreSQL 15, sql-revoke). So who was given a right goes
before who gave it. The server asks for USAGE on a schema of whoever revokes there by a right of
its own (tried on 15.18), so rights on tables go before those on schemas, these before those on
databases; then owners, memberships and attributes. That somebody is a superuser goes last of all:
it may be whoever runs the statements.

Easily guessed wrong (tried on 15.18): what is revoked from a superuser leaves what it passed on,
with and without CASCADE, as a superuser has every grant option anyway. Once it is none any more,
its grantor may not revoke that ("permission denied"), and who else does takes nothing away. It
goes once the grantor is given the option again and that is revoked with CASCADE.
"""

import re
from collections.abc import Iterator

from nhigraph.policy.given import Given
from nhigraph.policy.postgres.catalog import LETTERS, AclError, AclItem, parse_acl_item

#: An item of an access list: the object, its section, and its column.
ITEM = re.compile(r"(/(relations|schemas|databases)/\d+)(/columns/\d+)?/acl/\d+\Z")
_SECTIONS = ("relations", "schemas", "databases")
#: Memberships, and attributes of roles.
_SORT = re.compile(r"/(?:memberships|roles)/\d+")
_OPTION = re.compile(r"([A-Za-z])\*")


def grantor(excerpt: str) -> str:
    """The role after the last slash, in quotes where it is not plain."""
    name = excerpt.rpartition('/"')[2].removesuffix('"').replace('""', '"')
    return name if excerpt.endswith('"') else excerpt.rpartition("/")[2]


def left(given: Given) -> bool:
    """Whether somebody has what the grantee passed on, and it does not go by itself."""
    return any(pointer not in given.going for pointer, _ in _given_on(given, given.excerpt))


def may_revoke(given: Given) -> bool:
    """Whether the grantor of an item, not the owner, still has what it passed on to pass on."""
    item, own = ITEM.match(given.pointer), _read(given.excerpt)
    listed = given.below(item[1]) if item else {}
    if own is None or not listed:
        return True
    options: set[str] = set()
    for text in listed.values():
        other = _read(text)
        if other is not None and other.grantee == grantor(given.excerpt):
            options |= _options(text)
    return own.privileges <= options


def turn(given: Given) -> tuple[int, int]:
    """Sorts the places of a cut in the order in which their statements run."""
    item = ITEM.match(given.pointer)
    if item is None:
        after = (bool(_SORT.match(given.pointer)), given.pointer.endswith("/superuser"))
        return len(_SECTIONS) + sum(after), 0
    return _SECTIONS.index(item[2]), _height(given, given.excerpt, frozenset({given.pointer}))


def _height(given: Given, excerpt: str, seen: frozenset[str]) -> int:
    """How many times in a row a right was passed on from here, by what goes, too."""
    heights = [
        _height(given, text, seen | {pointer}) + 1
        for pointer, text in _given_on(given, excerpt)
        if pointer in given.going and pointer not in seen
    ]
    return max(heights, default=0)


def _given_on(given: Given, excerpt: str) -> Iterator[tuple[str, str]]:
    """Items of the same object by which the grantee of one passed its rights on."""
    item, own = ITEM.match(given.pointer), _read(excerpt)
    if item is None or own is None:
        return
    option = _options(excerpt)
    for pointer, text in given.below(item[1]).items():
        other = _read(text) if ITEM.match(pointer) else None
        if other is not None and grantor(text) == own.grantee and other.privileges & option:
            yield pointer, text


def _read(excerpt: str) -> AclItem | None:
    try:
        return parse_acl_item(excerpt, ())
    except AclError:
        return None


def _options(excerpt: str) -> set[str]:
    """Privileges that may be passed on."""
    return {LETTERS.get(letter, "") for letter in _OPTION.findall(_letters(excerpt))}


def _letters(excerpt: str) -> str:
    """The letters of an item, behind a name that may have any sign in quotes."""
    text = re.sub(r'\A"(?:[^"]|"")*"', "", excerpt)
    return text.partition("=")[2].partition("/")[0]

"""Patterns of hosts: which account a login is, and which rows count for whom.

An account's host is a name, an address, a pattern with ``%`` and ``_``, or a network
(``10.0.0.0/255.0.0.0``, ``10.0.0.0/8``). Rows are sorted with the most specific host first, then
by user, the empty user last, and the first one that matches is the account; whose password is
then asked for (https://dev.mysql.com/doc/refman/8.4/en/connection-access.html and
https://mariadb.com/kb/en/create-user/#account-names, read 28 November 2026). So a client that
gives a name which has an account may still be the anonymous user of a nearer host.
"""

import ipaddress
import re
from collections.abc import Collection, Iterable
from enum import IntEnum
from functools import lru_cache

from nhigraph.policy.mysql.catalog import Who

#: Longest host and name of a schema that MariaDB counts with (sql_acl_getsort.ic, 10.6 on).
_LONGEST_HOST, _LONGEST_SCHEMA = 255, 64


class Answer(IntEnum):
    """Whether something is so."""

    NO = 0
    MAYBE = 1
    YES = 2


@lru_cache(maxsize=1 << 12)
def expression(pattern: str) -> re.Pattern[str]:
    r"""What a pattern with ``%``, ``_`` and ``\`` matches."""
    found, at = "", 0
    while at < len(pattern):
        mark = pattern[at]
        if mark == "\\" and at + 1 < len(pattern):
            at += 1
            found += re.escape(pattern[at])
        else:
            found += {"%": ".*", "_": "."}.get(mark, re.escape(mark))
        at += 1
    return re.compile(found, re.DOTALL)


def is_pattern(host: str) -> bool:
    """Whether a host stands for several."""
    return not host or "%" in host or "_" in host or "/" in host


def matches(pattern: str, host: str) -> bool:
    """Whether a client that the server sees as ``host`` (a name or an address) matches."""
    network = _network(pattern)
    if network is not None:
        address = _address(host)
        return address is not None and address in network
    if not pattern:
        return True
    return expression(pattern.lower()).fullmatch(host.lower()) is not None


def covers(pattern: str, other: str) -> Answer:
    """Whether every client of one pattern is one of another: ``pattern`` covers ``other``."""
    if pattern in ("", "%") or pattern.lower() == other.lower():
        return Answer.YES
    if not is_pattern(other):
        return Answer.YES if matches(pattern, other) else Answer.NO
    if not is_pattern(pattern):
        return Answer.MAYBE if matches(other, pattern) else Answer.NO
    one, two = _network(pattern), _network(other)
    if one is None and two is None:
        return _covers(pattern.lower(), other.lower())
    if one is not None and two is not None and one.version == two.version:
        inside = one.prefixlen <= two.prefixlen
        return Answer.NO if not one.overlaps(two) else Answer.YES if inside else Answer.MAYBE
    return Answer.MAYBE


def _covers(pattern: str, other: str) -> Answer:
    """The same of patterns with ``%`` and ``_``."""
    samples = (_sample(other, length) for length in (0, 1, 2, 7))
    if all(expression(pattern).fullmatch(text) for text in samples):
        return Answer.YES
    return Answer.NO if _apart(pattern, other) else Answer.MAYBE


def _sample(pattern: str, length: int) -> str:
    """A text that a pattern matches, of letters that no host has; ``%`` is this many of them."""
    return pattern.lower().replace("%", "\x00" * length).replace("_", "\x00")


def _apart(one: str, other: str) -> bool:
    """Whether two patterns begin or end so that no text matches both."""
    for first, second in ((one, other), (one[::-1], other[::-1])):
        begins = [re.split("[%_]", pattern)[0] for pattern in (first, second)]
        length = min(map(len, begins))
        if begins[0][:length] != begins[1][:length]:
            return True
    return False


def narrower(one: str, other: str) -> bool:
    """Whether clients of ``one`` are some of those of ``other``, and not all."""
    return covers(other, one) is Answer.YES and covers(one, other) is not Answer.YES


def order(pattern: str, *, longest: int = _LONGEST_HOST) -> tuple[int, int, int, int, int]:
    """Sorts patterns: the most specific one, which fewest texts match, comes first.

    As MariaDB counts them (10.6 on): by how many characters are free, and the length before the
    first wildcard where that is equal. MySQL's manual says no more than that patterns with an
    earlier wildcard are less specific, which is the last of these.
    """
    letters = single = many = before = at = 0
    while at < len(pattern):
        mark = pattern[at]
        if mark in "%_":
            before = before if single or many else letters
            if mark == "_":
                single += 1
            else:
                many += 1
                while pattern[at + 1 : at + 2] == "%":
                    at += 1
        else:
            at += mark == "\\" and at + 1 < len(pattern)
            letters += 1
        at += 1
    single, many = min(single, 31), min(many, 31)
    free = longest - letters - single if many else 0
    if free > single:
        return free, 1, many, single, before
    return single, 0, free, many, before


def schema_order(pattern: str) -> tuple[int, int, int, int, int]:
    """The same of a schema's pattern."""
    return order(pattern, longest=_LONGEST_SCHEMA)


def host_order(host: str) -> tuple[int, int, int, int, int]:
    """The same of a host; a network is an address to sort by."""
    return order(host or "%")


def account_of(user: str, host: str, accounts: Iterable[Who]) -> Who | None:
    """The account that a client is, whether or not it can log in as that."""
    found = [
        one
        for one in accounts
        if one.host is not None and one.user in ("", user) and matches(one.host, host)
    ]
    return min(found, key=_rank, default=None)


def _rank(who: Who) -> tuple[tuple[int, ...], bool, Who]:
    return host_order(who.host or ""), not who.user, who


def shadowing(who: Who, accounts: Collection[Who]) -> list[Who]:
    """Anonymous accounts that some clients are which give the name of ``who``."""
    if not who.user or who.host is None:
        return []
    return [
        one
        for one in accounts
        if not one.user
        and one.host is not None
        and _rank(one) < _rank(who)
        and covers(who.host, one.host) is not Answer.NO
    ]


@lru_cache(maxsize=1 << 12)
def _network(pattern: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    if "/" not in pattern:
        return None
    try:
        return ipaddress.ip_network(pattern, strict=False)
    except ValueError:
        return None


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None

"""Records of grants in the words of GRANT, and the statement that takes each back.

What is granted on one thing to one account is one row, whoever granted it, and REVOKE needs the
same thing and account (https://mariadb.com/kb/en/revoke/,
https://dev.mysql.com/doc/refman/8.4/en/revoke.html, read 28 November 2026): a right on a schema is
not taken back by a statement on one of its tables, one of ``u@%`` not by one of ``u@localhost``.
Names stand in backquotes, doubled where a name has one; ``PUBLIC`` and a role of MariaDB have no
host. Tried on MariaDB 10.11 (``tests/mysql/test_undo.py``).
"""

import re

from nhigraph.policy.given import Given
from nhigraph.policy.mysql.catalog import PUBLIC, Who

_NAME = r"`(?:[^`]|``)*`"
_WHO = rf"(?:{PUBLIC}|{_NAME}(?:@{_NAME})?)"
_ON = rf"(?:(?:PROCEDURE|FUNCTION) )?(?:\*|{_NAME})\.(?:\*|{_NAME})"
_RIGHT = rf"[A-Z_]+(?: [A-Z_]+)*(?: \({_NAME}\))?"
_GRANTED = re.compile(rf"({_RIGHT}(?:, {_RIGHT})* ON {_ON}|{_WHO}) TO ({_WHO})\Z")
_RECORD = re.compile(r"/(?:(?:global|schema|table|column|routine)_privileges|role_edges)/\d+\Z")


def quoted(name: str) -> str:
    """A name, so that nothing in it counts."""
    return "`" + name.replace("`", "``") + "`"


def account(who: Who) -> str:
    """An account or role, as a statement names it."""
    if who == Who(PUBLIC, None):
        return PUBLIC
    return quoted(who.user) + ("" if who.host is None else f"@{quoted(who.host)}")


def granted(privileges: str, thing: tuple[str, ...], who: Who, column: str = "") -> str:
    """A record of a right; ``thing`` as of ``Granted``."""
    columns = f" ({quoted(column)})" if column else ""
    sort, names = ("", thing) if len(thing) < 3 else (f"{thing[1].upper()} ", thing[::2])  # noqa: PLR2004
    on = ".".join([*map(quoted, names), "*", "*"][:2])
    return f"{privileges}{columns} ON {sort}{on} TO {account(who)}"


def undo(given: Given) -> str:
    """The statement for a record; empty where it is none."""
    said = _GRANTED.match(given.excerpt)
    if not said or not given.whole or not _RECORD.match(given.pointer):
        return ""
    return f"REVOKE {said[1]} FROM {said[2]};"

"""Packages of MariaDB: routines under one name, with one definer.

All of it runs as its definer, or as its caller (https://mariadb.com/kb/en/create-package/, read
28 November 2026). EXECUTE is asked of its body alone: with it on the package its routines are
refused, and with it on the body they are let without the other (tried on 10.11.19). What each of
its routines does is not read.
"""

import re
from collections.abc import Iterable
from typing import Final

from nhigraph.policy.mysql.catalog import Code

BODY: Final = "package body"
_FUNCTION: Final = re.compile(r"\bFUNCTION\s+(`(?:[^`]|``)+`|[\w$]+)", re.IGNORECASE)
#: Bodies of packages, by schema and name in lower case.
Packages = dict[tuple[str, str], Code]


def packages(code: Iterable[Code]) -> Packages:
    """Those of a server."""
    return {(one.name[0], one.name[1].lower()): one for one in code if one.sort == BODY}


def functions(found: Packages) -> list[str]:
    """Names of the functions that packages have, in lower case."""
    texts = (one.body or "" for one in found.values())
    names = [name for text in texts for name in _FUNCTION.findall(text)]
    return [name.strip("`").replace("``", "`").lower() for name in names]


def called(found: Packages, name: tuple[str, ...], schema: str) -> Code | None:
    """The package whose routine is called, with its schema or without; None for another one."""
    if not name[1:]:
        return None
    return found.get((name[0] if name[2:] else schema, name[-2].lower()))

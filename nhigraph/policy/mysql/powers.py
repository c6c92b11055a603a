"""What rights about the server itself amount to, beside the data they are about.

Sources: https://dev.mysql.com/doc/refman/8.4/en/privileges-provided.html and
https://mariadb.com/kb/en/grant/#global-privileges, read 28 November 2026. Tried on MariaDB
10.11.19, and what a reader of the lists would not guess:

* CREATE USER changes anybody's password, ``root``'s too: MariaDB has no account that is spared.
  MySQL spares those that have SYSTEM_USER from whoever has not.
* SET USER, or SUPER, names any definer of what it makes, so whoever may make a view, routine,
  trigger or event besides becomes anybody. Without it what one makes is one's own.
* CONNECTION ADMIN sets ``init_connect``, which every session without that right or SUPER runs as
  itself.
* ALTER ROUTINE makes a routine that runs as its caller run as its definer (``sources.mysql``).
* Whoever writes the grant tables gives what it likes, from when they are read again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from nhigraph.policy.mysql.access import Access
from nhigraph.policy.mysql.catalog import SYSTEM_SCHEMA, Catalog, Who
from nhigraph.policy.mysql.hosts import Answer

#: Global rights under both products' names.
_DEFINER: Final = frozenset({"SUPER", "SET USER", "SET_USER_ID", "SET_ANY_DEFINER"})
_CONNECTS: Final = frozenset({"SUPER", "CONNECTION ADMIN", "CONNECTION_ADMIN"})
_SETS: Final = frozenset({"SUPER", "CONNECTION ADMIN", "SYSTEM_VARIABLES_ADMIN"})
_WRITES_READ_ONLY: Final = frozenset({"READ_ONLY ADMIN", "READ ONLY ADMIN"})
_BINLOG: Final = frozenset({"BINLOG REPLAY", "BINLOG_ADMIN", "REPLICATION_APPLIER"})
_MAKING: Final = ("CREATE ROUTINE", "CREATE VIEW", "TRIGGER", "EVENT")
SYSTEM_USER: Final = "SYSTEM_USER"
#: Tables of the schema mysql that say who may do what, of both products.
GRANT_TABLES: Final = (
    *("user", "global_priv", "db", "tables_priv", "columns_priv", "procs_priv", "proxies_priv"),
    *("roles_mapping", "role_edges", "default_roles", "global_grants", "plugin", "func"),
)
_BORROWED: Final = "SET ROLE gives it the global rights of another account of its name"
#: All that it takes to do with data whatever one likes.
DATA: Final = frozenset({"SELECT", "INSERT", "CREATE", "DROP", "ALTER"})
#: Accounts that the products keep for themselves
#: (https://dev.mysql.com/doc/refman/8.4/en/reserved-accounts.html; MariaDB: mariadb.sys).
RESERVED: Final = frozenset({"mysql.sys", "mysql.session", "mysql.infoschema", "mariadb.sys"})


class Does(Enum):
    """What a right comes to."""

    MINTS = "sets the password of accounts"
    DEFINES = "makes code that runs as any account"
    GRANTS = "grants any account or role to itself"
    STARTS = "makes sessions of others run its statements"
    ADMINISTERS = "writes the grant tables"
    READS = "reads what the server holds"
    WRITES = "writes rows of any table"
    STOPS = "stops the server, or what others do on it"


@dataclass(frozen=True, slots=True)
class Reach:
    """One thing that somebody can do by a right.

    Attributes:
        does: What.
        by: The right.
        condition: On which condition; empty for none.
    """

    does: Does
    by: str
    condition: str = ""


def reaches(catalog: Catalog, access: Access, who: Who) -> Iterator[Reach]:
    """What somebody's rights about the server come to."""
    had = access.everywhere(who)
    yield from _reaches(catalog, access, who, had)
    lent = access.borrowed(who) - had
    for one in _reaches(catalog, access, who, lent) if lent else ():
        yield Reach(one.does, one.by, _BORROWED)


def _reaches(catalog: Catalog, access: Access, who: Who, had: frozenset[str]) -> Iterator[Reach]:
    if "CREATE USER" in had:
        yield Reach(Does.MINTS, "CREATE USER")
    yield from _definer(catalog, access, who, had)
    if not catalog.mariadb and had & {"ROLE_ADMIN", "SUPER"}:
        yield Reach(Does.GRANTS, min(had & {"ROLE_ADMIN", "SUPER"}))
    if had & (_SETS if catalog.mariadb else _SETS - {"CONNECTION ADMIN"}):
        why = "it logs in after init_connect was set"
        yield Reach(Does.STARTS, min(had & _SETS), why)
    yield from _tables(access, who, had)
    yield from _files(catalog, had)
    if had & _BINLOG:
        by = min(had & _BINLOG)
        yield Reach(Does.WRITES, by, "a BINLOG statement of it holds rows of that table")
    for by in sorted(had & {"SHUTDOWN", "RELOAD", *_CONNECTS}):
        yield Reach(Does.STOPS, by)


def _definer(catalog: Catalog, access: Access, who: Who, had: frozenset[str]) -> Iterator[Reach]:
    """Naming a definer takes something to make; where, does not matter."""
    if not had & _DEFINER:
        return
    answer = Answer.YES if had & set(_MAKING) else Answer.NO
    for schema in catalog.schemas:
        here = access.in_schema(who, schema)
        answer = max(answer, *(here.answer(one) for one in _MAKING))
    for name in catalog.relations:
        here = access.on_relation(who, *name)
        answer = max(answer, *(here.answer(one) for one in ("TRIGGER", "CREATE VIEW")))
    if answer is Answer.YES:
        yield Reach(Does.DEFINES, min(had & _DEFINER))
    else:
        why = "it has, by a role or later, a right to make a view, routine, trigger or event"
        yield Reach(Does.DEFINES, min(had & _DEFINER), why)


def _tables(access: Access, who: Who, had: frozenset[str]) -> Iterator[Reach]:
    """Writing the grant tables, by a right on the schema or on one of them."""
    best = Answer.NO
    for privilege in ("INSERT", "UPDATE"):
        best = max(best, access.in_schema(who, SYSTEM_SCHEMA).answer(privilege))
        for table in GRANT_TABLES:
            best = max(best, access.on_columns(who, SYSTEM_SCHEMA, table).answer(privilege))
    if best is Answer.NO:
        return
    again = "" if "RELOAD" in had and best is Answer.YES else "the grant tables are read again"
    yield Reach(Does.ADMINISTERS, f"writing the schema {SYSTEM_SCHEMA}", again)


def _files(catalog: Catalog, had: frozenset[str]) -> Iterator[Reach]:
    place = catalog.variables.get("secure_file_priv")
    # NULL forbids it; a folder holds what was put there for it.
    if "FILE" in had and place is not None and not place.strip():
        yield Reach(Does.READS, "FILE", "it reads the files of tables as the server's account")
    for by in sorted(had & {"REPLICATION SLAVE", "BACKUP_ADMIN", "CLONE_ADMIN"}):
        yield Reach(Does.READS, by, "it makes a copy of the server, or reads the binary log")


def spared(access: Access, who: Who, other: Who) -> bool:
    """Whether an account is safe from somebody by MySQL's SYSTEM_USER, which MariaDB has not."""
    if access.catalog.mariadb:
        return False
    return SYSTEM_USER in access.everywhere(other) and SYSTEM_USER not in access.everywhere(who)


def starts_unasked(access: Access, who: Who) -> bool:
    """Whether sessions of an account run ``init_connect``."""
    return not access.everywhere(who) & _CONNECTS


def is_read_only(catalog: Catalog, access: Access, who: Who) -> bool:
    """Whether ``read_only`` keeps somebody from writing.

    SUPER passes it in MySQL, in MariaDB until 10.11, where READ_ONLY ADMIN became a right of its
    own; MySQL's ``super_read_only`` keeps everybody from it
    (https://mariadb.com/kb/en/server-system-variables/#read_only).
    """
    if catalog.is_on("super_read_only"):
        return True
    if not catalog.is_on("read_only"):
        return False
    had = access.everywhere(who)
    if catalog.mariadb:
        apart = catalog.version >= (10, 11)
        return not had & (_WRITES_READ_ONLY | (frozenset() if apart else {"SUPER"}))
    return not had & {"SUPER", "CONNECTION_ADMIN"}


def is_superuser(access: Access, who: Who) -> bool:
    """Whether somebody passes every check of rights on data."""
    wanted = DATA | {"UPDATE", "DELETE", "SUPER", "CREATE USER"}
    account = access.catalog.accounts.get(who)
    return access.everywhere(who) >= wanted and not (account and account.restrictions)

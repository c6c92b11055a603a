"""What rights about the server itself amount to, beside the data they are about.

What each right is stands in ``privileges``; here is what several of them, or a setting, decide.
Tried on MariaDB 10.11.19, and what a reader of the lists would not guess:

* CREATE USER changes anybody's password, ``root``'s too: MariaDB has no account that is spared.
  MySQL spares those that have SYSTEM_USER from whoever has not.
* SET USER, or SUPER, names any definer of what it makes, so whoever may make a view, routine,
  trigger or event besides becomes anybody. Without it what one makes is one's own.
* CONNECTION ADMIN sets ``init_connect``, which every session without that right or SUPER runs as
  itself.
* ALTER ROUTINE makes a routine that runs as its caller run as its definer (``sources.mysql``).
* Whoever writes the grant tables gives what it likes, from when they are read again. In MariaDB
  UPDATE on ``mysql.proc`` changes any routine's text and definer, at once, and on ``mysql.event``
  any event's, from the next start on.
* Where ``secure_file_priv`` is empty, FILE writes new files into the folder of a schema too, and
  what stands in them is taken for the schema's: it is no right to read alone. MariaDB says NULL
  where it is empty, MySQL where FILE is forbidden
  (https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_secure_file_priv).
"""

from collections.abc import Iterator
from typing import Final

from nhigraph.policy.mysql.access import Access
from nhigraph.policy.mysql.catalog import SYSTEM_SCHEMA, Catalog, Who
from nhigraph.policy.mysql.hosts import Answer
from nhigraph.policy.mysql.privileges import RIGHTS, Does, of_super
from nhigraph.records import dataclass

#: Global rights under both products' names.
_DEFINER: Final = frozenset({"SUPER", "SET USER", "SET_USER_ID", "SET_ANY_DEFINER"})
_CONNECTS: Final = frozenset({"SUPER", "CONNECTION ADMIN", "CONNECTION_ADMIN"})
_WRITES_READ_ONLY: Final = frozenset({"READ_ONLY ADMIN", "READ ONLY ADMIN"})
_AGAIN: Final = frozenset({"RELOAD", "FLUSH_PRIVILEGES"})
_MAKING: Final = ("CREATE ROUTINE", "CREATE VIEW", "TRIGGER", "EVENT")
SYSTEM_USER: Final = "SYSTEM_USER"
#: Tables of the schema mysql that say who may do what, of both products.
GRANT_TABLES: Final = (
    *("user", "global_priv", "db", "tables_priv", "columns_priv", "procs_priv", "proxies_priv"),
    *("roles_mapping", "role_edges", "default_roles", "global_grants", "plugin", "func"),
)
#: Tables of MariaDB's that hold code with its definer, and when what is written there runs.
CODE_TABLES: Final = {
    "proc": "somebody runs a routine whose text and definer it has written",
    "event": "the server is started, with its scheduler on, after it has written an event",
}
_BORROWED: Final = "SET ROLE gives it the global rights of another account of its name"
_STARTED: Final = "it logs in after init_connect was set"
#: All that it takes to do with data whatever one likes.
DATA: Final = frozenset({"SELECT", "INSERT", "CREATE", "DROP", "ALTER"})
#: Accounts that the products keep for themselves
#: (https://dev.mysql.com/doc/refman/8.4/en/reserved-accounts.html; MariaDB: mariadb.sys).
RESERVED: Final = frozenset({"mysql.sys", "mysql.session", "mysql.infoschema", "mariadb.sys"})


@dataclass(frozen=True, slots=True)
class Reach:
    """One thing that somebody can do by a right.

    Attributes:
        does: What.
        by: The right that was granted.
        condition: On which condition; empty for none.
    """

    does: Does
    by: str
    condition: str = ""


def reaches(catalog: Catalog, access: Access, who: Who) -> Iterator[Reach]:
    """What somebody's rights about the server come to, by each; unconditional where one is."""
    had = access.everywhere(who)
    found = [*_reaches(catalog, access, who, had)]
    lent = access.borrowed(who) - had
    found += [
        Reach(one.does, one.by, _BORROWED)
        for one in (_reaches(catalog, access, who, lent) if lent else ())
    ]
    certain = {one.does for one in found if not one.condition}
    for one in dict.fromkeys(found):
        if not (one.condition and one.does in certain):
            yield one


def standing(catalog: Catalog, had: frozenset[str]) -> dict[str, str]:
    """Rights that somebody has, each to the one that was granted: SUPER stands for others."""
    more = of_super(mariadb=catalog.mariadb, version=catalog.version) if "SUPER" in had else ()
    return {**dict.fromkeys(more, "SUPER"), **{name: name for name in had}}


def _reaches(catalog: Catalog, access: Access, who: Who, had: frozenset[str]) -> Iterator[Reach]:
    whole = standing(catalog, had)
    for name in sorted(whole):
        for does, condition in RIGHTS[name].does if name in RIGHTS else ():
            yield Reach(does, whole[name], condition or (_STARTED if does is Does.STARTS else ""))
    yield from _definer(catalog, access, who, whole)
    yield from _tables(access, who, frozenset(whole))
    yield from _files(catalog, had)


def _definer(catalog: Catalog, access: Access, who: Who, whole: dict[str, str]) -> Iterator[Reach]:
    """Naming a definer takes something to make; where, does not matter."""
    named = sorted(_DEFINER & whole.keys() - {"SUPER"})
    if not named:
        return
    answer = max(_makes(catalog, access, group) for group in access.sessions(who))
    by = whole[named[0]]
    if answer is Answer.YES:
        yield Reach(Does.DEFINES, by)
    elif answer is Answer.MAYBE or not catalog.whole:
        why = "it has, by a role or later, a right to make a view, routine, trigger or event"
        yield Reach(Does.DEFINES, by, why)


def _makes(catalog: Catalog, access: Access, group: tuple[Who, ...]) -> Answer:
    """Whether a session, with these roles active, may make something that has a definer."""
    rows = [*catalog.grants, *catalog.schema_grants, *catalog.table_grants]
    if any(one.who in group and one.privileges & set(_MAKING) for one in rows):
        return Answer.YES
    answer = Answer.NO
    for who in group:
        for schema in catalog.schemas:
            here = access.in_schema(who, schema)
            answer = max(answer, *(here.answer(one) for one in _MAKING))
        for name in catalog.relations:
            there = access.on_relation(who, *name)
            answer = max(answer, *(there.answer(one) for one in ("TRIGGER", "CREATE VIEW")))
    return answer


def _tables(access: Access, who: Who, had: frozenset[str]) -> Iterator[Reach]:
    """Writing the grant tables or those of code, by a right on the schema or on one of them."""
    best = Answer.NO
    for privilege in ("INSERT", "UPDATE"):
        best = max(best, access.in_schema(who, SYSTEM_SCHEMA).answer(privilege))
        for table in GRANT_TABLES:
            best = max(best, access.on_columns(who, SYSTEM_SCHEMA, table).answer(privilege))
    for table, why in CODE_TABLES.items():
        there = access.on_columns(who, SYSTEM_SCHEMA, table)
        if best is Answer.NO and there.answer("UPDATE") is not Answer.NO:
            yield Reach(Does.ADMINISTERS, f"writing {SYSTEM_SCHEMA}.{table}", why)
    if best is Answer.NO:
        return
    again = "" if had & _AGAIN and best is Answer.YES else "the grant tables are read again"
    yield Reach(Does.ADMINISTERS, f"writing the schema {SYSTEM_SCHEMA}", again)


def _files(catalog: Catalog, had: frozenset[str]) -> Iterator[Reach]:
    """What FILE comes to where no folder holds it in."""
    if "FILE" not in had:
        return
    place = catalog.variables.get("secure_file_priv")
    told = (place or "").strip()
    if told and (not catalog.mariadb or told.upper() != "NULL"):
        return  # One folder, or in MySQL none.
    doubt = "" if place is not None else "secure_file_priv is empty on the server, and "
    yield Reach(Does.READS, "FILE", f"{doubt}it reads the files of tables as the server's account")
    yield Reach(Does.ADMINISTERS, "FILE", f"{doubt}the server takes up files that it wrote")


def spared(access: Access, who: Who, other: Who) -> bool:
    """Whether an account is safe from somebody by MySQL's SYSTEM_USER, which MariaDB has not."""
    if access.catalog.mariadb:
        return False
    return SYSTEM_USER in access.everywhere(other) and SYSTEM_USER not in access.everywhere(who)


def starts_unasked(access: Access, who: Who) -> bool:
    """Whether sessions of an account run ``init_connect``."""
    return not _CONNECTS & standing(access.catalog, access.everywhere(who)).keys() - {"SUPER"}


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

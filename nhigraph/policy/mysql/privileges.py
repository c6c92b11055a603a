"""Every privilege of MySQL 8.4 and MariaDB 11, with what it gives here.

The names are those of the manuals' tables:
https://dev.mysql.com/doc/refman/8.4/en/privileges-provided.html (static ones, then those that the
server or a component registers; what left with 8.4, as SET_USER_ID, is read from older servers)
and https://mariadb.com/kb/en/grant/#privilege-levels (read 28 November 2026; MariaDB 10.11.19
prints its own by SHOW PRIVILEGES, ``tests/mysql``). Components register more, so a name that is
not here is normal, and what it gives is not known: ``sources.mysql`` leaves a gap.

Tried on MariaDB 10.11.19, and what a reader of the lists would not guess:

* REPLICATION SLAVE ADMIN sets what the replication thread runs when it starts, which is checked
  against nobody's rights: with that right alone rows came into any table.
* READ_ONLY ADMIN does not only write where the server is read-only: it makes it so for others.
* INDEX makes unique keys, which refuse rows of others, and takes the primary key away.
* REFERENCES on a table, with a table of one's own, keeps rows of the first from being deleted or
  changed; on some columns only it is refused.
* BINLOG MONITOR shows the statements of the binary log, not only where it ends.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from nhigraph.records import dataclass


class Does(Enum):
    """What a right comes to."""

    MINTS = "sets the password of accounts"
    DEFINES = "makes code that runs as any account"
    GRANTS = "grants any account or role to itself"
    STARTS = "makes sessions of others run its statements"
    ADMINISTERS = "does on the server what it likes"
    READS = "reads what the server holds"
    WRITES = "writes rows of any table"
    LOSES = "takes away what others wrote"
    STOPS = "stops the server, or what others do on it"


@dataclass(frozen=True, slots=True)
class Right:
    """One privilege.

    Attributes:
        gives: What it gives, or why it gives nothing.
        does: What it comes to of itself on the whole server, each with a condition or none.
    """

    gives: str
    does: tuple[tuple[Does, str], ...] = ()


_LOGGED: Final = "the binary log holds statements with its values"
_COPIED: Final = "it makes a copy of the server, or reads the binary log"
_AS_SERVER: Final = "it reads the files of tables as the server's account"
_BINLOG: Final = "a BINLOG statement of it holds rows of that table"
_SOURCE: Final = "the server can reach one that it names as its source"
_GROUP: Final = "the server is a member of a replication group"
_LOGS: Final = "the server writes a binary log"


def _nothing(why: str) -> Right:
    return Right(f"nothing on data: {why}")


def _stops(gives: str, condition: str = "") -> Right:
    return Right(gives, ((Does.STOPS, condition),))


#: Those of relations, schemas and routines: ``sources.mysql`` says them where they are granted.
OF_DATA: Final[Mapping[str, Right]] = {
    "SELECT": Right("reads rows"),
    "INSERT": Right("writes rows; of the grant tables, rights"),
    "UPDATE": Right("changes rows; of the grant tables, rights"),
    "DELETE": Right("takes rows away"),
    "DELETE HISTORY": Right("takes old rows of a system-versioned table away"),
    "CREATE": Right("makes tables, schemas, and tables in the place of those that were dropped"),
    "DROP": Right("takes tables and views away, and empties tables"),
    "ALTER": Right("takes columns away and changes what is in them"),
    "INDEX": Right("makes keys that refuse rows, and takes keys away"),
    "REFERENCES": Right("makes keys that keep rows from being deleted or changed"),
    "CREATE VIEW": Right("makes views; with DROP in the place of another one"),
    "SHOW VIEW": _nothing("it shows what a view is made of"),
    "TRIGGER": Right("makes and drops triggers, which refuse rows"),
    "EVENT": Right("makes events as itself, stops and changes those of others"),
    "EXECUTE": Right("runs routines, and what these do as their definer"),
    "CREATE ROUTINE": Right("makes routines as itself; as others with the right to name these"),
    "ALTER ROUTINE": Right("makes a routine that runs as its caller run as its definer"),
    "CREATE TEMPORARY TABLES": Right("reads what code writes as its definer to such a table"),
    "LOCK TABLES": Right("with SELECT keeps others from a table"),
    "SHOW CREATE ROUTINE": _nothing("it shows what a routine is made of"),
    "GRANT OPTION": _nothing("what it gives others is what it has itself"),
}
#: Those of the server that both products have under one name.
_BOTH: Final[Mapping[str, Right]] = {
    "USAGE": _nothing("it logs in"),
    "PROXY": Right("acts as another account, if its login says so (a grant of its own)"),
    "SHOW DATABASES": _nothing("it lists schemas"),
    "PROCESS": _nothing("it sees others' statements while they run, which is not followed"),
    "CREATE TABLESPACE": _nothing("it makes files that hold what is written to them later"),
    "CREATE USER": Right("sets passwords, makes and drops accounts", ((Does.MINTS, ""),)),
    "FILE": Right("reads and writes files of the server, where secure_file_priv lets it"),
    "SHUTDOWN": _stops("stops the server"),
    "RELOAD": _stops("locks all tables"),
    "SUPER": _stops("ends sessions, sets variables, and what it stands for by the version"),
    "REPLICATION CLIENT": _nothing("it sees where the binary log ends"),
    "REPLICATION SLAVE": Right("reads the binary log", ((Does.READS, _COPIED),)),
}
MARIADB: Final[Mapping[str, Right]] = {
    **_BOTH,
    "BINLOG MONITOR": Right("shows the statements of the binary log", ((Does.READS, _LOGGED),)),
    "BINLOG ADMIN": _stops("sets limits of the binary log, and purges it", _LOGS),
    "BINLOG REPLAY": Right("writes rows by the binary log", ((Does.WRITES, _BINLOG),)),
    "CONNECTION ADMIN": Right(
        "ends sessions of others, sets what new ones run", ((Does.STARTS, ""), (Does.STOPS, ""))
    ),
    "FEDERATED ADMIN": Right(
        "changes on which server the rows of a federated table are",
        (
            (Does.READS, "the rows of it are on another server, by a server's name"),
            (Does.WRITES, "the rows of it are on another server, by a server's name"),
        ),
    ),
    "READ_ONLY ADMIN": _stops("makes the server read-only for others"),
    "REPLICATION MASTER ADMIN": _stops("makes commits wait for replicas", _LOGS),
    "REPLICATION SLAVE ADMIN": Right(
        "sets what the replication thread runs", ((Does.ADMINISTERS, ""),)
    ),
    "SET USER": Right("names any definer of what it makes"),
    "SLAVE MONITOR": Right(
        "shows the statements of the relay log",
        ((Does.READS, "the server is a replica, and its relay log holds the values"),),
    ),
}
MYSQL: Final[Mapping[str, Right]] = {
    **_BOTH,
    "CREATE ROLE": _nothing("a role that it makes has no rights"),
    "DROP ROLE": _stops("takes roles from those who have them", "who writes it does so by a role"),
    "ALLOW_NONEXISTENT_DEFINER": _nothing("code whose definer is not there is refused"),
    "APPLICATION_PASSWORD_ADMIN": _nothing("it sets its own second password"),
    "AUDIT_ABORT_EXEMPT": _nothing("its statements are not stopped by the audit log"),
    "AUDIT_ADMIN": _stops("sets what the audit log refuses", "the audit plugin is installed"),
    "AUTHENTICATION_POLICY_ADMIN": _nothing("it sets how many factors new accounts have"),
    "BACKUP_ADMIN": Right("makes backups", ((Does.READS, _COPIED),)),
    "BINLOG_ADMIN": Right(
        "writes rows by the binary log, and purges it", ((Does.WRITES, _BINLOG),)
    ),
    "BINLOG_ENCRYPTION_ADMIN": _nothing("it switches encryption of the log"),
    "CLONE_ADMIN": Right(
        "copies the server, or puts another one's data in the place of all of its own",
        ((Does.READS, _COPIED), (Does.ADMINISTERS, _SOURCE), (Does.STOPS, _SOURCE)),
    ),
    "CONNECTION_ADMIN": _stops("ends sessions of others"),
    "CREATE_SPATIAL_REFERENCE_SYSTEM": _nothing("it makes systems of coordinates"),
    "ENCRYPTION_KEY_ADMIN": _nothing("it rotates keys"),
    "FIREWALL_ADMIN": _stops("sets which statements pass", "the firewall is installed"),
    "FIREWALL_EXEMPT": _nothing("its own statements pass the firewall"),
    "FIREWALL_USER": _nothing("it sets the rules of its own statements"),
    "FLUSH_OPTIMIZER_COSTS": _nothing("it reads the costs again"),
    "FLUSH_PRIVILEGES": Right("reads the grant tables again"),
    "FLUSH_STATUS": _nothing("it sets counters back"),
    "FLUSH_TABLES": _stops("locks all tables"),
    "FLUSH_USER_RESOURCES": _nothing("it sets counters back"),
    "GROUP_REPLICATION_ADMIN": _stops("takes the server out of its group", _GROUP),
    "GROUP_REPLICATION_STREAM": Right(
        "joins a group as one of its members",
        ((Does.READS, _GROUP), (Does.ADMINISTERS, _GROUP)),
    ),
    "INNODB_REDO_LOG_ARCHIVE": Right("writes the redo log aside", ((Does.READS, _AS_SERVER),)),
    "INNODB_REDO_LOG_ENABLE": Right(
        "switches the redo log off",
        ((Does.LOSES, "the server ends abnormally"), (Does.STOPS, "the server ends abnormally")),
    ),
    "MASKING_DICTIONARIES_ADMIN": _nothing("it sets the words of masking functions"),
    "NDB_STORED_USER": _nothing("its account is on all servers of a cluster"),
    "OPTIMIZE_LOCAL_TABLE": _nothing("it orders a table's file"),
    "PASSWORDLESS_USER_ADMIN": _nothing("it makes accounts that log in otherwise"),
    "PERSIST_RO_VARIABLES_ADMIN": _nothing("alone: it takes SYSTEM_VARIABLES_ADMIN too"),
    "REPLICATION_APPLIER": Right("writes rows by the binary log", ((Does.WRITES, _BINLOG),)),
    "REPLICATION_SLAVE_ADMIN": Right(
        "names the server whose rows are written here", ((Does.ADMINISTERS, _SOURCE),)
    ),
    "RESOURCE_GROUP_ADMIN": _nothing("it makes others slower"),
    "RESOURCE_GROUP_USER": _nothing("it makes its own session slower"),
    "ROLE_ADMIN": Right("grants any role, and any account as one", ((Does.GRANTS, ""),)),
    "SENSITIVE_VARIABLES_OBSERVER": _nothing("it sees variables that hold secrets of plugins"),
    "SERVICE_CONNECTION_ADMIN": _nothing("it connects to a port of its own"),
    "SESSION_VARIABLES_ADMIN": _nothing("it sets variables of its own session"),
    "SET_ANY_DEFINER": Right("names any definer of what it makes"),
    "SET_USER_ID": Right("names any definer of what it makes"),
    "SHOW_ROUTINE": _nothing("it shows what a routine is made of"),
    "SKIP_QUERY_REWRITE": _nothing("its own statements are not rewritten"),
    "SYSTEM_USER": Right("is not changed by accounts without it, and changes those that have it"),
    "SYSTEM_VARIABLES_ADMIN": Right(
        "sets what new sessions run, and limits of the server",
        ((Does.STARTS, ""), (Does.STOPS, "")),
    ),
    "TABLE_ENCRYPTION_ADMIN": _nothing("it makes tables with another encryption than is usual"),
    "TELEMETRY_LOG_ADMIN": _nothing("it sets what is told to the maker"),
    "TP_CONNECTION_ADMIN": _nothing("it connects where the thread pool is full"),
    "TRANSACTION_GTID_TAG": _nothing("it names its own transactions"),
    "VERSION_TOKEN_ADMIN": _stops("locks sessions that ask for a token", "they ask for one"),
    "XA_RECOVER_ADMIN": Right(
        "finds prepared transactions of others, and takes them back",
        ((Does.LOSES, "a prepared transaction of others waits"),),
    ),
}
RIGHTS: Final[Mapping[str, Right]] = {**OF_DATA, **MARIADB, **MYSQL}
#: Other words that the products take, and some versions print, for one of these.
_ALIASES: Final = {
    "DELETE VERSIONING ROWS": "DELETE HISTORY",
    "READ ONLY ADMIN": "READ_ONLY ADMIN",
    "REPLICA MONITOR": "SLAVE MONITOR",
    "REPLICATION REPLICA": "REPLICATION SLAVE",
    "REPLICATION REPLICA ADMIN": "REPLICATION SLAVE ADMIN",
}
_OF_SUPER_MYSQL: Final = frozenset(
    {"BINLOG_ADMIN", "CONNECTION_ADMIN", "ENCRYPTION_KEY_ADMIN", "GROUP_REPLICATION_ADMIN"}
    | {"REPLICATION_SLAVE_ADMIN", "ROLE_ADMIN", "SET_USER_ID", "SYSTEM_VARIABLES_ADMIN"}
    | {"AUDIT_ADMIN", "VERSION_TOKEN_ADMIN"}
)
_OF_SUPER_MARIADB: Final = frozenset(
    {"BINLOG ADMIN", "BINLOG REPLAY", "CONNECTION ADMIN", "FEDERATED ADMIN", "SET USER"}
    | {"REPLICATION MASTER ADMIN", "REPLICATION SLAVE ADMIN", "SLAVE MONITOR"}
)


def canonical(name: str) -> str:
    """A privilege as it is called here, whichever word a version has for it."""
    plain = " ".join(name.upper().split())
    return _ALIASES.get(plain, plain)


def of_super(*, mariadb: bool, version: tuple[int, ...]) -> frozenset[str]:
    """What SUPER stands for.

    In MySQL for every right that was made of it; in MariaDB for these until 11.0, and for
    READ_ONLY ADMIN until 10.11 (https://mariadb.com/kb/en/grant/#super; a server whose version is
    not told counts as an old one).
    """
    if not mariadb:
        return _OF_SUPER_MYSQL
    found = _OF_SUPER_MARIADB if version < (11, 0) else frozenset()
    return found | {"READ_ONLY ADMIN"} if version < (10, 11) else found

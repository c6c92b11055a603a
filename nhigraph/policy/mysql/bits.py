"""Privileges as MariaDB stores them: one bit each, in mysql.global_priv.

The order is that of the list that ``SHOW PRIVILEGES`` and ``information_schema.user_privileges``
print (https://mariadb.com/kb/en/mysqlglobal_priv-table/, read 28 November 2026; asked of 10.11.19,
``tests/mysql``): GRANT OPTION is the eleventh, SHOW CREATE ROUTINE came with 11.3.
"""

from typing import Final

_BITS: Final = (
    *("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "RELOAD", "SHUTDOWN", "PROCESS"),
    *("FILE", "GRANT OPTION", "REFERENCES", "INDEX", "ALTER", "SHOW DATABASES", "SUPER"),
    *("CREATE TEMPORARY TABLES", "LOCK TABLES", "EXECUTE", "REPLICATION SLAVE"),
    *("BINLOG MONITOR", "CREATE VIEW", "SHOW VIEW", "CREATE ROUTINE", "ALTER ROUTINE"),
    *("CREATE USER", "EVENT", "TRIGGER", "CREATE TABLESPACE", "DELETE HISTORY", "SET USER"),
    *("FEDERATED ADMIN", "CONNECTION ADMIN", "READ_ONLY ADMIN", "REPLICATION SLAVE ADMIN"),
    *("REPLICATION MASTER ADMIN", "BINLOG ADMIN", "BINLOG REPLAY", "SLAVE MONITOR"),
    "SHOW CREATE ROUTINE",
)
_ALL_BITS: Final = (1 << 64) - 1
#: What ALL stands for on the whole server, and on a schema or less.
ALL_EVERYWHERE: Final = frozenset(_BITS) - {"GRANT OPTION"}
ALL_OF_SCHEMA: Final = frozenset(
    {"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "REFERENCES", "INDEX", "ALTER"}
    | {"CREATE TEMPORARY TABLES", "LOCK TABLES", "EXECUTE", "CREATE VIEW", "SHOW VIEW"}
    | {"CREATE ROUTINE", "ALTER ROUTINE", "EVENT", "TRIGGER", "DELETE HISTORY"}
)


def privileges_of(access: int) -> frozenset[str]:
    """The privileges whose bits are set; one that is not known yet has its number for a name.

    All 64 bits stand for everything there is (so the server makes its first account).
    """
    known = {name for bit, name in enumerate(_BITS) if access >> bit & 1}
    beyond = range(len(_BITS), access.bit_length() if access != _ALL_BITS else 0)
    return frozenset(known | {f"NUMBER {bit}" for bit in beyond if access >> bit & 1})

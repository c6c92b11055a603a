"""Where the clients of MySQL and MariaDB connect and as whom, by their options and variables.

An option goes before a variable: MYSQL_HOST is the mysql client's, MYSQL_PWD and MYSQL_TCP_PORT
are every client's; for the user there is none, and without a word of it the account of the
operating system is meant (https://dev.mysql.com/doc/refman/8.4/en/environment-variables.html,
https://mariadb.com/kb/en/mariadb-environment-variables/). A password stands behind ``-p`` without
a space, or behind ``--password=``; alone it is asked for. Option files (``--defaults-file``,
``--defaults-extra-file``, ``~/.my.cnf``) and login paths hold what neither says
(https://dev.mysql.com/doc/refman/8.4/en/option-files.html; read 28 November 2026).

Whom a server takes the client for does not depend on the database that it asks for.
"""

from typing import Final

from nhigraph.facts.values import Literal, Named, Value, literal
from nhigraph.policy.servers import ANY_DATABASE, usual_port

PLATFORM: Final = "mysql"
#: Under both products' names.
TOOLS: Final = frozenset(
    {"mysql", "mysqldump", "mysqlimport", "mysqladmin", "mysqlpump", "mysqlcheck", "mysqlshow"}
    | {"mysqlslap", "mysqlbinlog", "mysqlsh", "mydumper", "myloader"}
    | {"mariadb", "mariadb-dump", "mariadb-import", "mariadb-admin", "mariadb-check"}
    | {"mariadb-show", "mariadb-slap", "mariadb-binlog"}
)
#: Options that a variable stands for, and the variable of the password.
VARIABLES: Final = {"host": "MYSQL_HOST", "port": "MYSQL_TCP_PORT"}
PASSWORD: Final = "MYSQL_PWD"  # noqa: S105 - the name of a variable
#: Only the interactive client looks for a host in the environment.
_ASKS_HOST: Final = frozenset({"mysql", "mariadb"})
PORT: Final = usual_port(PLATFORM)
IN_A_FILE: Final = "as which account it connects stands in an option file, which is not read"


def place(tool: str, options: Named, env: Named) -> dict[str, Value | None]:
    """Parts of where a client connects: user, host, port, database, password."""
    host = options.get("host") or (env.get(VARIABLES["host"]) if tool in _ASKS_HOST else None)
    return {
        "user": options.get("user"),
        "host": host,
        "port": options.get("port") or env.get(VARIABLES["port"]) or (Literal(PORT),),
        "database": database(options.get("database")),
        "password": options.get("password") or env.get(PASSWORD),
    }


def database(stated: Value | None) -> Value:
    """The database that tells servers apart; any where none is told."""
    return stated if stated and literal(stated) else (Literal(ANY_DATABASE),)

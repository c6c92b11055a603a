"""Where a client of a database connects and as whom, by its options and variables.

libpq's own variables and options say it for psql and for every program that uses libpq
(https://www.postgresql.org/docs/current/libpq-envars.html): PGHOSTADDR goes before ``-h``, a
connection text before every option. Those of MySQL are in ``policy.mysql.clients``. Other
variables, such as ``DB_USER`` and ``DB_PASSWORD``, are a guess that needs a role of that name to
be one.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import prod
from typing import Final

from nhigraph.facts.values import (
    UNKNOWN,
    Connection,
    Literal,
    Named,
    Part,
    Secret,
    Value,
    literal,
    set_to,
)
from nhigraph.facts.values import connections as connections_in
from nhigraph.facts.values import secrets as secrets_in
from nhigraph.policy.mysql import clients as mysql
from nhigraph.records import dataclass

_PLATFORM: Final = "postgres"
#: Tools that connect by their own options, then by the library's variables.
_TOOLS: Final = frozenset({"psql", "pg_dump", "pg_restore"})
#: Platforms whose roles belong to a database or its server, and log in under their own name.
ROLE_PLATFORMS: Final = frozenset(
    {"postgres", "redshift", "greenplum", "cockroachdb", "materialize", mysql.PLATFORM}
)
#: Variables whose literals say where a client connects, and those that hold a password, by tool.
PLACES: Final = {
    **{tool: {"host": "PGHOST", "user": "PGUSER", "dbname": "PGDATABASE"} for tool in _TOOLS},
    **dict.fromkeys(mysql.TOOLS, mysql.VARIABLES),
}
PASSWORDS: Final = {
    **dict.fromkeys(_TOOLS, "PGPASSWORD"),
    **dict.fromkeys(mysql.TOOLS, mysql.PASSWORD),
}
_PREFIX: Final = re.compile(r"(?P<prefix>(?:[A-Z0-9]+_)*)(?:USER|USERNAME)\Z")
_PASSWORDS: Final = ("PASSWORD", "PASS", "PWD")
_HOSTS: Final = ("HOST", "HOSTNAME", "HOSTADDR")
_DATABASES: Final = ("DATABASE", "DBNAME", "DB", "NAME")
#: What else says of variables which server they are for: their prefix, the port, the driver.
_OF_MYSQL: Final = re.compile(r"(?:.*_)?(?:MYSQL|MARIADB)_")
_OF_OTHERS: Final = re.compile(
    r"(?:.*_)?(?:PG|POSTGRES|POSTGRESQL|REDSHIFT|SNOWFLAKE|MSSQL|ORACLE|MONGO(?:DB)?|REDIS)_"
)
#: Combinations of users, servers and databases that are told apart.
_MOST: Final = 64
_DRIVERS: Final = ("CONNECTION", "ENGINE", "DRIVER", "ADAPTER", "TYPE", "DIALECT", "CLIENT")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a client connects and as whom; None for what it is not told.

    Attributes:
        platform: What answers there.
        guessed: Variables that are taken for one login; empty where the client says it.
        unread: Why nobody can tell, where only the password is known.
    """

    user: Value | None = None
    host: Value | None = None
    port: Value | None = None
    database: Value | None = None
    password: Value | None = None
    platform: str = _PLATFORM
    guessed: str = ""
    unread: str = ""


def connections(tool: str, options: Named, env: Named) -> Iterator[Place]:
    """Every place that a program may connect to."""
    if tool in mysql.TOOLS:
        yield _of_mysql(tool, options, env)
        return
    named = tool in _TOOLS
    texts = options.get("connection") if named else None
    if texts and secrets_in(texts):
        found = [_place(one, env) for one in connections_in(texts)]
        why = "which role the connection text names is not in the files"
        yield from found or [Place(password=texts, unread=why)]
    elif named or "PGUSER" in env or "PGPASSWORD" in env:
        own = options if named else {}
        yield Place(
            own.get("user") or env.get("PGUSER"),
            env.get("PGHOSTADDR") or own.get("host") or env.get("PGHOST"),
            own.get("port") or env.get("PGPORT"),
            own.get("dbname") or texts or env.get("PGDATABASE"),
            own.get("password") or env.get("PGPASSWORD"),
        )
    if not named:
        for value in env.values():
            yield from (_place(one, env) for one in connections_in(value))
        yield from _guessed(env)


def each(stated: Place, where: str) -> Iterator[tuple[Place, str]]:
    """A place for all that its parts may be, each with what then has to hold ``where`` it runs.

    With more of them than ``_MOST`` it stays one place of which that much is not known.
    """
    parts = {"user": stated.user, "host": stated.host, "port": stated.port}
    parts["database"] = stated.database
    # Where nothing says it, nobody can tell who connects: what is told is where something does.
    told = {name: set_to(value) or value for name, value in parts.items() if value}
    several = {name: value for name, value in told.items() if len(value) > 1}
    stated = replace(stated, **told)  # type: ignore[arg-type] # each is a Value
    if prod(map(len, several.values())) > _MOST:
        yield stated, ""
        return
    for refs in product(*several.values()):
        chosen: dict[str, Value] = {name: (ref,) for name, ref in zip(several, refs, strict=True)}
        said = [(name, literal(value)) for name, value in chosen.items()]
        conditions = [f"the {name} is {text} in {where}" for name, text in said if text]
        yield replace(stated, **chosen), " and ".join(conditions)  # type: ignore[arg-type] # each is a Value


def _of_mysql(tool: str, options: Named, env: Named) -> Place:
    """A client of MySQL; what an option file says of it is not read."""
    found = mysql.place(tool, options, env)
    unread = mysql.IN_A_FILE if found["user"] is None and "defaults" in options else ""
    user, host, port, database = (found[one] for one in ("user", "host", "port", "database"))
    return Place(
        user, host, port, database, found["password"], platform=mysql.PLATFORM, unread=unread
    )


def _place(stated: Connection, env: Named) -> Place:
    """A connection text's; the library adds its variables for what the text leaves out."""

    def part(one: Part) -> Value | None:
        return None if one is None else (one,)

    user, host, port = part(stated.user), part(stated.host), part(stated.port)
    held: Value = (Secret(stated.secret),)
    if stated.platform == mysql.PLATFORM:
        usual: Value = (Literal(mysql.PORT),)
        where = mysql.database(part(stated.database))
        return Place(user, host, port or usual, where, held, platform=mysql.PLATFORM)
    return Place(user, env.get("PGHOSTADDR") or host, port, part(stated.database), held)


def _guessed(env: Named) -> Iterator[Place]:
    for variable in sorted(env):
        match = _PREFIX.match(variable)
        if match is None or variable == "PGUSER":
            continue
        prefix = match["prefix"]

        def first(names: tuple[str, ...], prefix: str = prefix) -> Value | None:
            return next((env[prefix + name] for name in names if prefix + name in env), None)

        port = env.get(f"{prefix}PORT")
        place = Place(env[variable], first(_HOSTS), port, first(_DATABASES))
        # Without a word of it, the host stands where it is not seen.
        host = place.host if place.host is not None else UNKNOWN
        place = replace(place, host=host, password=first(_PASSWORDS), guessed=variable)
        of = _server(prefix, literal(port) or "", literal(first(_DRIVERS)) or "")
        if of != mysql.PLATFORM:
            yield place
        if of != _PLATFORM:
            yield replace(
                place,
                platform=mysql.PLATFORM,
                database=mysql.database(place.database),
                port=port or (Literal(mysql.PORT),),
            )


def _server(prefix: str, port: str, driver: str) -> str:
    """Which of the two servers variables are for, where anything says; else empty."""
    if _OF_MYSQL.match(prefix) or "mysql" in driver.lower() or "mariadb" in driver.lower():
        return mysql.PLATFORM
    if _OF_OTHERS.match(prefix) or driver:
        return _PLATFORM
    return {"5432": _PLATFORM, mysql.PORT: mysql.PLATFORM}.get(port, "")

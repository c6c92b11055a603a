"""Where a client of a database connects and as whom, by its options and variables.

libpq's own variables and options say it for psql and for every program that uses libpq
(https://www.postgresql.org/docs/current/libpq-envars.html): PGHOSTADDR goes before ``-h``, a
connection text before every option. Other variables, such as ``DB_USER`` and ``DB_PASSWORD``, are
a guess that needs a role of that name to be one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from nhigraph.facts.values import UNKNOWN, Connection, Named, Part, Secret, Value
from nhigraph.facts.values import connections as connections_in
from nhigraph.facts.values import secrets as secrets_in

_PLATFORM: Final = "postgres"
#: Tools that connect by their own options, then by the library's variables.
_TOOLS: Final = frozenset({"psql", "pg_dump", "pg_restore"})
#: Platforms whose roles belong to a database or its server, and log in under their own name.
ROLE_PLATFORMS: Final = frozenset(
    {"postgres", "redshift", "greenplum", "cockroachdb", "materialize"}
)
_PREFIX: Final = re.compile(r"(?P<prefix>(?:[A-Z0-9]+_)*)(?:USER|USERNAME)\Z")
_PASSWORDS: Final = ("PASSWORD", "PASS", "PWD")
_HOSTS: Final = ("HOST", "HOSTNAME", "HOSTADDR")
_DATABASES: Final = ("DATABASE", "DBNAME", "DB", "NAME")


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


def _place(stated: Connection, env: Named) -> Place:
    """A connection text's; the library adds its variables for what the text leaves out."""

    def part(one: Part) -> Value | None:
        return None if one is None else (one,)

    return Place(
        part(stated.user),
        env.get("PGHOSTADDR") or part(stated.host),
        part(stated.port),
        part(stated.database),
        (Secret(stated.secret),),
    )


def _guessed(env: Named) -> Iterator[Place]:
    for variable in sorted(env):
        match = _PREFIX.match(variable)
        if match is None or variable == "PGUSER":
            continue
        prefix = match["prefix"]

        def first(names: tuple[str, ...], prefix: str = prefix) -> Value | None:
            return next((env[prefix + name] for name in names if prefix + name in env), None)

        place = Place(env[variable], first(_HOSTS), env.get(f"{prefix}PORT"), first(_DATABASES))
        # Without a word of it, the host stands where it is not seen.
        host = place.host if place.host is not None else UNKNOWN
        yield replace(place, host=host, password=first(_PASSWORDS), guessed=variable)

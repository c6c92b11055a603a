"""Servers of MySQL and MariaDB, and jobs that log in to them, drawn from a seed of their own."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.documents.native import Json

USERS = ("poster", "viewer", "loader")
_EMPTY = (
    *("role_edges", "column_privileges", "routine_privileges", "proxies", "views", "routines"),
    *("triggers", "events", "foreign_keys"),
)


@dataclass(frozen=True, slots=True)
class Server:
    """One server.

    Attributes:
        schema: The schema that it has.
        host: Where clients reach it.
        address: Its address.
        port: Its port.
    """

    schema: str
    host: str
    address: str
    port: int


def servers(rng: random.Random, stem: str, net: int) -> list[Server]:
    """None, one or two; two may have a schema of one name."""
    found = []
    for number in range(rng.choice([0, 1, 1, 2])):
        schema = f"{rng.choice(['shop', 'shop', 'till'])}{stem}"
        address = f"{net}.1.0.{number + 1}"
        host = f"my{number}{stem}.internal"
        found.append(Server(schema, host, address, rng.choice([3306, 3306, 3307])))
    return found


def export(rng: random.Random, server: Server, stem: str) -> Json:
    """What ``queries/export/mysql.sql`` prints, parsed."""
    mariadb = rng.random() < 0.5
    poster, viewer, loader = (f"{user}{stem}" for user in USERS)
    hosts = rng.choice([("%",), ("%",), ("%", "10.%"), ("10.%", "localhost")])
    accounts: list[tuple[str, str]] = [(poster, host) for host in hosts]
    accounts += [(viewer, "%"), (loader, rng.choice(["%", "%", "10.%"]))]
    accounts += [("", "localhost")] if rng.random() < 0.2 else []
    locked = rng.choice([*accounts, None, None, None])
    rights: dict[tuple[str, str], Sequence[str]] = {
        **dict.fromkeys([one for one in accounts if one[0] == poster], ("SELECT", "INSERT")),
        (viewer, "%"): ("SELECT",),
    }
    shown = rng.choice([server.host, server.host, server.address, None])
    admin = [("CREATE USER", viewer)] if rng.random() < 0.1 else []
    content: Json = {
        "nhigraph_export": "mysql/1",
        "extracted_at": "2026-11-20T03:00:00Z",
        "version": "11.4.3-MariaDB" if mariadb else "8.4.3",
        "exporter": "root@localhost",
        "host": shown,
        "port": server.port,
        "hostname": "mysql-0",
        "server_uuid": None if mariadb else f"uuid-{server.address}",
        "variables": [
            {"name": "lower_case_table_names", "value": "0"},
            {"name": "read_only", "value": rng.choice(["OFF", "OFF", "OFF", "ON"])},
        ],
        "accounts": [
            {"user": user, "host": host, "locked": "Y" if (user, host) == locked else "N"}
            for user, host in accounts
        ],
        "global_privileges": [_row(user, "%", privilege=right) for right, user in admin],
        "schema_privileges": [
            _row(*who, schema=server.schema, privilege=right)
            for who, many in rights.items()
            for right in many
        ],
        "table_privileges": [
            _row(*who, schema=server.schema, table="orders", privilege="INSERT")
            for who in accounts
            if who[0] == loader
        ],
        "schemas": [{"name": server.schema}, {"name": "mysql"}],
        "tables": [
            {"schema": server.schema, "name": name, "kind": "BASE TABLE"}
            for name in ("gl", "orders")
        ],
        **{name: [] for name in _EMPTY},
    }
    for name in ("accounts", "proxies", "triggers"):
        if rng.random() < 0.04:
            del content[name]  # The exporter was not let see it.
    return content


def _row(user: str, host: str, **said: str) -> Mapping[str, str]:
    return {"grantee": f"'{user}'@'{host}'", "grantable": "NO", **said}


def job(rng: random.Random, known: Sequence[Server], stem: str) -> Json:
    """A job with a client of a server, or of a container."""
    number = rng.randrange(len(known))
    server = known[number]
    host = rng.choice([server.host, server.host, server.address, f"other{stem}.internal", ""])
    user = rng.choice(["poster", "poster", "viewer", "loader", "stranger"])
    secret = f"MY_{user}{number}".upper()
    password = f"${{{{ secrets.{secret} }}}}"
    at = [f"-h {host}"] if host else []
    at += [f"-P {server.port}"] if rng.random() < 0.6 else []
    tool = rng.choice(["mysql", "mysql", "mariadb", "mysqldump"])
    step: Json = {"run": " ".join([tool, *at, f"-u {user}{stem} {server.schema} < post.sql"])}
    step["env"] = {"MYSQL_PWD": password}
    match rng.randrange(5):
        case 0 if host:
            where = f"{host}:{server.port}/{server.schema}"
            step = {"run": "python post.py"}
            step["env"] = {"URL": f"mysql+pymysql://{user}{stem}:{password}@{where}"}
        case 1 if host:
            env = {"MYSQL_HOST": host, "MYSQL_USER": f"{user}{stem}", "MYSQL_PASSWORD": password}
            step = {"run": "php post.php", "env": {**env, "MYSQL_DATABASE": server.schema}}
        case _:
            pass
    made: Json = {"runs-on": "ubuntu-latest", "steps": [step]}
    if rng.random() < 0.2:
        made["services"] = {"db": {"image": "mariadb:11", "ports": ["3306:3306"]}}
    return made


def targets(known: Iterable[Server]) -> list[Json]:
    """Selectors of the ledgers."""
    names = sorted({server.schema for server in known})
    return [{"key": f"dataset:mysql:{name}.gl"} for name in names]

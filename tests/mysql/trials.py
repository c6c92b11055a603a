"""Really tries statements as connected accounts, and says what came of it.

Each statement runs in a transaction that is rolled back; between the two a function of root's,
which no export has seen, tells what every table holds. A statement is denied by the errors that
the server has for a lack of rights; any other answer counts as allowed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.mysql.server import Server
from tests.mysql.world import World, account

#: Of tables and columns, schemas, routines, views whose definer lacks rights, missing definers,
#: roles and global rights.
DENIED = frozenset({1142, 1143, 1044, 1370, 1356, 1449, 1227, 1141, 1045})
#: A trigger or function changes the table that the statement is on, or one it calls itself.
IMPOSSIBLE = frozenset({1442, 1424})
#: A key of other rows stands against it, before triggers that come after.
DATA = frozenset({1451, 1452})
NOT_UPDATABLE = frozenset({1288, 1471, 1348})


def witness(world: World) -> str:
    """Statements that plant the witness; run after the export."""
    parts = [_told(name) for name in world.tables]
    who = [account(*one) for one in world.accounts]
    state = f"CONCAT({', '.join(parts)})"
    lines = [
        "CREATE DATABASE oracle",
        f"CREATE FUNCTION oracle.state() RETURNS TEXT READS SQL DATA RETURN {state}",
        *(f"GRANT EXECUTE ON FUNCTION oracle.state TO {one}" for one in who),
    ]
    return "".join(f"{line};\n" for line in lines)


def _told(name: str) -> str:
    """An expression that tells what a table holds."""
    sums = [f"COALESCE(SUM({one}), 0)" for one in ("id", "amount")]
    sums.append("COALESCE(SUM(ref), 0)" if name.endswith(".kid") else "0")
    return (
        f"(SELECT CONCAT('{name} ', CONCAT_WS(' ', COUNT(*), {', '.join(sums)}), ',') FROM {name})"
    )


@dataclass(frozen=True)
class Trial:
    """One statement, and what it is a try of."""

    right: str
    thing: str
    statement: str


@dataclass
class Found:
    """What one session could do.

    Attributes:
        allowed: Rights and things.
        changed: For each right and thing, the tables that it changed, with how.
        impossible: Those that no right makes possible.
        count: Statements tried.
    """

    allowed: set[tuple[str, str]] = field(default_factory=set)
    changed: dict[tuple[str, str], set[tuple[str, str]]] = field(default_factory=dict)
    impossible: set[tuple[str, str]] = field(default_factory=set)
    blocked: set[tuple[str, str]] = field(default_factory=set)
    refused: dict[tuple[str, str], int] = field(default_factory=dict)
    count: int = 0


def trials(world: World) -> list[Trial]:
    """Everything there is to try."""
    found = []
    for name in (*world.tables, *world.views):
        other = "TABLE" if name in world.views else "VIEW"
        found += [
            Trial("SELECT", name, f"DO (SELECT COUNT(id) FROM {name})"),
            Trial("SELECT", name, f"DO (SELECT COUNT(amount) FROM {name})"),
            Trial("INSERT", name, f"INSERT INTO {name} (id, amount) VALUES (501, 5)"),
            Trial("INSERT", name, f"INSERT INTO {name} (id) VALUES (502)"),
            Trial("INSERT", name, f"INSERT INTO {name} (amount) VALUES (6)"),
            Trial("UPDATE", name, f"UPDATE {name} SET amount = 999"),
            Trial("UPDATE", name, f"UPDATE {name} SET id = 600 LIMIT 1"),
            Trial("DELETE", name, f"DELETE FROM {name}"),
            *(
                [Trial("DELETE", name, f"DELETE FROM {name} LIMIT 1")]
                if name in world.tables
                else []
            ),
            # Of the wrong kind: refused for that only where the right is there.
            Trial("DROP", name, f"DROP {other} {name}"),
        ]
        if name in world.tables:
            found += [
                Trial("ALTER", name, f"ALTER TABLE {name} DROP COLUMN nothing"),
                Trial("CREATE", name, f"CREATE TABLE {name} (id INT)"),
                Trial(
                    "INSERT NOTHING",
                    name,
                    f"INSERT INTO {name} (id, amount) SELECT 1, 1 FROM DUAL WHERE 1 = 0",
                ),
            ]
    found += [Trial("EXECUTE", name, f"CALL {name}()") for name in world.routines]
    return found


def attempt(server: Server, world: World, user: str, opening: Sequence[str]) -> Found:
    """Try everything in one session.

    Args:
        server: The server.
        world: What there is to try.
        user: Who connects.
        opening: Statements that come first, such as SET ROLE.
    """
    many = trials(world)
    lines = [*opening, "SELECT '@start', oracle.state()"]
    at: dict[int, int] = {}
    for number, one in enumerate(many):
        lines += ["START TRANSACTION", one.statement]
        at[number] = len(lines)
        lines += [f"SELECT '@{number}', oracle.state()", "ROLLBACK"]
    ran = server.lines(lines, user)
    states = dict(_states(ran.out))
    found = Found()
    for number, one in enumerate(many):
        found.count += 1
        key, code = (one.right, one.thing), ran.errors.get(at[number], 0)
        assert f"{number}" in states, ran.err[-2000:]
        if code in DENIED:
            found.refused[key] = code
        elif code in DATA:
            found.blocked.add(key)
        elif code in IMPOSSIBLE or (code in NOT_UPDATABLE and one.right != "DROP"):
            found.impossible.add(key)
        else:
            found.allowed.add(key)
        changes = _changes(states["start"], states[f"{number}"])
        found.changed.setdefault(key, set()).update(changes)
    return found


def _states(out: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    for line in out.splitlines():
        mark, _, rest = line.partition("\t")
        if mark.startswith("@"):
            rows = (one.split(" ") for one in rest.split(",") if one)
            yield mark[1:], {name: numbers for name, *numbers in rows}


def _changes(
    before: dict[str, list[str]], after: dict[str, list[str]]
) -> Iterator[tuple[str, str]]:
    """Tables whose rows are more, fewer or others."""
    for name, (count, *sums) in after.items():
        old, *others = before[name]
        if int(count) > int(old):
            yield name, "INSERT"
        elif int(count) < int(old):
            yield name, "DELETE"
        elif sums != others:
            yield name, "UPDATE"

"""Code that nobody calls by its name: functions in views, and what is written to the server's own
tables of code; each tried on a live server.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from nhigraph.facts.keys import mysql as names
from nhigraph.sources import mysql as source
from tests.mysql.comparison import export
from tests.mysql.server import Server
from tests.postgres.walker import Walker

pytestmark = [pytest.mark.mysql, pytest.mark.xdist_group("mysql")]

MADE = (
    "CREATE DATABASE erp",
    "CREATE DATABASE mine",
    "CREATE TABLE erp.gl (id INT PRIMARY KEY, amount INT)",
    "CREATE TABLE mine.t (id INT PRIMARY KEY)",
    "INSERT INTO erp.gl VALUES (1, 10), (2, 20)",
    "INSERT INTO mine.t VALUES (1)",
    "CREATE USER me@localhost",
    "CREATE USER books@localhost",
    "CREATE USER clerk@localhost",
    "GRANT ALL ON erp.* TO books@localhost",
    "GRANT ALL ON mine.* TO books@localhost",
    "GRANT SELECT, UPDATE ON mine.* TO clerk@localhost",
)
_DOES = "RETURNS INT BEGIN UPDATE erp.gl SET amount = 666; RETURN 1; END"
FUNCTION = f"CREATE DEFINER=books@localhost FUNCTION mine.f() {_DOES}"
CALLERS = f"CREATE DEFINER=books@localhost FUNCTION mine.f() {_DOES}".replace(
    "RETURNS INT", "RETURNS INT SQL SECURITY INVOKER"
)
SHOWN = "VIEW mine.v AS SELECT id, mine.f() AS f FROM mine.t"
WHERE = "VIEW mine.v AS SELECT id FROM mine.t WHERE mine.f() = 1"
SELECT = "SELECT * FROM mine.v"
UPDATE = "UPDATE mine.v SET id = id + 1"


@dataclass(frozen=True)
class Case:
    """Code, who may use it, and whether that changes the ledger."""

    made: tuple[str, ...]
    grants: tuple[str, ...]
    tried: str = SELECT
    changed: bool = True


def _by(definer: str, view: str) -> str:
    return f"CREATE DEFINER={definer}@localhost {view}"


CASES = {
    "a view of its definer's": Case((FUNCTION, _by("books", SHOWN)), ("SELECT ON mine.v",)),
    "in its condition": Case((FUNCTION, _by("books", WHERE)), ("SELECT ON mine.v",)),
    "an update through it": Case((FUNCTION, _by("books", WHERE)), ("UPDATE ON mine.v",), UPDATE),
    "a view over that view": Case(
        (
            FUNCTION,
            _by("books", SHOWN),
            "CREATE DEFINER=books@localhost VIEW mine.w AS SELECT * FROM mine.v",
        ),
        ("SELECT ON mine.w",),
        "SELECT * FROM mine.w",
    ),
    "a definer that may not run it": Case(
        (FUNCTION, _by("clerk", SHOWN)), ("SELECT ON mine.v",), changed=False
    ),
    "a view of its caller's": Case(
        (FUNCTION, "CREATE SQL SECURITY INVOKER " + SHOWN), ("SELECT ON mine.*",), changed=False
    ),
    "no right on the view": Case(
        (FUNCTION, _by("books", SHOWN)), ("SELECT ON mine.t",), changed=False
    ),
    "a function of its caller's": Case((CALLERS, _by("books", SHOWN)), ("SELECT ON mine.v",)),
}


@pytest.fixture
def world(server: Server) -> Iterator[Server]:
    try:
        assert not server.lines(MADE).errors
        yield server
    finally:
        server.lines(["DROP DATABASE mine", "DROP DATABASE erp"])
        server.lines([f"DROP USER {one}@localhost" for one in ("me", "books", "clerk")])


def held(world: Server, folder: Path, *, certain: bool) -> set[tuple[str, str]]:
    found = source.read(export(world, folder / "now.mysql.json"))
    return Walker(found, certain=certain).held(names.account("me", "localhost"))


def _ledger(world: Server) -> str:
    return world.run("SELECT * FROM erp.gl ORDER BY id;").out


@pytest.mark.parametrize("name", CASES)
def test_a_function_in_a_view_runs_for_whoever_uses_that(
    world: Server, tmp_path: Path, name: str
) -> None:
    case = CASES[name]
    made = "\n".join(f"{one} //" for one in case.made)
    assert not world.run(f"DELIMITER //\n{made}\n").errors
    assert not world.lines([f"GRANT {one} TO me@localhost" for one in case.grants]).errors
    may, can = (held(world, tmp_path, certain=certain) for certain in (False, True))
    before = _ledger(world)
    world.lines([case.tried], "me")
    assert (_ledger(world) != before) is case.changed

    ledger = (names.dataset("erp", "gl"), "ALTER")
    assert (ledger in may) is case.changed
    assert (ledger in can) is (case.changed and case.tried.startswith("SELECT"))


BODY = "UPDATE erp.gl SET amount = 666"
#: What is granted on a table of code, and what is written there.
WRITTEN = {
    "a routine's text": (
        ("UPDATE ON mysql.proc", "SELECT ON mysql.proc", "EXECUTE ON PROCEDURE mine.p"),
        f"UPDATE mysql.proc SET body = '{BODY}', definer = 'root@localhost' WHERE name = 'p'",
        True,
    ),
    "reading it": (
        ("SELECT ON mysql.proc", "EXECUTE ON PROCEDURE mine.p"),
        f"UPDATE mysql.proc SET body = '{BODY}' WHERE name = 'p'",
        False,
    ),
    "another table of the server's": (
        ("UPDATE ON mysql.column_stats", "EXECUTE ON PROCEDURE mine.p"),
        "UPDATE mysql.column_stats SET min_value = 1 WHERE db_name = 'none'",
        False,
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_who_writes_the_servers_table_of_routines_runs_as_anybody(
    world: Server, tmp_path: Path, name: str
) -> None:
    grants, written, becomes = WRITTEN[name]
    assert not world.run("CREATE DEFINER=books@localhost PROCEDURE mine.p() SELECT 1;").errors
    assert not world.lines([f"GRANT {one} TO me@localhost" for one in grants]).errors
    may, can = (held(world, tmp_path, certain=certain) for certain in (False, True))
    before = _ledger(world)
    world.lines([written, "CALL mine.p()"], "me")
    assert (_ledger(world) != before) is becomes

    ledger = (names.dataset("erp", "gl"), "ALTER")
    assert ((ledger in may), (ledger in can)) == (becomes, False)


def test_who_writes_the_servers_table_of_events_is_anybody_from_its_start_on(
    world: Server, tmp_path: Path
) -> None:
    """After a start with the scheduler on, such an event of root's wrote (tried on 10.11.19)."""
    assert not world.lines(["GRANT UPDATE ON mysql.event TO me@localhost"]).errors
    ledger = (names.dataset("erp", "gl"), "ALTER")
    assert ledger in held(world, tmp_path, certain=False)
    assert ledger not in held(world, tmp_path, certain=True)

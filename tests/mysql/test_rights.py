"""What single rights give, each tried on a live server, and that no right of its is undecided."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from nhigraph.facts.facts import Fact
from nhigraph.facts.keys import mysql as names
from nhigraph.policy.mysql.privileges import MARIADB, OF_DATA, canonical
from nhigraph.sources import mysql as source
from tests.mysql.comparison import export
from tests.mysql.server import Server
from tests.postgres.walker import Walker

pytestmark = [pytest.mark.mysql, pytest.mark.xdist_group("mysql")]

MADE = (
    "CREATE DATABASE erp",
    "CREATE DATABASE mine",
    "CREATE TABLE erp.gl (id INT PRIMARY KEY, amount INT) ENGINE=InnoDB",
    "CREATE TABLE erp.kept (id INT PRIMARY KEY) WITH SYSTEM VERSIONING",
    "INSERT INTO erp.gl VALUES (1, 10), (2, 20)",
    "INSERT INTO erp.kept VALUES (1)",
    "DELETE FROM erp.kept",
    "CREATE USER me@localhost",
    "CREATE USER clerk@localhost",
    "GRANT SELECT, INSERT, DELETE ON erp.* TO clerk@localhost",
)
ROW = "INSERT INTO erp.gl VALUES (3, 10)"
AWAY = "DELETE FROM erp.gl WHERE id = 1"
REFERS = (
    "CREATE TABLE mine.k (r INT, FOREIGN KEY (r) REFERENCES erp.gl (id)) ENGINE=InnoDB",
    "INSERT INTO mine.k VALUES (1)",
)


@dataclass(frozen=True)
class Case:
    """One right, alone or with others.

    Attributes:
        grants: What ``me`` is granted.
        statements: What ``me`` then does.
        after: A statement of somebody else's that is let before, and refused then.
        state: What the facts say of ``table``, if the statements are let.
        certain: Whether they say it without a condition.
    """

    grants: tuple[str, ...]
    statements: tuple[str, ...]
    after: str = ""
    state: str = "HALT"
    certain: bool = True
    let: bool = True
    table: str = "gl"


CASES = {
    "INDEX": Case(("INDEX ON erp.gl",), ("CREATE UNIQUE INDEX one ON erp.gl (amount)",), ROW),
    "INDEX on a schema": Case(
        ("INDEX ON erp.*",), ("CREATE UNIQUE INDEX one ON erp.gl (amount)",), ROW
    ),
    "INDEX elsewhere": Case(
        ("INDEX ON erp.kept",), ("CREATE UNIQUE INDEX one ON erp.gl (amount)",), let=False
    ),
    "REFERENCES and CREATE": Case(
        ("REFERENCES ON erp.gl", "CREATE, INSERT ON mine.*"), REFERS, AWAY, certain=False
    ),
    "REFERENCES of a schema and CREATE of a table": Case(
        ("REFERENCES ON erp.*", "CREATE, INSERT ON mine.k"), REFERS, AWAY, certain=False
    ),
    "REFERENCES and nothing to make": Case(("REFERENCES ON erp.gl",), REFERS[:1], let=False),
    "REFERENCES of columns and CREATE": Case(
        ("REFERENCES (id) ON erp.gl", "CREATE, INSERT ON mine.*"), REFERS[:1], let=False
    ),
    "READ_ONLY ADMIN": Case(("READ_ONLY ADMIN ON *.*",), ("SET GLOBAL read_only = 1",), ROW),
    "BINLOG MONITOR": Case(
        ("BINLOG MONITOR ON *.*",), ("SHOW BINLOG EVENTS",), state="READ", certain=False
    ),
    "REPLICATION SLAVE ADMIN": Case(
        ("REPLICATION SLAVE ADMIN ON *.*",), ("SET GLOBAL init_slave = 'DO 1'",), state="ALTER"
    ),
    "SUPER and the replication thread": Case(
        ("SUPER ON *.*",), ("SET GLOBAL init_slave = 'DO 1'",), state="ALTER"
    ),
    "REPLICATION MASTER ADMIN": Case(
        ("REPLICATION MASTER ADMIN ON *.*",),
        ("SET GLOBAL init_slave = 'DO 1'",),
        state="ALTER",
        let=False,
    ),
    "DELETE HISTORY": Case(
        ("DELETE HISTORY ON erp.*",),
        ("DELETE HISTORY FROM erp.kept",),
        state="OMIT",
        table="kept",
    ),
    "DELETE HISTORY of a table that keeps none": Case(
        ("DELETE HISTORY ON erp.*",), ("DELETE HISTORY FROM erp.gl",), state="OMIT", let=False
    ),
}
#: Refused for want of a right, or because the table keeps no history.
REFUSED = {1142, 1143, 1044, 1227, 4124}


@pytest.fixture
def world(server: Server) -> Iterator[Server]:
    try:
        assert not server.lines(MADE).errors
        yield server
    finally:
        server.lines(["SET GLOBAL read_only = 0", "SET GLOBAL init_slave = ''"])
        server.lines(["DROP DATABASE mine", "DROP DATABASE erp"])
        server.lines([f"DROP USER {one}@localhost" for one in ("me", "clerk")])


def held(found: list[Fact], *, certain: bool) -> set[tuple[str, str]]:
    walker = Walker(found, certain=certain, planted=True)
    return walker.held(names.account("me", "localhost"))


@pytest.mark.parametrize("name", CASES)
def test_a_right_gives_what_the_server_lets(world: Server, tmp_path: Path, name: str) -> None:
    case = CASES[name]
    assert not world.lines([f"GRANT {one} TO me@localhost" for one in case.grants]).errors
    found = list(source.read(export(world, tmp_path / "now.mysql.json")))
    if case.after:
        before = world.lines(["START TRANSACTION", case.after, "ROLLBACK"], "clerk")
        assert not before.errors, before.err
    ran = world.lines(case.statements, "me")
    assert (not ran.errors) is case.let, ran.err
    assert set(ran.errors.values()) <= REFUSED, ran.err
    if case.after:
        assert world.lines([case.after], "clerk").errors

    thing = (names.dataset("erp", case.table), case.state)
    assert (thing in held(found, certain=False)) is case.let
    assert (thing in held(found, certain=True)) is (case.let and case.certain)


def test_no_right_that_the_server_prints_is_undecided(server: Server) -> None:
    printed = {
        canonical(line.split("\t")[0]) for line in server.run("SHOW PRIVILEGES;").out.splitlines()
    }
    known = MARIADB.keys() | OF_DATA.keys()
    assert printed <= known
    assert known - printed == {"SHOW CREATE ROUTINE", "REPLICATION CLIENT"}, "of other versions"


BOTH = "FROM erp.gl g JOIN erp.names n ON g.id = n.id"
JOINED = (
    "CREATE TABLE erp.names (id INT PRIMARY KEY, label INT) ENGINE=InnoDB",
    "INSERT INTO erp.names VALUES (1, 1), (2, 2)",
    f"CREATE VIEW mine.v AS SELECT g.id, g.amount, n.label {BOTH}",
    f"CREATE VIEW mine.w AS SELECT g.id, g.amount, n.label + 1 AS more {BOTH}",
    "GRANT SELECT, UPDATE ON mine.v TO me@localhost",
    "GRANT SELECT, UPDATE ON mine.w TO clerk@localhost",
)


def test_whoever_updates_a_view_of_two_tables_chooses_which(world: Server, tmp_path: Path) -> None:
    """Each by its own columns; of a table that it shows no column of as it is, none can be."""
    assert not world.lines(JOINED).errors
    found = list(source.read(export(world, tmp_path / "now.mysql.json")))
    for user, view, column, let in (
        ("me", "v", "amount", True),
        ("me", "v", "label", True),
        ("clerk", "w", "amount", True),
        ("clerk", "w", "more", False),
    ):
        ran = world.lines([f"UPDATE mine.{view} SET {column} = 7 WHERE id = 1"], user)
        assert (not ran.errors) is let, ran.err
        table = names.dataset("erp", "gl" if column == "amount" else "names")
        walker = Walker(found, certain=True, writing="update", flowing=False)
        held_ = walker.held(names.account(user, "localhost"))
        assert ((table, "ALTER") in held_) is let

"""What a temporary table in the place of a lasting one shows: really tried, and said so."""

from collections.abc import Iterator
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
    *(f"CREATE TABLE erp.{name} (id INT, amount INT)" for name in ("gl", "pub", "src")),
    "INSERT INTO erp.gl VALUES (1, 4711)",
    "INSERT INTO erp.src VALUES (1, 4712)",
    "CREATE USER boss@localhost",
    "CREATE USER me@localhost",
    "GRANT SELECT ON erp.gl TO boss@localhost",
    "GRANT INSERT ON erp.pub TO boss@localhost",
    "GRANT EXECUTE ON erp.* TO boss@localhost",
    "GRANT SELECT, TRIGGER ON erp.src TO boss@localhost",
    "GRANT INSERT (id), UPDATE (id) ON erp.src TO me@localhost",
)
COPIES = "CREATE DEFINER=boss@localhost PROCEDURE erp.p() INSERT INTO erp.pub SELECT * FROM erp.gl"
CALLED = (COPIES, "GRANT EXECUTE ON PROCEDURE erp.p TO me@localhost")
FIRED = (
    "CREATE DEFINER=boss@localhost TRIGGER erp.t AFTER {} ON erp.src FOR EACH ROW"
    " INSERT INTO erp.pub {}"
)
TEMPORARY = "GRANT CREATE TEMPORARY TABLES ON {}.* TO me@localhost"
SHADOW = "CREATE TEMPORARY TABLE erp.pub (id INT, amount INT)"
CALL = "CALL erp.p()"
#: What is made and granted, what me does, and which table's values it sees then, if any.
CASES = {
    "a procedure": ((*CALLED, TEMPORARY.format("erp")), CALL, "gl"),
    "without the right": (CALLED, CALL, ""),
    "with the right elsewhere": ((*CALLED, TEMPORARY.format("mine")), CALL, ""),
    "without the procedure": ((COPIES, TEMPORARY.format("erp")), CALL, ""),
    "a trigger": (
        (FIRED.format("INSERT", "SELECT * FROM erp.gl"), TEMPORARY.format("erp")),
        "INSERT INTO erp.src (id) VALUES (2)",
        "gl",
    ),
    "a trigger of rows that are there": (
        (FIRED.format("UPDATE", "VALUES (OLD.id, OLD.amount)"), TEMPORARY.format("erp")),
        "UPDATE erp.src SET id = 3",
        "src",
    ),
    "a trigger of rows of its own": (
        (FIRED.format("INSERT", "VALUES (NEW.id, NEW.amount)"), TEMPORARY.format("erp")),
        "INSERT INTO erp.src (id) VALUES (2)",
        "",
    ),
}


@pytest.fixture
def world(server: Server) -> Iterator[Server]:
    try:
        assert not server.lines(MADE).errors
        yield server
    finally:
        people = ("boss", "me")
        server.lines(
            [
                "DROP DATABASE erp",
                "DROP DATABASE mine",
                *(f"DROP USER {p}@localhost" for p in people),
            ]
        )


@pytest.mark.parametrize("case", CASES)
def test_a_table_of_ones_own_takes_what_a_definer_writes(
    case: str, world: Server, tmp_path: Path
) -> None:
    made, does, seen = CASES[case]
    assert not world.lines(made).errors
    facts = list(source.read(export(world, tmp_path / "now.mysql.json")))
    printed = world.lines([SHADOW, does, "SELECT amount FROM erp.pub"], "me").out
    marks = {"gl": "4711", "src": "4712"}
    assert {name for name, mark in marks.items() if mark in printed} == ({seen} - {""})

    me = names.account("me", "localhost")
    held = [Walker(facts, certain=certain).held(me) for certain in (True, False)]
    read = [{n for n in marks if (names.dataset("erp", n), "READ") in one} for one in held]
    assert read == [set(), {seen} - {""}]

"""Whose UPDATE of some columns changes what refers to them; and tables that stand for others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nhigraph.facts.facts import Gap
from nhigraph.facts.keys import mysql as names
from nhigraph.sources import mysql as source
from tests.mysql.comparison import export
from tests.mysql.server import Server
from tests.postgres.walker import Walker

pytestmark = [pytest.mark.mysql, pytest.mark.xdist_group("mysql")]

MADE = (
    "CREATE DATABASE erp",
    "CREATE TABLE erp.head (id INT PRIMARY KEY, no INT UNIQUE, note VARCHAR(9)) ENGINE=InnoDB",
    "INSERT INTO erp.head VALUES (1, 1, 'x')",
    "CREATE TABLE erp.gl (id INT, no INT, KEY (id), KEY (no)) ENGINE=InnoDB",
    "INSERT INTO erp.gl VALUES (1, 1)",
    "CREATE TABLE erp.line (no INT, KEY (no)) ENGINE=InnoDB",
    "INSERT INTO erp.line VALUES (1)",
    "CREATE USER me@localhost",
    "CREATE USER books@localhost",
    "GRANT ALL ON erp.* TO books@localhost",
)
BY_ID = "ALTER TABLE erp.gl ADD FOREIGN KEY (id) REFERENCES erp.head (id) ON UPDATE CASCADE"
BY_NO = "ALTER TABLE erp.gl ADD FOREIGN KEY (no) REFERENCES erp.head (no) ON UPDATE SET NULL"
TRIGGER = (
    "CREATE DEFINER=books@localhost TRIGGER erp.t AFTER UPDATE ON erp.head FOR EACH ROW"
    " INSERT INTO erp.gl VALUES (NULL, NULL)"
)
FURTHER = "ALTER TABLE erp.line ADD FOREIGN KEY (no) REFERENCES erp.gl (no) ON UPDATE CASCADE"
#: What is there, what is granted and set; whether another table than the one named changes.
CASES = {
    "the column referred to": ((BY_ID,), "UPDATE (id)", "id = 7", "gl", True),
    "its name in capitals": ((BY_ID,), "UPDATE (ID)", "id = 7", "gl", True),
    "another column": ((BY_ID,), "UPDATE (note)", "note = 'y'", "gl", False),
    "another unique column": ((BY_ID,), "UPDATE (no)", "no = 7", "gl", False),
    "SET NULL of that": ((BY_NO,), "UPDATE (no)", "no = 7", "gl", True),
    "all columns": ((BY_ID,), "UPDATE", "id = 7", "gl", True),
    "a trigger besides": ((BY_ID, TRIGGER), "UPDATE (note)", "note = 'y'", "gl", True),
    "what refers to what refers": ((BY_NO, FURTHER), "UPDATE (no)", "no = 7", "line", True),
    "what refers to another column of it": ((BY_ID, FURTHER), "UPDATE", "id = 7", "line", False),
}


@pytest.fixture
def world(server: Server) -> Iterator[Server]:
    try:
        assert not server.lines(MADE).errors
        yield server
    finally:
        server.lines(["DROP DATABASE erp", "DROP USER me@localhost", "DROP USER books@localhost"])


@pytest.mark.parametrize("name", CASES)
def test_setting_a_column_changes_what_refers_to_it_and_no_other(
    world: Server, tmp_path: Path, name: str
) -> None:
    made, right, sets, other, expected = CASES[name]
    assert not world.lines([*made, f"GRANT {right} ON erp.head TO me@localhost"]).errors
    found = list(source.read(export(world, tmp_path / "now.mysql.json")))
    shown = f"SELECT * FROM erp.{other};"
    before = world.run(shown).out
    ran = world.lines([f"UPDATE erp.head SET {sets}"], "me")
    assert not ran.errors, ran.err
    assert (world.run(shown).out != before) is expected

    changed = (names.dataset("erp", other), "ALTER")
    start = names.account("me", "localhost")
    for certain in (False, True):
        assert (changed in Walker(found, certain=certain).held(start)) is expected


def test_a_table_that_stands_for_another_is_a_gap_for_who_writes_it(
    world: Server, tmp_path: Path
) -> None:
    """A row that is written to it is in the table of which its writer has no right."""
    made = (
        "CREATE TABLE erp.kept (a INT) ENGINE=MyISAM",
        "CREATE TABLE erp.all_kept (a INT) ENGINE=MERGE UNION=(erp.kept) INSERT_METHOD=LAST",
        "GRANT INSERT ON erp.all_kept TO me@localhost",
    )
    assert not world.lines(made).errors
    found = list(source.read(export(world, tmp_path / "now.mysql.json")))
    assert not world.lines(["INSERT INTO erp.all_kept VALUES (1)"], "me").errors
    assert world.run("SELECT count(*) FROM erp.kept;").out.strip() == "1"

    gaps = {(one.at, state.name) for one in found if isinstance(one, Gap) for state in one.states}
    held = Walker(found, certain=False).held(names.account("me", "localhost"))
    assert (names.dataset("erp", "all_kept"), "ALTER") in gaps & held

"""What an opened table keeps of whoever fired its trigger first: tried in every order.

The same statement of the same account is let or refused by what ran before, so the answer is a
condition exactly where the server really answers both.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from nhigraph.facts.keys import mysql as names
from nhigraph.policy.mysql.access import Access
from nhigraph.policy.mysql.effects import Effects
from nhigraph.policy.mysql.hosts import Answer
from nhigraph.sources import mysql as source
from nhigraph.sources.mysql.records import read_export
from tests.mysql.comparison import export
from tests.mysql.server import Server
from tests.postgres.walker import Walker

pytestmark = [pytest.mark.mysql, pytest.mark.xdist_group("mysql")]

MADE = (
    "CREATE DATABASE erp",
    "CREATE TABLE erp.gl (id INT, amount INT)",
    "INSERT INTO erp.gl VALUES (1, 10)",
    "CREATE TABLE erp.log (id INT, amount INT)",
    "CREATE USER maker@localhost",
    "CREATE USER clerk@localhost",
    "CREATE ROLE lead",
    "CREATE ROLE head",
    "GRANT head TO lead",
    "GRANT lead TO maker@localhost",
    "GRANT UPDATE ON erp.gl TO lead",
    "GRANT SELECT ON *.* TO clerk@localhost",
    "GRANT UPDATE (amount) ON erp.gl TO clerk@localhost",
)
UNMADE = (
    "DROP DATABASE erp",
    "DROP USER maker@localhost, clerk@localhost",
    "DROP ROLE lead, head",
)
UPDATE = "UPDATE erp.gl SET amount = 7"
INSIDE = ["USE erp", UPDATE]
BY_ROLE = ["SET ROLE lead", UPDATE]
MINE = "GRANT TRIGGER ON erp.gl TO maker@localhost"


@dataclass(frozen=True)
class Case:
    """What a trigger needs, who has it, and whether an opened table keeps it.

    Attributes:
        grants: What is granted beside ``MADE``.
        body: What the trigger does.
        kept: Whether the statement of another is let after the definer's.
        definer: Whose trigger it is.
        let: Whether it is let in the definer's own session with the role.
    """

    grants: tuple[str, ...]
    body: str
    kept: bool
    definer: str = "maker@localhost"
    let: bool = True


CASES = {
    "TRIGGER of a role on the table": Case(
        ("GRANT TRIGGER ON erp.gl TO lead",), "SET @x = 1", True
    ),
    "TRIGGER of a role that the role has": Case(
        ("GRANT TRIGGER ON erp.gl TO head",), "SET @x = 1", True
    ),
    "TRIGGER of a role on the schema": Case(
        ("GRANT TRIGGER ON erp.* TO lead",), "SET @x = 1", False
    ),
    "TRIGGER of a role everywhere": Case(("GRANT TRIGGER ON *.* TO lead",), "SET @x = 1", False),
    "TRIGGER of a role, definer by another host": Case(
        ("GRANT TRIGGER ON erp.gl TO lead", "CREATE USER maker@'%'"),
        "SET @x = 1",
        False,
        definer="maker@faraway",
        let=False,
    ),
    "SELECT of a role on the row": Case(
        (MINE, "GRANT SELECT ON erp.gl TO lead"), "SET @x = NEW.amount", True
    ),
    "SELECT of a role on the row's column": Case(
        (MINE, "GRANT SELECT (amount) ON erp.gl TO lead"), "SET @x = OLD.amount", True
    ),
    "SELECT of a role on the row's schema": Case(
        (MINE, "GRANT SELECT ON erp.* TO lead"), "SET @x = NEW.amount", False
    ),
    "UPDATE of a role on the row": Case((MINE,), "SET NEW.amount = 3", True),
    "INSERT of a role in the body": Case(
        (MINE, "GRANT INSERT ON erp.log TO lead"), "INSERT INTO erp.log VALUES (1, 1)", False
    ),
    "UPDATE of a role in the body": Case(
        (MINE, "GRANT SELECT, UPDATE ON erp.log TO lead"),
        "UPDATE erp.log SET amount = amount + 1",
        False,
    ),
}


@pytest.fixture
def world(server: Server) -> Iterator[Server]:
    try:
        assert not server.lines(MADE).errors
        yield server
    finally:
        server.lines([*UNMADE, "DROP USER IF EXISTS maker@'%'"])


def is_let(server: Server, user: str, lines: list[str]) -> bool:
    """Whether the last of some statements is let; it is rolled back."""
    opening, statement = lines[:-1], lines[-1]
    ran = server.lines([*opening, "START TRANSACTION", statement, "ROLLBACK"], user)
    assert set(ran.errors) <= {len(lines) + 1}, ran.err
    assert set(ran.errors.values()) <= {1142, 1143, 1044}, ran.err
    return not ran.errors


@pytest.mark.parametrize("name", CASES)
def test_an_answer_depends_on_what_ran_before_exactly_where_a_table_keeps_it(
    world: Server, tmp_path: Path, name: str
) -> None:
    case = CASES[name]
    trigger = f"CREATE DEFINER={case.definer} TRIGGER erp.g BEFORE UPDATE ON erp.gl FOR EACH ROW"
    assert not world.lines([*case.grants, f"{trigger} {case.body}"]).errors
    doc = export(world, tmp_path / "now.mysql.json")

    world.lines(["FLUSH TABLES"])
    assert not is_let(world, "clerk", INSIDE), "nobody fired it before"
    world.lines(["FLUSH TABLES"])
    assert is_let(world, "maker", BY_ROLE) is case.let
    after = is_let(world, "clerk", INSIDE)
    assert after is case.kept
    world.lines(["FLUSH TABLES"])
    assert not is_let(world, "clerk", INSIDE), "what was kept is gone"

    catalog = read_export(doc).catalog
    said = Effects(catalog, Access(catalog)).of("UPDATE", ("erp", "gl"))
    assert said.answer is (Answer.MAYBE if case.kept else Answer.NO)
    assert ("the server has kept" in said.condition) is case.kept
    found = list(source.read(doc))
    clerk, gl = names.account("clerk", "localhost"), (names.dataset("erp", "gl"), "ALTER")
    assert gl not in Walker(found, certain=True, writing="update").held(clerk)
    assert (gl in Walker(found, certain=False, writing="update").held(clerk)) is case.kept


def test_a_definer_with_nothing_of_its_own_in_the_schema_is_lent_it_only_inside(
    world: Server,
) -> None:
    """From elsewhere the server first goes to the trigger's schema as the definer, who may not."""
    trigger = "CREATE DEFINER=maker@localhost TRIGGER erp.g BEFORE UPDATE ON erp.gl FOR EACH ROW"
    world.lines(["GRANT TRIGGER ON erp.gl TO lead", f"{trigger} SET @x = 1", "FLUSH TABLES"])
    assert is_let(world, "maker", BY_ROLE)
    assert world.lines([UPDATE], "clerk").errors == {1: 1044}
    assert is_let(world, "clerk", INSIDE)


def test_a_definer_with_its_role_is_refused_what_the_table_keeps_of_others(
    world: Server, tmp_path: Path
) -> None:
    """The other way round: whoever comes first without the role takes it from the definer."""
    trigger = "CREATE DEFINER=maker@localhost TRIGGER erp.g BEFORE UPDATE ON erp.gl FOR EACH ROW"
    world.lines(["GRANT TRIGGER ON erp.gl TO lead", f"{trigger} SET @x = 1", "FLUSH TABLES"])
    assert not is_let(world, "clerk", INSIDE)
    assert not is_let(world, "maker", BY_ROLE)
    world.lines(["FLUSH TABLES"])
    assert is_let(world, "maker", BY_ROLE)

    catalog = read_export(export(world, tmp_path / "now.mysql.json")).catalog
    maker = next(one for one in catalog.accounts if one.user == "maker")
    effects = Effects(catalog, Access(catalog)).by(maker)
    assert effects.of("UPDATE", ("erp", "gl")).answer is Answer.MAYBE

"""What stands behind a guard, in a handler or before ROLLBACK: really tried, and said so.

Each case is a schema of its own; whether rows of its ``dst`` changed is the truth.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from nhigraph.facts.facts import Fact
from nhigraph.facts.keys import mysql as names
from nhigraph.sources import mysql as source
from tests.mysql.comparison import export
from tests.mysql.server import Server
from tests.postgres.walker import Walker

pytestmark = [pytest.mark.mysql, pytest.mark.xdist_group("mysql")]

CAN, MAY, NOT = (True, True), (False, True), (False, False)
_SETS = "UPDATE dst SET amount = 9;"
_NOT_BOSS = "SESSION_USER() NOT LIKE 'boss%'"


@dataclass(frozen=True)
class Case:
    """What is made in the schema, what ``app`` runs, whether ``dst`` changes, what is told."""

    made: str
    run: str
    changes: bool
    told: tuple[bool, bool]


def procedure(body: str, *truth: object) -> Case:
    """A definer's procedure."""
    made = (
        f"CREATE PROCEDURE book() main: BEGIN {body} END$$"
        " GRANT EXECUTE ON PROCEDURE {0}.book TO app@localhost$$"
    )
    changes, told = truth
    assert isinstance(changes, bool)
    assert isinstance(told, tuple)
    return Case(made, "CALL {0}.book()", changes, told)


def function(body: str, *truth: object) -> Case:
    """A definer's function."""
    one = procedure(body, *truth)
    made = one.made.replace("PROCEDURE book() main:", "FUNCTION book() RETURNS INT")
    made = made.replace("PROCEDURE", "FUNCTION")
    return Case(made, "SELECT {0}.book()", one.changes, one.told)


def keyed(granted: str, run: str, *truth: object) -> Case:
    """A key of ``dst``, and a right on what it refers to."""
    made = (
        "CREATE TABLE head (id INT PRIMARY KEY, note INT)$$ INSERT INTO head VALUES (5, 1)$$"
        "ALTER TABLE dst ADD FOREIGN KEY (amount) REFERENCES head (id) ON UPDATE CASCADE$$"
        f"GRANT SELECT, {granted} ON {{0}}.head TO app@localhost$$"
    )
    changes, told = truth
    assert isinstance(changes, bool)
    assert isinstance(told, tuple)
    return Case(made, run, changes, told)


CASES = {
    "nothing before it": procedure(_SETS, True, CAN),
    "a guard that leaves": procedure(
        f"IF {_NOT_BOSS} THEN LEAVE main; END IF; {_SETS}", False, MAY
    ),
    "a guard that signals": procedure(
        f"IF {_NOT_BOSS} THEN SIGNAL SQLSTATE '45000'; END IF; {_SETS}", False, MAY
    ),
    "a loop that is left": procedure(f"l: LOOP LEAVE l; END LOOP; {_SETS}", True, CAN),
    "it is taken back": procedure(f"START TRANSACTION; {_SETS} ROLLBACK;", False, MAY),
    "a handler that takes back": procedure(
        f"DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END; {_SETS} COMMIT;",
        True,
        CAN,
    ),
    "in a handler alone": procedure(
        f"DECLARE CONTINUE HANDLER FOR SQLEXCEPTION {_SETS} DO 1;", False, MAY
    ),
    "in the block of a handler": procedure(
        f"DECLARE EXIT HANDLER FOR NOT FOUND BEGIN IF 1 THEN {_SETS} END IF; END; DO 1;",
        False,
        MAY,
    ),
    "a function": function(f"{_SETS} RETURN 1;", True, CAN),
    "a function that returns before": function(
        f"IF {_NOT_BOSS} THEN RETURN 1; END IF; {_SETS} RETURN 2;", False, MAY
    ),
    "a function whose handler returns": function(
        f"DECLARE EXIT HANDLER FOR SQLEXCEPTION RETURN 1; {_SETS} RETURN 2;", True, CAN
    ),
    "the whole of what a key refers to": keyed(
        "UPDATE", "UPDATE {0}.head SET id = 8", True, CAN
    ),
    "another column than the key's": keyed(
        "UPDATE (note)", "UPDATE {0}.head SET note = 8", False, NOT
    ),
    "the key's column": keyed("UPDATE (id)", "UPDATE {0}.head SET id = 8", True, CAN),
}  # fmt: skip


@pytest.fixture(scope="module")
def tried(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Fact], dict[str, bool]]]:
    """The facts, and whether each case's statement changed ``dst``."""
    server.run("CREATE USER app@localhost;", stop=True)
    try:
        for schema, _, case in schemas():
            made = case.made.replace("{0}", schema)
            server.run(
                f"CREATE DATABASE {schema}; USE {schema};"
                " CREATE TABLE dst (id INT PRIMARY KEY, amount INT);"
                " INSERT INTO dst VALUES (1, 5);"
                f"\nDELIMITER $$\n{made}",
                stop=True,
            )
        facts = list(
            source.read(export(server, tmp_path_factory.mktemp("export") / "guards.mysql.json"))
        )
        changed = {}
        for schema, name, case in schemas():
            look = f"SELECT * FROM {schema}.dst;"
            before = server.run(look).out
            server.run(f"{case.run.format(schema)};", "app")
            changed[name] = server.run(look).out != before
        yield facts, changed
    finally:
        server.run("".join(f"DROP DATABASE {schema};" for schema, _, _ in schemas()))
        server.run("DROP USER app@localhost;")


def schemas() -> Iterator[tuple[str, str, Case]]:
    for number, (name, case) in enumerate(CASES.items()):
        yield f"guard{number}", name, case


@pytest.mark.parametrize(("schema", "name", "case"), [*schemas()], ids=[*CASES])
def test_what_a_statement_brings_about_is_told_as_it_happens(
    tried: tuple[list[Fact], dict[str, bool]], schema: str, name: str, case: Case
) -> None:
    facts, changed = tried
    assert changed[name] is case.changes
    told = tuple(
        (names.dataset(schema, "dst"), "ALTER") in Walker(facts, certain=certain).held(_APP)
        for certain in (True, False)
    )
    assert told == case.told
    assert told[0] <= changed[name] <= told[1]


_APP = names.account("app", "localhost")

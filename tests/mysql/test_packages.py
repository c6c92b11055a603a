"""Packages: whoever may run one has what its definer has, as far as nobody reads what it does."""

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

MADE = """
CREATE DATABASE erp;
CREATE TABLE erp.gl (id INT, amount INT);
CREATE USER owner@localhost;
CREATE USER me@localhost;
CREATE USER maker@localhost;
CREATE ROLE lead;
GRANT SELECT, INSERT, EXECUTE ON erp.* TO owner@localhost;
SET sql_mode = ORACLE;
DELIMITER //
CREATE DEFINER=owner@localhost PACKAGE erp.p{security} AS
  PROCEDURE post; FUNCTION total RETURN INT;
END//
CREATE DEFINER=owner@localhost PACKAGE BODY erp.p{security} AS
  PROCEDURE hidden AS BEGIN INSERT INTO erp.gl VALUES (1, 1); END;
  PROCEDURE post AS BEGIN hidden(); END;
  FUNCTION total RETURN INT AS BEGIN hidden(); RETURN 1; END;
END//
DELIMITER ;
SET sql_mode = '';
"""
DONE = (
    "DROP DATABASE erp",
    *(f"DROP USER {one}@localhost" for one in ("owner", "me", "maker")),
    "DROP ROLE lead",
)
CALL = "CALL erp.p.post()"
BOTH = ("EXECUTE ON PACKAGE erp.p TO {}", "EXECUTE ON PACKAGE BODY erp.p TO {}")
PROCEDURE = "CREATE DEFINER=maker@localhost PROCEDURE erp.q() {}"


@dataclass(frozen=True)
class Case:
    """Grants, statements of root's, what ``me`` runs, and whether a row comes into the ledger."""

    grants: tuple[str, ...]
    writes: bool
    call: str = CALL
    made: tuple[str, ...] = ()
    security: str = ""


def to(who: str, *grants: str) -> tuple[str, ...]:
    return tuple(one.format(who) for one in grants)


#: A definer is asked for it, too.
RUNS = tuple(f"EXECUTE ON PROCEDURE erp.q TO {one}@localhost" for one in ("me", "maker"))
CASES = {
    "package and body": Case(to("me@localhost", *BOTH), True),
    "a function of it": Case(to("me@localhost", *BOTH), True, "DO erp.p.total()"),
    "package alone": Case(to("me@localhost", BOTH[0]), False),
    "body alone": Case(to("me@localhost", BOTH[1]), True),
    "all of the schema": Case(("EXECUTE ON erp.* TO me@localhost",), True),
    "by a role": Case((*to("lead", *BOTH), "lead TO me@localhost"), True),
    "nothing": Case((), False),
    "with its caller's rights": Case(
        to("me@localhost", *BOTH), False, security=" SQL SECURITY INVOKER"
    ),
    "a procedure that calls it": Case(
        (*RUNS, *to("maker@localhost", *BOTH)), True, "CALL erp.q()", (PROCEDURE.format(CALL),)
    ),
    "a procedure that calls its function": Case(
        (*RUNS, *to("maker@localhost", *BOTH)),
        True,
        "CALL erp.q()",
        (PROCEDURE.format("SET @x = erp.p.total()"),),
    ),
    "a procedure whose definer may not": Case(
        (*RUNS, *to("maker@localhost", BOTH[0])), False, "CALL erp.q()", (PROCEDURE.format(CALL),)
    ),
}


@pytest.fixture
def clean(server: Server) -> Iterator[Server]:
    try:
        yield server
    finally:
        server.lines(DONE)


@pytest.mark.parametrize("name", CASES)
def test_a_package_is_run_exactly_by_whom_the_server_lets(
    clean: Server, tmp_path: Path, name: str
) -> None:
    case = CASES[name]
    made = clean.run(MADE.format(security=case.security))
    assert not made.errors, made.err
    # The words of packages are those of one mode alone.
    mode = "SET sql_mode = ORACLE"
    ran = clean.lines([*case.made, mode, *(f"GRANT {one}" for one in case.grants)])
    assert not ran.errors, ran.err
    found = list(source.read(export(clean, tmp_path / "now.mysql.json")))
    opening = ["SET ROLE lead"] if "by a role" in name else []
    clean.lines([*opening, case.call], "me")
    rows = clean.run("SELECT COUNT(*) FROM erp.gl;").out.strip()
    assert (rows == "1") is case.writes

    me, gl = names.account("me", "localhost"), (names.dataset("erp", "gl"), "ALTER")
    assert (gl in Walker(found, certain=False).held(me)) is case.writes
    assert gl not in Walker(found, certain=True).held(me), "what it does is not read"

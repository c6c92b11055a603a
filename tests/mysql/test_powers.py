"""Rights about the server itself, tried one by one on a live server: what each really opens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.facts.keys import mysql as names
from nhigraph.sources import mysql as source
from tests.mysql.comparison import export
from tests.mysql.server import Server
from tests.postgres.walker import Walker

pytestmark = [pytest.mark.mysql, pytest.mark.xdist_group("mysql")]

QUIET = (
    "CREATE DEFINER=boss@localhost PROCEDURE erp.quiet() SQL SECURITY INVOKER DELETE FROM erp.gl"
)
PLANTED = (
    "CREATE DEFINER=boss@localhost TRIGGER erp.t BEFORE INSERT ON erp.gl FOR EACH ROW SET @x = 1"
)
NIGHTLY = (
    "CREATE DEFINER=plain@localhost EVENT erp.nightly ON SCHEDULE EVERY 1 DAY DO"
    " INSERT INTO erp.totals SELECT amount FROM erp.gl"
)
TWO_WAYS = (
    "CREATE USER a2@localhost IDENTIFIED VIA mysql_native_password USING"
    " PASSWORD('CANARY-mysql-2') OR mysql_old_password USING '0123456789abcdef'"
)
MADE = (
    "CREATE DATABASE erp",
    "CREATE TABLE erp.gl (id INT, amount INT)",
    "INSERT INTO erp.gl VALUES (1, 10)",
    "CREATE USER boss@localhost",
    "GRANT ALL ON *.* TO boss@localhost WITH GRANT OPTION",
    "CREATE USER plain@localhost",
    "CREATE USER me@localhost",
    "CREATE DEFINER=boss@localhost PROCEDURE erp.quiet() SQL SECURITY INVOKER DELETE FROM erp.gl",
)
#: What is granted, what is then tried, and whether it makes somebody else of ``me``.
BECOMES = {
    "CREATE USER": (
        ["GRANT CREATE USER ON *.* TO me@localhost"],
        "ALTER USER boss@localhost IDENTIFIED BY ''",
        True,
    ),
    "SET USER and CREATE ROUTINE": (
        ["GRANT SET USER ON *.* TO me@localhost", "GRANT CREATE ROUTINE ON erp.* TO me@localhost"],
        "CREATE DEFINER=boss@localhost PROCEDURE erp.p() DELETE FROM erp.gl",
        True,
    ),
    "SUPER and TRIGGER": (
        ["GRANT SUPER ON *.* TO me@localhost", "GRANT TRIGGER ON erp.gl TO me@localhost"],
        PLANTED,
        True,
    ),
    "CREATE ROUTINE alone": (
        ["GRANT CREATE ROUTINE, EXECUTE, ALTER ROUTINE ON fake.* TO me@localhost"],
        "CREATE DEFINER=boss@localhost PROCEDURE fake.p() DELETE FROM erp.gl",
        False,
    ),
    "TRIGGER alone": (
        ["GRANT TRIGGER ON erp.gl TO me@localhost"],
        PLANTED,
        False,
    ),
    "UPDATE of the grant tables, and RELOAD": (
        [
            "GRANT UPDATE ON mysql.global_priv TO me@localhost",
            "GRANT RELOAD ON *.* TO me@localhost",
        ],
        "UPDATE mysql.global_priv SET user = 'mine' LIMIT 0",
        True,
    ),
    "GRANT OPTION of a schema": (
        ["GRANT SELECT ON erp.* TO me@localhost WITH GRANT OPTION"],
        "GRANT SELECT ON erp.* TO boss@localhost IDENTIFIED BY 'x'",
        False,
    ),
    "PROCESS and REPLICATION": (
        ["GRANT PROCESS, BINLOG MONITOR ON *.* TO me@localhost"],
        "ALTER USER boss@localhost IDENTIFIED BY ''",
        False,
    ),
}
REFUSED = {1142, 1044, 1227, 1370, 1143, 1410, 1133}


@pytest.fixture
def world(server: Server) -> Iterator[Server]:
    """Three accounts and a ledger, and whatever a test grants."""
    try:
        assert not server.lines(MADE).errors
        yield server
    finally:
        server.lines(
            [
                "DROP DATABASE erp",
                "DROP DATABASE IF EXISTS fake",
                *(f"DROP USER {one}@localhost" for one in ("boss", "plain", "me")),
            ]
        )


def facts(server: Server, folder: Path) -> list[Fact]:
    """What the export of now says."""
    return list(source.read(export(server, folder / "now.mysql.json")))


def held(found: list[Fact], *, certain: bool) -> set[tuple[str, str]]:
    return Walker(found, certain=certain).held(names.account("me", "localhost"))


@pytest.mark.parametrize("right", BECOMES)
def test_a_right_makes_somebody_else_of_one_exactly_if_the_server_lets_it(
    world: Server, tmp_path: Path, right: str
) -> None:
    grants, statement, becomes = BECOMES[right]
    world.lines(grants)
    found = facts(world, tmp_path)
    ran = world.run(f"START TRANSACTION;\n{statement};\nROLLBACK;\n", "me")

    boss = (names.account("boss", "localhost"), "CONTROL")
    assert (boss in held(found, certain=False)) is becomes
    assert (2 not in ran.errors) is becomes, ran.err
    assert becomes or ran.errors[2] in REFUSED
    if becomes:
        assert boss in held(found, certain=True)


def test_init_connect_is_set_by_connection_admin_and_run_by_others(
    world: Server, tmp_path: Path
) -> None:
    """Conditional: it works from the next login on, and only on those without that right."""
    world.lines(["GRANT CONNECTION ADMIN ON *.* TO me@localhost"])
    found = facts(world, tmp_path)
    try:
        ran = world.lines(["SET GLOBAL init_connect = 'SET @seen = 1'"], "me")
        assert not ran.errors
        assert world.run("SELECT @seen;", "plain").out.strip() == "1"
        assert world.run("SELECT @seen;", "boss").out.strip() == "NULL"
    finally:
        world.lines(["SET GLOBAL init_connect = ''"])
    plain, boss = (names.account(one, "localhost") for one in ("plain", "boss"))
    assert (plain, "CONTROL") in held(found, certain=False)
    assert (plain, "CONTROL") not in held(found, certain=True)
    assert (boss, "CONTROL") not in held(found, certain=False)


def test_alter_routine_makes_a_callers_routine_its_definers(world: Server, tmp_path: Path) -> None:
    """The definer is not the one who alters it, and need not have been lent by anybody."""
    gl = (names.dataset("erp", "gl"), "OMIT")
    world.lines(["GRANT EXECUTE ON PROCEDURE erp.quiet TO me@localhost"])
    assert gl not in held(facts(world, tmp_path), certain=False)
    assert world.run("CALL erp.quiet();", "me").errors == {1: 1142}

    world.lines(["GRANT ALTER ROUTINE ON PROCEDURE erp.quiet TO me@localhost"])
    assert gl in held(facts(world, tmp_path), certain=True)
    ran = world.run("ALTER PROCEDURE erp.quiet SQL SECURITY DEFINER;\nCALL erp.quiet();\n", "me")
    assert not ran.errors
    assert world.run("SELECT COUNT(*) FROM erp.gl;").out.strip() == "0"


def test_events_write_what_their_definer_may_and_are_stopped_by_event(
    world: Server, tmp_path: Path
) -> None:
    world.lines(
        [
            "CREATE TABLE erp.totals (amount INT)",
            "GRANT SELECT, INSERT ON erp.* TO plain@localhost",
            NIGHTLY,
            "GRANT EVENT ON erp.* TO me@localhost",
        ]
    )
    found = facts(world, tmp_path)
    event = names.logic("erp", "event", "nightly")
    edges = {(one.kind.label, one.source, one.target) for one in found if isinstance(one, Edge)}
    totals, gl = names.dataset("erp", "totals"), names.dataset("erp", "gl")
    me = names.account("me", "localhost")
    assert ("COMPUTES", event, totals) in edges
    assert ("FEEDS", gl, totals) in edges
    assert ("CAN_STOP", me, event) in edges
    assert (totals, "ALTER") not in held(found, certain=False)
    ran = world.lines(["ALTER EVENT erp.nightly DISABLE"], "me")
    assert not ran.errors
    said = world.run("SELECT definer FROM information_schema.events;").out.strip()
    assert said == "me@localhost", "whoever changes an event is its definer from then on"


def test_what_an_exporter_without_rights_cannot_see_is_a_gap(
    world: Server, tmp_path: Path
) -> None:
    """The sections that were refused are named, and so is what the server did not show."""
    doc = export(world, tmp_path / "plain.mysql.json", "plain")
    found = list(source.read(doc))
    reasons = [getattr(one, "reason", "") for one in found]
    for section in ("accounts", "role_edges", "routine_privileges", "proxies"):
        assert any(f"({section})" in reason for reason in reasons), section
    assert any("no TRIGGER" in reason for reason in reasons)
    keys = {one.key for one in found if isinstance(one, Node)}
    assert names.account("plain", "localhost") in keys


def test_no_hash_leaves_the_server(world: Server, tmp_path: Path) -> None:
    """Passwords of every form that the server stores are in no line of the export."""
    world.lines(
        [
            "CREATE USER a1@localhost IDENTIFIED BY 'CANARY-mysql-1'",
            TWO_WAYS,
        ]
    )
    try:
        doc = export(world, tmp_path / "hashes.mysql.json")
        hashes = world.run(
            "SELECT JSON_VALUE(priv, '$.authentication_string') FROM mysql.global_priv"
            " WHERE user IN ('a1', 'a2');"
        ).out.split()
        assert len(hashes) == 2
        for secret in (*hashes, "CANARY-mysql", "0123456789abcdef"):
            assert secret.lower().lstrip("*") not in doc.text.lower()
    finally:
        world.lines(["DROP USER a1@localhost", "DROP USER a2@localhost"])

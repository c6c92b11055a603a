"""What runs a function that nobody names, and who redefines it: really tried, and said so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nhigraph.facts import keys
from nhigraph.facts.facts import Gap
from nhigraph.ingest.document import Document
from nhigraph.sources import postgres as source
from tests.postgres.cluster import Cluster
from tests.postgres.comparison import EXPORT
from tests.postgres.walker import Walker

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]

_BASE = """
CREATE ROLE books; CREATE ROLE caller; CREATE ROLE loader;
CREATE SCHEMA fin AUTHORIZATION books; CREATE SCHEMA api AUTHORIZATION books;
CREATE SCHEMA lib AUTHORIZATION books;
GRANT USAGE ON SCHEMA api TO caller, loader; GRANT USAGE ON SCHEMA fin TO loader;
CREATE TABLE fin.gl (a int, n text); ALTER TABLE fin.gl OWNER TO books;
INSERT INTO fin.gl VALUES (1, 'x'); GRANT SELECT, INSERT, UPDATE ON fin.gl TO loader;
CREATE TABLE api.q (i int); ALTER TABLE api.q OWNER TO books; INSERT INTO api.q VALUES (1);
"""
_BODY = "LANGUAGE plpgsql {0} SET search_path = '' AS $$BEGIN UPDATE fin.gl SET a = 666; {1} END$$"
_DEFINER = "CREATE FUNCTION fin.f(int) RETURNS {0} " + _BODY.format(
    "SECURITY DEFINER", "RETURN {1};"
)
_OWNED = "; ALTER FUNCTION fin.f(int) OWNER TO books"


def _function(returns: str = "int", value: str = "1") -> str:
    return _DEFINER.format(returns, value) + _OWNED


_VIEW = "CREATE VIEW api.v AS SELECT fin.f(1); ALTER VIEW api.v OWNER TO books"
_SELECT = "SELECT * FROM api.v"
#: What calls the function, what the caller was granted and does; whether it changes the ledger.
RUN = {
    "a view": (f"{_function()}; {_VIEW}; GRANT SELECT ON api.v TO caller", _SELECT, True),
    "a view of others": (f"{_function()}; {_VIEW}", _SELECT, False),
    "a view without EXECUTE": (
        (
            f"{_function()}; {_VIEW}; GRANT SELECT ON api.v TO caller;"
            " REVOKE EXECUTE ON FUNCTION fin.f(int) FROM PUBLIC"
        ),
        _SELECT,
        False,
    ),
    "nothing": (_function(), "SELECT fin.f(1)", False),
    "a default": (
        (
            f"{_function()}; ALTER TABLE api.q ALTER i SET DEFAULT fin.f(1);"
            " GRANT INSERT ON api.q TO caller"
        ),
        "INSERT INTO api.q DEFAULT VALUES",
        True,
    ),
    "a check": (
        (
            f"{_function('bool', 'true')}; ALTER TABLE api.q ADD CHECK (fin.f(i)) NOT VALID;"
            " GRANT INSERT ON api.q TO caller"
        ),
        "INSERT INTO api.q VALUES (1)",
        True,
    ),
    "a policy": (
        (
            f"{_function('bool', 'true')}; ALTER TABLE api.q ENABLE ROW LEVEL SECURITY;"
            " CREATE POLICY p ON api.q USING (fin.f(i)); GRANT SELECT ON api.q TO caller"
        ),
        "SELECT * FROM api.q",
        True,
    ),
    "an operator": (
        f"{_function()}; CREATE OPERATOR api.!! (rightarg = int, function = fin.f)",
        "SELECT OPERATOR(api.!!) 1",
        True,
    ),
    "a function of standard SQL": (
        (
            f"{_function()}; CREATE FUNCTION api.g() RETURNS int LANGUAGE sql"
            " BEGIN ATOMIC SELECT fin.f(1); END"
        ),
        "SELECT api.g()",
        True,
    ),
    "an aggregate, by its owner's EXECUTE": (
        "CREATE FUNCTION fin.f(s int, x int) RETURNS int "
        + _BODY.format("SECURITY DEFINER", "RETURN 1;")
        + "; ALTER FUNCTION fin.f(int, int) OWNER TO books;"
        " REVOKE EXECUTE ON FUNCTION fin.f(int, int) FROM PUBLIC;"
        " CREATE AGGREGATE api.total(int) (sfunc = fin.f, stype = int, initcond = '0');"
        " ALTER AGGREGATE api.total(int) OWNER TO books",
        "SELECT api.total(1)",
        True,
    ),
    "an event trigger": (
        "CREATE FUNCTION fin.e() RETURNS event_trigger "
        + _BODY.format("SECURITY DEFINER", "")
        + "; ALTER FUNCTION fin.e() OWNER TO books;"
        " CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION fin.e()",
        "CREATE TEMPORARY TABLE mine (i int)",
        True,
    ),
}
_PLAIN = (
    "CREATE FUNCTION lib.n() RETURNS {0} LANGUAGE plpgsql AS $$BEGIN RETURN {1}; END$$;"
    " ALTER FUNCTION lib.n() OWNER TO caller; GRANT USAGE, CREATE ON SCHEMA lib TO caller"
)
_TEXT, _TRUE = _PLAIN.format("text", "'x'"), _PLAIN.format("bool", "true")
#: What calls a function of the caller's, and what another role does then.
OWNED = {
    "a default": (
        f"{_TEXT}; ALTER TABLE fin.gl ALTER n SET DEFAULT lib.n()",
        "INSERT INTO fin.gl (a) VALUES (2)",
        True,
    ),
    "a default, and nowhere to redefine it": (
        (
            f"{_TEXT}; ALTER TABLE fin.gl ALTER n SET DEFAULT lib.n();"
            " REVOKE CREATE ON SCHEMA lib FROM caller"
        ),
        "INSERT INTO fin.gl (a) VALUES (2)",
        False,
    ),
    "a check": (
        f"{_TRUE}; ALTER TABLE api.q ADD CHECK (lib.n()); GRANT INSERT ON api.q TO loader",
        "INSERT INTO api.q VALUES (2)",
        True,
    ),
    "a view": (
        (
            f"{_TEXT}; CREATE VIEW api.v AS SELECT lib.n(); ALTER VIEW api.v OWNER TO books;"
            " GRANT SELECT ON api.v TO loader"
        ),
        _SELECT,
        True,
    ),
    "a view over that view": (
        (
            f"{_TEXT}; CREATE VIEW fin.v AS SELECT lib.n(); ALTER VIEW fin.v OWNER TO books;"
            " CREATE VIEW api.v AS SELECT * FROM fin.v; ALTER VIEW api.v OWNER TO books;"
            " GRANT SELECT ON api.v TO loader"
        ),
        _SELECT,
        True,
    ),
    "a policy": (
        (
            f"{_TRUE}; ALTER TABLE api.q ENABLE ROW LEVEL SECURITY;"
            " CREATE POLICY p ON api.q USING (lib.n()); GRANT SELECT ON api.q TO loader"
        ),
        "SELECT * FROM api.q",
        True,
    ),
}
#: Only one value fits each type; the text does the rest.
_SLY = "LANGUAGE plpgsql AS $$BEGIN UPDATE fin.gl SET a = 666; RETURN {0}; END$$"
_REDEFINED = (
    f"CREATE OR REPLACE FUNCTION lib.n() RETURNS text {_SLY.format(chr(39) + 'x' + chr(39))}",
    f"CREATE OR REPLACE FUNCTION lib.n() RETURNS bool {_SLY.format('true')}",
)


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    cluster.psql("postgres", "CREATE DATABASE called;")
    cluster.psql("called", _BASE)
    yield "called"
    roles = ("books", "caller", "loader")
    cluster.psql("called", "".join(f"DROP OWNED BY {role} CASCADE;" for role in roles))
    cluster.psql(
        "postgres", "DROP DATABASE called;" + "".join(f"DROP ROLE {role};" for role in roles)
    )


def tried(cluster: Cluster, database: str, *sessions: tuple[str, tuple[str, ...]]) -> bool:
    """Whether the ledger is another one after statements of some roles."""
    script = "\\set ON_ERROR_ROLLBACK on\nBEGIN;\n"
    for role, statements in sessions:
        script += f"SET SESSION AUTHORIZATION {role};\n"
        script += "".join(f"{one};\n" for one in statements) + "RESET SESSION AUTHORIZATION;\n"
    script += "SELECT count(*) FROM fin.gl WHERE a = 666;\nROLLBACK;\n"
    return int(cluster.psql(database, script, stop=False).split()[-1]) > 0


def said(cluster: Cluster, database: str, folder: Path) -> tuple[bool, bool]:
    """Whether the caller may, and whether it certainly can, change the ledger."""
    facts = list(source.read(exported(cluster, database, folder)))
    start = keys.Role(keys.database("postgres", database), "caller").text
    ledger = (keys.Dataset(keys.database("postgres", database), "fin", "gl").text, "ALTER")
    may, can = (
        ledger in Walker(facts, certain=certain, planted=True).held(start)
        for certain in (False, True)
    )
    return may, can


def exported(cluster: Cluster, database: str, folder: Path) -> Document:
    file = folder / f"{database}.postgres.json"
    file.write_text(cluster.export(EXPORT, database), encoding="utf-8")
    return Document(file, file.name)


@pytest.mark.parametrize("case", RUN)
def test_a_function_runs_without_usage_of_its_schema_by_what_calls_it(
    case: str, cluster: Cluster, database: str, tmp_path: Path
) -> None:
    made, does, expected = RUN[case]
    cluster.psql(database, f"{made};")
    truth = tried(cluster, database, ("caller", (does,)))
    assert (truth, *said(cluster, database, tmp_path)) == (expected, expected, False)


@pytest.mark.parametrize("case", OWNED)
def test_the_owner_of_a_function_runs_as_who_uses_what_calls_it(
    case: str, cluster: Cluster, database: str, tmp_path: Path
) -> None:
    made, does, expected = OWNED[case]
    cluster.psql(database, f"{made};")
    truth = tried(cluster, database, ("caller", _REDEFINED), ("loader", (does,)))
    assert (truth, *said(cluster, database, tmp_path)) == (expected, expected, False)


def test_the_owner_of_an_event_triggers_function_runs_as_a_superuser(
    cluster: Cluster, database: str, tmp_path: Path
) -> None:
    made = "CREATE FUNCTION lib.e() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN {0} END$$"
    cluster.psql(
        database,
        f"{made.format('')}; ALTER FUNCTION lib.e() OWNER TO caller;"
        " GRANT USAGE, CREATE ON SCHEMA lib TO caller;"
        " CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION lib.e();",
    )
    sly = "UPDATE fin.gl SET a = 666; EXCEPTION WHEN insufficient_privilege THEN NULL;"
    redefined = made.format(sly).replace("CREATE", "CREATE OR REPLACE")
    sessions = (("caller", (redefined,)), ("postgres", ("CREATE TEMPORARY TABLE t (i int)",)))
    assert tried(cluster, database, *sessions)
    assert said(cluster, database, tmp_path) == (True, False)


#: A right on what the server brings, and whether it is one on all the server holds.
SERVER = {
    "EXECUTE ON FUNCTION lo_export(oid, text)": True,
    "EXECUTE ON FUNCTION pg_read_file(text)": True,
    "EXECUTE ON FUNCTION pg_stat_reset()": False,
    "ALTER SYSTEM ON PARAMETER archive_command": True,
    "SET ON PARAMETER archive_command": False,
    "ALTER SYSTEM ON PARAMETER work_mem": False,
}


@pytest.mark.parametrize("right", SERVER)
def test_rights_on_the_servers_own_functions_and_settings_are_told(
    right: str, cluster: Cluster, database: str, tmp_path: Path
) -> None:
    """What the documentation says gains a superuser's rights; PostgreSQL grants each of them."""
    cluster.psql(database, f"GRANT {right} TO caller;")
    try:
        assert said(cluster, database, tmp_path) == (SERVER[right], False)
    finally:
        cluster.psql(database, f"REVOKE {right} FROM caller;")


def test_what_lies_behind_a_foreign_server_is_a_gap_for_who_writes_there(
    cluster: Cluster, database: str, tmp_path: Path
) -> None:
    cluster.psql(
        database,
        "CREATE EXTENSION file_fdw SCHEMA lib; CREATE SERVER far FOREIGN DATA WRAPPER file_fdw;"
        "CREATE FOREIGN TABLE api.x (a int) SERVER far OPTIONS (filename '/CANARY-not-a-secret');"
        "GRANT INSERT ON api.x TO loader; GRANT USAGE ON FOREIGN SERVER far TO caller;"
        "GRANT CREATE ON SCHEMA api TO caller;",
    )
    doc = exported(cluster, database, tmp_path)
    assert "CANARY" not in doc.text
    facts = list(source.read(doc))
    gaps = {one.at: one.states for one in facts if isinstance(one, Gap)}
    reached = {}
    for name in ("caller", "loader", "books"):
        held = Walker(facts, certain=False).held(
            keys.Role(keys.database("postgres", database), name).text
        )
        reached[name] = {at for at, states in gaps.items() for s in states if (at, s.name) in held}
    assert reached["caller"] == {"grant:postgres:called/use/far"}
    assert reached["loader"] == {"dataset:postgres:called.api.x"}
    assert "grant:postgres:called/use/far" not in reached["books"]

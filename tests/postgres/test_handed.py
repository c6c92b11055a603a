"""What a definer's function is handed and does as its owner: really tried, and said so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nhigraph.facts import keys
from nhigraph.ingest.document import Document
from nhigraph.sources import postgres as source
from tests.postgres.cluster import Cluster
from tests.postgres.comparison import EXPORT
from tests.postgres.walker import Walker

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]

_BASE = """
CREATE ROLE books; CREATE ROLE app; CREATE SCHEMA fin; GRANT USAGE ON SCHEMA fin TO books, app;
CREATE TABLE fin.gl (a int); ALTER TABLE fin.gl OWNER TO books; INSERT INTO fin.gl VALUES (1);
REVOKE TEMPORARY ON DATABASE handed FROM PUBLIC;
"""
_MADE = (
    "CREATE FUNCTION fin.f({}) RETURNS {} LANGUAGE {} SECURITY DEFINER"
    " SET search_path = pg_catalog, pg_temp AS $${}$$; ALTER FUNCTION fin.f OWNER TO {};"
)
_XML = _MADE.format("t text", "xml", "sql", "SELECT query_to_xml(t, true, true, '')", "books")
_FILE = _MADE.format("t text", "text", "sql", "SELECT pg_catalog.pg_read_file(t)", "{}")
_ENDS = _MADE.format("t int", "bool", "plpgsql", "BEGIN RETURN pg_terminate_backend(t); END", "{}")
_ANY = _MADE.format("x anyelement", "text", "plpgsql", "BEGIN RETURN x::text; END", "books")
_TEMPORARY = "GRANT TEMPORARY ON DATABASE handed TO app;"
_CAST = (
    "CREATE TYPE pg_temp.t AS (a int);"
    " CREATE FUNCTION pg_temp.c(pg_temp.t) RETURNS text LANGUAGE plpgsql"
    " AS $$BEGIN DELETE FROM fin.gl; RETURN 'x'; END$$;"
    " CREATE CAST (pg_temp.t AS text) WITH FUNCTION pg_temp.c(pg_temp.t);"
    " SELECT fin.f(row(1)::pg_temp.t);"
)
_COUNTED = "SELECT fin.f('SELECT count(*) + 41 AS n FROM fin.gl');"
_GL = ("gl", "READ")
_SERVER = ("server", "READ")
_HALT = ("gl", "HALT")
#: What is made, what app runs, what it prints that shows that it worked, and what app may have.
CASES = {
    "a query as text": (_XML, _COUNTED, "42", _GL),
    "a file of a superuser's": (
        _FILE.format("postgres"),
        "SELECT fin.f('PG_VERSION') ~ '^[0-9]' AS shown;",
        "t",
        _SERVER,
    ),
    "a file of somebody's": (_FILE.format("books"), "SELECT fin.f('PG_VERSION');", "", _SERVER),
    "a file by membership": (
        _FILE.format("books") + "GRANT pg_read_server_files TO books;"
        "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO pg_read_server_files;",
        "SELECT fin.f('PG_VERSION') ~ '^[0-9]' AS shown;",
        "t",
        _SERVER,
    ),
    "a session": (
        _ENDS.format("postgres"),
        "SELECT fin.f(pg_backend_pid() + 1000000) IS NOT NULL AS asked;",
        "t",
        _HALT,
    ),
    "a type of its own": (_ANY + _TEMPORARY, _CAST, "x", ("gl", "OMIT")),
    "a type of its own that it may not make": (_ANY, _CAST, "", ("gl", "OMIT")),
}


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    cluster.psql("postgres", "CREATE DATABASE handed;")
    yield "handed"
    cluster.psql("postgres", "DROP DATABASE handed; DROP ROLE books; DROP ROLE app;")


@pytest.mark.parametrize("case", CASES)
def test_what_is_handed_to_a_definers_function_is_done_as_its_owner(
    case: str, cluster: Cluster, database: str, tmp_path: Path
) -> None:
    made, run, shown, (where, state) = CASES[case]
    cluster.psql(database, _BASE + made)
    path = tmp_path / "handed.postgres.json"
    path.write_text(cluster.export(EXPORT, database), encoding="utf-8")
    facts = list(source.read(Document(path, path.name)))
    printed = cluster.psql(database, f"SET ROLE app; {run}", stop=False)
    worked = bool(shown) and shown in printed
    assert worked is bool(shown), printed

    home = keys.database("postgres", database)
    there = keys.Cluster(home) if where == "server" else keys.Dataset(home, "fin", where)
    app = keys.Role(home, "app").text
    held = [Walker(facts, certain=certain, planted=True).held(app) for certain in (True, False)]
    assert [(there.text, state) in one for one in held] == [False, worked]

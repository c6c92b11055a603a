"""Rows that a function locks: really tried, and said so."""

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
CREATE TABLE fin.gl (a int); CREATE TABLE fin.rate (a int, n int); CREATE TABLE fin.done (a int);
CREATE VIEW fin.shown AS SELECT a FROM fin.rate; ALTER VIEW fin.shown OWNER TO books;
GRANT SELECT ON fin.gl, fin.rate TO books; GRANT INSERT ON fin.done TO books;
"""
_POSTS = "INSERT INTO fin.done VALUES (1);"
_JOINED = "PERFORM 1 FROM fin.gl g JOIN fin.rate r ON true FOR UPDATE{};"
_RATE, _COLUMN = "GRANT UPDATE ON fin.rate TO books;", "GRANT UPDATE (n) ON fin.rate TO books;"
#: What the function does before it posts, what its owner was granted, and whether it posts.
CASES = {
    "without UPDATE": ("PERFORM a FROM fin.rate FOR UPDATE;", "", False),
    "with UPDATE of a column": ("PERFORM a FROM fin.rate FOR UPDATE;", _COLUMN, True),
    "for share": ("PERFORM a FROM fin.rate FOR SHARE;", "", False),
    "for key share, skipping": ("PERFORM a FROM fin.rate FOR KEY SHARE SKIP LOCKED;", "", False),
    "one of two": (_JOINED.format(" OF r"), _RATE, True),
    "the other of two": (_JOINED.format(" OF g"), _RATE, False),
    "both of two": (_JOINED.format(""), _RATE, False),
    "a subquery's": ("PERFORM 1 FROM (SELECT * FROM fin.rate) s FOR UPDATE;", "", False),
    "not a condition's": (
        "PERFORM 1 FROM fin.rate WHERE a IN (SELECT a FROM fin.gl) FOR UPDATE;",
        _RATE,
        True,
    ),
    "not those of WITH": (
        "WITH w AS (SELECT a FROM fin.rate) INSERT INTO fin.done SELECT a FROM w FOR UPDATE;",
        "",
        True,
    ),
    "in WITH": (
        "WITH w AS (SELECT a FROM fin.rate FOR UPDATE) INSERT INTO fin.done SELECT a FROM w;",
        "",
        False,
    ),
    "a loop's": ("FOR r IN SELECT a FROM fin.rate FOR UPDATE LOOP NULL; END LOOP;", "", False),
    "a loop's with UPDATE": (
        "FOR r IN SELECT a FROM fin.rate FOR UPDATE LOOP NULL; END LOOP;",
        _RATE,
        True,
    ),
    "a variable's": ("SELECT a INTO r FROM fin.rate FOR UPDATE;", "", False),
    "a view's": ("PERFORM a FROM fin.shown FOR UPDATE;", "", False),
}


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    cluster.psql("postgres", "CREATE DATABASE locks;")
    yield "locks"
    cluster.psql("postgres", "DROP DATABASE locks; DROP ROLE books; DROP ROLE app;")


@pytest.mark.parametrize("case", CASES)
def test_a_lock_asks_for_update(
    case: str, cluster: Cluster, database: str, tmp_path: Path
) -> None:
    body, granted, posts = CASES[case]
    made = (
        "CREATE FUNCTION fin.post() RETURNS void LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = fin, pg_temp"
        f" AS $$DECLARE r record; BEGIN {body} {_POSTS} END$$;"
        " ALTER FUNCTION fin.post() OWNER TO books;"
    )
    cluster.psql(database, _BASE + granted + made)
    path = tmp_path / "locks.postgres.json"
    path.write_text(cluster.export(EXPORT, database), encoding="utf-8")
    facts = list(source.read(Document(path, path.name)))
    cluster.psql(database, "SET ROLE app; SELECT fin.post();", stop=False)
    assert (int(cluster.psql(database, "SELECT count(*) FROM fin.done;")) > 0) is posts

    home = keys.database("postgres", database)
    app, done = keys.Role(home, "app").text, keys.Dataset(home, "fin", "done").text
    held = [Walker(facts, certain=certain).held(app) for certain in (True, False)]
    assert [(done, "ALTER") in one for one in held] == [posts, posts]

"""Who makes what a security definer's names find runs as its owner: really tried, and said so."""

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
CREATE ROLE books; CREATE ROLE caller;
CREATE SCHEMA fin AUTHORIZATION books; CREATE SCHEMA api AUTHORIZATION books;
CREATE SCHEMA team AUTHORIZATION books;
GRANT USAGE ON SCHEMA api TO caller;
CREATE TABLE fin.gl (a int); ALTER TABLE fin.gl OWNER TO books; INSERT INTO fin.gl VALUES (1);
CREATE TABLE api.log (t text); ALTER TABLE api.log OWNER TO books;
REVOKE CREATE, TEMPORARY ON DATABASE lookup FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
"""
_FIRED = "LANGUAGE plpgsql AS $$BEGIN UPDATE fin.gl SET a = 666; RETURN NEW; END$$"
_TRIGGER = (
    f"CREATE FUNCTION {{0}}.fired() RETURNS trigger {_FIRED}",
    "CREATE TRIGGER fired BEFORE INSERT ON {0}.log FOR EACH ROW EXECUTE FUNCTION {0}.fired()",
)
_SLY = "LANGUAGE plpgsql AS $$BEGIN UPDATE fin.gl SET a = 666; RETURN ''; END$$"
_ADDS = "LANGUAGE plpgsql AS $$BEGIN UPDATE fin.gl SET a = 666; RETURN 0; END$$"
#: What a caller makes in one schema for a name to find; each statement may fail by itself.
_MADE = (
    "CREATE TABLE {0}.log (t text)",
    "GRANT ALL ON {0}.log TO PUBLIC",
    *_TRIGGER,
    f"CREATE FUNCTION {{0}}.sly() RETURNS text {_SLY}",
    "CREATE VIEW {0}.rates AS SELECT {0}.sly() AS t",
    "GRANT ALL ON {0}.rates TO PUBLIC",
    f"CREATE FUNCTION {{0}}.upper(text) RETURNS text {_SLY}",
    f"CREATE FUNCTION {{0}}.add(int, int) RETURNS int {_ADDS}",
    "CREATE OPERATOR {0}.+ (leftarg = int, rightarg = int, function = {0}.add)",
    f"CREATE FUNCTION {{0}}.lower(varchar) RETURNS text {_SLY}",
)
_WAYS = (
    *("CREATE SCHEMA own", "GRANT USAGE ON SCHEMA own TO PUBLIC"),
    *(way.format(schema) for schema in ("pg_temp", "own", "team") for way in _MADE),
)

_TEMPORARY = "GRANT TEMPORARY ON DATABASE lookup TO caller"
_SCHEMA = "GRANT CREATE ON DATABASE lookup TO caller"
_TEAM = "GRANT CREATE, USAGE ON SCHEMA team TO caller"
_INSERT, _READ = "INSERT INTO log VALUES ('x')", "SELECT t INTO x FROM rates"
_BOTH = "INSERT INTO api.log VALUES ('x')"

#: What the function does, its path, what its caller was granted; whether it comes to the ledger.
CASES = {
    "a relation, and nothing can be made": (_INSERT, None, "", False),
    "a relation and a temporary one": (_INSERT, None, _TEMPORARY, True),
    "a view instead of a relation": (_READ, None, _TEMPORARY, True),
    "a path does not keep pg_temp out": (_INSERT, "api", _TEMPORARY, True),
    "an empty path does not keep it out": (_INSERT, "''", _TEMPORARY, True),
    "a path that ends with pg_temp": (_INSERT, "api, pg_temp", _TEMPORARY, False),
    "a relation with its schema": (_BOTH, None, _TEMPORARY, False),
    "a relation with its schema, by who makes schemas": (_BOTH, None, _SCHEMA, False),
    "a function without a path": ("x := upper(y)", None, _SCHEMA, True),
    "no function is temporary": ("x := upper(y)", None, _TEMPORARY, False),
    "an operator without a path": ("z := z + 1", None, _SCHEMA, True),
    "a function with its schema": ("x := pg_catalog.upper(y)", None, _SCHEMA, False),
    "a function with a path": ("x := upper(y)", "api", _SCHEMA, False),
    "a function that fits better in a shared schema": ("x := lower(v)", "team", _TEAM, True),
    "a relation in a shared schema before its own": (_INSERT, "team, api, pg_temp", _TEAM, True),
    "a relation in a shared schema behind its own": (_INSERT, "api, team, pg_temp", _TEAM, False),
}


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    cluster.psql("postgres", "CREATE DATABASE lookup;")
    cluster.psql("lookup", _BASE)
    yield "lookup"
    cluster.psql("postgres", "DROP DATABASE lookup; DROP ROLE books; DROP ROLE caller;")


def _tried(cluster: Cluster, database: str) -> bool:
    ways = "".join(f"{way};\n" for way in _WAYS)
    calls = "SELECT api.f();\nSET search_path = own, team, pg_catalog;\nSELECT api.f();\n"
    script = (
        f"\\set ON_ERROR_ROLLBACK on\nBEGIN;\nSET SESSION AUTHORIZATION caller;\n{ways}{calls}"
        "RESET SESSION AUTHORIZATION;\nSELECT count(*) FROM fin.gl WHERE a = 666;\nROLLBACK;\n"
    )
    return int(cluster.psql(database, script, stop=False).split()[-1]) > 0


@pytest.mark.parametrize("case", CASES)
def test_what_a_definers_text_finds_is_anybodys_who_can_make_it(
    case: str, cluster: Cluster, database: str, tmp_path: Path
) -> None:
    does, path, granted, expected = CASES[case]
    how = "" if path is None else f"SET search_path = {path}"
    cluster.psql(
        database,
        f"CREATE FUNCTION api.f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER {how} AS $$"
        f"DECLARE x text; y text; v varchar; z int; BEGIN {does}; END$$;"
        f"ALTER FUNCTION api.f() OWNER TO books; {granted};",
    )
    truth = _tried(cluster, database)
    file = tmp_path / "lookup.postgres.json"
    file.write_text(cluster.export(EXPORT, database), encoding="utf-8")
    facts = list(source.read(Document(file, file.name)))
    start = keys.Role(keys.database("postgres", database), "caller").text
    ledger = (keys.Dataset(keys.database("postgres", database), "fin", "gl").text, "ALTER")
    said = [
        ledger in Walker(facts, certain=certain, planted=True).held(start)
        for certain in (False, True)
    ]
    assert (truth, *said) == (expected, expected, False)

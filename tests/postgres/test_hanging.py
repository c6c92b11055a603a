"""Whoever owns what others' relations hang on takes them along: really tried, and said so."""

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

_ROLES = ("books", "dev", "other")
_BASE = """
CREATE ROLE books; CREATE ROLE dev; CREATE ROLE other;
CREATE SCHEMA fin AUTHORIZATION books; CREATE SCHEMA lib; CREATE SCHEMA own AUTHORIZATION dev;
GRANT USAGE ON SCHEMA lib TO dev; GRANT USAGE ON SCHEMA fin TO dev;
CREATE TABLE fin.gl (a int, n text); ALTER TABLE fin.gl OWNER TO books;
INSERT INTO fin.gl VALUES (1, 'x');
"""
_ENUM = (
    "CREATE TYPE {0}.state AS ENUM ('open', 'paid'); ALTER TYPE {0}.state OWNER TO {1};"
    " ALTER TABLE fin.gl ADD s {0}.state DEFAULT 'open';"
)
_FUNCTION = (
    "CREATE FUNCTION {0}.f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1';"
    " ALTER FUNCTION {0}.f(int) OWNER TO {1};"
)
_VIEW = "CREATE VIEW fin.v AS {}; ALTER VIEW fin.v OWNER TO books;"
_GENERATED = "ALTER TABLE fin.gl ADD g int GENERATED ALWAYS AS ({}.f(a)) STORED;"
_HEIR = (
    "CREATE TABLE {0}.root (a int); ALTER TABLE {0}.root OWNER TO {1};"
    " CREATE TABLE fin.leaf () INHERITS ({0}.root); ALTER TABLE fin.leaf OWNER TO books;"
    " INSERT INTO fin.leaf VALUES (1);"
)
_RENAME = "ALTER TYPE {}.state RENAME VALUE 'open' TO 'void'"
_ALL = "DROP OWNED BY dev CASCADE"
CAN, MAY, NO = (True, True), (False, True), (False, False)

#: What is made, what dev runs, on which relation that is seen, and what is told of it.
CASES = {
    "an enumeration's values": (_ENUM.format("lib", "dev"), _RENAME.format("lib"), "gl", CAN),
    "an enumeration of others": (_ENUM.format("lib", "other"), _RENAME.format("lib"), "gl", NO),
    "an enumeration that has no name": (
        _ENUM.format("lib", "dev") + "REVOKE USAGE ON SCHEMA lib FROM dev;",
        _RENAME.format("lib"),
        "gl",
        NO,
    ),
    "an enumeration in an array of a row": (
        _ENUM.format("lib", "dev")
        + "CREATE TYPE lib.line AS (s lib.state[]); CREATE TABLE fin.l (r lib.line);"
        " INSERT INTO fin.l VALUES (row(ARRAY['open'::lib.state]));"
        " ALTER TABLE fin.l OWNER TO books;",
        _RENAME.format("lib"),
        "l",
        CAN,
    ),
    "a type": (_ENUM.format("lib", "dev"), "DROP TYPE lib.state CASCADE", "gl", CAN),
    "a type by its schema": (_ENUM.format("own", "other"), "DROP SCHEMA own CASCADE", "gl", CAN),
    "a domain that has no name": (
        (
            "CREATE DOMAIN lib.d AS int; ALTER DOMAIN lib.d OWNER TO dev;"
            " ALTER TABLE fin.gl ADD d lib.d; REVOKE USAGE ON SCHEMA lib FROM dev;"
        ),
        _ALL,
        "gl",
        MAY,
    ),
    "a table whose rows are values": (
        (
            "CREATE TABLE lib.t (x int); ALTER TABLE lib.t OWNER TO dev;"
            " ALTER TABLE fin.gl ADD r lib.t;"
        ),
        "DROP TABLE lib.t CASCADE",
        "gl",
        CAN,
    ),
    "a collation": (
        (
            "CREATE COLLATION lib.c (locale = 'C'); ALTER COLLATION lib.c OWNER TO dev;"
            " ALTER TABLE fin.gl ALTER n TYPE text COLLATE lib.c;"
        ),
        "DROP COLLATION lib.c CASCADE",
        "gl",
        CAN,
    ),
    "an extension of its own": (
        (
            "GRANT CREATE ON DATABASE hanging TO dev; SET ROLE dev;"
            " CREATE EXTENSION citext SCHEMA own; RESET ROLE;"
            " ALTER TABLE fin.gl ALTER n TYPE own.citext;"
        ),
        "DROP EXTENSION citext CASCADE",
        "gl",
        CAN,
    ),
    "a function that generates": (
        _FUNCTION.format("lib", "dev") + _GENERATED.format("lib"),
        "DROP FUNCTION lib.f CASCADE",
        "gl",
        CAN,
    ),
    "a function of others that generates": (
        _FUNCTION.format("lib", "other") + _GENERATED.format("lib"),
        "DROP FUNCTION lib.f CASCADE",
        "gl",
        NO,
    ),
    "a function of a view": (
        _FUNCTION.format("lib", "dev") + _VIEW.format("SELECT lib.f(a) FROM fin.gl"),
        "DROP FUNCTION lib.f CASCADE",
        "v",
        CAN,
    ),
    "a type of a function of a view": (
        "CREATE TYPE lib.t AS ENUM ('a'); ALTER TYPE lib.t OWNER TO dev;"
        " CREATE FUNCTION fin.f(lib.t) RETURNS int LANGUAGE sql AS 'SELECT 1';"
        " ALTER FUNCTION fin.f(lib.t) OWNER TO books;" + _VIEW.format("SELECT fin.f('a')"),
        "DROP TYPE lib.t CASCADE",
        "v",
        CAN,
    ),
    "a sequence of a view": (
        "CREATE SEQUENCE lib.s; ALTER SEQUENCE lib.s OWNER TO dev; GRANT SELECT ON lib.s TO books;"
        + _VIEW.format("SELECT last_value FROM lib.s"),
        "DROP SEQUENCE lib.s CASCADE",
        "v",
        CAN,
    ),
    "a sequence of a default": (
        (
            "CREATE SEQUENCE lib.s; ALTER SEQUENCE lib.s OWNER TO dev;"
            " ALTER TABLE fin.gl ALTER a SET DEFAULT nextval('lib.s');"
        ),
        "DROP SEQUENCE lib.s CASCADE",
        "gl",
        NO,
    ),
    "a parent": (_HEIR.format("lib", "dev"), "DROP TABLE lib.root CASCADE", "leaf", CAN),
    "a parent by its schema": (
        _HEIR.format("own", "other"),
        "DROP SCHEMA own CASCADE",
        "leaf",
        CAN,
    ),
    "a table that is referred to": (
        (
            "CREATE TABLE lib.t (x int PRIMARY KEY); ALTER TABLE lib.t OWNER TO dev;"
            " ALTER TABLE fin.gl ADD FOREIGN KEY (a) REFERENCES lib.t NOT VALID;"
        ),
        "DROP TABLE lib.t CASCADE",
        "gl",
        NO,
    ),
    "a foreign table's server": (
        (
            "CREATE EXTENSION file_fdw; CREATE SERVER far FOREIGN DATA WRAPPER file_fdw;"
            " ALTER SERVER far OWNER TO dev; CREATE FOREIGN TABLE fin.f (a text) SERVER far"
            " OPTIONS (program 'echo 1'); ALTER FOREIGN TABLE fin.f OWNER TO books;"
        ),
        "DROP SERVER far CASCADE",
        "f",
        CAN,
    ),
}


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    cluster.psql("postgres", "CREATE DATABASE hanging;")
    yield "hanging"
    cluster.psql("postgres", "DROP DATABASE hanging;" + "".join(f"DROP ROLE {r};" for r in _ROLES))


def _tried(cluster: Cluster, database: str, statement: str, relation: str) -> bool:
    """Whether what the relation shows is other than before."""
    shown = f"SELECT to_json(t) FROM fin.{relation} t;"
    script = (
        f"\\set ON_ERROR_ROLLBACK on\nBEGIN;\n{shown}\n\\echo @\n"
        f"SET ROLE dev;\n{statement};\nRESET ROLE;\n{shown}\nROLLBACK;\n"
    )
    before, _, after = cluster.psql(database, script, stop=False).partition("@\n")
    assert before
    return before != after


@pytest.mark.parametrize("case", CASES)
def test_what_goes_with_what_it_hangs_on_is_its_owners(
    case: str, cluster: Cluster, database: str, tmp_path: Path
) -> None:
    made, statement, relation, told = CASES[case]
    cluster.psql(database, _BASE + made)
    path = tmp_path / "hanging.postgres.json"
    path.write_text(cluster.export(EXPORT, database), encoding="utf-8")
    facts = list(source.read(Document(path, path.name)))
    assert _tried(cluster, database, statement, relation) is any(told)

    state = "ALTER" if "RENAME VALUE" in statement else "OMIT"
    there = (keys.Dataset(keys.database("postgres", database), "fin", relation).text, state)
    dev = keys.Role(keys.database("postgres", database), "dev").text
    held = [Walker(facts, certain=certain).held(dev) for certain in (True, False)]
    assert tuple(there in one for one in held) == told

"""Who owns a function that a trigger calls runs as whoever writes: really tried, and said so."""

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

_ROLES = ("books", "dev", "loader")
_BASE = """
CREATE ROLE books; CREATE ROLE dev; CREATE ROLE loader;
CREATE SCHEMA fin AUTHORIZATION books; CREATE SCHEMA lib AUTHORIZATION books;
GRANT USAGE ON SCHEMA fin TO loader;
CREATE TABLE fin.inbox (a int); CREATE TABLE fin.gl (a int); CREATE TABLE fin.log (a int);
ALTER TABLE fin.inbox OWNER TO books; ALTER TABLE fin.gl OWNER TO books;
ALTER TABLE fin.log OWNER TO books;
GRANT INSERT ON fin.inbox, fin.gl TO loader;
CREATE FUNCTION lib.stamp() RETURNS trigger LANGUAGE plpgsql {how} AS
  $$BEGIN NEW.a := pick(NEW.a); RETURN NEW; END$$;
CREATE FUNCTION lib.pick(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
ALTER FUNCTION lib.stamp() SET search_path = lib;
ALTER FUNCTION lib.stamp() OWNER TO {owner};
CREATE TRIGGER stamp BEFORE INSERT ON fin.inbox FOR EACH ROW EXECUTE FUNCTION lib.stamp();
REVOKE CREATE, TEMPORARY ON DATABASE owners FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
"""
_EVIL = "INSERT INTO fin.gl VALUES (666);"
_TEXT = f"RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {_EVIL} RETURN NEW; END$$"
#: Ways in which an owner changes what the trigger does, each by itself.
_WAYS = (
    f"CREATE OR REPLACE FUNCTION lib.stamp() {_TEXT}",
    "CREATE SCHEMA own",
    "ALTER FUNCTION lib.stamp() SET SCHEMA own",
    f"CREATE OR REPLACE FUNCTION own.stamp() {_TEXT}",
    (
        "CREATE FUNCTION own.pick(int) RETURNS int LANGUAGE plpgsql AS"
        f" $$BEGIN {_EVIL} RETURN 1; END$$"
    ),
    "GRANT USAGE ON SCHEMA own TO PUBLIC",
    "ALTER FUNCTION lib.stamp() SET search_path = own",
)

#: How the function is made, who owns it, what dev is granted; whether dev comes to run as loader.
CASES = {
    "nothing but the function": ("", "dev", "", False),
    "the schema's name": ("", "dev", "GRANT USAGE ON SCHEMA lib TO dev", False),
    "CREATE on its schema alone": ("", "dev", "GRANT CREATE ON SCHEMA lib TO dev", True),
    "both on its schema": ("", "dev", "GRANT USAGE, CREATE ON SCHEMA lib TO dev", True),
    "a schema of its own": (
        *("", "dev"),
        "GRANT USAGE ON SCHEMA lib TO dev; GRANT CREATE ON DATABASE owners TO dev",
        True,
    ),
    "a schema of its own without the function's name": (
        *("", "dev", "GRANT CREATE ON DATABASE owners TO dev"),
        False,
    ),
    "a function that runs as its owner today": (
        *("SECURITY DEFINER", "dev", "GRANT USAGE, CREATE ON SCHEMA lib TO dev"),
        True,
    ),
    "a function of the table's owner": (
        *("", "books", "GRANT USAGE, CREATE ON SCHEMA lib TO dev"),
        False,
    ),
}


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    cluster.psql("postgres", "CREATE DATABASE owners;")
    yield "owners"
    cluster.psql("postgres", "DROP DATABASE owners;" + "".join(f"DROP ROLE {r};" for r in _ROLES))


def _tried(cluster: Cluster, database: str) -> bool:
    """Whether a row of dev's making stands in a table it may not write, after loader wrote."""
    ways = "".join(f"{way};\n" for way in _WAYS)
    script = (
        f"\\set ON_ERROR_ROLLBACK on\nBEGIN;\nSET ROLE dev;\n{ways}RESET ROLE;\n"
        "SET ROLE loader;\nINSERT INTO fin.inbox VALUES (1);\nRESET ROLE;\n"
        "SELECT count(*) FROM fin.gl WHERE a = 666;\nROLLBACK;\n"
    )
    return int(cluster.psql(database, script, stop=False).split()[-1]) > 0


@pytest.mark.parametrize("case", CASES)
def test_the_owner_of_a_triggers_function_runs_as_who_writes_where_it_can_make_anything(
    case: str, cluster: Cluster, database: str, tmp_path: Path
) -> None:
    how, owner, granted, expected = CASES[case]
    cluster.psql(database, _BASE.format(how=how, owner=owner) + f"{granted};")
    truth = _tried(cluster, database)
    path = tmp_path / "owners.postgres.json"
    path.write_text(cluster.export(EXPORT, database), encoding="utf-8")
    facts = list(source.read(Document(path, path.name)))
    held = Walker(facts, certain=False, planted=True).held(
        keys.Role(keys.database("postgres", database), "dev").text
    )
    loader = (keys.Role(keys.database("postgres", database), "loader").text, "CONTROL")
    ledger = (keys.Dataset(keys.database("postgres", database), "fin", "gl").text, "ALTER")
    assert (truth, loader in held, ledger in held) == (expected, expected, expected)


#: What the trigger's function is, and whether it is told where the rows go on to.
TEXTS = {
    "dynamic": (
        "LANGUAGE plpgsql AS $$BEGIN EXECUTE 'INSERT INTO fin.log VALUES (1)'; RETURN NEW; END$$",
        False,
    ),
    "plain": ("LANGUAGE plpgsql AS $$BEGIN NEW.a := 1; RETURN NEW; END$$", True),
    "written": (
        "LANGUAGE plpgsql AS $$BEGIN INSERT INTO fin.log VALUES (NEW.a); RETURN NEW; END$$",
        True,
    ),
}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("how", ["", "SECURITY DEFINER "])
def test_a_trigger_that_cannot_be_read_is_a_gap_at_its_table(
    text: str, how: str, cluster: Cluster, database: str, tmp_path: Path
) -> None:
    body, told = TEXTS[text]
    cluster.psql(database, _BASE.format(how="", owner="books"))
    cluster.psql(database, "DROP TRIGGER stamp ON fin.inbox;")
    cluster.psql(
        database,
        f"CREATE FUNCTION lib.carry() RETURNS trigger {how}{body};"
        "CREATE TRIGGER carry BEFORE INSERT ON fin.inbox FOR EACH ROW"
        " EXECUTE FUNCTION lib.carry();"
        "CREATE TRIGGER quiet BEFORE UPDATE ON fin.inbox FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger();",
    )
    path = tmp_path / "owners.postgres.json"
    path.write_text(cluster.export(EXPORT, database), encoding="utf-8")
    gaps = [fact for fact in source.read(Document(path, path.name)) if isinstance(fact, Gap)]
    inbox = keys.Dataset(keys.database("postgres", database), "fin", "inbox").text
    found = [(gap.at, [state.name for state in gap.states]) for gap in gaps]
    assert found == ([] if told else [(inbox, ["ALTER", "OMIT", "HALT"])])

"""What triggers, keys and guarded functions do for one role: really tried, and said so.

Each case is a schema of its own in one database. ``app`` runs its statement in a session of its
own; whether rows of ``dst`` changed is the truth, and what the facts say must agree with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from nhigraph.facts.facts import Fact
from nhigraph.ingest.document import Document
from nhigraph.sources import postgres as source
from tests.postgres.cluster import Cluster
from tests.postgres.comparison import EXPORT
from tests.postgres.walker import Walker

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]

CAN, MAY, NO = (True, True), (False, True), (False, False)
_BASE = """
CREATE SCHEMA {0}; GRANT USAGE ON SCHEMA {0} TO app; SET search_path = {0};
CREATE TABLE dst (id int UNIQUE, amount int); INSERT INTO dst VALUES (1, 5);
CREATE TABLE src (id int PRIMARY KEY, note text); INSERT INTO src VALUES (1, 'a');
"""
_TRIGGER = (
    "CREATE FUNCTION fires() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
    " SET search_path = {0} AS $$BEGIN {1} END$$;"
    " REVOKE EXECUTE ON FUNCTION fires() FROM PUBLIC;"
    " CREATE TRIGGER t {2} EXECUTE FUNCTION fires(); GRANT {3} TO app;"
)
_CALLED = (
    "CREATE FUNCTION book() RETURNS void LANGUAGE plpgsql SECURITY DEFINER"
    " SET search_path = {0} AS $$BEGIN {1} END$$;"
)
_BOOKS = "INSERT INTO dst VALUES (2, 9);"
_ROW = "{} ON src FOR EACH ROW"


@dataclass(frozen=True)
class Case:
    """What is made, what app runs, whether that changes ``dst``, and what is told."""

    made: str
    run: str
    changes: bool
    told: tuple[bool, bool]


def fired(body: str, when: str, granted: str, run: str, *truth: Any) -> Case:  # noqa: ANN401 - as in Case
    """A definer's trigger on ``src``, or as ``when`` has it."""
    text = _TRIGGER.replace("{1}", body).replace("{2}", when).replace("{3}", granted)
    return Case(text, run, *truth)


def called(body: str, *truth: Any) -> Case:  # noqa: ANN401 - as in Case
    """A definer's function that everybody may call."""
    return Case(_CALLED.replace("{1}", body), "SELECT {0}.book()", *truth)


def partitioned(when: str, *truth: Any, at: str = "src", run: str = "INSERT INTO") -> Case:  # noqa: ANN401 - as in Case
    """A trigger on ``src``, which is partitioned, or on its partition."""
    made = (
        "DROP TABLE src; CREATE TABLE src (id int, note text) PARTITION BY LIST (id);"
        "CREATE TABLE leaf PARTITION OF src DEFAULT;"
    )
    right = run.partition(" ")[0]
    one = fired(f"{_BOOKS} RETURN NULL;", f"AFTER {when}", f"{right} ON {at}", "", *truth)
    values = " VALUES (7, 'b')" if right == "INSERT" else ""
    return Case(made + one.made, f"{run} {{0}}.{at}{values}", *truth)


_INSERT, _INSERTS = "INSERT ON src", "INSERT INTO {0}.src VALUES (7, 'b')"
_UPDATE, _UPDATES = "SELECT, UPDATE ON src", "UPDATE {0}.src SET note = 'b'"
_KEY = "CREATE TABLE line (id int REFERENCES src {}, amount int); DROP TABLE dst;"
_LINE = " ALTER TABLE line RENAME TO dst; INSERT INTO dst VALUES (1, 5);"
_ANY = _ROW.format("AFTER INSERT OR UPDATE OR DELETE")
_SPLIT = f"IF TG_OP = 'INSERT' THEN {_BOOKS} RETURN NEW; ELSIF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;"  # noqa: E501
_UPSERT = (
    "BEGIN INSERT INTO dst VALUES (1, 9); RETURN NEW;"
    " EXCEPTION WHEN unique_violation THEN UPDATE dst SET amount = 9; RETURN NEW; END;"
)
_KEPT = "SELECT, INSERT, UPDATE ON dst"
_SETS = "UPDATE {0}.dst SET amount = 9"

CASES = {
    # Keys.
    "on update cascade, all columns": Case(
        _KEY.format("ON UPDATE CASCADE") + _LINE + f"GRANT {_UPDATE} TO app;",
        "UPDATE {0}.src SET id = 8", True, CAN),
    "on update cascade, the key's column": Case(
        _KEY.format("ON UPDATE CASCADE") + _LINE + "GRANT UPDATE (id) ON src TO app;",
        "UPDATE {0}.src SET id = 8", True, CAN),
    "on update cascade, another column": Case(
        _KEY.format("ON UPDATE CASCADE") + _LINE + "GRANT UPDATE (note) ON src TO app;",
        "UPDATE {0}.src SET note = 'b'", False, MAY),
    "on update set null": Case(
        _KEY.format("ON UPDATE SET NULL") + _LINE + f"GRANT {_UPDATE} TO app;",
        "UPDATE {0}.src SET id = 8", True, CAN),
    "on update no action": Case(
        _KEY.format("") + _LINE + f"DELETE FROM dst; GRANT {_UPDATE} TO app;",
        "UPDATE {0}.src SET id = 8", False, NO),
    "a chain of keys": Case(
        "CREATE TABLE mid (id int UNIQUE REFERENCES src ON UPDATE CASCADE); DROP TABLE dst;"
        "CREATE TABLE dst (id int REFERENCES mid (id) ON UPDATE CASCADE, amount int);"
        f"INSERT INTO mid VALUES (1); INSERT INTO dst VALUES (1, 5); GRANT {_UPDATE} TO app;",
        "UPDATE {0}.src SET id = 8", True, CAN),
    "a key to a partitioned table, at a partition": Case(
        "DROP TABLE src, dst; CREATE TABLE src (id int PRIMARY KEY) PARTITION BY LIST (id);"
        "CREATE TABLE leaf PARTITION OF src DEFAULT; INSERT INTO src VALUES (1);"
        "CREATE TABLE dst (id int REFERENCES src ON DELETE SET NULL, amount int);"
        "INSERT INTO dst VALUES (1, 5); GRANT SELECT, DELETE ON leaf TO app;",
        "DELETE FROM {0}.leaf", True, CAN),
    # Partitions: a statement on the parent fires its own statement triggers, and rows' of each.
    "a partition's rows, by its parent": partitioned("INSERT ON leaf FOR EACH ROW", True, CAN),
    "a partition's statement, by its parent": partitioned(
        "INSERT ON leaf FOR EACH STATEMENT", False, MAY),
    "the parent's statement, by the parent": partitioned(
        "INSERT ON src FOR EACH STATEMENT", True, CAN),
    "the parent's rows, by a partition": partitioned(
        "INSERT ON src FOR EACH ROW", True, CAN, at="leaf"),
    "the parent's statement, by a partition": partitioned(
        "INSERT ON src FOR EACH STATEMENT", False, MAY, at="leaf"),
    "a partition's truncation, by its parent": partitioned(
        "TRUNCATE ON leaf FOR EACH STATEMENT", True, CAN, run="TRUNCATE"),
    # What a trigger waits for.
    "any event": fired(f"{_BOOKS} RETURN NULL;", _ANY, _INSERT, _INSERTS, True, CAN),
    "its event": fired(_SPLIT, _ANY, _INSERT, _INSERTS, True, CAN),
    "another event": fired(_SPLIT, _ANY, _UPDATE, _UPDATES, False, MAY),
    "left before, for its event": fired(
        f"IF TG_OP IN ('UPDATE', 'DELETE') THEN RETURN NULL; END IF; {_BOOKS} RETURN NULL;",
        _ANY, _UPDATE, _UPDATES, False, MAY),
    "left before, for another": fired(
        f"IF TG_OP IN ('UPDATE', 'DELETE') THEN RETURN NULL; END IF; {_BOOKS} RETURN NULL;",
        _ANY, _INSERT, _INSERTS, True, CAN),
    "a condition on the row beside": fired(
        f"IF TG_OP = 'INSERT' AND NEW.note <> 'b' THEN {_BOOKS} END IF; RETURN NULL;",
        _ANY, _INSERT, _INSERTS, False, MAY),
    "not its event": fired(
        f"IF NOT (TG_OP = 'INSERT' OR 'DELETE' = TG_OP) THEN {_BOOKS} END IF; RETURN NULL;",
        _ANY, _UPDATE, _UPDATES, True, CAN),
    "a case of events": fired(
        f"CASE TG_OP WHEN 'DELETE', 'UPDATE' THEN RETURN NULL; ELSE {_BOOKS} END CASE;"
        " RETURN NULL;",
        _ANY, _INSERT, _INSERTS, True, CAN),
    "an upsert by a handler": fired(_UPSERT, _ANY, _INSERT, _INSERTS, True, CAN),
    "a condition of its own": fired(
        f"{_BOOKS} RETURN NULL;", f"{_ROW.format('AFTER INSERT')} WHEN (NEW.note <> 'b')",
        _INSERT, _INSERTS, False, MAY),
    "of a column that is set": fired(
        f"{_BOOKS} RETURN NULL;", _ROW.format("AFTER UPDATE OF note"), _UPDATE, _UPDATES, True,
        CAN),
    "of a column that is not granted": fired(
        f"{_BOOKS} RETURN NULL;", _ROW.format("AFTER UPDATE OF id"), "UPDATE (note) ON src",
        _UPDATES, False, MAY),
    # What leaves a row out.
    "nothing is returned before a row": fired(
        "RETURN NULL;", "BEFORE INSERT OR UPDATE ON dst FOR EACH ROW", _KEPT, _SETS, False, MAY),
    "the old row is returned": fired(
        "RETURN OLD;", "BEFORE UPDATE ON dst FOR EACH ROW", _KEPT.replace("INSERT, ", ""), _SETS,
        False, MAY),
    "the new row is the old one": fired(
        "NEW := OLD; RETURN NEW;", "BEFORE UPDATE ON dst FOR EACH ROW",
        _KEPT.replace("INSERT, ", ""), _SETS, False, MAY),
    "the row is stamped": fired(
        "NEW.id := 3; RETURN NEW;", "BEFORE UPDATE ON dst FOR EACH ROW",
        _KEPT.replace("INSERT, ", ""), _SETS, True, CAN),
    "whichever row there is": fired(
        "RETURN COALESCE(NEW, OLD);", "BEFORE UPDATE OR DELETE ON dst FOR EACH ROW",
        _KEPT.replace("INSERT, ", ""), _SETS, True, CAN),
    "nothing is returned after a row": fired(
        "RETURN NULL;", "AFTER UPDATE ON dst FOR EACH ROW", _KEPT.replace("INSERT, ", ""), _SETS,
        True, CAN),
    "nothing is returned before a statement": fired(
        "RETURN NULL;", "BEFORE UPDATE ON dst FOR EACH STATEMENT",
        _KEPT.replace("INSERT, ", ""), _SETS, True, CAN),
    # Functions that are called.
    "nothing before it": called(_BOOKS, True, CAN),
    "a guard that raises": called(
        f"IF session_user <> 'boss' THEN RAISE EXCEPTION 'no'; END IF; {_BOOKS}", False, MAY),
    "a guard that returns": called(
        f"IF session_user <> 'boss' THEN RETURN; END IF; {_BOOKS}", False, MAY),
    "an error behind it": called(f"{_BOOKS} RAISE EXCEPTION 'x';", False, MAY),
    "an error that is handled": called(
        f"BEGIN {_BOOKS} RAISE EXCEPTION 'x'; EXCEPTION WHEN OTHERS THEN NULL; END;", False, MAY),
    "an error handed on": called(
        f"BEGIN {_BOOKS} EXCEPTION WHEN OTHERS THEN RAISE; END;", True, CAN),
    "a word that is no error": called(f"RAISE NOTICE 'x'; {_BOOKS}", True, CAN),
    "behind a loop that is left": called(
        f"LOOP EXIT WHEN true; END LOOP; {_BOOKS}", True, CAN),
}  # fmt: skip


@pytest.fixture(scope="module")
def tried(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Fact], dict[str, bool]]]:
    """The facts, and whether each case's statement changed ``dst``."""
    cluster.psql("postgres", "CREATE DATABASE events; CREATE ROLE app LOGIN;")
    try:
        for schema, _, case in schemas():
            made = case.made.replace("{0}", schema)
            cluster.psql("events", f"{_BASE.format(schema)}{made}")
        path = tmp_path_factory.mktemp("export") / "events.postgres.json"
        path.write_text(cluster.export(EXPORT, "events"), encoding="utf-8")
        changed = {}
        for schema, name, case in schemas():
            look = f"SELECT * FROM {schema}.dst ORDER BY 1, 2"
            before = cluster.psql("events", look)
            cluster.opens("events", "app", case.run.format(schema))
            changed[name] = cluster.psql("events", look) != before
        yield list(source.read(Document(path, path.name))), changed
    finally:
        cluster.psql("postgres", "DROP DATABASE events; DROP ROLE app;")


def schemas() -> Iterator[tuple[str, str, Case]]:
    for number, (name, case) in enumerate(CASES.items()):
        yield f"c{number}", name, case


@pytest.mark.parametrize(("schema", "name", "case"), [*schemas()], ids=[*CASES])
def test_what_a_statement_brings_about_is_told_as_it_happens(
    tried: tuple[list[Fact], dict[str, bool]], schema: str, name: str, case: Case
) -> None:
    facts, changed = tried
    assert changed[name] is case.changes
    told = []
    for certain in (True, False):
        held = Walker(facts, certain=certain).held("role:postgres:events/app")
        dst = f"dataset:postgres:events.{schema}.dst"
        told.append(not {(dst, "ALTER"), (dst, "OMIT")}.isdisjoint(held))
    assert tuple(told) == case.told
    assert told[0] <= changed[name] <= told[1]

"""The postgres source against a live server: every answer is really tried.

Answers come in two kinds. The policy says which *statements* a role may run as itself. The facts
say which *effects* an identity has on a table, as itself and as every role it can become, also
after granting itself what it may. Where a fact is conditional the truth must lie between what is
certain and what is possible; these are counted apart and not among the 5,000.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from nhigraph.facts.facts import Edge
from nhigraph.ingest.document import Document
from nhigraph.sources import postgres as source
from tests.postgres.cluster import Cluster
from tests.postgres.comparison import EXPORT, Comparison, compare
from tests.postgres.walker import Walker
from tests.postgres.wider import Widener

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]

#: Then two worlds in which a policy is for some roles only, and a view stands before it; and two
#: in which rules take rows away from row security, and need more than their owner has; and one in
#: which a rule of a view reads a column, and another's trigger waits for a row.
SEEDS = (*range(10), 102, 110, 503, 521, 526)
ENOUGH = 5_000
CANARY = "CANARY-not-a-secret-1"


@pytest.fixture(scope="module")
def found(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """All seeds together."""
    total = Comparison()
    kinds: Counter[str] = Counter()
    for seed in SEEDS:
        one = compare(cluster, tmp_path_factory.mktemp("export"), seed)
        total.statements += one.statements
        total.settled += one.settled
        total.open += one.open
        total.tried += one.tried
        total.differences += one.differences
        kinds += one.kinds
    total.kinds = kinds
    return total


def test_no_answer_differs_from_really_trying_it(found: Comparison) -> None:
    """Zero differences, of single statements and of identities with all they can become."""
    assert found.differences == []


def test_enough_answers_were_compared(found: Comparison) -> None:
    """At least 5,000 answers of each kind, none of them left open by a condition."""
    assert found.statements >= ENOUGH
    assert found.settled >= ENOUGH
    assert found.open < found.settled / 5


@pytest.mark.parametrize("why", ["schema USAGE", "NOINHERIT", "views", "functions"])
def test_answers_that_a_look_at_the_acl_gets_wrong_are_among_them(
    found: Comparison, why: str
) -> None:
    """``has_table_privilege`` would have said otherwise, for each of these reasons."""
    assert found.kinds[why] > 0


#: An owner that took SELECT on its own table from itself may give it back, and then the rule of
#: that table lends it what another table's schema keeps from it.
KNOWN = pytest.mark.xfail(strict=True, reason="what an owner gives back to itself for a rule")
WIDER = [0, *(pytest.param(one, marks=pytest.mark.nightly) for one in range(1, 22) if one != 14)]


@pytest.mark.parametrize("seed", [*WIDER, pytest.param(14, marks=[pytest.mark.nightly, KNOWN])])
def test_no_answer_differs_in_wider_worlds(cluster: Cluster, tmp_path: Path, seed: int) -> None:
    """Policies of every sort, chains of keys, and statements whose columns somebody lacks."""
    assert compare(cluster, tmp_path, seed, Widener).differences == []


def make(cluster: Cluster, name: str, statements: str) -> None:
    cluster.psql("postgres", f"CREATE DATABASE {name};")
    cluster.psql(name, statements)


def test_an_ordinary_role_exports_what_a_superuser_does(cluster: Cluster, tmp_path: Path) -> None:
    """Nobody needs more than a connection, and no secret is in what comes out."""
    make(
        cluster,
        "secrets",
        f"""
        CREATE ROLE plain LOGIN PASSWORD '{CANARY}';
        CREATE TABLE public.t (id int, note text DEFAULT '{CANARY}');
        INSERT INTO public.t VALUES (1, '{CANARY}');
        COMMENT ON TABLE public.t IS '{CANARY}';
        ALTER ROLE plain SET application_name = '{CANARY}';
        CREATE EXTENSION IF NOT EXISTS postgres_fdw;
        CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{CANARY}');
        CREATE USER MAPPING FOR plain SERVER far OPTIONS (password '{CANARY}');
        CREATE SUBSCRIPTION s CONNECTION 'password={CANARY}' PUBLICATION p
            WITH (connect = false, slot_name = NONE);
        CREATE FUNCTION public.invoker() RETURNS text LANGUAGE sql AS $$SELECT '{CANARY}'$$;
        """,
    )
    by_plain = cluster.export(EXPORT, "secrets", "plain")
    by_superuser = cluster.export(EXPORT, "secrets")
    cluster.psql("secrets", "DROP SUBSCRIPTION s; DROP OWNED BY plain CASCADE;")
    cluster.psql("postgres", "DROP DATABASE secrets; DROP ROLE plain;")

    assert CANARY not in by_superuser
    # But for whom the server refuses, which only a superuser sees.
    same, rules = by_superuser.split('], "client_authentication": [\n')
    assert rules
    assert [line for line in by_plain.splitlines() if "extracted_at" not in line] == [
        line for line in f"{same}]}}\n".splitlines() if "extracted_at" not in line
    ]


def test_a_role_that_may_not_ask_for_the_servers_identity_exports_the_rest(
    cluster: Cluster,
) -> None:
    """Everybody may unless that was revoked; then it is null, and nothing fails."""
    make(cluster, "anonymous", "CREATE ROLE plain LOGIN;")
    cluster.psql("anonymous", "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC;")
    exports = [cluster.export(EXPORT, "anonymous", user) for user in ("plain", "postgres")]
    cluster.psql("postgres", "DROP DATABASE anonymous; DROP ROLE plain;")
    plain, whole = (json.loads(text) for text in exports)

    assert plain.pop("system_identifier") is None
    assert whole.pop("system_identifier").isdigit()
    plain.pop("extracted_at"), whole.pop("extracted_at")
    assert whole.pop("client_authentication")
    assert plain == whole


def test_a_role_without_connect_has_nothing_of_public(cluster: Cluster, tmp_path: Path) -> None:
    """Both sessions are really opened: one reads what PUBLIC may read, one is turned away."""
    make(
        cluster,
        "closed",
        """
        CREATE ROLE app LOGIN; CREATE ROLE stranger LOGIN;
        REVOKE CONNECT ON DATABASE closed FROM PUBLIC;
        GRANT CONNECT ON DATABASE closed TO app;
        CREATE TABLE public.t (id int); GRANT SELECT ON public.t TO PUBLIC;
        """,
    )
    path = tmp_path / "closed.postgres.json"
    path.write_text(cluster.export(EXPORT, "closed"), encoding="utf-8")
    opened = {
        role: cluster.opens("closed", role, "SELECT FROM public.t") for role in ("app", "stranger")
    }
    cluster.psql("postgres", "DROP DATABASE closed; DROP ROLE app; DROP ROLE stranger;")
    walker = Walker(source.read(Document(path, path.name)), certain=True)
    said = {
        role: ("dataset:postgres:closed.public.t", "READ")
        in walker.held(f"role:postgres:closed/{role}")
        for role in ("app", "stranger")
    }

    assert opened == {"app": True, "stranger": False}
    assert said == opened


def test_an_owner_drops_what_it_may_not_name_unless_a_right_of_its_own_refuses_that(
    cluster: Cluster, tmp_path: Path
) -> None:
    """DROP OWNED asks for nothing of the schema; a right on a sequence, which no export shows."""
    make(
        cluster,
        "unnamed",
        """
        CREATE ROLE app LOGIN; CREATE ROLE counter LOGIN; CREATE SCHEMA fin;
        CREATE TABLE fin.app (id int); ALTER TABLE fin.app OWNER TO app;
        CREATE TABLE fin.counter (id int); ALTER TABLE fin.counter OWNER TO counter;
        CREATE SEQUENCE fin.numbers; GRANT USAGE ON SEQUENCE fin.numbers TO counter;
        """,
    )
    path = tmp_path / "unnamed.postgres.json"
    path.write_text(cluster.export(EXPORT, "unnamed"), encoding="utf-8")
    roles = ("app", "counter")
    named = {role: cluster.opens("unnamed", role, f"DROP TABLE fin.{role}") for role in roles}
    dropped = {role: cluster.opens("unnamed", role, f"DROP OWNED BY {role}") for role in roles}
    cluster.psql("postgres", "DROP DATABASE unnamed; DROP ROLE app; DROP ROLE counter;")
    facts = list(source.read(Document(path, path.name)))
    said = {
        (role, certain): (f"dataset:postgres:unnamed.fin.{role}", "OMIT")
        in Walker(facts, certain=certain).held(f"role:postgres:unnamed/{role}")
        for role in roles
        for certain in (False, True)
    }

    assert named == {"app": False, "counter": False}
    assert dropped == {"app": True, "counter": False}
    assert said == {(role, certain): not certain for role in roles for certain in (False, True)}


def test_names_of_every_kind_survive_the_export(cluster: Cluster, tmp_path: Path) -> None:
    """Quotes, dots, slashes, spaces, line feeds and letters of any alphabet."""
    make(
        cluster,
        "names",
        """
        CREATE ROLE "r ""=/*\u00e9\n.x" LOGIN; CREATE SCHEMA "s.\u4f60 /";
        CREATE TABLE "s.\u4f60 /"."t%#'" (id int);
        GRANT USAGE ON SCHEMA "s.\u4f60 /" TO "r ""=/*\u00e9\n.x";
        GRANT INSERT ON "s.\u4f60 /"."t%#'" TO "r ""=/*\u00e9\n.x";
        """,
    )
    path = tmp_path / "names.postgres.json"
    path.write_text(cluster.export(EXPORT, "names"), encoding="utf-8")
    cluster.psql("postgres", 'DROP DATABASE names; DROP ROLE "r ""=/*\u00e9\n.x";')
    edges = [
        fact
        for fact in source.read(Document(path, path.name))
        if isinstance(fact, Edge) and fact.kind.label == "CAN_WRITE"
    ]

    # What comes with PostgreSQL has names of its own.
    assert [(e.source, e.target) for e in edges if "/pg_" not in e.source] == [
        (
            'role:postgres:names/r "=%2F*\u00e9\n.x',
            "dataset:postgres:names.s%2E\u4f60 /.t%25#'",
        )
    ]

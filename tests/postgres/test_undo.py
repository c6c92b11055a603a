"""The statements of a cut, run on the server: exported again, the identity no longer reaches."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from tests.postgres.cluster import SUPERUSER, Cluster
from tests.postgres.comparison import EXPORT
from tests.undone import edges, some_cut, undone, way_left

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]
SEEDS = range(6)
#: Names that need quotes, and one that would end them.
ODD = ("Odd Role", 'a"b', "x; DROP TABLE t", "select", "täxt", "a=b/c")
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
#: What the server says where a statement alone is not enough.
REFUSAL = "permission denied for schema"


def q(name: str) -> str:
    """An identifier."""
    return '"' + name.replace('"', '""') + '"'


class World:
    """Roles, memberships and rights by chance, each granted by somebody."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.name = f"undo{seed}"
        rng, n = self.rng, f"{seed}_"
        self.roles = [f"r{n}{i}" for i in range(5)] + [f"{name}{n}" for name in rng.sample(ODD, 3)]
        self.owner = f"owner{n}"
        self.tables = [("fin", "gl"), ("fin", "Odd table"), ('o"dd', "t")]
        self.sql = [f"CREATE ROLE {q(self.owner)}"]
        self.sql += [f"CREATE ROLE {q(role)} LOGIN" for role in self.roles]
        for schema in dict.fromkeys(schema for schema, _ in self.tables):
            self.sql.append(f"CREATE SCHEMA {q(schema)} AUTHORIZATION {q(self.owner)}")
            for role in rng.sample(self.roles, 6):
                self.sql.append(f"GRANT USAGE ON SCHEMA {q(schema)} TO {q(role)}")
        for schema, table in self.tables:
            of = f"{q(schema)}.{q(table)}"
            self.sql += [f"CREATE TABLE {of} (id int, {q('A b')} int)"]
            self.sql += [f"ALTER TABLE {of} OWNER TO {q(self.owner)}"]
            for _ in range(3):
                self._grant(of)
        for index, role in enumerate(self.roles):
            for other in rng.sample(self.roles[index + 1 :], min(1, len(self.roles) - index - 1)):
                option = rng.choice(("", " WITH ADMIN OPTION"))
                self.sql.append(f"GRANT {q(role)} TO {q(other)}{option}")
        for word in rng.sample(("SUPERUSER", "CREATEROLE", "REPLICATION"), 2):
            self.sql.append(f"ALTER ROLE {q(rng.choice(self.roles))} {word}")

    def _grant(self, of: str) -> None:
        """A right of somebody, now and then a second time by who may pass it on."""
        right, role, via = self.rng.choice(RIGHTS), *self.rng.sample(self.roles, 2)
        column = self.rng.random() < 0.3 and right in {"SELECT", "UPDATE"}
        what = f"{right} ({q('A b')})" if column else right
        roll = self.rng.random()
        if roll < 0.7:
            self.sql.append(f"GRANT {what} ON {of} TO {q(role)}")
        if roll > 0.4:
            schema = of.rpartition(".")[0]
            self.sql += [
                f"GRANT USAGE ON SCHEMA {schema} TO {q(via)}",
                f"GRANT {right} ON {of} TO {q(via)} WITH GRANT OPTION",
                f"SET ROLE {q(via)}; GRANT {right} ON {of} TO {q(role)}; RESET ROLE",
            ]
        if roll > 0.8:
            last = self.rng.choice([one for one in self.roles if one not in {role, via}])
            option = f"GRANT {right} ON {of} TO {q(role)} WITH GRANT OPTION"
            self.sql += [
                f"GRANT USAGE ON SCHEMA {of.rpartition('.')[0]} TO {q(role)}",
                f"SET ROLE {q(via)}; {option}; RESET ROLE",
                f"SET ROLE {q(role)}; GRANT {right} ON {of} TO {q(last)}; RESET ROLE",
            ]


def judged(cluster: Cluster, world: World, folder: Path) -> Judged:
    """The database as it is now, with each table a target."""
    folder.mkdir()
    text = cluster.export(EXPORT, world.name)
    (folder / "erp.postgres.json").write_text(text, encoding="utf-8")
    targets = [
        {
            "id": f"t{number}",
            "family": "trust-service",
            "commitments": ["C", "PI", "A"],
            "select": [{"key": f"dataset:postgres:*.{schema}.{table}".replace('"', "?")}],
        }
        for number, (schema, table) in enumerate(world.tables)
    ]
    scope = {"nhigraph": "scope/1", "organization": "Acme", "commitments": ["C", "PI", "A"]}
    (folder / "scope.json").write_text(json.dumps({**scope, "targets": targets}), "utf-8")
    found = of_collection(collect([folder]), option="2026-11-23")
    assert not found.issues
    return found


def _whole(statement: str) -> bool:
    """Whether a statement is there, and needs nothing that its reader adds."""
    return bool(statement) and "OWNER TO [" not in statement


def _asked(key: str) -> bool:
    return key.rpartition("/")[2] != SUPERUSER


def run(cluster: Cluster, database: str, statements: list[str]) -> str:
    """Run statements in one transaction; why the server refuses, empty where it does not."""
    try:
        cluster.psql(database, "\n".join(["BEGIN;", *statements, "COMMIT;"]))
    except AssertionError as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("seed", SEEDS)
def test_after_the_statements_the_identity_no_longer_reaches(
    seed: int, cluster: Cluster, tmp_path: Path
) -> None:
    world = World(seed)
    cluster.psql("postgres", f"CREATE DATABASE {world.name};")
    told: Counter[str] = Counter()
    try:
        cluster.psql(world.name, "".join(f"{line};\n" for line in world.sql))
        now = judged(cluster, world, tmp_path / "0")
        for number in range(1, 12):
            known = some_cut(now, number, _asked, _whole)
            if known is None:
                break
            identity, target, found = known
            statements = undone(found)
            refused = run(cluster, world.name, statements)
            if refused:
                # Granted by who may not look there: the server says so.
                assert REFUSAL in refused, (statements, refused)
                told["refused"] += 1
                continue
            told["passed on"] += sum(" CASCADE;" in one for one in statements)
            before, now = edges(now), judged(cluster, world, tmp_path / str(number))
            left = way_left(now, identity, target)
            # A right may hide others, as a superuser's does: what an export said nothing of, no
            # cut could know. All else is gone.
            assert left is None or left - before, (statements, left)
            told["hidden"] += left is not None
            told.update(one.split()[0] for one in statements)
    finally:
        cluster.psql("postgres", f"DROP DATABASE IF EXISTS {world.name};")
        names = (*world.roles, world.owner)
        cluster.psql("postgres", "".join(f"DROP ROLE IF EXISTS {q(role)};" for role in names))
    assert told["REVOKE"] + told["SET"] + told["ALTER"] > told["hidden"] + 2, told

"""The statements of a cut, run on the server: exported again, the account no longer reaches."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from tests.mysql.comparison import export
from tests.mysql.server import Server
from tests.undone import edges, some_cut, undone, way_left

pytestmark = [pytest.mark.mysql, pytest.mark.xdist_group("mysql")]
SEEDS = range(4)
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "ALTER", "DROP", "TRIGGER")


def q(name: str) -> str:
    """A name."""
    return "`" + name.replace("`", "``") + "`"


class World:
    """Accounts, roles and rights of all levels by chance, many of them given twice."""

    schemas = ("fin", "o`dd", "f_n")
    roles = ("reader", "odd role")

    def __init__(self, seed: int) -> None:
        rng = self.rng = random.Random(seed)
        self.tables = [(schema, name) for schema in self.schemas for name in ("gl", "t`1")]
        self.accounts = [
            f"{q(user)}@{q(host)}" for user in ("etl", "o'dd") for host in ("%", "localhost")
        ]
        self.accounts.append(f"{q('app')}@{q('10.0.0.%')}")
        self.sql = [f"CREATE DATABASE {q(schema)}" for schema in self.schemas]
        self.sql += [f"CREATE TABLE {q(a)}.{q(b)} (id INT, `a b` INT)" for a, b in self.tables]
        self.sql += [f"CREATE ROLE {q(role)}" for role in self.roles]
        self.sql += [f"CREATE USER {who}" for who in self.accounts]
        self.sql += [
            f"GRANT {q(role)} TO {who}"
            for role in self.roles
            for who in rng.sample(self.accounts, 2)
        ]
        for _ in range(14):
            who = rng.choice([*self.accounts, *map(q, self.roles)])
            self.sql.append(f"GRANT {self._right()} TO {who}")

    def _right(self) -> str:
        rng = self.rng
        right, (schema, table) = rng.choice(RIGHTS), rng.choice(self.tables)
        roll = rng.random()
        if roll < 0.1:
            return f"{right} ON *.*"
        if roll < 0.4:
            return f"{right} ON {q(schema)}.*"
        if roll < 0.6 and right in {"SELECT", "INSERT", "UPDATE"}:
            return f"{right} (`a b`) ON {q(schema)}.{q(table)}"
        return f"{right} ON {q(schema)}.{q(table)}"

    @property
    def undoing(self) -> list[str]:
        return [
            *(f"DROP DATABASE IF EXISTS {q(schema)}" for schema in self.schemas),
            *(f"DROP USER IF EXISTS {who}" for who in self.accounts),
            *(f"DROP ROLE IF EXISTS {q(role)}" for role in self.roles),
        ]


def judged(server: Server, folder: Path) -> Judged:
    """The server as it is now, with each table a target."""
    folder.mkdir()
    exported = export(server, folder / "erp.mysql.json")
    targets = [
        {
            "id": f"t{number}",
            "family": "trust-service",
            "commitments": ["C", "PI", "A"],
            "select": [{"key": f"dataset:mysql:{one['schema']}.{one['name']}".replace("`", "*")}],
        }
        for number, one in enumerate(exported.content["tables"])
        if one["schema"] in World.schemas
    ]
    scope = {"nhigraph": "scope/1", "organization": "Acme", "commitments": ["C", "PI", "A"]}
    (folder / "scope.json").write_text(json.dumps({**scope, "targets": targets}), "utf-8")
    found = of_collection(collect([folder]), option="2026-11-23")
    assert not found.issues
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_after_the_statements_the_account_no_longer_reaches(
    seed: int, server: Server, tmp_path: Path
) -> None:
    world = World(seed)
    told: Counter[str] = Counter()
    try:
        made = server.lines(world.sql)
        assert not made.errors, made.err
        now = judged(server, tmp_path / "0")
        for number in range(1, 8):
            known = some_cut(now, number, lambda key: "root" not in key, bool)
            if known is None:
                break
            identity, target, found = known
            statements = undone(found)
            ran = server.lines([one.removesuffix(";") for one in statements])
            assert not ran.errors, (statements, ran.err)
            before, now = edges(now), judged(server, tmp_path / str(number))
            left = way_left(now, identity, target)
            # A right on more may hide one on less, which the next export shows.
            assert left is None or left - before, (statements, left)
            told["hidden"] += left is not None
            told["run"] += len(statements)
    finally:
        server.lines(world.undoing)
    assert told["run"] > told["hidden"] + 2, told

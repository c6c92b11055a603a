"""The statements of a cut, run on the server: exported again, the account no longer reaches."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import answer
from nhigraph.assurance.cuts.asked import Asked
from nhigraph.assurance.cuts.smallest import Found, cut
from tests.mysql.comparison import export
from tests.mysql.server import Server

pytestmark = [pytest.mark.mysql, pytest.mark.xdist_group("mysql")]
SEEDS = range(4)
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "ALTER", "DROP", "TRIGGER")
Edge = tuple[str, str, str]


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


def edges(found: Judged) -> set[Edge]:
    """Every edge of the graph."""
    graph = found.estate.graph
    cells = (graph.edges[name].tolist() for name in ("kind", "src", "dst"))
    keys = graph.key_list
    return {(kind, keys[src], keys[dst]) for kind, src, dst in zip(*cells, strict=True)}


def way_left(found: Judged, identity: str, target: str) -> set[Edge] | None:
    """Edges of the way that an assessment still finds to a target; None for none."""
    told = answer(Analysis(found.estate))
    for row in told.verdicts:
        if (row.identity, row.target, row.verdict != "neither") == (identity, target, True):
            steps = told.paths[row.path_id]
            return {(step.edge_kind, step.source, step.target) for step in steps}
    return None


def some_cut(found: Judged, number: int) -> tuple[str, str, Found] | None:
    """A cut by chance that statements are known for in full: identity, target, cut."""
    graph = found.estate.graph
    pairs = [(one, target) for one in found.estate.identities for target in found.estate.targets]
    random.Random(number).shuffle(pairs)
    for walker, target in pairs:
        node = graph.node_id(target.key)
        assert node is not None
        if "root" in graph.key_list[walker]:
            continue
        one = cut(found.estate, Asked([node], walkers=[walker]))
        if one.rows and not one.beyond and all(row.statement for row in one.rows):
            return graph.key_list[walker], target.key, one
    return None


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
            known = some_cut(now, number)
            if known is None:
                break
            identity, target, found = known
            statements = list(dict.fromkeys(row.statement for row in found.rows))
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

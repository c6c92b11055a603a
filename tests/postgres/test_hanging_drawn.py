"""Random things of everybody's hanging on one another: whoever drops what is really tried."""

import random
from itertools import pairwise
from pathlib import Path

import pytest

from nhigraph.facts import keys
from nhigraph.ingest.document import Document
from nhigraph.sources import postgres as source
from tests.postgres.cluster import Cluster
from tests.postgres.comparison import EXPORT
from tests.postgres.walker import Walker

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]

SEEDS = [*range(4), *(pytest.param(one, marks=pytest.mark.nightly) for one in range(4, 30))]
ROLES, SCHEMAS = 6, 3


class World:
    """Roles, schemas, and things that hang on others' things."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(f"hanging {seed}")
        self.roles = [f"h{number}" for number in range(ROLES)]
        self.schemas = [f"s{number}" for number in range(SCHEMAS)]
        #: What is dropped by its name, with the word for it.
        self.things: list[tuple[str, str]] = []
        self.types: list[str] = ["int"]
        self.functions: list[str] = []
        self.sequences: list[str] = []
        self.tables: list[str] = []
        #: Relation to the composite types of its columns, of which attributes go.
        self.relations: dict[str, list[str]] = {}
        self.within: dict[str, list[str]] = {"int": []}
        #: What is missing in one is missing in the other: a child, and what a view counts.
        self.flows: list[tuple[str, str]] = []
        self.sql = [f"CREATE ROLE {role} {self.inherit()}" for role in self.roles]
        for number, role in enumerate(self.roles):
            for other in self.roles[number + 1 :]:
                if self.rng.random() < 0.2:
                    self.sql.append(f"GRANT {other} TO {role}")
        for schema in self.schemas:
            self.sql.append(f"CREATE SCHEMA {schema} AUTHORIZATION {self.role()}")
            for role in self.rng.sample(self.roles, 3):
                self.sql.append(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
        makers = (self.enum, self.domain, self.composite, self.function, self.sequence)
        for number in range(10):
            self.rng.choice(makers)(f"{self.rng.choice(self.schemas)}.x{number}")
        for number in range(5):
            self.table(f"{self.rng.choice(self.schemas)}.t{number}")
        for number in range(4):
            self.view(f"{self.rng.choice(self.schemas)}.v{number}")

    def inherit(self) -> str:
        return self.rng.choice(("INHERIT", "INHERIT", "NOINHERIT"))

    def role(self) -> str:
        return self.rng.choice(self.roles)

    def own(self, sort: str, name: str, what: str = "") -> None:
        """Somebody's, from now on."""
        self.sql.append(f"ALTER {sort} {name}{what} OWNER TO {self.role()}")
        self.things.append((sort, name + what))

    def enum(self, name: str) -> None:
        self.sql.append(f"CREATE TYPE {name} AS ENUM ('a')")
        self.own("TYPE", name)
        self.types.append(name)
        self.within[name] = []

    def domain(self, name: str) -> None:
        base = self.rng.choice(self.types)
        self.sql.append(f"CREATE DOMAIN {name} AS {base}")
        self.own("DOMAIN", name)
        self.types.append(name)
        self.within[name] = self.within[base]

    def composite(self, name: str) -> None:
        base, array = self.rng.choice(self.types), self.rng.choice(("", "[]"))
        self.sql.append(f"CREATE TYPE {name} AS (x int, y {base}{array})")
        self.own("TYPE", name)
        self.types.append(name)
        self.within[name] = [name, *self.within[base]]

    def function(self, name: str) -> None:
        taken, language = self.rng.choice(self.types), self.rng.choice(("sql", "plpgsql"))
        body = "SELECT 1" if language == "sql" else "BEGIN RETURN 1; END"
        self.sql.append(
            f"CREATE FUNCTION {name}({taken}) RETURNS int IMMUTABLE LANGUAGE {language}"
            f" AS $${body}$$"
        )
        self.own("FUNCTION", name, f"({taken})")
        self.functions.append(f"{name}(NULL::{taken})")

    def sequence(self, name: str) -> None:
        self.sql.append(f"CREATE SEQUENCE {name}")
        self.own("SEQUENCE", name)
        self.sequences.append(name)

    def table(self, name: str) -> None:
        kept: list[str] = []
        columns = ["id int"]
        for number in range(self.rng.randint(1, 3)):
            kind = self.rng.choice([*self.types, *self.tables])
            columns.append(f"c{number} {kind}{self.rng.choice(('', '', '[]'))}")
            kept += [kind, *self.relations[kind]] if kind in self.tables else self.within[kind]
        if self.functions and self.rng.random() < 0.5:
            called = self.rng.choice(self.functions)
            columns.append(f"g int GENERATED ALWAYS AS ({called}) STORED")
        if self.sequences and self.rng.random() < 0.4:
            columns.append(f"d int DEFAULT nextval('{self.rng.choice(self.sequences)}')")
        parent = self.rng.choice(self.tables) if self.tables and self.rng.random() < 0.3 else ""
        if parent:
            columns, kept = [], [*self.relations[parent]]
        heir = f" INHERITS ({parent})" if parent else ""
        self.sql.append(f"CREATE TABLE {name} ({', '.join(columns)}){heir}")
        self.own("TABLE", name)
        self.relations[name] = kept
        self.tables.append(name)
        self.flows += [(name, parent)] if parent else []

    def view(self, name: str) -> None:
        base = self.rng.choice(self.tables)
        shown = ["count(*) AS n"]
        if self.functions and self.rng.random() < 0.6:
            shown.append(f"max({self.rng.choice(self.functions)}) AS f")
        if self.rng.random() < 0.4:
            shown.append(f"max((NULL::{self.rng.choice(self.types)})::text) AS t")
        if self.sequences and self.rng.random() < 0.3:
            shown.append(f"(SELECT last_value FROM {self.rng.choice(self.sequences)}) AS s")
        self.sql.append(f"CREATE VIEW {name} AS SELECT {', '.join(shown)} FROM {base}")
        self.own("VIEW", name)
        self.relations[name] = []
        self.flows.append((base, name))

    @property
    def drops(self) -> list[str]:
        """Every statement that takes something away."""
        found = [f"DROP {sort} {name} CASCADE" for sort, name in self.things]
        found += [f"DROP SCHEMA {schema} CASCADE" for schema in self.schemas]
        return found + [f"DROP OWNED BY {role} CASCADE" for role in self.roles]

    def columns(self, relation: str) -> str:
        """A query for what there is of a relation, and of the types of its columns."""
        names = ", ".join(
            f"to_regclass('{name}')" for name in (relation, *self.relations[relation])
        )
        return (
            "coalesce((SELECT string_agg(attrelid || '.' || attnum, ',' ORDER BY attrelid, attnum)"
            f" FROM pg_attribute WHERE attrelid IN ({names}) AND attnum > 0"
            " AND NOT attisdropped), '-')"
        )


def _gone(cluster: Cluster, database: str, world: World) -> dict[str, set[str]]:
    """Role to the relations of which it takes something away, as whomever it may be."""
    shown = "SELECT " + " || ' ' || ".join(world.columns(name) for name in world.relations) + ";"
    lines = ["\\o", "\\set ON_ERROR_ROLLBACK on", shown]
    for role in world.roles:
        for taken in world.roles:
            lines += [
                "BEGIN;",
                f"SET SESSION AUTHORIZATION {role};",
                "\\set ON_ERROR_ROLLBACK off",
            ]
            lines += ["SAVEPOINT one;", f"SET ROLE {taken};", "\\set code :SQLSTATE"]
            lines += ["\\if :ERROR", "ROLLBACK;", "\\set ON_ERROR_ROLLBACK on", "\\else"]
            lines.append("\\set ON_ERROR_ROLLBACK on")
            lines += [f"GRANT USAGE ON SCHEMA {schema} TO {taken};" for schema in world.schemas]
            for statement in world.drops:
                lines += ["SAVEPOINT two;", f"{statement};", "SAVEPOINT three;"]
                lines += ["RESET SESSION AUTHORIZATION;", f"\\echo @ {role}", shown]
                lines += ["ROLLBACK TO two;"]
            lines += ["ROLLBACK;", "\\endif"]
    printed = [
        line
        for line in cluster.psql(database, "\n".join(lines), stop=False).splitlines()
        if line.strip()
    ]
    before = printed[0].split()
    found: dict[str, set[str]] = {role: set() for role in world.roles}
    for mark, line in pairwise(printed):
        if mark.startswith("@"):
            after = line.split()
            changed = {n for n, a, b in zip(world.relations, before, after, strict=True) if a != b}
            found[mark.split()[1]] |= changed
    for missing in found.values():
        while more := {to for of, to in world.flows if of in missing} - missing:
            missing.update(more)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_no_answer_differs_from_really_dropping(
    cluster: Cluster, tmp_path: Path, seed: int
) -> None:
    world, name = World(seed), f"hung{seed}"
    cluster.psql("postgres", f"CREATE DATABASE {name};")
    try:
        cluster.psql(name, "".join(f"{line};\n" for line in world.sql))
        path = tmp_path / f"{name}.postgres.json"
        path.write_text(cluster.export(EXPORT, name), encoding="utf-8")
        facts = list(source.read(Document(path, path.name)))
        truth = _gone(cluster, name, world)
    finally:
        cluster.psql("postgres", f"DROP DATABASE {name};")
        cluster.psql("postgres", "".join(f"DROP ROLE {role};" for role in world.roles))
    home = keys.database("postgres", name)
    differences = []
    for role in world.roles:
        start = keys.Role(home, role).text
        held = [Walker(facts, certain=certain).held(start) for certain in (True, False)]
        for relation in world.relations:
            at = (keys.Dataset(home, *relation.split(".")).text, "OMIT")
            can, may = (at in one for one in held)
            if not can <= (relation in truth[role]) <= may:
                differences.append((role, relation, relation in truth[role], can, may))
    assert differences == []
    assert any(truth.values())

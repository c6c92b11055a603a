"""What single statements ask for, against a live server: drawn statements, drawn column grants.

Each statement is explained as each role, which looks at its rights and runs nothing.
"""

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from nhigraph.ingest.document import Document
from nhigraph.policy.postgres.asking import statement
from nhigraph.policy.postgres.membership import Roles
from nhigraph.policy.postgres.rights import Rights
from nhigraph.sources.postgres.records import read_export
from tests.postgres.attempts import DONE, Script
from tests.postgres.cluster import Cluster
from tests.postgres.comparison import EXPORT
from tests.postgres.trials import DENIED

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]

COLUMNS = ("id", "amount", "note")
TABLES = ("w.a", "w.b", "w.c")
ROLES = tuple(f"q{number}" for number in range(40))
STATEMENTS = 150
SEEDS = (*range(3), *(pytest.param(one, marks=pytest.mark.nightly) for one in range(3, 40)))


class Drawing:
    """Draws statements over three tables, some of them with what stands inside others."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def one(self) -> str:
        """Any statement."""
        sorts: tuple[Callable[[], str], ...] = (
            self.select, self.insert, self.update, self.update, self.delete, self.merge, self.ctes
        )  # fmt: skip
        return self.rng.choice(sorts)()

    def some(self, many: tuple[str, ...]) -> list[str]:
        return self.rng.sample(many, self.rng.randint(1, len(many)))

    def value(self, alias: str, at: str) -> str:
        """Something a column may be set to."""
        dot = f"{alias}." if alias else ""
        same = {"id": "0", "amount": "1.5", "note": "'x'"}[at]
        return self.rng.choice((same, "DEFAULT", f"{dot}{at}", f"coalesce({dot}{at}, {same})"))

    def where(self, alias: str) -> str:
        dot = f"{alias}." if alias else ""
        other = self.rng.choice(TABLES)
        return self.rng.choice((
            "",
            "",
            " WHERE true",
            f" WHERE {dot}id > 3",
            f" WHERE {dot}note IS NOT NULL AND {dot}amount > 1",
            f" WHERE EXISTS (SELECT 1 FROM {other} o WHERE o.id = 1)",
            f" WHERE EXISTS (SELECT FROM {other} o WHERE o.id = {alias + '.id' if alias else 1})",
            f" WHERE {dot}id IN (SELECT id FROM {other})",
        ))  # fmt: skip

    def returning(self, alias: str) -> str:
        dot = f"{alias}." if alias else ""
        ways = ("", "", "", f" RETURNING {dot}note", " RETURNING 1", f" RETURNING {dot}*")
        return self.rng.choice(ways)

    def named(self) -> tuple[str, str, str]:
        """A table, its alias in the text and the alias to use."""
        table = self.rng.choice(TABLES)
        if self.rng.random() < 0.4:
            return table, " AS z", "z"
        return table, "", self.rng.choice(("", table.partition(".")[2]))

    def select(self) -> str:
        table, said, alias = self.named()
        dot = f"{alias}." if alias else ""
        columns = ", ".join(f"{dot}{one}" for one in self.some(COLUMNS))
        shown = self.rng.choice((columns, columns, "*", "1", "count(*)"))
        whole = alias or table.partition(".")[2]
        return self.rng.choice((
            f"SELECT {shown} FROM {table}{said}{self.where(alias)}",
            f"SELECT {shown} FROM {table}{said}{self.where(alias)}",
            f"SELECT s.note FROM (SELECT {columns}, 'x' AS other FROM {table}{said}) s, w.b",
            f"SELECT {dot}id AS x FROM {table}{said} ORDER BY x, {dot}amount",
            f"SELECT row_to_json({whole}) FROM {table}{said}",
            self.joined(),
            self.joined(),
        ))  # fmt: skip

    def joined(self) -> str:
        left, right = self.rng.sample(TABLES, 2)
        one = self.rng.choice(COLUMNS)
        if self.rng.random() < 0.4:
            return f"SELECT l.{one} FROM {left} l JOIN {right} r USING (id)"
        picked = self.rng.choice((f"l.{one}", "l.*", "1", f"l.{one}, r.note"))
        return f"SELECT {picked} FROM {left} l JOIN {right} r ON l.id = r.id"

    def insert(self) -> str:
        table, said, alias = self.named()
        columns = self.some(COLUMNS)
        values = ", ".join({"id": "7", "amount": "DEFAULT", "note": "'x'"}[one] for one in columns)
        source = f"VALUES ({values})"
        if self.rng.random() < 0.4:
            other = self.rng.choice(TABLES)
            source = f"SELECT {', '.join(f'o.{one}' for one in columns)} FROM {other} o"
            if self.rng.random() < 0.3:
                source = f"SELECT {', '.join(columns)} FROM {other}"
        own = alias or table.partition(".")[2]
        conflict = self.rng.choice((
            "",
            "",
            " ON CONFLICT DO NOTHING",
            " ON CONFLICT (id) DO NOTHING",
            " ON CONFLICT (id) DO UPDATE SET note = excluded.note",
            f" ON CONFLICT (id) DO UPDATE SET amount = {own}.amount + excluded.amount",
            f" ON CONFLICT (id) DO UPDATE SET note = 'x', id = 5 WHERE {own}.note <> 'y'",
        ))  # fmt: skip
        return (
            f"INSERT INTO {table}{said} ({', '.join(columns)}) {source}{conflict}"
            f"{self.returning(alias)}"
        )

    def update(self) -> str:
        table, said, alias = self.named()
        columns = self.some(COLUMNS)
        sets = ", ".join(f"{one} = {self.value(alias, one)}" for one in columns)
        if self.rng.random() < 0.2:
            sets = "(note, amount) = (SELECT o.note, o.amount FROM w.c o)"
        if self.rng.random() < 0.3:
            other = self.rng.choice(TABLES)
            own = alias or table.partition(".")[2]
            sets = f"{self.rng.choice(COLUMNS)} = DEFAULT"
            linked = self.rng.choice((f"{own}.id = o.id", "o.id = 4"))
            return f"UPDATE {table}{said} SET {sets} FROM {other} o WHERE {linked}"
        return f"UPDATE {table}{said} SET {sets}{self.where(alias)}{self.returning(alias)}"

    def delete(self) -> str:
        table, said, alias = self.named()
        if self.rng.random() < 0.3:
            own = alias or table.partition(".")[2]
            other = self.rng.choice(TABLES)
            return f"DELETE FROM {table}{said} USING {other} o WHERE {own}.id = o.id"
        return f"DELETE FROM {table}{said}{self.where(alias)}{self.returning(alias)}"

    def merge(self) -> str:
        left, right = self.rng.sample(TABLES, 2)
        branches = [
            "WHEN MATCHED AND r.note = 'x' THEN DO NOTHING",
            "WHEN MATCHED AND l.amount > 1 THEN DELETE",
            "WHEN MATCHED THEN UPDATE SET note = r.note",
            "WHEN MATCHED THEN UPDATE SET amount = l.amount + 1, note = DEFAULT",
            "WHEN NOT MATCHED THEN INSERT (id, note) VALUES (r.id, 'x')",
            "WHEN NOT MATCHED THEN DO NOTHING",
        ]
        chosen = sorted(self.rng.sample(range(len(branches)), self.rng.randint(1, 3)))
        on = self.rng.choice(("l.id = r.id", "r.id = 3"))
        return f"MERGE INTO {left} l USING {right} r ON {on} " + " ".join(
            branches[number] for number in chosen
        )

    def ctes(self) -> str:
        inner = self.rng.choice((self.delete, self.update, self.select))()
        if inner.startswith("SELECT"):
            return f"WITH x AS ({inner}) SELECT * FROM x"
        returning = "" if "RETURNING" in inner else " RETURNING 1"
        return f"WITH x AS ({inner}{returning}) {self.insert()}"


def grants(rng: random.Random) -> list[str]:
    """Rights of every role, by column and on the whole."""
    found = []
    for role in ROLES:
        for table in TABLES:
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
                dice = rng.random()
                if dice < 0.45 or (right == "DELETE" and dice < 0.8):
                    found.append(f"GRANT {right} ON {table} TO {role}")
                elif dice < 0.85 and right != "DELETE":
                    columns = ", ".join(rng.sample(COLUMNS, rng.randint(1, 2)))
                    found.append(f"GRANT {right} ({columns}) ON {table} TO {role}")
    return found


def made(rng: random.Random) -> str:
    columns = "(id int PRIMARY KEY DEFAULT 1, amount numeric, note text)"
    found = [f"CREATE ROLE {role}" for role in ROLES]
    found += ["CREATE SCHEMA w", "GRANT USAGE ON SCHEMA w TO PUBLIC"]
    found += [f"CREATE TABLE {table} {columns}" for table in TABLES]
    return "".join(f"{one};\n" for one in (*found, *grants(rng)))


def explained(cluster: Cluster, name: str, drawn: list[str]) -> list[tuple[str, int, str]]:
    """Role, number of the statement and SQLSTATE, for each of both."""
    script = Script(cluster, name)
    for role in ROLES:
        script.quietly(f"SET SESSION AUTHORIZATION {role}")
        for number, text in enumerate(drawn):
            script.tried(f"{role} {number}", f"EXPLAIN {text}")
    return [(*_two(answer), code) for answer, code in script.run()]


def _two(answer: str) -> tuple[str, int]:
    role, number = answer.split()
    return role, int(number)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_statement_asks_for_is_what_the_server_asks_for(
    cluster: Cluster, tmp_path: Path, seed: int
) -> None:
    """Whoever lacks a right that is told is refused, and nobody else."""
    drawing = Drawing(seed)
    drawn = list(dict.fromkeys(drawing.one() for _ in range(STATEMENTS)))
    name = f"asking{seed}"
    path = tmp_path / f"{name}.postgres.json"
    cluster.psql("postgres", f"CREATE DATABASE {name};")
    try:
        cluster.psql(name, made(drawing.rng))
        path.write_text(cluster.export(EXPORT, name), encoding="utf-8")
        answers = explained(cluster, name, drawn)
    finally:
        cluster.psql("postgres", f"DROP DATABASE {name};")
        cluster.psql("postgres", "".join(f"DROP ROLE {role};" for role in ROLES))
    catalog = read_export(Document(path, path.name)).catalog
    rights = Rights(catalog, Roles(catalog))
    masks = []
    for text in drawn:
        mask = rights.roles.everyone
        for step in statement(text, frozenset(), returned=False, branch=False):
            relation = catalog.relations[step.relation[0], step.relation[1]]
            mask &= rights.granted(relation, step.privilege, step.columns)
        masks.append(mask)
    kinds = Counter(code for _, _, code in answers)
    different = Counter(
        (code, drawn[number])
        for role, number, code in answers
        if code in (DONE, DENIED) and rights.roles.has(masks[number], role) is (code == DENIED)
    )

    assert different == Counter()
    assert min(kinds[DONE], kinds[DENIED]) > len(answers) / 10
    assert kinds[DONE] + kinds[DENIED] > len(answers) * 0.9

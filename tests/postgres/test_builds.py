"""Who may build a relation as dbt does: every answer is really tried on random databases.

Facts say what a role can come to, also by granting itself what it may; a run of dbt does not do
that first. So a refusal is always right, and now and then a permission is one that the role would
have to give itself before.
"""

from pathlib import Path

import pytest

from nhigraph.facts import keys
from nhigraph.graph.build import build
from nhigraph.ingest.document import Document
from nhigraph.joins.role_rights import Answer, RoleRights
from nhigraph.joins.view import View
from nhigraph.schema import kinds as k
from nhigraph.sources import postgres as source
from tests.postgres.cluster import Cluster
from tests.postgres.comparison import EXPORT
from tests.postgres.world import COLUMNS, Maker, World

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]

SEEDS = range(6)
DENIED = "42501"
#: The maker's first role.
SUPERUSER = "r0"


def replaced(name: str) -> str:
    """What dbt-postgres runs for a table: beside it, in its place, away with the old one."""
    schema, _, plain = name.partition(".")
    return (
        f"CREATE TABLE {schema}.{plain}__dbt_tmp AS SELECT 1 AS id;"
        f" ALTER TABLE {name} RENAME TO {plain}__dbt_backup;"
        f" ALTER TABLE {schema}.{plain}__dbt_tmp RENAME TO {plain};"
        f" DROP TABLE {schema}.{plain}__dbt_backup CASCADE;"
    )


def trials(world: World, schemas: list[str]) -> list[tuple[str, bool, str]]:
    """Relation, whether it is by rows, and what is tried; ``new`` is in no export."""
    found = [(name, False, replaced(name)) for name in world.tables]
    found += [
        (name, True, f"INSERT INTO {name} ({column}) VALUES (DEFAULT);")
        for name in world.tables
        for column in COLUMNS
    ]
    return found + [(f"{s}.new", False, f"CREATE TABLE {s}.new (id int);") for s in schemas]


def allowed(cluster: Cluster, name: str, role: str, statements: list[str]) -> list[bool]:
    """Whether each is let through, as that role, rolled back."""
    lines = ["\\o /dev/null", "\\set VERBOSITY sqlstate"]
    for statement in statements:
        lines += ["\\set code 00000", "BEGIN;", f"SET SESSION AUTHORIZATION {role};"]
        for part in statement.split(";")[:-1]:
            lines += [f"{part};", "\\if :ERROR", "\\set code :SQLSTATE", "\\else", "\\endif"]
        # After a first error the rest is refused with 25P02: the first is what counts.
        lines += ["ROLLBACK;", "\\echo @ :code"]
    script = "\n".join(lines).replace(
        "\\if :ERROR\n\\set code :SQLSTATE", "\\if :ERROR\n\\set code :code:SQLSTATE"
    )
    printed = cluster.psql(name, script, stop=False)
    return [DENIED not in line for line in printed.splitlines() if line.startswith("@")]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_role_builds_what_the_server_lets_it_build(
    cluster: Cluster, tmp_path: Path, seed: int
) -> None:
    maker = Maker(seed)
    world, name = maker.make(), f"built{seed}"
    cluster.psql("postgres", f"CREATE DATABASE {name};")
    try:
        cluster.psql(name, "".join(f"{line};\n" for line in world.sql))
        path = tmp_path / f"{name}.postgres.json"
        path.write_text(cluster.export(EXPORT, name), encoding="utf-8")
        graph = build(f for f in source.read(Document(path, path.name))).graph
        view, missed, early, counted = View(graph), [], [], 0
        tried = trials(world, maker.schemas)
        for role in world.roles:
            node = view.node(keys.Role(keys.database("postgres", name), role).text)
            assert node is not None
            rights = RoleRights(view, node)
            answers: dict[tuple[str, bool], bool] = {}
            results = allowed(cluster, name, role, [statement for _, _, statement in tried])
            for (table, rows, _), result in zip(tried, results, strict=True):
                # The facts do not tell a right on one column from one on all of them.
                answers[table, rows] = answers.get((table, rows), False) or result
            for (table, rows), truth in answers.items():
                schema, _, plain = table.partition(".")
                key = keys.Dataset(keys.database("postgres", name), schema, plain).text
                dataset = view.node(key)
                if dataset is None:
                    said = Answer.YES if role == SUPERUSER else rights._may_make(key)
                else:
                    said = rights.may_build(dataset, rows=rows)
                if rows and dataset is not None and rights._reaches(dataset, k.OWNS):
                    continue  # An owner whose INSERT was taken away may give it to itself.
                counted += 1
                if said is Answer.NO and truth:
                    missed.append((role, table, rows))
                if said is Answer.YES and not truth:
                    early.append((role, table, rows))
        assert missed == []
        assert len(early) < counted / 200, early
        assert counted > 200
    finally:
        cluster.psql("postgres", f"DROP DATABASE {name};")
        cluster.psql("postgres", "".join(f"DROP ROLE {role};" for role in world.roles))

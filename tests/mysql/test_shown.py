"""What the text of SHOW GRANTS says is what the export says, on a live server."""

from pathlib import Path

import pytest

from nhigraph.ingest.document import Document
from nhigraph.policy.mysql.access import Access
from nhigraph.policy.mysql.catalog import Catalog, Granted
from nhigraph.sources.mysql.records import read_export
from nhigraph.sources.mysql.shown import read_shown
from tests.mysql.comparison import export
from tests.mysql.server import Server
from tests.mysql.world import Maker, World, account

pytestmark = [pytest.mark.mysql, pytest.mark.xdist_group("mysql")]


def levels(catalog: Catalog, names: set[str]) -> set[tuple[object, ...]]:
    """Every privilege of the accounts of a world, on whatever it is."""
    many: tuple[Granted, ...] = (
        *(*catalog.grants, *catalog.schema_grants),
        *(*catalog.table_grants, *catalog.routine_grants),
    )
    # The information schema lists a role's rights with those of the roles that it has.
    roles = Access(catalog).roles_of
    found: set[tuple[object, ...]] = set()
    for who in catalog.accounts:
        mine = {who, *(roles[who] if who.host is None else ())}
        for one in many:
            if who.user in names and one.who in mine:
                found |= {(who, one.thing, privilege) for privilege in one.privileges}
                found |= {
                    (who, one.thing, privilege, column)
                    for privilege, columns in one.columns.items()
                    for column in columns
                }
    return found


def shown(server: Server, world: World, *options: str) -> str:
    who = [*(account(*one) for one in world.accounts), *world.roles]
    return server.run("".join(f"SHOW GRANTS FOR {one};\n" for one in who), "root", *options).out


@pytest.mark.parametrize("seed", [1, 4, 6])
@pytest.mark.parametrize("options", [(), ("--table", "--column-names")])
def test_the_text_and_the_export_of_one_server_agree(
    server: Server, tmp_path: Path, seed: int, options: tuple[str, ...]
) -> None:
    """Role by role, level by level; as plain lines and as a table with borders."""
    world = Maker(seed).make()
    try:
        server.run(world.script)
        stated = read_export(export(server, tmp_path / "x.mysql.json")).catalog
        path = tmp_path / "x.grants.txt"
        path.write_text(shown(server, world, *options), encoding="utf-8")
        read = read_shown(Document(path, path.name))
    finally:
        server.run(world.undoing)
    names = {user for user, _ in world.accounts} | set(world.roles)
    assert not read.problems
    assert levels(read.catalog, names) == levels(stated, names)
    edges = {(one.role, one.member, one.active) for one in read.catalog.memberships}
    mine = {
        (one.role, one.member, one.active)
        for one in stated.memberships
        if one.member.user in names and one.member.user != "root"
    }
    assert edges == mine

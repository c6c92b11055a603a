"""What the text of SHOW GRANTS says is what the export says, on a live server."""

from pathlib import Path

import pytest

from nhigraph.facts.facts import Fact, Gap
from nhigraph.facts.keys import mysql as keys
from nhigraph.ingest.document import Document
from nhigraph.policy.mysql.access import Access
from nhigraph.policy.mysql.catalog import Catalog, Granted
from nhigraph.schema.types import State
from nhigraph.sources import mysql as source
from nhigraph.sources.mysql.records import read_export
from nhigraph.sources.mysql.shown import read_shown
from tests.mysql.comparison import export, name_of
from tests.mysql.server import Server
from tests.mysql.world import USERS, Maker, World, account
from tests.postgres.walker import Walker

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
@pytest.mark.parametrize("options", [(), ("--skip-raw",), ("--table", "--column-names")])
def test_the_text_and_the_export_of_one_server_agree(
    server: Server, tmp_path: Path, seed: int, options: tuple[str, ...]
) -> None:
    """Role by role, level by level; as plain lines, raw or not, and as a table with borders."""
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


WRITING = ("ALTER", "OMIT", "HALT")


def spoken(facts: list[Fact], who: str) -> tuple[set[tuple[str, str]], bool]:
    """What somebody may hold, and whether it reaches a gap."""
    held = Walker(facts, certain=False, planted=True).held(who)
    gaps = [one for one in facts if isinstance(one, Gap)]
    reached = any(
        (gap.at, state.name) in held for gap in gaps for state in (gap.states or tuple(State))
    )
    return held, reached


def calmer(text: list[Fact], export: list[Fact], who: str, tables: list[str]) -> set[object]:
    """What somebody may do by the export and neither does nor leaves open by the text."""
    mine, open_ = spoken(text, who)
    other, _ = spoken(export, who)
    found: set[object] = set()
    for schema, name in (name_of(one) for one in tables):
        things = (keys.dataset(schema, name), keys.schema(schema), "container:mysql:")
        for state in WRITING:
            told = any((thing, state) in mine for thing in things)
            if (things[0], state) in other and not (told or open_):
                found.add((who, schema, name, state))
    return found


@pytest.mark.parametrize("seed", [1, 4])
def test_a_text_is_never_calmer_than_the_export_of_the_same_server(
    server: Server, tmp_path: Path, seed: int
) -> None:
    """Of all accounts together, and of each alone that shares its name with nobody."""
    world = Maker(seed).make()
    names = [user for user, _ in world.accounts]
    alone = [one for one in world.accounts if "" not in names and names.count(one[0]) == 1]
    try:
        server.run(world.script)
        export_ = list(source.read(export(server, tmp_path / "x.mysql.json")))
        texts = {"": shown(server, world)}
        for one in alone:
            texts[keys.account(*one)] = server.run(f"SHOW GRANTS FOR {account(*one)};").out
    finally:
        server.run(world.undoing)
    found: set[object] = set()
    for which, text in texts.items():
        path = tmp_path / "x.grants.txt"
        path.write_text(text, encoding="utf-8")
        facts = list(source.read(Document(path, path.name)))
        for user, host in world.accounts:
            who = keys.account(user, host)
            if which in ("", who):
                found |= calmer(facts, export_, who, world.tables)
    assert not found


@pytest.mark.parametrize("seed", [2, 6])
def test_what_an_account_exports_of_itself_is_never_calmer_than_what_root_does(
    server: Server, tmp_path: Path, seed: int
) -> None:
    world = Maker(seed).make()
    found: set[object] = set()
    count = 0
    try:
        server.run(world.script)
        whole = list(source.read(export(server, tmp_path / "root.mysql.json")))
        for user in USERS:
            doc = export(server, tmp_path / "own.mysql.json", user)
            if not doc.data:
                continue  # Nobody of that name comes in from here.
            who = keys.account(*keys.account_parts(doc.content["exporter"]))
            count += 1
            found |= calmer(list(source.read(doc)), whole, who, world.tables)
    finally:
        server.run(world.undoing)
    assert count
    assert not found

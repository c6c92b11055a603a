"""TRUNCATE empties what refers to a table, too, or is refused: small catalogs, as 15.18 did."""

from dataclasses import replace

import pytest

from nhigraph.policy.postgres.catalog import Catalog, ForeignKey, Relation, Trigger
from nhigraph.policy.postgres.effects import Effect, Effects
from nhigraph.policy.postgres.membership import Roles
from nhigraph.policy.postgres.rights import Rights
from nhigraph.policy.postgres.statement import How
from tests.unit.policy.test_postgres import APP, GROUP, OWNER, catalog, function, may, table

HEAD = table("head", app="TRUNCATE")


def key(one: str, other: str) -> ForeignKey:
    return ForeignKey(("fin", one), ("fin", other), "a", "a", ("foreign_keys", 0))


def part(name: str, parent: str, *, partition: bool = True, **grants: str) -> Relation:
    return replace(table(name, **grants), inherits=(("fin", parent),), partition=partition)


@pytest.mark.parametrize(
    ("relations", "keys", "let"),
    [
        ((), (), True),
        ((table("line"),), (key("line", "head"),), False),
        ((table("line", app="DELETE"),), (key("line", "head"),), False),
        ((table("line", app="TRUNCATE"),), (key("line", "head"),), True),
        ((table("line", app="TRUNCATE"), table("deep")),
         (key("line", "head"), key("deep", "line")), False),
        # Partitions of what refers are asked for by themselves; children of the table are not.
        ((table("line", kind="p", app="TRUNCATE"), part("l1", "line")),
         (key("line", "head"),), False),
        ((part("kid", "head", partition=False),), (), True),
        ((part("kid", "head", partition=False), table("line")), (key("line", "kid"),), False),
        ((), (key("head", "head"),), True),
    ],
)  # fmt: skip
def test_who_may_not_empty_what_refers_may_not_truncate(
    relations: tuple[Relation, ...], keys: tuple[ForeignKey, ...], let: bool
) -> None:
    """The same by a role of their own, and by one whose partition is referred to."""
    assert may(catalog((HEAD, *relations), keys=keys), APP, "head", "TRUNCATE") is let
    leaf = part("leaf", "head", crew="TRUNCATE")
    root = replace(HEAD, kind="p")
    assert not may(
        catalog((root, leaf, table("x")), keys=(key("x", "head"),)), GROUP, "leaf", "TRUNCATE"
    )


def test_owners_empty_what_they_own_both_sides_of() -> None:
    """An owner may grant itself TRUNCATE on its own tables, and on no other's."""

    def available(found: Catalog) -> bool:
        rights = Rights(found, Roles(found))
        return rights.roles.has(
            rights.available(found.relations["fin", "head"], "TRUNCATE"), OWNER
        )

    bare = tuple(replace(table(name), acl=()) for name in ("head", "line"))
    foreign = (bare[0], replace(bare[1], owner=GROUP))
    assert available(catalog(bare, keys=(key("line", "head"),)))
    assert not available(catalog(foreign, keys=(key("line", "head"),)))


def test_a_truncate_empties_what_refers_in_another_schema() -> None:
    """Of one schema, whoever does it may do that by itself; elsewhere nobody has to name it."""
    far = replace(table("far"), name=("gone", "far"))
    keys = (key("line", "head"), replace(key("far", "head"), table=far.name))
    found = catalog((HEAD, table("line"), far), keys=keys)
    effects = Effects(found, Rights(found, Roles(found))).of(HEAD, "TRUNCATE")

    assert effects == (Effect("TRUNCATE", HEAD.name), Effect("TRUNCATE", far.name))


def test_a_trigger_of_what_refers_refuses() -> None:
    """Its function needs the rights of whoever truncates, or the owner's."""
    guard = function("guard", "BEGIN DELETE FROM fin.deep; RETURN NULL; END", returns="trigger")
    fires = Trigger("t", ("fin", "line"), ("fin", "guard", ""), 32, ("triggers", 0), when=False)
    found = catalog(
        (HEAD, table("line", app="TRUNCATE"), table("deep")),
        functions=(replace(guard, security_definer=False),),
        triggers=(fires,),
        keys=(key("line", "head"),),
    )
    roles = Roles(found)
    mask, _ = Effects(found, Rights(found, roles)).refusals((HEAD, "TRUNCATE", How.NAMED))

    assert not roles.has(mask, APP)
    assert roles.has(mask, OWNER)

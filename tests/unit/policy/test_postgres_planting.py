"""Whom an attached trigger runs as, on small catalogs; ``tests/postgres`` asks the server."""

from dataclasses import replace

import pytest

from nhigraph.policy.postgres.catalog import PUBLIC, Catalog, Membership, Schema
from nhigraph.policy.postgres.effects import Effects
from nhigraph.policy.postgres.membership import Roles
from nhigraph.policy.postgres.planting import Planting, Writers
from nhigraph.policy.postgres.rights import Rights
from tests.unit.policy.test_postgres import APP, GROUP, OWNER, catalog, role, table, view


def planting(found: Catalog) -> Planting:
    rights = Rights(found, Roles(found))
    return Planting(found, rights, Effects(found, rights))


def by_grant(found: Catalog, name: str) -> Writers:
    return planting(found).by_grant(found.relations["fin", name])


def writers(found: Catalog, name: str) -> set[str]:
    made = planting(found)
    return set(Roles(found).listed(made.writers(found.relations["fin", name])))


CREW = Membership(GROUP, APP, True, True, False, ("memberships", 0))
APART = replace(CREW, inherit=False)


@pytest.mark.parametrize("right", ["INSERT", "UPDATE", "DELETE", "TRUNCATE"])
def test_whoever_may_write_in_any_way_runs_the_triggers(right: str) -> None:
    """A trigger may be made for each of the four."""
    assert writers(catalog((table("gl", app=right),)), "gl") == {APP, OWNER}


def test_whoever_may_only_read_runs_none() -> None:
    """SELECT fires nothing."""
    assert writers(catalog((table("gl", app="SELECT TRIGGER"),)), "gl") == {OWNER}


def test_who_cannot_name_the_table_is_no_writer() -> None:
    """INSERT without USAGE on the schema is not usable."""
    found = catalog((table("gl", app="INSERT"),))
    closed = Schema("fin", OWNER, (), ("schemas", 0))

    assert writers(replace(found, schemas={"fin": closed}), "gl") == set()


def test_who_writes_through_a_view_runs_the_triggers_of_its_base() -> None:
    """Only the check is made as the view's owner (tried on 15.18)."""
    found = catalog((table("gl"), view("shown", "gl", app="INSERT")))

    assert writers(found, "gl") == {APP, OWNER}
    assert by_grant(found, "gl") == Writers((OWNER, APP), ())


def test_what_is_written_to_a_parent_runs_its_childrens_triggers_and_not_the_other_way() -> None:
    """UPDATE reaches the rows of children; INSERT stays in a parent that is not partitioned."""
    parent = table("all", app="UPDATE", crew="INSERT")
    child = replace(table("part"), inherits=(parent.name,))
    found = catalog((parent, child))

    assert writers(found, "part") == {APP, OWNER}
    assert writers(found, "all") == {APP, GROUP, OWNER}
    partition = replace(child, partition=True)
    assert writers(catalog((parent, partition)), "part") == {APP, GROUP, OWNER}


def test_a_group_stands_for_its_members() -> None:
    """One grantee, and the roles a session of which has its rights."""
    found = catalog((table("gl", crew="INSERT"),), (CREW,))

    assert by_grant(found, "gl") == Writers((OWNER, GROUP), ())
    assert set(planting(found).sessions(GROUP)) == {GROUP, APP}


def test_a_member_that_has_to_take_the_role_first_is_reached_too() -> None:
    """The code may RESET ROLE, and is then the member itself (tried on 15.18)."""
    found = catalog((table("gl", crew="INSERT"),), (APART,))

    assert APP in planting(found).sessions(GROUP)
    assert writers(found, "gl") == {APP, GROUP, OWNER}


def test_a_member_with_rights_but_without_set_writes_as_itself() -> None:
    """From 16 on a membership may give the rights and not the role."""
    only = replace(CREW, set_role=False)
    found = catalog((table("gl", crew="INSERT"),), (only,), version=160000)

    assert set(planting(found).sessions(GROUP)) == {GROUP, APP}


def test_superusers_and_writers_of_all_data_write_everywhere() -> None:
    """They are writers of every table and stand apart from those a grant names."""
    boss, all_data = role("boss", superuser=True), role("pg_write_all_data")
    member = Membership("pg_write_all_data", APP, True, True, False, ("memberships", 0))
    found = catalog((table("gl"),), (member,), roles=(boss, all_data))

    assert writers(found, "gl") == {OWNER, APP, "boss", "pg_write_all_data"}
    assert by_grant(found, "gl") == Writers((OWNER,), ())
    made = planting(found)
    assert Roles(found).listed(made.everywhere) == [APP, "boss", "pg_write_all_data"]


def test_public_is_everybody_who_can_name_the_table() -> None:
    """One grantee, however many roles there are."""
    found = catalog((table("gl", **{PUBLIC: "INSERT"}),))

    assert by_grant(found, "gl") == Writers((OWNER, PUBLIC), ())
    assert set(planting(found).sessions(PUBLIC)) == {OWNER, APP, GROUP}


def test_a_trigger_makes_a_view_writable_that_was_not() -> None:
    """INSTEAD OF: whoever has the privilege runs it, though the view passes nothing on."""
    shown = replace(view("shown", "gl", app="INSERT"), updatable=0)

    assert writers(catalog((table("gl"), shown)), "shown") == {APP, OWNER}
    assert writers(catalog((table("gl"), shown)), "gl") == {OWNER}

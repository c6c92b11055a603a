"""PostgreSQL's rules where no server is needed: ACL text, memberships, bodies, views, effects."""

from dataclasses import replace

import pytest

from nhigraph.policy.postgres import bodies, views
from nhigraph.policy.postgres.catalog import (
    PUBLIC,
    AclError,
    AclItem,
    Catalog,
    ForeignKey,
    Function,
    Membership,
    Read,
    Relation,
    Role,
    Schema,
    Trigger,
    parse_acl_item,
)
from nhigraph.policy.postgres.conditions import KEY_CHANGES
from nhigraph.policy.postgres.effects import Effect, Effects
from nhigraph.policy.postgres.membership import Roles, without_set
from nhigraph.policy.postgres.rights import Rights

# --- ACL text (ddl-priv) -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "grantee", "privileges"),
    [
        ("loader=ar/owner", "loader", {"INSERT", "SELECT"}),
        ("=U/owner", PUBLIC, {"USAGE"}),
        ("a=r*w*/owner", "a", {"SELECT", "UPDATE"}),
        ('"odd ""x"" =/"=X/owner', 'odd "x" =/', {"EXECUTE"}),
        ("none=/owner", "none", set()),
        ("later=rq/owner", "later", {"SELECT", "?q"}),
    ],
)
def test_an_acl_item_names_a_grantee_and_privileges(
    text: str, grantee: str, privileges: set[str]
) -> None:
    """Quotes are doubled in quoted names; a star is the grant option; empty is PUBLIC."""
    assert parse_acl_item(text, ()) == AclItem(grantee, frozenset(privileges), ())


@pytest.mark.parametrize("text", ["", "loader", "loader=ar", '"open=ar/owner', '"a"b=r/owner'])
def test_what_is_no_acl_item_is_an_error(text: str) -> None:
    """A wrong form is never read as no privilege."""
    with pytest.raises(AclError):
        parse_acl_item(text, ())


# --- small catalogs ------------------------------------------------------------------------------

OWNER, APP, GROUP = "keeper", "app", "crew"


def role(name: str, *, superuser: bool = False, inherit: bool = True, **flags: bool) -> Role:
    known = dict.fromkeys(("createrole", "createdb", "login", "replication", "bypassrls"), False)
    known.update(flags)
    return Role(
        name=name,
        place=("roles", 0),
        superuser=superuser,
        inherit=inherit,
        last_day=None,
        **known,
    )


def table(name: str, *, owner: str = OWNER, kind: str = "r", **grants: str) -> Relation:
    acl = [
        AclItem(grantee, frozenset(rights.split()), ("relations", 0))
        for grantee, rights in grants.items()
    ]
    everything = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"})
    acl.append(AclItem(owner, everything, ("relations", 0)))
    return Relation(("fin", name), kind, owner, tuple(acl), ("relations", 0))


def view(name: str, base: str, *, owner: str = OWNER, **grants: str) -> Relation:
    shown = table(name, owner=owner, kind="v", **grants)
    query = f"SELECT {base}.id, {base}.note FROM fin.{base}"
    reads = (Read(("fin", base), ("id", "note")),)
    return replace(shown, updatable=28, reads=reads, definition=query)


def function(
    name: str, body: str | None, *, owner: str = OWNER, returns: str = "void"
) -> Function:
    return Function(
        ("fin", name), "", owner, (), ("functions", 0), "plpgsql", True, returns, None, body
    )


def catalog(
    relations: tuple[Relation, ...] = (),
    memberships: tuple[Membership, ...] = (),
    *,
    version: int = 150000,
    roles: tuple[Role, ...] = (),
    functions: tuple[Function, ...] = (),
    triggers: tuple[Trigger, ...] = (),
    keys: tuple[ForeignKey, ...] = (),
) -> Catalog:
    named = [role(OWNER), role(APP), role(GROUP), *roles]
    usage = AclItem(PUBLIC, frozenset({"USAGE"}), ("schemas", 0))
    return Catalog(
        database=Schema("erp", OWNER, (), ("databases", 0)),
        version=version,
        roles={one.name: one for one in named},
        memberships=memberships,
        schemas={"fin": Schema("fin", OWNER, (usage,), ("schemas", 0))},
        relations={one.name: one for one in relations},
        foreign_keys=keys,
        policies=(),
        rules=(),
        functions=functions,
        triggers=triggers,
    )


def may(found: Catalog, name: str, relation: str, privilege: str) -> bool:
    rights = Rights(found, Roles(found))
    mask = rights.statement(found.relations["fin", relation], privilege)
    return rights.roles.has(mask, name)


def member(*, inherit: bool, set_role: bool, admin: bool) -> Membership:
    return Membership(GROUP, APP, inherit, set_role, admin, ("memberships", 0))


@pytest.mark.parametrize(
    ("inherit", "set_role", "admin", "at_once", "possible"),
    [
        (True, True, False, True, True),
        (False, True, False, False, False),
        (True, False, False, True, True),
        (False, False, False, False, False),
        (False, False, True, False, True),
        (True, True, True, True, True),
    ],
)
def test_membership_options_of_16_give_what_the_documentation_of_grant_says(
    inherit: bool, set_role: bool, admin: bool, at_once: bool, possible: bool
) -> None:
    """INHERIT gives the rights at once, ADMIN lets the member give itself the role."""
    held = catalog(
        memberships=(member(inherit=inherit, set_role=set_role, admin=admin),), version=160000
    )
    today, later = Roles(held), Roles(held, possible=True)

    assert today.has(today.with_rights_of(GROUP), APP) is at_once
    assert later.has(later.with_rights_of(GROUP), APP) is possible


def test_admin_gives_a_noinherit_role_nothing_more_until_15() -> None:
    """Its INHERIT attribute decides, and granting itself the role does not change that."""
    option = member(inherit=False, set_role=True, admin=True)
    held = replace(
        catalog(memberships=(option,)),
        roles={OWNER: role(OWNER), APP: role(APP, inherit=False), GROUP: role(GROUP)},
    )
    later = Roles(held, possible=True)

    assert not later.has(later.with_rights_of(GROUP), APP)


@pytest.mark.parametrize(
    ("version", "inherit", "set_role", "lent"),
    [
        (150000, False, True, True),
        (160000, True, False, True),
        (160000, False, True, True),
        (160000, False, False, False),
    ],
)
def test_the_admin_option_of_a_role_is_lent_from_16_on_only_with_its_rights_or_itself(
    version: int, inherit: bool, set_role: bool, lent: bool
) -> None:
    """Who may SET ROLE grants as that role, to itself."""
    boss = Membership(GROUP, "boss", True, True, True, ("memberships", 1))
    lower = Membership("boss", "low", inherit, set_role, False, ("memberships", 2))
    people = (role("boss"), role("low"))
    held = catalog(memberships=(boss, lower), version=version, roles=people)
    later = Roles(held, possible=True)

    assert later.has(later.with_rights_of(GROUP), "low") is lent


def test_rights_without_the_role_stand_apart_where_the_role_can_do_more() -> None:
    """INHERIT without SET on a role that may itself SET ROLE to another."""
    further = Membership("boss", GROUP, False, True, False, ("memberships", 1))
    only_rights = member(inherit=True, set_role=False, admin=False)

    assert without_set(catalog(memberships=(only_rights,), version=160000)) == set()
    assert without_set(
        catalog(memberships=(only_rights, further), version=160000, roles=(role("boss"),))
    ) == {GROUP}


def test_createrole_makes_a_role_with_every_other_only_until_15() -> None:
    """From 16 on it needs ADMIN on each."""
    maker = role("maker", createrole=True)

    assert Roles(catalog(roles=(maker,)), possible=True).makes_roles == ["maker"]
    assert Roles(catalog(roles=(maker,), version=160000), possible=True).makes_roles == []


# --- views ---------------------------------------------------------------------------------------


def test_a_view_lends_its_owners_rights_and_an_invoker_view_does_not() -> None:
    """Through the first APP needs nothing on the table, through the second the same as without."""
    base = table("gl")
    plain = view("shown", "gl", app="SELECT INSERT")
    invoker = replace(view("own", "gl", app="SELECT INSERT"), security_invoker=True)
    held = catalog((base, plain, invoker))

    assert may(held, APP, "shown", "INSERT")
    assert may(held, APP, "shown", "SELECT")
    assert not may(held, APP, "own", "INSERT")
    assert not may(held, APP, "gl", "INSERT")


def test_a_view_whose_owner_lacks_the_right_lends_nothing() -> None:
    """Even the superuser is refused: the owner's rights are looked at."""
    boss = role("boss", superuser=True)
    held = catalog((table("gl"), view("v", "gl", owner=GROUP, app="SELECT")), roles=(boss,))

    assert not may(held, APP, "v", "SELECT")
    assert not may(held, "boss", "v", "SELECT")
    assert may(held, "boss", "gl", "SELECT")


def test_an_invoker_view_inside_another_looks_at_who_runs_the_statement() -> None:
    """Not at the outer view's owner (sql-createview, Notes)."""
    inner = replace(view("inner", "gl"), security_invoker=True)
    outer = view("outer", "inner", app="SELECT", crew="SELECT")
    held = catalog((table("gl", crew="SELECT"), inner, outer))

    assert may(held, GROUP, "outer", "SELECT")
    assert not may(held, APP, "outer", "SELECT")


def test_an_update_through_a_view_needs_one_column_that_is_open_at_both_levels() -> None:
    """Columns are told apart by name, as the view shows them."""
    base = table("gl")
    by_column = AclItem(APP, frozenset({"UPDATE"}), (), "note")
    below = AclItem(APP, frozenset({"UPDATE"}), (), "id")
    base = replace(base, acl=(*base.acl, below))
    shown = replace(view("v", "gl"), security_invoker=True)
    shown = replace(shown, acl=(*shown.acl, by_column))

    assert may(catalog((base, shown)), APP, "gl", "UPDATE")
    assert not may(catalog((base, shown)), APP, "v", "UPDATE")
    both = replace(shown, acl=(*shown.acl, replace(by_column, column="id")))
    assert may(catalog((base, both)), APP, "v", "UPDATE")


@pytest.mark.parametrize(
    ("query", "values", "copied", "filters"),
    [
        ("SELECT gl.id FROM fin.gl", True, True, False),
        ("SELECT gl.id FROM fin.gl WHERE gl.id > 0", True, True, True),
        ("SELECT gl.id + 1 AS id FROM fin.gl", True, False, False),
        ("SELECT max(gl.id) AS id FROM fin.gl", True, False, False),
        ("not a query (", True, False, True),
    ],
)
def test_a_views_query_says_how_it_uses_a_table(
    query: str, values: bool, copied: bool, filters: bool
) -> None:
    """What cannot be read is used in every way, and copies nothing."""
    shown = replace(view("v", "gl"), definition=query)

    assert views.use(shown, ("fin", "gl")) == views.Use(values, copied, filters)


# --- bodies --------------------------------------------------------------------------------------


def steps(text: str, language: str = "plpgsql", returns: str = "void") -> list[str]:
    body = bodies.understand(text, language, returns, frozenset({"helper"}))
    if body.problem:
        return [body.problem]
    return [
        f"{one.privilege} {'.'.join(one.relation)}"
        + (" returned" if one.returned else "")
        + (" maybe" if one.branch else "")
        for one in body.steps
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BEGIN INSERT INTO fin.gl(id) VALUES (1); END", ["INSERT fin.gl"]),
        (
            "BEGIN DELETE FROM ONLY fin.gl; TRUNCATE a, B; END",
            ["DELETE fin.gl", "TRUNCATE a", "TRUNCATE b"],
        ),
        ('BEGIN UPDATE fin."GL" SET a = 1 WHERE b = 2; END', ["UPDATE fin.GL", "SELECT fin.GL"]),
        (
            "BEGIN IF x THEN DELETE FROM fin.gl; END IF; UPDATE fin.a SET b = 1; END",
            ["DELETE fin.gl maybe", "UPDATE fin.a"],
        ),
        (
            "BEGIN FOR r IN SELECT * FROM fin.a LOOP INSERT INTO fin.b VALUES (1); END LOOP; END",
            ["SELECT fin.a", "INSERT fin.b maybe"],
        ),
        (
            "BEGIN INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1; END",
            ["INSERT t", "UPDATE t", "SELECT t"],
        ),
        (
            "BEGIN WITH d AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM d; END",
            ["INSERT u", "DELETE t", "SELECT t"],
        ),
        ("BEGIN INSERT INTO t VALUES (1) RETURNING id INTO x; END", ["INSERT t", "SELECT t"]),
        ("BEGIN SELECT id INTO STRICT x FROM t; END", ["SELECT t"]),
        ("BEGIN PERFORM 1 FROM t; END", ["SELECT t"]),
        ("DECLARE x int := 1; BEGIN x := 2; NEW.a = ';'; RETURN NEW; END", []),
        ("BEGIN EXECUTE 'DELETE FROM ' || x; END", ["it builds statements as it runs"]),
        ("BEGIN PERFORM helper(1); END", ["it calls another function"]),
        ("BEGIN x := helper(1); END", ["it calls another function"]),
        ("DECLARE x int := helper(1); BEGIN NULL; END", ["it calls another function"]),
        ("BEGIN COPY t TO 'x'; END", ["it holds a statement that is not followed"]),
        ("BEGIN CREATE TABLE t (id int); END", ["it holds a statement that is not followed"]),
        ("BEGIN CALL p(); END", ["it holds a statement that is not followed"]),
        ("BEGIN SELECT ((( FROM t; END", ["its text could not be parsed"]),
    ],
)
def test_a_plpgsql_body_is_read_as_far_as_it_is_static(text: str, expected: list[str]) -> None:
    """What is not static is a problem, never nothing."""
    assert sorted(steps(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "returns", "expected"),
    [
        ("SELECT note FROM fin.gl", "text", ["SELECT fin.gl returned"]),
        ("SELECT note FROM fin.gl", "void", ["SELECT fin.gl"]),
        ("SELECT 1 FROM a; SELECT 2 FROM b", "integer", ["SELECT a", "SELECT b returned"]),
        ("BEGIN ATOMIC\n DELETE FROM fin.gl;\nEND", "void", ["DELETE fin.gl"]),
        ("CREATE TABLE t (id int)", "void", ["it holds a statement that is not followed"]),
        ("SELECT helper()", "void", ["it calls another function"]),
        ("SELECT * FROM fin.helper()", "text", ["it calls another function"]),
        (
            (
                "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE"
                " WHEN NOT MATCHED THEN INSERT VALUES (1)"
            ),
            "void",
            ["DELETE t", "INSERT t", "SELECT s", "SELECT t"],
        ),
    ],
)
def test_an_sql_body_returns_what_its_last_query_reads(
    text: str, returns: str, expected: list[str]
) -> None:
    """Only the last statement of an SQL function is its result (xfunc-sql)."""
    assert sorted(steps(text, "sql", returns)) == sorted(expected)


# --- effects -------------------------------------------------------------------------------------


def effects(found: Catalog, name: str, privilege: str) -> set[tuple[str, str, bool]]:
    rights = Rights(found, Roles(found))
    relation = found.relations["fin", name]
    return {
        (one.privilege, one.relation[1] if one.relation else one.lent, bool(one.condition))
        for one in Effects(found, rights).of(relation, privilege)
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BEGIN INSERT INTO t VALUES (1); RETURN NEW; END", {"t": ("all", False)}),
        (
            "BEGIN IF TG_OP = 'INSERT' THEN DELETE FROM a; ELSE DELETE FROM b; END IF; END",
            {"a": ("INSERT", False), "b": ("DELETE TRUNCATE UPDATE", False)},
        ),
        (
            ("BEGIN IF TG_OP = 'INSERT' AND x THEN DELETE FROM a; ELSIF TG_OP IN ('INSERT',"
            " 'UPDATE') THEN DELETE FROM b; END IF; DELETE FROM c; END"),
            {"a": ("INSERT", True), "b": ("UPDATE", False), "b ": ("INSERT", True),
             "c": ("all", False)},
        ),
        (
            "BEGIN IF TG_OP = 'INSERT' OR x THEN DELETE FROM a; END IF; END",
            {"a": ("all", True)},
        ),
        (
            "BEGIN IF (NOT (TG_OP <> 'DELETE')) THEN RETURN OLD; END IF; DELETE FROM a; END",
            {"a": ("INSERT TRUNCATE UPDATE", False)},
        ),
        (
            "BEGIN IF x THEN RETURN NEW; END IF; DELETE FROM a; END",
            {"a": ("all", True)},
        ),
        (
            "BEGIN RETURN NEW; EXCEPTION WHEN OTHERS THEN DELETE FROM a; END",
            {"a": ("all", True)},
        ),
        (
            ("BEGIN CASE TG_OP WHEN 'INSERT' THEN DELETE FROM a; WHEN y THEN DELETE FROM b;"
            " END CASE; END"),
            {"a": ("INSERT", False), "b": ("DELETE TRUNCATE UPDATE", True)},
        ),
        (
            "BEGIN CASE WHEN TG_OP = 'INSERT' THEN DELETE FROM a; ELSE NULL; END CASE; END",
            {"a": ("INSERT", False)},
        ),
        (
            "BEGIN CASE kind WHEN 'INSERT' THEN DELETE FROM a; ELSE NULL; END CASE; END",
            {"a": ("all", True)},
        ),
        (
            "BEGIN IF lower(TG_OP) = 'insert' THEN DELETE FROM a; END IF; END",
            {"a": ("all", True)},
        ),
        (
            "BEGIN WHILE x LOOP RETURN NEW; END LOOP; DELETE FROM a; END",
            {"a": ("all", True)},
        ),
    ],
)  # fmt: skip
def test_a_triggers_branches_by_event_are_told_apart(
    text: str, expected: dict[str, tuple[str, bool]]
) -> None:
    """For which events each statement runs, and whether that is left open."""
    body = bodies.understand(text, "plpgsql", "trigger", frozenset())
    assert not body.problem
    found = {
        (one.relation[0], " ".join(sorted(one.events)), one.branch)
        for one in body.steps
        if one.privilege == "DELETE" or one.relation == ("t",)
    }
    every = "DELETE INSERT TRUNCATE UPDATE"
    assert found == {
        (name.strip(), every if events == "all" else events, is_open)
        for name, (events, is_open) in expected.items()
    }
    called = bodies.understand(text, "plpgsql", "void", frozenset())
    assert {one.events for one in called.steps} == {frozenset(every.split())}


@pytest.mark.parametrize(
    ("text", "skips"),
    [
        ("RETURN NEW;", "DELETE"),
        ("RETURN OLD;", "INSERT TRUNCATE UPDATE"),
        ("RETURN NULL;", "DELETE INSERT TRUNCATE UPDATE"),
        ("RETURN coalesce(new, old);", ""),
        ("IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;", ""),
        ("NEW.a := OLD.a; RETURN NEW;", "DELETE"),
        ("NEW = OLD; RETURN NEW;", "DELETE INSERT TRUNCATE UPDATE"),
        (
            "IF x THEN RETURN NULL; END IF; RETURN COALESCE(NEW, OLD);",
            "DELETE INSERT TRUNCATE UPDATE",
        ),
    ],
)  # fmt: skip
def test_what_is_returned_before_a_row_may_leave_that_out(text: str, skips: str) -> None:
    body = bodies.understand(f"BEGIN {text} END", "plpgsql", "trigger", frozenset())
    assert " ".join(sorted(body.skips)) == skips


def test_a_delete_cascades_and_an_update_may() -> None:
    """Whether an update changes the key is not in the catalogs, unless it sets a column of it."""
    key = ForeignKey(
        ("fin", "line"), ("fin", "gl"), "c", "n", ("foreign_keys", 0), referenced=frozenset({"id"})
    )
    held = catalog((table("gl"), table("line")), keys=(key,))
    told = Effects(held, Rights(held, Roles(held)))
    gl = held.relations["fin", "gl"]
    assert told.watched(gl) == ["id"]
    for column, condition in (("id", ""), ("note", KEY_CHANGES), ("", KEY_CHANGES)):
        line = [one for one in told.of(gl, "UPDATE", column) if one.relation != gl.name]
        assert [one.condition for one in line] == [condition]

    assert effects(held, "gl", "DELETE") == {("DELETE", "gl", False), ("DELETE", "line", False)}
    assert effects(held, "gl", "UPDATE") == {("UPDATE", "gl", False), ("UPDATE", "line", True)}
    assert effects(held, "gl", "TRUNCATE") == {("TRUNCATE", "gl", False)}


def test_partitions_in_a_circle_end() -> None:
    """No server has them; a document may."""
    one = replace(table("one", kind="p"), inherits=(("fin", "two"),), partition=True)
    two = replace(table("two", kind="p"), inherits=(("fin", "one"),), partition=True)
    key = ForeignKey(
        ("fin", "line"),
        ("fin", "one"),
        "c",
        "c",
        ("foreign_keys", 0),
        referenced=frozenset({"id"}),
    )
    held = catalog((one, two, table("line")), keys=(key,))
    told = Effects(held, Rights(held, Roles(held)))
    assert told.watched(two) == ["id"]
    for relation in (one, two):
        assert ("DELETE", "line", False) in effects(held, relation.name[1], "DELETE")


def test_rows_put_into_a_parent_reach_a_partition_and_no_heir() -> None:
    """A delete reaches both."""
    leaf = replace(table("leaf"), inherits=(("fin", "root"),), partition=True)
    heir = replace(table("heir"), inherits=(("fin", "root"),))
    held = catalog((table("root", kind="p"), leaf, heir))

    assert {name for _, name, _ in effects(held, "root", "INSERT")} == {"root", "leaf"}
    assert {name for _, name, _ in effects(held, "root", "DELETE")} == {"root", "leaf", "heir"}


def test_a_definer_trigger_writes_with_its_owners_rights() -> None:
    """On its event, whatever follows from what it writes included; a circle ends."""
    copy = function("copy", "BEGIN INSERT INTO fin.log VALUES (1); END", returns="trigger")
    back = function("back", "BEGIN INSERT INTO fin.gl VALUES (1); END", returns="trigger")
    fired = (
        Trigger("copy", ("fin", "gl"), ("fin", "copy", ""), 4, ("triggers", 0), when=False),
        Trigger("back", ("fin", "log"), ("fin", "back", ""), 4, ("triggers", 1), when=False),
    )
    held = catalog((table("gl"), table("log")), functions=(copy, back), triggers=fired)

    assert effects(held, "gl", "INSERT") == {("INSERT", "gl", False), ("INSERT", "log", False)}
    assert effects(held, "gl", "DELETE") == {("DELETE", "gl", False)}


def call(found: Catalog, called: Function) -> tuple[Effect, ...]:
    return Effects(found, Rights(found, Roles(found))).of_call(called)


def test_a_function_that_is_not_understood_lends_its_owner_under_a_condition() -> None:
    """Its owner's whole power, and why."""
    dynamic = function("f", "BEGIN EXECUTE x; END")
    (effect,) = call(catalog((table("gl"),), functions=(dynamic,)), dynamic)

    assert (effect.lent, bool(effect.condition)) == (OWNER, True)


def test_a_call_whose_owner_is_refused_does_nothing_at_all() -> None:
    """The first statement alone would be allowed, and is rolled back."""
    both = function(
        "f", "BEGIN INSERT INTO fin.own VALUES (1); DELETE FROM fin.gl; END", owner=GROUP
    )
    held = catalog((table("own", owner=GROUP), table("gl")), functions=(both,))

    assert call(held, both) == ()


def test_a_name_without_a_schema_is_looked_for_in_the_functions_own_path() -> None:
    """Without one the caller's path decides, which is a condition."""
    free = function("f", "BEGIN DELETE FROM gl; END")
    fixed = replace(free, search_path='nowhere, "fin"')
    held = catalog((table("gl"),), functions=(free,))

    def done(called: Function) -> list[bool]:
        return [bool(one.condition) for one in call(held, called) if one.relation]

    assert done(free) == [True]
    assert done(fixed) == [False]
    assert done(replace(free, search_path="nowhere")) == []


@pytest.mark.parametrize(
    ("path", "temporary", "schemas"),
    [
        (None, 1, [""]),
        ("fin", 1, []),
        ('""', 1, []),
        ("fin, pg_temp", 0, []),
        ('"fin", "pg_temp"', 0, []),
        ('"$user", fin, pg_temp', 0, []),
    ],
)
def test_whoever_makes_what_a_name_finds_is_lent_the_owner(
    path: str | None, temporary: int, schemas: list[str]
) -> None:
    """The path has to name pg_temp, and last, or that comes first."""
    found = function("f", "BEGIN INSERT INTO gl VALUES (1); END")
    held = catalog((table("gl"),), functions=(found,))
    lent = [one for one in call(held, replace(found, search_path=path)) if one.lent]

    assert {(one.lent, bool(one.condition)) for one in lent} <= {(OWNER, True)}
    assert len([one for one in lent if one.opening and one.opening.temporary]) == temporary
    lasting = [one.opening.schema for one in lent if one.opening and not one.opening.temporary]
    assert lasting == schemas


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("BEGIN UPDATE fin.gl SET amount = 1; END", False),
        ("BEGIN UPDATE fin.gl SET amount = amount + 1; END", True),
        ("BEGIN DELETE FROM fin.gl WHERE id = 1; END", True),
        ("BEGIN INSERT INTO fin.gl (id, amount) VALUES (1, 2); END", False),
        ("BEGIN INSERT INTO fin.gl VALUES (now()); END", True),
        ("BEGIN INSERT INTO fin.gl VALUES (pg_catalog.now()); END", False),
        ("BEGIN INSERT INTO fin.gl SELECT * FROM fin.own; END", False),
        ("BEGIN INSERT INTO fin.gl VALUES ('a + now()'); END", False),
    ],
)
def test_a_text_that_calls_anything_by_a_bare_name_is_told(text: str, *, calls: bool) -> None:
    """An equals sign that sets is no operator, nor is a star of columns."""
    found = function("f", text)
    held = catalog((table("gl"), table("own")), functions=(found,))

    assert any(one.opening for one in call(held, found)) is calls

"""Rules, triggers that refuse, default privileges: small catalogs, as a server answered."""

from dataclasses import replace

import pytest

from nhigraph.policy.postgres.asking import Step
from nhigraph.policy.postgres.catalog import (
    PUBLIC,
    AclItem,
    Catalog,
    Default,
    Relation,
    Rule,
    Trigger,
)
from nhigraph.policy.postgres.defaults import acl_of_new, creators
from nhigraph.policy.postgres.effects import Effect, Effects
from nhigraph.policy.postgres.membership import Roles
from nhigraph.policy.postgres.rights import Rights
from nhigraph.policy.postgres.rules import refers, understand
from nhigraph.policy.postgres.statement import How
from tests.unit.policy.test_postgres import (
    APP,
    GROUP,
    OWNER,
    catalog,
    function,
    may,
    role,
    table,
    view,
)

EVENTS = {"UPDATE": "2", "INSERT": "3", "DELETE": "4"}

# --- the text of a rule --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "steps"),
    [
        ("INSTEAD NOTHING", ()),
        ("NOTHING", ()),
        ("( NOTIFY a;\n NOTIFY b;\n)", ()),
        ("INSTEAD  INSERT INTO fin.log (id)\n  VALUES (new.id)", ("INSERT log id",)),
        ("INSTEAD  SELECT secret.x\n   FROM fin.secret", ("SELECT secret x returned",)),
        ("( INSERT INTO fin.log (id)\n  VALUES (1);\n DELETE FROM fin.log;\n)",
         ("INSERT log id", "DELETE log")),
        ("UPDATE fin.log SET id = old.id\n  WHERE (log.id = 1)",
         ("UPDATE log id", "SELECT log id")),
    ],
)  # fmt: skip
def test_what_pg_get_ruledef_prints_is_read(action: str, steps: tuple[str, ...]) -> None:
    """One statement, several in parentheses, or none."""
    found = understand(f"CREATE RULE r AS\n    ON INSERT TO fin.gl DO {action};", frozenset())

    assert found.problem == ""
    assert tuple(told(step) for step in found.steps) == steps


def told(step: Step) -> str:
    parts = [step.privilege, step.relation[-1], *step.columns, "returned" if step.returned else ""]
    return " ".join(part for part in parts if part)


def test_names_that_look_like_words_of_a_rule_do_not_end_it() -> None:
    """Quoted names, and a condition that reads another table."""
    text = (
        'CREATE RULE "a do b" AS ON INSERT TO fin."where" WHERE ((new."do" > 5) AND (EXISTS'
        ' ( SELECT 1 FROM fin.limits WHERE (limits.id = new."do")))) DO  DELETE FROM fin.log;'
    )

    assert [told(step) for step in understand(text, frozenset()).steps] == [
        "SELECT limits id",
        "DELETE log",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "does not have its action"),
        ("CREATE RULE", "could not be read"),
        ("CREATE RULE r AS ON INSERT TO fin.gl DO SELECT fin.f(1)", "another function"),
        ("CREATE RULE r AS ON INSERT TO fin.gl DO INSERT INTO (", "could not be parsed"),
    ],
)
def test_an_action_that_cannot_be_read_says_why(text: str, problem: str) -> None:
    """It is never read as no action."""
    assert problem in understand(text, frozenset({"f"})).problem


@pytest.mark.parametrize(
    ("action", "expected"),
    [("INSERT INTO fin.log VALUES (new.id)", True), ("DELETE FROM fin.log", False), ("", True)],
)
def test_a_rule_may_look_at_the_rows_of_the_statement(action: str, expected: bool) -> None:
    """OLD or NEW; without a text it is taken to."""
    text = f"CREATE RULE r AS ON UPDATE TO fin.gl DO INSTEAD {action}" if action else ""

    assert refers(text) is expected


# --- what a rule makes of a statement ------------------------------------------------------------


def rule(
    on: str,
    event: str,
    action: str,
    *,
    instead: bool = True,
    conditional: bool | None = False,
) -> Rule:
    text = f"CREATE RULE r AS ON {event} TO fin.{on} DO {action};" if action else ""
    place = ("rules", 0)
    return Rule("r", ("fin", on), EVENTS[event], instead, place, conditional, text)


def ruled(one: Rule, *relations: Relation) -> Catalog:
    return replace(catalog(relations), rules=(one,))


def effects(found: Catalog, name: str, privilege: str) -> list[Effect]:
    rights = Rights(found, Roles(found))
    return list(Effects(found, rights).of(found.relations["fin", name], privilege))


GL, LOG = table("gl", app="INSERT UPDATE"), table("log")
OVER = view("shown", "gl", app="INSERT UPDATE SELECT")
UPDATED, LOGGED = Effect("UPDATE", ("fin", "gl")), Effect("INSERT", ("fin", "log"))
LOGGING = "INSERT INTO fin.log (id) VALUES (new.id)"


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (rule("gl", "UPDATE", "INSTEAD NOTHING"), []),
        (rule("gl", "UPDATE", f"INSTEAD {LOGGING}"), [LOGGED]),
        (rule("gl", "UPDATE", LOGGING, instead=False), [UPDATED, LOGGED]),
        (rule("gl", "INSERT", LOGGING, instead=False), [UPDATED]),
        (
            rule("gl", "UPDATE", "INSTEAD NOTHING", conditional=True),
            [replace(UPDATED, condition="rule r does not take the statement's place")],
        ),
        (
            rule("gl", "UPDATE", LOGGING, instead=False, conditional=True),
            [UPDATED, replace(LOGGED, condition="the condition of rule r holds")],
        ),
    ],
)
def test_a_rule_takes_the_place_of_a_statement_or_stands_beside_it(
    one: Rule, expected: list[Effect]
) -> None:
    """Its action is done with the rights of the table's owner, whoever writes."""
    assert effects(ruled(one, GL, LOG), "gl", "UPDATE") == expected


def test_copy_goes_past_a_tables_rules() -> None:
    """INSERT is a write whatever they say; a view cannot be the target of COPY."""
    one = rule("gl", "INSERT", "INSTEAD NOTHING")

    assert effects(ruled(one, GL), "gl", "INSERT") == [Effect("INSERT", ("fin", "gl"))]
    assert [e.relation for e in effects(ruled(one, GL, OVER), "shown", "INSERT")] == [
        ("fin", "shown")
    ]
    over = rule("shown", "INSERT", "INSTEAD NOTHING")
    assert effects(ruled(over, GL, OVER), "shown", "INSERT") == []


def test_what_a_views_conditional_rule_leaves_over_is_refused() -> None:
    """The server asks for a rule without a condition."""
    one = rule("shown", "INSERT", "INSTEAD NOTHING", conditional=True)

    assert effects(ruled(one, GL, OVER), "shown", "INSERT") == []


def test_a_parents_update_goes_past_its_childrens_rules() -> None:
    """Only the relation that is named has its rules looked at."""
    child = replace(table("part"), inherits=(("fin", "gl"),))
    one = rule("part", "UPDATE", "INSTEAD NOTHING")

    assert effects(ruled(one, GL, child), "gl", "UPDATE") == [
        UPDATED,
        Effect("UPDATE", ("fin", "part")),
    ]


def test_rows_that_a_rule_returns_are_read() -> None:
    """INSTEAD SELECT gives them to who runs the statement."""
    one = rule("gl", "UPDATE", "INSTEAD SELECT log.id FROM fin.log")

    assert effects(ruled(one, GL, LOG), "gl", "UPDATE") == [Effect("SELECT", ("fin", "log"))]


def test_an_action_that_is_not_known_lends_its_owners_rights() -> None:
    """As exports of earlier forms have it: what is done instead, and whether always, is open."""
    one = rule("gl", "UPDATE", "", conditional=None)
    found = effects(ruled(one, GL), "gl", "UPDATE")

    assert [(effect.relation, effect.lent) for effect in found] == [
        (("fin", "gl"), ""),
        (None, OWNER),
    ]
    assert all(effect.condition for effect in found)


def test_a_rule_whose_owner_may_not_do_it_refuses_everybody() -> None:
    """Superusers too, and under a condition that never holds; INSERT is left to COPY."""
    foreign = replace(LOG, owner=GROUP, acl=(), name=("fin", "log"))
    boss = role("boss", superuser=True)
    one = rule("gl", "UPDATE", LOGGING, instead=False, conditional=True)
    found = replace(ruled(one, GL, foreign), roles={**catalog(roles=(boss,)).roles})

    assert not may(found, APP, "gl", "UPDATE")
    assert not may(found, "boss", "gl", "UPDATE")
    assert may(found, APP, "gl", "INSERT")


def test_an_owner_without_select_cannot_look_at_old_or_new() -> None:
    """Whatever the statement; a condition alone does not take it."""
    blind = replace(GL, acl=GL.acl[:1])
    looks = rule("gl", "UPDATE", f"INSTEAD {LOGGING}")

    assert not may(ruled(looks, blind, LOG), APP, "gl", "UPDATE")
    plain = rule("gl", "UPDATE", "INSTEAD DELETE FROM fin.log")
    assert may(ruled(plain, blind, LOG), APP, "gl", "UPDATE")
    asks = replace(plain, definition=plain.definition.replace(" DO ", " WHERE (new.id > 5) DO "))
    assert may(ruled(asks, blind, LOG), APP, "gl", "UPDATE")


def test_from_16_on_every_action_takes_the_owners_select() -> None:
    """But for those that are no statement."""
    blind = replace(GL, acl=GL.acl[:1])
    plain = ruled(rule("gl", "UPDATE", "INSTEAD DELETE FROM fin.log"), blind, LOG)
    nothing = ruled(rule("gl", "UPDATE", "NOTHING", instead=False), blind, LOG)

    for version in (150000, 160000, 180000):
        assert may(replace(plain, version=version), APP, "gl", "UPDATE") is (version < 160000)
        assert may(replace(nothing, version=version), APP, "gl", "UPDATE")


# --- triggers that refuse ------------------------------------------------------------------------


def triggered(body: str, *, definer: bool = False, owner: str = OWNER) -> Effects:
    made = function("guard", body, owner=owner, returns="trigger")
    made = replace(made, security_definer=definer)
    fires = Trigger("t", ("fin", "gl"), ("fin", "guard", ""), 4 | 16, ("triggers", 0), when=False)
    gl = table("gl", app="INSERT UPDATE", crew="INSERT UPDATE")
    log = table("log", crew="INSERT")
    found = catalog((gl, log), functions=(made,), triggers=(fires,))
    return Effects(found, Rights(found, Roles(found)))


def refused(found: Effects, privilege: str = "UPDATE") -> tuple[list[str], str]:
    gl = found._catalog.relations["fin", "gl"]
    mask, why = found.refusals((gl, privilege, How.NAMED))
    roles = Roles(found._catalog)
    return roles.listed(roles.everyone & ~mask), why


WRITES = "BEGIN INSERT INTO fin.log (id) VALUES (new.id); RETURN new; END"


def test_a_trigger_as_the_writer_refuses_who_lacks_its_rights() -> None:
    """The statement is undone as a whole."""
    assert refused(triggered(WRITES)) == ([APP], "")
    assert refused(triggered(WRITES), "DELETE") == ([], "")


def test_a_definers_trigger_refuses_nobody_or_everybody() -> None:
    """Its owner's rights are looked at."""
    assert refused(triggered(WRITES, definer=True)) == ([], "")
    assert refused(triggered(WRITES, definer=True, owner=APP))[0] == [OWNER, APP, GROUP]


@pytest.mark.parametrize(
    ("type_", "conditional", "expected"),
    [
        (4, True, ([APP], "")),
        (4 | 1, False, ([APP], "")),
        (4 | 1, True, ([], "trigger t of fin.log does not refuse it")),
    ],
)
def test_a_rows_trigger_behind_a_condition_waits_for_a_row(
    type_: int, conditional: bool, expected: tuple[list[str], str]
) -> None:
    """The rule's statement is run for no row, too, and fires what is for each statement."""
    body = "BEGIN DELETE FROM fin.deep; RETURN NULL; END"
    guard = replace(function("guard", body, returns="trigger"), security_definer=False)
    fires = Trigger("t", ("fin", "log"), ("fin", "guard", ""), type_, ("triggers", 0), when=False)
    deep = table("deep", crew="DELETE")
    one = rule("gl", "UPDATE", LOGGING, instead=False, conditional=conditional)
    found = ruled(one, GL, LOG, deep)
    found = replace(found, functions=(guard,), triggers=(fires,))

    assert refused(Effects(found, Rights(found, Roles(found)))) == expected


def test_a_rule_that_reads_a_column_takes_its_owners_right_to_it() -> None:
    """Another column is not enough."""
    for column, reads in (("id", True), ("note", False)):
        item = AclItem(OWNER, frozenset({"SELECT"}), ("relations", 0), column)
        log = replace(LOG, owner=GROUP, acl=(item,))
        one = rule("gl", "UPDATE", "INSTEAD SELECT log.id FROM fin.log")

        assert may(ruled(one, GL, log), APP, "gl", "UPDATE") is reads


@pytest.mark.parametrize(
    ("raised", "refuses"),
    [
        ("RAISE EXCEPTION 'append only'", True),
        ("RAISE 'append only'", True),
        ("RAISE NOTICE 'x'", False),
        ("RAISE WARNING 'x'", False),
    ],
)
def test_a_function_that_raises_may_refuse(raised: str, refuses: bool) -> None:
    """A level below EXCEPTION only says something."""
    _, why = refused(triggered(f"BEGIN {raised}; RETURN new; END"))

    assert bool(why) is refuses


@pytest.mark.parametrize("kept", [True, False])
def test_what_may_be_refused_undoes_the_whole_call(kept: bool) -> None:
    """A call is one transaction's: the INSERT goes with the DELETE that a trigger refuses."""
    text = "BEGIN INSERT INTO fin.gl (id) VALUES (1); DELETE FROM fin.log; END"
    guard = function("guard", "BEGIN RAISE EXCEPTION 'append only'; END", returns="trigger")
    fires = Trigger("t", ("fin", "log"), ("fin", "guard", ""), 8, ("triggers", 0), when=False)
    post = function("post", text)
    found = catalog((GL, LOG), functions=(guard, post), triggers=(fires,) if kept else ())
    conditions = {
        effect.relation: effect.condition
        for effect in Effects(found, Rights(found, Roles(found))).of_call(post)
    }
    said = "trigger t of fin.log does not refuse it" if kept else ""

    assert conditions == {("fin", "gl"): said, ("fin", "log"): said}


def test_data_goes_where_a_trigger_writes_it() -> None:
    """From the table it hangs on, and from what its function reads."""
    reads = "BEGIN INSERT INTO fin.log SELECT rate.id FROM fin.rate; RETURN new; END"
    made = replace(function("carry", reads, returns="trigger"), security_definer=False)
    fires = Trigger("t", ("fin", "gl"), ("fin", "carry", ""), 4, ("triggers", 0), when=False)
    found = catalog((GL, LOG, table("rate")), functions=(made,), triggers=(fires,))
    moved = Effects(found, Rights(found, Roles(found))).moved(GL)

    assert [(one.name[1], other.name[1]) for _, one, other in moved] == [
        ("gl", "log"),
        ("rate", "log"),
    ]


def test_a_trigger_that_cannot_be_read_refuses_and_moves_nothing() -> None:
    """What it does its writer may do; the source says so in a note."""
    found = triggered("BEGIN EXECUTE new.note; RETURN new; END")

    assert refused(found) == ([], "")
    assert list(found.moved(found._catalog.relations["fin", "gl"])) == []


# --- default privileges --------------------------------------------------------------------------


def default(creator: str, schema: str | None, type_: str = "r", **grants: str) -> Default:
    place = ("default_privileges", 0)
    acl = tuple(AclItem(name, frozenset(said.split()), place) for name, said in grants.items())
    return Default(creator, schema, type_, acl, place)


def opened(*defaults: Default, creator: str = OWNER) -> dict[str, set[str]]:
    found = replace(catalog(), defaults=defaults)
    told: dict[str, set[str]] = {}
    for item in acl_of_new(found, creator, "fin"):
        if item.grantee != creator:
            told.setdefault(item.grantee, set()).update(item.privileges)
    return told


@pytest.mark.parametrize(
    ("defaults", "expected"),
    [
        ((), {}),
        ((default(OWNER, "fin", app="INSERT"),), {APP: {"INSERT"}}),
        ((default(OWNER, None, app="INSERT"),), {APP: {"INSERT"}}),
        ((default(OWNER, "other", app="INSERT"),), {}),
        ((default(GROUP, "fin", app="INSERT"),), {}),
        ((default(OWNER, "fin", "S", app="USAGE"),), {}),
        (
            (
                default(OWNER, "fin", app="INSERT"),
                default(OWNER, None, app="SELECT", crew="DELETE"),
            ),
            {APP: {"INSERT", "SELECT"}, GROUP: {"DELETE"}},
        ),
        ((default(OWNER, "fin", **{PUBLIC: "SELECT"}),), {PUBLIC: {"SELECT"}}),
    ],
)
def test_what_a_role_makes_has_its_default_privileges(
    defaults: tuple[Default, ...], expected: dict[str, set[str]]
) -> None:
    """Those of one schema are added to those for everything."""
    assert opened(*defaults) == expected


def test_default_privileges_may_take_from_the_owner() -> None:
    """What is set for everything stands in the place of the built-in default."""
    taken = default(OWNER, None, keeper="SELECT")
    (own,) = acl_of_new(replace(catalog(), defaults=(taken,)), OWNER, "fin")

    assert own.privileges == {"SELECT"}


def test_only_who_opens_something_is_a_creator() -> None:
    """A role whose defaults name nobody else changes nothing for others."""
    quiet, loud = default(APP, None, app="SELECT"), default(OWNER, "fin", app="SELECT")

    assert list(creators(replace(catalog(), defaults=(quiet, loud)))) == [(OWNER, "fin")]

"""MySQL's and MariaDB's rules, by tables: hosts, patterns, levels, partial revokes, bodies.

What MariaDB decides is asked of a live server in ``tests/mysql``; what only MySQL has is decided
here by its manual, 8.4.
"""

from dataclasses import replace

import pytest

from nhigraph.policy.mysql import bodies, hosts, powers
from nhigraph.policy.mysql.access import Access
from nhigraph.policy.mysql.catalog import (
    Account,
    Catalog,
    Code,
    Granted,
    Membership,
    Who,
    definer,
    grantee,
)
from nhigraph.policy.mysql.effects import Effects
from nhigraph.policy.mysql.hosts import Answer
from nhigraph.policy.mysql.names import folding
from nhigraph.policy.mysql.privileges import Does

YES, MAYBE, NO = Answer.YES, Answer.MAYBE, Answer.NO

MATCHES = [
    ("%", "db1.internal", True),
    ("%.internal", "DB1.internal", True),
    ("10.0.0.%", "10.0.0.7", True),
    ("10.0.0._", "10.0.0.17", False),
    ("10.0.0.0/255.255.0.0", "10.0.9.9", True),
    ("10.0.0.0/255.255.255.0", "10.0.9.9", False),
    ("198.51.100.0/24", "198.51.100.77", True),
    ("198.51.100.0/24", "localhost", False),
    ("localhost", "127.0.0.1", False),
    ("fe80::%", "fe80::1", True),
]


@pytest.mark.parametrize(("pattern", "host", "matched"), MATCHES)
def test_a_host_matches_a_pattern(pattern: str, host: str, matched: bool) -> None:
    assert hosts.matches(pattern, host) is matched


COVERS = [
    ("%", "10.%", YES),
    ("10.%", "10.0.0.%", YES),
    ("10.0.0.%", "10.%", MAYBE),
    ("10.%", "192.168.%", NO),
    ("%.a.example", "%.b.example", NO),
    ("local_ost", "local%", MAYBE),
    ("localhost", "local%", MAYBE),
    ("local%", "localhost", YES),
    ("10.0.0.0/8", "10.1.0.0/16", YES),
    ("10.1.0.0/16", "10.0.0.0/8", MAYBE),
    ("10.0.0.0/8", "192.168.0.0/16", NO),
    ("10.%", "10.0.0.0/8", MAYBE),
]


@pytest.mark.parametrize(("one", "other", "answer"), COVERS)
def test_a_pattern_covers_another_one(one: str, other: str, answer: Answer) -> None:
    assert hosts.covers(one, other) is answer


def test_the_account_is_the_one_of_the_nearest_host_and_then_of_the_user() -> None:
    """Among them the manual's own example: the anonymous user of localhost goes before root."""
    known = [Who("", "localhost"), Who("root", "%"), Who("etl", "10.%"), Who("etl", "10.0.%")]
    asked = [
        ("root", "localhost", Who("", "localhost")),
        ("root", "elsewhere", Who("root", "%")),
        ("etl", "10.0.0.1", Who("etl", "10.0.%")),
        ("etl", "10.9.0.1", Who("etl", "10.%")),
        ("etl", "11.0.0.1", None),
        ("anybody", "localhost", Who("", "localhost")),
    ]
    for user, host, account in asked:
        assert hosts.account_of(user, host, known) == account, (user, host)
    assert hosts.shadowing(Who("root", "%"), known) == [Who("", "localhost")]
    assert not hosts.shadowing(Who("etl", "10.%"), known)


def test_names_of_grantees_and_definers_are_read_with_marks_in_them() -> None:
    assert grantee("'o'brien'@'10.0.0.%'") == Who("o'brien", "10.0.0.%")
    assert grantee("'analyst'@''") == Who("analyst", None)
    assert definer("a@b@LocalHost") == Who("a@b", "localhost")
    assert definer("analyst") == Who("analyst", None)


@pytest.mark.parametrize(
    ("setting", "same"), [("0", False), ("1", True), ("2", True), (None, False)]
)
def test_names_of_tables_fold_only_where_the_server_folds_them(
    setting: str | None, same: bool
) -> None:
    fold = folding({} if setting is None else {"lower_case_table_names": setting})
    assert (fold("ERP") == fold("erp")) is same


# --- partial revokes -----------------------------------------------------------------------------

U1 = Who("u1", "%")
#: https://dev.mysql.com/doc/refman/8.4/en/partial-revokes.html, its examples: what was granted
#: everywhere, what was revoked of it where, then privilege, schema, and whether it is had.
PARTIAL = [
    ({"SELECT", "INSERT"}, {}, "INSERT", "world", YES),
    ({"SELECT", "INSERT"}, {"world": {"INSERT"}}, "INSERT", "world", NO),
    ({"SELECT", "INSERT"}, {"world": {"INSERT"}}, "SELECT", "world", YES),
    ({"SELECT", "INSERT"}, {"world": {"INSERT"}}, "INSERT", "sakila", YES),
    ({"SELECT", "INSERT"}, {"mysql": {"INSERT", "SELECT"}}, "SELECT", "mysql", NO),
    ({"SELECT", "INSERT"}, {"world": {"INSERT"}, "sakila": {"SELECT"}}, "SELECT", "sakila", NO),
    ({"SELECT", "INSERT"}, {"world": {"INSERT"}, "sakila": {"SELECT"}}, "INSERT", "sakila", YES),
    # "A partial revoke applies literally, even if the schema name contains % or _".
    ({"SELECT"}, {"wor%": {"SELECT"}}, "SELECT", "world", YES),
]


def mysql8(*grants: Granted, partial: bool = True, **more: object) -> Catalog:
    """A server of MySQL with one account."""
    catalog = Catalog(
        mariadb=False,
        version=(8, 4, 3),
        variables={"partial_revokes": "ON" if partial else "OFF"},
        accounts={U1: Account(U1, ("accounts", 0))},
        grants=tuple(one for one in grants if not one.thing),
        schema_grants=tuple(one for one in grants if len(one.thing) == 1),
        schemas={"world": (), "sakila": (), "mysql": ()},
    )
    return replace(catalog, **more)  # type: ignore[arg-type]  # a test's own


@pytest.mark.parametrize(("granted", "revoked", "privilege", "schema", "answer"), PARTIAL)
def test_a_partial_revoke_takes_a_global_right_away_in_one_schema(
    granted: set[str],
    revoked: dict[str, set[str]],
    privilege: str,
    schema: str,
    answer: Answer,
) -> None:
    restrictions = {name: frozenset(said) for name, said in revoked.items()}
    account = Account(U1, ("accounts", 0), restrictions=restrictions)
    catalog = mysql8(Granted(U1, (), frozenset(granted), ()), accounts={U1: account})
    assert Access(catalog).in_schema(U1, schema).answer(privilege) is answer


def test_with_partial_revokes_a_pattern_is_a_name_and_without_it_is_a_pattern() -> None:
    row = Granted(U1, ("wor%",), frozenset({"SELECT"}), ())
    for partial, answer in ((True, NO), (False, YES)):
        access = Access(mysql8(row, partial=partial))
        assert access.in_schema(U1, "world").answer("SELECT") is answer


def test_a_restriction_of_a_member_is_lifted_by_a_role_without_it() -> None:
    """What the role may it may, whatever was revoked of the account."""
    role = Who("dba", "%")
    restricted = Account(U1, (), restrictions={"world": frozenset({"SELECT"})})
    everything = frozenset({"SELECT"})
    catalog = mysql8(
        Granted(U1, (), everything, ()),
        Granted(role, (), everything, ()),
        accounts={U1: restricted, role: Account(role, (), locked=True)},
        memberships=(Membership(role, U1, ()),),
    )
    access = Access(catalog)
    assert access.in_schema(U1, "world").answer("SELECT") is NO
    assert access.together(U1, ["SELECT"], "in_schema", "world") is YES


def test_a_system_user_is_spared_from_whoever_is_none() -> None:
    """https://dev.mysql.com/doc/refman/8.4/en/account-categories.html."""
    boss = Who("boss", "%")
    catalog = mysql8(
        Granted(U1, (), frozenset({"CREATE USER", "ROLE_ADMIN"}), ()),
        Granted(boss, (), frozenset({"SYSTEM_USER", "CREATE USER"}), ()),
        accounts={who: Account(who, ()) for who in (U1, boss)},
    )
    access = Access(catalog)
    assert powers.spared(access, U1, boss)
    assert not powers.spared(access, boss, U1)
    assert not powers.spared(Access(replace(catalog, mariadb=True)), U1, boss)
    does = {one.does for one in powers.reaches(catalog, access, U1)}
    assert does == {Does.MINTS, Does.GRANTS}


READ_ONLY = [
    (False, (8, 4), {"read_only": "ON"}, set(), True),
    (False, (8, 4), {"read_only": "ON"}, {"CONNECTION_ADMIN"}, False),
    (False, (8, 4), {"read_only": "ON", "super_read_only": "ON"}, {"SUPER"}, True),
    (False, (8, 4), {"read_only": "OFF"}, set(), False),
    (True, (10, 6), {"read_only": "ON"}, {"SUPER"}, False),
    (True, (10, 11), {"read_only": "ON"}, {"SUPER"}, True),
    (True, (10, 11), {"read_only": "ON"}, {"READ_ONLY ADMIN"}, False),
]


@pytest.mark.parametrize(("mariadb", "version", "variables", "had", "kept"), READ_ONLY)
def test_a_server_that_is_read_only_keeps_those_from_writing_who_may_not_pass(
    mariadb: bool,
    version: tuple[int, ...],
    variables: dict[str, str],
    had: set[str],
    kept: bool,
) -> None:
    catalog = mysql8(Granted(U1, (), frozenset(had), ()))
    catalog = replace(catalog, mariadb=mariadb, version=version, variables=variables)
    assert powers.is_read_only(catalog, Access(catalog), U1) is kept


# --- what an opened table keeps ------------------------------------------------------------------

GL = ("erp", "gl")
#: Which product, who is the definer, what the role has and where; and the answer.
KEPT = [
    (True, "u1@%", "TRIGGER", GL, MAYBE),
    (True, "u1@%", "TRIGGER", ("erp",), NO),
    (True, "u1@%", "UPDATE", GL, NO),
    (True, "u1@%", "TRIGGER", ("erp", "log"), NO),
    (True, "u1@faraway", "TRIGGER", GL, NO),
    # MySQL adds up the roles of each session anew; only a default role is its definer's.
    (False, "u1@%", "TRIGGER", GL, NO),
]


@pytest.mark.parametrize(("mariadb", "whose", "privilege", "thing", "answer"), KEPT)
def test_a_trigger_may_be_lent_what_its_definers_role_has_on_the_table_by_name(
    mariadb: bool, whose: str, privilege: str, thing: tuple[str, ...], answer: Answer
) -> None:
    role = Who("lead", None if mariadb else "%")
    row = Granted(role, thing, frozenset({privilege}), ())
    code = Code(("erp", "g"), "trigger", definer(whose), (), body="SET @x = 1")
    catalog = mysql8(
        accounts={U1: Account(U1, ()), role: Account(role, (), role=mariadb)},
        memberships=(Membership(role, U1, ()),),
        schema_grants=(row,) if len(thing) == 1 else (),
        table_grants=(row,) if len(thing) == 2 else (),
        code=(replace(code, table="gl", event="UPDATE"),),
        mariadb=mariadb,
    )
    said = Effects(catalog, Access(catalog)).of("UPDATE", GL)
    assert said.answer is answer
    assert ("the server has kept" in said.condition) is (answer is MAYBE)


# --- bodies --------------------------------------------------------------------------------------

BODIES = {
    "INSERT INTO erp.gl VALUES (1)": [("INSERT", ("erp", "gl"))],
    "REPLACE INTO gl VALUES (1)": [("INSERT", ("gl",)), ("DELETE", ("gl",))],
    "UPDATE gl SET amount = 1": [("UPDATE", ("gl",))],
    "UPDATE gl SET amount = amount + 1": [("UPDATE", ("gl",))],
    "UPDATE gl SET amount = given": [("UPDATE", ("gl",))],
    "UPDATE a JOIN b ON a.x = b.x SET a.y = 1": [("UPDATE", ("a",))],
    "DELETE a, b FROM a JOIN b ON a.x = b.x": [("DELETE", ("a",)), ("DELETE", ("b",))],
    "DELETE FROM gl WHERE id = 1": [("DELETE", ("gl",))],
    "TRUNCATE TABLE gl": [("DROP", ("gl",))],
    "BEGIN DECLARE n INT; SELECT COUNT(*) INTO n FROM gl; CALL erp.post(n); END": [
        ("SELECT", ("gl",)),
        ("CALL", ("erp", "post")),
    ],
    "l: LOOP INSERT INTO t SELECT * FROM s; LEAVE l; END LOOP l": [
        ("INSERT", ("t",)),
    ],
    "BEGIN DECLARE c CURSOR FOR SELECT id FROM a; OPEN c; CLOSE c; END": [("SELECT", ("a",))],
    "SET NEW.amount = OLD.amount": [("SETS ROW", ()), ("READS ROW", ())],
    "RETURN (SELECT MAX(amount) FROM gl)": [("SELECT", ("gl",))],
    "CASE x WHEN 1 THEN DELETE FROM a; ELSE DELETE FROM b; END CASE": [
        ("DELETE", ("a",)),
        ("DELETE", ("b",)),
    ],
    "INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE id = 2": [
        ("INSERT", ("t",)),
        ("UPDATE", ("t",)),
    ],
    "DO tally(1)": [("CALL", ("tally",))],
}


@pytest.mark.parametrize("text", BODIES)
def test_a_body_needs_what_its_statements_need(text: str) -> None:
    body = bodies.understand(text, frozenset({"tally"}))
    assert not body.problem
    assert [(one.privilege, one.thing) for one in body.steps] == BODIES[text]


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("UPDATE gl SET amount = 1", []),
        ("UPDATE gl SET amount = amount + 1", ["SELECT gl"]),
        ("UPDATE gl SET amount = given", ["SELECT gl perhaps"]),
        ("UPDATE gl SET amount = 1 WHERE EXISTS (SELECT 1 FROM o WHERE o.id = 1)", ["SELECT o"]),
        ("DELETE FROM gl WHERE id = 1", ["SELECT gl"]),
        ("INSERT INTO t SELECT * FROM s", ["SELECT s"]),
        ("REPLACE INTO gl VALUES (1)", ["DELETE gl"]),
        ("INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE id = 2",
         ["UPDATE t", "SELECT t perhaps"]),
        ("UPDATE a JOIN b ON a.x = b.x SET a.y = 1", ["SELECT a", "SELECT b"]),
        ("DELETE a FROM a JOIN b", ["SELECT a", "SELECT b"]),
    ],
)  # fmt: skip
def test_a_statement_needs_all_that_it_takes_or_does_nothing(text: str, needs: list[str]) -> None:
    """As tests/mysql/test_asking asks a server; a plain name may be a variable's."""
    first = bodies.understand(text).steps[0]
    said = [
        f"{one.privilege} {one.thing[-1]}{' perhaps' if one.branch else ''}" for one in first.needs
    ]
    assert said == needs


@pytest.mark.parametrize(
    "text",
    [
        "BEGIN PREPARE s FROM @text; EXECUTE s; END",
        "GRANT ALL ON *.* TO x",
        "SET PASSWORD = 'x'",
        "UPDATE a JOIN b ON a.x = b.x SET y = 1",
        "LOAD DATA INFILE 'x' INTO TABLE gl",
        "IF 1",
        "INSERT INTO ((",
        "x" * (bodies.LONGEST + 1),
    ],
)
def test_a_body_that_is_not_static_says_so(text: str) -> None:
    body = bodies.understand(text)
    assert body.problem
    assert not body.steps

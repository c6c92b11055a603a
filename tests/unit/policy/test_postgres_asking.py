"""What a statement of SQL asks for, as a server answered; tests/postgres/test_asking asks one."""

import pytest

from nhigraph.policy.postgres.asking import NO_VARIABLES, Step, statement
from nhigraph.policy.postgres.bodies import understand


def told(step: Step) -> str:
    """In one line."""
    columns = f" ({', '.join(step.columns)})" if step.columns else ""
    return f"{step.privilege} {'.'.join(step.relation)}{columns}{' maybe' if step.branch else ''}"


def asked(text: str, variables: frozenset[str] | None = NO_VARIABLES) -> list[str]:
    found = statement(text, frozenset(), returned=False, branch=False, variables=variables)
    return sorted({told(step) for step in found})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UPDATE t SET a = 1", ["UPDATE t (a)"]),
        ("UPDATE t SET a = DEFAULT", ["UPDATE t (a)"]),
        ("UPDATE t SET a = user, b = session_user, c = now()", ["UPDATE t (a, b, c)"]),
        ("UPDATE t SET a = current_role, b = current_date", ["UPDATE t (a, b)"]),
        ("UPDATE t SET a = a + b", ["SELECT t (a, b)", "UPDATE t (a)"]),
        ("UPDATE t SET a = 1 WHERE true", ["UPDATE t (a)"]),
        ("UPDATE t SET a = 1 WHERE EXISTS (SELECT 1 FROM u WHERE u.b = 2)",
         ["SELECT u (b)", "UPDATE t (a)"]),
        ("UPDATE t AS z SET a = u.a FROM u WHERE u.b = z.b",
         ["SELECT t (b)", "SELECT u (a, b)", "UPDATE t (a)"]),
        ("UPDATE t SET (a, b) = (SELECT u.a, u.b FROM u)",
         ["SELECT u (a, b)", "UPDATE t (a, b)"]),
        ("DELETE FROM t", ["DELETE t"]),
        ("DELETE FROM t RETURNING t.*", ["DELETE t", "SELECT t (*)"]),
        ("INSERT INTO t (a) SELECT x.b FROM u AS x", ["INSERT t (a)", "SELECT u (b)"]),
        ("INSERT INTO t (a) VALUES (1) RETURNING b", ["INSERT t (a)", "SELECT t (b)"]),
        ("INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING", ["INSERT t (a)"]),
        ("INSERT INTO t (a) VALUES (1) ON CONFLICT (b) DO NOTHING",
         ["INSERT t (a)", "SELECT t (b)"]),
        ("INSERT INTO t (a) VALUES (1) ON CONFLICT (b) DO UPDATE SET c = excluded.a",
         ["INSERT t (a)", "SELECT t (a, b)", "UPDATE t (c)"]),
        ("MERGE INTO t USING u ON u.a = 1 WHEN MATCHED THEN UPDATE SET b = u.b",
         ["SELECT u (a, b)", "UPDATE t (b)"]),
        ("MERGE INTO t USING u ON u.a = 1 WHEN MATCHED THEN DO NOTHING",
         ["SELECT t", "SELECT u (a)"]),
        ("SELECT count(*) FROM t", ["SELECT t"]),
        ("SELECT row_to_json(z) FROM t z", ["SELECT t (*)"]),
        ("SELECT l.a FROM t l JOIN u r USING (b)", ["SELECT t (a, b)", "SELECT u (b)"]),
        ("SELECT a AS x FROM t ORDER BY x", ["SELECT t (a)"]),
        ("WITH t AS (SELECT u.a FROM u) SELECT * FROM t", ["SELECT u (a)"]),
    ],
)  # fmt: skip
def test_columns_are_those_that_the_server_asks_for(text: str, expected: list[str]) -> None:
    assert asked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UPDATE t SET a = v", ["SELECT t maybe", "UPDATE t (a)"]),
        ("UPDATE t SET a = a + v", ["SELECT t", "UPDATE t (a)"]),
        ("UPDATE t SET a = t.b", ["SELECT t (b)", "UPDATE t (a)"]),
        ("UPDATE t SET a = 1 WHERE b = v", ["SELECT t", "UPDATE t (a)"]),
        ("INSERT INTO t (a) VALUES (v) ON CONFLICT (b) DO NOTHING",
         ["INSERT t (a)", "SELECT t (b)"]),
        ("SELECT v FROM t", ["SELECT t"]),
    ],
)  # fmt: skip
def test_a_plain_name_may_be_a_variables(text: str, expected: list[str]) -> None:
    """Then no column is asked for by name, and a relation only where one must be."""
    assert asked(text, None) == expected


@pytest.mark.parametrize(
    ("text", "returns", "arguments", "columns"),
    [
        ("BEGIN UPDATE t SET a = a + b; END", "void", False, ("a", "b")),
        ("DECLARE b int; BEGIN UPDATE t SET a = a + b; END", "void", False, ("a",)),
        ("DECLARE x int; b int; BEGIN UPDATE t SET a = a + b; END", "void", False, ("a",)),
        ("BEGIN DECLARE b int; BEGIN UPDATE t SET a = a + b; END; END", "void", False, ("a",)),
        ("BEGIN FOR b IN 1..2 LOOP UPDATE t SET a = a + b; END LOOP; END", "void", False, ("a",)),
        ("BEGIN FOR x, b IN SELECT 1, 2 LOOP UPDATE t SET a = a + b; END LOOP; END", "void",
         False, ("a",)),
        ("BEGIN UPDATE t SET a = a + b; END", "integer", False, ()),
        ("BEGIN UPDATE t SET a = a + b; END", "void", True, ()),
    ],
)  # fmt: skip
def test_what_no_variable_can_be_is_a_column(
    text: str, returns: str, arguments: bool, columns: tuple[str, ...]
) -> None:
    """Names of arguments and results are not told; those that are declared are."""
    body = understand(text, "plpgsql", returns, frozenset(), arguments=arguments)
    read = [one for one in body.steps if one.privilege == "SELECT" and one.relation == ("t",)]

    assert body.problem == ""
    assert [one.columns for one in read] == [columns]

"""What a query uses its inputs for: a table by hand, and a database that is really asked."""

import random
import re
import sqlite3
from pathlib import Path

import pytest

from nhigraph.policy.sql_usage import OUTSIDE, Unparsed, Usage, Use, usage

CASES = re.split(r"\n\s*\n", (Path(__file__).parent / "sql_usage.sql").read_text().strip())


def _case(text: str) -> tuple[str, str, dict[str, Use]]:
    lines = text.splitlines()
    title = lines[0].removeprefix("-- title: ")
    sql = "\n".join(line for line in lines if not line.startswith("--"))
    expected: dict[str, Use] = {}
    for line in lines[1:]:
        if line.startswith("-- "):
            name, _, words = line.removeprefix("-- ").partition(": ")
            expected[name] = Use(0)
            for word in words.split():
                expected[name] |= Use[word]
    return title, sql, expected


def _used(sql: str, dialect: str = "postgres") -> dict[str, Use]:
    answer = usage(sql, dialect)
    assert isinstance(answer, Usage), answer
    return {".".join(name): use for name, use in answer.relations.items() if use}


@pytest.mark.parametrize("text", CASES, ids=lambda text: _case(text)[0])
def test_a_case_of_the_table(text: str) -> None:
    """No use is missed; a use too many is only allowed where it is ROWS beside VALUE."""
    _, sql, expected = _case(text)
    found = _used(sql)
    assert found.keys() == expected.keys()
    for name, use in expected.items():
        assert use in found[name], f"{name}: a use was missed"
        extra = found[name] & ~use
        assert Use.VALUE not in extra, f"{name}: only decides rows"


def test_what_is_not_sql_is_unparsed_with_a_reason() -> None:
    answer = usage("select from where (", "postgres")
    assert isinstance(answer, Unparsed)
    assert answer.reason


TABLES = ("a", "b", "c")
COLUMNS = ("k", "x", "y")


def _query(rng: random.Random) -> str:
    first, second = rng.sample(TABLES, 2)
    value = rng.choice([f"p.{rng.choice(COLUMNS)}", "sum(p.x)", "max(p.y)", "count(*)"])
    if rng.random() < 0.4:
        value += f", {'max(q.x)' if '(' in value else 'q.x'} as other"
    join = rng.choice(["join", "left join"])
    sql = f"select {value} from {first} as p {join} {second} as q on p.k = q.k"
    if rng.random() < 0.4:
        third = rng.choice(TABLES)
        sql += rng.choice(
            [
                f" where p.y in (select y from {third})",
                f" where exists (select 1 from {third} as z where z.k = p.k)",
                " where q.y > 1",
                f" where p.x > (select min(x) from {third})",
            ]
        )
    if "(" not in value and rng.random() < 0.3:
        sql = f"with m as ({sql}) select * from m"
    return sql


def _fill(rng: random.Random) -> dict[str, list[tuple[int, int, int]]]:
    return {
        name: [(rng.randint(0, 2), rng.randint(0, 3), rng.randint(0, 3)) for _ in range(4)]
        for name in TABLES
    }


def _ask(sql: str, rows: dict[str, list[tuple[int, int, int]]]) -> list[tuple[object, ...]]:
    with sqlite3.connect(":memory:") as base:
        for name, many in rows.items():
            base.execute(f"create table {name} (k int, x int, y int)")
            base.executemany(f"insert into {name} values (?, ?, ?)", many)
        found = sorted(base.execute(sql).fetchall(), key=repr)
    base.close()
    return found


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_no_use_is_missed_by_a_database_that_is_really_asked(first: int) -> None:
    """If changing a table changes the answer, the table is used; without VALUE only in rows.

    Where VALUE is denied, no value may appear in the answer that was not in it or could not
    come from the other tables: here, every shown value must still be one of the others'.
    """
    for seed in range(first, first + 100):
        rng = random.Random(seed)
        sql, rows = _query(rng), _fill(rng)
        used = _used(sql, "sqlite")
        before = _ask(sql, rows)
        for name in TABLES:
            changed = dict(rows)
            changed[name] = [(k, x + 100, y + 100) for k, x, y in rows[name]]
            after = _ask(sql, changed)
            if after != before:
                assert name in used, (sql, name)
            shown = {v for row in after for v in row if isinstance(v, int) and v >= 100}
            if shown and name in used and "count(*)" not in sql:
                assert Use.VALUE in used[name], (sql, name, shown)


@pytest.mark.parametrize(
    ("dialect", "sql", "relations", "hidden"),
    [
        ("duckdb", "select a from 's3://bucket-a/x.csv'", {"s3://bucket-a": Use.VALUE}, ()),
        ("databricks", "select a from parquet.`s3a://bucket-a/x`", {"s3://bucket-a": Use.VALUE},
         ()),
        ("snowflake", "select $1 from 's3://bucket-a/x'", {"s3://bucket-a": Use.VALUE}, ()),
        ("duckdb", "select a from read_parquet(['s3://bucket-a/x', 's3://bucket-b/y'])",
         {"s3://bucket-a": Use.VALUE | Use.ROWS, "s3://bucket-b": Use.VALUE | Use.ROWS}, ()),
        ("duckdb", "select a from read_parquet(['s3://bucket-a/x', 'y.parquet'])",
         {"s3://bucket-a": Use.VALUE | Use.ROWS}, (OUTSIDE,)),
        ("duckdb", "select a from iceberg_scan('s3://bucket-a/x')",
         {"s3://bucket-a": Use.VALUE | Use.ROWS}, ("the table function iceberg_scan",)),
        # Whose place it is, or that it is one, nobody can tell: and it may hold a credential.
        ("duckdb", "select a from 's3://name:canary@bucket-a/x'", {}, (OUTSIDE,)),
        ("duckdb", "select a from 'https://bucket-a.example/x.csv'", {}, (OUTSIDE,)),
        ("duckdb", "select a from 'gs://bucket-a/x.csv'", {}, (OUTSIDE,)),
        ("snowflake", "select $1 from @stage/x", {}, (OUTSIDE,)),
    ],
)  # fmt: skip
def test_a_bucket_of_files_is_an_input(
    dialect: str, sql: str, relations: dict[str, Use], hidden: tuple[str, ...]
) -> None:
    found = usage(sql, dialect)
    assert found == Usage({(name,): use for name, use in relations.items()}, hidden)

"""Use of inputs in SQL: a table of cases by hand, and a database that is asked."""

import random
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from nhigraph.policy.sql_usage import LONGEST, Unparsed, Use, usage

HERE = Path(__file__).parent / "sql_usage"
WORDS = {"value": Use.VALUE, "rows": Use.ROWS, "both": Use.VALUE | Use.ROWS}
OPAQUE = ("__dbt__cte__conv", "__dbt__cte__one", "__dbt__cte__two")


@dataclass
class Case:
    """One block of a fixture file."""

    title: str
    dialect: str
    sql: str
    expected: dict[tuple[str, ...], Use] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    unparsed: bool = False


def cases() -> Iterator[Case]:
    for path in sorted(HERE.glob("*.sql")):
        for block in path.read_text().strip().split("\n\n"):
            head, *lines = block.split("\n")
            found = re.fullmatch(r"# (.*?)(?: \[(\w+)\])?", head)
            assert found, head
            sql = "\n".join(line for line in lines if not line.startswith("-- "))
            case = Case(found[1], found[2] or "postgres", sql)
            for line in lines:
                if not line.startswith("-- ") or line == "-- (nothing)":
                    continue
                name, _, said = line[3:].partition(": ")
                if name == "unparsed":
                    case.unparsed = True
                elif name == "hidden":
                    case.hidden += (said,)
                else:
                    case.expected[tuple(name.split("|"))] = WORDS[said]
            yield case


CASES = list(cases())


def folded(case: Case) -> dict[tuple[str, ...], Use]:
    """Lower-case names of one part stand as the dialect folds them."""
    upper = case.dialect in {"snowflake", "oracle"}
    return {
        (parts[0].upper(),) if upper and len(parts) == 1 else parts: use
        for parts, use in case.expected.items()
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_each_query_uses_its_inputs_as_is_said(case: Case) -> None:
    """The use of every input, nothing more and nothing less."""
    found = usage(case.sql, case.dialect, OPAQUE)

    assert case.unparsed == isinstance(found, Unparsed)
    if not isinstance(found, Unparsed):
        assert folded(case) == dict(found.relations)
        assert case.hidden == found.hidden


def test_there_are_enough_cases_with_names_of_their_own() -> None:
    """A title that stands twice is a case that was copied and not changed."""
    assert max(Counter(case.title for case in CASES).values()) == 1
    assert len(CASES) >= 60


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select " + "(" * 3000 + "1" + ")" * 3000, "nested too deep|parser gave up"),
        ("select 1 from t where " + " or ".join("x" for _ in range(LONGEST)), "characters"),
        (
            "with " + ", ".join(f"c{n + 1} as (select *, * from c{n})" for n in range(40)),
            "gave up",
        ),
        (
            "with c0 as (select a, b from t), "
            + ", ".join(f"c{n + 1} as (select *, * from c{n})" for n in range(40))
            + " select * from c40",
            "more columns than any table",
        ),
        ("", "expected one statement"),
        ("-- nothing", "expected one statement"),
    ],
)
def test_a_hostile_statement_is_given_up_with_a_reason(sql: str, reason: str) -> None:
    """Size and depth end in an answer, never in an error or in hours of work."""
    found = usage(sql, "postgres")

    assert isinstance(found, Unparsed)
    assert re.search(reason, found.reason)


def test_a_union_of_hundreds_of_branches_is_read() -> None:
    """Macros write such unions; the parser nests them to the left."""
    branches = " union all ".join(f"select x, {n} as n from t{n}" for n in range(400))
    found = usage(f"select x from ({branches}) s", "postgres")

    assert not isinstance(found, Unparsed)
    assert {Use.VALUE} == set(found.relations.values())
    assert len(found.relations) == 400


def starts(ordinary: int, step: int, nightly: int) -> list[object]:
    """Seeds to start from: some for every change, more by night."""
    return [
        pytest.param(start, marks=[] if start < ordinary else [pytest.mark.nightly])
        for start in range(0, nightly, step)
    ]


WORDS_OF_SQL = re.findall(
    r"\S+",
    """
    select from where group by order limit join left on using ( ) ( ) , * . 1 a b t with as
    recursive union all except distinct over partition case when then end and in exists
    lateral unnest pivot for cast :: [ ] ; -- values interval window filter qualify = -> : $1
    @s insert create natural connect prior dual any rollup sets replace exclude top fetch
    """,
)
DIALECTS = ("postgres", "snowflake", "bigquery", "duckdb", "spark", "tsql", "oracle", "clickhouse")


@pytest.mark.parametrize("seed", starts(1, 1, 20))
def test_damaged_sql_is_read_or_given_up_and_never_logged(
    seed: int, capfd: pytest.CaptureFixture[str]
) -> None:
    """Words gone, doubled, exchanged: an answer, and no word of the SQL in any stream."""
    rng = random.Random(seed)
    for _ in range(1000):
        words = re.findall(r"\w+|\S", rng.choice(CASES).sql)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(words))
            words[at : at + rng.randint(0, 1)] = rng.choices(WORDS_OF_SQL, k=rng.randint(0, 2))
            words = words or ["select"]
        assert usage(" ".join(words), rng.choice(DIALECTS)) is not None

    assert capfd.readouterr() == ("", "")


# --- a database is asked ------------------------------------------------------------------------
#
# Tables t0..t3 hold a column of numbers `k` for keys, a number `n` and a text `v` that starts with
# the table's name, so that a text in the output shows where it came from; t3 alone has a column
# `w`, which subqueries name without a table. Queries are drawn from a grammar; each is run as it
# is, then with one table changed.

TABLES = ("t0", "t1", "t2", "t3")


class Writer:
    """Draws a query; every SELECT it writes has the columns k, n (numbers) and v (text)."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.ctes: list[str] = []
        self.counted = 0
        self.wide: set[str] = set()

    def query(self) -> str:
        written = []
        for number in range(self.random.randint(0, 2)):
            written.append(f"c{number} as ({self.body(2)})")
            self.ctes.append(f"c{number}")
        clause = f"with {', '.join(written)} " if written else ""
        return clause + self.body(2)

    def body(self, depth: int) -> str:
        if depth and self.random.random() < 0.2:
            operator = self.random.choice(["union all", "union", "except", "intersect"])
            return f"{self.select(depth - 1)} {operator} {self.select(depth - 1)}"
        return self.select(depth)

    def source(self, depth: int) -> str:
        if depth and self.random.random() < 0.3:
            return f"({self.body(depth - 1)})"
        return self.random.choice([*TABLES, *self.ctes])

    def item(self, depth: int, aliases: list[str]) -> str:
        source, alias = self.source(depth), self.alias()
        # Two tables with `w` would make the name ambiguous.
        if source == "t3":
            source = "t2" if self.wide & set(aliases) else source
            self.wide |= {alias} if source == "t3" else set()
        aliases.append(alias)
        return f"{source} {alias}"

    def alias(self) -> str:
        self.counted += 1
        return f"a{self.counted}"

    def column(self, aliases: list[str], name: str) -> str:
        return f"{self.random.choice(aliases)}.{name}"

    def number(self, aliases: list[str], depth: int) -> str:
        kind = self.random.randint(0, 7)
        if kind == 6 and self.wide & set(aliases):
            inner = self.alias()
            return f"(select max({inner}.n + w) from {self.random.choice(TABLES[:3])} {inner})"
        if kind == 0 and depth:
            inner = self.alias()
            outer = self.column(aliases, "k")
            return (
                f"(select max({inner}.n) from {self.source(depth - 1)} {inner}"
                f" where {inner}.k = {outer})"
            )
        if kind == 1:
            condition = self.condition(aliases, 0)
            return f"case when {condition} then {self.column(aliases, 'n')} else 0 end"
        if kind == 2:
            return f"{self.column(aliases, 'n')} + {self.column(aliases, 'k')}"
        return self.column(aliases, self.random.choice("kn"))

    def text(self, aliases: list[str]) -> str:
        kind = self.random.randint(0, 4)
        one = self.column(aliases, "v")
        if kind == 0:
            return f"{one} || '+' || {self.column(aliases, 'v')}"
        if kind == 1:
            return f"coalesce({one}, {self.column(aliases, 'v')})"
        return one

    def condition(self, aliases: list[str], depth: int) -> str:
        kind = self.random.randint(0, 4)
        if kind == 4 and self.wide & set(aliases):
            inner = self.alias()
            return f"exists (select 1 from {self.random.choice(TABLES[:3])} {inner} where w > n)"
        if kind <= 1 and depth:
            inner = self.alias()
            table = self.source(depth - 1)
            column = self.column(aliases, "k")
            if kind:
                return f"exists (select 1 from {table} {inner} where {inner}.k = {column})"
            # Deliberately without an alias before `k`.
            return f"{column} in (select k from {table} {inner} where {inner}.n > 1)"
        return f"{self.column(aliases, 'k')} {self.random.choice(['<', '>', '='])} 2"

    def select(self, depth: int) -> str:
        aliases: list[str] = []
        text = self.item(depth, aliases)
        plain = not self.wide & set(aliases)
        for _ in range(self.random.choice([0, 0, 1, 1, 2])):
            before = aliases[-1]
            side = self.random.choice(["join", "left join"])
            text += f" {side} {self.item(depth, aliases)} on {aliases[-1]}.k = {before}.k"
        where = ""
        if self.random.random() < 0.4:
            where = f" where {self.condition(aliases, depth)}"
        if self.random.random() < 0.25:
            key = self.column(aliases, "k")
            shown = self.random.choice([key, "0", f"count({self.column(aliases, 'n')})"])
            return (
                f"select {shown} as k, {self.random.choice(['sum', 'count', 'max'])}"
                f"({self.column(aliases, 'n')}) as n, min({self.column(aliases, 'v')}) as v"
                f" from {text}{where} group by {key}"
            )
        if plain and len(aliases) == 1 and self.random.random() < 0.3:
            return f"select * from {text}{where}"
        distinct = "distinct " if self.random.random() < 0.1 else ""
        number = self.number(aliases, depth)
        return (
            f"select {distinct}{self.column(aliases, 'k')} as k, {number} as n,"
            f" {self.text(aliases)} as v from {text}{where}"
        )


Row = tuple[object, ...]
Data = dict[str, list[Row]]


def draw(rng: random.Random) -> Data:
    return {
        table: [
            (rng.choice([1, 2, 3, None]), rng.randint(0, 3), f"<{table}.{row}>")
            + ((rng.randint(0, 3),) if table == "t3" else ())
            for row in range(rng.randint(1, 4))
        ]
        for table in TABLES
    }


def columns(table: str) -> str:
    return "knvw" if table == "t3" else "knv"


class Database:
    """A database in memory whose tables are filled anew for every question."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")
        for table in TABLES:
            self.connection.execute(f"create table {table} ({', '.join(columns(table))})")
        self.held: Data = {}

    def run(self, sql: str, data: Data) -> Counter[Row]:
        for table, rows in data.items():
            if self.held.get(table) != rows:
                self.connection.execute(f"delete from {table}")
                marks = ", ".join("?" for _ in columns(table))
                self.connection.executemany(f"insert into {table} values ({marks})", rows)
                self.held[table] = rows
        return Counter(self.connection.execute(sql).fetchall())


@pytest.fixture
def database() -> Iterator[Database]:
    found = Database()
    yield found
    found.connection.close()


def changed(data: Data, table: str, rng: random.Random) -> Iterator[tuple[str, Data]]:
    """The data with some values of one table changed, one column at a time."""
    for at, name in enumerate(columns(table)):
        rows = [list(row) for row in data[table]]
        row = rng.choice(rows)
        row[at] = f"<{table}.new>" if name == "v" else rng.choice([1, 2, 3, 7])
        yield name, {**data, table: [tuple(row) for row in rows]}


def check(seed: int, run: Callable[[str, Data], Counter[Row]]) -> None:
    rng = random.Random(seed)
    sql = Writer(seed).query()
    found = usage(sql, "sqlite")
    assert not isinstance(found, Unparsed), (sql, found)
    uses = {parts[0]: use for parts, use in found.relations.items()}
    for _ in range(4):
        data = draw(rng)
        before = run(sql, data)
        shown = {table for table in TABLES if any(f"<{table}." in str(row) for row in before)}
        for table in shown:
            assert Use.VALUE in uses.get(table, Use(0)), (table, sql)
        for table in TABLES:
            use = uses.get(table, Use(0))
            for column, other in changed(data, table, rng):
                after = run(sql, other)
                if after != before:
                    assert use, (table, column, sql)
                if after.total() != before.total():
                    assert Use.ROWS in use, (table, column, sql)
            fewer = {**data, table: data[table][1:]}
            if run(sql, fewer) != before:
                assert use, (table, "delete", sql)


@pytest.mark.parametrize("start", starts(400, 100, 6000))
def test_no_use_that_a_database_shows_is_missed(start: int, database: Database) -> None:
    """A text that is shown, a number of rows that changes, any change: each use is claimed."""
    for seed in range(start, start + 100):
        check(seed, database.run)


def joined(seed: int) -> tuple[str, str]:
    """One query of tables joined, and the same with a number per row of each in front.

    Without aggregates a row of the output is what it is because of one row of every table: where
    these are the same and the rest differs, a value was changed, not the rows.
    """
    rng = random.Random(seed)
    writer = Writer(seed)
    aliases = [f"b{number}" for number in range(rng.randint(1, 3))]
    tables = [rng.choice(TABLES) for _ in aliases]
    wide = [alias for alias, table in zip(aliases, tables, strict=True) if table == "t3"]
    writer.wide = set(wide if len(wide) == 1 else ())
    chain = f"{tables[0]} b0"
    for number in range(1, len(aliases)):
        side = rng.choice(["join", "left join"])
        chain += f" {side} {tables[number]} b{number} on b{number}.k = b{number - 1}.k"
    shown = f"{writer.number(aliases, 0)} as n, {writer.text(aliases)} as v"
    where = f" where {writer.condition(aliases, 1)}" if rng.random() < 0.5 else ""
    ids = ", ".join(f"{alias}.rowid" for alias in aliases)
    return f"select {shown} from {chain}{where}", f"select {ids}, {shown} from {chain}{where}"


@pytest.mark.parametrize("start", starts(250, 250, 5000))
def test_no_value_that_changes_in_one_and_the_same_row_is_missed(
    start: int, database: Database
) -> None:
    """What only filters may add and remove rows; it never changes what a row shows."""
    run = database.run
    for seed in range(start, start + 250):
        rng = random.Random(seed)
        sql, numbered = joined(seed)
        found = usage(sql, "sqlite")
        assert not isinstance(found, Unparsed)
        width = numbered.count(".rowid")
        for _ in range(4):
            data = draw(rng)
            before = {row[:width]: row[width:] for row in run(numbered, data)}
            for table in TABLES:
                for column, other in changed(data, table, rng):
                    after = {row[:width]: row[width:] for row in run(numbered, other)}
                    same = before.keys() & after.keys()
                    if any(before[row] != after[row] for row in same):
                        use = found.relations.get((table,), Use(0))
                        assert Use.VALUE in use, (table, column, sql)


def test_most_answers_are_not_simply_both() -> None:
    """Claiming everything would pass every test above; it would also say nothing."""
    told = Counter[Use]()
    for seed in range(400):
        found = usage(Writer(seed).query(), "sqlite")
        assert not isinstance(found, Unparsed)
        told.update(found.relations.values())

    assert told[Use.VALUE] + told[Use.ROWS] > told.total() / 3

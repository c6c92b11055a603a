"""What statements write, grant, or may do that their text does not tell: by hand, one by one."""

import random

import pytest

from nhigraph.policy.sql_usage import Use
from nhigraph.policy.sql_usage.grants import Right
from nhigraph.policy.sql_usage.statements import Statement, Unread, Write, statements

V, R = Use.VALUE, Use.ROWS


def told(sql: str, dialect: str = "postgres") -> list[Statement]:
    return [*statements(sql, dialect)]


def named(text: str) -> tuple[str, ...]:
    return tuple(text.split("."))


WRITES: list[tuple[str, str, str, dict[str, Use]]] = [
    ("insert into fin.gl values (1, 'a')", "insert", "fin.gl", {}),
    ("insert into fin.gl default values", "insert", "fin.gl", {}),
    ("insert into fin.gl (a, b) select x, y from s.t", "insert", "fin.gl", {"s.t": V}),
    ("insert into fin.gl select 1 from s.t", "insert", "fin.gl", {"s.t": R}),
    ("insert into fin.gl select a from s.t where a > 1", "insert", "fin.gl", {"s.t": V | R}),
    ("insert into fin.gl select a from s.t where k in (select k from s.u)", "insert", "fin.gl",
     {"s.t": V | R, "s.u": R}),
    ("with c as (select a from s.t) insert into fin.gl select a from c", "insert", "fin.gl",
     {"s.t": V}),
    ("insert into fin.gl select a from s.t on conflict (a) do nothing", "insert", "fin.gl",
     {"s.t": V | R}),
    ("insert into fin.gl select a from fin.gl", "insert", "fin.gl", {}),
    ("update fin.gl set a = 1", "update", "fin.gl", {}),
    ("update fin.gl set a = t.a from s.t t where t.k = gl.k", "update", "fin.gl", {"s.t": V}),
    ("update fin.gl set a = (select max(a) from s.t)", "update", "fin.gl", {"s.t": V}),
    ("update fin.gl set a = 0 where k in (select k from s.t)", "update", "fin.gl", {"s.t": V}),
    ("update fin.gl set (a, b) = (select a, b from s.t)", "update", "fin.gl", {"s.t": V}),
    ("delete from fin.gl", "delete", "fin.gl", {}),
    ("delete from fin.gl using s.t where s.t.k = gl.k", "delete", "fin.gl", {"s.t": R}),
    ("delete from fin.gl where k in (select k from s.t)", "delete", "fin.gl", {"s.t": R}),
    ("truncate table fin.gl", "truncate", "fin.gl", {}),
    ("drop table if exists fin.gl cascade", "drop", "fin.gl", {}),
    ("drop view fin.gl", "drop", "fin.gl", {}),
    ("create table fin.gl as select a from s.t", "create", "fin.gl", {"s.t": V}),
    ("create or replace view fin.gl as select a from s.t", "create", "fin.gl", {"s.t": V}),
    ("select a into fin.gl from s.t", "create", "fin.gl", {"s.t": V}),
    ("merge into fin.gl g using s.t t on t.k = g.k when matched then update set a = t.a", "merge",
     "fin.gl", {"s.t": V | R}),
    ('insert into "Fin"."GL" select a from S.T', "insert", "Fin.GL", {"s.t": V}),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "verb", "target", "uses"), WRITES, ids=lambda one: str(one)[:60])
def test_a_write_has_its_target_and_what_it_is_made_of(
    sql: str, verb: str, target: str, uses: dict[str, Use]
) -> None:
    expected = Write(verb, named(target), {named(name): use for name, use in uses.items()})
    assert told(sql) == [expected]


@pytest.mark.parametrize(
    ("dialect", "sql", "verb", "uses"),
    [
        ("snowflake", "create or replace table gl clone raw", "create", {"RAW": V | R}),
        ("snowflake", "create table if not exists gl clone raw", "create", {"RAW": V | R}),
        ("databricks", "create or replace table gl shallow clone raw", "create", {"raw": V | R}),
        ("bigquery", "create or replace table gl copy raw", "create", {"raw": V | R}),
        ("snowflake", "create or replace table gl (a int)", "create", {}),
        ("snowflake", "create or replace table gl like raw", "create", {}),
        ("postgres", "alter table gl alter column a type int using a * 0", "update", {}),
        ("snowflake", "begin delete from gl", "delete", {}),
        ("snowflake", "begin begin truncate table gl", "truncate", {}),
        ("bigquery", "begin insert into gl select a from raw", "insert", {"raw": V}),
    ],
    ids=lambda one: str(one)[:50],
)
def test_what_a_dialect_writes_in_its_own_words(
    dialect: str, sql: str, verb: str, uses: dict[str, Use]
) -> None:
    target = "GL" if dialect == "snowflake" else "gl"
    expected = Write(verb, (target,), {(name,): use for name, use in uses.items()})
    assert told(sql, dialect) == [expected]


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("bigquery", "load data into fin.gl from files(uris=['gs://raw'])"),
        ("mysql", "load data infile 'raw' into table gl"),
        ("spark", "load data inpath 'raw' overwrite into table gl"),
        ("clickhouse", "optimize table gl final deduplicate"),
        ("snowflake", "create or replace schema fin"),
        ("snowflake", "create schema fin clone raw"),
        ("spark", "create table gl using parquet location 's3://raw'"),
        ("bigquery", "create external table fin.gl options(format='CSV')"),
        ("postgres", "create table gl as execute p"),
        ("postgres", "create table part () inherits (gl)"),
        ("spark", "alter table gl add partition (d='x') location 's3://raw'"),
        ("spark", "alter table gl set location 's3://raw'"),
        ("postgres", "alter table gl replica identity full, alter a type int using 0"),
        ("tsql", "with d as (select * from gl) delete from d"),
        ("tsql", "with d as (select * from gl) update d set a = 1"),
        ("bigquery", "set total = (select post_entry(1))"),
        ("bigquery", "declare total int64 default (select post_entry(1))"),
    ],
    ids=lambda one: str(one)[:50],
)
def test_what_may_change_rows_is_told(dialect: str, sql: str) -> None:
    """Each begins as what changes none, or is parsed as if it did not."""
    (one,) = told(sql, dialect)
    assert isinstance(one, Unread)


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("duckdb", "load httpfs"),
        ("postgres", "load 'auto_explain'"),
        ("databricks", "optimize gl zorder by (a)"),
        ("postgres", "begin isolation level serializable"),
        ("snowflake", "begin transaction"),
        ("postgres", "create table if not exists gl (like raw)"),
        ("snowflake", "create table gl like raw"),
        ("snowflake", "create schema if not exists fin"),
        ("postgres", "declare c cursor for select post_entry(1) from gl"),
        ("bigquery", "set total = (select max(a) from fin.gl)"),
        ("postgres", "set search_path to fin, public"),
        ("postgres", "alter table gl replica identity full"),
        ("snowflake", "alter table gl cluster by (a, b)"),
        ("postgres", "alter table gl alter column a set default 0"),
    ],
    ids=lambda one: str(one)[:50],
)
def test_what_changes_no_row_is_left_out(dialect: str, sql: str) -> None:
    assert told(sql, dialect) == []


def test_statements_of_one_script_are_told_apart() -> None:
    found = told("insert into a.b values (1); -- done\n delete from a.c; ; analyze a.b;")
    assert found == [Write("insert", ("a", "b")), Write("delete", ("a", "c"))]


def test_a_statement_that_is_not_read_hides_no_other() -> None:
    first, second = told("this is no statement; truncate a.b")
    assert isinstance(first, Unread)
    assert second == Write("truncate", ("a", "b"))


def test_what_a_statement_inside_another_writes_is_told_too() -> None:
    sql = "with d as (delete from a.old returning k) insert into a.new select k from d"
    found = {one.target: one for one in told(sql) if isinstance(one, Write)}
    assert set(found) == {("a", "old"), ("a", "new")}
    assert ("a", "old") in found["a", "new"].uses


@pytest.mark.parametrize(
    "sql",
    [
        "analyze a.b",
        "vacuum a.b",
        "comment on table a.b is 'x'",
        "set search_path = a",
        "begin; commit",
        "lock table a.b",
        "refresh materialized view a.b",
        "create index on a.b (c)",
        "create schema if not exists a",
        "create table if not exists a.b (c int)",
        "alter table a.b add column c int",
        "alter table a.b add primary key (c)",
        "alter table a.b alter column c set not null",
        "drop index a.b",
        "revoke select on a.b from c",
        "select 1",
        "select now(), coalesce(a, 1) from a.b",
        "",
        "-- nothing",
    ],
)
def test_what_changes_no_rows_is_left_out(sql: str) -> None:
    assert told(sql) == []


@pytest.mark.parametrize(
    "sql",
    [
        "call a.p()",
        "do $$ begin delete from a.b; end $$",
        "execute something",
        "select a.f()",
        "copy a.b to '/tmp/x'",
        "alter table a.b rename to c",
        "alter table a.b owner to c",
        "drop schema a cascade",
        "create function f() returns int language sql as 'select 1'",
        "create trigger t before insert on a.b execute function f()",
        "grant a to b",
        "grant execute on function f() to b",
        "explain analyze delete from a.b",
        "insert into a.b",
        "delete",
        "nonsense",
    ],
)
def test_what_is_not_understood_is_told(sql: str) -> None:
    assert any(isinstance(one, Unread) for one in told(sql))


@pytest.mark.parametrize(
    ("sql", "rights"),
    [
        ("grant select on a.b to c", [("select", "a.b", "", "c")]),
        ("grant select, insert on table a.b to c",
         [("select", "a.b", "", "c"), ("insert", "a.b", "", "c")]),
        ("grant all privileges on a.b to c with grant option",
         [("all privileges", "a.b", "", "c")]),
        ("grant select (x, y), update (z) on a.b to c",
         [("select", "a.b", "", "c"), ("update", "a.b", "", "c")]),
        ("grant select on a.b, a.d to c",
         [("select", "a.b", "", "c"), ("select", "a.d", "", "c")]),
        ("grant select on all tables in schema a to c", [("select", "a", "tables", "c")]),
        ("grant usage on schema a to c", [("usage", "a", "itself", "c")]),
        ('grant select on a.b to role "C"', [("select", "a.b", "", "C")]),
        ("GRANT SELECT ON A.B TO PUBLIC", [("select", "a.b", "", "public")]),
    ],
)  # fmt: skip
def test_a_grant_is_read_by_its_words(sql: str, rights: list[tuple[str, str, str, str]]) -> None:
    assert told(sql) == [
        Right(privilege, named(thing), schema, (role,))
        for privilege, thing, schema, role in rights
    ]


def test_each_role_of_a_grant_has_it() -> None:
    (right,) = told("grant select on a.b to c, group d")
    assert isinstance(right, Right)
    assert right.roles == ("c", "d")


def test_functions_in_a_write_are_named() -> None:
    (write,) = told("insert into a.b select my_own(x) from c.d")
    assert isinstance(write, Write)
    assert write.hidden == ("my_own",)


def test_a_script_too_long_is_not_read() -> None:
    (one,) = told("select 1;" * 200_000)
    assert isinstance(one, Unread)


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("snowflake", "alter session set query_tag = 'nightly'"),
        ("snowflake", "alter warehouse w set warehouse_size = 'LARGE'"),
        ("snowflake", "alter table a.b cluster by (c)"),
        ("snowflake", "alter table a.b resume recluster"),
        ("snowflake", "use warehouse w"),
        ("databricks", "optimize a.b zorder by (c)"),
        ("databricks", "alter table a.b set tblproperties ('x' = 'y')"),
        ("bigquery", "alter table a.b set options (description = 'x')"),
        ("redshift", "alter table a.b alter sortkey (c)"),
        ("postgres", "alter table only a.b cluster on i"),
        ("postgres", "alter table if exists a.b replica identity full"),
        ("postgres", "select pg_sleep(1), setval('s', 1)"),
        ("postgres", "grant usage on sequence a.s to b"),
        ("postgres", "grant connect on database a to b"),
        ("snowflake", "grant usage on warehouse w to role b"),
    ],
)
def test_what_other_platforms_run_beside_a_model_and_changes_no_rows(
    dialect: str, sql: str
) -> None:
    assert told(sql, dialect) == []


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("snowflake", "alter table a.b swap with a.c"),
        ("redshift", "alter table a.b append from a.c"),
        ("redshift", "unload ('select 1') to 's3://x'"),
        ("postgres", "alter table a.b attach partition a.c default"),
        ("postgres", "alter table a.b drop column c cascade"),
        ("postgres", "alter default privileges in schema a grant select on tables to r"),
        ("tsql", "exec a.p"),
        ("tsql", "delete b from a.b b join a.c c on b.k = c.k"),
        ("mysql", "update a.b join a.c on b.k = c.k set c.x = b.x"),
    ],
)
def test_what_other_platforms_may_do_with_rows_is_told(dialect: str, sql: str) -> None:
    assert [type(one) for one in told(sql, dialect)] == [Unread]


def test_an_alias_that_an_update_names_is_the_relation_it_stands_for() -> None:
    """T-SQL: the one-part name is no relation of its own."""
    sql = "update b set x = c.x from a.b b join a.c c on b.k = c.k"
    assert told(sql, "tsql") == [Write("update", ("a", "b"), {("a", "c"): V})]


def test_all_views_of_a_schema_are_all_that_is_in_it() -> None:
    (right,) = told("grant select on all views in schema a to role r", "snowflake")
    assert right == Right("select", ("A",), "tables", ("R",))


def test_what_is_not_understood_names_its_relations() -> None:
    (one,) = told("alter table a.b rename to c")
    assert isinstance(one, Unread)
    assert ("a", "b") in one.named


#: A dialect, a statement, and the relation whose readers see something else afterwards.
SHOWN = [
    ("bigquery", ("create or replace row access policy p on d.t grant to ('user:a@b.c') "
                 "filter using (a = 1)"), "d.t"),
    ("bigquery", "create row access policy if not exists p on `x.d.t` filter using (a)", "x.d.t"),
    ("bigquery", "drop row access policy p on d.t", "d.t"),
    ("bigquery", "drop all row access policies on d.t", "d.t"),
    ("snowflake", "alter table a.b.t modify column c set masking policy g.m force", "A.B.T"),
    ("snowflake", "alter view if exists a.b.t alter c unset masking policy", "A.B.T"),
    ("snowflake", "alter table a.b.t modify column c set tag g.pii = 'x', column d unset tag g.u",
     "A.B.T"),
    ("snowflake", "alter table a.b.t set tag g.pii = 'x', g.other = 'y'", "A.B.T"),
    ("snowflake", "alter table a.b.t add row access policy g.r on (c)", "A.B.T"),
    ("snowflake", "alter table a.b.t drop all row access policies", "A.B.T"),
    ("redshift", "attach rls policy p on table s.t to role r", "s.t"),
    ("redshift", "detach masking policy m on s.t(c) from role r", "s.t"),
    ("redshift", "alter table s.t row level security off", "s.t"),
    ("postgres", "create policy p on s.t for select using (true)", "s.t"),
    ("postgres", 'alter policy "P on" on s."T" using (false)', "s.T"),
    ("postgres", "drop policy if exists p on s.t", "s.t"),
    ("postgres", "alter table only s.t no force row level security", "s.t"),
    ("databricks", "alter table c.s.t alter column x set mask c.s.f", "c.s.t"),
    ("databricks", "alter table c.s.t set row filter c.s.f on (x)", "c.s.t"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "sql", "target"), SHOWN, ids=lambda one: str(one)[:60])
def test_what_readers_see_is_a_change_of_the_relation(dialect: str, sql: str, target: str) -> None:
    assert told(sql, dialect) == [Write("update", named(target))]


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("snowflake", "create or replace masking policy g.m as (v string) returns string -> v"),
        ("snowflake", "alter table a.b.t modify column c set masking policy g.m, rename to u"),
        ("snowflake", "alter table a.b.t add row access policy g.r on (c), rename to u"),
        ("snowflake", "create or replace stream a.b.s on table a.b.t"),
        ("snowflake", "alter masking policy g.m set body -> 'x'"),
        ("tsql", "create security policy p add filter predicate s.f(a) on s.t"),
        ("snowflake", "copy into @stage from a.b.t"),
        ("snowflake", "copy into 's3://bucket/x' from a.b.t"),
        ("postgres", "copy s.t from program 'x'"),
        ("postgres", "copy (select a from s.t) to '/x'"),
    ],
)
def test_what_may_touch_more_is_not_read(dialect: str, sql: str) -> None:
    assert [type(one) for one in told(sql, dialect)] == [Unread]


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("snowflake", "create masking policy if not exists g.m as (v string) returns string -> v"),
        ("snowflake", "create row access policy g.r as (c int) returns boolean -> c > 1"),
        ("snowflake", "create tag if not exists g.pii"),
        ("snowflake", "create stage if not exists a.b.s"),
        ("snowflake", "create file format a.b.f type = csv"),
        ("redshift", "create rls policy p with (c int) using (c = 1)"),
        ("bigquery", "create search index i on d.t(all columns)"),
        ("bigquery", "alter table d.t alter column c set options (description = 'x')"),
        ("postgres", "create statistics st on a, b from s.t"),
        ("postgres", "alter table s.t drop constraint c"),
        ("databricks", "cache table c.s.t"),
    ],
)
def test_what_is_new_and_set_on_nothing_does_nothing(dialect: str, sql: str) -> None:
    assert told(sql, dialect) == []


FILES = ("a file or stage",)


@pytest.mark.parametrize(
    ("dialect", "sql", "target", "uses", "hidden"),
    [
        ("snowflake", "copy into a.b.t from @stage/x", "A.B.T", {}, FILES),
        ("snowflake", "copy into a.b.t from s3://bucket/x.csv file_format = (type = csv)", "A.B.T",
         {"s3://bucket": V | R}, ()),
        ("snowflake", "copy into a.b.t from 's3://bucket/x' credentials = (aws_key_id = 'canary')",
         "A.B.T", {"s3://bucket": V | R}, ()),
        ("snowflake", "copy into a.b.t from 'gcs://bucket/x'", "A.B.T", {}, FILES),
        ("snowflake", "copy into a.b.t (c) from (select $1 from @stage)", "A.B.T", {}, FILES),
        ("snowflake", "copy into a.b.t from (select u.c from @stage, a.b.u)", "A.B.T",
         {"A.B.U": V | R}, FILES),
        ("redshift", "copy s.t from 's3://bucket/x' iam_role default csv", "s.t",
         {"s3://bucket": V | R}, ()),
        ("postgres", "copy s.t (a, b) from stdin", "s.t", {}, FILES),
        ("postgres", "copy s.t from '/x'", "s.t", {}, FILES),
        ("databricks", "copy into c.s.t from 's3://bucket' fileformat = parquet", "c.s.t",
         {"s3://bucket": V | R}, ()),
    ],
)  # fmt: skip
def test_files_that_are_copied_into_a_table_are_rows_of_it(
    dialect: str, sql: str, target: str, uses: dict[str, Use], hidden: tuple[str, ...]
) -> None:
    expected = {(name,) if "://" in name else named(name): use for name, use in uses.items()}
    assert told(sql, dialect) == [Write("insert", named(target), expected, hidden)]


def test_what_ends_in_time_is_deleted_and_a_dropped_column_takes_its_cells_along() -> None:
    sql = "alter table d.t set options (expiration_timestamp = timestamp '2030-01-01')"
    assert told(sql, "bigquery") == [Write("delete", ("d", "t"))]
    sql = "alter table d.t set options (partition_expiration_days = 3)"
    assert told(sql, "bigquery") == [Write("delete", ("d", "t"))]
    assert told("alter table d.t set options (description = 'x')", "bigquery") == []
    assert told("alter table s.t drop column a") == [Write("update", ("s", "t"))]


_WORDS = """
create alter drop attach detach or replace row access policy policies masking rls all on
table view if not exists only t a.b `x.y` ( ) , . ; modify column c set unset tag mask =
'v' copy into from to @st 's3://bucket/x' s3://bucket/y select * file format stage stream
as statistics options expiration_timestamp add search enable level security cascade load
data union program stdin with
"""
WORDS = _WORDS.split()
DIALECTS = ("snowflake", "bigquery", "redshift", "postgres", "databricks")
BEGINNINGS = (
    *("", "alter table ", "drop ", "copy ", "copy into t from ", "attach ", "create policy p on "),
    *("create row access policy p on ", "alter table a.b modify column c set "),
)


@pytest.mark.parametrize(
    "dialect", ["snowflake", "bigquery", "redshift", "postgres", "databricks"]
)
def test_words_in_any_order_are_read_or_said_not_to_be(dialect: str) -> None:
    drawn = random.Random(7)
    for _ in range(1_500):
        words = [drawn.choice(WORDS) for _ in range(drawn.randint(1, 12))]
        told(drawn.choice(BEGINNINGS) + " ".join(words), dialect)

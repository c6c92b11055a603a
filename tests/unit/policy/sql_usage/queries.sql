# a chain of CTEs
with one as (select * from a), two as (select x from one where y = 1), three as (select * from two)
select * from three
-- a: both

# a column dropped on the way is no value
with j as (select a.x, b.y from a join b on a.k = b.k) select x from j
-- a: both
-- b: rows

# a CTE that shadows a table reads the table
with orders as (select * from orders where y > 0) select x from orders
-- orders: both

# an inner CTE shadows an outer one
with t as (select * from a) select * from (with t as (select * from b) select * from t) s
-- b: value
-- a: rows

# a CTE that nothing uses still has to exist
with unused as (select * from b) select x from a
-- a: value
-- b: rows

# column names given to a CTE
with t(p, q) as (select a.x, b.y from a cross join b) select p from t
-- a: value
-- b: rows

# column names given to a subquery
select t.q from (select a.x, b.y from a cross join b) as t(p, q)
-- a: rows
-- b: value

# column names given to a star may be any column
select t.p from (select * from a cross join b) as t(p)
-- a: value
-- b: value

# a recursive CTE
with recursive t as (
    select id, parent, name from a where parent is null
    union all
    select a.id, a.parent, b.label from a join t on a.parent = t.id join b on b.id = a.id
) select name from t
-- a: both
-- b: both

# a recursion whose second branch changes what the first began
with recursive t as (
    select a.x as v, a.y as w from a
    union all
    select t.w, b.z from t cross join b
) select v from t
-- a: value
-- b: value

# a recursion that does not say so [tsql]
with t as (select id from a union all select b.id from b join t on b.parent = t.id) select id from t
-- a: both
-- b: both

# union all takes columns by position
select x from a union all select y from b
-- a: value
-- b: value

# union all keeps the positions apart
select p from (select x as p, y as q from a union all select u, v from b) s
-- a: value
-- b: value

# union compares rows
select x from a union select y from b
-- a: both
-- b: both

# union by name [duckdb]
select p from (select x as p from a union all by name select y as q from b) s
-- a: value
-- b: rows

# except takes its values from the left
select x from a except select y from b
-- a: both
-- b: rows

# intersect takes its values from the left
select x from a intersect select y from b
-- a: both
-- b: rows

# a union with a star mixes what stands behind it
select q from (select * from a union all select u, v from b) s(p, q)
-- a: value
-- b: value

# order and limit behind a union
select x from a union all select y from b order by 1 limit 3
-- a: both
-- b: both

# a lateral subquery sees the tables before it
select l.m from a cross join lateral (select max(b.y) as m from b where b.k = a.k) l
-- a: rows
-- b: both

# cross apply [tsql]
select l.m from a cross apply (select max(b.y) as m from b where b.k = a.k) l
-- a: rows
-- b: both

# joins in parentheses
select b.x from a join (b join c on b.k = c.k) on a.k = b.k
-- a: rows
-- b: both
-- c: rows

# joins in parentheses with an alias
select s.x from (b join c on b.k = c.k) s
-- b: both
-- c: both

# a star of one table of a join
select a.* from a join b on a.k = b.k
-- a: both
-- b: rows

# a star without some columns [duckdb]
with j as (select a.x, b.y from a cross join b) select * exclude (y) from j
-- a: value
-- b: rows

# a star with a column replaced [bigquery]
with j as (select a.x, b.y from a cross join b) select * replace (1 as y) from j
-- a: value
-- b: rows

# a star with a column renamed [snowflake]
with j as (select a.x, b.y from a cross join b) select * rename (y as z) from j
-- a: value
-- b: value

# an alias used further right [snowflake]
with j as (select a.x, b.y from a cross join b), k as (select y as v, v * 2 as w, x from j)
select w from k
-- a: rows
-- b: value

# an alias in WHERE [snowflake]
with j as (select a.x, b.y, c.z from a cross join b cross join c)
select x from (select x, y as v from j where v > 1) s
-- a: value
-- b: rows
-- c: rows

# an alias before a column in ORDER BY
with j as (select a.x, b.y from a cross join b) select y as x from j order by x limit 1
-- a: rows
-- b: both

# an unqualified column of a known subquery is its own
with n as (select a.x from a), m as (select b.y from b) select x from n cross join m
-- a: value
-- b: rows

# an unqualified column may be any table's that is not known
select x from a cross join b
-- a: value
-- b: value

# an unqualified column in a subquery may be the outer table's
select c.v, (select max(x) from b) as m from c
-- b: value
-- c: value

# a lateral view [spark]
select a.x, e.item from a lateral view explode(a.list) e as item
-- a: both

# unnest of a column [bigquery]
select item.price from a, unnest(a.items) as item
-- a: both

# an array join by path [bigquery]
select item.price from a, a.items as item
-- a: both

# flatten [snowflake]
select f.value:price::int as price from a, lateral flatten(input => a.items) f
-- a: both

# fields of a struct [bigquery]
select a.b.c.d as e, b.f from x as a
-- x: value

# a pivot may put any column anywhere [snowflake]
select * from a pivot (sum(amount) for month in ('JAN', 'FEB')) as p
-- a: both

# match_recognize is not understood
select * from a match_recognize (partition by k measures last(p) as l pattern (x+) define x as p > 1)
-- unparsed

# values and tables
select a.x, v.n from a cross join (values (1), (2)) as v(n)
-- a: value

# generate_series reads no table
select d from generate_series(1, 3) as g(d)
-- (nothing)

# a table function of the user's hides what it reads
select f.x from a cross join my_function(a.k) f
-- a: both
-- hidden: the table function my_function

# reading files hides what they hold [duckdb]
select * from read_csv('x.csv')
-- hidden: a file or stage

# a file named in FROM is no relation [duckdb]
select f.x, a.y from 's3://key:secret@lake/x.parquet' f join a on a.k = f.k
-- a: both
-- hidden: a file or stage

# a file as a name in double quotes is none either [duckdb]
with e as (select * from "https://u:secret@h/x.csv") select x from e
-- hidden: a file or stage

# a path behind its format is no relation [spark]
select x from parquet.`s3a://key:secret@lake/x`
-- hidden: a file or stage

# a stage is no relation [snowflake]
select $1 from @db.raw.landing/secret/x
-- hidden: a file or stage

# an address in a text is a text [duckdb]
select x from a where url like 'https://%'
-- a: both

# names are folded and quoted as the platform does
select x from "Raw"."Pay.Ments" join RAW.Other o using (k)
-- Raw|Pay.Ments: both
-- raw|other: both

# names are folded upwards [snowflake]
select a.x from db.raw.a join db."raw".b on a.k = b.k
-- DB|RAW|A: both
-- DB|raw|B: rows

# one name in two schemas
select s.x from r.t join s.t as s on r.t.k = s.k
-- r|t: rows
-- s|t: both

# an ephemeral model is an input of its own name
with __dbt__cte__conv as (select x from a join b using (k)) select x from __dbt__cte__conv where y = 1
-- __dbt__cte__conv: both

# an ephemeral model that only another one uses is no input
with __dbt__cte__one as (select * from a), __dbt__cte__two as (select * from __dbt__cte__one)
select x from __dbt__cte__two
-- __dbt__cte__two: value

# a self-join
select l.x from a l join a r on l.k = r.parent
-- a: both

# a query in parentheses with a limit
(select x from a order by y) limit 3
-- a: both

# a nested scope does not leak its names
select a.x from a where a.k in (select k from (select b.k from b) s)
-- a: both
-- b: rows

# start with and connect by [snowflake]
select x from a start with y = 1 connect by prior k = parent
-- a: both

# several statements are not understood
select x from a; select y from b
-- unparsed

# a statement that is no query is not understood
insert into a select * from b
-- unparsed

# what is no SQL is not understood
selec x fro a whre
-- unparsed

# Jinja is not understood
select {{ x }} from a
-- unparsed

# a name that only the run can tell [snowflake]
select * from identifier('a')
-- unparsed

# the table of one row that holds nothing [oracle]
select 1 as x from dual
-- (nothing)

# an ephemeral model without its CTE, as raw SQL names it [snowflake]
select x from __dbt__cte__conv
-- __DBT__CTE__CONV: value

# a column of no table that is known may be any column
with t as (select a.x, b.y from a cross join b) select rownum as r from t
-- a: value
-- b: value

# time travel reads the same table [snowflake]
select x from a at (timestamp => '2026-01-01'::timestamp)
-- a: value

# an array from a subquery [bigquery]
select array(select item.price from unnest(a.items) as item) as prices from a
-- a: value

# columns by pattern [duckdb]
select columns('x.*') from a cross join b
-- a: value
-- b: value

# a window within a CTE whose column is used in a filter
with r as (select a.x, row_number() over (partition by a.k order by b.y) as rn from a cross join b)
select x from r where rn = 1
-- a: both
-- b: rows

# what a recursion of another name order needs first
with recursive t as (select * from later), later as (select x from a) select * from t
-- unparsed

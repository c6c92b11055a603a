# a column that is passed through is a value
select x from a
-- a: value

# a star is every value
select * from a
-- a: value

# an expression of a column is a value
select x * 2 + 1 as y from a
-- a: value

# a filtered table is both
select x from a where y > 0
-- a: both

# a table that is only counted by its rows gives a value
select count(*) as n from a
-- a: value

# a table of which no column is named still decides the rows
select 1 as one from a
-- a: rows

# a join key makes both tables decide rows, the values come from one
select p.amount from payments p join calendar c on p.day = c.day
-- payments: both
-- calendar: rows

# a left join whose column is not shown decides rows
select p.amount from payments p left join calendar c on p.day = c.day
-- payments: both
-- calendar: rows

# a left join whose column is shown is both
select p.amount, c.month from payments p left join calendar c on p.day = c.day
-- payments: both
-- calendar: both

# a cross join multiplies rows
select a.x from a cross join b
-- a: value
-- b: rows

# a comma join with its condition in WHERE
select a.x from a, b where a.k = b.k
-- a: both
-- b: rows

# USING is a join key of both sides
select a.x from a join b using (k)
-- a: both
-- b: rows

# the column that USING merges is a value of both sides
select k from a join b using (k)
-- a: both
-- b: both

# a natural join may compare any column
select a.x from a natural join b
-- a: both
-- b: rows

# a semi join decides rows [spark]
select * from a left semi join b on a.k = b.k
-- a: both
-- b: rows

# an anti join decides rows [spark]
select a.x from a left anti join b on a.k = b.k
-- a: both
-- b: rows

# group by a key that is shown
select day, sum(amount) from a group by day
-- a: both

# group by a position
select p.day, sum(q.amount) from p join q on p.k = q.k group by 1
-- p: both
-- q: both

# group by a key that is not shown
select sum(a.x) from a cross join b group by b.y
-- a: value
-- b: rows

# group by all [duckdb]
select a.x, sum(b.y) as s from a cross join b group by all
-- a: both
-- b: both

# grouping sets
select sum(a.x) from a cross join b group by grouping sets ((b.y), ())
-- a: value
-- b: rows

# having decides rows
select max(a.x) as m from a cross join b having max(b.y) > 1
-- a: value
-- b: rows

# qualify decides rows [snowflake]
select a.x from a cross join b qualify row_number() over (partition by a.x order by b.y) = 1
-- a: both
-- b: rows

# qualify by an alias of a window, which could be a column too [snowflake]
select a.x, row_number() over (order by b.y) as rn from a cross join b qualify rn = 1
-- a: both
-- b: rows

# a window's keys decide rows, its argument is a value
select sum(a.x) over (partition by b.y order by c.z) from a cross join b cross join c
-- a: value
-- b: rows
-- c: rows

# a named window's keys decide rows
select sum(a.x) over w from a cross join b window w as (partition by b.y)
-- a: value
-- b: rows

# the keys of a window that nothing uses decide nothing
with w as (select a.x, b.y as y, rank() over (order by c.z) as r from a cross join b cross join c)
select x from w
-- a: value
-- b: rows
-- c: rows

# count over a window is a value of what is counted
select a.x, count(*) over () as n from a
-- a: value

# a condition of CASE decides values
select case when b.flag then a.x end as y from a join b on a.k = b.k
-- a: both
-- b: both

# a condition of FILTER decides a value
select sum(a.x) filter (where b.flag) from a cross join b
-- a: value
-- b: both

# order within an aggregate is a value
select string_agg(a.x, ',' order by b.y) from a cross join b
-- a: value
-- b: value

# order within group is a value
select percentile_cont(0.5) within group (order by b.y) from a cross join b
-- a: rows
-- b: value

# order without a limit is of no use
select a.x from a cross join b order by b.y
-- a: value
-- b: rows

# order with a limit decides rows
select x from a order by y limit 3
-- a: both

# a limit alone decides nothing by value
select x from a limit 3
-- a: value

# order inside and a limit outside decide rows
select * from (select x from a order by y) s limit 3
-- a: both

# order by a position with a limit
select a.x, b.y from a cross join b order by 2 limit 3
-- a: value
-- b: both

# top n [tsql]
select top 5 x from a order by y
-- a: both

# fetch first [oracle]
select x from a order by y fetch first 3 rows only
-- a: both

# distinct compares what it shows
select distinct x from a
-- a: both

# distinct on compares its keys and takes the first by order
select distinct on (b.y) a.x from a cross join b cross join c order by b.y, c.z
-- a: value
-- b: rows
-- c: rows

# exists decides rows
select a.x from a where exists (select 1 from b where b.k = a.k)
-- a: both
-- b: rows

# not exists decides rows
select a.x from a where not exists (select 1 from b where b.k = a.k)
-- a: both
-- b: rows

# in a subquery decides rows
select a.x from a where a.k in (select b.k from b where b.y = 1)
-- a: both
-- b: rows

# compared with any of a subquery
select a.x from a where a.k = any (select b.k from b)
-- a: both
-- b: rows

# in a list is a filter of the table alone
select x from a where y in (1, 2)
-- a: both

# a scalar subquery is a value
select a.x, (select max(b.y) from b) as m from a
-- a: value
-- b: value

# a correlated scalar subquery takes its keys for the value too
select a.x, (select sum(b.y) from b where b.k = a.k) as s from a
-- a: value
-- b: value

# exists as a column is a value
select a.x, exists (select 1 from b where b.k = a.k) as there from a
-- a: value
-- b: value

# in as a condition of CASE is a value
select case when a.k in (select b.k from b) then 1 end as y from a
-- a: value
-- b: value

# a scalar subquery in a filter decides rows
select a.x from a where a.y > (select avg(b.y) from b)
-- a: both
-- b: rows

# whole rows are values
select to_jsonb(a) as j from a
-- a: value

# a set-returning function decides rows
select a.x, unnest(b.list) as item from a cross join b
-- a: value
-- b: both

# a set-returning function whose column is not used still decides rows
select x from (select a.x, unnest(b.list) as item from a cross join b) s
-- a: value
-- b: rows

# a window function without arguments shows only an order
select a.x, row_number() over (order by b.y) as n from a cross join b
-- a: value
-- b: rows

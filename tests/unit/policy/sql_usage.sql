-- title: a column passed on is a value
select amount from a
-- a: VALUE

-- title: a condition decides rows
select amount from a where status = 'x'
-- a: VALUE ROWS

-- title: a join key of a table without output columns only decides rows
select a.amount from a join b on a.id = b.id
-- a: VALUE ROWS
-- b: ROWS

-- title: a joined table with output columns is both
select a.amount, b.name from a join b on a.id = b.id
-- a: VALUE ROWS
-- b: VALUE ROWS

-- title: left join key and value
select a.amount, coalesce(b.rate, 1) as rate from a left join b on a.id = b.id
-- a: VALUE ROWS
-- b: VALUE ROWS

-- title: exists decides rows
select amount from a where exists (select 1 from b where b.id = a.id)
-- a: VALUE ROWS
-- b: ROWS

-- title: in-subquery decides rows
select amount from a where id in (select id from b)
-- a: VALUE ROWS
-- b: ROWS

-- title: a scalar subquery in the output is a value
select amount, (select max(rate) from b) as top from a
-- a: VALUE
-- b: VALUE

-- title: case conditions decide what is shown
select case when b.kind = 'x' then 1 else 0 end as flag from b
-- b: VALUE

-- title: group key that is also output is both
select region, sum(amount) as total from a group by region
-- a: VALUE ROWS

-- title: count is made of the rows
select count(*) as n from a
-- a: VALUE

-- title: union takes values of both
select amount from a union all select amount from b
-- a: VALUE
-- b: VALUE

-- title: a chain of CTEs passes use on
with x as (select id, amount from a), y as (select * from x where amount > 0) select amount from y
-- a: VALUE ROWS

-- title: a CTE used only in a filter
with closed as (select day from b where is_closed) select a.amount from a where a.day not in (select day from closed)
-- a: VALUE ROWS
-- b: ROWS

-- title: a CTE nobody uses is no value
with unused as (select * from b) select amount from a
-- a: VALUE
-- b: ROWS

-- title: star passes everything on
select * from a
-- a: VALUE

-- title: a derived table
select t.total from (select sum(amount) as total from a) as t
-- a: VALUE

-- title: a window's value and its keys
select amount, row_number() over (partition by region order by day) as n from a
-- a: VALUE ROWS

-- title: having decides rows
select region from a group by region having sum(amount) > 0
-- a: VALUE ROWS

-- title: distinct decides rows
select distinct region from a
-- a: VALUE ROWS

-- title: order with limit decides rows
select amount from a order by day limit 10
-- a: VALUE ROWS

-- title: cross join multiplies rows
select a.amount from a cross join b
-- a: VALUE
-- b: ROWS

-- title: schema-qualified names are told apart
select x.amount from s1.a as x join s2.a as y on x.id = y.id
-- s1.a: VALUE ROWS
-- s2.a: ROWS

-- title: arithmetic over two tables
select a.amount * r.rate as amount from a join r on r.currency = a.currency
-- a: VALUE ROWS
-- r: VALUE ROWS

-- title: except takes rows away
select id from a except select id from b
-- a: VALUE ROWS
-- b: ROWS

-- title: a scalar subquery changes values, and no number of rows
select (select max(b.rate) from b where b.day = a.day) as rate from a
-- a: VALUE
-- b: VALUE

-- title: a filter clause of an aggregate
select sum(amount) filter (where kind = 'x') as total from a
-- a: VALUE ROWS

-- title: using is a join key
select a.amount from a join b using (id)
-- a: VALUE ROWS
-- b: ROWS

-- title: a subquery in from with a where of its own
select t.amount from (select amount from a where ok) as t join b on b.amount = t.amount
-- a: VALUE ROWS
-- b: ROWS

-- title: intersect keeps common rows
select id from a intersect select id from b
-- a: VALUE ROWS
-- b: ROWS

"""Reads FROM and JOIN: which tables a SELECT sees, and which inputs decide their rows."""

from sqlglot import exp

from nhigraph.facts import keys
from nhigraph.policy.sql_usage import places
from nhigraph.policy.sql_usage.expressions import (
    Reader,
    arg,
    args,
    read,
    read_all,
    refuse_others,
)
from nhigraph.policy.sql_usage.flows import NOTHING, Table, UnsureError, unite
from nhigraph.policy.sql_usage.scopes import Scope

#: What a query reads where it names no relation; its name may hold a credential, and is not told.
#: https://duckdb.org/docs/stable/data/overview and
#: https://docs.snowflake.com/en/user-guide/querying-stage have files and stages in FROM, and
#: https://spark.apache.org/docs/latest/sql-data-sources-load-save-functions.html has paths.
OUTSIDE = "a file or stage"

#: Functions in FROM that make rows of their arguments and read no table:
#: https://www.postgresql.org/docs/current/functions-srf.html and the tables of JSON and string
#: functions there; https://learn.microsoft.com/sql/t-sql/functions/openjson-transact-sql;
#: https://www.sqlite.org/json1.html#jeach.
GENERATORS = frozenset(
    f"{json}_{name}"
    for json in ("json", "jsonb")
    for name in (
        "array_elements",
        "array_elements_text",
        "each",
        "each_text",
        "object_keys",
        "path_query",
        "populate_recordset",
        "to_record",
        "to_recordset",
        "tree",
    )
) | {
    "flatten",
    "generate_series",
    "generate_subscripts",
    "generator",
    "openjson",
    "range",
    "regexp_matches",
    "regexp_split_to_table",
    "string_split",
    "string_to_table",
    "unnest",
}

_TABLE = {"this", "db", "catalog", "alias", "joins", "laterals", "pivots", "rows_from"}
_HISTORY = ("when", "version", "system_time")
_TABLE_INERT = (
    "hints",
    "sample",
    "only",
    "ordinality",
    "indexed",
    "format",
    "pattern",
    "partition",
)
_JOIN = {"this", "on", "using", "side", "kind", "method", "global", "hint", "match_condition"}
_JOIN_INERT = {"directed"}


def from_and_joins(node: exp.Expr, scope: Scope, reader: Reader) -> int:
    """Read all of FROM into the scope.

    Returns:
        Inputs that decide which rows there are.
    """
    rows = 0
    start = arg(node, "from")
    if start is not None:
        reader.visited(start)
        rows |= item(start.this, scope, reader)
    return rows | _behind(node, scope, reader)


def item(node: exp.Expr, scope: Scope, reader: Reader) -> int:
    """Read one item of FROM into the scope.

    Returns:
        Inputs that decide which rows there are.

    Raises:
        UnsureError: It is of no kind that is understood.
    """
    reader.visited(node)
    if isinstance(node, exp.Final):
        return item(node.this, scope, reader)
    if isinstance(node, exp.Subquery):
        return _parenthesis(node, scope, reader)
    if isinstance(node, exp.Alias | exp.Column):
        return _array_join(node, scope, reader)
    if isinstance(node, exp.Table):
        refuse_others(node, {*_TABLE, *_HISTORY, *_TABLE_INERT})
        history = [found for name in _HISTORY if (found := arg(node, name))]
        rows = read_all(history, scope, reader).any
        rows |= _add(node, _table(node, scope, reader), scope, reader)
        return rows | _behind(node, scope, reader)
    if isinstance(node, exp.UDTF):
        return _add(node, _derived(node, scope, reader), scope, reader)
    raise UnsureError(f"{node.key} in FROM")


def _derived(node: exp.Expr, scope: Scope, reader: Reader) -> Table:
    """VALUES, LATERAL and table functions, which see the tables to their left."""
    if isinstance(node, exp.Values):
        return values(node, scope, reader)
    if isinstance(node, exp.Lateral) and isinstance(node.this, exp.Query):
        return reader.query(node.this, scope.ctes, scope)
    inner = node.this if isinstance(node, exp.Lateral | exp.TableFromRows) else node
    return _rows_of([inner], scope, reader)


def _array_join(node: exp.Expr, scope: Scope, reader: Reader) -> int:
    # https://clickhouse.com/docs/sql-reference/statements/select/array-join
    flow = read(node, scope, reader)
    scope.tables.append(("", Table(((node.alias_or_name.lower(), flow),), None, flow.any)))
    return flow.any


def values(node: exp.Values, scope: Scope, reader: Reader) -> Table:
    """A table of literals."""
    tuples = args(node, "expressions")
    flow = read_all(tuples, scope, reader)
    width = max((len(args(row, "expressions")) for row in tuples), default=0)
    return Table(tuple(("", flow) for _ in range(max(width, 1))), None, 0, 0)


def pivoted(node: exp.Expr, table: Table, reader: Reader) -> Table:
    """Apply PIVOT and UNPIVOT: any column may become any other, and decides the rows."""
    for pivot in args(node, "pivots"):
        if pivot.find(exp.Query, exp.Table):
            raise UnsureError("a query inside PIVOT")
        reader.passed(pivot)
        table = table.blurred()
    return table


def joined(scope: Scope) -> Table:
    """All tables of a scope as one."""
    tables = [table for _, table in scope.tables]
    rests = [table.rest for table in tables if table.rest is not None]
    rows = 0
    for table in tables:
        rows |= table.rows
    columns = tuple(column for table in tables for column in table.columns)
    return Table(columns, unite(rests) if rests else None, rows, scope.base)


def _add(node: exp.Expr, table: Table, scope: Scope, reader: Reader) -> int:
    """Give a table its alias and column names, and put it into the scope."""
    table = pivoted(node, table, reader)
    alias = arg(node, "alias")
    columns = [column.name.lower() for column in args(alias, "columns")] if alias else []
    names = [node.alias_or_name.lower(), *(p.alias.lower() for p in args(node, "pivots"))]
    if isinstance(node, exp.Unnest) and columns:
        # UNNEST(x) AS item names a column; its fields are reached as item.field.
        names += columns
    table = table.renamed(columns)
    scope.tables.append((names[0], table))
    # Further names of the same rows, out of the way of `*` and of bare column names.
    scope.synonyms += [(name, table) for name in names[1:] if name and name != names[0]]
    return table.rows


def _behind(node: exp.Expr, scope: Scope, reader: Reader) -> int:
    """Joins and lateral views that hang on a SELECT, a table or a parenthesis."""
    rows = 0
    for lateral in args(node, "laterals"):
        rows |= item(lateral, scope, reader)
    for join in args(node, "joins"):
        rows |= _join(join, scope, reader)
    return rows


def _join(node: exp.Expr, scope: Scope, reader: Reader) -> int:
    refuse_others(node, _JOIN | _JOIN_INERT)
    reader.visited(node)
    before = len(scope.tables)
    rows = item(node.this, scope, reader)
    conditions = [found for name in ("on", "match_condition") if (found := arg(node, name))]
    rows |= read_all(conditions, scope, reader).any
    for column in args(node, "using"):
        rows |= scope.merge(column.name.lower()).any
    if str(node.args.get("method", "")).upper() == "NATURAL":
        scope.natural = True
        rows |= scope.whole.any
    if str(node.args.get("kind", "")).upper() in {"SEMI", "ANTI"}:
        for _, table in scope.tables[before:]:
            rows |= table.rows | table.base
        del scope.tables[before:]
    return rows


def _parenthesis(node: exp.Subquery, scope: Scope, reader: Reader) -> int:
    if not _is_group(node):
        # DuckDB finds out by itself that a subquery is lateral:
        # https://duckdb.org/docs/stable/sql/query_syntax/from#lateral-joins
        outer = scope if reader.dialect == "duckdb" else scope.outer
        rows = _add(node, reader.query(node, scope.ctes, outer), scope, reader)
    elif node.alias:
        group = Scope(scope.ctes, scope.outer)
        rows = item(node.this, group, reader)
        rows |= _add(node, joined(group), scope, reader)
    else:
        rows = item(node.this, scope, reader)
    return rows | _behind(node, scope, reader)


def _is_group(node: exp.Subquery) -> bool:
    """Whether the parentheses hold tables and joins, not a query."""
    inner = node.this
    if isinstance(inner, exp.Subquery):
        return bool(inner.alias or inner.args.get("joins")) or _is_group(inner)
    return not isinstance(inner, exp.Query)


def _table(node: exp.Table, scope: Scope, reader: Reader) -> Table:
    functions = args(node, "rows_from")
    if functions:
        for part in functions:
            reader.visited(part)
        return _rows_of([part.this for part in functions], scope, reader)
    if outside := places.address(node):
        return _outside(outside, reader)
    if not isinstance(node.this, exp.Identifier):
        if isinstance(node.this, exp.Func | exp.Dot):
            return _rows_of([node.this], scope, reader)
        raise UnsureError("a table whose name only the run can tell")
    parts = [part for part in node.parts if isinstance(part, exp.Identifier)]
    if len(parts) != len(node.parts):
        raise UnsureError("a table whose name only the run can tell")
    name = parts[0].name.lower()
    if len(parts) == 1 and name in scope.ctes:
        cte = scope.ctes[name]
        if cte is None:
            raise UnsureError(f"a CTE that is used before it is known: {name}")
        return cte
    if len(parts) == 1 and name == "dual":
        # One row that holds nothing: https://dev.mysql.com/doc/refman/8.4/en/select.html and
        # https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/Selecting-from-the-DUAL-Table.html
        return Table()
    return reader.input(
        tuple(keys.fold(reader.dialect, part.name, quoted=bool(part.quoted)) for part in parts)
    )


def _outside(address: str, reader: Reader) -> Table:
    """Files: of a bucket, or of a place that is no relation."""
    if known := places.place(address):
        return reader.input(known)
    reader.hides(OUTSIDE)
    return Table((), NOTHING)


def _rows_of(functions: list[exp.Expr], scope: Scope, reader: Reader) -> Table:
    """What table functions give: as many rows, and such values, as their arguments say."""
    flow = read_all(functions, scope, reader)
    for function in functions:
        files = places.in_call(function)
        flow = unite([flow, *(reader.input(one).whole for one in files if one)])
        last = function.expression if isinstance(function, exp.Dot) else function
        typed = not isinstance(last, exp.Anonymous)
        if typed and last.key.startswith("read"):
            if not files or not all(files):
                reader.hides(OUTSIDE)
        elif not typed and (last.name.lower() not in GENERATORS or last is not function):
            reader.hides(f"the table function {last.name}")
    return Table((), flow, flow.any, 0)

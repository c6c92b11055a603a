"""Reads one SELECT, and the ORDER BY and LIMIT behind a set operation."""

from sqlglot import exp

from nhigraph.policy.sql_usage.expressions import (
    Reader,
    arg,
    args,
    parts_of,
    read,
    read_all,
    refuse_others,
)
from nhigraph.policy.sql_usage.flows import Flow, Table, unite
from nhigraph.policy.sql_usage.scopes import Ctes, Scope
from nhigraph.policy.sql_usage.tables import GENERATORS, from_and_joins

#: Clauses that choose no row and make no value.
INERT = ("kind", "hint", "locks", "options", "settings", "format", "operation_modifiers", "sample")
#: Orderings that reach no table: they matter to a LIMIT, and only ORDER BY does.
_SPREADING = ("distribute", "sort", "cluster")
_FILTERS = ("prewhere", "connect", "having", "qualify", "limit", "offset")
_KNOWN = {"with", "expressions", "distinct", "from", "laterals", "joins", "windows", "where"}

Column = tuple[str, Flow]


def select(node: exp.Select, ctes: Ctes, outer: Scope | None, reader: Reader) -> Table:
    """Read one SELECT.

    Raises:
        UnsureError: It holds something that is not understood.
    """
    refuse_others(node, {*_KNOWN, *INERT, *_SPREADING, *_FILTERS, "group", "order"})
    pass_inert(node, reader)
    scope = Scope(ctes, outer)
    rows = from_and_joins(node, scope, reader)
    scope.windows = read_all(args(node, "windows"), scope, reader)
    output, more = _projections(node, scope, reader)
    rows |= more
    where = arg(node, "where")
    if where is not None:
        # WHERE takes a column before an alias; the clauses below may not.
        rows |= read(where, scope, reader).any
    scope.after = True
    for name in _FILTERS:
        clause = arg(node, name)
        if clause is not None:
            rows |= read(clause, scope, reader).any
    rows |= _grouping(node, scope, output, reader)
    order = ordering(node, scope, output, reader)
    distinct = arg(node, "distinct")
    keys = arg(distinct, "on") if distinct is not None else None
    if keys is not None:
        rows |= read(keys, scope, reader).any | order
    elif distinct is not None:
        rows |= output.whole.any
    if reader.limited:
        # An ORDER BY inside counts too where a LIMIT stands further out.
        rows |= order
    return Table(output.columns, output.rest, rows, scope.base)


def limited(
    node: exp.Expr, table: Table, ctes: Ctes, outer: Scope | None, reader: Reader
) -> Table:
    """Apply what may stand behind a set operation or a query in parentheses."""
    scope = Scope(ctes, outer, [("", table)])
    pass_inert(node, reader)
    rows = table.rows
    for name in ("limit", "offset"):
        clause = arg(node, name)
        if clause is not None:
            rows |= read(clause, scope, reader).any
    order = ordering(node, scope, table, reader)
    if reader.limited:
        rows |= order
    return Table(table.columns, table.rest, rows, table.base)


def pass_inert(node: exp.Expr, reader: Reader) -> None:
    """Count the clauses that choose no row and make no value as read."""
    for name in (*INERT, *_SPREADING):
        clause = arg(node, name)
        for part in [clause] if clause is not None else args(node, name):
            reader.passed(part)


def ordering(node: exp.Expr, scope: Scope, output: Table, reader: Reader) -> int:
    """Inputs that decide the order of rows, which only a LIMIT makes matter."""
    order = arg(node, "order")
    if order is None:
        return 0
    reader.visited(order)
    return _keys([item.this for item in args(order, "expressions")], scope, output, reader)


def _keys(nodes: list[exp.Expr], scope: Scope, output: Table, reader: Reader) -> int:
    """What ordering or grouping by expressions, aliases or positions depends on."""
    rows = 0
    for node in nodes:
        if isinstance(node, exp.Literal) and node.is_int:
            at = int(node.name) - 1
            exact = output.rest is None and 0 <= at < len(output.columns)
            rows |= output.columns[at][1].any if exact else output.whole.any
        else:
            rows |= read(node, scope, reader).any
    return rows


def _grouping(node: exp.Select, scope: Scope, output: Table, reader: Reader) -> int:
    group = arg(node, "group")
    if group is None:
        return 0
    reader.visited(group)
    rows = output.whole.any if group.args.get("all") else 0
    for name in group.args:
        single = arg(group, name)
        keys = [single] if single is not None else args(group, name)
        rows |= _keys(keys, scope, output, reader)
    return rows


def _projections(node: exp.Select, scope: Scope, reader: Reader) -> tuple[Table, int]:
    """Columns of the output, and inputs that a set-returning function makes decide its rows."""
    columns: list[Column] = []
    rests: list[Flow] = []
    rows = 0
    for projection in args(node, "expressions"):
        if isinstance(projection, exp.Star):
            _star(projection, scope.tables, columns, rests, scope, reader)
            continue
        if isinstance(projection, exp.Column) and isinstance(projection.this, exp.Star):
            reader.visited(projection)
            qualifiers = parts_of(projection)[:-1]
            tables = [pair for pair in scope.named if pair[0] in qualifiers]
            if tables:
                _star(projection.this, tables, columns, rests, scope, reader)
            else:
                rests.append(scope.star(qualifiers))
            continue
        flow = read(projection, scope, reader)
        if not isinstance(projection, exp.Column) and _makes_rows(projection):
            rows |= flow.any
        named = _names(projection)
        columns += [(name, flow) for name in named]
        scope.aliases.update({name: flow for name in named if name})
    return Table(tuple(columns), unite(rests) if rests else None), rows


def _names(projection: exp.Expr) -> list[str]:
    """Names of the output column; what a platform calls an unnamed one is not known."""
    if isinstance(projection, exp.Aliases):
        return [name.name.lower() for name in args(projection, "expressions")]
    if isinstance(projection, exp.Alias | exp.Column):
        return [projection.alias_or_name.lower()]
    return [""]


def _star(
    star: exp.Expr,
    tables: list[tuple[str, Table]],
    columns: list[Column],
    rests: list[Flow],
    scope: Scope,
    reader: Reader,
) -> None:
    reader.passed(star)
    left_out = {item.name.lower() for item in args(star, "except")}
    single = arg(star, "except")
    left_out |= {single.name.lower()} if single is not None else set()
    changed: dict[str, Flow] = {}
    for change in (*args(star, "replace"), *args(star, "rename")):
        changed[change.alias.lower()] = read(change, scope, reader)
    for _, table in tables:
        columns += [(n, f) for n, f in table.columns if n not in left_out and n not in changed]
        if table.rest is not None:
            rests.append(table.rest)
    columns += changed.items()


def _makes_rows(projection: exp.Expr) -> bool:
    """Whether a function in the select list makes several rows of one, or none."""
    # Inside a subquery it makes rows of that alone.
    here = projection.walk(prune=lambda node: isinstance(node, exp.Query))
    return any(
        isinstance(call, exp.UDTF | exp.GenerateSeries)
        or (isinstance(call, exp.Anonymous) and call.name.lower() in GENERATORS)
        for call in here
        if not isinstance(call, exp.Query)
    )

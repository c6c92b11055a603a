"""What an expression is made of.

Left out on purpose: what a user-defined function reads by itself. Its name says nothing of it.
"""

from collections.abc import Collection
from typing import Protocol

from sqlglot import exp

from nhigraph.policy.sql_usage.flows import Flow, Table, UnsureError
from nhigraph.policy.sql_usage.scopes import Ctes, Scope

#: Window functions of the order of rows alone: no value of a row is in their result.
_RANKS = tuple(
    getattr(exp, name)
    for name in ("RowNumber", "Rank", "DenseRank", "PercentRank", "CumeDist", "Ntile")
    if hasattr(exp, name)
)


class Reader(Protocol):
    """What reading a part of a statement needs of the whole.

    Attributes:
        dialect: Name of the dialect, for folding.
        opaque: CTEs (lower-case) that stand for an input of that name.
        limited: Whether any LIMIT stands in the statement.
    """

    dialect: str
    opaque: Collection[str]
    limited: bool

    def query(self, node: exp.Expr, ctes: Ctes, outer: Scope | None) -> Table:
        """Read a query.

        Raises:
            UnsureError: It holds something that is not understood.
        """
        ...

    def input(self, parts: tuple[str, ...]) -> Table:
        """An input relation, by its folded parts."""
        ...

    def hides(self, what: str) -> None:
        """Say that something may read what the text does not name."""
        ...

    def visited(self, node: exp.Expr) -> None:
        """Count one node as read.

        Raises:
            UnsureError: More work than one statement may cost.
        """
        ...

    def passed(self, node: exp.Expr) -> None:
        """Count a node and all below it as read: it chooses no row and makes no value."""
        ...


def parts_of(node: exp.Expr) -> list[str]:
    """Lower-case parts of a column or table name."""
    names = (node.args.get(part) for part in ("catalog", "db", "table", "this"))
    return [name.name.lower() for name in names if isinstance(name, exp.Expr)]


def arg(node: exp.Expr, name: str) -> exp.Expr | None:
    """An argument that is an expression; names that are Python keywords vary by version."""
    value = node.args.get(f"{name}_", node.args.get(name))
    return value if isinstance(value, exp.Expr) else None


def args(node: exp.Expr, name: str) -> list[exp.Expr]:
    """An argument that is a list of expressions."""
    value = node.args.get(f"{name}_", node.args.get(name))
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, exp.Expr)]


def refuse_others(node: exp.Expr, known: Collection[str]) -> None:
    """Raise where a node has an argument that its reader does not know.

    Raises:
        UnsureError: It has.
    """
    for name, value in node.args.items():
        if value and name.rstrip("_") not in known:
            raise UnsureError(f"{node.key} with {name.rstrip('_')}")


def children(node: exp.Expr) -> list[exp.Expr]:
    """Expressions directly below a node."""
    found: list[exp.Expr] = []
    for value in node.args.values():
        items = value if isinstance(value, list) else [value]
        found += [item for item in items if isinstance(item, exp.Expr)]
    return found


def read(node: exp.Expr, scope: Scope, reader: Reader) -> Flow:
    """Inputs that reach the value of an expression.

    A condition of CASE is part of the value: it decides what is shown, not whether. A window's
    keys and order decide which rows a value is made of.
    """
    values = rows = 0
    stack = [node]
    while stack:
        here = stack.pop()
        reader.visited(here)
        if isinstance(here, exp.Column):
            flow = _column(here, scope)
        elif isinstance(here, exp.Query):
            # Whichever rows a subquery finds, they decide this value and no row of the outside.
            flow = Flow(reader.query(here, scope.ctes, scope).every)
        elif isinstance(here, exp.Window):
            flow = _window(here, scope, reader)
            stack += [here.this] if isinstance(here.this, exp.Expr) else []
        elif isinstance(here, exp.Star | exp.Columns | exp.Parameter | exp.Placeholder):
            flow = scope.everything
        elif isinstance(here, exp.TableColumn):
            flow = scope.column([here.name.lower()])
        elif isinstance(here, exp.DynamicIdentifier | exp.Table):
            raise UnsureError("a name that only the run can tell")
        else:
            flow = _call(here, scope, reader)
            stack += [] if _counts_rows(here) else children(here)
        values |= flow.values
        rows |= flow.rows
    return Flow(values, rows)


def _column(node: exp.Column, scope: Scope) -> Flow:
    parts = parts_of(node)
    return scope.star(parts[:-1]) if isinstance(node.this, exp.Star) else scope.column(parts)


def _window(node: exp.Window, scope: Scope, reader: Reader) -> Flow:
    keys = [child for child in children(node) if child is not node.this]
    rows = read_all(keys, scope, reader).any
    if node.args.get("alias") is not None:
        rows |= scope.windows.any
    return Flow(0, rows)


def _counts_rows(node: exp.Expr) -> bool:
    return isinstance(node, exp.Count) and isinstance(node.this, exp.Star)


def _call(node: exp.Expr, scope: Scope, reader: Reader) -> Flow:
    """What a node adds of itself, beside what its children do."""
    if isinstance(node, exp.AggFunc) and not isinstance(node, _RANKS):
        # count(*), sum(1): the value is made of how many rows there are.
        whole = node.parent if isinstance(node.parent, exp.WithinGroup) else node
        return Flow() if whole.find(exp.Column, exp.Query) else Flow(scope.base)
    if isinstance(node, exp.Filter):
        # FILTER (WHERE ...) decides a value like CASE does, by leaving rows out.
        return Flow(0, read(node.expression, scope, reader).any)
    return Flow()


def read_all(nodes: list[exp.Expr], scope: Scope, reader: Reader) -> Flow:
    """Inputs that reach any of the expressions."""
    values = rows = 0
    for node in nodes:
        flow = read(node, scope, reader)
        values |= flow.values
        rows |= flow.rows
    return Flow(values, rows)

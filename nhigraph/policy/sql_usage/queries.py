"""Walks the queries of one statement: CTEs, set operations, subqueries."""

from collections.abc import Collection

from sqlglot import exp

from nhigraph.policy.sql_usage.expressions import arg, args, refuse_others
from nhigraph.policy.sql_usage.flows import Flow, Table, UnsureError, union
from nhigraph.policy.sql_usage.scopes import Ctes, Scope
from nhigraph.policy.sql_usage.selects import INERT, limited, select
from nhigraph.policy.sql_usage.tables import values

#: Nodes read before a statement counts as hostile; the largest real models need some 50,000.
MOST_WORK = 2_000_000
#: Rounds after which a recursion counts as one that does not settle.
_MOST_ROUNDS = 200

_OPERATION = {"this", "expression", "distinct", "by_name", "with", "order", "limit", "offset"}
#: What FROM reads of a query in parentheses, and nothing else can stand there.
_PARENTHESIS = {"this", "with", "alias", "pivots", "joins", "laterals", "order", "limit", "offset"}

#: Dialects where WITH is recursive without saying so:
#: https://learn.microsoft.com/sql/t-sql/queries/with-common-table-expression-transact-sql
#: https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/SELECT.html
#: https://docs.snowflake.com/en/sql-reference/constructs/with
_IMPLICITLY_RECURSIVE = {"tsql", "fabric", "oracle", "snowflake"}


class QueryReader:
    """Reads one statement.

    Attributes:
        dialect: Name of the dialect, for folding and recursion.
        opaque: CTEs (lower-case) that stand for an input of that name.
        limited: Whether any LIMIT stands in the statement.
        inputs: Bit of each input relation, by its folded parts.
        hidden: Things that may read what the text does not name.
        seen: Identities of the nodes that were read.
    """

    def __init__(self, dialect: str, opaque: Collection[str], *, limited: bool) -> None:
        """Start with nothing read."""
        self.dialect = dialect
        self.opaque = opaque
        self.limited = limited
        self.inputs: dict[tuple[str, ...], int] = {}
        self.hidden: set[str] = set()
        self.seen: set[int] = set()
        self._work = 0

    def visited(self, node: exp.Expr) -> None:
        """Count one node as read."""
        self.seen.add(id(node))
        self._work += 1
        if self._work > MOST_WORK:
            raise UnsureError("the statement is too large to follow")

    def passed(self, node: exp.Expr) -> None:
        """Count a node and all below it as read: it chooses no row and makes no value."""
        for inner in node.walk():
            self.visited(inner)

    def hides(self, what: str) -> None:
        """Say that something may read what the text does not name."""
        self.hidden.add(what)

    def input(self, parts: tuple[str, ...]) -> Table:
        """An input relation, by its folded parts."""
        bit = self.inputs.setdefault(parts, 1 << len(self.inputs))
        return Table((), Flow(bit), 0, bit)

    def query(self, node: exp.Expr, ctes: Ctes, outer: Scope | None) -> Table:
        """Read a query.

        Raises:
            UnsureError: It holds something that is not understood.
        """
        self.visited(node)
        ctes = self._with(node, ctes, outer)
        if isinstance(node, exp.Select):
            return select(node, ctes, outer, self)
        if isinstance(node, exp.SetOperation):
            refuse_others(node, {*_OPERATION, *INERT})
            table = self._set_operation(node, ctes, outer)
            return limited(node, table, ctes, outer, self)
        if isinstance(node, exp.Subquery):
            refuse_others(node, {*_PARENTHESIS, *INERT})
            return limited(node, self.query(node.this, ctes, outer), ctes, outer, self)
        if isinstance(node, exp.Values):
            return values(node, Scope(ctes, outer), self)
        raise UnsureError(f"a statement of the kind {node.key.upper()}")

    def _set_operation(self, node: exp.SetOperation, ctes: Ctes, outer: Scope | None) -> Table:
        # Left-deep and long: macros write unions of hundreds of branches.
        chain = [node]
        while isinstance(below := chain[-1].this, exp.SetOperation) and not _has_clauses(below):
            chain.append(below)
        table = self.query(chain[-1].this, ctes, outer)
        for step in reversed(chain):
            self.visited(step)
            right = self.query(step.expression, ctes, outer)
            if isinstance(step, exp.Union):
                table = union(table, right, by_name=bool(step.args.get("by_name")))
                # Rows are compared as wholes, unless ALL says to keep them.
                compared = 0 if step.args.get("distinct") is False else table.whole.any
            else:
                # EXCEPT, INTERSECT: values are the left side's, the right only decides rows.
                compared = table.whole.any | right.every
            table = Table(table.columns, table.rest, table.rows | compared, table.base)
        return table

    def _with(self, node: exp.Expr, ctes: Ctes, outer: Scope | None) -> Ctes:
        clause = arg(node, "with")
        if clause is None:
            return ctes
        refuse_others(clause, {"expressions", "recursive"})
        recursive = bool(clause.args.get("recursive"))
        items = args(clause, "expressions")
        names = [item.alias.lower() for item in items]
        if len(set(names)) != len(names):
            raise UnsureError("two CTEs of one name, or of names that differ in case only")
        found = {**ctes, **dict.fromkeys(names)} if recursive else dict(ctes)
        for item, name in zip(items, names, strict=True):
            if name in self.opaque:
                # Left undefined: whoever names it then names an input.
                self.passed(item)
                found.pop(name, None)
            else:
                found[name] = self._cte(item, name, found, outer, recursive=recursive)
        return found

    def _cte(
        self, item: exp.Expr, name: str, ctes: Ctes, outer: Scope | None, *, recursive: bool
    ) -> Table:
        body = item.this
        if not isinstance(body, exp.Query):
            raise UnsureError(f"a CTE that is no query: {name}")
        alias = arg(item, "alias")
        columns = [part.name.lower() for part in args(alias, "columns")] if alias else []
        if not _calls_itself(body, name) or not (
            recursive or self.dialect in _IMPLICITLY_RECURSIVE
        ):
            return self.query(body, ctes, outer).renamed(columns)
        anchor: exp.Expr = body
        while isinstance(anchor, exp.SetOperation):
            anchor = anchor.this
        table = self.query(anchor, {**ctes, name: None}, outer).renamed(columns)
        for _ in range(_MOST_ROUNDS):
            # Sets of inputs only grow, so this ends.
            again = self.query(body, {**ctes, name: table}, outer).renamed(columns)
            if again == table:
                return table
            table = again
        raise UnsureError(f"a recursion that does not settle: {name}")


def _has_clauses(node: exp.SetOperation) -> bool:
    return any(
        value
        for name, value in node.args.items()
        if name not in {"this", "expression", "distinct", "by_name"}
    )


def _calls_itself(body: exp.Expr, name: str) -> bool:
    return isinstance(body, exp.SetOperation) and any(
        table.name.lower() == name and not table.db for table in body.find_all(exp.Table)
    )

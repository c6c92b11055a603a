"""Rows that a query locks: ``FOR UPDATE``, ``FOR SHARE`` and the like.

That asks for UPDATE of some column of each relation whose rows are locked (PostgreSQL 15,
sql-select: The Locking Clause): of those that it names, or of all that the query has its rows
from, subqueries in FROM included, and none of WITH (tried on 15.20). Through a view it is asked
for on the view and, of the view's owner or with security_invoker of who locks, behind it.
"""

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from sqlglot import exp

from nhigraph.policy.postgres.catalog import Catalog, Relation
from nhigraph.policy.postgres.membership import Roles

#: Stands among privileges for what a lock asks for.
LOCK: Final = "LOCK"
#: Views on views, deeper than anybody builds them.
_DEEPEST = 30


class Granting(Protocol):
    """What ``rights`` knows of privileges.

    Attributes:
        catalog: The export.
        roles: Who has whose rights.
    """

    catalog: Catalog
    roles: Roles

    def granted(self, relation: Relation, privilege: str) -> int:
        """Roles with a privilege on some of it."""


def locking(rights: Granting, relation: Relation, deep: int = 0) -> int:
    """Roles that may lock rows of a relation."""
    mask = rights.granted(relation, "UPDATE")
    for read in relation.reads if relation.kind == "v" and deep < _DEEPEST else ():
        found = rights.catalog.relations.get(read.relation)
        if found is not None:
            behind, roles = locking(rights, found, deep + 1), rights.roles
            owners = roles.everyone if roles.has(behind, relation.owner) else 0
            mask &= behind if relation.security_invoker else owners
    return mask


def locked(tree: exp.Expr, tables: Iterable[exp.Table]) -> Iterator[exp.Table]:
    """Those of a statement's relations of which a query of it locks rows."""
    for query in tree.find_all(exp.Select):
        for lock in query.args.get("locks") or ():
            named = {table.name for table in lock.expressions}
            for table in tables:
                if (not named or table.alias_or_name in named) and _has_rows_of(query, table):
                    yield table


def _has_rows_of(query: exp.Select, table: exp.Table) -> bool:
    """Whether a query has its rows from a relation, by subqueries too."""
    at: exp.Expr | None = table
    while at is not None and at is not query:
        if not isinstance(at.parent, exp.From | exp.Join):
            return False
        at = at.find_ancestor(exp.Select)
        if at is not None and at is not query:
            at = at.parent  # The subquery that it is.
    return at is query

"""What a view's query is like: whether it shows values as they are, and what writing through asks.

A view with a WHERE asks its definer, or its caller where it has the caller's rights, for SELECT
on what that names, whatever the statement is (tried on MariaDB 10.11.19).
"""

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

#: Condition of writing through a view of which that is not told.
UNTOLD = "the view {} can be written, which the export does not say"


def copied(definition: str) -> bool:
    """Whether some column of a view's query is a column of what it reads, unchanged."""
    tree = _query(definition)
    selects = tree.selects if tree is not None else []
    return any(isinstance(one.unalias(), exp.Column | exp.Star) for one in selects)


def shown_of(definition: str) -> frozenset[tuple[str, str]]:
    """Relations of which a view's query shows some column as it is, where that is certain.

    The servers store every name with its schema.
    """
    tree = _query(definition)
    if not isinstance(tree, exp.Select):
        return frozenset()
    named = {one.alias_or_name: (one.db, one.name) for one in tree.find_all(exp.Table) if one.db}
    columns = [one.unalias() for one in tree.selects]
    return frozenset(
        named[one.table] for one in columns if isinstance(one, exp.Column) and one.table in named
    )


def filtered(definition: str) -> bool:
    """Whether a condition decides which rows a view has, as far as that can be read."""
    tree = _query(definition)
    return tree is None or tree.find(exp.Where, exp.Join, exp.Having) is not None


def _query(definition: str) -> exp.Query | None:
    try:
        tree = sqlglot.parse_one(definition, read="mysql")
    except (SqlglotError, RecursionError):
        return None
    return tree if isinstance(tree, exp.Query) else None

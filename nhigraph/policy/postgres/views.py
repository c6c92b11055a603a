"""What a view's query takes from each relation it names."""

from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from nhigraph.policy import sql_usage
from nhigraph.policy.postgres.catalog import Name, Relation
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Use:
    """How a view uses a relation.

    Attributes:
        values: Values come from it.
        copied: They come out as they are.
        filters: It decides which rows there are.
    """

    values: bool
    copied: bool
    filters: bool


#: What is assumed of a query that is not followed.
UNKNOWN = Use(values=True, copied=False, filters=True)


def outer_relation(view: Relation) -> Name | None:
    """The relation in the outer FROM, if it is one alone: the base of an updatable view."""
    if len(view.reads) == 1:
        return view.reads[0].relation
    query = _query(view)
    source = query.find(exp.From) if query is not None else None
    if query is None or source is None or query.args.get("joins"):
        return None
    found = source.this
    if not isinstance(found, exp.Table) or not found.db:
        return None
    return found.db, found.name


def use(view: Relation, relation: Name) -> Use:
    """How the view uses one of the relations it reads."""
    read = sql_usage.usage(view.definition, "postgres")
    if isinstance(read, sql_usage.Unparsed) or relation not in read.relations:
        return UNKNOWN
    how = read.relations[relation]
    return Use(
        values=sql_usage.Use.VALUE in how,
        copied=sql_usage.Use.VALUE in how and _copies(view, relation),
        filters=sql_usage.Use.ROWS in how,
    )


def _copies(view: Relation, relation: Name) -> bool:
    """Whether a column of the one relation stands in the view as it is."""
    query = _query(view)
    if query is None or len(view.reads) != 1 or view.reads[0].relation != relation:
        return False
    if len(list(query.find_all(exp.Select))) != 1:
        return False
    return any(
        isinstance(column.this if isinstance(column, exp.Alias) else column, exp.Column)
        for column in query.selects
    )


def columns(view: Relation) -> dict[str, str] | None:
    """The view's columns that are columns of its one relation; None if that cannot be told."""
    query = _query(view)
    if query is None or outer_relation(view) is None:
        return None
    found = {}
    for column in query.selects:
        plain = column.this if isinstance(column, exp.Alias) else column
        if isinstance(plain, exp.Column) and isinstance(plain.this, exp.Identifier):
            found[column.alias_or_name] = plain.name
    return found


def _query(view: Relation) -> exp.Select | None:
    return _parsed(view.definition)


@lru_cache(maxsize=1024)
def _parsed(definition: str) -> exp.Select | None:
    """The query's tree, which nobody here changes."""
    try:
        trees = sqlglot.parse(definition, read="postgres")
    except (SqlglotError, RecursionError):
        return None
    tree = trees[0] if trees else None
    return tree if isinstance(tree, exp.Select) else None

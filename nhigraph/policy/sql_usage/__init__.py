"""How a query uses its inputs: for values, or only to decide which rows there are.

A column of an input that reaches an output column by any expression is used for values; so are
the conditions of CASE, which decide what is shown. Join keys, WHERE, GROUP BY, HAVING, QUALIFY,
window keys, DISTINCT, EXISTS, IN, ORDER BY with LIMIT decide rows. An input can be used in both
ways. ``count(*)`` is a value made of the rows of all that is counted.

The walk is this package's own: ``sqlglot.lineage`` leaves out joins and filters. What it does not
understand it does not skip: the answer is then ``Unparsed``, and the caller must claim both uses.

Blind spots: what a user-defined function reads by itself; tables of a schema that is only in the
search path carry one part and no schema.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from enum import Flag, auto

import sqlglot
from sqlglot import exp

from nhigraph.policy.sql_usage.flows import UnsureError
from nhigraph.policy.sql_usage.queries import QueryReader
from nhigraph.policy.sql_usage.tables import OUTSIDE
from nhigraph.records import dataclass

# The parser logs the text of what it does not understand: that may hold a credential.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

#: Longest text that is parsed, in characters.
LONGEST = 1_000_000


class Use(Flag):
    """What an input is used for."""

    VALUE = auto()
    """Its values are in the output."""
    ROWS = auto()
    """It decides which rows the output has."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a query reads.

    Attributes:
        relations: Use of each relation, by its parts, folded as the dialect folds them.
        hidden: Things that may read more than the query names, or hold it: functions it calls,
            and ``OUTSIDE`` for files and stages.
    """

    relations: Mapping[tuple[str, ...], Use]
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unparsed:
    """The query could not be read; any input may be used in any way.

    Attributes:
        reason: Why, as the end of "the SQL was not read: ...".
    """

    reason: str


def usage(sql: str, dialect: str, opaque: Collection[str] = ()) -> Usage | Unparsed:
    """Read how one query uses its inputs.

    Args:
        sql: One SELECT statement.
        dialect: A dialect of sqlglot.
        opaque: CTEs that stand for an input of that name and are not looked into.
    """
    if len(sql) > LONGEST:
        return Unparsed(f"{len(sql)} characters are more than the {LONGEST} read")
    return _answered(lambda: _parse(sql, dialect), dialect, opaque)


def tree_usage(tree: exp.Expr, dialect: str) -> Usage | Unparsed:
    """The same for a query that is parsed already, such as the one inside an INSERT."""
    return _answered(lambda: tree, dialect, ())


def _answered(
    parsed: Callable[[], exp.Expr], dialect: str, opaque: Collection[str]
) -> Usage | Unparsed:
    try:
        return _read(parsed(), dialect, {name.lower() for name in opaque})
    except RecursionError:
        return Unparsed("nested too deep")
    except UnsureError as error:
        return Unparsed(str(error))
    except (AttributeError, TypeError):
        # Properties of the parser's tree raise where a lenient dialect let a part be left out.
        return Unparsed("the parser left a part of it out")


def _parse(sql: str, dialect: str) -> exp.Expr:
    # The parser takes braces for a dictionary or a comment, and goes on.
    if "{{" in sql or "{%" in sql:
        raise UnsureError("Jinja stands in it")
    try:
        parts = sqlglot.parse(sql, read=dialect)
    except RecursionError:
        raise
    except Exception as error:  # noqa: BLE001 - a third-party parser on text of any kind
        raise UnsureError(f"the parser gave up ({type(error).__name__})") from None
    # A comment behind the last semicolon parses as a statement of its own.
    statements = [part for part in parts if part and not isinstance(part, exp.Semicolon)]
    if len(statements) != 1:
        raise UnsureError(f"expected one statement, found {len(statements)}")
    return statements[0]


def _read(tree: exp.Expr, dialect: str, opaque: Collection[str]) -> Usage:
    # Found in one walk: a large statement is walked often enough.
    nodes = list(tree.find_all(exp.Column, exp.Table, exp.Limit, exp.Fetch, exp.Offset))
    limited = any(isinstance(node, exp.Limit | exp.Fetch | exp.Offset) for node in nodes)
    reader = QueryReader(dialect, opaque, limited=limited)
    table = reader.query(tree, {}, None)
    for node in nodes:
        if isinstance(node, exp.Column | exp.Table) and id(node) not in reader.seen:
            raise UnsureError(f"the name of a {node.key} in an unexpected place")
    rows = table.rows | table.whole.rows
    found: dict[tuple[str, ...], Use] = {}
    for parts, bit in reader.inputs.items():
        use = Use(0)
        if table.whole.values & bit:
            use |= Use.VALUE
        if rows & bit:
            use |= Use.ROWS
        # An input that is named and reaches nothing can still empty or multiply the rows.
        found[parts] = use or Use.ROWS
    return Usage(found, tuple(sorted(reader.hidden)))


__all__ = ["LONGEST", "OUTSIDE", "Unparsed", "Usage", "Use", "tree_usage", "usage"]

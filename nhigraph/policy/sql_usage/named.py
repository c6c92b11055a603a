"""Relations that a statement names, by their parts, folded as the dialect folds them."""

from typing import Final

import sqlglot
from sqlglot import exp

from nhigraph.facts import keys
from nhigraph.policy.sql_usage import Use
from nhigraph.policy.sql_usage.flows import UnsureError

#: A relation as it is written: its parts, folded.
Written = tuple[str, ...]
BOTH: Final = Use.VALUE | Use.ROWS


def named(tree: exp.Expr, dialect: str) -> dict[Written, Use]:
    """All relations a statement names but its CTEs."""
    own = ctes(tree)
    found = {}
    for table in tree.find_all(exp.Table):
        parts = name(table, dialect)
        if len(parts) > 1 or parts[0].lower() not in own:
            found[parts] = BOTH
    return found


def ctes(tree: exp.Expr) -> set[str]:
    """Names of common table expressions, in small letters."""
    return {cte.alias.lower() for cte in tree.find_all(exp.CTE)}


def name(node: object, dialect: str) -> Written:
    """Parts of a relation, folded.

    Raises:
        UnsureError: It is no relation whose name the text tells.
    """
    if isinstance(node, exp.Schema | exp.Alias):
        node = node.this
    if not isinstance(node, exp.Table):
        raise UnsureError("a relation in it could not be read")
    parts = node.parts
    if not parts or not all(isinstance(part, exp.Identifier) for part in parts):
        raise UnsureError("a relation whose name only the run can tell")
    return tuple(
        keys.fold(dialect, part.name, quoted=bool(part.args.get("quoted"))) for part in parts
    )


def written(text: str, dialect: str) -> Written:
    """Parts of a relation that stands by itself.

    Raises:
        UnsureError: It is none that the parser knows.
    """
    try:
        node = sqlglot.parse_one(text, read=dialect, into=exp.Table)
    except RecursionError:
        raise
    except Exception as error:  # noqa: BLE001 - a third-party parser on text of any kind
        raise UnsureError(f"the parser gave up ({type(error).__name__})") from None
    return name(node, dialect)

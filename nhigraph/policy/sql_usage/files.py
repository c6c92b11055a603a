"""Statements that copy files into a relation.

https://docs.snowflake.com/en/sql-reference/sql/copy-into-table,
https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html,
https://docs.databricks.com/aws/en/sql/language-manual/delta-copy-into and
https://www.postgresql.org/docs/current/sql-copy.html (read 30 November 2026)
"""

import re
from typing import Final

from sqlglot import exp

from nhigraph.policy.sql_usage import Use
from nhigraph.policy.sql_usage.expressions import args
from nhigraph.policy.sql_usage.flows import UnsureError
from nhigraph.policy.sql_usage.named import BOTH, Written, ctes, name
from nhigraph.policy.sql_usage.places import address, place
from nhigraph.records import dataclass

#: The place of files without quotes, as Snowflake takes it: its slashes begin a remark elsewhere.
_UNQUOTED: Final = re.compile(r"\bFROM\s+([a-z][a-z0-9]*://[^\s;'\"]+)", re.IGNORECASE)


def quoted(text: str) -> str:
    """A statement whose files are in quotes."""
    return _UNQUOTED.sub(r"FROM '\1'", text)


@dataclass(frozen=True, slots=True)
class Copied:
    """What a COPY does.

    Attributes:
        target: The relation that it fills.
        uses: Relations and buckets that it takes from.
        whole: Whether that is all; other files and stages are no relation.
    """

    target: Written
    uses: dict[Written, Use]
    whole: bool


def copied(tree: exp.Copy, dialect: str) -> Copied:
    """What a COPY fills, and from what.

    Raises:
        UnsureError: It copies into files, or from what a program says.
    """
    files = args(tree, "files")
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    filled = isinstance(target, exp.Table) and isinstance(target.this, exp.Identifier)
    programs = any(isinstance(one, exp.Identifier) and one.name != "stdin" for one in files)
    if not filled or not tree.args.get("kind") or programs:
        raise UnsureError("a COPY into files, or from a program")
    own = ctes(tree)
    tables = [table for one in files for table in one.find_all(exp.Table)]
    named = [name(one, dialect) for one in tables if not address(one)]
    uses = {parts: BOTH for parts in named if len(parts) > 1 or parts[0].lower() not in own}
    texts = [str(one.this) for one in files if isinstance(one, exp.Literal)]
    buckets = [place(one) for one in (*texts, *filter(None, map(address, tables)))]
    uses |= dict.fromkeys(filter(None, buckets), BOTH)
    return Copied(name(tree.this, dialect), uses, bool(uses) and all(buckets))

"""Places of files that a statement reads as if they were a relation.

A bucket of S3 stands for all its objects, as one relation of one part: ``("s3://bucket",)``. Of
other places nobody else's export tells who writes there.

https://duckdb.org/docs/stable/core_extensions/httpfs/s3api,
https://docs.snowflake.com/en/sql-reference/sql/copy-into-table and
https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-source-s3.html (read 30
November 2026)
"""

import re
from typing import Final

from sqlglot import exp

_BUCKET: Final = re.compile(r"s3[an]?://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:[/?].*)?", re.DOTALL)
_PREFIX: Final = "s3://"


def place(address: str) -> tuple[str, ...]:
    """The bucket of an address; nothing where it is of none, or nobody can tell which."""
    found = _BUCKET.fullmatch(address.strip())
    return (f"{_PREFIX}{found[1]}",) if found else ()


def bucket(parts: tuple[str, ...]) -> str:
    """Name of the bucket that stands in the place of a relation; empty for a relation."""
    return parts[0].removeprefix(_PREFIX) if len(parts) == 1 and place(parts[0]) else ""


def address(node: exp.Table) -> str:
    """What FROM names that is no relation: a file, a stage, or an address; empty for others."""
    if isinstance(node.this, exp.Var | exp.Literal):
        return str(node.this.this)
    names = [part.name for part in node.parts if isinstance(part, exp.Identifier)]
    stage = names[:1] if names and names[0].startswith("@") else []
    return next((name for name in names if "://" in name), "".join(stage))


def in_call(node: exp.Expr) -> list[tuple[str, ...]]:
    """The bucket of each text in a call, or nothing for a text that names none."""
    return [place(str(one.this)) for one in node.find_all(exp.Literal) if one.is_string]

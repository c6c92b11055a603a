"""What ``--format json`` prints: one object with the rows of an answer."""

import json
from collections.abc import Iterable, Mapping

from nhigraph.output import columns


def json_rows(
    command: str,
    rows: Iterable[object],
    *,
    as_of: str,
    complete: bool,
    gaps: int,
    beside: Mapping[str, object] | None = None,
) -> str:
    """One object on several lines, a row on each, in ASCII.

    Lists stay lists, a number that is not known is null. ASCII keeps a hostile name from steering
    the terminal it is printed on.

    Args:
        command: Name of the command that answers.
        rows: Row objects of ``assurance.rows`` or mappings from column to value.
        as_of: Date of the answer.
        complete: Whether everything given was read.
        gaps: How many gaps the answer stands beside.
        beside: What the answer says of all its rows together, by name.
    """
    head = {
        "nhigraph": f"{command}/1",
        "as_of": as_of,
        "coverage": {"complete": complete, "gaps": gaps},
        **(beside or {}),
    }
    lines = ",\n".join(json.dumps(_record(row)) for row in rows)
    opened = json.dumps(head)[:-1]
    return f'{opened}, "rows": [\n{lines}\n]}}\n' if lines else f'{opened}, "rows": []}}\n'


def _record(row: object) -> dict[str, object]:
    if isinstance(row, Mapping):
        return dict(row)
    row_type: type = type(row)
    return {column: getattr(row, field) for column, field in columns(row_type)}

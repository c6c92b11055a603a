"""Rows that answer a question, in the form asked for, and what they rest on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import click

from nhigraph.cli import terminal

if TYPE_CHECKING:
    from nhigraph.app.judged import Judged
    from nhigraph.app.questions.rows import ReachRow
    from nhigraph.app.questions.short_names import ShortNames
    from nhigraph.app.standing import Standing

#: What people are told where the scope itself hides something.
UNREAD = "a part of the scope could not be read (nhigraph coverage says which)"
#: Gaps of one walker that people are shown; the machine forms have them all.
_GAPS = 10
#: Columns of keys: what is typed to go on.
_KEYS = frozenset({"identity", "node", "from", "to", "point", "subject", "credential", "key"})


class Undecided(Protocol):
    """A row that says which gaps somebody reaches."""

    @property
    def identity(self) -> str: ...  # noqa: D102 - a column of FORMATS, like the next

    @property
    def gaps(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def reasons(self) -> tuple[str, ...]: ...  # noqa: D102 - why there is a gap, for each of them


def show(
    command: str,
    row_type: type,
    rows: Sequence[object],
    form_name: str,
    *,
    judged: "Standing",
    headers: Sequence[str] | None = None,
    reached: bool = False,
    beside: Mapping[str, object] | None = None,
) -> None:
    """Print rows in the form asked for.

    Args:
        command: Name of the command, for the JSON form.
        row_type: Dataclass of the rows: its fields are the columns, with rows or without.
        rows: The rows.
        form_name: table, json or csv.
        judged: What stands behind the rows.
        headers: Columns of the table for people; all by default.
        reached: Whoever is asked about reaches a gap.
        beside: What the JSON form says of all rows together.
    """
    from nhigraph.output import columns
    from nhigraph.output.csv_files import rows_csv
    from nhigraph.output.json_rows import json_rows

    if form_name == "json":
        text = json_rows(
            command,
            rows,
            as_of=judged.date.day,
            complete=judged.complete_for(reached=reached),
            gaps=judged.gaps,
            beside=beside,
        )
        terminal.machine(text, json=True)
        return
    if form_name == "csv":
        terminal.machine(rows_csv(row_type, rows))
        return
    if not rows:
        return
    named = [pair for pair in columns(row_type) if headers is None or pair[0] in headers]
    cells = [[getattr(row, field) for _, field in named] for row in rows]
    of_rows(judged, [name for name, _ in named], cells)


def of_rows(judged: "Standing", names: Sequence[str], cells: Sequence[Sequence[object]]) -> None:
    """Print a table; on a terminal with names that are short and can be typed."""
    told = cells if terminal.terminal_width() is None else _for_a_terminal(judged, names, cells)
    terminal.table(names, told)


def _for_a_terminal(
    judged: "Standing", names: Sequence[str], rows: Sequence[Sequence[object]]
) -> list[list[object]]:
    """Rows with names that are short and can be typed, and states by their first letters."""
    from nhigraph.app.questions.short_names import ShortNames

    short = ShortNames(judged.named)
    return [
        [_short(short, name, cell) for name, cell in zip(names, row, strict=True)] for row in rows
    ]


def _short(short: "ShortNames", name: str, cell: object) -> object:
    if name in _KEYS and isinstance(cell, str):
        return short.of(cell)
    if name == "states" and isinstance(cell, str):
        return " ".join(state[:1] for state in cell.split("+"))
    return cell


def undecided(rows: "Iterable[Undecided]") -> None:
    """Print a table of those of which it is not known what they reach, and why."""
    cells = [
        (row.identity, key, why)
        for row in rows
        for key, why in zip(
            row.gaps[:_GAPS] or ("",), row.reasons[:_GAPS] or (UNREAD,), strict=True
        )
    ]
    if cells:
        click.echo("could not be decided:")
        terminal.table(("identity", "gap at", "reason"), cells)


def gaps(start: str, found: Mapping[str, str], *, unread: bool) -> None:
    """Print which gaps a walker reaches: whatever lies behind them is not known.

    Args:
        start: Who walks.
        found: Nodes whose gaps it reaches, and the reasons.
        unread: A part of the scope could not be read that may have opened a way.
    """
    from nhigraph.output import counted

    for key, reason in list(found.items())[:_GAPS]:
        terminal.line(f"undetermined: {start} reaches a gap at {key}: {reason}")
    if len(found) > _GAPS:
        many = counted(len(found) - _GAPS, "more gap", "more gaps")
        click.echo(f"undetermined: and {many}")
    if unread:
        click.echo(f"undetermined: {UNREAD}")


def reached(
    command: str, judged: "Judged", start: int, rows: "Sequence[ReachRow]", form_name: str
) -> None:
    """Print what one node reaches: for people what is known, then the gaps."""
    from nhigraph.app.questions.rows import ANY, ReachRow

    found = {key: why for row in rows for key, why in zip(row.gaps, row.reasons, strict=True)}
    if form_name != "table":
        show(command, ReachRow, rows, form_name, judged=judged, reached=bool(found))
        return
    headers = ("node", "kind", "states", "certainty", "exposure", "verdict", "steps")
    named = [row for row in rows if row.node != ANY]
    show(command, ReachRow, named, form_name, judged=judged, headers=headers)
    # Without a gap the last row stands for what the scope itself hides.
    unread = judged.estate.unread and any(not row.states for row in rows)
    gaps(judged.estate.graph.key_list[start], found, unread=unread)


def beside(judged: "Standing") -> None:
    """Say on standard error what an answer rests on: "no path" is worth its coverage."""
    from nhigraph.output import counted, lost

    parts = [
        f"as of {judged.date.day} ({judged.date.source})",
        f"{counted(judged.read, 'document')} read",
    ]
    if judged.unread:
        parts.append(lost(judged.unread))
    parts.append(counted(judged.gaps, "gap"))
    if not judged.scoped:
        parts.append("no scope")
    elif judged.faults:
        parts.append(f"{counted(judged.faults, 'error')} in the scope")
    click.echo("; ".join(parts), err=True)


def not_read(problems: Iterable[str]) -> None:
    """Say on standard error which documents could not be read, and why."""
    from nhigraph.output import printable

    for one in problems:
        click.echo(printable(f"not read: {one}"), err=True)


def passed_by(judged: "Judged") -> None:
    """Say on standard error which documents were not read: those at fault, and links."""
    from nhigraph.app.collect import not_followed
    from nhigraph.output import printable

    not_read(judged.problems)
    if judged.links:
        click.echo(printable(not_followed(judged.links)), err=True)


def lost(judged: "Standing") -> bool:
    """Whether something that was given could not be read, or not be used."""
    return bool(judged.unread) or judged.faults > 0


def nothing(judged: "Standing", said: str) -> str:
    """A line that says of something that it was not found, and what could not be read of all.

    Args:
        judged: What stands behind it.
        said: The line, such as "no path".
    """
    from nhigraph.output import lost, printable

    but = f", but {lost(judged.unread)}" if judged.unread else ""
    return printable(f"{said} in what was read{but}")

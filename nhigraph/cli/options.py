"""Options that several commands share, and how rows are printed."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from nhigraph.app.elsewhere import ENGINES, MASTER, MEMORY
from nhigraph.cli.paths import PATH
from nhigraph.cli.progress import progress

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from nhigraph.app.judged import Judged
    from nhigraph.app.questions.rows import ReachRow
    from nhigraph.app.questions.short_names import ShortNames
    from nhigraph.app.standing import Standing

Command = TypeVar("Command", bound=Callable[..., Any])

#: The folder that is written and asked where no other is named.
FOLDER = "nhigraph-out"
FORMATS = ("table", "json", "csv")
#: What people are told where the scope itself hides something.
UNREAD = "a part of the scope could not be read (nhigraph coverage says which)"
#: Gaps of one walker that people are shown; the machine forms have them all.
_GAPS = 10


class Undecided(Protocol):
    """A row that says which gaps somebody reaches."""

    @property
    def identity(self) -> str: ...  # noqa: D102 - a column of FORMATS, like the next

    @property
    def gaps(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def reasons(self) -> tuple[str, ...]: ...  # noqa: D102 - why there is a gap, for each of them


def inputs(command: Command) -> Command:
    """Positional INPUT…: files and folders."""
    return click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=PATH)(
        command
    )


def scope(command: Command) -> Command:
    """``--scope``: the file that says which nodes are the books."""
    return click.option("--scope", type=PATH, help="The scope, if not among INPUT.")(command)


def out(command: Command) -> Command:
    """``--out``: the output folder."""
    return click.option(
        "--out",
        type=PATH,
        default=Path(FOLDER),
        show_default=True,
        help="Output folder, replaced as a whole.",
    )(command)


def as_of(command: Command) -> Command:
    """``--as-of`` and ``--include-disabled``."""
    command = click.option(
        "--include-disabled",
        is_flag=True,
        help="Count disabled, deleted and expired nodes as active: what a mistake would open.",
    )(command)
    return click.option("--as-of", metavar="DATE", help="Date of every answer (UTC).")(command)


def engine(command: Command) -> Command:
    """``--engine`` and ``--master``: where the closures are worked out."""
    command = click.option(
        "--master",
        metavar="URL",
        help=f"Spark's master, such as local[2] or spark://host:7077; else {MASTER}.",
    )(command)
    return click.option(
        "--engine",
        type=click.Choice(ENGINES),
        default=MEMORY,
        show_default=True,
        help="Where identities are traced: here; on Spark, a block of them each; "
        "or by joins on Spark.",
    )(command)


def repo(command: Command) -> Command:
    """``--repo`` for a checkout without a GitHub remote."""
    text = (
        "Name of the checkout on GitHub, such as acme/books, where no remote says it;"
        " gitlab:HOST/GROUP/NAME of one on GitLab."
    )
    return click.option("--repo", metavar="OWNER/NAME", help=text)(command)


def node_names(
    ctx: click.Context, option: click.Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """Names of nodes that a shell offers; only then what finds them is imported."""
    from click.shell_completion import CompletionItem

    from nhigraph.app.offered import offered

    del option
    folder = Path(ctx.params.get("graph_folder") or FOLDER)
    return [CompletionItem(name) for name in offered(folder, incomplete)]


def graph(command: Command) -> Command:
    """``--graph``: the folder of an earlier assess or build."""
    return click.option(
        "--graph",
        "graph_folder",
        metavar="DIR",
        type=PATH,
        default=Path(FOLDER),
        show_default=True,
        help="The graph/ folder of an earlier assess or build, or its output folder.",
    )(command)


def ways(command: Command) -> Command:
    """``--ways``: the closure that a question is asked of."""
    return click.option(
        "--ways",
        type=click.Choice(("may", "can", "open")),
        default="may",
        show_default=True,
        help="Ways that count: every one, the certain ones, or those past every control that "
        "holds.",
    )(command)


def form(command: Command) -> Command:
    """``--format``."""
    return click.option(
        "--format",
        "form_name",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="table for people, json or csv for machines.",
    )(command)


def room(given: Sequence[Path], *, judging: bool) -> None:
    """Say on standard error, before a run begins, that it would hardly fit the free memory."""
    from nhigraph.app import room as app

    said = app.said(given, judging=judging)
    if said:
        click.echo(said, err=True)


def load(folder: Path, day: str | None, *, include_disabled: bool) -> "Judged":
    """The estate of a stored graph."""
    with progress("reading the graph") as say:
        from nhigraph.app.judged import of_graph

        found = of_graph(folder, option=day, include_disabled=include_disabled)
        say("looking for the answer", 0, 0)
        return found


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
        click.echo(text, nl=False)
        return
    if form_name == "csv":
        click.echo(rows_csv(row_type, rows), nl=False)
        return
    if not rows:
        return
    named = [pair for pair in columns(row_type) if headers is None or pair[0] in headers]
    cells = [[getattr(row, field) for _, field in named] for row in rows]
    of_rows(judged, [name for name, _ in named], cells)


def of_rows(judged: "Standing", names: Sequence[str], cells: Sequence[Sequence[object]]) -> None:
    """Print a table; on a terminal with names that are short and can be typed."""
    told = cells if terminal_width() is None else _for_a_terminal(judged, names, cells)
    table(names, told)


#: Columns of keys: what is typed to go on.
_KEYS = frozenset({"identity", "node", "from", "to", "point", "subject", "credential", "key"})


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


def walker(judged: "Judged", text: str) -> int:
    """The node to start from; says which identity was taken where several nodes match."""
    from nhigraph.app.questions.names import find_walker
    from nhigraph.output import printable

    node, several = find_walker(judged, text)
    if several:
        key = judged.estate.graph.key_list[node]
        click.echo(printable(f"from {key}, the one identity that {text} could be"), err=True)
    return node


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
        table(("identity", "gap at", "reason"), cells)


def gaps(start: str, found: Mapping[str, str], *, unread: bool) -> None:
    """Print which gaps a walker reaches: whatever lies behind them is not known.

    Args:
        start: Who walks.
        found: Nodes whose gaps it reaches, and the reasons.
        unread: A part of the scope could not be read that may have opened a way.
    """
    from nhigraph.output import counted

    for key, reason in list(found.items())[:_GAPS]:
        line(f"undetermined: {start} reaches a gap at {key}: {reason}")
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


def terminal_width() -> int | None:
    """Columns of the terminal; None where the output is no terminal, so nothing is cut."""
    import shutil

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def colour() -> bool:
    """Whether words may stand in colours: on a terminal, unless somebody says otherwise."""
    import os

    asked = click.get_current_context(silent=True)
    if asked is not None and asked.color is False:
        return False
    # https://no-color.org: any value but an empty one, whatever it is.
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain


def line(text: str) -> None:
    """Print a line of ours, broken between words where the terminal is narrower."""
    from nhigraph.output import printable
    from nhigraph.output.terminal import folded

    told, width = printable(text), terminal_width()
    indent = " " * (len(told) - len(told.lstrip()))
    room = max((width or 0) - len(indent), _FIELD)
    for part in folded(told.lstrip(), room) if width else (told.lstrip(),):
        click.echo(f"{indent}{part}".rstrip())


#: Room for the name of a field, and least for what is said.
_FIELD = 14


def field(name: str, value: str, room: int = _FIELD) -> None:
    """Print one field of an explanation, broken between words where the terminal is narrower."""
    from nhigraph.output import printable
    from nhigraph.output.terminal import folded

    width, lead = terminal_width(), f"  {printable(name):<{room}} "
    text = printable(value)
    for part in folded(text, max(width - len(lead), room)) if width else (text,):
        click.echo(f"{lead}{part}".rstrip())
        lead = " " * len(lead)


def table(headers: Sequence[str], cells: Iterable[Sequence[object]]) -> None:
    """Print a table as the terminal, or the pipe, takes it."""
    from nhigraph.output.terminal import table as text_table

    text = text_table.table(headers, cells, width=terminal_width(), colour=colour())
    click.echo(text, nl=False)


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
    if judged.faults:
        parts.append(f"{counted(judged.faults, 'error')} in the scope")
    click.echo("; ".join(parts), err=True)


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

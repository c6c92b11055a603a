"""Options that several commands share, and how rows are printed."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

if TYPE_CHECKING:
    from nhigraph.app.assess import Done
    from nhigraph.app.judge import Say
    from nhigraph.app.judged import Judged
    from nhigraph.app.questions.rows import ReachRow
    from nhigraph.app.questions.short_names import ShortNames
    from nhigraph.app.standing import Standing
    from nhigraph.assurance.cut_rows import Cuts
    from nhigraph.assurance.question_rows import QuestionRow
    from nhigraph.assurance.rows import ScopeIssue

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = ("table", "json", "csv")
#: What people are told where the scope itself hides something.
UNREAD = "a part of the scope could not be read (nhigraph scope check says which)"
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
    return click.argument(
        "inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(path_type=Path)
    )(command)


def as_of(command: Command) -> Command:
    """``--as-of`` and ``--include-disabled``."""
    command = click.option(
        "--include-disabled",
        is_flag=True,
        help="Count disabled, deleted and expired nodes as active: what a mistake would open.",
    )(command)
    return click.option("--as-of", metavar="DATE", help="Date of every answer (UTC).")(command)


def repo(command: Command) -> Command:
    """``--repo`` for a checkout without a GitHub remote."""
    text = (
        "Name of the checkout on GitHub, such as acme/books, where no remote says it;"
        " gitlab:HOST/GROUP/NAME of one on GitLab."
    )
    return click.option("--repo", metavar="OWNER/NAME", help=text)(command)


def graph(command: Command) -> Command:
    """``--graph``: the folder of an earlier assess or build."""
    return click.option(
        "--graph",
        "graph_folder",
        metavar="DIR",
        type=click.Path(path_type=Path),
        default=Path("nhigraph-out"),
        show_default=True,
        help="The graph/ folder of an earlier assess or build, or its output folder.",
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


def load(folder: Path, day: str | None, *, include_disabled: bool) -> "Judged":
    """The estate of a stored graph."""
    from nhigraph.app.judged import of_graph

    return of_graph(folder, option=day, include_disabled=include_disabled)


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
    from nhigraph.output.text_table import table

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
    width = terminal_width()
    if width is not None:
        cells = _for_a_terminal(judged, [name for name, _ in named], cells)
    click.echo(table([name for name, _ in named], cells, width=width), nl=False)


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
    from nhigraph.output.text_table import table

    cells = [
        (row.identity, key, why)
        for row in rows
        for key, why in zip(
            row.gaps[:_GAPS] or ("",), row.reasons[:_GAPS] or (UNREAD,), strict=True
        )
    ]
    if cells:
        click.echo("could not be decided:")
        click.echo(
            table(("identity", "gap at", "reason"), cells, width=terminal_width()), nl=False
        )


def gaps(start: str, found: Mapping[str, str], *, unread: bool) -> None:
    """Print which gaps a walker reaches: whatever lies behind them is not known.

    Args:
        start: Who walks.
        found: Nodes whose gaps it reaches, and the reasons.
        unread: A part of the scope could not be read that may have opened a way.
    """
    from nhigraph.output import printable

    for key, reason in list(found.items())[:_GAPS]:
        click.echo(printable(f"undetermined: {start} reaches a gap at {key}: {reason}"))
    if len(found) > _GAPS:
        click.echo(f"undetermined: and {len(found) - _GAPS} more gaps")
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


def talk() -> "Say":
    """Tells on standard error what is going on; one line, redrawn, on a terminal only."""
    interactive = sys.stderr.isatty()
    shown = ""

    def say(phrase: str, done: int, total: int) -> None:
        nonlocal shown
        if not interactive:
            return
        from nhigraph.output import printable
        from nhigraph.output.text_table import shortened

        part = f" {done}/{total}" if total else ""
        text = shortened(printable(f"{phrase}{part}"), 78)
        if text != shown:
            click.echo(f"\r{text:<78}\r", err=True, nl=False)
            shown = text

    return say


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


def nothing(judged: "Standing", said: str) -> str:
    """A line that says of something that it was not found, and what could not be read of all.

    Args:
        judged: What stands behind it.
        said: The line, such as "no path".
    """
    from nhigraph.output import lost, printable

    but = f", but {lost(judged.unread)}" if judged.unread else ""
    return printable(f"{said} in what was read{but}")


def answered(done: "Done") -> None:
    """The answer of an assessment for people: the sentence, the table, and what it rests on."""
    from nhigraph.app.ask import next_best
    from nhigraph.assurance.certainty import of_identities
    from nhigraph.output import printable
    from nhigraph.output.report_html import answer
    from nhigraph.output.text_table import table

    found = done.assessment
    click.echo(answer(found))
    certainty = of_identities(found.identities, found.verdicts)
    headers = ("identity", "verdict", "soc1", "soc2", "certainty", "exposure", "weaknesses")
    cells = [
        (r.identity, r.verdict, r.soc1, r.soc2, certainty[r.identity], r.exposure, r.weaknesses)
        for r in found.identities
    ]
    if cells:
        click.echo(table(headers, cells, width=terminal_width()), nl=False)
    settle_first(found.questions)
    beside(done.judged)
    click.echo(printable(next_best(done.asked)), err=True)
    cuts_left_out(found.cuts)
    scope_issues(done.judged.issues)


def cuts_left_out(found: "Cuts") -> None:
    """Say on standard error for which targets ``cuts.csv`` has no cut, or none that is proven."""
    from nhigraph.assurance.cut_rows import LARGE
    from nhigraph.output import counted, printable

    def shown(keys: Sequence[str]) -> str:
        more = f" and {len(keys) - _GAPS} more" if len(keys) > _GAPS else ""
        return printable(f"{counted(len(keys), 'target')}{more}: {', '.join(keys[:_GAPS])}")

    large = [one.target for one in found.told if one.left_out == LARGE]
    if large:
        tell = "nhigraph cut takes the time it needs"
        click.echo(f"cuts.csv: no cut looked for at {shown(large)} ({tell})", err=True)
    open_ = [one.target for one in found.told if one.changes != one.bound]
    if open_:
        click.echo(f"cuts.csv: a smaller cut is not ruled out at {shown(open_)}", err=True)


#: Questions that stand under an answer.
_FIRST = 3


def settle_first(rows: "Sequence[QuestionRow]") -> None:
    """The questions that settle most, one line each; ``ask`` has the lines to paste."""
    from nhigraph.output import printable, settles

    if not rows:
        return
    click.echo("settle these first (nhigraph ask has the lines that answer them):")
    for row in rows[:_FIRST]:
        click.echo(printable(f"  {row.rank}. {row.question} ({settles(row)})"))


#: Lines about the scope that a terminal shows; coverage.json has a thousand.
_TOLD = 25


def scope_issues(issues: "Sequence[ScopeIssue]") -> None:
    """Say on standard error what is wrong with the scope an answer rests on."""
    from nhigraph.output import counted, printable

    for issue in issues[:_TOLD]:
        click.echo(printable(issue.sentence), err=True)
    if len(issues) > _TOLD:
        more = counted(len(issues) - _TOLD, "line")
        click.echo(f"and {more} more about the scope, in coverage.json", err=True)

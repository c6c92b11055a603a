"""``nhigraph ask``: which missing facts would settle most, and the lines that tell them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options, printing, terminal
from nhigraph.cli.exit_code import exit_code, leave
from nhigraph.cli.paths import PATH

if TYPE_CHECKING:
    from nhigraph.assurance.question_rows import QuestionRow

_SHOWN = 10


@click.command("ask", short_help="What is not known, the facts that settle most first.")
@options.graph
@options.as_of
@options.form
@exit_code
@click.option(
    "--most",
    type=click.IntRange(1),
    default=_SHOWN,
    show_default=True,
    help="Most questions to print; fifty are ranked.",
)
@click.option("--interactive", is_flag=True, help="Answer them here, one by one.")
@click.option(
    "--scope",
    "scope_file",
    metavar="FILE",
    type=PATH,
    help="Scope file that answers are added to, with --interactive.",
)
def command(
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    most: int,
    scope_file: Path | None,
    *,
    include_disabled: bool,
    interactive: bool,
    as_code: bool,
) -> None:
    """Print the open questions, ranked by what an answer settles.

    Each carries the lines to paste into the scope, or the command that makes the export that
    tells. `identities` are those whose verdict it decides, once all above are answered.
    """
    from nhigraph.app.ask import ask, next_best
    from nhigraph.errors import UsageError

    if interactive and form_name != "table":
        raise UsageError("--interactive talks to a person: leave --format out")
    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    asked = ask(judged)
    if form_name == "json":
        from nhigraph.output.json_rows import json_rows

        rows = [_record(row) for row in asked.rows[:most]]
        complete, gaps = judged.complete, judged.gaps
        text = json_rows("ask", rows, as_of=judged.date.day, complete=complete, gaps=gaps)
        terminal.machine(text, json=True)
    elif form_name == "csv":
        from nhigraph.output.csv_files import questions_csv

        terminal.machine(questions_csv(asked.rows[:most]))
    elif interactive:
        from nhigraph.cli.ask_person import walk

        walk(judged, asked.rows[:most], scope_file)
    else:
        show(asked.rows[:most])
        if any(row.proposals for row in asked.rows[:most]):
            where = "a line that begins with `-` goes under `answers:` of the scope file"
            click.echo(f"{where}; `nhigraph ask --interactive --scope FILE` writes it", err=True)
        if len(asked.rows) > most:
            click.echo(f"and {len(asked.rows) - most} more: ask --most {len(asked.rows)}")
    from nhigraph.output import printable

    click.echo(printable(next_best(asked)), err=True)
    printing.beside(judged)
    leave(as_code=as_code, found=bool(asked.rows), unknown=printing.lost(judged))


def _record(row: "QuestionRow") -> dict[str, object]:
    """A row for machines: answers with what each adds to the scope."""
    from nhigraph.assurance.question_rows import QuestionRow
    from nhigraph.output import columns

    found = {name: getattr(row, field) for name, field in columns(QuestionRow)}
    found["answers"] = [{"label": one.label, "scope": one.scope} for one in row.proposals]
    found["named"] = dict(row.named)
    return found


def show(rows: "Sequence[QuestionRow]") -> None:
    """Print questions for people: what each settles, and what to paste or to run."""
    from nhigraph.output import instead, lines, printable, settles

    for row in rows:
        terminal.line(f"{row.rank}. {row.question} ({settles(row)})")
        for one in lines(row):
            click.echo(printable(f"     {one}"))
        if row.named:
            click.echo(printable(f"     or, with a key: {instead(row)}"))
        if row.command:
            click.echo(printable(f"     $ {row.command}"))

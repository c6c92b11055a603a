"""``nhigraph which``: SOC 1, SOC 2, both or neither, per system and not per identity."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options
from nhigraph.cli.why import print_steps

if TYPE_CHECKING:
    from nhigraph.assurance.which.judge import Judged
    from nhigraph.assurance.which_rows import WhichRow

#: Identities that people are shown of one subject; the machine forms have them all.
_LISTED = 12


@click.command("which", short_help="SOC 1, SOC 2, both or neither, for each system.")
@click.argument("subjects", metavar="[SUBJECT...]", nargs=-1)
@options.graph
@options.as_of
@options.form
def command(
    subjects: tuple[str, ...],
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    *,
    include_disabled: bool,
) -> None:
    """Say which report each system, repository, database, vendor and process asks for.

    The answer of SUBJECT is the verdict of somebody who has taken it over. Without SUBJECT all
    are listed; any other node may be asked about, too. What each word under `evidence` asks for,
    `nhigraph explain WORD` says.
    """
    from nhigraph.app.questions.which import which
    from nhigraph.assurance.which_rows import WhichRow

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    found = which(judged, subjects)
    rows = [row for row, _ in found]
    if form_name != "table":
        reached = any(row.gaps for row in rows)
        options.show("which", WhichRow, rows, form_name, judged=judged, reached=reached)
    elif subjects:
        for row, one in found:
            _tell(row, one)
    elif rows:
        _table(rows)
    else:
        click.echo("the inputs name no system, repository, database, vendor or process", err=True)
    options.beside(judged)


def _table(rows: "Sequence[WhichRow]") -> None:
    """All subjects, worst first."""
    from nhigraph.assurance.which_rows import badness
    from nhigraph.output.text_table import table

    headers = ("subject", "kind", "answer", "soc1", "soc2", "question", "exposure", "altered by")
    cells = [
        (r.subject, r.kind, r.answer, r.soc1, r.soc2, r.question, r.exposure, r.altering)
        for r in sorted(rows, key=badness)
    ]
    click.echo(table(headers, cells, width=options.terminal_width()), nl=False)


def _tell(row: "WhichRow", one: "Judged") -> None:
    """One subject: the answer, its path, and what is asked for."""
    from nhigraph.assurance.which.evidence import WORDS
    from nhigraph.output import printable

    def say(name: str, text: str) -> None:
        if text:
            click.echo(printable(f"  {name:<14} {text}"))

    letters = ", ".join(row.soc2) or "-"
    click.echo(
        printable(
            f"{row.kind} {row.subject}: {row.answer}; soc1 {row.soc1}; soc2 {letters}; "
            f"the question is: {row.question}"
        )
    )
    say("name", row.name if row.name != row.subject else "")
    say("owner", row.owner)
    say("boundary", ", ".join(row.boundary))
    say("exposure", row.exposure)
    shown, more = row.altered_by[:_LISTED], len(row.altered_by) - _LISTED
    say("altered by", ", ".join(shown) + (f" and {more} more" if more > 0 else "") or "nobody")
    say("relied on by", ", ".join(row.relied_on_by) or "no target")
    for word in row.evidence:
        say(f"{WORDS[word].side} asks", f"{WORDS[word].title}: {WORDS[word].asks}")
    say("controls", ", ".join(row.controls))
    say("owners differ", "; ".join(row.split_owners))
    for key in row.gaps:
        say("not known", f"a gap at {key}")
    worst = one.worst
    if worst is not None:
        say("path", row.path_id)
        print_steps(one.paths[worst.target][0].source, one.paths[worst.target])

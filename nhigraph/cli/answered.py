"""What an assessment says on the console: the sentence, the table, and what it rests on."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options, printing, terminal

if TYPE_CHECKING:
    from nhigraph.app.assess import Done
    from nhigraph.app.judged import Judged
    from nhigraph.assurance.cut_rows import Cuts
    from nhigraph.assurance.question_rows import QuestionRow
    from nhigraph.assurance.rows import IdentityRow, ScopeIssue

#: Targets, or identities, that a line names; the files have them all.
_LISTED = 10
_COLUMNS = ("identity", "verdict", "soc1", "soc2", "certainty", "exposure", "weaknesses")
#: What tells most where there is little room.
_FEW = ("identity", "verdict", "soc2", "exposure")


#: Identities of the table, as many as rows of the report's matrix; a longer one hides the answer.
_IDENTITIES = 60


def answered(done: "Done", out: Path = Path(options.FOLDER)) -> None:
    """The answer of an assessment for people: the sentence, the table, and what it rests on.

    Args:
        done: What was judged.
        out: Folder that the answer was written to.
    """
    from nhigraph.assurance.certainty import of_identities
    from nhigraph.assurance.row_order import worst_identity_first
    from nhigraph.output.report_html import answer

    found = done.assessment
    terminal.line(answer(found))
    certainty = of_identities(found.identities, found.verdicts)
    ranked = sorted(found.identities, key=worst_identity_first)
    if terminal.terminal_width() is None:
        cells = [_cells(row, certainty, _COLUMNS) for row in ranked[:_IDENTITIES]]
        if cells:
            terminal.table(_COLUMNS, cells)
        _more(len(ranked) - len(cells))
    else:
        _on_a_terminal(done.judged, ranked, certainty)
    settle_first(found.questions, out)
    beside(done)


def beside(done: "Done") -> None:
    """Say on standard error what an answer rests on, and what it leaves out."""
    from nhigraph.app.ask import next_best
    from nhigraph.output import printable

    printing.beside(done.judged)
    click.echo(printable(next_best(done.asked)), err=True)
    cuts_left_out(done.assessment.cuts)
    scope_issues(done.judged.issues)


def _more(many: int) -> None:
    """Say how many identities the table leaves out."""
    from nhigraph.output import counted

    if many > 0:
        said = counted(many, "identity", "identities")
        terminal.line(f"and {said} more, none of them worse: identities.csv has all")


def _cells(
    row: "IdentityRow", certainty: "Mapping[str, str]", columns: Sequence[str]
) -> list[object]:
    """Cells of an identity; its certainty is that of its rows."""
    told = {"certainty": certainty[row.identity]}
    return [told[name] if name in told else getattr(row, name) for name in columns]


def _on_a_terminal(
    judged: "Judged", ranked: "Sequence[IdentityRow]", certainty: "Mapping[str, str]"
) -> None:
    """The table with the columns that there is room for.

    Of whom nothing is shown is told in one line: the files have their rows.
    """
    from nhigraph.app.questions.short_names import ShortNames
    from nhigraph.output import words
    from nhigraph.output.terminal.table import fits

    told = [row for row in ranked if row.verdict != "neither"]
    others = [row.identity for row in ranked if row.verdict == "neither"]
    short, width = ShortNames(judged.named), terminal.terminal_width() or 0
    shown = [(short.of(row.identity), row) for row in told[:_IDENTITIES]]
    for columns in (_COLUMNS, _COLUMNS[:-1], _FEW):
        cells = [[name, *_cells(row, certainty, columns[1:])] for name, row in shown]
        if columns is _FEW or fits(columns, cells, width):
            break
    if shown:
        terminal.table(columns, cells)
    _more(len(told) - len(shown))
    if others:
        names = ", ".join(map(short.of, others[:_LISTED]))
        more = f" and {len(others) - _LISTED} more" if len(others) > _LISTED else ""
        terminal.line(f"{words()['verdict_meaning']['neither']}: {names}{more}")


def cuts_left_out(found: "Cuts") -> None:
    """Say on standard error for which targets ``cuts.csv`` has no cut, or none that is proven."""
    from nhigraph.assurance.cut_rows import LARGE
    from nhigraph.output import counted, printable

    def shown(keys: Sequence[str]) -> str:
        more = f" and {len(keys) - _LISTED} more" if len(keys) > _LISTED else ""
        return printable(f"{counted(len(keys), 'target')}{more}: {', '.join(keys[:_LISTED])}")

    large = [one.target for one in found.told if one.left_out == LARGE]
    if large:
        tell = "nhigraph cut takes the time it needs"
        click.echo(f"cuts.csv: no cut looked for at {shown(large)} ({tell})", err=True)
    open_ = [one.target for one in found.told if one.cost != one.bound]
    if open_:
        click.echo(f"cuts.csv: a smaller cut is not ruled out at {shown(open_)}", err=True)


#: Questions that stand under an answer.
_FIRST = 3


def graph_option(out: Path) -> str:
    """What a command that is offered needs behind it, to find the answer in a folder."""
    import shlex

    return "" if out == Path(options.FOLDER) else f" --graph {shlex.quote(str(out))}"


def settle_first(rows: "Sequence[QuestionRow]", out: Path) -> None:
    """The questions that settle most, one line each; ``ask`` has the lines to paste."""
    from nhigraph.output import printable, settles

    if not rows:
        return
    asks = f"nhigraph ask{graph_option(out)}"
    click.echo(printable(f"settle these first ({asks} has the lines that answer them):"))
    for row in rows[:_FIRST]:
        terminal.line(f"  {row.rank}. {row.question} ({settles(row)})")


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

"""What an assessment says on the console: the sentence, the table, and what it rests on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options

if TYPE_CHECKING:
    from nhigraph.app.assess import Done
    from nhigraph.assurance.cut_rows import Cuts
    from nhigraph.assurance.question_rows import QuestionRow
    from nhigraph.assurance.rows import ScopeIssue

#: Targets that a line names; the files have them all.
_LISTED = 10


#: Identities of the table, as many as rows of the report's matrix; a longer one hides the answer.
_IDENTITIES = 60


def answered(done: "Done") -> None:
    """The answer of an assessment for people: the sentence, the table, and what it rests on."""
    from nhigraph.app.ask import next_best
    from nhigraph.assurance.certainty import of_identities
    from nhigraph.assurance.row_order import worst_identity_first
    from nhigraph.output import counted, printable
    from nhigraph.output.report_html import answer

    found = done.assessment
    options.line(answer(found))
    certainty = of_identities(found.identities, found.verdicts)
    headers = ("identity", "verdict", "soc1", "soc2", "certainty", "exposure", "weaknesses")
    cells = [
        (r.identity, r.verdict, r.soc1, r.soc2, certainty[r.identity], r.exposure, r.weaknesses)
        for r in sorted(found.identities, key=worst_identity_first)[:_IDENTITIES]
    ]
    if cells:
        options.of_rows(done.judged, headers, cells)
    if (more := len(found.identities) - len(cells)) > 0:
        said = counted(more, "identity", "identities")
        options.line(f"and {said} more, none of them worse: identities.csv has all")
    settle_first(found.questions)
    options.beside(done.judged)
    click.echo(printable(next_best(done.asked)), err=True)
    cuts_left_out(found.cuts)
    scope_issues(done.judged.issues)


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
    open_ = [one.target for one in found.told if one.changes != one.bound]
    if open_:
        click.echo(f"cuts.csv: a smaller cut is not ruled out at {shown(open_)}", err=True)


#: Questions that stand under an answer.
_FIRST = 3


def settle_first(rows: "Sequence[QuestionRow]") -> None:
    """The questions that settle most, one line each; ``ask`` has the lines to paste."""
    from nhigraph.output import settles

    if not rows:
        return
    click.echo("settle these first (nhigraph ask has the lines that answer them):")
    for row in rows[:_FIRST]:
        options.line(f"  {row.rank}. {row.question} ({settles(row)})")


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

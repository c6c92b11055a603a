"""``nhigraph findings``: what the rules find, and what they cannot know."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options, printing, terminal

if TYPE_CHECKING:
    from nhigraph.app.judged import Judged
    from nhigraph.assurance.found import FindingRow, Register

_HEADERS = ("severity", "rule", "subject", "targets", "title")
_FAIL_ON = ("none", "critical", "high", "medium", "any")
#: Subjects of one rule that people are shown where it cannot know; the machine forms have all.
_LISTED = 3


@click.command("findings", short_help="What the rules find, the worst first.")
@click.option(
    "--rule",
    "rules",
    metavar="RULE",
    multiple=True,
    help="Only this rule (may be given again); `nhigraph explain RULE` says what it does.",
)
@click.option(
    "--fail-on",
    type=click.Choice(_FAIL_ON),
    default="none",
    show_default=True,
    help="Exit 1 on a finding as bad as that or worse; 3 on a scope error, and where none is "
    "found, but a document or record could not be read.",
)
@options.graph
@options.as_of
@options.form
def command(
    *,
    rules: tuple[str, ...],
    fail_on: str,
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    include_disabled: bool,
) -> None:
    """List weaknesses and effects by what they lead to, with controls and what ends each.

    A finding bears on a target: its severity goes by what its subject can do there. What the
    inputs do not say is told as not known, by rule, and is no finding.
    """
    from dataclasses import asdict

    from nhigraph.app.findings import chosen, findings
    from nhigraph.assurance.analyse import Analysis
    from nhigraph.assurance.found import FindingRow

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    found = chosen(findings(Analysis(judged.estate)), rules)
    if form_name == "table":
        _table(found)
    else:
        unknown = [asdict(one) for one in found.not_known]
        printing.show(
            "findings",
            FindingRow,
            found.rows,
            form_name,
            judged=judged,
            reached=bool(found.not_known),
            beside={"not_known": unknown, "cut_edges_left_out": found.uncut},
        )
    printing.beside(judged)
    _leave(judged, found, fail_on)


def _table(found: "Register") -> None:
    """For people: one line a subject and rule, its targets together; then what is not known."""
    from nhigraph.assurance.found import Untold
    from nhigraph.output import counted

    together: dict[tuple[str, str, str], list[FindingRow]] = {}
    for row in found.rows:
        together.setdefault((row.severity, row.rule, row.subject), []).append(row)
    cells = [
        (*head, ";".join(row.target for row in rows), rows[0].title.partition(": ")[0])
        for head, rows in together.items()
    ]
    if cells:
        terminal.table(_HEADERS, cells)
    else:
        click.echo("the rules find nothing in what was read")
    for rule, some in Untold.of(found.not_known).of_rule.items():
        shown = "; ".join(f"{subject}: {reason}" for subject, reason in some[:_LISTED])
        more = f"; and {len(some) - _LISTED} more" if len(some) > _LISTED else ""
        terminal.line(f"not known: {rule} of {counted(len(some), 'subject')}: {shown}{more}")
    if found.uncut:
        click.echo(f"{counted(found.uncut, 'finding')} without cut_edge: `nhigraph cut` gives it")


def _leave(judged: "Judged", found: "Register", fail_on: str) -> None:
    """Exit as ``assess`` does: where the scope is wrong, what is found is no answer."""
    from nhigraph.app.findings import FAIL_ON

    named = FAIL_ON[fail_on]
    if not named:
        return
    if judged.scope_errors:
        sys.exit(3)
    if any(row.severity in named for row in found.rows):
        sys.exit(1)
    if judged.unread:
        sys.exit(3)

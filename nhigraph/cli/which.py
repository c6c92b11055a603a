"""``nhigraph which``: SOC 1, SOC 2, both or neither, per system and not per identity."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options, printing, terminal
from nhigraph.cli.paths import FILE
from nhigraph.cli.why import print_steps

if TYPE_CHECKING:
    from nhigraph.app.judged import Judged as Estate
    from nhigraph.assurance.which.judge import Judged
    from nhigraph.assurance.which.vendor import Left
    from nhigraph.assurance.which_rows import WhichRow

#: Identities that people are shown of one subject; the machine forms have them all.
_LISTED = 12
#: Ends of a memo's name, and its form.
_FORMS = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html"}


@click.command("which", short_help="SOC 1, SOC 2, both or neither, for each system.")
@click.argument("subjects", metavar="[SUBJECT...]", nargs=-1)
@click.option(
    "--memo",
    metavar="FILE",
    type=FILE,
    help="Write a memo on the one SUBJECT, to be signed: FILE.md or FILE.html.",
)
@click.option(
    "--vendor",
    metavar="NAME",
    help="The buyers' view: what the reports of this vendor or carve-out must cover for us.",
)
@options.graph
@options.as_of
@options.form
def command(
    subjects: tuple[str, ...],
    memo: Path | None,
    vendor: str | None,
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    *,
    include_disabled: bool,
) -> None:
    """Say which report each system, repository, database, vendor and process asks for.

    The answer of SUBJECT is the verdict of somebody who has taken it over. Without SUBJECT all
    are listed; any other node may be asked about, too. What each word under `evidence` asks for,
    `nhigraph explain WORD` says. With --vendor it lists what that vendor's SOC 1 and SOC 2 must
    cover for our books and promises, what they leave to us, and what to ask.
    """
    from nhigraph.app.questions.which import which
    from nhigraph.assurance.which_rows import WhichRow

    _usable(subjects, memo, vendor)
    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    if vendor is not None:
        _tell_vendor(judged, vendor, memo, form_name)
        return
    found = which(judged, subjects)
    if memo is not None:
        _write(judged, memo, *found[0])
    rows = [row for row, _ in found]
    if form_name != "table":
        reached = any(row.gaps for row in rows)
        printing.show("which", WhichRow, rows, form_name, judged=judged, reached=reached)
    elif subjects:
        for row, one in found:
            _tell(row, one)
    elif rows:
        _table(rows)
    else:
        click.echo("the inputs name no system, repository, database, vendor or process", err=True)
    if rows and form_name == "table":
        _tell_unjudged(judged)
    printing.beside(judged)


def _tell_unjudged(judged: "Estate") -> None:
    """Say of what nobody was judged: there "none" means nothing."""
    from nhigraph.assurance.asked import not_judged
    from nhigraph.output import printable

    estate = judged.estate
    for line in not_judged(estate.targets, estate.commitments, estate.doubted):
        click.echo(printable(line))


def _usable(subjects: Sequence[str], memo: Path | None, vendor: str | None) -> None:
    """Refuse what goes together with nothing.

    Raises:
        UsageError: A memo on none or several, a form of file that is not known, both ways to ask.
    """
    from nhigraph.errors import UsageError

    if vendor is not None and subjects:
        raise UsageError("--vendor NAME asks about that vendor alone: leave SUBJECT out")
    if memo is not None:
        if vendor is None and len(subjects) != 1:
            raise UsageError("--memo FILE is on one SUBJECT: name it")
        if memo.suffix.lower() not in _FORMS:
            raise UsageError(f"--memo: expected FILE.md or FILE.html, not {memo.name}")
        if not memo.parent.is_dir():
            raise UsageError(f"--memo: no such folder: {memo.parent}")


def _write(judged: "Estate", file: Path, row: "WhichRow", one: "Judged") -> None:
    """Write the memo, and say where."""
    from nhigraph.app.folder import write_page
    from nhigraph.app.questions.memo import told
    from nhigraph.output.memo import as_html, as_markdown

    form = as_html if _FORMS[file.suffix.lower()] == "html" else as_markdown
    write_page(file, form(told(judged, row, one)))
    click.echo(f"memo: {file}", err=True)


def _tell_vendor(judged: "Estate", name: str, memo: Path | None, form_name: str) -> None:
    """What a vendor's reports must cover, what they leave to us, and what to ask."""
    from nhigraph.app.questions.memo import buyers_view
    from nhigraph.app.questions.which import which_vendor
    from nhigraph.assurance.which_rows import CoverRow

    row, one = which_vendor(judged, name)
    if memo is not None:
        _write(judged, memo, row, one)
    rows, left, asked = buyers_view(judged, row, one)
    told = [" ".join((each.control, *each.about)) for each in left]
    printing.show(
        "which",
        CoverRow,
        rows,
        form_name,
        judged=judged,
        headers=("report", "covers", "target", "process", "exposure", "certainty"),
        reached=bool(row.gaps),
        beside={"vendor": row.subject, "answer": row.answer, "left_to_us": told, "ask": asked},
    )
    if form_name == "table":
        _tell_beside(row, left, asked)
        _tell_unjudged(judged)
    printing.beside(judged)


def _tell_beside(row: "WhichRow", left: "Sequence[Left]", asked: Sequence[str]) -> None:
    """What people are told beside the table of a vendor."""
    from nhigraph.assurance.which.evidence import WORDS
    from nhigraph.output import printable

    def say(text: str) -> None:
        click.echo(printable(text))

    say(f"vendor {row.subject}: {row.answer}; the question is: {row.question}")
    for each in left:
        line = f":{each.line}" if each.line else ""
        place = f"  [{each.artifact}{line} {each.pointer}]" if each.artifact else ""
        say(f"  left to us     {WORDS[each.control].title}: {' '.join(each.about)}{place}")
    for text in asked:
        say(f"  ask            {text}")
    for key in row.gaps:
        say(f"  not known      a gap at {key}")
    if row.answer == "neither":
        say("  nothing that was read shows that a report of theirs bears on ours")


def _table(rows: "Sequence[WhichRow]") -> None:
    """All subjects, worst first."""
    from nhigraph.assurance.which_rows import badness

    headers = ("subject", "kind", "answer", "soc1", "soc2", "question", "exposure", "altered by")
    cells = [
        (r.subject, r.kind, r.answer, r.soc1, r.soc2, r.question, r.exposure, r.altering)
        for r in sorted(rows, key=badness)
    ]
    terminal.table(headers, cells)


def _tell(row: "WhichRow", one: "Judged") -> None:
    """One subject: the answer, its path, and what is asked for."""
    from nhigraph.assurance.which.evidence import WORDS

    def say(name: str, text: str) -> None:
        if text:
            terminal.field(name, text)

    letters = ", ".join(row.soc2) or "-"
    terminal.line(
        f"{row.kind} {row.subject}: {row.answer}; soc1 {row.soc1}; soc2 {letters}; "
        f"the question is: {row.question}"
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

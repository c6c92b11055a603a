"""``nhigraph diff``: what differs between two snapshots, and why answers changed."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import assess, options, printing
from nhigraph.cli.paths import PATH

if TYPE_CHECKING:
    from nhigraph.app.questions.diff import Compared
    from nhigraph.assurance.diff.period import PeriodRow
    from nhigraph.assurance.diff.rows import CauseRow, Differing, DiffRow

_SIGNS = {"added": "+", "removed": "-", "changed": "~", "moved": ">"}
#: Lines of one sort that people are shown; the machine forms have them all.
_LISTED = 12
_OF_PERIOD = (
    *("what", "subject", "target", "said", "first_seen", "last_seen", "seen"),
    *("not_yet", "no_longer"),
)
#: What else differs, in the order in which it is told.
_SORTS = (
    "identity",
    "credential",
    "edge",
    "gap",
    "control",
    "answer",
    "scope",
    "day",
    "node",
    "document",
)


@click.command("diff", short_help="What differs between two snapshots, and why answers changed.")
@click.argument("before", metavar="A", type=PATH, required=False)
@click.argument("after", metavar="B", type=PATH, required=False)
@click.option(
    "--period",
    "folder",
    metavar="DIR",
    type=PATH,
    help="Instead of A and B: a folder of output folders, as a period. Who existed, who could do "
    "what to which target, from which day to which.",
)
@click.option(
    "--html",
    "page",
    metavar="FILE",
    type=PATH,
    help="Write the differences as a page of its own, too.",
)
@click.option(
    "--fail-on",
    metavar="WHAT",
    help="Exit 1 on new: a verdict that appears or gets worse; new:soc1, new:soc2 or "
    "new:exposure: one that does in that. 3 on a scope error in B, and where nothing of that is "
    "found, but a document or record could not be read.",
)
@click.option(
    "--trials",
    metavar="N",
    type=click.IntRange(min=1),
    help="Sets of changes that are tried for the causes at most; by default 2000.",
)
@options.as_of
@options.form
def command(  # noqa: PLR0913 - one parameter an option
    *,
    before: Path | None,
    after: Path | None,
    folder: Path | None,
    page: Path | None,
    fail_on: str | None,
    trials: int | None,
    as_of: str | None,
    form_name: str,
    include_disabled: bool,
) -> None:
    """List what differs between A and B, folders of earlier assess or build.

    Each verdict that changed stands under its cause: the smallest set of changes after which A
    has the answer of B. What only moved to another file or line has not changed. A and B are
    judged on the days they were stored with; --as-of judges both on one.
    """
    from nhigraph.errors import UsageError

    if folder is not None:
        if before or page or fail_on or trials or as_of:
            raise UsageError("--period goes with --format and --include-disabled only")
        _tell_period(folder, form_name, include_disabled=include_disabled)
        return
    if before is None or after is None:
        raise UsageError("name two output folders, A and B, or one folder of them with --period")
    from nhigraph.app import gate
    from nhigraph.app.questions.diff import diff, failing_on
    from nhigraph.assurance.diff.causes import TRIALS
    from nhigraph.assurance.diff.rows import DiffRow

    failing_on(fail_on)
    found = diff(
        before,
        after,
        option=as_of,
        include_disabled=include_disabled,
        trials=trials or TRIALS,
    )
    if form_name == "table":
        tell(found)
    else:
        beside(found)
        printing.show(
            "diff",
            DiffRow,
            found.told.rows,
            form_name,
            judged=found.after,
            beside=_beside(found),
        )
    if page is not None:
        _write(page, found)
    printing.beside(found.after)
    assess.leave(gate.of_difference(found, fail_on))


# -- for people -----------------------------------------------------------------------------------


def tell(found: "Compared") -> None:
    """What differs, for people: answers under what explains them, then all else."""
    beside(found)
    told = found.told
    verdicts: dict[tuple[str, ...], list[DiffRow]] = {}
    for row in told.rows:
        if row.what == "verdict":
            verdicts.setdefault(row.cause, []).append(row)
    if not told.rows:
        click.echo("nothing differs")
        return
    if not verdicts:
        click.echo("no answer changed")
    for cause in told.causes:
        number = str(cause.cause)
        _tell_cause(cause, [r for r in told.rows if number in r.cause and r.what != "verdict"])
        _tell_verdicts(verdicts[number,])
    if told.unexplained:
        click.echo("not explained by what differs:")
        _tell_verdicts(verdicts[()])
    _tell_rest(told)


def beside(found: "Compared") -> None:
    """Say on standard error where what differs may be the program's."""
    if not found.read_alike:
        click.echo(
            "read by different builds of nhigraph: what differs may be what they read, and not "
            "what was there; run assess again on the older inputs to know",
            err=True,
        )


def _tell_cause(cause: "CauseRow", items: "Sequence[DiffRow]") -> None:
    from nhigraph.output import counted, printable

    many = counted(cause.changes, "change")
    does = "explains" if cause.changes == 1 else "explain"
    bound = "" if cause.bound == cause.changes else f" (no fewer than {cause.bound} do)"
    said = f"{many} {does} {counted(cause.verdicts, 'answer')}{bound}"
    if cause.others:
        others = counted(cause.others, "other change would", "other changes would each")
        said += f"; for one of these at least, {others} have done alone"
    click.echo(f"{cause.cause}. {said}")
    # A line for each change; what goes with it stands below it, further in.
    changes: dict[int, list[DiffRow]] = {}
    comes = [row for row in items if str(cause.cause) in row.brought]
    for row in items:
        if str(cause.cause) not in row.brought:
            changes.setdefault(row.part, []).append(row)
    for first, *more in [*changes.values()][:_LISTED]:
        click.echo(printable(f"   {_item(first)}"))
        _tell_beside("at the same place", more)
    if len(changes) > _LISTED:
        click.echo(f"   and {counted(len(changes) - _LISTED, 'more change', 'more changes')}")
    _tell_beside("comes with it", comes)


def _tell_beside(why: str, rows: "Sequence[DiffRow]") -> None:
    """What is no change of its own."""
    from nhigraph.output import printable

    for row in rows[:_LISTED]:
        click.echo(printable(f"      {why}: {_item(row)}"))
    if len(rows) > _LISTED:
        click.echo(f"      {why}: {len(rows) - _LISTED} more")


def _tell_verdicts(rows: "Sequence[DiffRow]") -> None:
    from nhigraph.output import printable

    for row in rows[:_LISTED]:
        at = f" at {row.target}" if row.target else ""
        said = f"{row.turn}: {row.subject}{at}: {row.before} → {row.after}"
        click.echo(printable(f"     {said}"))
    if len(rows) > _LISTED:
        click.echo(f"     and {len(rows) - _LISTED} more")


def _tell_rest(told: "Differing") -> None:
    """What differs and explains nothing, sort by sort."""
    from nhigraph.output import printable

    rest: dict[str, list[DiffRow]] = {}
    for row in told.rows:
        if row.what != "verdict" and not row.cause:
            rest.setdefault(row.what, []).append(row)
    if rest:
        click.echo("differs, too, and no answer above needs it:")
    for sort in _SORTS:
        rows = rest.get(sort, [])
        for row in rows[:_LISTED]:
            click.echo(printable(f"   {_item(row)}"))
        if len(rows) > _LISTED:
            click.echo(f"   and {len(rows) - _LISTED} more of this sort ({sort})")


def _item(row: "DiffRow") -> str:
    """One difference on one line."""
    if row.what == "document":
        return f"> document {row.subject} is now {row.target}"
    named = (
        f"{row.subject} {row.kind} {row.target}"
        if row.what == "edge"
        else " ".join(part for part in (row.subject, row.field and f"{row.field}:") if part)
    )
    both = row.change == "changed"
    said = f"{row.before or 'none'} → {row.after or 'none'}" if both else row.before or row.after
    place = f"[{f'{row.artifact} {row.pointer}'.rstrip()}]" if row.artifact else ""
    kind = row.what if row.what in ("edge", "answer", "scope", "day") or not row.kind else row.kind
    named = named.removeprefix("scope ") if kind == "scope" else named
    return " ".join(p for p in (_SIGNS[row.change], kind, named, said, place) if p)


# -- for machines ---------------------------------------------------------------------------------


def sides(found: "Compared") -> dict[str, object]:
    """What is compared."""
    return {
        "before": {"as_of": found.before.date.day, "complete": found.before.complete},
        "after": {"as_of": found.after.date.day, "complete": found.after.complete},
    }


def _beside(found: "Compared") -> dict[str, object]:
    from dataclasses import asdict

    return {
        **sides(found),
        "causes": [asdict(one) for one in found.told.causes],
        "unexplained": found.told.unexplained,
    }


# -- a period -------------------------------------------------------------------------------------


def _tell_period(folder: Path, form_name: str, *, include_disabled: bool) -> None:
    """Spells of identities and verdicts over all snapshots in a folder."""
    from nhigraph.app.questions.period import of_folder
    from nhigraph.assurance.diff.period import PeriodRow
    from nhigraph.output import counted, printable

    found = of_folder(folder, include_disabled=include_disabled)
    snapshots = [{"as_of": day, "name": name} for day, name in found.snapshots]
    constant = [row for row in found.rows if _constant(row, len(snapshots))]
    people = form_name == "table"
    printing.show(
        "diff",
        PeriodRow,
        [row for row in found.rows if row not in constant] if people else found.rows,
        form_name,
        judged=found.last,
        headers=_OF_PERIOD,
        beside={"snapshots": snapshots, "not_whole": found.incomplete},
    )
    if people and constant:
        many = counted(len(constant), "identity was", "identities were")
        click.echo(f"{many} active on all of these days")
    days = Counter(day for day, _ in found.snapshots)
    listed = (f"{day} ({name})" if days[day] > 1 else day for day, name in found.snapshots)
    said = f"{counted(len(found.snapshots), 'snapshot')}: {', '.join(listed)}"
    click.echo(printable(f"{said}; what was between two of these days was not seen"), err=True)
    for day, number in sorted(days.items()):
        if number > 1:
            click.echo(
                f"{number:,} snapshots are of {day}, in the order of their names here: which of "
                "them is the earlier one is not told",
                err=True,
            )
    for name in found.incomplete:
        click.echo(printable(f"not read whole: {name}"), err=True)


def _constant(row: "PeriodRow", snapshots: int) -> bool:
    """Whether a row says no more than that somebody was there all along."""
    return row.what == "identity" and row.said == "active" and row.seen == snapshots


# -- beside what is printed -----------------------------------------------------------------------


def _write(page: Path, found: "Compared") -> None:
    """Write the page; nothing but a page is ever written over."""
    from nhigraph.app.folder import write_page
    from nhigraph.app.questions.diff import report
    from nhigraph.output.diff_html import render

    write_page(page, render(report(found)))
    click.echo(f"page: {page}", err=True)

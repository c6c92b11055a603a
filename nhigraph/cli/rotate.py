"""``nhigraph rotate``: which credentials to rotate first."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options, printing, terminal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nhigraph.assurance.rotation.rank import Ranked
    from nhigraph.assurance.rotation_rows import RotationRow
    from nhigraph.assurance.rows import PathStep

#: Credentials that people are shown; the machine forms have them all.
_SHOWN = 20
_HEADERS = ("rank", "credential", "soc1", "soc2", "effects", "age_days", "expires", "used_by")


@click.command("rotate", short_help="Which credentials to rotate first, and the fewest that help.")
@options.graph
@options.as_of
@options.form
@click.option("--top", type=click.IntRange(1), help="Most credentials to print.")
@click.option(
    "--until",
    type=click.Choice(("soc1", "soc2")),
    help="Only the fewest after which no long-lived or exposed credential changes the books "
    "(soc1) or breaks a promise (soc2).",
)
def command(
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    top: int | None,
    until: str | None,
    *,
    include_disabled: bool,
) -> None:
    """List the credentials by what somebody could change or disclose who knows their value.

    The books come first, then what is open before what a control guards, promises, what is
    long-lived or exposed, and age. Each has its reason and the path it leads to; `breaks` is what
    stops where it stops working. A credential of which it is not known what it opens is
    undetermined, with the gap.
    """
    from nhigraph.assurance.rotation.rank import ranked
    from nhigraph.assurance.rotation.reasons import said
    from nhigraph.assurance.rotation_rows import RotationRow

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    found = ranked(judged.estate, until=until or "soc1")
    fewest, rows = found.rotation.fewest, found.rotation.rows
    asked = [row for row in rows if until is None or row.credential in set(fewest.rotate)]
    shown = asked[: top or (_SHOWN if form_name == "table" else len(asked))]
    printing.show(
        "rotate",
        RotationRow,
        [_record(row) for row in shown] if form_name == "json" else shown,
        form_name,
        judged=judged,
        headers=_HEADERS,
        reached=any(row.gaps for row in rows),
        beside=_beside(found),
    )
    if form_name == "table":
        for row in shown:
            _tell(row, found.paths)
        if len(asked) > len(shown):
            click.echo(f"and {len(asked) - len(shown)} more: rotate --top {len(asked)}")
        if not rows:
            click.echo(printing.nothing(judged, "no credential"))
        for line in said(fewest, rows) if rows else ():
            terminal.line(line)
    printing.beside(judged)


def _tell(row: "RotationRow", paths: "Mapping[str, Sequence[PathStep]]") -> None:
    """Why a credential stands where it stands, and the path."""
    from nhigraph.output import counted

    lies = f", in {', '.join(row.holder)}" if row.holder else ""
    terminal.line(f"{row.rank}. {row.name or row.credential}{lies}. {row.reason}")
    steps = paths.get(row.path_id, ())
    if steps:
        chain = " → ".join([steps[0].source, *(step.target for step in steps)])
        terminal.line(f"     path: {chain}")
    if row.breaks:
        rest = row.breaking - len(row.nearest)
        which = f"{', '.join(row.nearest)}{f' and {rest} more' if rest else ''}"
        stop = "stops" if row.breaking == 1 else "stop"
        many = counted(row.breaking, "thing")
        terminal.line(f"     {many} {stop} where it stops working: {which}")


def _record(row: "RotationRow") -> dict[str, object]:
    """A row for machines: the columns, then what the table says of it in words."""
    from dataclasses import asdict

    return asdict(row)


def _beside(found: "Ranked") -> dict[str, object]:
    """What the JSON form says of all rows together."""
    from dataclasses import asdict

    return {"fewest": asdict(found.rotation.fewest)}

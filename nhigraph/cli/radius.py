"""``nhigraph radius``: how much falls with every identity."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options, printing, terminal

if TYPE_CHECKING:
    from nhigraph.app.judged import Judged
    from nhigraph.assurance.radius_rows import RadiusRow

#: Identities that people are shown; the machine forms have them all.
_SHOWN = 20
_STATES = ("control", "alter", "omit", "read", "halt")
_FAMILIES = ("identities", "credentials", "change_paths", "data", "grants", "targets")
#: Families on a terminal that has no room for all.
_FEW = ("data", "targets")
_WIDE = 132


@click.command("radius", short_help="How many nodes fall with each identity, the worst first.")
@options.graph
@options.as_of
@options.form
@click.option("--top", type=click.IntRange(1), help="Most identities to print.")
@options.ways
@click.option(
    "--exact",
    is_flag=True,
    help="Count on the largest graphs, too, where the numbers are estimates otherwise.",
)
def command(
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    top: int | None,
    ways: str,
    *,
    exact: bool,
    include_disabled: bool,
) -> None:
    """List for every living identity how many nodes fall with it.

    A node counts once, and the identity itself counts: with 1 nothing else falls. Beside all nodes
    stand those at which each state is held, and those of each family. `≥`, or yes under
    `at_least`, says that the identity reaches a gap: what lies behind it is not counted, and more
    may fall. `reach` names the nodes.
    """
    from nhigraph.app.questions.radius import radius
    from nhigraph.assurance.radius_rows import RadiusRow

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    rows = radius(judged, ways, exact=exact)
    shown = rows[: top or (_SHOWN if form_name == "table" else len(rows))]
    if form_name == "table":
        _tell(judged, rows, len(shown))
    else:
        reached = any(row.at_least == "yes" for row in rows)
        printing.show(
            "radius",
            RadiusRow,
            shown,
            form_name,
            judged=judged,
            reached=reached,
            beside={"ways": ways},
        )
    if form_name == "table" and not rows:
        click.echo(printing.nothing(judged, "no living identity"), err=True)
    printing.beside(judged)


def _tell(judged: "Judged", rows: "Sequence[RadiusRow]", shown: int) -> None:
    """The table, what its numbers are worth, and how many are not shown."""
    from nhigraph.output import counted

    width = terminal.terminal_width()
    families = _FAMILIES if width is None or width >= _WIDE else _FEW
    numbers = (*_STATES, *families)
    nodes = [f"{'≥ ' if row.at_least == 'yes' else ''}{row.nodes}" for row in rows[:shown]]
    room = max(map(len, nodes), default=0)
    cells = [
        [row.identity, many.rjust(room), *(getattr(row, name) for name in numbers)]
        for row, many in zip(rows, nodes, strict=False)
    ]
    if cells:
        printing.of_rows(judged, ("identity", "nodes", *numbers), cells)
        beside = [name.replace("_", " ") for name in _FAMILIES if name not in families]
        if beside:
            terminal.line(
                f"not shown at this width: {', '.join(beside)} (--format csv has all of them)"
            )
    if rows[:1] and rows[0].error:
        terminal.line(
            f"estimated, with a standard error of {rows[0].error:.1%}; --exact counts them"
        )
    hidden = [row for row in rows if row.at_least == "yes"]
    if hidden:
        who = counted(len(hidden), "identity reaches a gap", "identities reach a gap")
        unread = f", or {printing.UNREAD}" if judged.estate.unread else ""
        terminal.line(
            f"≥: {who}{unread}; what lies behind is not counted, and more may fall "
            "(nhigraph reach IDENTITY names the gaps)"
        )
    if len(rows) > shown:
        left = rows[shown:]
        some = sum(row.at_least == "yes" for row in left)
        gap = f", {some} of them with a gap" if some else ""
        click.echo(f"and {len(left)} more{gap}: radius --top {len(rows)}")

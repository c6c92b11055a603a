"""``nhigraph who``: which identities reach a node."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options

if TYPE_CHECKING:
    from nhigraph.app.judged import Judged

_AT_TARGET = ("identity", "verdict", "soc1", "soc2", "exposure", "certainty", "states", "steps")
_AT_NODE = ("identity", "kind", "states", "certainty", "exposure", "steps")


@click.command("who", short_help="Which identities reach TARGET, with verdicts at targets.")
@click.argument("target", metavar="TARGET")
@options.graph
@options.as_of
@options.form
def command(
    target: str,
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    *,
    include_disabled: bool,
) -> None:
    """List the non-human identities that reach TARGET.

    At an assurance target (fin:…, trust:…) the rows are those of verdicts.csv for it. An identity
    without a row for it that reaches a gap has its row `*`: it could not be decided. Elsewhere the
    rows are the states held; a row without states is of an identity that reaches a gap.
    """
    from nhigraph.app.questions import names, reach, verdicts
    from nhigraph.app.questions.rows import AnsweredVerdict, ReachRow
    from nhigraph.assurance.held import UNDETERMINED
    from nhigraph.assurance.shown import worst_first

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    key, node = names.find_goal(judged, target)
    if node is None or key in {t.key for t in judged.estate.targets}:
        at_target = verdicts.at_target(judged, key)
        own = [row for row in at_target if row.target == key]
        own.sort(key=worst_first)
        known: Sequence[object] = own
        unknown: Sequence[options.Undecided] = [
            row
            for row in at_target
            if row.verdict == UNDETERMINED and (row.gaps or row.target != key)
        ]
        _show(judged, AnsweredVerdict, at_target, form_name, known, unknown)
    else:
        at_node = reach.who(judged, node)
        known, unknown = [r for r in at_node if r.states], [r for r in at_node if not r.states]
        _show(judged, ReachRow, at_node, form_name, known, unknown)
    if not known:
        but = "; what could not be decided is above" if unknown else ""
        said = options.nothing(judged, f"no identity is known to reach {key}")
        click.echo(f"{said}{but}", err=True)
    options.beside(judged)


def _show(
    judged: "Judged",
    row_type: type,
    rows: Sequence[object],
    form_name: str,
    known: Sequence[object],
    unknown: Sequence[options.Undecided],
) -> None:
    """Print the rows: for people those that are known, then the gaps behind the others."""
    from nhigraph.app.questions.rows import ReachRow

    reached = any(row.gaps for row in unknown)
    if form_name != "table":
        options.show("who", row_type, rows, form_name, judged=judged, reached=reached)
        return
    headers = _AT_NODE if row_type is ReachRow else _AT_TARGET
    options.show("who", row_type, known, form_name, judged=judged, headers=headers)
    options.undecided(unknown)

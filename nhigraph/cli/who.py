"""``nhigraph who``: which identities reach a node."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options, printing
from nhigraph.cli.asleep import asleep, lost
from nhigraph.cli.exit_code import exit_code, leave

if TYPE_CHECKING:
    from nhigraph.app.questions.rows import AnsweredVerdict, ReachRow
    from nhigraph.app.standing import Standing

_AT_TARGET = ("identity", "verdict", "soc1", "soc2", "exposure", "certainty", "states", "steps")
_AT_NODE = ("identity", "kind", "states", "certainty", "exposure", "steps")


@click.command("who", short_help="Which identities reach TARGET, with verdicts at targets.")
@click.argument("target", metavar="TARGET", shell_complete=options.node_names)
@options.graph
@options.as_of
@options.form
@exit_code
def command(
    target: str,
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    *,
    include_disabled: bool,
    as_code: bool,
) -> None:
    """List the non-human identities that reach TARGET.

    At an assurance target (fin:…, trust:…) the rows are those of verdicts.csv for it. An identity
    without a row for it that reaches a gap has its row `*`: it could not be decided. Elsewhere the
    rows are the states held; a row without states is of an identity that reaches a gap.
    """
    from nhigraph.app import stored_answers

    stored = stored_answers.opened(graph_folder, as_of, include_disabled=include_disabled)
    key = stored.target(target) if stored is not None else None
    if stored is not None and key is not None:
        _at_target(stored, key, stored.at_target(key), form_name, as_code=as_code)
        return
    from nhigraph.app.questions import names, reach, verdicts
    from nhigraph.app.questions.rows import ReachRow

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    key, node = names.find_goal(judged, target)
    lost(judged, key)
    asleep(judged, key)
    if node is None or key in {t.key for t in judged.estate.targets}:
        _at_target(judged, key, verdicts.at_target(judged, key), form_name, as_code=as_code)
        return
    at_node = reach.who(judged, node)
    known, unknown = [r for r in at_node if r.states], [r for r in at_node if not r.states]
    _show(judged, ReachRow, at_node, form_name, known, unknown)
    _beside(judged, key, known, unknown, as_code=as_code)


def _at_target(
    judged: "Standing",
    key: str,
    rows: "Sequence[AnsweredVerdict]",
    form_name: str,
    *,
    as_code: bool,
) -> None:
    """Print who reaches an assurance target."""
    from nhigraph.app.questions.rows import AnsweredVerdict
    from nhigraph.assurance.row_order import worst_first

    own = sorted((row for row in rows if row.target == key), key=worst_first)
    unknown = [r for r in rows if r.verdict == "undetermined" and (r.gaps or r.target != key)]
    _show(judged, AnsweredVerdict, rows, form_name, own, unknown)
    _beside(judged, key, own, unknown, as_code=as_code)


def _beside(
    judged: "Standing",
    key: str,
    known: "Sequence[AnsweredVerdict] | Sequence[ReachRow]",
    unknown: Sequence[object],
    *,
    as_code: bool,
) -> None:
    """Say that nobody was found, if so, and what that rests on; exit as asked for."""
    if not known:
        but = "; what could not be decided is above" if unknown else ""
        said = printing.nothing(judged, f"no identity is known to reach {key}")
        click.echo(f"{said}{but}", err=True)
    printing.beside(judged)
    # A row of a target that nothing stands for has no state: nobody was found there.
    found = any(row.states for row in known)
    leave(as_code=as_code, found=found, unknown=bool(unknown) or printing.lost(judged))


def _show(
    judged: "Standing",
    row_type: type,
    rows: Sequence[object],
    form_name: str,
    known: Sequence[object],
    unknown: Sequence[printing.Undecided],
) -> None:
    """Print the rows: for people those that are known, then the gaps behind the others."""
    from nhigraph.app.questions.rows import ReachRow

    reached = any(row.gaps for row in unknown)
    if form_name != "table":
        printing.show("who", row_type, rows, form_name, judged=judged, reached=reached)
        return
    headers = _AT_NODE if row_type is ReachRow else _AT_TARGET
    printing.show("who", row_type, known, form_name, judged=judged, headers=headers)
    printing.undecided(unknown)

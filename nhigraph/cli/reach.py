"""``nhigraph reach``: what one node reaches."""

from pathlib import Path

import click

from nhigraph.cli import options, printing
from nhigraph.cli.asleep import asleep
from nhigraph.cli.exit_code import exit_code, leave


@click.command("reach", short_help="What FROM reaches, or what it holds at TO.")
@click.argument("source", metavar="FROM", shell_complete=options.node_names)
@click.argument("target", metavar="[TO]", required=False, shell_complete=options.node_names)
@options.graph
@options.as_of
@options.form
@exit_code
def command(
    source: str,
    target: str | None,
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    *,
    include_disabled: bool,
    as_code: bool,
) -> None:
    """List what FROM reaches without any limit on depth, nearest first.

    FROM and TO are keys, names, or unambiguous parts of keys. A row without states says that it
    is not known: FROM reaches a gap. In JSON and CSV such a row of node `*` stands for every
    node that has no row of its own.
    """
    from nhigraph.app.questions import names, reach

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    start = options.walker(judged, source)
    if target is None:
        rows, what = reach.reach(judged, start), "anything"
    else:
        what, _ = names.find_goal(judged, target)
        rows = reach.reach_one(judged, start, what)
    printing.reached("reach", judged, start, rows, form_name)
    if not any(row.states for row in rows):
        known = "no path was found, but it is not known"
        said = f"{judged.estate.graph.key_list[start]} to {what}: {known if rows else 'no path'}"
        click.echo(said if rows else printing.nothing(judged, said), err=True)
        asleep(judged, judged.estate.graph.key_list[start], *([what] if target else ()))
    if judged.estate.graph.key_list[start] in {one.key for one in judged.estate.targets}:
        click.echo("FROM is a target itself: `nhigraph who` says who reaches it", err=True)
    printing.beside(judged)
    unknown = bool(rows) or printing.lost(judged)
    leave(as_code=as_code, found=any(row.states for row in rows), unknown=unknown)

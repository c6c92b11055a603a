"""``nhigraph blast``: what is lost with a node."""

from pathlib import Path

import click

from nhigraph.cli import options, printing
from nhigraph.cli.asleep import asleep
from nhigraph.cli.exit_code import exit_code, leave


@click.command("blast", short_help="Which targets fall to whoever controls NODE.")
@click.argument("node", metavar="NODE", shell_complete=options.node_names)
@options.graph
@options.as_of
@options.form
@exit_code
def command(
    node: str,
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    *,
    include_disabled: bool,
    as_code: bool,
) -> None:
    """List the assurance targets, identities and credentials that fall with NODE.

    Assumes that somebody has taken NODE over, and knows it where it is a credential. A row
    without states says that it is not known: NODE leads to a gap. In JSON and CSV such a row
    of node `*` stands for every node that has no row of its own.
    """
    from nhigraph.app.questions import names, reach

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    start = names.find_node(judged.estate.graph, node)
    rows = reach.blast(judged, start)
    printing.reached("blast", judged, start, rows, form_name)
    if not any(row.states for row in rows):
        but = "; it is not known" if rows else ""
        said = printing.nothing(judged, "no target, identity or credential falls with it")
        click.echo(f"{said}{but}", err=True)
        asleep(judged, judged.estate.graph.key_list[start])
    printing.beside(judged)
    unknown = bool(rows) or printing.lost(judged)
    leave(as_code=as_code, found=any(row.states for row in rows), unknown=unknown)

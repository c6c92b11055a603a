"""``nhigraph blast``: what is lost with a node."""

from pathlib import Path

import click

from nhigraph.cli import options


@click.command("blast", short_help="Which targets fall to whoever controls NODE.")
@click.argument("node", metavar="NODE")
@options.graph
@options.as_of
@options.form
def command(
    node: str,
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    *,
    include_disabled: bool,
) -> None:
    """List the assurance targets, identities and credentials that fall with NODE.

    Assumes that somebody has taken NODE over, and knows it where it is a credential.
    """
    from nhigraph.app import questions

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    start = questions.find_node(judged.estate.graph, node)
    rows = questions.blast(judged, start)
    headers = ("node", "kind", "states", "certainty", "exposure", "steps")
    options.show("blast", questions.ReachRow, rows, form_name, judged=judged, headers=headers)
    if not rows:
        click.echo("no target, identity or credential falls with it in what was read", err=True)
    options.beside(judged)

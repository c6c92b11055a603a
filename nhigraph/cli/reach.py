"""``nhigraph reach``: what one node reaches."""

from pathlib import Path

import click

from nhigraph.cli import options


@click.command("reach", short_help="What FROM reaches, or what it holds at TO.")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="[TO]", required=False)
@options.graph
@options.as_of
@options.form
def command(
    source: str,
    target: str | None,
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    *,
    include_disabled: bool,
) -> None:
    """List what FROM reaches without any limit on depth, nearest first.

    FROM and TO are keys, names, or unambiguous parts of keys.
    """
    from nhigraph.app import questions

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    graph = judged.estate.graph
    start = questions.find_node(graph, source)
    goal = questions.find_node(graph, target) if target else None
    rows = questions.reach(judged, start, goal)
    headers = ("node", "kind", "states", "certainty", "exposure", "steps")
    options.show("reach", questions.ReachRow, rows, form_name, judged=judged, headers=headers)
    if not rows:
        what = graph.key_list[goal] if goal is not None else "anything"
        click.echo(f"{graph.key_list[start]}: no path to {what} in what was read", err=True)
    options.beside(judged)

"""``nhigraph export``: a stored graph for other tools."""

from pathlib import Path

import click

from nhigraph.cli import options
from nhigraph.cli.paths import PATH


@click.command("export", short_help="A stored graph for Neo4j's import, as GraphML or GEXF.")
@click.argument("out", metavar="OUT", type=PATH)
@click.option(
    "--format",
    "shape",
    type=click.Choice(("neo4j-csv", "graphml", "gexf")),
    required=True,
    help="neo4j-csv: a folder for neo4j-admin database import; the others: a file.",
)
@click.option(
    "--name", metavar="TEXT", default="", help="Name of the snapshot; by default its day."
)
@options.graph
def command(out: Path, shape: str, name: str, graph_folder: Path) -> None:
    """Write the graph to OUT in a form that another tool reads.

    neo4j-csv has the answers, too, and a command that fills an empty database with it: what
    `nhigraph neo4j push` would write, for a first fill of millions. GraphML and GEXF have nodes
    and edges.
    """
    from nhigraph.app.export import run_export
    from nhigraph.output import counted, printable

    written = run_export(graph_folder, shape, out, name)
    click.echo(printable(f"{out}: {counted(len(written), 'file')}"))

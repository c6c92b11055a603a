"""``nhigraph neo4j``: the graph and its answers in a Neo4j database."""

from pathlib import Path

import click

from nhigraph.cli import options, server
from nhigraph.cli.progress import progress
from nhigraph.cli.server import Login


@click.group("neo4j", short_help="Push a graph with its answers into Neo4j, and look after it.")
def command() -> None:
    """Push a graph with its answers into Neo4j, for investigations there.

    Any Neo4j from 5.23 on will do, the free Community Edition too. No database is ever made:
    snapshots lie side by side in one, and are chosen by name. The password comes from
    --password-file, from the environment (NHIGRAPH_NEO4J_PASSWORD), or is asked for.
    """


@command.command("push", short_help="Write a snapshot, whole or not at all.")
@click.option(
    "--name", metavar="TEXT", default="", help="Name of the snapshot; by default its day."
)
@click.option(
    "--discard-drawn",
    is_flag=True,
    help="What somebody drew at the snapshot's nodes may go with them.",
)
@options.graph
@options.as_of
@server.login
def push(
    login: Login,
    name: str,
    graph_folder: Path,
    as_of: str | None,
    *,
    include_disabled: bool,
    discard_drawn: bool,
) -> None:
    """Write a stored graph and its answers, in place of the snapshot of that name.

    What was there before is readable until the new state is whole; what is not the snapshot's own
    is never touched. Pushing the same again changes nothing. A push that is cut short changes
    nothing either, and the next one takes away what it left.
    """
    from nhigraph.app.neo4j import prepared, run_push
    from nhigraph.output import counted, printable

    address = login.address()
    wanted = prepared(graph_folder, name, day=as_of, include_disabled=include_disabled)
    with progress("writing to the server") as say:
        done = run_push(address, wanted, discard_drawn=discard_drawn, say=say)
    if done.unchanged:
        click.echo(printable(f"snapshot {done.name}: unchanged"))
        return
    wrote = f"{counted(done.nodes, 'node')}, {counted(done.relationships, 'relationship')}"
    click.echo(printable(f"snapshot {done.name}: {wrote}"))
    if done.unswept:
        click.echo(printable(done.unswept), err=True)
    click.echo("next: nhigraph query list, or nhigraph neo4j browser", err=True)


@command.command("status", short_help="What stands in the database.")
@click.option("--csv", "as_csv", is_flag=True, help="The snapshots alone, for machines.")
@server.login
def status(login: Login, *, as_csv: bool) -> None:
    """List the snapshots of the database, and what pushes that were cut short left there."""
    from nhigraph.app.neo4j import run_status
    from nhigraph.output import printable
    from nhigraph.output.csv_files import rows_csv
    from nhigraph.output.neo4j.stored import SnapshotRow
    from nhigraph.output.terminal.table import table

    found = run_status(login.address())
    if as_csv:
        click.echo(rows_csv(SnapshotRow, found.snapshots), nl=False)
        return
    click.echo(printable(found.server))
    names = ("name", "organization", "as_of", "complete", "entities", "edges", "gaps", "pushed")
    cells = [[getattr(row, name) for name in names] for row in found.snapshots]
    if cells:
        click.echo(table(names, cells, width=options.terminal_width()), nl=False)
    else:
        click.echo("no snapshot: `nhigraph neo4j push` writes one")
    for one in found.unfinished:
        click.echo(printable(f"{one}: a push was cut short, or runs; the next one tidies up"))


@command.command("clean", short_help="Remove snapshots, and nothing else.")
@click.argument("names", metavar="[NAME...]", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All of them, with indexes and constraints.")
@click.option(
    "--discard-drawn", is_flag=True, help="What somebody drew at their nodes may go with them."
)
@server.login
def clean(login: Login, names: tuple[str, ...], *, every: bool, discard_drawn: bool) -> None:
    """Remove snapshots by name, or all of them. Nodes that nhigraph did not write stay."""
    from nhigraph.app.neo4j import run_clean
    from nhigraph.output import printable

    if not names and not every:
        raise click.UsageError("name the snapshots to remove, or say --all")
    for one in run_clean(login.address(), names, every=every, discard_drawn=discard_drawn):
        click.echo(printable(f"removed {one}"))

"""``nhigraph neo4j``: the graph and its answers in a Neo4j database."""

from pathlib import Path

import click

from nhigraph.cli import options, server, terminal
from nhigraph.cli.abbreviated import Abbreviated
from nhigraph.cli.paths import FILE, PATH
from nhigraph.cli.progress import progress
from nhigraph.cli.server import Login


@click.group(
    "neo4j",
    cls=Abbreviated,
    short_help="Push a graph with its answers into Neo4j, and look after it.",
)
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
        terminal.machine(rows_csv(SnapshotRow, found.snapshots))
        return
    click.echo(printable(found.server))
    names = ("name", "organization", "as_of", "complete", "entities", "edges", "gaps", "pushed")
    cells = [[getattr(row, name) for name in names] for row in found.snapshots]
    if cells:
        click.echo(table(names, cells, width=terminal.terminal_width()), nl=False)
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


@command.command("browser", short_help="What to open and paste in Neo4j Browser.")
@click.option(
    "--name", metavar="TEXT", default="", help="Name of the snapshot; by default its day."
)
@click.option(
    "--out",
    metavar="DIR",
    type=PATH,
    default=Path("nhigraph-browser"),
    show_default=True,
    help="Folder that gets the colours, the favourites and the guide.",
)
@click.option("--web", metavar="URL", default="", help="Browser; port 7474 of the server.")
@click.option("--serve", is_flag=True, help="Serve the guide until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to serve it at.")
@options.graph
@server.login
def browser(
    login: Login,
    name: str,
    out: Path,
    web: str,
    port: int,
    graph_folder: Path,
    *,
    serve: bool,
) -> None:
    """Write colours, favourites and a guide for Neo4j Browser, and print what to open and paste.

    The server is not asked: the first parameters are what is worst in the stored graph.
    """
    from nhigraph.app.neo4j import prepared
    from nhigraph.app.neo4j_browser import run_browser
    from nhigraph.output import printable
    from nhigraph.output.neo4j.browser import FAVOURITES, GUIDE, STYLE

    wanted = prepared(graph_folder, name)
    found = run_browser(wanted, out, login.uri or server.URI, web)
    lines = [
        f"1. Open {found.web}/browser/ and connect to {found.connect} as {login.user}.",
        f"2. Drop {out / STYLE} on the page: the colours of nhigraph's pages.",
        f"3. Drop {out / FAVOURITES} on the page: every question, under Favorites, by topic.",
        "4. Paste each, and run it with Ctrl-Enter: to draw answers alone, and what to ask about:",
        "",
        f"   {found.plainly}",
        "",
        f"   {found.params}",
        "",
        "5. Then this, or any favourite: which secret would hurt most.",
        "",
        *(f"   {line}" for line in found.first.splitlines()),
        "",
    ]
    for line in lines:
        click.echo(printable(line))
    if serve:
        _serve(out, GUIDE, port, found.web)
    else:
        click.echo("with --serve a guide walks on from there: from the answer to the evidence")


def _serve(folder: Path, first: str, port: int, allowed: str) -> None:
    """Serve the guide to Browser, which plays it only from localhost, and to nobody else."""
    from nhigraph.app.serve import FolderServer
    from nhigraph.output import printable

    def say(line: str) -> None:
        click.echo(printable(line), err=True)

    with FolderServer(folder, first, port, say, allowed=allowed) as serving:
        click.echo("6. Paste, while this goes on; Ctrl-C ends it:")
        click.echo(f"\n   :play http://localhost:{serving.server_port}/{first}\n")
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            click.echo("ended", err=True)


@command.command("pull", short_help="What was drawn or edited there, as facts.")
@click.argument("out", metavar="FILE", type=FILE)
@click.option("--name", metavar="TEXT", default="", help="Snapshot; the only one by default.")
@click.option(
    "--query",
    "query_file",
    metavar="FILE",
    type=FILE,
    help="Cypher that returns what to pull; by default all that is drawn at the snapshot's nodes.",
)
@click.option(
    "--graph",
    "graph_folder",
    metavar="DIR",
    type=PATH,
    help="The stored graph that was pushed: properties that were edited since come, too.",
)
@server.login
def pull(
    login: Login, out: Path, name: str, query_file: Path | None, graph_folder: Path | None
) -> None:
    """Write what an investigator drew in Neo4j as facts/1, to be read beside the exports.

    A relationship becomes an edge if its type is a kind of nhigraph's and both ends have a `key`;
    a node that nobody pushed comes along if one of its labels is a kind. What is drawn is assumed
    unless it says otherwise, and its condition names the query that found it. Facts only add:
    what was deleted there is counted, not pulled.
    """
    from nhigraph.app.neo4j_pull import run_pull
    from nhigraph.output import counted, printable

    found = run_pull(login.address(), out, name, query_file, graph_folder)
    nodes, edges = counted(len(found.nodes), "node"), counted(len(found.edges), "edge")
    click.echo(printable(f"{out}: {nodes}, {edges}"))
    for line in found.left:
        click.echo(printable(f"not pulled: {line}"), err=True)
    if found.deleted:
        gone = counted(found.deleted, "relationship")
        click.echo(f"{gone} of the snapshot no longer there: facts only add", err=True)

"""``nhigraph query``: the library of questions, on a server or without one."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options, server, terminal
from nhigraph.cli.abbreviated import Abbreviated
from nhigraph.cli.server import Login

if TYPE_CHECKING:
    from nhigraph.app.query_library import Query


@click.group(
    "query", cls=Abbreviated, short_help="Questions in Cypher: list them, show them, ask them."
)
def command() -> None:
    """Questions in Cypher for a database that `nhigraph neo4j push` filled.

    Each is one statement with paths to look at in Neo4j Browser, and columns.
    """


@command.command("list", short_help="Every question, by topic.")
@click.argument("topic", required=False)
def list_(topic: str | None) -> None:
    """List the questions, of TOPIC or of all; what stands in capitals is what each takes."""
    from nhigraph.app.query_library import library
    from nhigraph.errors import UsageError

    every = library()
    topics = sorted({one.topic for one in every})
    if topic is not None and topic not in topics:
        raise UsageError(f"no such topic: {topic!r}; there are {', '.join(topics)}")
    for one in topics if topic is None else [topic]:
        click.echo(f"{one}:")
        for query in every:
            if query.topic == one:
                takes = "".join(f" {name.upper()}" for name in _takes(query))
                click.echo(f"  {query.stem}{takes}\n      {query.title}")


def _takes(query: "Query") -> list[str]:
    return [name for name, default in query.params.items() if name != "snapshot" and not default]


@command.command("show", short_help="The text of a question.")
@click.argument("name")
def show(name: str) -> None:
    """Print a question as it stands in its file: to read, to paste, to change."""
    from nhigraph.app.query_library import find

    click.echo(find(name).text, nl=False)


@command.command("run", short_help="Ask a question.")
@click.argument("name")
@click.argument("values", metavar="[VALUE...]", nargs=-1)
@click.option("--snapshot", metavar="TEXT", default="", help="Which; the only one by default.")
@click.option("--csv", "as_csv", is_flag=True, help="For machines.")
@options.graph
@server.login
def run(
    login: Login,
    name: str,
    values: tuple[str, ...],
    snapshot: str,
    graph_folder: Path,
    *,
    as_csv: bool,
) -> None:
    """Ask a question: NAME with its VALUEs in their order, or each as PARAM=VALUE.

    With --uri, or NHIGRAPH_NEO4J_URI set, the server is asked, in a session that only reads.
    Without one the stored graph answers (--graph) where a command of nhigraph answers the same;
    it says which.
    """
    from nhigraph.app.neo4j import run_query
    from nhigraph.app.query_library import filled, find
    from nhigraph.output import counted, printable
    from nhigraph.output.csv_files import cells_csv
    from nhigraph.output.terminal.table import table

    query = find(name)
    given = filled(query, values)
    if not login.told:
        _from_the_graph(query, given, graph_folder, as_csv=as_csv)
        return
    asked, cells = run_query(login.address(), query, given, snapshot)
    if as_csv:
        terminal.machine(cells_csv(query.columns, cells))
    elif cells:
        click.echo(table(query.columns, cells, width=terminal.terminal_width()), nl=False)
    of = f"; snapshot {asked}" if asked else ""
    click.echo(printable(f"{query.title}: {counted(len(cells), 'row')}{of}"), err=True)


def _from_the_graph(
    query: "Query", given: dict[str, object], graph_folder: Path, *, as_csv: bool
) -> None:
    """Answer by the command that answers the same, and say which."""
    from nhigraph.errors import UsageError
    from nhigraph.output import printable

    arguments = query.arguments(given)
    if not arguments:
        raise UsageError(f"{query.name}: only a server answers this; name one with --uri")
    arguments += ["--graph", str(graph_folder)]
    said = " ".join(["nhigraph", *query.arguments(given)])
    click.echo(printable(f"no --uri: answered from {graph_folder} by `{said}`"), err=True)
    if as_csv:
        arguments += ["--format", "csv"]
    whole = click.get_current_context().find_root().command
    whole.main(args=arguments, prog_name="nhigraph", standalone_mode=False)

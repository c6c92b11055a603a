"""Options that several commands share, and what they stand for."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from nhigraph.app.elsewhere import ENGINES, MASTER, MEMORY
from nhigraph.cli.paths import PATH
from nhigraph.cli.progress import progress

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from nhigraph.app.judged import Judged

Command = TypeVar("Command", bound=Callable[..., Any])

#: The folder that is written and asked where no other is named.
FOLDER = "nhigraph-out"
FORMATS = ("table", "json", "csv")


def inputs(command: Command) -> Command:
    """Positional INPUT…: files and folders."""
    return click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=PATH)(
        command
    )


def scope(command: Command) -> Command:
    """``--scope``: the file that says which nodes are the books."""
    return click.option("--scope", type=PATH, help="The scope, if not among INPUT.")(command)


def out(command: Command) -> Command:
    """``--out``: the output folder."""
    return click.option(
        "--out",
        type=PATH,
        default=Path(FOLDER),
        show_default=True,
        help="Output folder, replaced as a whole.",
    )(command)


def as_of(command: Command) -> Command:
    """``--as-of`` and ``--include-disabled``."""
    command = click.option(
        "--include-disabled",
        is_flag=True,
        help="Count disabled, deleted and expired nodes as active: what a mistake would open.",
    )(command)
    return click.option("--as-of", metavar="DATE", help="Date of every answer (UTC).")(command)


def engine(command: Command) -> Command:
    """``--engine`` and ``--master``: where the closures are worked out."""
    command = click.option(
        "--master",
        metavar="URL",
        help=f"Spark's master, such as local[2] or spark://host:7077; else {MASTER}.",
    )(command)
    return click.option(
        "--engine",
        type=click.Choice(ENGINES),
        default=MEMORY,
        show_default=True,
        help="Where identities are traced: here; on Spark, a block of them each; "
        "or by joins on Spark.",
    )(command)


def repo(command: Command) -> Command:
    """``--repo`` for a checkout without a GitHub remote."""
    text = (
        "Name of the checkout on GitHub, such as acme/books, where no remote says it;"
        " gitlab:HOST/GROUP/NAME of one on GitLab."
    )
    return click.option("--repo", metavar="OWNER/NAME", help=text)(command)


def node_names(
    ctx: click.Context, option: click.Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """Names of nodes that a shell offers; only then what finds them is imported."""
    from click.shell_completion import CompletionItem

    from nhigraph.app.offered import offered

    del option
    folder = Path(ctx.params.get("graph_folder") or FOLDER)
    return [CompletionItem(name) for name in offered(folder, incomplete)]


def graph(command: Command) -> Command:
    """``--graph``: the folder of an earlier assess or build."""
    return click.option(
        "--graph",
        "graph_folder",
        metavar="DIR",
        type=PATH,
        default=Path(FOLDER),
        show_default=True,
        help="The graph/ folder of an earlier assess or build, or its output folder.",
    )(command)


def ways(command: Command) -> Command:
    """``--ways``: the closure that a question is asked of."""
    return click.option(
        "--ways",
        type=click.Choice(("may", "can", "open")),
        default="may",
        show_default=True,
        help="Ways that count: every one, the certain ones, or those past every control that "
        "holds.",
    )(command)


def form(command: Command) -> Command:
    """``--format``."""
    return click.option(
        "--format",
        "form_name",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="table for people, json or csv for machines.",
    )(command)


def room(given: Sequence[Path], *, judging: bool) -> None:
    """Say on standard error, before a run begins, that it would hardly fit the free memory."""
    from nhigraph.app import room as app

    said = app.said(given, judging=judging)
    if said:
        click.echo(said, err=True)


def load(folder: Path, day: str | None, *, include_disabled: bool) -> "Judged":
    """The estate of a stored graph."""
    with progress("reading the graph") as say:
        from nhigraph.app.judged import of_graph

        found = of_graph(folder, option=day, include_disabled=include_disabled)
        say("looking for the answer", 0, 0)
        return found


def walker(judged: "Judged", text: str) -> int:
    """The node to start from; says which identity was taken where several nodes match."""
    from nhigraph.app.questions.names import find_walker
    from nhigraph.output import printable

    node, several = find_walker(judged, text)
    if several:
        key = judged.estate.graph.key_list[node]
        click.echo(printable(f"from {key}, the one identity that {text} could be"), err=True)
    return node

"""``nhigraph what-if``: which answers some changes would change."""

from pathlib import Path

import click

from nhigraph.cli import options, printing
from nhigraph.cli.paths import PATH


@click.command("what-if", short_help="Which answers would change if something went or came.")
@click.option(
    "--remove",
    "nodes",
    metavar="NODE",
    multiple=True,
    help="A node that goes, with all its edges (may be given again).",
)
@click.option(
    "--remove-edge",
    "edges",
    metavar="KIND FROM TO",
    nargs=3,
    multiple=True,
    help="An edge that goes (may be given again).",
)
@click.option(
    "--remove-at",
    "places",
    metavar="ARTIFACT POINTER",
    nargs=2,
    multiple=True,
    help="A place of a document whose rights go, as `cut` prints it (may be given again).",
)
@click.option(
    "--add",
    "files",
    metavar="FILE",
    type=PATH,
    multiple=True,
    help="A facts/1 file whose records come (may be given again).",
)
@click.option(
    "--changes",
    "lists",
    metavar="FILE",
    type=PATH,
    multiple=True,
    help="A file of what goes and what comes (changes/1), or what `cut --format json` printed.",
)
@options.graph
@options.as_of
@options.form
def command(  # noqa: PLR0913 - one parameter an option
    *,
    nodes: tuple[str, ...],
    edges: tuple[tuple[str, str, str], ...],
    places: tuple[tuple[str, str], ...],
    files: tuple[Path, ...],
    lists: tuple[Path, ...],
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    include_disabled: bool,
) -> None:
    """List the answers that would be others.

    The stored graph stays as it is. Rows are answers before and after; a right that several
    records state goes only with all of them.
    """
    from nhigraph.app.questions.changes_file import read
    from nhigraph.app.questions.supposed import Supposed
    from nhigraph.app.questions.what_if import what_if
    from nhigraph.assurance.cut_rows import Changed
    from nhigraph.errors import UsageError

    if not (nodes or edges or places or files or lists):
        raise UsageError(
            "nothing is supposed to change: give --remove, --remove-edge, --remove-at, --add or "
            "--changes"
        )
    supposed = sum((read(path) for path in lists), Supposed(nodes, edges, places, files))
    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    after, rows = what_if(graph_folder, supposed, judged)
    printing.show("what-if", Changed, rows, form_name, judged=after)
    if not rows:
        click.echo("no answer would change", err=True)
    printing.beside(after)

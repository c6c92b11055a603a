"""``nhigraph view``: a page in the browser, from its file or served, or of one question."""

from pathlib import Path

import click

from nhigraph.cli import options
from nhigraph.cli.paths import FILE, PATH

_STATES = ("control", "alter", "omit", "read", "halt")
#: Where the drawing of a question is written by default.
_DRAWING = Path("nhigraph-view.html")


@click.command("view", short_help="Open a page in the browser, or a drawing of one question.")
@click.argument("path", metavar="[PAGE]", type=PATH, default=Path(options.FOLDER))
@click.option("--from", "source", metavar="NODE", help="Draw the ways from it.")
@click.option("--to", "target", metavar="NODE", help="Draw the ways to it: a target or any node.")
@click.option(
    "--hops",
    type=click.IntRange(min=1),
    metavar="N",
    help="Most steps of a way; by default 3 where one end is open.",
)
@click.option(
    "--effect",
    type=click.Choice(_STATES, case_sensitive=False),
    help="What is held at the end; by default anything.",
)
@click.option(
    "--out",
    type=FILE,
    default=_DRAWING,
    show_default=True,
    help="File of the drawing.",
)
@click.option("--serve", is_flag=True, help="Serve its folder on the loopback address.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to serve on.")
@click.option("--no-browser", is_flag=True, help="Say where the page is, and open nothing.")
@options.as_of
def command(  # noqa: PLR0913 - one parameter an option
    *,
    path: Path,
    source: str | None,
    target: str | None,
    hops: int | None,
    effect: str | None,
    out: Path,
    serve: bool,
    port: int,
    no_browser: bool,
    as_of: str | None,
    include_disabled: bool,
) -> None:
    """Open PAGE, or the report of the output folder PAGE.

    With --from or --to it draws that question to the graph in the folder PAGE, as a page of its
    own: all ways from a node, all ways to it, or the way between two with what is left beside it.
    Each way is the best one between its ends; at a target it is the one that the verdict shows.

    With --serve the one folder that the page lies in is served on 127.0.0.1, and nothing else of
    this machine, until Ctrl-C: for browsers that do not open files. The policy that stands in a
    page is then a header, too.
    """
    if port and not serve:
        raise click.UsageError("--port goes with --serve")
    if source is None and target is None:
        from nhigraph.app.view import page

        if hops or effect:
            raise click.UsageError("--hops and --effect go with --from or --to")
        found, part = page(path), ""
    else:
        from nhigraph.app.folder import write_page
        from nhigraph.app.view import draw, sentence
        from nhigraph.output import printable

        text, drawn = draw(
            path,
            (source, target),
            hops=hops,
            effect=effect,
            day=as_of,
            include_disabled=include_disabled,
        )
        found = write_page(out, text).absolute()
        click.echo(printable(sentence(drawn)), err=True)
        # Between two ends the page opens on the way; from one of them, on all ways.
        part = "" if source and target else "#all"
    if serve:
        _serve(found, part, port, no_browser=no_browser)
    else:
        _open(found.as_uri() + part, no_browser=no_browser)
        click.echo(found)


def _open(address: str, *, no_browser: bool) -> None:
    import webbrowser

    if not no_browser and not webbrowser.open(address):
        click.echo("no browser could be started from here; open this yourself:", err=True)


def _serve(found: Path, part: str, port: int, *, no_browser: bool) -> None:
    from urllib.parse import quote

    from nhigraph.app.serve import ADDRESS, FolderServer
    from nhigraph.output import printable

    def say(line: str) -> None:
        click.echo(printable(line), err=True)

    with FolderServer(found.parent, found.name, port, say) as serving:
        address = f"http://{ADDRESS}:{serving.server_port}/{quote(found.name)}{part}"
        _open(address, no_browser=no_browser)
        click.echo(address)
        click.echo("serving until Ctrl-C", err=True)
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            click.echo("ended", err=True)

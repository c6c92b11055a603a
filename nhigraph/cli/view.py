"""``nhigraph view``: a page in the browser, from its file or served."""

from pathlib import Path

import click


@click.command("view", short_help="Open a page in the browser, or serve its folder.")
@click.argument(
    "path", metavar="[PAGE]", type=click.Path(path_type=Path), default=Path("nhigraph-out")
)
@click.option("--serve", is_flag=True, help="Serve its folder on the loopback address.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to serve on.")
@click.option("--no-browser", is_flag=True, help="Say where the page is, and open nothing.")
def command(path: Path, port: int, *, serve: bool, no_browser: bool) -> None:
    """Open PAGE, or the report of the output folder PAGE.

    With --serve the one folder that the page lies in is served on 127.0.0.1, and nothing else of
    this machine, until Ctrl-C: for browsers that do not open files. The policy that stands in a
    page is then a header, too.
    """
    from nhigraph.app.view import page

    found = page(path)
    if port and not serve:
        raise click.UsageError("--port goes with --serve")
    if serve:
        _serve(found, port, no_browser=no_browser)
    else:
        _open(found.as_uri(), no_browser=no_browser)
        click.echo(found)


def _open(address: str, *, no_browser: bool) -> None:
    import webbrowser

    if not no_browser and not webbrowser.open(address):
        click.echo("no browser could be started from here; open this yourself:", err=True)


def _serve(found: Path, port: int, *, no_browser: bool) -> None:
    from urllib.parse import quote

    from nhigraph.app.serve import ADDRESS, FolderServer
    from nhigraph.output import printable

    def say(line: str) -> None:
        click.echo(printable(line), err=True)

    with FolderServer(found.parent, found.name, port, say) as serving:
        address = f"http://{ADDRESS}:{serving.server_port}/{quote(found.name)}"
        _open(address, no_browser=no_browser)
        click.echo(address)
        click.echo("serving until Ctrl-C", err=True)
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            click.echo("ended", err=True)

"""``nhigraph export-query``: what makes an export, to be read before it is run."""

import click


@click.command("export-query", short_help="Print the SQL or the script that makes an export.")
@click.argument("name", metavar="[NAME]", required=False)
def command(name: str | None) -> None:
    """Print what makes the export of NAME; without one, the names there are.

    \b
    nhigraph export-query postgres | psql -X -q -At erp > erp.postgres.json

    Each only reads, and says at its top how it is run and what it needs.
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    from nhigraph.app.bundled import bundled
    from nhigraph.errors import UsageError

    there = {path.stem: path for path in sorted(bundled("queries/export").iterdir())}
    if name is None:
        for stem, path in there.items():
            click.echo(f"{stem:<10} {_title(path.read_text(encoding='utf-8'))}")
        return
    if name not in there:
        raise UsageError(f"no export query {name!r}: there are {', '.join(there)}")
    click.echo(there[name].read_text(encoding="utf-8"), nl=False)


def _title(text: str) -> str:
    """What a file says that it makes."""
    told = (line.partition("title:")[2].strip() for line in text.splitlines())
    return next(filter(None, told), "")

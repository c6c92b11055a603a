"""``nhigraph sources``: what can be read."""

import click

from nhigraph.cli.options import FORMATS, table


@click.command("sources", short_help="What can be read, and how it is recognised.")
@click.option("--format", "form_name", type=click.Choice(FORMATS), default="table")
def command(form_name: str) -> None:
    """List the sources: what each one reads and says."""
    import json

    from nhigraph.app.sources import SourceRow, source_rows
    from nhigraph.output import columns
    from nhigraph.output.csv_files import rows_csv

    rows = source_rows()
    if form_name == "csv":
        click.echo(rows_csv(SourceRow, rows), nl=False)
        return
    named = columns(SourceRow)
    cells = [[getattr(row, field) for _, field in named] for row in rows]
    names = [name for name, _ in named]
    if form_name == "json":
        records = [dict(zip(names, row, strict=True)) for row in cells]
        click.echo(json.dumps({"nhigraph": "sources/1", "rows": records}, indent=1))
        return
    table(names, cells)

"""``nhigraph sources``: what can be read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options, terminal

if TYPE_CHECKING:
    from nhigraph.app.sources import SourceRow


@click.command("sources", short_help="What can be read, and how it is recognised.")
@click.argument("name", metavar="[NAME]", required=False)
@options.form
def command(name: str | None, form_name: str) -> None:
    """List the sources, or tell of one what it reads, says and cannot see.

    The forms for machines have all of it for every source.
    """
    import json

    from nhigraph.app.sources import SourceRow, source_rows
    from nhigraph.errors import UsageError
    from nhigraph.output import columns
    from nhigraph.output.csv_files import rows_csv

    rows = [row for row in source_rows() if name in {None, row.source}]
    if not rows:
        raise UsageError(f"no source {name!r}: `nhigraph sources` lists them")
    if form_name == "csv":
        terminal.machine(rows_csv(SourceRow, rows))
    elif form_name == "json":
        records = [{at: getattr(row, of) for at, of in columns(SourceRow)} for row in rows]
        click.echo(json.dumps({"nhigraph": "sources/1", "rows": records}, indent=1))
    elif name is None:
        _list(rows)
    else:
        for row in rows:
            _tell(row)


def _list(rows: "Sequence[SourceRow]") -> None:
    """A line a source; what is of another package, or cannot be used, says so."""
    shown = ("source", "title", "package", "version", "problem")
    heads = [head for head in shown if any(getattr(row, head) for row in rows)]
    terminal.table(heads, [[getattr(row, head) for head in heads] for row in rows])
    click.echo("`nhigraph sources NAME` tells what one of them says, and cannot see", err=True)


def _tell(row: "SourceRow") -> None:
    """Everything of one."""
    terminal.line(f"{row.source}: {row.title or row.problem}")
    for name in ("accepts", "emits", "blind_spots", "package", "version", "problem"):
        value = getattr(row, name)
        text = value if isinstance(value, str) else ", ".join(value)
        if text:
            terminal.field(name.replace("_", " "), text)

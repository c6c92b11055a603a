"""``nhigraph coverage``: what was read, what was not, and what that leaves open."""

from pathlib import Path

import click

from nhigraph.cli import options, printing, terminal


@click.command("coverage", short_help="What was read, what was not, and what that leaves open.")
@options.graph
@options.as_of
@options.form
def command(
    graph_folder: Path, as_of: str | None, form_name: str, *, include_disabled: bool
) -> None:
    """List every document with its records, then gaps and exports that would settle them."""
    from nhigraph.app.coverage import DocumentRow, beside_documents, document_rows, open_questions
    from nhigraph.output import printable

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    rows = document_rows(judged.coverage)
    more = beside_documents(judged) if form_name == "json" else None
    printing.show("coverage", DocumentRow, rows, form_name, judged=judged, beside=more)
    if form_name == "table":
        for line in open_questions(judged):
            # One with a command stays whole: it is there to be pasted.
            if line.startswith("not supplied"):
                click.echo(printable(line))
            else:
                terminal.line(line)
    printing.beside(judged)

"""``nhigraph population``: every identity and credential."""

from pathlib import Path

import click

from nhigraph.cli import options, printing


@click.command("population", short_help="Every identity and credential that was seen.")
@options.graph
@options.as_of
@options.form
def command(
    graph_folder: Path, as_of: str | None, form_name: str, *, include_disabled: bool
) -> None:
    """List the population: the rows of population.csv."""
    from nhigraph.app.assessment import population
    from nhigraph.assurance.rows import PopulationRow

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    rows = population(judged.estate, judged.coverage)
    headers = ("key", "kind", "owner", "rotated", "expires", "state", "environment", "source")
    printing.show("population", PopulationRow, rows, form_name, judged=judged, headers=headers)
    printing.beside(judged)

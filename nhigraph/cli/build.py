"""``nhigraph build``: the graph alone."""

from pathlib import Path

import click

from nhigraph.cli import options, printing
from nhigraph.cli.paths import PATH
from nhigraph.cli.progress import progress


@click.command("build", short_help="Read the exports into a graph, without judging.")
@options.inputs
@click.option(
    "--out",
    type=PATH,
    default=Path(options.FOLDER),
    show_default=True,
    help="Folder for the graph, replaced as a whole.",
)
@options.as_of
@options.repo
def command(
    inputs: tuple[Path, ...],
    out: Path,
    as_of: str | None,
    repo: str | None,
    *,
    include_disabled: bool,
) -> None:
    """Read the exports in INPUT and store the graph for reach, who, why, blast and explain."""
    from nhigraph.app.build import run_build
    from nhigraph.output import counted

    options.room(inputs, judging=False)
    with progress("reading the inputs") as say:
        judged = run_build(
            inputs,
            out,
            option=as_of,
            repo=repo,
            include_disabled=include_disabled,
            say=say,
        )
    graph = judged.estate.graph
    # As every command counts them: a gap that an answer closes is none any more.
    counts = (len(graph.nodes), "node"), (len(graph.edges), "edge"), (judged.gaps, "gap")
    closed = len(judged.estate.closed)
    verb = "is" if closed == 1 else "are"
    more = f"; {counted(closed, 'gap')} {verb} closed by answers of the scope" if closed else ""
    click.echo(f"{', '.join(counted(number, noun) for number, noun in counts)}{more}")
    printing.beside(judged)
    printing.passed_by(judged)
    click.echo(f"graph: {out / 'graph'}", err=True)

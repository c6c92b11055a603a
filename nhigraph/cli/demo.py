"""``nhigraph demo``: the main job on the sample company."""

from pathlib import Path

import click

from nhigraph.cli import options


@click.command("demo", short_help="Judge the sample company and say where the report is.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("demo-out"),
    show_default=True,
    help="Output folder, replaced as a whole.",
)
def command(out: Path) -> None:
    """Run assess on the sample that comes with the package."""
    from nhigraph.app.assess import run_assess
    from nhigraph.app.demo import request

    done = run_assess(request(out), options.talk())
    options.answered(done)
    click.echo(f"report: {(out / 'report.html').absolute()}")
    click.echo(f"next: nhigraph who fin:revenue --graph {out}/graph")

"""``nhigraph demo``: the main job on the sample company."""

import shlex
import shutil
import sys
from pathlib import Path

import click

from nhigraph.cli import options
from nhigraph.cli.answered import answered, graph_option
from nhigraph.cli.progress import progress


@click.command("demo", short_help="Judge the sample company and say where the report is.")
@options.out
def command(out: Path) -> None:
    """Run assess on the sample that comes with the package."""
    from nhigraph.app.assess import run_assess
    from nhigraph.app.demo import request

    with progress("reading the sample") as say:
        done = run_assess(request(out), say)
    answered(done, out)
    click.echo(f"report: {(out / 'report.html').absolute()}")
    click.echo(f"next: {program()} who fin:revenue{graph_option(out)}")


def program() -> str:
    """How this program is started: by its name where that finds it, else as it was."""
    started = Path(sys.argv[0])
    found = shutil.which("nhigraph")
    if found is not None and Path(found).resolve() == started.resolve():
        return "nhigraph"
    if started.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m nhigraph"
    return shlex.quote(sys.argv[0])

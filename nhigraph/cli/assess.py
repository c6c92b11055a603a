"""``nhigraph assess``: the main job."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options, printing
from nhigraph.cli.answered import answered, beside
from nhigraph.cli.progress import progress

if TYPE_CHECKING:
    from nhigraph.app.assess import Done
    from nhigraph.app.gate import Gate


@click.command("assess", short_help="Judge every identity and write the report.")
@options.inputs
@options.scope
@options.out
@options.as_of
@options.repo
@options.engine
@click.option(
    "--fail-on",
    metavar="WHAT",
    help="Exit 1 on soc1:indirect, soc1:direct, soc2, soc2:LETTER or any; 3 on a scope error, and "
    "where nothing of that is found, but a document or record could not be read.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Exit 3 on a scope error, a bad file or record, or an undetermined identity.",
)
@click.option("--all-reached", is_flag=True, help="Rows of reached pairs without effect, too.")
@click.option("--all-pairs-csv", is_flag=True, help="verdicts.csv even above a million rows.")
@click.option(
    "--paths",
    type=click.IntRange(min=0),
    default=10_000,
    show_default=True,
    help="Most paths to print: ten steps each on average, 100,000 steps at the least.",
)
def command(  # noqa: PLR0913 - one argument per option
    inputs: tuple[Path, ...],
    scope: Path | None,
    out: Path,
    as_of: str | None,
    repo: str | None,
    fail_on: str | None,
    *,
    engine: str,
    master: str | None,
    include_disabled: bool,
    strict: bool,
    all_reached: bool,
    all_pairs_csv: bool,
    paths: int,
) -> None:
    """Read the exports in INPUT, judge every non-human identity, write the report.

    INPUT are files and folders of any kinds that `nhigraph sources` lists; they are recognised
    by content. The scope says which nodes are the books and which are promises.
    """
    from nhigraph.app import assess as app
    from nhigraph.app import gate
    from nhigraph.app.elsewhere import elsewhere
    from nhigraph.assurance.answer import Options

    app.failing_condition(fail_on)
    request = app.Request(
        inputs=inputs,
        out=out,
        scope=scope,
        as_of=as_of,
        repo=repo,
        include_disabled=include_disabled,
        options=Options(all_reached=all_reached, paths=paths),
        all_pairs_csv=all_pairs_csv,
    )
    options.room(inputs, judging=True)
    with progress("reading the inputs") as say, elsewhere(engine, master) as where:
        done = app.run_assess(request, say, where)
    told(done, out)
    click.echo(f"report: {out / 'report.html'}", err=True)
    leave(gate.of_assessment(done, fail_on, strict=strict))


def told(done: "Done", out: Path, *, beside_alone: bool = False) -> None:
    """The answer, and what stands against it: no date but the clock, documents not read.

    Args:
        done: What was judged.
        out: Folder that the answer was written to.
        beside_alone: Only what goes to standard error: the answer itself is told otherwise.
    """
    if done.judged.date.source == "clock":
        click.echo("warning: no input and no scope says a date; answers are as of today", err=True)
    if beside_alone:
        beside(done)
    else:
        answered(done, out)
    printing.passed_by(done.judged)


def leave(found: "Gate") -> None:
    """Say why a gate does not pass, and exit as it says."""
    from nhigraph.output import printable

    for line in found.said:
        click.echo(printable(line), err=True)
    if found.code:
        sys.exit(found.code)

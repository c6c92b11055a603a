"""``nhigraph check``: the gate of continuous integration, in one command."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import assess, diff, options, printing
from nhigraph.cli.paths import PATH
from nhigraph.cli.progress import progress

if TYPE_CHECKING:
    from nhigraph.app.assess import Done
    from nhigraph.app.gate import Gate
    from nhigraph.app.questions.diff import Compared


@click.command("check", short_help="A gate: fail on what is found, or on what is new.")
@options.inputs
@options.scope
@options.out
@click.option(
    "--baseline",
    metavar="DIR",
    type=PATH,
    help="An output folder of before, such as one that is committed: what it knows does not fail.",
)
@click.option(
    "--fail-on-new",
    metavar="WHAT",
    help="With --baseline: new, new:soc1, new:soc2 or new:exposure, as diff --fail-on; by "
    "default new.",
)
@click.option("--fail-on", metavar="WHAT", help="As assess --fail-on, whatever the baseline says.")
@click.option("--strict", is_flag=True, help="As assess --strict.")
@click.option(
    "--summary",
    metavar="FILE",
    type=PATH,
    help="Append a summary in Markdown, such as to $GITHUB_STEP_SUMMARY.",
)
@options.as_of
@options.repo
@options.form
def command(  # noqa: PLR0913 - one argument per option
    inputs: tuple[Path, ...],
    scope: Path | None,
    out: Path,
    *,
    baseline: Path | None,
    fail_on_new: str | None,
    fail_on: str | None,
    summary: Path | None,
    as_of: str | None,
    repo: str | None,
    form_name: str,
    include_disabled: bool,
    strict: bool,
) -> None:
    """Judge the exports in INPUT as assess does, and exit by what is found.

    Exits with 1 where --fail-on finds something, or an answer is new or worse than in the
    baseline; with 3 where that could not be decided: a scope error, or something unread. As json
    or csv it prints each thing for which it does not pass, and nothing else.
    """
    from nhigraph.app import assess as app
    from nhigraph.app import gate
    from nhigraph.app.questions.diff import diff as compare

    new = _asked(baseline, fail_on_new, fail_on, out, strict=strict)
    request = app.Request(
        inputs=inputs,
        out=out,
        scope=scope,
        as_of=as_of,
        repo=repo,
        include_disabled=include_disabled,
    )
    with progress("reading the inputs") as say:
        done = app.run_assess(request, say)
    people = form_name == "table"
    assess.told(done, out, beside_alone=not people)
    came, found = gate.of_assessment(done, fail_on, strict=strict), None
    if baseline is not None:
        found = compare(baseline, out, include_disabled=include_disabled)
        option = f"--fail-on-new {fail_on_new}" if fail_on_new else "--baseline"
        came = gate.together(came, gate.of_difference(found, new, option, done.judged))
        if people:
            diff.tell(found)
        else:
            diff.beside(found)
    if not people:
        _for_machines(done, came, found, form_name)
    if summary is not None:
        _summarise(summary, done, found)
    click.echo(f"report: {out / 'report.html'}", err=True)
    assess.leave(came)


def _for_machines(done: "Done", came: "Gate", found: "Compared | None", form_name: str) -> None:
    """Print each thing for which it does not pass, in the form asked for."""
    from nhigraph.app.gate import GateRow
    from nhigraph.output.report_html import answer

    beside: dict[str, object] = {"exit_code": came.code, "answer": answer(done.assessment)}
    if found is not None:
        beside |= diff.sides(found)
    printing.show("check", GateRow, came.rows, form_name, judged=done.judged, beside=beside)


def _asked(
    baseline: Path | None, new: str | None, fail_on: str | None, out: Path, *, strict: bool
) -> str | None:
    """What a difference must be to fail.

    Raises:
        UsageError: Nothing could make it fail, or options contradict each other.
        NoInputError: There is no baseline.
    """
    from nhigraph.app.assess import failing_condition
    from nhigraph.app.judged import opened
    from nhigraph.app.questions.diff import failing_on
    from nhigraph.errors import NoInputError, UsageError

    failing_condition(fail_on)
    if baseline is None:
        if new is not None:
            raise UsageError("--fail-on-new: give the --baseline to compare with")
        if (fail_on or "none") == "none" and not strict:
            raise UsageError("nothing would fail: say --fail-on WHAT, --baseline DIR or --strict")
        return None
    if new == "none" and (fail_on or "none") == "none" and not strict:
        raise UsageError("nothing would fail: say --fail-on-new WHAT, --fail-on WHAT or --strict")
    if baseline.resolve() in {out.resolve(), (out / "graph").resolve()}:
        raise UsageError("--baseline and --out are one folder: it would be compared with itself")
    failing_on(new, "--fail-on-new")
    try:
        opened(baseline)
    except NoInputError as error:
        told = "make one with `nhigraph assess … --out DIR`, and commit it"
        raise NoInputError(f"--baseline: {error}; {told}") from error
    return new or "new"


def _summarise(path: Path, done: "Done", found: "Compared | None") -> None:
    from nhigraph.errors import UsageError
    from nhigraph.output.report_html import answer
    from nhigraph.output.summary_markdown import render

    differing = None if found is None else found.told
    text = render(done.assessment, answer(done.assessment), done.judged.read, differing)
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"--summary: cannot be written: {error.strerror}") from error

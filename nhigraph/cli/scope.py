"""``nhigraph scope``: propose a scope, write what is confirmed of it, and check one."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options, printing
from nhigraph.cli.abbreviated import Abbreviated
from nhigraph.cli.paths import PATH

if TYPE_CHECKING:
    from nhigraph.app.scope import Written
    from nhigraph.app.scope_places import PlacedIssue

_FILE = "scope.yaml"

_accept = click.option(
    "--accept",
    metavar="LIST",
    help="Numbers of proposals to write into the scope file, such as 1,2,5-7.",
)
_file = click.option(
    "--scope",
    "scope_file",
    metavar="FILE",
    type=PATH,
    default=_FILE,
    show_default=True,
    help="The scope file; comments, and fields that are not known, stay.",
)
_basis = click.option(
    "--icfr-basis",
    type=click.Choice(["own", "user_entity", "both", "unknown"]),
    help="Whose statements the accepted targets are for.",
)


@click.group("scope", cls=Abbreviated, short_help="Propose a scope file, write one, or check one.")
def command() -> None:
    """Which nodes are the books, and which are promises, is the user's claim."""


_commitments = click.option(
    "--commitments", metavar="LETTERS", help="What the organisation promised, such as S,A,C."
)


@command.command("suggest")
@options.inputs
@click.option("--organization", help="Name to put into the file.")
@_commitments
@_accept
@_basis
@_file
@options.repo
def suggest(
    *,
    inputs: tuple[Path, ...],
    organization: str | None,
    commitments: str | None,
    accept: str | None,
    icfr_basis: str | None,
    scope_file: Path,
    repo: str | None,
) -> None:
    """Print a scope file proposed from names, tags, exposures, groups and meta.

    Every proposed target is commented out and carries its reason: a claim to confirm. Those
    that --accept names are written into the scope file instead, which is made if it is not there,
    with --organization and --commitments.
    """
    if accept is None:
        if commitments is not None:
            raise click.UsageError("--commitments goes with --accept: nothing is written without")
        from nhigraph.app.scope import proposals

        proposed = proposals(inputs, repo=repo)
        click.echo(proposed.text(organization), nl=False)
        printing.not_read(proposed.unread)
        return
    from nhigraph.app import scope
    from nhigraph.assurance.proposals import Said
    from nhigraph.cli.scope_init import letters

    head = scope.Head(organization or "", letters(commitments or ""))
    found = scope.proposals(inputs, repo=repo)
    printing.not_read(found.unread)
    said = Said(icfr_basis) if icfr_basis else Said()
    chosen = dict.fromkeys(scope.numbers(accept, len(found.ranked)), said)
    done = scope.accept(scope_file, found, chosen, head)
    if head != scope.Head() and not done.made:
        told = "what it says of the organisation and its commitments stands"
        click.echo(f"{scope_file}: was there; {told}", err=True)
    _written(done, scope_file, inputs, repo)


@command.command("init")
@options.inputs
@click.option("--organization", help="Its name.")
@_commitments
@_accept
@_basis
@_file
@options.repo
def init(inputs: tuple[Path, ...], scope_file: Path, repo: str | None, **said: str | None) -> None:
    """Make a scope file, by questions in a terminal.

    What an option says is not asked. Without a terminal, --accept is needed.
    """
    from nhigraph.cli.scope_init import Wanted, make

    done = make(inputs, scope_file, Wanted(**said), repo)
    if done is not None:
        _written(done, scope_file, inputs, repo)


def _written(done: "Written", scope_file: Path, inputs: Sequence[Path], repo: str | None) -> None:
    """Say what was written, what was there, and what to run next."""
    from nhigraph.output import counted, printable

    if done.added:
        verb = "made with" if done.made else "added"
        click.echo(
            printable(
                f"{scope_file}: {verb} {counted(len(done.added), 'target')}: "
                f"{', '.join(done.added)}"
            )
        )
    elif done.made:
        click.echo(printable(f"{scope_file}: made without a target"))
    if done.there:
        click.echo(printable(f"{scope_file}: has these already: {', '.join(done.there)}"))
    words = ["nhigraph", "scope", "check", *map(str, inputs), "--scope", str(scope_file)]
    if repo:
        words += ["--repo", repo]
    click.echo(f"next: {shlex.join(words)}", err=True)


@command.command("check")
@options.inputs
@click.option("--scope", "scope_file", type=PATH, help="The scope file.")
@options.as_of
@options.repo
@options.form
@click.option("--strict", is_flag=True, help="A warning counts as an error.")
def check(
    inputs: tuple[Path, ...],
    scope_file: Path | None,
    as_of: str | None,
    repo: str | None,
    form_name: str,
    *,
    include_disabled: bool,
    strict: bool,
) -> None:
    """Say what is misspelt, which selectors match nothing, which targets nothing leads to.

    For people each is a line as editors read them: file, line, column, level. Exits with 1 where
    there is an error.
    """
    from nhigraph.app.scope import checked
    from nhigraph.app.scope_places import PlacedIssue

    judged, issues = checked(
        inputs, scope=scope_file, option=as_of, repo=repo, include_disabled=include_disabled
    )
    if form_name == "table":
        _lines(issues)
    else:
        printing.show("scope check", PlacedIssue, issues, form_name, judged=judged)
    printing.beside(judged)
    printing.passed_by(judged)
    wrong = {"error", "warning"} if strict else {"error"}
    if any(issue.level in wrong for issue in issues):
        sys.exit(1)


def _lines(issues: "Sequence[PlacedIssue]") -> None:
    """Issues as an editor lists them, and how many there are."""
    from nhigraph.output import counted, printable

    for one in issues:
        place = ":".join(str(part) for part in (one.file, one.line, one.column) if part)
        of = f"target {one.target}" if one.target else ""
        said = ": ".join(part for part in (place, one.level, of, one.problem) if part)
        # What was meant is advice enough.
        click.echo(printable(said if said.endswith("?") else f"{said}; {one.advice}"))
    if not issues:
        click.echo("nothing to say: every selector matches, something leads to every target")
        return
    levels = dict.fromkeys(("error", "warning", "note"), 0)
    for one in issues:
        levels[one.level] += 1
    click.echo(", ".join(counted(number, level) for level, number in levels.items() if number))

"""``nhigraph scope``: propose a scope, and check one."""

import sys
from pathlib import Path

import click

from nhigraph.cli import options


@click.group("scope", short_help="Propose a scope file, or check one against the inputs.")
def command() -> None:
    """Which nodes are the books, and which are promises, is the user's claim."""


@command.command("suggest")
@options.inputs
@click.option("--organization", help="Name to put into the file.")
@options.repo
def suggest(inputs: tuple[Path, ...], organization: str | None, repo: str | None) -> None:
    """Print a scope file proposed from names, tags, exposures, groups and meta.

    Every proposed target is commented out and carries its reason: a claim to confirm.
    """
    from nhigraph.app.scope import suggestion

    click.echo(suggestion(inputs, organization=organization, repo=repo), nl=False)


@command.command("check")
@options.inputs
@click.option("--scope", "scope_file", type=click.Path(path_type=Path), help="The scope file.")
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
    """Say which selectors match nothing, and which targets nothing leads to.

    Exits with 1 where there is an error.
    """
    from nhigraph.app.scope import checked
    from nhigraph.assurance.rows import ScopeIssue

    every = (*inputs, scope_file) if scope_file else inputs
    judged, issues = checked(every, option=as_of, repo=repo, include_disabled=include_disabled)
    options.show("scope check", ScopeIssue, issues, form_name, judged=judged)
    if not issues:
        click.echo("nothing to say: every selector matches, something leads to every target")
    options.beside(judged)
    wrong = {"error", "warning"} if strict else {"error"}
    if any(issue.level in wrong for issue in issues):
        sys.exit(1)

"""The command ``nhigraph``: its commands in teaching order."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from nhigraph.cli.abbreviated import Abbreviated
from nhigraph.cli.progress import waiting
from nhigraph.errors import InputError, NhigraphError, NoInputError, ServerError
from nhigraph.version import __version__

#: Commands in teaching order. Each stands in the module of its name, imported when it is asked
#: for: one is run at a time, and all of them take longer to import than the answer to many.
COMMANDS = (
    *("demo", "assess", "build", "view", "scope", "sources", "coverage", "population", "ask"),
    *("which", "who", "why", "reach", "blast", "radius", "cut", "rotate", "what-if", "diff"),
    *("check", "findings", "explain", "export-query", "export", "neo4j", "query", "completion"),
)


#: 128 and the number of the signal SIGINT.
_INTERRUPTED = 130


class Commands(Abbreviated):
    """The commands, each imported when it is asked for."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        """Run a command; who ends it by Ctrl-C is told so, with the shells' exit code for that."""
        waiting("working")
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted: what stood there before is as it was", err=True)
            ctx.exit(_INTERRUPTED)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in teaching order."""
        del ctx
        return list(COMMANDS)

    def named(self, ctx: click.Context, name: str) -> click.Command:
        """The command of a name, imported now."""
        del ctx
        return _command(name)


def _command(name: str) -> click.Command:
    """The command of a name in ``COMMANDS``."""
    found: click.Command = import_module(f"nhigraph.cli.{name.replace('-', '_')}").command
    _takes_no_color(found)
    return found


def _plain(ctx: click.Context, option: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's form
    """Take colours away from everything that is printed from here on."""
    del option
    if value:
        for one in (ctx, ctx.find_root()):
            one.color = False


def _no_color(*, hidden: bool) -> click.Option:
    return click.Option(
        ["--no-color"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        hidden=hidden,
        callback=_plain,
        help="No colours on a terminal; stands behind a command, too. NO_COLOR does the same.",
    )


def _takes_no_color(command: click.Command) -> None:
    """Let the option stand behind a command, too, where most people type it."""
    for one in (command, *getattr(command, "commands", {}).values()):
        if not any(option.name == "no_color" for option in one.params):
            one.params.append(_no_color(hidden=True))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nhigraph")
def nhigraph() -> None:
    """Which non-human identities can change the books, or break a promise of trust?

    Reads exports you already have, offline. Answers go to standard output, talk to standard
    error. Exit codes: 0 fine, 1 what --fail-on names was found, 2 usage, 3 no readable input,
    no such graph, or no room for an answer; under --strict also a bad file or record, or an
    undetermined identity.
    """


nhigraph.params.append(_no_color(hidden=False))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; errors become one line and an exit code."""
    if "_NHIGRAPH_COMPLETE" in os.environ:
        import_module("nhigraph.cli.completion")  # it tells click how bash cuts a line
    try:
        nhigraph.main(args=arguments, prog_name="nhigraph", standalone_mode=True)
    except (NoInputError, InputError, ServerError) as error:
        _say(error)
        sys.exit(3)
    except NhigraphError as error:
        _say(error)
        sys.exit(2)


def _say(error: Any) -> None:  # noqa: ANN401 - any of the error tree
    from nhigraph.facts.passwords import cut_key
    from nhigraph.output import printable

    # A name in an error may be one that a document has, or a person copied with its password.
    click.echo(f"nhigraph: {printable(cut_key(str(error)))}", err=True)

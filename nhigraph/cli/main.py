"""The command ``nhigraph``: its commands in teaching order."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from nhigraph.errors import InputError, NhigraphError, NoInputError, ServerError
from nhigraph.version import __version__

#: Commands in teaching order. Each stands in the module of its name, imported when it is asked
#: for: one is run at a time, and all of them take longer to import than the answer to many.
COMMANDS = (
    *("demo", "assess", "build", "view", "scope", "sources", "coverage", "population", "ask"),
    *("which", "who", "why", "reach", "blast", "cut", "rotate", "what-if", "diff", "findings"),
    *("explain", "neo4j", "query"),
)


class Commands(click.Group):
    """A group that takes unambiguous abbreviations and suggests what was meant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in teaching order."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name or the start of it."""
        if cmd_name in COMMANDS:
            return _command(cmd_name)
        starting = [name for name in COMMANDS if name.startswith(cmd_name)]
        if len(starting) == 1:
            return _command(starting[0])
        if starting:
            return ctx.fail(f"{cmd_name!r} could be any of: {', '.join(starting)}")
        from difflib import get_close_matches

        near = get_close_matches(cmd_name, COMMANDS, n=3)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        return ctx.fail(f"no such command: {cmd_name!r}.{hint}")


def _command(name: str) -> click.Command:
    """The command of a name in ``COMMANDS``."""
    found: click.Command = import_module(f"nhigraph.cli.{name.replace('-', '_')}").command
    return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nhigraph")
def nhigraph() -> None:
    """Which non-human identities can change the books, or break a promise of trust?

    Reads exports you already have, offline. Answers go to standard output, talk to standard
    error. Exit codes: 0 fine, 1 what --fail-on names was found, 2 usage, 3 no readable input
    or no such graph; under --strict also a bad file or record, or an undetermined identity.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; errors become one line and an exit code."""
    try:
        nhigraph.main(args=arguments, prog_name="nhigraph", standalone_mode=True)
    except NoInputError as error:
        _say(error)
        sys.exit(3)
    except (InputError, ServerError) as error:
        _say(error)
        sys.exit(3)
    except NhigraphError as error:
        _say(error)
        sys.exit(2)
    except BrokenPipeError:
        # The reader (head, less) has seen enough; nothing more can be written to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _say(error: Any) -> None:  # noqa: ANN401 - any of the error tree
    from nhigraph.facts.passwords import cut_key
    from nhigraph.output import printable

    # A name in an error may be one that a document has, or a person copied with its password.
    click.echo(f"nhigraph: {printable(cut_key(str(error)))}", err=True)

"""``--exit-code``: a question's answer as an exit code, as ``git diff --exit-code`` has it."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

#: Something was found; nothing was found, and it is not known whether there is something.
FOUND, UNKNOWN = 1, 3


def exit_code(command: Command) -> Command:
    """The option; the command calls ``leave`` with what came of it."""
    return click.option(
        "--exit-code",
        "as_code",
        is_flag=True,
        help="Exit 1 where something is found, 0 where nothing is, and 3 where nothing is found "
        "but it is not known: a gap is reached, or something could not be read.",
    )(command)


def leave(*, as_code: bool, found: bool, unknown: bool) -> None:
    """Exit as asked for.

    Args:
        as_code: Whether it was.
        found: The answer names something.
        unknown: It might name more.
    """
    if as_code and (found or unknown):
        sys.exit(FOUND if found else UNKNOWN)

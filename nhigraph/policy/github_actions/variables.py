"""What a step's script leaves for the steps after it.

A line ``NAME=value`` in the file that ``GITHUB_ENV`` or ``GITHUB_OUTPUT`` names
(https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#environment-files),
by ``echo`` or ``printf``, alone or before ``tee``, or by ``cat`` and a here-document. Values of
several lines are not followed.
"""

import re
from collections.abc import Iterator, Sequence

from nhigraph.policy.shell import Command

#: Names of the files for variables, and for outputs of the step.
ENV, OUTPUT = "GITHUB_ENV", "GITHUB_OUTPUT"
_LINE = re.compile(r"([A-Za-z_][\w-]*)=(.*)\Z", re.DOTALL)


def left(commands: Sequence[Command], file: str) -> Iterator[tuple[int, str, str]]:
    """What a script leaves in a file for later steps: the command's number, name and value."""
    for at, command in enumerate(commands):
        if not any(file in word for word in (*command.output, *command.words)):
            continue
        by_tee = command.words[:1] == ("tee",)
        if not by_tee and not any(file in out for out in command.output):
            continue
        printing = commands[at - 1] if by_tee and at and not command.here else command
        for line in _lines(printing):
            if found := _LINE.match(line):
                yield at, found[1], found[2]


def _lines(command: Command) -> Iterator[str]:
    """What a command prints."""
    words = command.words
    if words[:1] in (("cat",), ("tee",)):
        yield from command.here
    elif words[:1] == ("printf",) and len(words) > 1:
        yield _printed(words[1], words[2:])
    elif words[:1] == ("echo",) and len(words) > 1:
        yield words[-1]


def _printed(form: str, words: Sequence[str]) -> str:
    """What ``printf`` prints: its words in the places of the form that take a text."""
    rest = iter(words)
    text = re.sub(r"%s", lambda _: next(rest, ""), form)
    return text.removesuffix("\\n").removesuffix("\n")

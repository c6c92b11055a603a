"""What a script leaves in a file of variables for those who run after it.

A line ``NAME=value`` in the file that ``GITHUB_ENV`` or ``GITHUB_OUTPUT`` names
(https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#environment-files)
or that a dotenv report of GitLab is (https://docs.gitlab.com/ci/variables/dotenv_variables/), by
``echo`` or ``printf``, alone or before ``tee``, or by ``cat`` and a here-document. A value of
several lines (``NAME<<MARK``) is not known.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from nhigraph.facts.values import UNSET, Named, Value, any_of
from nhigraph.policy.scripts.flow import Flow
from nhigraph.policy.scripts.states import Reads, States
from nhigraph.policy.shell import SUBSTITUTED, Command
from nhigraph.policy.shell_blocks import Part

_LINE = re.compile(r"([A-Za-z_][\w-]*)(=|<<)(.*)\Z", re.DOTALL)
_OPTION = re.compile(r"-[neE]+\Z")
#: Commands that write what they read, PowerShell's too.
_WRITERS = frozenset({"tee", "tee-object", "out-file", "add-content"})


def lines(commands: Sequence[Command], file: str) -> Iterator[tuple[int, str, str]]:
    """What a script leaves in a file for later steps: the command's number, name and value."""
    for at, command in enumerate(commands):
        if not any(file in word for word in (*command.output, *command.words)):
            continue
        by_tee = bool(command.words) and command.words[0].lower() in _WRITERS
        if not by_tee and not any(file in out for out in command.output):
            continue
        printing = commands[at - 1] if by_tee and at and not command.here else command
        for line in _printed_by(printing):
            if found := _LINE.match(line):
                yield at, found[1], found[3] if found[2] == "=" else SUBSTITUTED


def left(
    commands: Sequence[Command], states: States, reads: Reads, file: str, before: Named
) -> Named:
    """What a script leaves in a file, over what was there before."""
    said: dict[int, dict[str, str]] = {}
    for at, name, word in lines(commands, file):
        said.setdefault(at, {})[name] = word
    if not said:
        return before
    # A file that a subshell writes stays written.
    here = [
        replace(one, inside=tuple(block for block in one.inside if block.part is not Part.APART))
        for one in commands
    ]
    told = {id(here[at]): (states.at((at,)), words) for at, words in said.items()}

    def leaves(
        command: Command, _: Named
    ) -> tuple[Mapping[str, Value], Mapping[str, Value | None]]:
        env, words = told.get(id(command), ({}, {}))
        return {}, {name: reads(command, name, word, env) for name, word in words.items()}

    return Flow(here, before, leaves, any_of, lambda _: UNSET).end


def _printed_by(command: Command) -> Iterator[str]:
    """What a command prints."""
    words = command.words
    if words[:1] in (("cat",), ("tee",)):
        yield from command.here
    elif words[:1] == ("printf",) and len(words) > 1:
        yield from _cut(_printed(words[1], words[2:]))
    elif words[:1] == ("echo",) and len(words) > 1:
        options = next((at for at, one in enumerate(words[1:]) if not _OPTION.match(one)), 0)
        yield from _cut(" ".join(words[1 + options :]))
    elif not words:
        # In PowerShell a text alone is printed; in another shell nothing is.
        yield from (f"{name}={value}" for name, value in command.assigns)


def _cut(text: str) -> list[str]:
    """Lines of a text: how their ends are written depends on the shell."""
    return text.replace("\\n", "\n").split("\n")


def _printed(form: str, words: Sequence[str]) -> str:
    """What ``printf`` prints: its words in the places of the form, which serves again for more."""
    rest, many = iter(words), form.count("%s")
    times = -(-len(words) // many) if many and words else 1
    return "".join(re.sub(r"%s", lambda _: next(rest, ""), form) for _ in range(times))

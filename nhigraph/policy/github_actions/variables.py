"""What a step's script leaves for the steps after it."""

import re
from collections.abc import Iterator, Sequence

from nhigraph.policy.shell import Command


def environment_writes(found: Sequence[Command]) -> Iterator[tuple[str, str]]:
    """Variables a script sets for later steps: ``echo "NAME=value" >> "$GITHUB_ENV"``."""
    # https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    for command in found:
        written = any("GITHUB_ENV" in out for out in command.output)
        if written and command.words[:1] in (("echo",), ("printf",)) and len(command.words) > 1:
            name, equals, value = command.words[-1].partition("=")
            if equals and re.fullmatch(r"[A-Za-z_]\w*", name):
                yield name, value

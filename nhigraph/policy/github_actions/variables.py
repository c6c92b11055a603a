"""What a step's script leaves for the steps after it."""

import re

from nhigraph.policy.shell import Command


def environment_write(command: Command) -> tuple[str, str] | None:
    """What a command sets for later steps: ``echo "NAME=value" >> "$GITHUB_ENV"``."""
    # https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    written = any("GITHUB_ENV" in out for out in command.output)
    if written and command.words[:1] in (("echo",), ("printf",)) and len(command.words) > 1:
        name, equals, value = command.words[-1].partition("=")
        if equals and re.fullmatch(r"[A-Za-z_]\w*", name):
            return name, value
    return None

"""A simple command of a shell script."""

from nhigraph.policy.shell_blocks import Path
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command.

    Attributes:
        words: Its words, quotes removed; assignments in front of it are not among them.
        assigns: Names and values assigned in front of it, or alone.
        line: Line of the script it starts on, from 0.
        output: Files it writes to by redirection.
        inside: Parts of the script that it is in, the outermost first.
        here: Lines of the here-document that it reads.
    """

    words: tuple[str, ...]
    assigns: tuple[tuple[str, str], ...] = ()
    line: int = 0
    output: tuple[str, ...] = ()
    inside: Path = ()
    here: tuple[str, ...] = ()

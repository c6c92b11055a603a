"""The few forms of Markdown that the reference is made of."""

import re
from collections.abc import Iterable, Sequence

_BREAKS = re.compile(r"\s*\n\s*")
#: A word of RST as Markdown writes it.
_LITERAL = re.compile(r"``(.+?)``", re.DOTALL)


def page(title: str, *parts: str) -> str:
    """A page: its title, then its parts, a blank line between."""
    return "\n\n".join((f"# {title}", *(part.strip("\n") for part in parts if part))) + "\n"


def section(title: str, *parts: str, level: int = 2) -> str:
    """A heading and what stands under it."""
    return "\n\n".join((f"{'#' * level} {title}", *(part.strip("\n") for part in parts if part)))


def code(*words: str) -> str:
    """Words as they are typed, a comma between; nothing for none."""
    return ", ".join(f"`{word}`" for word in words)


def plain(text: str) -> str:
    """Prose of a docstring: on one line, its literals as Markdown has them."""
    return _BREAKS.sub(" ", _LITERAL.sub(r"`\1`", text)).strip()


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; empty where there are no rows."""
    lines = [_line(row) for row in rows]
    if not lines:
        return ""
    return "\n".join((_line(headers), _line(["---"] * len(headers)), *lines))


def _line(cells: Sequence[str]) -> str:
    return (
        f"| {' | '.join(_BREAKS.sub(' ', cell).replace('|', chr(92) + '|') for cell in cells)} |"
    )

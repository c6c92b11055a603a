"""What a terminal shows: how wide a text is, where it breaks, and in which colour a word stands.

rich measures and colours. It is imported by what needs it: a table for a pipe needs nothing.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

#: Colours of the words of rows, in every column of these names. They are the report's: red is what
#: can happen, yellow what is not known; nothing is green, because nothing here is a clearance.
COLOURED: Final = frozenset({"verdict", "soc1", "exposure", "answer", "severity"})
COLOURS: Final[Mapping[str, str]] = {
    "both": "bold red",
    "soc1": "red",
    "soc2": "red",
    "direct": "bold red",
    "indirect": "red",
    "open": "bold red",
    "critical": "bold red",
    "high": "red",
    "undetermined": "yellow",
    "neither": "dim",
    "none": "dim",
    "in-population": "dim",
}
HEAD: Final = "bold"
RULE: Final = "dim"


def cell_width(text: str) -> int:
    """Columns the text takes on a terminal."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - late: most names are ASCII

    return cell_len(text)


def folded(text: str, width: int) -> list[str]:
    """Lines of whole words; a word that is wider than the width has a line of its own.

    rich breaks or crops such a word, and a key without its middle is of no use to go on with.
    """
    lines: list[str] = []
    for word in text.split(" "):
        if lines and cell_width(lines[-1]) + 1 + cell_width(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def style_of(head: str, cell: str) -> str:
    """Style of a cell of a column; empty where it has none."""
    return COLOURS.get(cell, "") if head in COLOURED else ""


@cache
def painted(text: str, style: str) -> str:
    """A text in a style of rich."""
    if not style or not text:
        return text
    from rich.color import ColorSystem  # noqa: PLC0415 - late: as above
    from rich.style import Style  # noqa: PLC0415 - late: as above

    return Style.parse(style).render(text, color_system=ColorSystem.STANDARD)

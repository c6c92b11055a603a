"""A table for people at a terminal."""

import unicodedata
from collections.abc import Iterable, Sequence

from nhigraph.output import printable

_GAP = "  "
_ELLIPSIS = "…"
#: No column is cut below this, even where the terminal is narrower than all of them.
_NARROWEST = 8


def table(
    headers: Sequence[str], rows: Iterable[Sequence[object]], width: int | None = None
) -> str:
    """Rows under their headers, in columns that line up whatever script a name is in.

    Args:
        headers: Column names.
        rows: Cells; None is empty, numbers stand right, lists are joined with commas.
        width: Columns of the terminal: the widest cells lose their middle until a line fits, since
            both ends of a key tell more than its middle. None cuts nothing (a pipe, a file).

    Returns:
        Lines without trailing spaces, each with its newline.
    """
    given = [tuple(row) for row in rows]
    body = [[_text(cell) for cell in row] for row in given]
    numeric = _numeric(len(headers), given)
    widths = [
        max(cell_width(cell) for cell in column)
        for column in zip([printable(head) for head in headers], *body, strict=True)
    ]
    if width is not None:
        widths = _fitted(widths, width - len(_GAP) * (len(widths) - 1))
    lines = [[printable(head) for head in headers], ["─" * size for size in widths], *body]
    return "".join(_line(line, widths, numeric) for line in lines)


def cell_width(text: str) -> int:
    """Columns the text takes on a terminal."""
    return len(text) if text.isascii() else sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) == "Me":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def shortened(text: str, width: int) -> str:
    """The text, without its middle where it is wider than ``width``."""
    if cell_width(text) <= width:
        return text
    head = _taken(text, (width - 1) // 2)
    tail = _taken(text[::-1], width - 1 - cell_width(head))[::-1]
    return head + _ELLIPSIS + tail


def _taken(text: str, width: int) -> str:
    used = 0
    for at, char in enumerate(text):
        used += _char_width(char)
        if used > width:
            return text[:at]
    return text


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, tuple | list):
        return ", ".join(printable(str(item)) for item in cell)
    return printable(str(cell))


def _numeric(columns: int, rows: Sequence[Sequence[object]]) -> frozenset[int]:
    return frozenset(
        at
        for at in range(columns)
        if rows and all(row[at] is None or type(row[at]) in {int, float} for row in rows)
    )


def _fitted(widths: list[int], room: int) -> list[int]:
    """Widths with the widest cut down, evenly, until all of them fit."""
    if sum(widths) <= room:
        return widths
    cap = max(widths)
    while cap > _NARROWEST and sum(min(size, cap) for size in widths) > room:
        cap -= 1
    fitted = [min(size, cap) for size in widths]
    spare = room - sum(fitted)
    for at, size in enumerate(widths):
        if spare > 0 and size > fitted[at]:
            fitted[at] += 1
            spare -= 1
    return fitted


def _line(cells: Sequence[str], widths: Sequence[int], numeric: frozenset[int]) -> str:
    shown = []
    for at, (cell, size) in enumerate(zip(cells, widths, strict=True)):
        text = shortened(cell, size)
        pad = " " * (size - cell_width(text))
        shown.append(pad + text if at in numeric else text + pad)
    return _GAP.join(shown).rstrip() + "\n"

"""A table for people at a terminal."""

from collections.abc import Iterable, Sequence

from nhigraph.output import printable
from nhigraph.output.terminal import HEAD, RULE, cell_width, folded, painted, style_of

_GAP = "  "
#: Below this a table is told record by record, and a long value stands under its name.
_NARROWEST = 80
_INDENT = "  "
#: A value that stands beside its name has at least so much room.
_LEAST = 20


def table(
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    width: int | None = None,
    *,
    colour: bool = False,
) -> str:
    """Rows under their headers, in columns that line up whatever script a name is in.

    Nothing is ever cut: a key that lost its middle is of no use to go on with. Where a line would
    be wider than the terminal, what is the same in every row is said once below; where that is not
    enough, or the terminal is narrow, each row becomes a block of lines.

    Args:
        headers: Column names.
        rows: Cells; None is empty, numbers stand right, lists are joined with commas.
        width: Columns of the terminal; None for no limit (a pipe, a file).
        colour: Heads and the words of verdicts stand out.

    Returns:
        Lines without trailing spaces, each with its newline.
    """
    given = [tuple(row) for row in rows]
    body = [[_text(cell) for cell in row] for row in given]
    heads = [printable(head) for head in headers]
    numeric = _numeric(len(headers), given)
    if width is None or _wide(_widths(heads, body)) <= width:
        return _in_columns(heads, body, numeric, colour=colour)
    columns = [{row[at] for row in body} for at in range(len(heads))]
    same = [at for at, cells in enumerate(columns) if at and len(body) > 1 and len(cells) == 1]
    kept = [at for at in range(len(heads)) if at not in same]
    some_heads, some = [heads[at] for at in kept], [[row[at] for at in kept] for row in body]
    of_all = _of_all([(heads[at], body[0][at]) for at in same], width)
    if width >= _NARROWEST and _wide(_widths(some_heads, some)) <= width:
        shifted = frozenset(kept.index(at) for at in numeric if at in kept)
        return _in_columns(some_heads, some, shifted, colour=colour) + of_all
    return _in_blocks(some_heads, some, width, colour=colour) + of_all


def fits(headers: Sequence[str], rows: Iterable[Sequence[object]], width: int) -> bool:
    """Whether a line of columns is no wider than the terminal."""
    body = [[_text(cell) for cell in row] for row in rows]
    return _wide(_widths(headers, body)) <= width


def _widths(heads: Sequence[str], body: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(cell_width, column)) for column in zip(heads, *body, strict=True)]


def _wide(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _in_columns(
    heads: Sequence[str],
    body: Sequence[Sequence[str]],
    numeric: frozenset[int],
    *,
    colour: bool,
) -> str:
    widths = _widths(heads, body)
    bold, dim = ([style] * len(heads) if colour else () for style in (HEAD, RULE))
    lines = [
        _line(heads, widths, numeric, bold),
        _line(["─" * size for size in widths], widths, numeric, dim),
    ]
    for row in body:
        styles = [style_of(*named) for named in zip(heads, row, strict=True)] if colour else ()
        lines.append(_line(row, widths, numeric, styles))
    return "".join(lines)


def _in_blocks(
    heads: Sequence[str], body: Sequence[Sequence[str]], width: int, *, colour: bool
) -> str:
    """A block a row: the first cell alone, then a line for each of the others that says something.

    A long value is broken between words; a word that is too long is left whole for the terminal to
    wrap, so that it can still be copied.
    """
    name = max(map(cell_width, heads[1:]), default=0)
    text = ""
    for row in body:
        lead = f"{heads[0]} {row[0]}" if row[0].isdecimal() else row[0]
        for line in folded(lead, max(width, _LEAST)):
            text += f"{painted(line.rstrip(), HEAD if colour else '')}\n"
        for head, cell in zip(heads[1:], row[1:], strict=True):
            if cell:
                text += _told(head, cell, name, width, style_of(head, cell) if colour else "")
    return text


def _told(head: str, cell: str, name: int, width: int, style: str) -> str:
    lead = f"{_INDENT}{head}{' ' * (name - cell_width(head))}{_GAP}"
    first, *rest = folded(cell, max(width - cell_width(lead), _LEAST))
    lines = [lead + painted(first, style)]
    lines += [" " * cell_width(lead) + painted(line, style) for line in rest]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _of_all(same: Sequence[tuple[str, str]], width: int) -> str:
    """What every row says, once."""
    said = "; ".join(f"{head} {cell or 'empty'}" for head, cell in same)
    if not said:
        return ""
    return "".join(f"{line.rstrip()}\n" for line in folded(f"in every row: {said}", width))


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


def _line(
    cells: Sequence[str],
    widths: Sequence[int],
    numeric: frozenset[int],
    styles: Sequence[str] = (),
) -> str:
    shown = []
    for at, (cell, size) in enumerate(zip(cells, widths, strict=True)):
        pad = " " * (size - cell_width(cell))
        told = painted(cell, styles[at]) if styles else cell
        shown.append(pad + told if at in numeric else told + pad)
    return _GAP.join(shown).rstrip() + "\n"

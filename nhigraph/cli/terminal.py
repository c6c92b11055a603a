"""Lines and tables as the terminal, or the pipe, takes them."""

import sys
from collections.abc import Iterable, Sequence

import click

#: Room for the name of a field, and least for what is said.
_FIELD = 14


def terminal_width() -> int | None:
    """Columns of the terminal; None where the output is no terminal, so nothing is cut."""
    import shutil

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def colour() -> bool:
    """Whether words may stand in colours: on a terminal, unless somebody says otherwise."""
    import os

    asked = click.get_current_context(silent=True)
    if asked is not None and asked.color is False:
        return False
    # https://no-color.org: any value but an empty one, whatever it is.
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain


def line(text: str) -> None:
    """Print a line of ours, broken between words where the terminal is narrower."""
    from nhigraph.output import printable
    from nhigraph.output.terminal import folded

    told, width = printable(text), terminal_width()
    indent = " " * (len(told) - len(told.lstrip()))
    room = max((width or 0) - len(indent), _FIELD)
    for part in folded(told.lstrip(), room) if width else (told.lstrip(),):
        click.echo(f"{indent}{part}".rstrip())


def field(name: str, value: str, room: int = _FIELD) -> None:
    """Print one field of an explanation, broken between words where the terminal is narrower."""
    from nhigraph.output import printable
    from nhigraph.output.terminal import folded

    width, lead = terminal_width(), f"  {printable(name):<{room}} "
    text = printable(value)
    for part in folded(text, max(width - len(lead), room)) if width else (text,):
        click.echo(f"{lead}{part}".rstrip())
        lead = " " * len(lead)


def machine(text: str, *, json: bool = False) -> None:
    """Print a form for machines: as it is, but on a terminal without what steers one."""
    from nhigraph.output import escaped, printable

    if terminal_width() is not None:
        spelt = escaped if json else printable
        text = "\n".join(spelt(line) for line in text.split("\n"))
    # Else click takes from a name what looks like a colour: another name than in the files.
    click.echo(text, nl=False, color=True)


def table(headers: Sequence[str], cells: Iterable[Sequence[object]]) -> None:
    """Print a table as the terminal, or the pipe, takes it."""
    from nhigraph.output.terminal import table as text_table

    text = text_table.table(headers, cells, width=terminal_width(), colour=colour())
    click.echo(text, nl=False)

"""What is going on, on standard error of a terminal, where it takes longer than two seconds.

The line is drawn by rich, with the time that is left where it is known how much is left, and
goes before anything else is printed. Files and pipes never see it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from nhigraph.app.stages import Say

#: Seconds after which somebody who waits wants to know what for.
PATIENCE: Final = 2.0
#: Where a command keeps its line.
_LINE: Final = "nhigraph.cli.progress"


@contextmanager
def progress(phrase: str) -> "Iterator[Say]":
    """Tell what is going on until the block ends or something is printed.

    A command has one such line, from its start on; whoever asks for one within it tells there.

    Args:
        phrase: What is going on first.

    Yields:
        What takes a phrase, how much is done, and of how much (0 where that is not known).
    """
    context = click.get_current_context(silent=True)
    display: _Display | None = context.meta.get(_LINE) if context is not None else None
    if display is not None:
        display.say(phrase, 0, 0)
        yield display.say
        return
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _phrase, _done, _total: None
        return
    display = _Display(sys.stderr, context)
    display.say(phrase, 0, 0)
    if context is not None:
        context.meta[_LINE] = display
    with display.watching():
        yield display.say


def waiting(phrase: str) -> None:
    """Tell what is going on until the command ends or something is printed."""
    click.get_current_context().with_resource(progress(phrase))


def ended() -> None:
    """Take the line of the running command away, for good."""
    context = click.get_current_context(silent=True)
    display: _Display | None = context.meta.get(_LINE) if context is not None else None
    if display is not None:
        display.end()


class _Display:
    """A line that is drawn once somebody has waited for it."""

    def __init__(self, stream: TextIO, context: click.Context | None) -> None:
        self._stream, self._context, self._lock = stream, context, Lock()
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._told = ("", 0, 0)
        self._ended = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Draw the line when it is time, and take it away before anything is printed."""
        timer = Timer(PATIENCE, self._begin)
        timer.daemon = True
        out, err = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = _Watched(out, self.end), _Watched(err, self.end)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self.end()
            sys.stdout, sys.stderr = out, err

    def say(self, phrase: str, done: int, total: int) -> None:
        """Remember what is going on, and draw it where the line stands."""
        before, self._told = self._told, (phrase, done, total)
        if self._bar is not None and self._told != before:
            with self._lock:
                self._draw(another=(before[2] != total or done < before[1]))

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
        from rich.progress import TimeRemainingColumn as Remaining
        from rich.table import Column

        # Looked at now: the option may stand behind the command.
        plain = self._context is not None and self._context.find_root().color is False
        console = Console(file=self._stream, no_color=plain or None)
        text = TextColumn(
            "{task.description}", markup=False, table_column=Column(no_wrap=True, ratio=1)
        )
        with self._lock:
            if self._ended:
                return
            self._bar = Progress(
                *(SpinnerColumn(), text, BarColumn(bar_width=20), Remaining()),
                console=console,
                transient=True,
                refresh_per_second=4,
                redirect_stdout=False,
                redirect_stderr=False,
                expand=True,
            )
            self._bar.start()
            self._draw(another=True)

    def _draw(self, *, another: bool) -> None:
        from nhigraph.output import printable

        phrase, done, total = self._told
        if self._bar is None:
            return
        if another and self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None
        of = total or None
        if self._task is None:
            self._task = self._bar.add_task(printable(phrase), total=of, completed=done)
        else:
            self._bar.update(self._task, description=printable(phrase), total=of, completed=done)

    def end(self) -> None:
        """Take the line away for good."""
        with self._lock:
            self._ended, bar, self._bar = True, self._bar, None
            if bar is not None:
                bar.stop()


class _Watched:
    """A stream that says so before it is written to."""

    def __init__(self, stream: Any, before: Any) -> None:  # noqa: ANN401 - any text stream
        self._stream, self._before = stream, before

    def write(self, text: str) -> int:
        """Write, when whoever watches has heard of it."""
        self._before()
        return int(self._stream.write(text))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - what the stream has
        return getattr(self._stream, name)

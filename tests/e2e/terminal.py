"""What twelve commands print at a terminal of a given width, on the sample.

python -m tests.e2e.terminal     writes the golden files anew: read the difference
"""

import functools
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from nhigraph.cli import options, terminal
from tests.e2e.command import inside
from tests.sample import ARGUMENTS

GOLDEN = Path(__file__).parent / "golden"
WIDTHS = (60, 80, 120)
COMMANDS = (
    "who fin:revenue",
    "why dbt_runner fin:revenue",
    "why watchdog fin:revenue --evidence",
    "reach calendar_sync",
    "blast DBT_PASSWORD",
    "cut fin:cash",
    "rotate",
    "which",
    "ask",
    "coverage",
    "population",
    "explain record",
)


@contextmanager
def _terminal(width: int) -> Iterator[None]:
    """A terminal without colours; the graph is read once for all commands."""
    with patch.object(terminal, "terminal_width", lambda: width):
        yield


def said(out: Path, width: int) -> str:
    """What the commands print, each below its line; nothing of them goes to standard error."""
    parts = []
    read_once = functools.cache(options.load)
    with _terminal(width), patch.object(options, "load", read_once):
        for line in COMMANDS:
            beside: list[str | Path] = [] if line.startswith("explain") else ["--graph", out]
            ran = inside(*shlex.split(line), *beside)
            assert ran.code == 0, (line, ran.err)
            parts.append(f"$ nhigraph {line}\n{ran.out}")
    return "\n".join(parts)


def file_of(width: int) -> Path:
    """The golden file of a width."""
    return GOLDEN / f"terminal-{width}.txt"


def main() -> None:
    """Write the golden files anew."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        assert inside("assess", *ARGUMENTS, "--out", out).code == 0
        for width in WIDTHS:
            file_of(width).write_text(said(out, width), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

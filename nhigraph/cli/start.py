"""Where the program starts: what is asked most is answered before anything is imported.

click alone takes three times as long to import as Python to start. The help on top is therefore
printed once, by ``nhigraph.docsgen``, as click prints it where lines are eighty columns wide, and
a contract test prints it anew and compares. Everything else goes to click.
"""

import os
import sys

from nhigraph.cli import streams

#: Columns from which on click prints the same lines, whatever the width.
_WIDE = 80
_HELP = "help.txt"


def main() -> None:
    """Run the command line."""
    streams.opened()
    try:
        if sys.argv[1:] in (["--help"], ["-h"]) and not _narrow() and not _completing():
            sys.stdout.write(top_help())
            sys.stdout.flush()
            return
        _run()
    except KeyboardInterrupt:  # before click is there to say so
        sys.exit(130)
    except OSError as error:
        _failed(error)
        sys.exit(3)


def _run() -> None:
    """Let click run what was asked for; nobody looks for circles among objects before the end.

    A process ends with its answer, and hardly anything is in a circle: no command takes more
    memory for it. Python would look a hundred times while modules are imported, after every
    command of millions of rows once more, and twice when it ends: a tenth of a small assessment,
    up to half of a question to a stored graph.
    """
    import gc

    gc.disable()
    # Nothing here multiplies matrices, and numpy's threads for it turn idle while it is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from nhigraph.cli.main import main as run

        run()
    finally:
        gc.freeze()  # for those who look at the end
        gc.enable()


def _failed(error: OSError) -> None:
    """Say what the system refused: a full disk, a limit, a device that is gone."""
    named = os.path.basename(str(error.filename or ""))  # noqa: PTH119 - as below
    where = f"{named}: " if named.isprintable() and named else ""
    sys.stderr.write(f"nhigraph: {where}{error.strerror or error}; there is no answer\n")
    if not sys.stdout.closed:
        # What could not be written would be tried again at the end, and told as a fault of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def top_help() -> str:
    """What ``nhigraph --help`` prints."""
    folder = os.path.dirname(__file__)  # noqa: PTH120 - pathlib takes as long as Python to start
    with open(os.path.join(folder, _HELP), encoding="utf-8") as file:  # noqa: PTH118, PTH123
        return file.read()


def _narrow() -> bool:
    """Whether lines are so narrow that click would break them elsewhere (``shutil``'s rules)."""
    try:
        columns = int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size().columns
    except (ValueError, OSError):
        return False
    return 0 < columns < _WIDE


def _completing() -> bool:
    return "_NHIGRAPH_COMPLETE" in os.environ

"""The real command line, in a process of its own or in this one."""

import contextlib
import csv
import io
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from nhigraph.cli.main import main

#: Runs the command, then writes the peak of its own memory in KiB. ``ru_maxrss`` would count the
#: test runner it was forked from.
_MEASURED = """
import atexit, os, sys

def peak():
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    with open(os.environ["PEAK_FILE"], "w") as out:
        out.write(line.split()[1])

atexit.register(peak)
from nhigraph.cli.main import main
main(sys.argv[1:])
"""


@dataclass(frozen=True)
class Said:
    """What a command said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Ran(Said):
    """What a command did; seconds are of processor time, which a busy machine does not stretch."""

    seconds: float
    megabytes: float


def inside(*arguments: str | Path, cwd: Path | None = None) -> Said:
    """Run ``nhigraph`` in this process, where the time to start one would tell nothing more."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    code = 0
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        contextlib.chdir(cwd or Path.cwd()),
    ):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as done:
            code = int(done.code or 0)
    said = (stream.buffer.getvalue().decode() for stream in (out, err))
    return Said(code, *said)


def nhigraph(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> Ran:
    """Run ``nhigraph`` and measure it."""
    before = _spent()
    with tempfile.NamedTemporaryFile("r") as peak:
        done = subprocess.run(
            [sys.executable, "-c", _MEASURED, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=cwd,
            env={**os.environ, **environment, "PEAK_FILE": peak.name},
            timeout=120,
        )
        used = int(peak.read() or 0) / 1024
    return Ran(done.returncode, done.stdout, done.stderr, _spent() - before, used)


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its relative name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows(path: Path) -> list[dict[str, str]]:
    """Rows of a table that a command wrote, by column."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))

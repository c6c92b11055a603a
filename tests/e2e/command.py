"""The real command line, in a process of its own."""

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: float


def nhigraph(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> Ran:
    """Run ``nhigraph`` and measure it; memory is the most of all children so far."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "nhigraph", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, **environment},
        timeout=120,
    )
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Ran(done.returncode, done.stdout, done.stderr, time.monotonic() - started, used)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its relative name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

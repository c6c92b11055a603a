"""Reading, joining and judging by this build and by another one, in one run.

    python -m benchmarks.versus OTHER [WORKFLOWS MODELS]

OTHER is another checkout with its environment in ``.venv``. Each build reads and joins the company
of ``benchmarks.joins``, and assesses the sample, in processes of its own; the two take turns, and
the best of each counts. The figure is the ratio: machines are noisy, and seconds of two runs
compare nothing.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from nhigraph.app.assess import Request, run_assess
from nhigraph.app.collect import collect

TURNS = 4
#: Parts, and how often a process measures each: the short one is the more easily disturbed.
PARTS = {"collect": 3, "assess": 15}
_HERE = Path(__file__).resolve()
_SAMPLE = _HERE.parent.parent / "samples" / "ledgerline"


def measure(folder: Path) -> dict[str, float]:
    """Best seconds of each part, the first round left out: it imports."""

    def joined() -> None:
        collect([folder / "erp", folder / "erp.postgres.json"], repo="acme/erp")

    def assessed() -> None:
        with tempfile.TemporaryDirectory() as place:
            run_assess(Request([folder / "sample"], Path(place) / "out"))

    return {
        name: min(_spent(part) for _ in range(rounds + 1))
        for (name, rounds), part in zip(PARTS.items(), (joined, assessed), strict=True)
    }


def _spent(part: Callable[[], None]) -> float:
    start = time.perf_counter()
    part()
    return time.perf_counter() - start


def _apart(checkout: Path, folder: Path) -> dict[str, float]:
    """The same in a process and an environment of that checkout."""
    python = checkout / ".venv" / "bin" / "python"
    command = [str(python), "-P", str(_HERE), "-", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(  # noqa: S603 - this file, by the checkout the caller named
        command, env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main(other: Path, workflows: int, models: int) -> None:
    """Print the best seconds of both builds and their ratio."""
    import shutil  # noqa: PLC0415 - the other build needs none of this

    from benchmarks.joins import company  # noqa: PLC0415

    builds = {"this": _HERE.parent.parent, "other": other.resolve()}
    best: dict[str, dict[str, float]] = {name: {} for name in builds}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        company(folder, workflows, models)
        shutil.copytree(_SAMPLE, folder / "sample")
        for _ in range(TURNS):
            for name, checkout in builds.items():
                found = _apart(checkout, folder)
                best[name] = {what: min(s, best[name].get(what, s)) for what, s in found.items()}
    print("| part | this, s | other, s | this, times other |\n|---|---|---|---|")
    for what in PARTS:
        here, there = best["this"][what], best["other"][what]
        print(f"| {what} | {here:.2f} | {there:.2f} | {here / there:.2f} |")


if __name__ == "__main__":
    if sys.argv[1] == "-":
        print(json.dumps(measure(Path(sys.argv[2]))))
    else:
        sizes = [int(argument) for argument in sys.argv[2:4]]
        main(Path(sys.argv[1]), *(sizes if len(sizes) == 2 else (400, 2000)))

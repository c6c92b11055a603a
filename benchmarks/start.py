"""How long the program takes to start, and a question to be answered, beside a bare Python.

python -m benchmarks.start [GRAPH]     medians of ten, of processor time; GRAPH of the sample

The bars: ``--help`` within three times, ``import nhigraph`` within two, and `who` at a target
three times faster than the build before rows were stored.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

RUNS = 10


def spent(command: Sequence[str]) -> float:
    """Median of the seconds of the processor that a command takes."""
    return statistics.median(_once(command) for _ in range(RUNS))


def _once(command: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise SystemExit(done.stderr.decode())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(arguments: Sequence[str]) -> None:
    """Print a line for each start."""
    python, program = sys.executable, str(Path(sys.executable).with_name("nhigraph"))
    bare = spent([python, "-c", "pass"])
    with tempfile.TemporaryDirectory() as folder:
        graph = arguments[0] if arguments else f"{folder}/out"
        if not arguments:
            _once([program, "demo", "--out", graph])
        who = [program, "who", "fin:revenue", "--graph", graph]
        told = {
            "python -c pass": bare,
            "import nhigraph": spent([python, "-c", "import nhigraph"]),
            "nhigraph --help": spent([program, "--help"]),
            "nhigraph who --help": spent([program, "who", "--help"]),
            "nhigraph who fin:revenue": spent(who),
            "the same, computed": spent([*who, "--as-of", "2026-11-23"]),
        }
    print("| start | ms | times bare Python |\n|---|---|---|")
    for name, seconds in told.items():
        print(f"| `{name}` | {seconds * 1000:.0f} | {seconds / bare:.2f} |")


if __name__ == "__main__":
    main(sys.argv[1:])

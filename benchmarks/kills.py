"""Kills at random moments of ``assess`` over an existing output: is one whole output left?

    python -m benchmarks.kills [KILLS [SEED]]

Two inputs take turns, so that old and new output differ in every file. A run is killed (SIGKILL)
at a moment drawn evenly over the time that a run takes, or, every other time, over its last part,
where files are written and folders change places. What then stands is compared, byte for byte,
with what either input gives when nothing disturbs it; a reader must find it, too, and the next
run must leave nothing beside it.
"""

import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from nhigraph.app.judged import of_graph

_FACTS = """
nhigraph: facts/1
nodes:
  - {{kind: ServiceAccount, key: "acme:{name}", name: {name}}}
  - {{kind: Dataset, key: "acme:ledger", name: ledger}}
edges:
  - {{kind: CAN_WRITE, from: "acme:{name}", to: "acme:ledger", action: post}}
"""
_SCOPE = """
nhigraph: scope/1
organization: Acme
commitments: [S]
as_of: 2026-11-23
targets:
  - {id: gl, family: financial-reporting, fs_role: record, icfr_basis: own, select: [{key: "acme:ledger"}]}
"""  # noqa: E501 - one target, one line
#: Part of a run in which every other kill falls.
_END = 0.35

Contents = dict[str, bytes]


@dataclass(slots=True)
class Kills:
    """What the kills did.

    Attributes:
        killed: Runs that were killed before they ended.
        ended: Runs that ended before their moment came.
        old: Killed runs that left the old output.
        new: Killed runs that left the new output.
        damaged: Moments, in seconds, that left anything else.
    """

    killed: int = 0
    ended: int = 0
    old: int = 0
    new: int = 0
    damaged: list[str] = field(default_factory=list)


def contents(folder: Path) -> Contents:
    """Every file below a folder, by its relative name."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def _inputs(home: Path, name: str) -> Path:
    folder = home / name
    folder.mkdir()
    (folder / "a.facts.yaml").write_text(_FACTS.format(name=name), encoding="utf-8")
    (folder / "scope.yaml").write_text(_SCOPE, encoding="utf-8")
    return folder


def _started(inputs: Path, out: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "nhigraph", "assess", str(inputs), "--out", str(out)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=quiet, stderr=quiet)  # noqa: S603 - our own command


def _run(inputs: Path, out: Path) -> float:
    started = time.perf_counter()
    if _started(inputs, out).wait() != 0:
        raise RuntimeError("the undisturbed run failed")
    return time.perf_counter() - started


def measure(kills: int, seed: int = 1) -> Kills:
    """Kill so many runs, and look at what each leaves."""
    rng, found = random.Random(seed), Kills()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        both = [_inputs(home, "one"), _inputs(home, "other")]
        wanted = []
        for inputs in both:
            _run(inputs, home / f"right-{inputs.name}")
            wanted.append(contents(home / f"right-{inputs.name}"))
        out = home / "place" / "out"
        length = _run(both[0], out)
        for number in range(kills):
            begin = 0.0 if number % 2 else length * (1 - _END)
            moment = rng.uniform(begin, length * 1.05)
            old = contents(out)
            new = wanted[1] if old == wanted[0] else wanted[0]
            length = _one(found, both[wanted.index(new)], out, moment, old, new) or length
    return found


def _one(
    found: Kills, inputs: Path, out: Path, moment: float, old: Contents, new: Contents
) -> float | None:
    """Kill one run; how long it took where it ended first."""
    started = time.perf_counter()
    run = _started(inputs, out)
    try:
        run.wait(timeout=moment)
        found.ended += 1
        took = time.perf_counter() - started
    except subprocess.TimeoutExpired:
        run.send_signal(signal.SIGKILL)
        run.wait()
        found.killed += 1
        took = None
    left = contents(out)
    if left == new:
        found.new += took is None
    elif left == old:
        found.old += took is None
    else:
        found.damaged.append(f"{moment:.3f} s: {sorted(left)}")
    try:
        of_graph(out)
    except Exception as error:  # noqa: BLE001 - whatever a reader cannot make sense of counts
        found.damaged.append(f"{moment:.3f} s: {error}")
    if took is not None and [path.name for path in out.parent.iterdir()] != [out.name]:
        found.damaged.append(f"{moment:.3f} s: the run left something beside its output")
    return took


def main(arguments: list[str]) -> None:
    """Print one row."""
    kills, seed, *_ = [*(int(a) for a in arguments), *(200, 1)[len(arguments) :]]
    found = measure(kills, seed)
    print("| runs | killed | ended first | left the old output | left the new one | damaged |")
    print("|---|---|---|---|---|---|")
    said = (kills, found.killed, found.ended, found.old, found.new, len(found.damaged))
    print(f"| {' | '.join(map(str, said))} |")
    for moment in found.damaged:
        print(moment)


if __name__ == "__main__":
    main(sys.argv[1:])

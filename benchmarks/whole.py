"""``assess`` from files to files, by this build and by an earlier one, in one run.

    python -m benchmarks.whole OTHER [SHAPE …]

OTHER is another checkout. Each shape is written once, as facts/1 in Parquet with a scope, and both
builds assess it in processes of their own, as their commands do, in turn; the best of each
counts. Seconds are of the processor, memory is the peak of the process. The figure is the ratio.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pandas as pd

from benchmarks.estate_generator import generate
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gate, Node
from nhigraph.schema import kinds as k

TURNS = 1
_HERE = Path(__file__).resolve().parent.parent
#: Seconds of the processor after which a build is ended; what is said of it is a bound then.
LIMIT = 900


def _node(one: Node) -> dict[str, Any]:
    return {"kind": one.kind.label, "key": one.key, "name": one.name}


def _edge(one: Edge) -> dict[str, Any]:
    needs = [{"at": need.at, "state": need.state.name} for need in one.needs]
    return {
        "kind": one.kind.label,
        "from": one.source,
        "to": one.target,
        "action": one.action,
        "certainty": str(one.certainty),
        "gate": one.gate,
        "needs": json.dumps(needs) if needs else None,
    }


def _gate(one: Gate) -> dict[str, Any]:
    return {
        "key": one.key,
        "kind": str(one.kind),
        "approvers": [*one.approvers],
        "tests": dict(one.tests),
    }


def write(folder: Path, facts: list[Fact], targets: Mapping[str, list[str]]) -> None:
    """The facts as two tables and a document, and a scope of their targets."""
    folder.mkdir(parents=True)
    nodes = [_node(one) for one in facts if isinstance(one, Node)]
    edges = [_edge(one) for one in facts if isinstance(one, Edge)]
    pd.DataFrame(nodes).to_parquet(folder / "estate.nodes.parquet")
    pd.DataFrame(edges).to_parquet(folder / "estate.edges.parquet")
    gates = [_gate(one) for one in facts if isinstance(one, Gate)]
    told = {"nhigraph": "facts/1", "gates": gates}
    (folder / "gates.facts.json").write_text(json.dumps(told), encoding="utf-8")
    scope = {
        "nhigraph": "scope/1",
        "organization": "G",
        "commitments": ["S"],
        "targets": [
            {
                "id": name,
                "family": "financial-reporting",
                "fs_role": "record",
                "icfr_basis": "own",
                "select": [{"key": key} for key in many],
            }
            for name, many in targets.items()
        ],
    }
    (folder / "scope.yaml").write_text(json.dumps(scope), encoding="utf-8")


def tidy(size: int, targets: int) -> Callable[[Path], None]:
    """A company of a shape, with some targets."""

    def made(folder: Path) -> None:
        found = generate(size, targets)
        bodies = [cast("dict[str, Any]", one.body) for one in found.claims]
        chosen = {str(b["id"]): [b["select"][0]["key"]] for b in bodies if "select" in b}
        write(folder, found.facts, chosen)

    return made


def chain(roles: int) -> Callable[[Path], None]:
    """One account at the end of a chain of roles, each of which can become the next."""

    def made(folder: Path) -> None:
        place = Evidence("x", "/1", "0" * 64)
        names = [f"role-{at:05}" for at in range(roles)]
        facts: list[Fact] = [Node(k.CLOUD_ROLE, name, place, name=name) for name in names]
        facts += [Node(k.DATASET, "ledger", place, name="ledger")]
        facts += [Edge(k.CAN_ASSUME, one, other, place) for one, other in pairwise(names)]
        facts.append(Edge(k.CAN_WRITE, names[-1], "ledger", place))
        write(folder, facts, {"ledger": ["ledger"]})

    return made


SHAPES: dict[str, Callable[[Path], None]] = {
    "tidy-10k": tidy(10_000, 50),
    "tidy-100k": tidy(100_000, 500),
    "dense-2k": tidy(2_000, 200),
    "dense-20k": tidy(20_000, 400),
    "chain-200": chain(200),
    "chain-1000": chain(1_000),
    "chain-5000": chain(5_000),
}


def assessed(checkout: Path, inputs: Path, out: Path) -> tuple[float, float]:
    """Seconds of the processor and peak of MiB of one assessment; at most ``LIMIT`` seconds."""
    command = [sys.executable, "-P", "-m", "nhigraph", "assess", str(inputs), "--out", str(out)]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    silent = subprocess.DEVNULL
    done = subprocess.Popen(  # noqa: S603 - the checkout the caller named
        command, env=environment, stdout=silent, stderr=silent
    )
    resource.prlimit(done.pid, resource.RLIMIT_CPU, (LIMIT, LIMIT))
    _, status, used = os.wait4(done.pid, 0)
    done.returncode = os.waitstatus_to_exitcode(status)
    if done.returncode and used.ru_utime + used.ru_stime < LIMIT - 1:
        raise SystemExit(f"{checkout}: exit code {done.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main(other: str, *shapes: str) -> None:
    print("| shape | this, s | before, s | before, times this | this, MiB | before, MiB |")
    print("|---|---|---|---|---|---|")
    for name in shapes or SHAPES:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            SHAPES[name](folder / "in")
            best: dict[Path, tuple[float, float]] = {}
            for _ in range(TURNS):
                for checkout in (_HERE, Path(other).resolve()):
                    found = assessed(checkout, folder / "in", folder / "out")
                    best[checkout] = min(found, best.get(checkout, found))
            (mine, own), (theirs, used) = best.values()
            more = "> " if theirs >= LIMIT - 1 else ""
            ratio = f"{more}{theirs / mine:.1f}"
            cells = (name, f"{mine:.2f}", f"{more}{theirs:.2f}", ratio, f"{own:.0f}")
            print(f"| {' | '.join(cells)} | {used:.0f} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

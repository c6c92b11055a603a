"""What the answers per system cost beside the judging, in one process.

    python -m benchmarks.which [REPOSITORIES…]

The judging is what `assess` does with an estate before it writes: verdicts, paths, controls. The
answers are all that is added for which.csv. Each repository has two jobs that write two of three
times as many tables, in fifty databases. Figures are seconds of the processor, best of two.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nhigraph.app.assessment import assess
from nhigraph.app.collect import collect
from nhigraph.app.demo import REPOSITORY, inputs, sample
from nhigraph.app.judged import Judged, of_collection
from nhigraph.app.which import with_which

_SIZES = (300, 3_000)


def estate(count: int, seed: int = 1) -> tuple[dict[str, Any], dict[str, Any]]:
    """Facts/1 and a scope/1 for so many repositories."""
    rng = random.Random(seed)
    tables = [f"dataset:postgres:db{i % 50}.s{i % 7}.t{i}" for i in range(3 * count)]
    nodes = [{"kind": "Dataset", "key": key} for key in tables]
    edges: list[dict[str, str]] = []

    def tied(kind: str, source: str, target: str, **more: str) -> None:
        edges.append({"kind": kind, "from": source, "to": target, **more})

    for number in range(count):
        repository = f"github:acme/r{number}"
        nodes.append({"kind": "Repository", "key": repository})
        for name in ("a.yml", "b.yml"):
            workflow, job = f"{repository}/workflow/{name}", f"{repository}/job/{name}#b"
            nodes += [{"kind": "Workflow", "key": workflow}, {"kind": "CiJob", "key": job}]
            tied("CONTAINS", repository, workflow)
            tied("EXECUTES", workflow, job)
            if rng.random() < 0.3:
                tied("CAN_WRITE", job, repository)
            for table in rng.sample(tables, 2):
                tied("CAN_WRITE", job, table, action="post")
    for _ in range(6 * count):
        first, second = sorted(rng.sample(range(len(tables)), 2))
        tied("FEEDS", tables[first], tables[second])
    targets = [
        {
            "id": f"t{number}",
            "family": "financial-reporting",
            "process": f"p{number % 5}",
            "fs_role": "record",
            "select": [{"key": tables[-1 - 3 * number]}],
        }
        for number in range(15)
    ]
    scope = {
        "nhigraph": "scope/1",
        "as_of": "2026-11-23",
        "commitments": ["S"],
        "targets": targets,
    }
    return {"nhigraph": "facts/1", "nodes": nodes, "edges": edges}, scope


def generated(count: int) -> Judged:
    """An estate of so many repositories, read and resolved."""
    facts, scope = estate(count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "x.facts.json").write_text(json.dumps(facts), encoding="utf-8")
        (folder / "scope.json").write_text(json.dumps(scope), encoding="utf-8")
        return of_collection(collect([folder]))


def ledgerline() -> Judged:
    """The sample, read and resolved."""
    return of_collection(collect([*inputs(), sample() / "scope.yaml"], repo=REPOSITORY))


def spent(work: Callable[[], object]) -> float:
    """Seconds of the processor, best of two."""
    best = float("inf")
    for _ in range(2):
        before = time.process_time()
        work()
        best = min(best, time.process_time() - before)
    return best


def main() -> None:
    """Print a row an estate."""
    sizes = tuple(map(int, sys.argv[1:])) or _SIZES
    print("| estate | subjects | answer, s | per system, s |\n|---|---|---|---|")
    made: list[tuple[str, Judged]] = [("ledgerline", ledgerline())]
    made += [(f"{size} repositories", generated(size)) for size in sizes]
    for name, judged in made:
        found = assess(judged)
        answer = spent(lambda judged=judged: assess(judged))
        added = spent(lambda judged=judged, found=found: with_which(found, judged))
        subjects = len(with_which(found, judged).which)
        print(f"| {name} | {subjects} | {answer:.2f} | {added:.2f} |")


if __name__ == "__main__":
    main()

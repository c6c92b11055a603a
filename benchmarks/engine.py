"""The engine against a loop of scipy searches, in one process.

    python -m benchmarks.engine [SIZE TARGETS]...

The loop does less: one breadth-first search per target on the reversed product graph, without
needs, gates, certainty, flags, verdicts or paths, which is *may* alone and too wide. Figures are
ratios within one run: machines are noisy, and seconds of two runs compare nothing.
"""

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from benchmarks.estate_generator import generate
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Options, answer
from nhigraph.assurance.day import Day
from nhigraph.assurance.scope import resolve
from nhigraph.graph.build import build
from nhigraph.schema.types import State
from nhigraph.trace.product import STATES


@dataclass(slots=True)
class Figures:
    """Seconds of one run, and what it counted."""

    seconds: dict[str, float]
    nodes: int
    edges: int
    identities: int
    pairs: int
    loop_pairs: int

    def ratio(self, name: str) -> float:
        """Times the scipy loop."""
        return self.seconds[name] / self.seconds["scipy loop"]


def timed(name: str, seconds: dict[str, float], work: Callable[[], object]) -> object:
    started = time.perf_counter()
    result = work()
    seconds[name] = time.perf_counter() - started
    return result


def scipy_loop(analysis: Analysis) -> int:
    """Pairs (identity, target) with any way from one to the other, states of a target apart."""
    product = analysis.product
    shape = (product.size, product.size)
    ones = np.ones(product.clauses, dtype=np.int8)
    reverse = sparse.csr_matrix((ones, (product.dst, product.src)), shape=shape)
    starts = np.zeros(product.size, dtype=bool)
    estate = analysis.estate
    starts[[i * STATES + State.CONTROL for i in estate.identities if estate.alive[i]]] = True
    found = 0
    for end in analysis.ends:
        reached = np.zeros(product.size, dtype=bool)
        for state in State:
            order = csgraph.breadth_first_order(
                reverse, end * STATES + state, return_predecessors=False
            )
            reached[order] = True
        found += int((reached & starts).sum())
    return found


def measure(size: int, targets: int) -> Figures:
    """Build an estate and time each part of the answer on it."""
    seconds: dict[str, float] = {}
    made = generate(size, targets)
    graph = build(made.facts).graph
    estate = timed("scope", seconds, lambda: resolve(graph, made.claims, Day("2026-11-23")))
    analysis = timed("compile", seconds, lambda: Analysis(estate.estate))  # type: ignore[attr-defined] # Resolved
    assert isinstance(analysis, Analysis)
    loop = timed("scipy loop", seconds, lambda: scipy_loop(analysis))
    pairs = timed(
        "closures and flags", seconds, lambda: sum(len(b.which) for b in analysis.blocks())
    )
    timed("whole answer", seconds, lambda: answer(analysis, Options(paths=1_000)))
    return Figures(
        seconds,
        len(analysis.estate.graph.nodes),
        len(analysis.estate.graph.edges),
        len(analysis.estate.identities),
        int(str(pairs)),
        int(str(loop)),
    )


def main(arguments: list[str]) -> None:
    sizes = [int(a) for a in arguments] or [10_000, 200, 100_000, 200]
    measure(2_000, 20)  # compiles the kernels
    print("| nodes | edges | identities | targets | pairs | part | s | times scipy loop |")
    print("|---|---|---|---|---|---|---|---|")
    for size, targets in zip(sizes[::2], sizes[1::2], strict=True):
        found = measure(size, targets)
        head = f"{found.nodes} | {found.edges} | {found.identities} | {targets} | {found.pairs}"
        for name, spent in found.seconds.items():
            print(f"| {head} | {name} | {spent:.2f} | {found.ratio(name):.2f} |", flush=True)
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


if __name__ == "__main__":
    main(sys.argv[1:])

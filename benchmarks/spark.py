"""Rows of verdicts and identities, traced here, on Spark by blocks, and on Spark by joins.

    python -m benchmarks.spark NODES TARGETS [ENGINE …]

One company (``estate_generator``), read and resolved once; then each engine traces and judges it,
the first of them in this process. Spark runs on two threads of this machine, so it cannot be
faster here: the figure is what it costs. Rows are compared, every cell but the path.

    pip install '.[spark,fast]'
"""

import sys
import time
from contextlib import ExitStack

from benchmarks.estate_generator import generate
from nhigraph.app.elsewhere import ENGINES, MEMORY, elsewhere
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows
from nhigraph.assurance.day import Day
from nhigraph.assurance.scope import resolve
from nhigraph.graph.build import build

MASTER = "local[2]"


def main(nodes: str = "10000", targets: str = "50", *engines: str) -> None:
    made = generate(int(nodes), int(targets))
    graph = build(made.facts).graph
    estate = resolve(graph, made.claims, Day("2026-11-23")).estate
    size = (
        f"{len(graph.nodes)} nodes, {len(graph.edges)} edges, {len(estate.identities)} identities"
    )
    print(f"{size}, {len(estate.targets)} targets")
    print("| engine | starting it, s | tracing and judging, s | rows | different |")
    print("|---|---|---|---|---|")
    first = None
    for name in engines or ENGINES:
        with ExitStack() as stack:
            began = time.perf_counter()
            where = stack.enter_context(elsewhere(name, None if name == MEMORY else MASTER))
            started = time.perf_counter()
            found = rows(Analysis(estate, elsewhere=where))
            spent = time.perf_counter() - started
        told = {*found.verdicts, *found.identities}
        first = first or told
        cells = (name, f"{started - began:.1f}", f"{spent:.1f}", str(len(told)))
        print(f"| {' | '.join(cells)} | {len(first ^ told)} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

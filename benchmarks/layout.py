"""The layout of the drawing beside igraph's layered one: seconds of a core, and crossings.

    python -m benchmarks.layout

igraph is asked for by this file alone (``pip install igraph``); without it its column stays empty.
Crossings are counted on the lines as they run: by way of their bends, ours and igraph's alike.
The page's own layout is the same in JavaScript, timed in Chromium where there is one.
"""

import random
import shutil
import time
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from playwright.sync_api import sync_playwright

from nhigraph.output import page_file
from nhigraph.output.graph_html.layout import layered

Pair = tuple[int, int]
Point = tuple[float, float]
Floats = npt.NDArray[np.float64]
_CASES = ((60, 80), (150, 220), (300, 450))
_SEEDS = (1, 2, 3)
_LAID = """([code, count, pairs]) => {
  const layered = new Function(`${code}; return layered;`)();
  for (let round = 0; round < 3; round += 1) layered(count, pairs, new Set(), new Set());
  const before = performance.now();
  layered(count, pairs, new Set(), new Set());
  return (performance.now() - before) / 1000;
}"""


def estate(nodes: int, edges: int, seed: int) -> list[Pair]:
    """Edges of a graph without cycles, from smaller to larger numbers, most of them short."""
    rng = random.Random(seed)
    found: set[Pair] = set()
    while len(found) < edges:
        source = rng.randrange(nodes - 1)
        far = int(rng.expovariate(8 / nodes)) + 1
        if source + far < nodes:
            found.add((source, source + far))
    return sorted(found)


def crossings(lines: Sequence[Sequence[Point]]) -> int:
    """How many pairs of straight pieces cross, those that share an end apart."""
    pieces = np.array([(*a, *b) for line in lines for a, b in pairwise(line)])
    ax, ay, bx, by = pieces.T

    def side(number: int, x: Floats, y: Floats) -> Floats:
        dx, dy = bx[number] - ax[number], by[number] - ay[number]
        found: Floats = dx * (y - ay[number]) - dy * (x - ax[number])
        return found

    count = 0
    for number in range(len(pieces)):
        rest = slice(number + 1, None)
        apart = side(number, ax[rest], ay[rest]) * side(number, bx[rest], by[rest]) < -1e-6
        dx, dy = bx[rest] - ax[rest], by[rest] - ay[rest]
        one = dx * (ay[number] - ay[rest]) - dy * (ax[number] - ax[rest])
        other = dx * (by[number] - ay[rest]) - dy * (bx[number] - ax[rest])
        count += int((apart & (one * other < -1e-6)).sum())
    return count


def ours(nodes: int, edges: Sequence[Pair]) -> tuple[float, int]:
    names = [f"{number:06}" for number in range(nodes)]
    pairs = [(names[a], names[b]) for a, b in edges]
    seconds = []
    for _ in range(3):
        started = time.process_time()
        found = layered(names, pairs)
        seconds.append(time.process_time() - started)
    lines = [[found.places[a], *found.bends.get((a, b), ()), found.places[b]] for a, b in pairs]
    return min(seconds), crossings(lines)


def igraphs(nodes: int, edges: Sequence[Pair]) -> tuple[float, int] | None:
    """The same of igraph, on its bends or straight, whichever crosses less.

    Its public method drops the bends that its documentation promises.
    """
    if find_spec("igraph") is None:
        return None
    igraph = import_module("igraph")
    graph = igraph.Graph(nodes, list(edges), directed=True)
    started = time.process_time()
    places, bends = graph._layout_sugiyama()  # noqa: SLF001 - as above; igraph 1.0.0
    seconds = time.process_time() - started
    ends = [(tuple(places[a]), tuple(places[b])) for a, b in edges]
    bent = [[a, *map(tuple, bend), b] for (a, b), bend in zip(ends, bends, strict=True)]
    return seconds, min(crossings(bent), crossings(ends))


def in_page(cases: Sequence[tuple[int, Sequence[Pair]]]) -> list[float]:
    """Seconds of the same layout in a browser."""
    code = page_file("graph/layout.js")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        return [
            page.evaluate(_LAID, [code, count, [list(pair) for pair in pairs]])
            for count, pairs in cases
        ]


def main() -> None:
    """A row for each graph."""
    cases = [(nodes, edges, seed) for nodes, edges in _CASES for seed in _SEEDS]
    graphs = [(nodes, estate(nodes, edges, seed)) for nodes, edges, seed in cases]
    browser = in_page(graphs) if shutil.which("chromium") else [None] * len(graphs)
    print("| nodes | edges | ours, s | in the page, s | crossings | igraph, s | crossings |")
    print("|---|---|---|---|---|---|---|")
    for (nodes, pairs), there in zip(graphs, browser, strict=True):
        seconds, crossed = ours(nodes, pairs)
        told = igraphs(nodes, pairs)
        other = f"{told[0]:.3f} | {told[1]:,}" if told else " | "
        page = "" if there is None else f"{there:.3f}"
        print(f"| {nodes} | {len(pairs)} | {seconds:.3f} | {page} | {crossed:,} | {other} |")
        assert seconds < 0.2
        assert told is None or crossed < told[1]


if __name__ == "__main__":
    main()

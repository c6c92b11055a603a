"""Who holds what at a million nodes: ours beside loops of scipy, rustworkx and igraph.

    python -m benchmarks.closure [SIZE TARGETS [tidy|tangled]]

All identities, every state of every target, in *may*. The peers do what a user of them would: one
search a target and state on the reversed product graph, as a graph that stands in memory; needs
they cannot do, so they do less and find too much. They are asked for a sample, in turn with ours,
and the ratio is the median of five rounds. ``rustworkx`` and ``igraph`` are asked for by this file
alone (``pip install --target FOLDER rustworkx igraph``, then ``PYTHONPATH=FOLDER``); without one
its row is missing.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from benchmarks.closure_floor import floors
from benchmarks.closure_graph import Company, generate
from nhigraph.graph.store import Ints
from nhigraph.schema.types import State
from nhigraph.trace.condense import condense
from nhigraph.trace.holders import Holders, Starts, held_of
from nhigraph.trace.horn import Horn, taken_apart
from nhigraph.trace.product import STATES, Closure, Product

ROUNDS = 5
#: Targets, of which each state is one search of a peer's sample.
SAMPLE = 4
#: Identities whose cells are walked plainly; and of them so many where clauses are more than so
#: many: one search of all a tangled million takes seconds, and rules ask for several each.
CHECKED, FEWER, MANY = 50, 10, 10_000_000


@dataclass(slots=True)
class Figures:
    """What one run measured.

    Attributes:
        nodes: Of the graph, with edges, product clauses and identities.
        pairs: Pairs of an identity and a state of a target that it holds.
        seconds: Of ours, by what was done; medians.
        ratios: Times ours that a peer would take for everything; medians.
        floor: Seconds of one block's propagation and of the floors.
        wrong: Cells that a plain walk has otherwise, of ``checked``.
        memory: Peak of a process that does ours alone, MiB.
        arcs: Arcs of the graph that ``floor`` is measured on.
    """

    nodes: int
    edges: int
    clauses: int
    rules: int
    identities: int
    pairs: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    ratios: dict[str, float] = field(default_factory=dict)
    floor: dict[str, float] = field(default_factory=dict)
    checked: int = 0
    wrong: int = 0
    memory: float = 0.0
    arcs: int = 0


def starts_of(company: Company) -> Starts:
    """Every identity controls itself."""
    many = len(company.identities)
    return Starts(many, np.arange(many), company.identities * STATES + State.CONTROL)


def probes_of(company: Company) -> Ints:
    """Every state of every target, target by target."""
    found: Ints = (company.targets[:, None] * STATES + np.arange(STATES)).ravel()
    return found


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def peers(product: Product, identities: Ints) -> Mapping[str, Callable[[int], int]]:
    """Per peer, what counts the identities from which a state is reached."""
    size = product.size
    starts = np.zeros(size, dtype=bool)
    starts[identities * STATES + State.CONTROL] = True
    ones = np.ones(product.clauses)
    reverse = sparse.csr_matrix((ones, (product.dst, product.src)), shape=(size, size))

    def by_scipy(state: int) -> int:
        found = csgraph.breadth_first_order(reverse, state, return_predecessors=False)
        return int(starts[found].sum())

    found: dict[str, Callable[[int], int]] = {"scipy": by_scipy}
    if find_spec("rustworkx"):
        rustworkx: Any = import_module("rustworkx")
        graph = rustworkx.PyDiGraph()
        graph.add_nodes_from(range(size))
        pairs = zip(product.src.tolist(), product.dst.tolist(), strict=True)
        graph.add_edges_from_no_data(list(pairs))

        def by_rustworkx(state: int) -> int:
            before = rustworkx.ancestors(graph, state)
            return int(starts[np.fromiter(before, np.int64, len(before))].sum())

        found["rustworkx"] = by_rustworkx
    if find_spec("igraph"):
        igraph: Any = import_module("igraph")
        other = igraph.Graph(n=size, edges=np.stack([product.src, product.dst], 1), directed=True)
        found["igraph"] = lambda state: int(starts[other.subcomponent(state, mode="in")].sum())
    return found


class Plain:
    """One walker at a time: searches of scipy's, and needing clauses until none fires any more."""

    def __init__(self, reading: Product) -> None:
        counts = np.diff(reading.need_ptr)
        plain = counts == 0
        self.needing = np.flatnonzero(~plain)
        ones = np.ones(int(plain.sum()))
        pairs = (reading.src[plain], reading.dst[plain])
        # One state more leads to all that a search begins with, so that each is one search.
        self.matrix = sparse.csr_matrix((ones, pairs), shape=(reading.size + 1,) * 2)
        self.reading = reading
        self.first = np.concatenate([[0], np.cumsum(counts[self.needing])[:-1]]).astype(np.int64)

    def held(self, start: int) -> "np.typing.NDArray[np.bool_]":
        """States that a walker holds."""
        found = np.zeros(self.reading.size, dtype=bool)
        waiting = [start]
        while waiting:
            found[self._reached(waiting)] = True
            waiting = []
            if len(self.needing):
                met = np.logical_and.reduceat(found[self.reading.need_idx], self.first)
                fires = met & found[self.reading.src[self.needing]]
                ends = np.unique(self.reading.dst[self.needing[fires]])
                waiting = ends[~found[ends]].tolist()
        return found

    def _reached(self, states: list[int]) -> Ints:
        """States that arcs lead to from some, these among them."""
        size, matrix = self.reading.size, self.matrix
        indices = np.concatenate([matrix.indices, np.array(states, dtype=matrix.indices.dtype)])
        ends = np.append(matrix.indptr[:-1], len(indices)).astype(matrix.indptr.dtype)
        more = sparse.csr_matrix((np.ones(len(indices)), indices, ends), shape=matrix.shape)
        order = csgraph.breadth_first_order(more, size, return_predecessors=False)
        return order[1:]


def wrong_cells(
    company: Company, reading: Product, held: Holders, seed: int = 5
) -> tuple[int, int]:
    """Cells of sampled identities that a plain walk has otherwise, and cells looked at."""
    plain, probes = Plain(reading), probes_of(company)
    many = min(FEWER if reading.clauses > MANY else CHECKED, len(company.identities))
    chosen = np.random.default_rng(seed).choice(len(company.identities), many, replace=False)
    wrong = 0
    for walker in chosen.tolist():
        expected = plain.held(int(company.identities[walker]) * STATES + State.CONTROL)[probes]
        told = np.zeros(len(probes), dtype=bool)
        told[held.probes(walker)] = True
        wrong += int((told != expected).sum())
    return wrong, many * len(probes)


def measure(
    size: int, targets: int, shape: str = "tidy", *, rounds: int = ROUNDS, alone: bool = True
) -> Figures:
    """Make a graph, and time everything on it."""
    company = generate(size, targets, shape)
    product = company.product
    reading = product.in_closure(Closure.MAY)
    horn = taken_apart(reading)
    starts, probes = starts_of(company), probes_of(company)
    found = Figures(
        company.nodes, company.edges, product.clauses, horn.rules, len(company.identities)
    )
    held = held_of(horn, starts, probes)  # and the loops are compiled
    found.pairs = int(held.counts().sum())
    found.wrong, found.checked = wrong_cells(company, reading, held)
    _raced(found, horn, (starts, probes), (company, product), rounds)
    # Nothing is taken for its like where every state is asked about: rows by the million, as the
    # floor wants them, and not the few that are left of a thousand targets.
    dag = condense(horn, np.unique(starts.state), None)
    rows = dag.row[company.targets[:512] * STATES + State.ALTER]
    found.floor = floors(dag, np.unique(rows[rows >= 0]))
    found.arcs = len(dag.idx)
    if alone:
        found.memory = peak(horn, starts, probes)
    return found


def _raced(
    found: Figures,
    horn: Horn,
    asked: tuple[Starts, Ints],
    graph: tuple[Company, Product],
    rounds: int,
) -> None:
    """Ours and the peers, in turn."""
    company, product = graph
    starts, probes = asked
    others = peers(product, company.identities)
    rng = np.random.default_rng(3)
    some = rng.choice(company.targets, min(SAMPLE, len(company.targets)), replace=False)
    sample = (some[:, None] * STATES + np.arange(STATES)).ravel().tolist()
    ours: dict[str, list[float]] = {"all processors": [], "one thread": []}
    ratios: dict[str, list[float]] = {name: [] for name in others}
    for _ in range(rounds):
        both = timed(lambda: held_of(horn, starts, probes))
        ours["all processors"].append(both)
        ours["one thread"].append(timed(lambda: held_of(horn, starts, probes, 1)))
        for name, one in others.items():
            spent = timed(lambda one=one: [one(state) for state in sample])
            ratios[name].append(spent / len(sample) * len(probes) / both)
    found.seconds = {name: median(many) for name, many in ours.items()}
    found.ratios = {name: median(many) for name, many in ratios.items()}


def peak(horn: Horn, starts: Starts, probes: Ints) -> float:
    """Peak memory, MiB, of a process that reads the arrays and does ours."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.npz"
        np.savez(
            path,
            size=horn.size,
            src=horn.src,
            dst=horn.dst,
            in_ptr=horn.in_ptr,
            in_idx=horn.in_idx,
            owner=starts.owner,
            state=starts.state,
            probes=probes,
        )
        command = [sys.executable, "-m", "benchmarks.closure", "--alone", str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this file
        return float(done.stdout)


def alone(path: str) -> None:
    """Do ours on arrays of a file, and print the peak."""
    with np.load(path) as read:
        horn = Horn(int(read["size"]), read["src"], read["dst"], read["in_ptr"], read["in_idx"])
        starts = Starts(len(read["owner"]), read["owner"], read["state"])
        probes = read["probes"]
    held_of(horn, starts, probes)
    # What the system calls the peak of a process is not less than that of the one that began it.
    said = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(re.search(r"VmHWM:\s+(\d+) kB", said)[1]) / 1024)


def told(found: Figures, targets: int, shape: str) -> None:
    """Print what a run measured."""
    print(
        f"{shape}: {found.nodes:,} nodes, {found.edges:,} edges, {found.clauses:,} clauses, "
        f"{found.rules:,} rules, {found.identities:,} identities, {targets:,} targets; "
        f"{found.pairs:,} pairs held"
    )
    print(f"cells other than by plain walks: {found.wrong} of {found.checked:,}")
    for name, seconds in found.seconds.items():
        print(f"| ours, {name} | {seconds:.2f} s | 1 |")
    for name, ratio in found.ratios.items():
        seconds = ratio * found.seconds["all processors"]
        print(f"| {name}, from a sample | {seconds:,.0f} s | {ratio:.1f} |")
    for name, seconds in found.floor.items():
        lines, times = found.arcs / seconds / 1e6, seconds / found.floor["floor, numba"]
        print(f"| {name} | {seconds * 1000:.1f} ms | {lines:,.0f} M lines/s | {times:.2f} |")
    print(f"peak memory of ours alone: {found.memory:,.0f} MiB", flush=True)


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--alone"]:
        alone(arguments[1])
        return
    size, targets = map(int, arguments[:2] or ["100000", "1000"])
    for shape in arguments[2:] or ["tidy", "tangled"]:
        told(measure(size, targets, shape), targets, shape)


if __name__ == "__main__":
    main(sys.argv[1:])

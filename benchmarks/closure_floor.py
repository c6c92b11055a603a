"""The propagation beside the floor: lines of 64 bytes fetched in the order of the same arcs.

The floor does nothing but fetch. It is measured in numba and, where there is a compiler, in C,
and so is the propagation itself, to say what a native kernel would give. Every page is touched
first: untouched ones are one shared page of zeros, and fetching that shows a floor too low.
"""

import ctypes
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from nhigraph.graph.store import Ints
from nhigraph.trace.blocks import aligned, seeds
from nhigraph.trace.condense import Dag
from nhigraph.trace.kernels import compiled

_ROUNDS = 5
_AHEAD = 64


def gathered(idx, held, into) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - numba infers types
    """Fetch a line for every arc, and nothing else."""
    w0 = np.uint64(0)
    w1 = np.uint64(0)
    w2 = np.uint64(0)
    w3 = np.uint64(0)
    w4 = np.uint64(0)
    w5 = np.uint64(0)
    w6 = np.uint64(0)
    w7 = np.uint64(0)
    for at in range(idx.size):
        base = np.uint64(idx[at]) * np.uint64(8)
        w0 |= held[base]
        w1 |= held[base + np.uint64(1)]
        w2 |= held[base + np.uint64(2)]
        w3 |= held[base + np.uint64(3)]
        w4 |= held[base + np.uint64(4)]
        w5 |= held[base + np.uint64(5)]
        w6 |= held[base + np.uint64(6)]
        w7 |= held[base + np.uint64(7)]
    into[0] = w0 | w1 | w2 | w3 | w4 | w5 | w6 | w7


def native() -> ctypes.CDLL | None:
    """``gather.c``, compiled; None without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    source = Path(__file__).with_name("gather.c")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "gather.so"
        options = ["-O3", "-march=native", "-shared", "-fPIC", "-o", str(library), str(source)]
        subprocess.run([compiler, *options], check=True)  # noqa: S603 - the compiler of this machine
        return ctypes.CDLL(str(library))


def floors(dag: Dag, rows: Ints) -> dict[str, float]:
    """Median seconds of a block's propagation and of the floors, in turn.

    Args:
        dag: A condensed graph.
        rows: Where the block's lanes begin, one row each; 512 at most.
    """
    begin = seeds(len(rows), np.sort(rows), np.arange(len(rows)))
    held, live = aligned(dag.rows), np.zeros(dag.rows, dtype=bool)
    held[:] = 1
    into = np.zeros(8, dtype=np.uint64)
    fetch = compiled(gathered)
    works: dict[str, Callable[[], object]] = {
        "propagation": lambda: dag.loops.spread(
            dag.ptr, dag.idx, begin.row, begin.lane, held, live
        ),
        "floor, numba": lambda: fetch(dag.idx, held, into),
    }
    library = native()
    if library is not None:
        ptr, idx, lines, out = (
            ctypes.c_void_p(a.ctypes.data) for a in (dag.ptr, dag.idx, held, into)
        )
        arcs, many = ctypes.c_size_t(len(dag.idx)), ctypes.c_size_t(dag.rows)
        works["floor, C"] = lambda: library.gather(idx, arcs, lines, out, _AHEAD)
        works["propagation, C"] = lambda: library.spread(ptr, idx, many, lines, _AHEAD)
    spent: dict[str, list[float]] = {name: [] for name in works}
    for number in range(_ROUNDS + 1):
        for name, work in works.items():
            started = time.perf_counter()
            work()
            if number:  # the first round compiles
                spent[name].append(time.perf_counter() - started)
    return {name: median(many) for name, many in spent.items()}

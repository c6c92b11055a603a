"""Searches of whole graphs: in loops over lists, in compiled ones, or by scipy, found alike.

To import scipy's searches takes 0.13 s, as long as lists take for a graph of a hundred thousand
nodes and arcs, and longer than to load compiled loops, which a graph of more needs anyway. All
number components alike (Pearce, "An Improved Algorithm for Finding the Strongly Connected
Components of a Directed Graph", 2005), so that nothing hangs on who searches.
"""

import sys
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from nhigraph.graph.store import Ints
from nhigraph.trace import kernels
from nhigraph.trace.dag_kernels import COMPILE_FROM, loops
from nhigraph.trace.search_kernels import numbered
from nhigraph.trace.sets import AnyInts

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy import sparse

#: Nodes and arcs up to which lists are sooner searched than something better is imported, and
#: than it searches where it is there.
_SMALL = 50_000
_TINY = 500


def components(count: int, source: AnyInts, target: AnyInts) -> Ints:
    """Strongly connected component of every node; most often none leads to a greater number.

    Args:
        count: Number of nodes.
        source: Node that each arc leaves.
        target: Node that it leads to.
    """
    if _small(count + len(source)):
        by_both = np.lexsort([target, source])
        ptr = np.searchsorted(source[by_both], np.arange(count + 1))
        return _numbered(ptr.tolist(), target[by_both].tolist())
    if kernels.available():
        # By target, and of these by source: arcs of a node go up.
        loop = loops(len(source) + COMPILE_FROM)
        whole = np.ascontiguousarray(target, dtype=np.int64)  # loops are compiled for such alone
        back_ptr, back_idx = loop.csr(count, whole, source.astype(np.int32))
        return _compiled()(*loop.transposed(back_ptr, back_idx, np.ones(count, dtype=bool)))
    from scipy import sparse  # noqa: PLC0415 - slow to import, and hardly ever needed

    # Of truth, as arcs that repeat are added up: small numbers would come to nothing.
    arcs = (np.ones(len(source), dtype=bool), (source, target))
    return _labels(sparse.csr_matrix(arcs, shape=(count, count)))


def components_of(ptr: Ints, idx: AnyInts) -> Ints:
    """As ``components``, of arcs in rows, told once each and none from a node to itself.

    Args:
        ptr: Offsets into ``idx`` by node, one more than nodes.
        idx: Nodes led to.
    """
    count = len(ptr) - 1
    if _small(count + len(idx)):
        return _numbered(ptr.tolist(), idx.tolist())
    if kernels.available():
        return _compiled()(ptr, idx)
    from scipy import sparse  # noqa: PLC0415 - as above

    # 64-bit floats are what scipy's search asks for: any other type is copied to them.
    weights = np.ones(len(idx), dtype=np.float64)
    return _labels(sparse.csr_matrix((weights, idx, ptr), shape=(count, count)))


def reached(count: int, source: AnyInts, target: AnyInts, starts: Ints) -> npt.NDArray[np.bool_]:
    """Per node whether it is a start, or arcs lead to it from one."""
    found = np.zeros(count, dtype=bool)
    if _small(count + len(source)):
        after: dict[int, list[int]] = {}
        for one, other in zip(source.tolist(), target.tolist(), strict=True):
            after.setdefault(one, []).append(other)
        seen = set(starts.tolist())
        waiting = list(seen)
        while waiting:
            for node in after.pop(waiting.pop(), ()):
                if node not in seen:
                    seen.add(node)
                    waiting.append(node)
        found[list(seen)] = True
        return found
    if kernels.available():
        loop = loops(len(source) + COMPILE_FROM)
        none, no_rules = np.zeros(0, dtype=np.int32), np.zeros(count + 1, dtype=np.int64)
        whole = np.ascontiguousarray(source, dtype=np.int64)
        ptr, idx = loop.csr(count, whole, target.astype(np.int32))
        loop.forward(ptr, idx, no_rules, none, none, count, starts, found)
        return found
    from scipy import sparse  # noqa: PLC0415 - as above
    from scipy.sparse import csgraph  # noqa: PLC0415

    # One node more leads to all starts, so that one search answers.
    source = np.concatenate([source, np.full(len(starts), count)])
    target = np.concatenate([target, starts])
    arcs = (np.ones(len(source), dtype=bool), (source, target))
    matrix = sparse.csr_matrix(arcs, shape=(count + 1, count + 1))
    order = csgraph.breadth_first_order(matrix, count, directed=True, return_predecessors=False)
    found[order[1:]] = True
    return found


def _small(size: int) -> bool:
    return size <= (_TINY if {"numba", "scipy.sparse.csgraph"} & sys.modules.keys() else _SMALL)


@cache
def _compiled() -> "Callable[[Ints, AnyInts], Ints]":
    return kernels.compiled(numbered)


def _labels(matrix: "sparse.csr_matrix") -> Ints:
    from scipy.sparse import csgraph  # noqa: PLC0415 - as above

    _, labels = csgraph.connected_components(matrix, directed=True, connection="strong")
    found: Ints = labels.astype(np.int64)
    return found


def _numbered(ptr: list[int], idx: list[int]) -> Ints:
    """Components depth first, arcs of a node from the last to the first, as scipy goes."""
    count = len(ptr) - 1
    # How far a node leads back; once its component is known, the number of that from the end.
    low = [-1] * count
    left = bytearray(count)
    unfinished: list[int] = []
    index, number = 0, count - 1
    for root in range(count):
        waiting = [root] if low[root] == -1 else []
        while waiting:
            node = waiting[-1]
            arcs = idx[ptr[node] : ptr[node + 1]]
            if low[node] == -1:
                low[node] = index
                index += 1
                waiting += [other for other in arcs if low[other] == -1]
                continue
            waiting.pop()
            if left[node]:  # it was asked for once more, later, and is done
                continue
            left[node] = 1
            lowest = min([low[other] for other in arcs], default=count)
            if lowest < low[node]:
                low[node] = lowest
                unfinished.append(node)
                continue
            index -= 1
            while unfinished and low[node] <= low[unfinished[-1]]:
                low[unfinished.pop()] = number
                index -= 1
            low[node] = number
            number -= 1
    return count - 1 - np.array(low, dtype=np.int64)

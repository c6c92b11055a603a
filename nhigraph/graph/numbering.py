"""Keys by the million as dense numbers, and edges in order by the numbers of their ends."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import compute as pc

from nhigraph.graph import hashing
from nhigraph.graph.hashing import Short
from nhigraph.graph.store import Ints

#: Keys to look up, and edges to lay, from which on compiling pays.
COMPILE_FROM: Final = 2_000_000
#: Columns are long and few: more threads would wait for memory.
THREADS: Final = min(os.cpu_count() or 1, 4)
Bools = npt.NDArray[np.bool_]
#: Ranks of words: whole numbers, as small as they may be.
Ranks = npt.NDArray[Any]


def by_key(stated: "pa.ChunkedArray") -> tuple[Ints, "pa.Array"]:
    """The order of keys, and the keys in it: a key's number is its place there."""
    cells = stated.combine_chunks()
    order = pc.sort_indices(cells)
    return order.to_numpy().astype(np.int64), cells.take(order)


def lookup(sorted_keys: "pa.Array", cells: int) -> Callable[["pa.Array", Short], None]:
    """What writes down the number of every key of a column, and -1 where there is none.

    Args:
        sorted_keys: The keys, each once.
        cells: How many will be looked up: for many, compiling pays.
    """
    if cells >= COMPILE_FROM and len(sorted_keys) and hashing.loops():
        return hashing.Numbers(sorted_keys).of

    def numbered(column: "pa.Array", found: Short) -> None:
        found[:] = pc.fill_null(pc.index_in(column, value_set=sorted_keys), -1).to_numpy()

    return numbered


def numbers(columns_: Sequence["pa.ChunkedArray"], sorted_keys: "pa.Array") -> list[Short]:
    """Keys as their numbers, column by column; -1 where there is none."""
    cells = sum(map(len, columns_))
    look = lookup(sorted_keys, cells)
    found = [np.empty(len(column), dtype=np.int32) for column in columns_]
    parts: list[tuple[pa.Array, Short]] = []
    for column, numbered in zip(columns_, found, strict=True):
        if cells < COMPILE_FROM:
            # Arrow lays the keys out anew for every look: one for each column.
            parts.append((column.combine_chunks(), numbered))
            continue
        ends = np.cumsum([len(chunk) for chunk in column.chunks]).tolist()
        for chunk, end in zip(column.chunks, ends, strict=True):
            parts.append((chunk, numbered[end - len(chunk) : end]))
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(look, *zip(*parts, strict=True)))
    return found


def adjacency(src: Short, dst: Short, nodes: int) -> tuple[Ints, Ints]:
    """Offsets by source, and targets, sorted within each source.

    Args:
        src: Numbers of sources.
        dst: Numbers of targets.
        nodes: How many nodes there are.
    """
    loops = hashing.loops() if len(src) >= COMPILE_FROM else None
    if loops is None:
        place = src.astype(np.int64) * nodes + dst
        place.sort()
        counts = np.bincount(src, minlength=nodes)
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), place % nodes

    def offsets(numbers_: Short) -> Ints:
        found = np.zeros(nodes + 1, dtype=np.int64)
        loops.count(numbers_, found)
        return found

    def shares(ptr: Ints) -> list[tuple[int, int]]:
        """Nodes for each thread, with about as many arcs."""
        even = np.searchsorted(ptr, np.linspace(0, ptr[-1], THREADS + 1)[1:-1])
        return list(pairwise([0, *even.tolist(), nodes]))

    with ThreadPoolExecutor(THREADS) as threads:
        into, ptr = threads.map(offsets, (dst, src))
        free, sources = into[:-1].copy(), np.empty(len(src), dtype=np.int32)
        laid_ = [threads.submit(loops.lay, dst, src, *one, free, sources) for one in shares(into)]
        for one in laid_:
            one.result()
        free, ends = ptr[:-1].copy(), np.empty(len(src), dtype=np.int64)
        laid_ = [
            threads.submit(loops.turn, into, sources, *one, free, ends) for one in shares(ptr)
        ]
        for one in laid_:
            one.result()
    return ptr, ends


def edge_order(
    src: Short, dst: Short, words: Sequence[Ranks], nodes: int
) -> tuple[Ints, Bools] | None:
    """Edges by source, then target, then what they say, then as they came.

    Args:
        src: Numbers of their sources.
        dst: Numbers of their targets.
        words: What they say, column by column, as the ranks of words.
        nodes: How many nodes there are.

    Returns:
        Their order, and in it which differ from the one before; None where the columns have more
        words than one number tells apart.
    """
    place = src.astype(np.int64)
    place *= nodes
    place += dst
    order = np.argsort(place)
    place = place[order]
    alike = place[1:] == place[:-1]
    first = np.ones(len(src), dtype=bool)
    first[1:] = ~alike
    # Few edges have both ends in common with another: they alone are told apart by what they say.
    several = np.zeros(len(src), dtype=bool)
    several[1:] |= alike
    several[:-1] |= alike
    at = np.flatnonzero(several)
    rows = order[at]
    said = _ranked(words, rows)
    if said is None:
        return None
    ends = place[at]
    within = np.lexsort([rows, said, ends])
    order[at] = rows[within]
    ends, said = ends[within], said[within]
    first[at[1:]] = (ends[1:] != ends[:-1]) | (said[1:] != said[:-1])
    return order, first


def _ranked(words: Sequence[Ranks], rows: Ints) -> Ints | None:
    """All that some edges say as one number each; None where that would not tell them apart."""
    found, room = np.zeros(len(rows), dtype=np.int64), 1
    for codes in words:
        some = codes[rows]
        many = int(some.max(initial=0)) + 1
        if room * many >= 1 << 62:
            return None
        if many > 1:
            found, room = found * many + some, room * many
    return found

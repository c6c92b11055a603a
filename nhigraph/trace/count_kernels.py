"""The loop that counts who holds what, compiled where that pays, as ``dag_kernels`` are."""

from collections.abc import Callable
from functools import cache

import numpy as np

from nhigraph.trace import kernels
from nhigraph.trace.dag_kernels import COMPILE_FROM


def count(held, live, top, which, fired_ptr, fired_row, counts, first) -> None:  # type: ignore[no-untyped-def] # numba infers types; annotations add nothing
    """Count the walkers of every lane of a block, and write down the first of each.

    Args:
        held: Eight words a row.
        live: Rows that hold anything.
        top: Per walker, its row.
        which: Per walker, what fires for it.
        fired_ptr: Offsets into ``fired_row`` by that number.
        fired_row: Rows of what fired rules give.
        counts: Per lane; zeros.
        first: Per lane, room for its first walkers.
    """
    sorts = fired_ptr.size - 1
    given = np.zeros((sorts, 8), np.uint64)
    some = np.zeros(sorts, np.bool_)
    for sort in range(sorts):
        for at in range(fired_ptr[sort], fired_ptr[sort + 1]):
            if live[fired_row[at]]:
                some[sort] = True
                base = np.uint64(fired_row[at]) * np.uint64(8)
                for word in range(8):
                    given[sort, word] |= held[base + np.uint64(word)]
    nothing = np.uint64(0)
    byte = np.uint64(255)
    one = np.uint64(1)
    eight = np.uint64(8)
    most = first.shape[1]
    for walker in range(top.size):
        own = live[top[walker]]
        more = some[which[walker]]
        if not own and not more:
            continue
        base = np.uint64(top[walker]) * np.uint64(8)
        for word in range(8):
            bits = nothing
            if own:
                bits |= held[base + np.uint64(word)]
            if more:
                bits |= given[which[walker], word]
            lane = 64 * word
            while bits != nothing:
                if bits & byte == nothing:
                    bits = bits >> eight
                    lane += 8
                else:
                    if bits & one:
                        if counts[lane] < most:
                            first[lane, counts[lane]] = walker
                        counts[lane] += 1
                    bits = bits >> one
                    lane += 1


@cache
def _compiled() -> Callable[..., None]:
    return kernels.compiled(count)


def counting(arcs: int) -> Callable[..., None]:
    """The loop for a graph of so many arcs; it is compiled when it is first called."""
    return _compiled() if arcs >= COMPILE_FROM and kernels.available() else count

"""How many hold what is asked about, and who comes first: for so much that no table has room.

A table of who holds what has a bit for every pair. Here lanes are counted block by block, and what
a block holds is forgotten: a million nodes are asked about for two hundred thousand walkers.
"""

from collections.abc import Iterator

import numpy as np

from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.trace.blocks import BLOCK, each_block, seeds
from nhigraph.trace.condense import condense
from nhigraph.trace.count_kernels import counting
from nhigraph.trace.holders import Starts, fired, with_tops
from nhigraph.trace.horn import Horn
from nhigraph.trace.lanes import Words
from nhigraph.trace.product import Bools
from nhigraph.trace.sets import AnyInts

_NOBODY: Ints = np.zeros(0, dtype=np.int64)


def first_and_count(
    horn: Horn,
    starts: Starts,
    groups: tuple[Ints, Ints, int],
    most: int,
    threads: int | None = None,
) -> Iterator[tuple[Ints, int]]:
    """Group by group, the first walkers that hold any state of it, ascending, and how many do.

    Args:
        horn: A reading, taken apart.
        starts: What walkers hold from the beginning.
        groups: States asked about, the group of each, and how many groups there are.
        most: How many walkers of a group are told at most.
        threads: As for ``holders.holders``.
    """
    states, group, count = groups
    dag, tops = with_tops(condense(horn, distinct(starts.state), states), starts)
    row = dag.row[states]
    known = row >= 0
    lane = _lanes(row[known], group[known], count)
    firing = fired(dag, tops, threads)
    begin = seeds(int(lane.max(initial=-1)) + 1, row[known], lane[group[known]])
    counts = np.zeros(begin.blocks * BLOCK, dtype=np.int64)
    first = np.empty((len(counts), min(most, starts.walkers)), dtype=np.int32)
    loop, top = counting(len(dag.idx)), tops.row[tops.which]
    none = np.zeros(len(tops.row), dtype=np.int64), np.zeros(2, dtype=np.int64), tops.row[:0]
    which, ptr, given = none if firing is None else (firing.which, firing.ptr, firing.row)
    firings = which[tops.which]

    def work(block: int, held: Words, live: Bools) -> None:
        part = slice(block * BLOCK, (block + 1) * BLOCK)
        loop(held, live, top, firings, ptr, given, counts[part], first[part])

    each_block(dag, begin, work, threads)
    for at in lane.tolist():
        if at < 0:
            yield _NOBODY, 0
        else:
            many = int(counts[at])
            yield first[at, :many].astype(np.int64), many


def _lanes(row: AnyInts, group: Ints, count: int) -> Ints:
    """Per group its lane, or -1: the rows of a block lie near each other, and few lead there."""
    lowest = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(lowest, group, row)
    some = np.flatnonzero(lowest < np.iinfo(np.int64).max)
    lane = np.full(count, -1, dtype=np.int64)
    lane[some[np.argsort(lowest[some], kind="stable")]] = np.arange(len(some))
    return lane

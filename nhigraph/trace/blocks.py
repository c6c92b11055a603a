"""Lanes carried against the arcs of a condensed graph, 512 at a time, blocks side by side."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import numpy as np

from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.condense import Dag
from nhigraph.trace.lanes import WORD, Words
from nhigraph.trace.product import Bools
from nhigraph.trace.sets import AnyInts, Int32s

#: Lanes of a block: eight words, which are one line of the processor's cache.
BLOCK = 512
WORDS = BLOCK // WORD
_LINE = 64

#: The number of a block, what its rows hold, eight words each, and which hold anything.
Work = Callable[[int, Words, Bools], None]


@dataclass(frozen=True, slots=True)
class Seeds:
    """Where lanes begin, block by block, rows ascending within a block.

    Attributes:
        blocks: Number of blocks.
        first: Offsets by block, one more than blocks.
        row: Row of a seed.
        lane: Its lane, counted within the block.
    """

    blocks: int
    first: Ints
    row: Int32s
    lane: Int32s


def seeds(lanes: int, row: AnyInts, lane: Ints) -> Seeds:
    """Seeds of some lanes; a lane may begin at several rows."""
    blocks = -(-lanes // BLOCK)
    order = np.lexsort([row, lane // BLOCK])
    first = np.searchsorted(lane[order] // BLOCK, np.arange(blocks + 1))
    within = (lane[order] % BLOCK).astype(np.int32)
    return Seeds(blocks, first, row[order].astype(np.int32), within)


def processors() -> int:
    """How many of them this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def each_block(dag: Dag, begin: Seeds, work: Work, threads: int | None = None) -> None:
    """Spread every block's lanes over the rows, and hand them on.

    Args:
        dag: The condensed graph.
        begin: Seeds.
        work: Is called once a block, in any order, from several threads; what it is given is
            another block's as soon as it returns.
        threads: Blocks at once, each with 64 bytes a row; as many as there are processors by
            default.
    """
    several = min(threads or processors(), begin.blocks)
    room: SimpleQueue[tuple[Words, Bools]] = SimpleQueue()
    for _ in range(several):
        room.put((aligned(dag.rows), np.zeros(dag.rows, dtype=bool)))
    spread = dag.loops.spread

    def one(block: int) -> None:
        held, live = room.get()
        part = slice(begin.first[block], begin.first[block + 1])
        spread(dag.ptr, dag.idx, begin.row[part], begin.lane[part], held, live)
        work(block, held, live)
        room.put((held, live))

    side_by_side(one, begin.blocks, several)


def side_by_side(work: Callable[[int], None], count: int, threads: int) -> None:
    """Do numbered pieces of work, some of them at once."""
    if threads <= 1:
        for number in range(count):
            work(number)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, range(count)):
            pass  # what a piece of work raises is raised here


def aligned(rows: int) -> Words:
    """Eight words a row, none of which lies on two lines of the cache."""
    raw = np.empty(rows * WORDS + WORDS, dtype=np.uint64)
    shift = -raw.ctypes.data % _LINE // raw.itemsize
    return raw[shift : shift + rows * WORDS]

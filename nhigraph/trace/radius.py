"""How much falls with each walker: nodes at which it holds something, by state and by family.

Exact: walkers are the lanes, carried forwards over the condensed graph, and every node is counted
once a lane. Or a sketch: registers carried backwards, once for all walkers, with a stated error.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace import sketch
from nhigraph.trace.blocks import BLOCK, each_block, processors, seeds, side_by_side
from nhigraph.trace.condense import Dag, condense
from nhigraph.trace.holders import Firing, Starts, Tops, fired, with_tops
from nhigraph.trace.horn import Horn
from nhigraph.trace.lanes import Words
from nhigraph.trace.product import STATES, Bools
from nhigraph.trace.radius_kernels import loops
from nhigraph.trace.sets import Int32s

#: From this many walkers times nodes on, a radius is estimated unless it is asked for exactly.
SKETCH_FROM = 10**10
_ANY = 0
_PASS = 64


@dataclass(frozen=True, slots=True)
class Radius:
    """How much walkers hold.

    Attributes:
        which: Per walker, its row of ``counts``.
        counts: Rows x families x states: nodes of a family at which the state is held. The first
            family is all of them together, the first state any of them.
        error: Relative standard error of a count; 0 where it is exact. A sketch counts families
            and states apart, not their pairs: those are not numbers.
    """

    which: Ints
    counts: npt.NDArray[np.float64]
    error: float

    def whole(self) -> npt.NDArray[np.float64]:
        """Per walker, the nodes at which it holds anything."""
        found: npt.NDArray[np.float64] = self.counts[self.which, 0, _ANY]
        return found


def radius(
    horn: Horn,
    starts: Starts,
    family: Ints,
    *,
    exact: bool | None = None,
    registers: int = sketch.REGISTERS,
    threads: int | None = None,
) -> Radius:
    """How much each walker holds.

    Args:
        horn: A closure's reading, taken apart.
        starts: What walkers hold from the beginning.
        family: Per node, the number of its family, from 0 on.
        exact: Count, or estimate; by default count up to ``SKETCH_FROM``.
        registers: Of a sketch: 64, or twice as many, and so on.
        threads: Blocks worked on at once; as many as there are processors by default.
    """
    dag, tops = with_tops(condense(horn, distinct(starts.state), None), starts)
    firing = fired(dag, tops, threads) or _nothing(tops)
    nodes = len(family)
    rows = dag.row[: nodes * STATES].reshape(nodes, STATES)
    if exact if exact is not None else starts.walkers * nodes < SKETCH_FROM:
        counts = _counted(dag, (tops, firing), rows, family, threads)
        return Radius(tops.which, counts, 0.0)
    counts = _sketched(dag, (tops, firing), rows, family, registers, threads or processors())
    return Radius(tops.which, counts, sketch.standard_error(registers))


def _nothing(tops: Tops) -> Firing:
    """Nothing fires for anybody."""
    which = np.zeros(len(tops.row), dtype=np.int64)
    return Firing(which, np.zeros(2, dtype=np.int64), np.zeros(0, dtype=np.int32))


def _counted(
    dag: Dag, tops: tuple[Tops, Firing], rows: Int32s, family: Ints, threads: int | None
) -> npt.NDArray[np.float64]:
    sorts, weight, first = _sorts(rows, family)
    # Against the arcs: what is held spreads from walkers, so rows are numbered the other way.
    last = dag.rows - 1
    source = np.repeat(np.arange(dag.rows, dtype=np.int32), np.diff(dag.ptr))
    ptr, idx = dag.loops.csr(dag.rows, last - dag.idx, last - source)
    turned = replace(dag, ptr=ptr, idx=idx)
    sorts = np.where(sorts >= 0, last - sorts, -1).astype(np.int32)
    row, lane = _lanes(*tops)
    many = len(tops[0].row)
    found = np.zeros((many, len(first) - 1, STATES + 1), dtype=np.int64)
    kernel = loops((len(idx) + rows.size) * (1 + many // BLOCK)).tally

    def work(block: int, held: Words, live: Bools) -> None:
        kernel(held, live, sorts, weight, first, found[block * BLOCK : (block + 1) * BLOCK])

    each_block(turned, seeds(many, last - row, lane), work, threads)
    whole = found.sum(axis=1, keepdims=True)
    return np.concatenate([whole, found], axis=1).astype(np.float64)


def _lanes(tops: Tops, firing: Firing) -> tuple[Ints, Ints]:
    """Rows at which each top's lane begins: its own, and those of what it fires."""
    many = len(tops.row)
    sizes = np.diff(firing.ptr)[firing.which]
    lane = np.concatenate([np.arange(many), np.repeat(np.arange(many), sizes)])
    begin = np.repeat(firing.ptr[firing.which] - np.cumsum(sizes) + sizes, sizes)
    given = firing.row[np.arange(sizes.sum()) + begin]
    return np.concatenate([tops.row, given]).astype(np.int64), lane


def _sorts(rows: Int32s, family: Ints) -> tuple[Int32s, Ints, Ints]:
    """Nodes that are held alike, told once: rows of states, how many, and offsets by family."""
    alike = family.astype(np.int64)
    for column in rows.T:
        keys = alike * (int(rows.max(initial=0)) + 2) + column + 1
        _, alike = np.unique(keys, return_inverse=True)
    _, example, weight = np.unique(alike, return_index=True, return_counts=True)
    order = np.argsort(family[example], kind="stable")
    example, weight = example[order], weight[order]
    families = np.arange(int(family.max(initial=-1)) + 2)
    return rows[example], weight.astype(np.int64), np.searchsorted(family[example], families)


def _sketched(
    dag: Dag,
    tops: tuple[Tops, Firing],
    rows: Int32s,
    family: Ints,
    registers: int,
    threads: int,
) -> npt.NDArray[np.float64]:
    families = int(family.max(initial=-1)) + 1
    found = np.full((len(tops[0].row), families + 1, STATES + 1), np.nan)
    node = np.repeat(np.arange(len(rows)), STATES)
    state = np.tile(np.arange(STATES), len(rows))
    row = rows.ravel()
    order = np.argsort(row, kind="stable")[int((row < 0).sum()) :]
    node, state, row = node[order], state[order], row[order]
    register, rank = sketch.places(len(rows), registers)
    for one, slot, chosen in _asked(family[node], state, families):
        told = node[chosen]
        seeded = row[chosen], register[told], rank[told]
        ranks = _ranked(dag, tops, seeded, registers, threads)
        found[:, one, slot] = sketch.estimates(ranks, registers)
    return found


def _asked(family: Ints, state: Ints, families: int) -> Iterator[tuple[int, int, Bools]]:
    """What is counted: everything, each family in any state, each state in any family."""
    yield 0, _ANY, np.ones(len(family), dtype=bool)
    for one in range(families):
        yield one + 1, _ANY, family == one
    for one in range(STATES):
        yield 0, one + 1, state == one


def _ranked(
    dag: Dag,
    tops: tuple[Tops, Firing],
    seeded: tuple[Int32s, Ints, npt.NDArray[np.uint8]],
    registers: int,
    threads: int,
) -> Ints:
    """Per top, how many registers have which rank."""
    top, firing = tops
    row, register, rank = seeded
    several = min(threads, registers // _PASS)
    kernel = loops(len(dag.idx) * registers // _PASS)
    parts = [np.zeros((len(top.row), sketch.slots(registers)), np.int64) for _ in range(several)]
    most = [np.empty(dag.rows * _PASS, dtype=np.uint8) for _ in range(several)]

    def one(number: int) -> None:
        for first in range(number * _PASS, registers, several * _PASS):
            here = register // _PASS == first // _PASS
            place = (register[here] % _PASS).astype(np.int64)
            kernel.merge(dag.ptr, dag.idx, row[here], place, rank[here], most[number])
            kernel.ranks(
                most[number], top.row, firing.which, firing.ptr, firing.row, parts[number]
            )

    side_by_side(one, several, several)
    found: Ints = np.sum(parts, axis=0)
    return found

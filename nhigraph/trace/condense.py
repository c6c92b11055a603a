"""From arcs and rules to what counts: states reached and leading on, components, a small DAG.

What no walker reaches, or what leads to nothing that is asked about, goes first; then strongly
connected components become one row each, and rows that hold what one other holds become that one.
"""

import numpy as np

from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.dag_kernels import Loops, loops
from nhigraph.trace.horn import Horn
from nhigraph.trace.order import sinks_first
from nhigraph.trace.product import Bools
from nhigraph.trace.searches import components_of
from nhigraph.trace.sets import Int32s, distinct_sets

#: Lanes that one pass over the arcs carries.
_LANES = 512


@dataclass(frozen=True, slots=True)
class Dag:
    """Rows, and arcs from each to rows of smaller numbers; what holds alike is one row.

    Attributes:
        ptr: Offsets into ``idx`` by row, one more than rows.
        idx: Rows led to.
        row: Per state its row; -1 for a state that nobody reaches or that leads to no probe.
        in_ptr: Offsets into ``in_row`` by rule, one more than rules.
        in_row: Rows of a rule's inputs, distinct, ascending.
        rule_row: Per rule, the row of what it gives.
        loops: The loops for what is to be done on it.
        states: States that were left to condense.
        arcs: Arcs between them.
    """

    ptr: Ints
    idx: Int32s
    row: Int32s
    in_ptr: Ints
    in_row: Int32s
    rule_row: Int32s
    loops: Loops
    states: int
    arcs: int

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.ptr) - 1


def condense(horn: Horn, starts: Ints, probes: Ints | None) -> Dag:
    """Condense what leads from starts to probes.

    Args:
        horn: Arcs and rules.
        starts: States that somebody holds from the beginning.
        probes: States asked about; None for every state: then nothing is taken for its like.
    """
    lanes = len(horn.in_idx) + (horn.size if probes is None else len(probes))
    loop = loops((len(horn.src) + len(horn.in_idx)) * (1 + lanes // _LANES))
    ptr, idx = loop.csr(horn.states, horn.src, horn.dst)
    relevant = _trimmed(loop, horn, (ptr, idx), starts, probes)
    number = np.where(relevant, np.cumsum(relevant) - 1, -1).astype(np.int32)
    count = int(relevant.sum())
    few_ptr, few_idx = loop.restricted(ptr, idx, number, count)
    rules = np.flatnonzero(relevant[horn.size :])
    sizes = np.diff(horn.in_ptr)[rules]
    at = np.arange(sizes.sum()) + np.repeat(horn.in_ptr[rules] - np.cumsum(sizes) + sizes, sizes)
    inputs = horn.in_idx[at]
    fixed = np.ones(count, dtype=bool)
    if probes is not None:
        fixed[:] = False
        fixed[number[probes[relevant[probes]]]] = True
        fixed[number[inputs]] = True
    of, down, ends = _rows(loop, few_ptr, few_idx, fixed)
    row = np.full(horn.states, -1, dtype=np.int32)
    row[relevant] = of
    sets = distinct_sets(len(rules), np.repeat(np.arange(len(rules)), sizes), row[inputs])
    width = sets.sizes[sets.which]
    in_ptr = np.concatenate([[0], np.cumsum(width)]).astype(np.int64)
    at = np.arange(in_ptr[-1]) + np.repeat(sets.ptr[sets.which] - in_ptr[:-1], width)
    rule_row = row[horn.size + rules]
    return Dag(
        down, ends, row[: horn.size], in_ptr, sets.idx[at], rule_row, loop, count, len(few_idx)
    )


def _trimmed(
    loop: Loops, horn: Horn, arcs: tuple[Ints, Int32s], starts: Ints, probes: Ints | None
) -> Bools:
    """States that somebody can reach, and of these the ones that lead to a probe."""
    ptr, idx = arcs
    owner = np.repeat(np.arange(horn.rules, dtype=np.int32), np.diff(horn.in_ptr))
    use_ptr, use_idx = loop.csr(horn.states, horn.in_idx, owner)
    left = np.diff(horn.in_ptr).astype(np.int32)
    kept = np.zeros(horn.states, dtype=bool)
    loop.forward(ptr, idx, use_ptr, use_idx, left, horn.size, starts, kept)
    if probes is None:
        return kept
    back_ptr, back_idx = loop.transposed(ptr, idx, kept)
    seen = np.zeros(horn.states, dtype=bool)
    loop.backward(
        back_ptr, back_idx, horn.in_ptr, horn.in_idx, horn.size, distinct(probes), kept, seen
    )
    return seen


def _rows(loop: Loops, ptr: Ints, idx: Int32s, fixed: Bools) -> tuple[Int32s, Ints, Int32s]:
    """Row of every state, and the arcs between rows."""
    count = len(ptr) - 1
    if not count:
        nothing = np.zeros(0, dtype=np.int32)
        return nothing, np.zeros(1, dtype=np.int64), nothing
    component = _components(ptr, idx)
    number = int(component.max()) + 1
    first, members = loop.csr(number, component, np.arange(count, dtype=np.int32))
    own = np.zeros(number, dtype=bool)
    own[component[fixed]] = True
    row, down, ends = loop.condensed(first, members, ptr, idx, component, own)
    return row[component], down, ends


def _components(ptr: Ints, idx: Int32s) -> Int32s:
    source = np.repeat(np.arange(len(ptr) - 1, dtype=np.int32), np.diff(ptr))
    return sinks_first(components_of(ptr, idx), source, idx).astype(np.int32)

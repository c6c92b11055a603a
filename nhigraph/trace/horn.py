"""A reading of the product taken apart: arcs, which need nothing else, and rules, which do.

A rule is one distinct set of inputs. Whoever holds all of them holds the rule's own state, which
stands after the states of the product and from which arcs lead to all that the clauses with these
inputs yield: a right of a role past one gate is one rule, however many tables it opens.
"""

from typing import Protocol

import numpy as np

from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.sets import AnyInts, Int32s, distinct_sets


class Reading(Protocol):
    """Clauses in columns, as ``Product`` has them: more is not read of them."""

    @property
    def size(self) -> int:
        """Number of states."""

    @property
    def src(self) -> AnyInts:
        """State a clause leaves."""

    @property
    def dst(self) -> AnyInts:
        """State it yields."""

    @property
    def need_ptr(self) -> Ints:
        """Offsets into ``need_idx``, one more than clauses."""

    @property
    def need_idx(self) -> Ints:
        """States it needs besides ``src``."""

    @property
    def never(self) -> int:
        """The state nobody holds."""


@dataclass(frozen=True, slots=True)
class Horn:
    """Arcs and rules.

    Attributes:
        size: States of the product; the state of rule ``r`` is ``size + r``.
        src: State an arc leaves.
        dst: State it yields.
        in_ptr: Offsets into ``in_idx`` by rule, one more than rules.
        in_idx: Inputs of a rule, ascending, two at least.
    """

    size: int
    src: Int32s
    dst: Int32s
    in_ptr: Ints
    in_idx: Int32s

    @property
    def rules(self) -> int:
        """Number of rules."""
        return len(self.in_ptr) - 1

    @property
    def states(self) -> int:
        """Number of states, those of rules included."""
        return self.size + self.rules


def taken_apart(reading: Reading) -> Horn:
    """Arcs and rules of a closure's reading; clauses that nobody can ever fire are left out."""
    counts = np.diff(reading.need_ptr)
    plain = counts == 0
    needing = np.flatnonzero(~plain)
    if not len(needing):
        nothing = np.zeros(0, dtype=np.int32)
        src, dst = (end.astype(np.int32, copy=False) for end in (reading.src, reading.dst))
        return Horn(reading.size, src, dst, np.zeros(1, dtype=np.int64), nothing)
    owner = np.repeat(np.arange(len(needing)), counts[needing])
    state = reading.need_idx
    inputs = distinct_sets(
        len(needing),
        np.concatenate([np.arange(len(needing)), owner]),
        np.concatenate([reading.src[needing], state]),
    )
    dead = np.zeros(len(needing), dtype=bool)
    dead[owner[state == reading.never]] = True
    which = inputs.which
    # A clause that needs no more than its source is an arc like any other.
    single = inputs.sizes[which] == 1
    arcs, ruled = needing[single & ~dead], np.flatnonzero(~single & ~dead)
    kept, rule = np.unique(which[ruled], return_inverse=True)
    sizes = inputs.sizes[kept]
    in_ptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    at = np.arange(in_ptr[-1]) + np.repeat(inputs.ptr[kept] - in_ptr[:-1], sizes)
    rules = (reading.size + rule).astype(reading.src.dtype)
    src = np.concatenate([reading.src[plain], reading.src[arcs], rules])
    dst = np.concatenate([reading.dst[plain], reading.dst[arcs], reading.dst[needing[ruled]]])
    src, dst = (end.astype(np.int32, copy=False) for end in (src, dst))
    return Horn(reading.size, src, dst, in_ptr, inputs.idx[at])

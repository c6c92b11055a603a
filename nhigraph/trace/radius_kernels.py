"""The loops that count how much everybody holds: exact tallies, and sketches of them.

Plain Python over arrays, compiled where that pays, as ``dag_kernels`` are.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from nhigraph.records import dataclass
from nhigraph.trace import kernels
from nhigraph.trace.dag_kernels import COMPILE_FROM


def tally(held, live, sorts, weight, first, into) -> None:  # type: ignore[no-untyped-def] # numba infers types; annotations add nothing
    """Count, for 512 lanes, the nodes at which each holds something, and each state.

    Args:
        held: Eight words a row.
        live: Rows that hold anything.
        sorts: Per sort of nodes, the row of each state, or -1; family by family.
        weight: How many nodes are of a sort.
        first: Offsets into ``sorts`` by family.
        into: Lanes x families x states and, first, any of them.
    """
    states = sorts.shape[1]
    nothing = np.uint64(0)
    some = np.zeros(8, np.uint64)
    planes = np.zeros((states + 1, 40, 8), np.uint64)
    for family in range(first.size - 1):
        planes[:] = nothing
        for sort in range(first[family], first[family + 1]):
            some[:] = nothing
            for column in range(states + 1):
                # The last turn counts what any state of the node has gathered.
                if column < states:
                    row = sorts[sort, column]
                    if row < 0 or not live[row]:
                        continue
                    base = np.uint64(row) * np.uint64(8)
                    slot = column + 1
                else:
                    base = nothing
                    slot = 0
                for word in range(8):
                    if slot > 0:
                        lanes = held[base + np.uint64(word)]
                        some[word] |= lanes
                    else:
                        lanes = some[word]
                    if lanes == nothing:
                        continue
                    many = weight[sort]
                    low = 0
                    while many > 0:
                        if many & 1:
                            carry = lanes
                            plane = low
                            while carry != nothing:
                                before = planes[slot, plane, word]
                                planes[slot, plane, word] = before ^ carry
                                carry = before & carry
                                plane += 1
                        many >>= 1
                        low += 1
        for lane in range(into.shape[0]):
            shift = np.uint64(lane & 63)
            for slot in range(states + 1):
                total = 0
                for plane in range(40):
                    if (planes[slot, plane, lane >> 6] >> shift) & np.uint64(1) != nothing:
                        total += 1 << plane
                into[lane, family, slot] = total


def merge(ptr, idx, seed_row, seed_place, seed_rank, most) -> None:  # type: ignore[no-untyped-def] # see tally
    """Fill 64 registers a row: the greatest rank seeded at it or at any row it leads to.

    ``seed_row`` ascends; ``most`` needs no clearing.
    """
    at = 0
    seeds = seed_row.size
    for row in range(ptr.size - 1):
        # A part of its own lets the compiler see that 64 bytes are compared with 64 others.
        mine = most[row * 64 : row * 64 + 64]
        for place in range(64):
            mine[place] = 0
        while at < seeds and seed_row[at] == row:
            mine[seed_place[at]] = max(mine[seed_place[at]], seed_rank[at])
            at += 1
        for arc in range(ptr[row], ptr[row + 1]):
            other = idx[arc] * 64
            theirs = most[other : other + 64]
            for place in range(64):
                one = mine[place]
                two = theirs[place]
                mine[place] = one if one > two else two  # noqa: FURB136 - max() is not vectorised


def ranks(most, rows, which, fired_ptr, fired_row, into) -> None:  # type: ignore[no-untyped-def] # see tally
    """Count, per top, how many of its 64 registers have which rank; what it fires included."""
    sorts = fired_ptr.size - 1
    given = np.zeros((sorts, 64), np.uint8)
    for sort in range(sorts):
        for at in range(fired_ptr[sort], fired_ptr[sort + 1]):
            base = fired_row[at] * 64
            for place in range(64):
                given[sort, place] = max(given[sort, place], most[base + place])
    for at in range(rows.size):
        base = rows[at] * 64
        for place in range(64):
            into[at, max(most[base + place], given[which[at], place])] += 1


@dataclass(frozen=True, slots=True)
class Loops:
    """The loops, as they stand or compiled."""

    tally: Callable[..., None]
    merge: Callable[..., None]
    ranks: Callable[..., None]


_LOOPS: tuple[Callable[..., Any], ...] = (tally, merge, ranks)
_PLAIN = Loops(*_LOOPS)


@cache
def _compiled() -> Loops:
    return Loops(*map(kernels.compiled, _LOOPS))


def loops(arcs: int) -> Loops:
    """The loops for a graph of so many arcs; each is compiled when it is first called."""
    return _compiled() if arcs >= COMPILE_FROM and kernels.available() else _PLAIN

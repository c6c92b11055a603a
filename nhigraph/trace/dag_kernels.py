"""The loops over arcs and condensed graphs: written once, compiled where that pays.

Plain Python over arrays, as ``kernels`` is: a small graph runs them as they stand, a large one
compiled by numba. Graphs are CSR: the arcs of state ``s`` are ``idx[ptr[s]:ptr[s + 1]]``. Rows of
a condensed graph lead to rows of smaller numbers only, so one pass in ascending order settles all.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from nhigraph.records import dataclass
from nhigraph.trace import kernels

#: From this many arcs passed on, compiling pays.
COMPILE_FROM = 20_000


def csr(count, src, dst):  # type: ignore[no-untyped-def] # numba infers types; annotations add nothing
    """Arcs by source, in the order given: offsets and targets."""
    ptr = np.zeros(count + 1, np.int64)
    for at in range(src.size):
        ptr[src[at] + 1] += 1
    for state in range(count):
        ptr[state + 1] += ptr[state]
    place = ptr[:count].copy()
    idx = np.empty(src.size, np.int32)
    for at in range(src.size):
        state = src[at]
        idx[place[state]] = dst[at]
        place[state] += 1
    return ptr, idx


def forward(ptr, idx, use_ptr, use_idx, left, first_rule, seeds, seen) -> None:  # type: ignore[no-untyped-def] # see csr
    """Mark what is held by whoever starts with all seeds; ``left`` counts inputs not yet held."""
    queue = np.empty(seen.size, np.int32)
    waiting = 0
    for seed in seeds:
        if not seen[seed]:
            seen[seed] = True
            queue[waiting] = seed
            waiting += 1
    head = 0
    while head < waiting:
        state = queue[head]
        head += 1
        for at in range(ptr[state], ptr[state + 1]):
            end = idx[at]
            if not seen[end]:
                seen[end] = True
                queue[waiting] = end
                waiting += 1
        for at in range(use_ptr[state], use_ptr[state + 1]):
            rule = use_idx[at]
            left[rule] -= 1
            if left[rule] == 0 and not seen[first_rule + rule]:
                seen[first_rule + rule] = True
                queue[waiting] = first_rule + rule
                waiting += 1


def transposed(ptr, idx, kept):  # type: ignore[no-untyped-def] # see csr
    """Arcs by target, of kept sources alone."""
    count = ptr.size - 1
    back = np.zeros(count + 1, np.int64)
    for state in range(count):
        if kept[state]:
            for at in range(ptr[state], ptr[state + 1]):
                back[idx[at] + 1] += 1
    for state in range(count):
        back[state + 1] += back[state]
    place = back[:count].copy()
    sources = np.empty(back[count], np.int32)
    for state in range(count):
        if kept[state]:
            for at in range(ptr[state], ptr[state + 1]):
                end = idx[at]
                sources[place[end]] = state
                place[end] += 1
    return back, sources


def backward(ptr, idx, in_ptr, in_idx, first_rule, seeds, kept, seen) -> None:  # type: ignore[no-untyped-def] # see csr
    """Mark the kept states from which a seed is reached, inputs of rules included.

    ``ptr`` and ``idx`` are arcs by target.
    """
    queue = np.empty(seen.size, np.int32)
    waiting = 0
    for seed in seeds:
        if kept[seed] and not seen[seed]:
            seen[seed] = True
            queue[waiting] = seed
            waiting += 1
    head = 0
    while head < waiting:
        state = queue[head]
        head += 1
        for at in range(ptr[state], ptr[state + 1]):
            before = idx[at]
            if not seen[before]:
                seen[before] = True
                queue[waiting] = before
                waiting += 1
        if state >= first_rule:
            rule = state - first_rule
            for at in range(in_ptr[rule], in_ptr[rule + 1]):
                before = in_idx[at]
                if not seen[before]:
                    seen[before] = True
                    queue[waiting] = before
                    waiting += 1


def restricted(ptr, idx, number, count):  # type: ignore[no-untyped-def] # see csr
    """Arcs between numbered states, by their numbers; ``number`` is -1 for those left out.

    An arc is told once, as scipy's search for components asks of its rows, and one from a state to
    itself not at all.
    """
    fewer = np.zeros(count + 1, np.int64)
    told = np.full(count, -1, np.int32)
    ends = np.empty(idx.size, np.int32)
    filled = 0
    for state in range(ptr.size - 1):
        own = number[state]
        if own >= 0:
            told[own] = own
            for at in range(ptr[state], ptr[state + 1]):
                end = number[idx[at]]
                if end >= 0 and told[end] != own:
                    told[end] = own
                    ends[filled] = end
                    filled += 1
            fewer[own + 1] = filled
    return fewer, ends[:filled].copy()


def condensed(first, members, ptr, idx, component, fixed):  # type: ignore[no-untyped-def] # see csr
    """Rows of components, sinks first, arcs between them once each.

    A component that is not fixed and leads to one row only is that row: it holds the same.
    """
    count = fixed.size
    row = np.empty(count, np.int32)
    told = np.full(count, -1, np.int32)
    down = np.zeros(count + 1, np.int64)
    ends = np.empty(idx.size, np.int32)
    rows = 0
    filled = 0
    for number in range(count):
        start = filled
        for member in range(first[number], first[number + 1]):
            state = members[member]
            for at in range(ptr[state], ptr[state + 1]):
                other = component[idx[at]]
                if other != number:
                    end = row[other]
                    if told[end] != number:
                        told[end] = number
                        ends[filled] = end
                        filled += 1
        if not fixed[number] and filled == start + 1:
            row[number] = ends[start]
            filled = start
        else:
            row[number] = rows
            rows += 1
            down[rows] = filled
    return row, down[: rows + 1].copy(), ends[:filled].copy()


def spread(ptr, idx, seed_row, seed_lane, held, live) -> None:  # type: ignore[no-untyped-def] # see csr
    """Fill eight words a row: the lanes seeded at it or at any row it leads to.

    ``seed_row`` ascends. ``held`` needs no clearing: every row is written.
    """
    at = 0
    seeds = seed_row.size
    nothing = np.uint64(0)
    for row in range(ptr.size - 1):
        base = np.uint64(row) * np.uint64(8)
        w0 = nothing
        w1 = nothing
        w2 = nothing
        w3 = nothing
        w4 = nothing
        w5 = nothing
        w6 = nothing
        w7 = nothing
        some = False
        if at < seeds and seed_row[at] == row:
            some = True
            for word in range(8):
                held[base + np.uint64(word)] = nothing
            while at < seeds and seed_row[at] == row:
                lane = seed_lane[at]
                held[base + np.uint64(lane >> 6)] |= np.uint64(1) << np.uint64(lane & 63)
                at += 1
            w0 = held[base]
            w1 = held[base + np.uint64(1)]
            w2 = held[base + np.uint64(2)]
            w3 = held[base + np.uint64(3)]
            w4 = held[base + np.uint64(4)]
            w5 = held[base + np.uint64(5)]
            w6 = held[base + np.uint64(6)]
            w7 = held[base + np.uint64(7)]
        for arc in range(ptr[row], ptr[row + 1]):
            end = np.uint64(idx[arc])
            # A byte tells whether there is anything to fetch: most rows of a block are empty.
            if live[end]:
                some = True
                other = end * np.uint64(8)
                w0 |= held[other]
                w1 |= held[other + np.uint64(1)]
                w2 |= held[other + np.uint64(2)]
                w3 |= held[other + np.uint64(3)]
                w4 |= held[other + np.uint64(4)]
                w5 |= held[other + np.uint64(5)]
                w6 |= held[other + np.uint64(6)]
                w7 |= held[other + np.uint64(7)]
        live[row] = some
        held[base] = w0
        held[base + np.uint64(1)] = w1
        held[base + np.uint64(2)] = w2
        held[base + np.uint64(3)] = w3
        held[base + np.uint64(4)] = w4
        held[base + np.uint64(5)] = w5
        held[base + np.uint64(6)] = w6
        held[base + np.uint64(7)] = w7


def take(held, rows, into, first) -> None:  # type: ignore[no-untyped-def] # see csr
    """Copy the words of some rows to eight columns of a table."""
    for at in range(rows.size):
        base = np.uint64(rows[at]) * np.uint64(8)
        for word in range(8):
            into[at, first + word] = held[base + np.uint64(word)]


def take_fired(held, which, fired_ptr, fired_row, into, first) -> None:  # type: ignore[no-untyped-def] # see csr
    """Add to eight columns of a table what fired rules give; ``which`` is a table row's firing."""
    sorts = fired_ptr.size - 1
    given = np.zeros((sorts, 8), np.uint64)
    for sort in range(sorts):
        for at in range(fired_ptr[sort], fired_ptr[sort + 1]):
            base = np.uint64(fired_row[at]) * np.uint64(8)
            for word in range(8):
                given[sort, word] |= held[base + np.uint64(word)]
    for at in range(which.size):
        for word in range(8):
            into[at, first + word] |= given[which[at], word]


def listed(place, words, first, filled, idx) -> None:  # type: ignore[no-untyped-def] # see csr
    """Append the numbers of the bits of some rows to each one's list, where it has a place."""
    for row in range(place.size):
        if place[row] < 0:
            continue
        at = filled[place[row]]
        for word in range(words.shape[1]):
            bits = words[row, word]
            lane = first + 64 * word
            while bits != np.uint64(0):
                if bits & np.uint64(1):
                    idx[at] = lane
                    at += 1
                bits = bits >> np.uint64(1)
                lane += 1
        filled[place[row]] = at


def fire(held_ptr, held_idx, use_ptr, use_idx, inputs, give_ptr, give_idx, lanes):  # type: ignore[no-untyped-def] # see csr
    """Rules that fire for every set of lanes that is held from the beginning.

    Args:
        held_ptr: Offsets into ``held_idx`` by set.
        held_idx: Lanes held.
        use_ptr: Offsets into ``use_idx`` by lane.
        use_idx: Rules that a lane is an input of.
        inputs: How many inputs every rule has.
        give_ptr: Offsets into ``give_idx`` by rule.
        give_idx: Lanes that a rule gives to whom it fires for.
        lanes: Number of lanes.
    """
    sets = held_ptr.size - 1
    left = inputs.copy()
    has = np.zeros(lanes, np.bool_)
    queue = np.empty(lanes, np.int32)
    fired_ptr = np.zeros(sets + 1, np.int64)
    fired = np.empty(16, np.int32)
    filled = 0
    for number in range(sets):
        waiting = 0
        for at in range(held_ptr[number], held_ptr[number + 1]):
            has[held_idx[at]] = True
            queue[waiting] = held_idx[at]
            waiting += 1
        head = 0
        while head < waiting:
            lane = queue[head]
            head += 1
            for at in range(use_ptr[lane], use_ptr[lane + 1]):
                rule = use_idx[at]
                left[rule] -= 1
                if left[rule] == 0:
                    if filled == fired.size:
                        more = np.empty(2 * filled, np.int32)
                        for place in range(filled):
                            more[place] = fired[place]
                        fired = more
                    fired[filled] = rule
                    filled += 1
                    for give in range(give_ptr[rule], give_ptr[rule + 1]):
                        given = give_idx[give]
                        if not has[given]:
                            has[given] = True
                            queue[waiting] = given
                            waiting += 1
        for at in range(waiting):
            lane = queue[at]
            has[lane] = False
            for use in range(use_ptr[lane], use_ptr[lane + 1]):
                left[use_idx[use]] = inputs[use_idx[use]]
        fired_ptr[number + 1] = filled
    return fired_ptr, fired[:filled].copy()


@dataclass(frozen=True, slots=True)
class Loops:
    """The loops, as they stand or compiled."""

    csr: Callable[..., tuple[np.ndarray, np.ndarray]]
    forward: Callable[..., None]
    transposed: Callable[..., tuple[np.ndarray, np.ndarray]]
    backward: Callable[..., None]
    restricted: Callable[..., tuple[np.ndarray, np.ndarray]]
    condensed: Callable[..., tuple[np.ndarray, np.ndarray, np.ndarray]]
    spread: Callable[..., None]
    take: Callable[..., None]
    take_fired: Callable[..., None]
    listed: Callable[..., None]
    fire: Callable[..., tuple[np.ndarray, np.ndarray]]


_LOOPS: tuple[Callable[..., Any], ...] = (
    csr,
    forward,
    transposed,
    backward,
    restricted,
    condensed,
    spread,
    take,
    take_fired,
    listed,
    fire,
)
_PLAIN = Loops(*_LOOPS)


@cache
def _compiled() -> Loops:
    return Loops(*map(kernels.compiled, _LOOPS))


def loops(arcs: int) -> Loops:
    """The loops for passing so many arcs; each is compiled when it is first called."""
    return _compiled() if arcs >= COMPILE_FROM and kernels.available() else _PLAIN

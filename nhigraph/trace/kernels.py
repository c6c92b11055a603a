"""The loops that large graphs need compiled.

Plain Python over arrays, compiled by numba when first asked for: importing this module costs
nothing, and small graphs never load numba at all. Without numba the loops over lists do the work
of every size: slower, with the same answers.

States are rows here: numbered in the order in which they are settled, so that what is read
together lies together. ``live`` marks the rows that hold any lane; the others are not looked at.
"""

from collections.abc import Callable
from functools import cache
from heapq import heappop, heappush
from typing import Any

import numpy as np

from nhigraph.records import dataclass


def propagate(  # type: ignore[no-untyped-def] # numba infers types; annotations add nothing
    component, out_ptr, out_idx, src, dst, need_ptr, need_idx, held, live
) -> None:
    """Close ``held`` (rows x words) under the clauses, component by component."""
    rows = component.size
    words = held.shape[1]
    queue = np.empty(rows, np.int64)
    queued = np.zeros(rows, np.bool_)
    first = 0
    while first < rows:
        group = component[first]
        after = first
        waiting = 0
        while after < rows and component[after] == group:
            if live[after]:
                queue[waiting] = after
                queued[after] = True
                waiting += 1
            after += 1
        room = after - first
        head = 0
        while waiting > 0:
            state = queue[head]
            head += 1
            if head == room:
                head = 0
            waiting -= 1
            queued[state] = False
            for at in range(out_ptr[state], out_ptr[state + 1]):
                clause = out_idx[at]
                source = src[clause]
                end = dst[clause]
                grown = False
                if need_ptr[clause] == need_ptr[clause + 1]:
                    if state != source:
                        continue  # it defeats the gate, which this reading does not ask for
                    for word in range(words):
                        new = held[source, word] & ~held[end, word]
                        if new:
                            held[end, word] |= new
                            grown = True
                else:
                    for word in range(words):
                        lanes = held[source, word]
                        for need in range(need_ptr[clause], need_ptr[clause + 1]):
                            lanes &= held[need_idx[need], word]
                        if lanes & ~held[end, word]:
                            held[end, word] |= lanes
                            grown = True
                if grown:
                    live[end] = True
                    if component[end] == group and not queued[end]:
                        tail = head + waiting
                        if tail >= room:
                            tail -= room
                        queue[tail] = end
                        queued[end] = True
                        waiting += 1
        first = after


def propagate_flags(  # type: ignore[no-untyped-def] # see propagate
    component,
    out_ptr,
    out_idx,
    src,
    dst,
    need_ptr,
    need_idx,
    guard,
    carry,
    held,
    flags,
    live,
) -> None:
    """Hand flags on along fired clauses: from source, needs and what defeats the gate.

    Nothing is flagged that is not held, so a clause without needs and gate hands on what its
    source has, without a look at ``held``.
    """
    rows = component.size
    words = held.shape[1]
    queue = np.empty(rows, np.int64)
    queued = np.zeros(rows, np.bool_)
    first = 0
    while first < rows:
        group = component[first]
        after = first
        waiting = 0
        while after < rows and component[after] == group:
            if live[after]:
                queue[waiting] = after
                queued[after] = True
                waiting += 1
            after += 1
        room = after - first
        head = 0
        while waiting > 0:
            state = queue[head]
            head += 1
            if head == room:
                head = 0
            waiting -= 1
            queued[state] = False
            for at in range(out_ptr[state], out_ptr[state + 1]):
                clause = out_idx[at]
                if not carry[clause]:
                    continue
                end = dst[clause]
                grown = False
                if guard[clause] < 0 and need_ptr[clause] == need_ptr[clause + 1]:
                    for word in range(words):
                        new = flags[state, word] & ~flags[end, word]
                        if new:
                            flags[end, word] |= new
                            grown = True
                else:
                    source = src[clause]
                    for word in range(words):
                        lanes = held[source, word]
                        flagged = flags[source, word]
                        for need in range(need_ptr[clause], need_ptr[clause + 1]):
                            lanes &= held[need_idx[need], word]
                            flagged |= flags[need_idx[need], word]
                        if guard[clause] >= 0:
                            flagged |= flags[guard[clause], word]
                        lanes &= flagged
                        if lanes & ~flags[end, word]:
                            flags[end, word] |= lanes
                            grown = True
                if grown:
                    live[end] = True
                    if component[end] == group and not queued[end]:
                        tail = head + waiting
                        if tail >= room:
                            tail -= room
                        queue[tail] = end
                        queued[end] = True
                        waiting += 1
        first = after


def label(clauses, src, dst, need_ptr, need_idx, held, flags, live) -> None:  # type: ignore[no-untyped-def] # see propagate
    """Flag the ends of labelled clauses for the lanes that fire them."""
    for clause in clauses:
        for word in range(held.shape[1]):
            lanes = held[src[clause], word]
            for need in range(need_ptr[clause], need_ptr[clause + 1]):
                lanes &= held[need_idx[need], word]
            if lanes:
                flags[dst[clause], word] |= lanes
                live[dst[clause]] = True


def search(  # type: ignore[no-untyped-def] # see propagate
    goals,
    in_ptr,
    in_idx,
    out_ptr,
    out_idx,
    src,
    dst,
    edge,
    cost,
    allowed,
    lane,
    source,
    need_ptr,
    need_idx,
    held,
    best,
    onward,
    settled,
    waiting,
) -> int:
    """Cheapest way from every state to a goal: Dijkstra against the clauses.

    Fills ``best`` with costs where there is a way, and ``onward`` with the clause to take; ties
    go to the smaller end, then edge, then clause. From lane 0 on only what the lane fires is
    walked: ``source`` and ``need_idx`` are then rows of ``held``. States of which there is a way
    stand in the beginning of ``settled``; how many these are is returned. ``waiting`` is room.
    """
    word = max(lane, 0) // 64
    bit = max(lane, 0) % 64
    dear = [(goal - goal, goal) for goal in goals]  # costs of the goals' own type
    dear.clear()
    count = 0
    for goal in goals:
        if best[goal] < 0:
            best[goal] = 0
            settled[count] = goal
            count += 1
    spent = 0
    begin = 0
    waits = 0
    # Most clauses are a step: those that cost more wait in a heap, and the others in turn.
    while begin < count or waits > 0 or len(dear) > 0:
        while begin < count:
            state = settled[begin]
            begin += 1
            for at in range(in_ptr[state], in_ptr[state + 1]):
                clause = in_idx[at]
                before = src[clause]
                if not allowed[clause] or best[before] >= 0:
                    continue
                fires = True
                if lane >= 0:
                    fires = (held[source[clause], word] >> bit) & 1 != 0
                    for need in range(need_ptr[clause], need_ptr[clause + 1]):
                        if (held[need_idx[need], word] >> bit) & 1 == 0:
                            fires = False
                if not fires:
                    continue
                price = cost[clause]
                if price == 0:
                    best[before] = spent
                    settled[count] = before
                    count += 1
                elif price > 1:
                    heappush(dear, (spent + price, before))
                elif onward[before] != spent + 1:  # until it is settled, a mark that it waits
                    onward[before] = spent + 1
                    waiting[waits] = before
                    waits += 1
        if waits > 0:
            spent += 1
        elif len(dear) > 0:
            spent = dear[0][0]
        for number in range(waits):
            state = waiting[number]
            if best[state] < 0:
                best[state] = spent
                settled[count] = state
                count += 1
        waits = 0
        while len(dear) > 0 and dear[0][0] == spent:
            state = heappop(dear)[1]
            if best[state] < 0:
                best[state] = spent
                settled[count] = state
                count += 1
    for number in range(count):
        state = settled[number]
        chosen = -1
        for at in range(out_ptr[state], out_ptr[state + 1]):
            clause = out_idx[at]
            end = dst[clause]
            if not allowed[clause] or best[end] < 0 or best[end] + cost[clause] != best[state]:
                continue
            fires = True
            if lane >= 0:
                for need in range(need_ptr[clause], need_ptr[clause + 1]):
                    if (held[need_idx[need], word] >> bit) & 1 == 0:
                        fires = False
            if fires and (
                chosen < 0
                or end < dst[chosen]
                or (end == dst[chosen] and edge[clause] < edge[chosen])
            ):
                chosen = clause
        onward[state] = chosen
    return count


@dataclass(frozen=True, slots=True)
class Kernels:
    """The compiled loops."""

    propagate: Callable[..., None]
    propagate_flags: Callable[..., None]
    label: Callable[..., None]
    search: Callable[..., int]


@cache
def available() -> bool:
    """Whether numba can be used: an extra, and slow to import, so ask where it would be needed."""
    try:
        import numba  # noqa: F401, PLC0415 - to know that it works here is to import it
    except ImportError:  # not installed, or not for this version of numpy
        return False
    return True


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """A loop that numba compiles when it is first called, or takes from its cache."""
    from numba import njit  # noqa: PLC0415 - slow to import, and only large graphs need it

    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:  # numba raises it where no cache directory can be written
        return njit(nogil=True)(function)


@cache
def load() -> Kernels:
    """Compile the loops, or take them from numba's cache."""
    return Kernels(*(compiled(f) for f in (propagate, propagate_flags, label, search)))

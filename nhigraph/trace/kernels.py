"""The loops that large graphs need compiled.

Plain Python over arrays, compiled by numba when first asked for: importing this module costs
nothing, and small graphs never load numba at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush
from typing import Any

import numpy as np


def propagate(  # type: ignore[no-untyped-def] # numba infers types; annotations add nothing
    states, component, out_ptr, out_idx, src, dst, need_ptr, need_idx, held
) -> None:
    """Close ``held`` (states x words) under the clauses, component by component."""
    words = held.shape[1]
    queue = np.empty(states.size, np.int64)
    queued = np.zeros(component.size, np.bool_)
    first = 0
    while first < states.size:
        group = component[states[first]]
        after = first
        waiting = 0
        while after < states.size and component[states[after]] == group:
            queue[waiting] = states[after]
            queued[states[after]] = True
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
            some = False
            for word in range(words):
                if held[state, word]:
                    some = True
            if not some:
                continue
            for at in range(out_ptr[state], out_ptr[state + 1]):
                clause = out_idx[at]
                source = src[clause]
                end = dst[clause]
                grown = False
                for word in range(words):
                    lanes = held[source, word]
                    for need in range(need_ptr[clause], need_ptr[clause + 1]):
                        lanes &= held[need_idx[need], word]
                    if lanes & ~held[end, word]:
                        held[end, word] |= lanes
                        grown = True
                if grown and component[end] == group and not queued[end]:
                    tail = head + waiting
                    if tail >= room:
                        tail -= room
                    queue[tail] = end
                    queued[end] = True
                    waiting += 1
        first = after


def propagate_flags(  # type: ignore[no-untyped-def] # see propagate
    states,
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
) -> None:
    """Hand flags on along fired clauses: from source, needs and what defeats the gate."""
    words = held.shape[1]
    queue = np.empty(states.size, np.int64)
    queued = np.zeros(component.size, np.bool_)
    first = 0
    while first < states.size:
        group = component[states[first]]
        after = first
        waiting = 0
        while after < states.size and component[states[after]] == group:
            queue[waiting] = states[after]
            queued[states[after]] = True
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
            some = False
            for word in range(words):
                if flags[state, word]:
                    some = True
            if not some:
                continue
            for at in range(out_ptr[state], out_ptr[state + 1]):
                clause = out_idx[at]
                if not carry[clause]:
                    continue
                source = src[clause]
                end = dst[clause]
                grown = False
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
                if grown and component[end] == group and not queued[end]:
                    tail = head + waiting
                    if tail >= room:
                        tail -= room
                    queue[tail] = end
                    queued[end] = True
                    waiting += 1
        first = after


def label(clauses, src, dst, need_ptr, need_idx, held, flags) -> None:  # type: ignore[no-untyped-def] # see propagate
    """Flag the ends of labelled clauses for the lanes that fire them."""
    for clause in clauses:
        for word in range(held.shape[1]):
            lanes = held[src[clause], word]
            for need in range(need_ptr[clause], need_ptr[clause + 1]):
                lanes &= held[need_idx[need], word]
            flags[dst[clause], word] |= lanes


def distances(goals, in_ptr, in_idx, src, cost, allowed, size):  # type: ignore[no-untyped-def] # see propagate
    """Cheapest way from every state to a goal: Dijkstra against the clauses.

    Returns an array of ``size`` costs; -1 where there is no way.
    """
    best = np.full(size, -1, np.int64)
    heap = [(np.int64(0), np.int64(goal)) for goal in goals]
    while len(heap) > 0:
        spent, state = heappop(heap)
        if best[state] >= 0:
            continue
        best[state] = spent
        for at in range(in_ptr[state], in_ptr[state + 1]):
            clause = in_idx[at]
            before = src[clause]
            if allowed[clause] and best[before] < 0:
                heappush(heap, (spent + cost[clause], before))
    return best


@dataclass(frozen=True, slots=True)
class Kernels:
    """The compiled loops."""

    propagate: Callable[..., None]
    propagate_flags: Callable[..., None]
    label: Callable[..., None]
    distances: Callable[..., Any]


@cache
def load() -> Kernels:
    """Compile the loops, or take them from numba's cache."""
    from numba import njit  # noqa: PLC0415 - slow to import, and only large graphs need it

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            return njit(cache=True, nogil=True)(function)
        except RuntimeError:  # numba raises it where no cache directory can be written
            return njit(nogil=True)(function)

    return Kernels(*(compiled(f) for f in (propagate, propagate_flags, label, distances)))

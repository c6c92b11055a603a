"""The loops that walk the ways of one lane again and again.

Plain Python over arrays or lists, compiled where that pays, as ``kernels`` are. States are rows
and clauses are numbers of what the lane fires, but for ``fired``, which finds these.
"""

from collections.abc import Callable
from functools import cache

from nhigraph.records import dataclass
from nhigraph.trace import kernels

#: Instead of the clause that a row was come by, where it is not held.
NOT_HELD = -2


def fired(  # type: ignore[no-untyped-def] # numba infers types; annotations add nothing
    goals,
    row,
    in_ptr,
    in_idx,
    walkable,
    src,
    need_ptr,
    need_idx,
    held,
    held_row,
    word,
    bit,
    alone,
    seen,
    states,
    clauses,
) -> tuple[int, int]:
    """Clauses on ways to goals that a lane fires, and the states between them; how many of each.

    Args:
        goals: States to end in.
        row: Row of each state among those that some clause touches, or -1.
        in_ptr: Offsets into ``in_idx``, by such a row.
        in_idx: Clauses that yield it.
        walkable: Of each clause, whether a path may take it.
        src: State that it leaves.
        need_ptr: Offsets into ``need_idx``, by clause.
        need_idx: States it needs besides.
        held: Lanes by row of a reach, as words.
        held_row: Row there of each state.
        word: Word of the lane.
        bit: Its bit there.
        alone: States that the lane holds besides.
        seen: Of each state, False; it is left so.
        states: Room for states, filled.
        clauses: Room for clauses, filled.
    """
    count = 0
    found = 0
    for goal in goals:
        if not seen[goal]:
            seen[goal] = True
            states[count] = goal
            count += 1
    begin = 0
    while begin < count:
        at = row[states[begin]]
        begin += 1
        if at < 0:
            continue
        for place in range(in_ptr[at], in_ptr[at + 1]):
            clause = in_idx[place]
            if not walkable[clause]:
                continue
            first = need_ptr[clause] - 1
            fires = True
            for need in range(first, need_ptr[clause + 1]):
                state = src[clause] if need == first else need_idx[need]
                if (held[held_row[state], word] >> bit) & 1 == 0:
                    fires = False
                    for one in alone:
                        if one == state:
                            fires = True
                if not fires:
                    break
            if not fires:
                continue
            clauses[found] = clause
            found += 1
            for need in range(first, need_ptr[clause + 1]):
                state = src[clause] if need == first else need_idx[need]
                if not seen[state]:
                    seen[state] = True
                    states[count] = state
                    count += 1
    for number in range(count):
        seen[states[number]] = False
    return count, found


def hold(  # type: ignore[no-untyped-def] # see fired
    starts, use_ptr, use_idx, src, dst, need_ptr, need_idx, change, gone, by, waiting
) -> None:
    """What a lane holds without some changes.

    Args:
        starts: Rows that it starts from.
        use_ptr: Offsets into ``use_idx``, by row.
        use_idx: Clauses that it is an input of.
        src: Row that each clause leaves.
        dst: Row that it yields.
        need_ptr: Offsets into ``need_idx``, by clause.
        need_idx: Rows that it needs besides.
        change: What takes it away, or -1.
        gone: The changes.
        by: Of each row, ``NOT_HELD``; then the clause that it was come by, -1 of the starts.
        waiting: Room for all rows.
    """
    waits = 0
    for start in starts:
        by[start] = -1
        waiting[waits] = start
        waits += 1
    while waits > 0:
        waits -= 1
        at = waiting[waits]
        for place in range(use_ptr[at], use_ptr[at + 1]):
            clause = use_idx[place]
            end = dst[clause]
            if by[end] != NOT_HELD or by[src[clause]] == NOT_HELD:
                continue
            fires = True
            for one in gone:
                if change[clause] == one:
                    fires = False
            for need in range(need_ptr[clause], need_ptr[clause + 1]):
                if by[need_idx[need]] == NOT_HELD:
                    fires = False
            if fires:
                by[end] = clause
                waiting[waits] = end
                waits += 1


def allow(  # type: ignore[no-untyped-def] # see fired
    need_ptr, need_idx, change, gone, by, allowed
) -> None:
    """Tell of each clause whether a lane may take it without some changes: see ``hold``."""
    for clause in range(len(change)):
        fires = True
        for one in gone:
            if change[clause] == one:
                fires = False
        for need in range(need_ptr[clause], need_ptr[clause + 1]):
            if by[need_idx[need]] == NOT_HELD:
                fires = False
        allowed[clause] = fires


def go_round(  # type: ignore[no-untyped-def] # see fired
    walk, starts, goals, out_ptr, out_idx, src, dst, allowed, at, on, seen, waiting, around
) -> None:
    """Tell of each clause of a path whether some way goes around it.

    For each: what is reached from before it by clauses that are not on the path. Where that is
    nothing behind it, nothing goes around it.

    Args:
        walk: Clauses of the path.
        starts: Rows that the lane starts from.
        goals: Rows to end in.
        out_ptr: Offsets into ``out_idx``, by row.
        out_idx: Clauses that leave it.
        src: Row that each clause leaves.
        dst: Row that it yields.
        allowed: Whether the lane may take it.
        at: Of each row, -1.
        on: Of each clause, False.
        seen: Of each row, False.
        waiting: Room for twice as many as rows.
        around: Of each clause of the path; filled.
    """
    last = len(walk)
    for number in range(last):
        at[src[walk[number]]] = number
        on[walk[number]] = True
    furthest = 0
    waits = 0
    for start in starts:
        furthest = max(furthest, at[start])
        if at[start] < 0:
            seen[start] = True
            waiting[waits] = start
            waits += 1
    for goal in goals:
        at[goal] = last  # behind the whole path
    for number in range(last):
        waiting[waits] = src[walk[number]]
        waits += 1
        while waits > 0:
            waits -= 1
            here = waiting[waits]
            for place in range(out_ptr[here], out_ptr[here + 1]):
                clause = out_idx[place]
                if on[clause] or not allowed[clause]:
                    continue
                end = dst[clause]
                furthest = max(furthest, at[end])
                if at[end] < 0 and not seen[end]:
                    seen[end] = True
                    waiting[waits] = end
                    waits += 1
        around[number] = furthest > number


@dataclass(frozen=True, slots=True)
class Kernels:
    """The loops."""

    fired: Callable[..., tuple[int, int]]
    hold: Callable[..., None]
    allow: Callable[..., None]
    go_round: Callable[..., None]
    search: Callable[..., int]


PLAIN = Kernels(fired, hold, allow, go_round, kernels.search)


@cache
def load() -> Kernels:
    """Compile the loops, or take them from numba's cache."""
    own = [kernels.compiled(loop) for loop in (fired, hold, allow, go_round)]
    return Kernels(own[0], own[1], own[2], own[3], kernels.load().search)

"""The loops that find the ways to some goals, and what of them is worth cutting.

Plain Python over arrays or lists, compiled where that pays, as ``kernels`` are. States are rows.
"""

from collections.abc import Callable
from functools import cache

from nhigraph.records import dataclass
from nhigraph.trace import kernels

#: Clauses looked at in all from which compiling pays.
COMPILE_FROM = 500_000


def lead(goals, into_ptr, into_idx, in_ptr, in_idx, guard, depth, order, told, many) -> None:  # type: ignore[no-untyped-def] # numba infers types; annotations add nothing
    """Find the clauses that lead to goals, level by level, then those by way of guards only.

    Args:
        goals: Rows, all different.
        into_ptr: Offsets into ``into_idx``, by row.
        into_idx: Clauses that yield it.
        in_ptr: Offsets into ``in_idx``, by clause.
        in_idx: Its inputs, all different.
        guard: The row that defeats its gate, or -1.
        depth: Of each row, -1; then how many clauses lie between it and a goal, and -2 where that
            is by way of a guard.
        order: Room for a queue of all rows.
        told: Room for all clauses.
        many: How many clauses lead to the goals, and with those by way of guards.
    """
    head = 0
    tail = 0
    found = 0
    for goal in goals:
        depth[goal] = 0
        order[tail] = goal
        tail += 1
    while head < tail:
        state = order[head]
        head += 1
        for at in range(into_ptr[state], into_ptr[state + 1]):
            clause = into_idx[at]
            told[found] = clause
            found += 1
            for place in range(in_ptr[clause], in_ptr[clause + 1]):
                source = in_idx[place]
                if depth[source] == -1:
                    depth[source] = depth[state] + 1
                    order[tail] = source
                    tail += 1
    many[0] = found
    first = found
    looked = 0
    while looked < found or head < tail:
        if looked < found:
            clause = told[looked]
            looked += 1
            if guard[clause] >= 0 and depth[guard[clause]] == -1:
                depth[guard[clause]] = -2
                order[tail] = guard[clause]
                tail += 1
            if looked > first:
                for place in range(in_ptr[clause], in_ptr[clause + 1]):
                    source = in_idx[place]
                    if depth[source] == -1:
                        depth[source] = -2
                        order[tail] = source
                        tail += 1
        else:
            state = order[head]
            head += 1
            for at in range(into_ptr[state], into_ptr[state + 1]):
                told[found] = into_idx[at]
                found += 1
    many[1] = found


def close(goals, into_ptr, into_idx, in_ptr, in_idx, fixed, mark, turn, kept, many) -> None:  # type: ignore[no-untyped-def] # see lead
    """Find the states that are as good as goals, and the clauses that lead to the first of them.

    Args:
        goals: As for ``lead``.
        into_ptr: As there.
        into_idx: As there.
        in_ptr: As there.
        in_idx: As there.
        fixed: Of each clause, whether no change takes it away.
        mark: Of each row, 0; then 1 of what is as good as a goal, 2 of what leads there.
        turn: Room for a queue of all rows; then those as good as goals first.
        kept: Room for all clauses.
        many: How many rows are as good as goals, and how many clauses lead there.
    """
    tail = 0
    for goal in goals:
        mark[goal] = 1
        turn[tail] = goal
        tail += 1
    head = 0
    while head < tail:
        state = turn[head]
        head += 1
        for at in range(into_ptr[state], into_ptr[state + 1]):
            clause = into_idx[at]
            place = in_ptr[clause]
            if fixed[clause] and in_ptr[clause + 1] - place == 1 and mark[in_idx[place]] == 0:
                mark[in_idx[place]] = 1
                turn[tail] = in_idx[place]
                tail += 1
    many[0] = tail
    found = 0
    head = 0
    while head < tail:
        state = turn[head]
        head += 1
        for at in range(into_ptr[state], into_ptr[state + 1]):
            clause = into_idx[at]
            good = False
            for place in range(in_ptr[clause], in_ptr[clause + 1]):
                if mark[in_idx[place]] == 1:
                    good = True
            if good:
                continue
            kept[found] = clause
            found += 1
            for place in range(in_ptr[clause], in_ptr[clause + 1]):
                if mark[in_idx[place]] == 0:
                    mark[in_idx[place]] = 2
                    turn[tail] = in_idx[place]
                    tail += 1
    many[1] = found


@dataclass(frozen=True, slots=True)
class Loops:
    """The loops, as they stand or compiled."""

    lead: Callable[..., None]
    close: Callable[..., None]


_PLAIN = Loops(lead, close)


@cache
def compiled() -> Loops:
    """The loops, each compiled when it is first called."""
    return Loops(kernels.compiled(lead), kernels.compiled(close))


def pays(looks: int) -> bool:
    """Whether to compile the loops for so many looks at a clause."""
    return looks >= COMPILE_FROM and kernels.available()


def plain() -> Loops:
    """The loops as they stand, for lists."""
    return _PLAIN

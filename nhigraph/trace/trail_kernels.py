"""The loops that go along the ways of a tree.

Plain Python over arrays or lists, compiled where that pays, as ``kernels`` are.
"""

from collections.abc import Callable
from functools import cache

from nhigraph.records import dataclass
from nhigraph.trace import kernels


def trails(  # type: ignore[no-untyped-def] # numba infers types; annotations add nothing
    states,
    state_ptr,
    goals,
    row,
    place,
    best,
    onward,
    ends,
    need_ptr,
    number,
    stack,
    start,
    first,
    costs,
    clauses,
    onto,
    rests,
) -> int:
    """Ways of those who ask to a goal, as one list of steps: each after the one it goes on to.

    Each starts from some of ``states``, by ``state_ptr``, and takes the cheapest way; ties go to
    the smaller state. ``row`` has the row of each state, ``place`` its place in ``best`` (what a
    way costs from there) and ``onward`` (the clause to take). Filled are, by who asks, ``start``
    (the state), ``first`` (its step) and ``costs``; step by step, ``clauses``, ``onto`` (the next
    step) and ``rests`` (the first step from it on whose clause has needs); and by place
    ``number``, that of its step. All are -1 where there is none. Returned is how many steps.
    """
    count = 0
    for asking in range(len(first)):
        chosen = -1
        for each in range(state_ptr[asking], state_ptr[asking + 1]):
            state = states[each]
            at = -1
            cost = -1
            if row[state] >= 0:
                at = place[row[state]]
                if at >= 0:
                    cost = best[at]
            else:
                for goal in goals:
                    if goal == state:
                        cost = 0  # a goal that no clause touches is a way of no step
            if cost >= 0 and (
                start[asking] < 0
                or cost < costs[asking]
                or (cost == costs[asking] and state < start[asking])
            ):
                start[asking] = state
                costs[asking] = cost
                chosen = at
        if start[asking] < 0:
            continue
        if chosen < 0:
            clauses[count] = onto[count] = rests[count] = -1
            first[asking] = count
            count += 1
            continue
        at = chosen
        depth = 0
        while at >= 0 and number[at] < 0:
            stack[depth] = at
            depth += 1
            clause = onward[at]
            at = place[ends[clause]] if clause >= 0 else -1
        while depth > 0:
            depth -= 1
            at = stack[depth]
            clause = onward[at]
            clauses[count] = clause
            onto[count] = -1
            rests[count] = -1
            if clause >= 0:
                after = number[place[ends[clause]]]
                onto[count] = after
                needs = need_ptr[clause] < need_ptr[clause + 1]
                rests[count] = count if needs else rests[after]
            number[at] = count
            count += 1
        first[asking] = number[chosen]
    return count


def needed(steps, clauses, onto, rests, need_ptr, need_idx, counts, found) -> None:  # type: ignore[no-untyped-def] # see trails
    """What ways rest on from some steps on: ``counts`` by step, and ``found`` if it has room."""
    total = 0
    for asked in range(len(steps)):
        before = total
        at = rests[steps[asked]]
        while at >= 0:
            clause = clauses[at]
            for need in range(need_ptr[clause], need_ptr[clause + 1]):
                if len(found) > 0:
                    found[total] = need_idx[need]
                total += 1
            at = rests[onto[at]]
        counts[asked] = total - before


@dataclass(frozen=True, slots=True)
class Kernels:
    """The loops."""

    trails: Callable[..., int]
    needed: Callable[..., None]


PLAIN = Kernels(trails, needed)


@cache
def load() -> Kernels:
    """Compile the loops, or take them from numba's cache."""
    return Kernels(*(kernels.compiled(loop) for loop in (trails, needed)))

"""The loops that walk a web again and again without some changes, and find proofs in it.

Plain Python over arrays, compiled where that pays; small webs are walked as lists (``web``), which
gives the same, look by look.
"""

from collections.abc import Callable
from functools import cache
from heapq import heappop, heappush

from nhigraph.records import dataclass
from nhigraph.trace import kernels

#: More than any number of clauses.
FAR = 1 << 40


def settle(use_ptr, use_idx, dst, seen, trail, at, place) -> None:  # type: ignore[no-untyped-def] # numba infers types; annotations add nothing
    """Place of every row that is an input, in an order in which it follows its own inputs.

    Args:
        use_ptr: Offsets into ``use_idx``, by row.
        use_idx: Clauses that it is an input of.
        dst: Row that each clause yields.
        seen: By row, False.
        trail: Room for all rows.
        at: Likewise.
        place: By row, 0; filled.
    """
    turn = 0
    for row in range(len(place)):
        if seen[row] or use_ptr[row] == use_ptr[row + 1]:
            continue
        seen[row] = True
        depth = 0
        trail[0] = row
        at[0] = use_ptr[row]
        while depth >= 0:
            here = trail[depth]
            further = False
            while at[depth] < use_ptr[here + 1] and not further:
                end = dst[use_idx[at[depth]]]
                at[depth] += 1
                if not seen[end] and use_ptr[end] < use_ptr[end + 1]:
                    seen[end] = True
                    further = True
                    depth += 1
                    trail[depth] = end
                    at[depth] = use_ptr[end]
            if not further:
                place[here] = turn
                turn -= 1
                depth -= 1


def spread(  # type: ignore[no-untyped-def] # see settle
    wait_ptr,
    waiting,
    spared,
    place,
    use_ptr,
    use_idx,
    in_ptr,
    in_idx,
    dst,
    change,
    gone,
    shut,
    queued,
    held,
    more,
    goals,
    reached,
) -> int:
    """Fire all that can be, run by run; how many clauses were looked at.

    Args:
        wait_ptr: Offsets into ``waiting``, by run.
        waiting: Rows from which something may fire.
        spared: By run, the place of a change that is not made; that of no change for none.
        place: Of each row, when it comes.
        use_ptr: Offsets into ``use_idx``, by row.
        use_idx: Clauses that it is an input of.
        in_ptr: Offsets into ``in_idx``, by clause.
        in_idx: Rows that it takes.
        dst: Row that it yields.
        change: Place of what takes it away.
        gone: Of each such place, whether it is made; False at that of no change, the last.
        shut: Of each row, whether nobody can hold it.
        queued: Of each row, False; it is left so.
        held: Groups by row, as words: each run goes on from these.
        more: Room for as much; filled by the last run. It may be ``held`` where there is one run.
        goals: Rows that are asked about.
        reached: Groups that hold one of these, as words, by run; filled.
    """
    looked = 0
    none = len(gone) - 1
    heap = [(place[0], waiting[0])]
    heap.clear()
    for run in range(len(spared)):
        for row in range(more.shape[0]):  # by hand: numba takes 3 s to compile the slice
            for word in range(more.shape[1]):
                more[row, word] = held[row, word]
        if spared[run] != none:
            gone[spared[run]] = False
        for at in range(wait_ptr[run], wait_ptr[run + 1]):
            row = waiting[at]
            if use_ptr[row] < use_ptr[row + 1]:
                heappush(heap, (place[row], row))
                queued[row] = True
        while len(heap) > 0:
            here = heappop(heap)[1]
            queued[here] = False
            looked += use_ptr[here + 1] - use_ptr[here]
            for at in range(use_ptr[here], use_ptr[here + 1]):
                clause = use_idx[at]
                end = dst[clause]
                if gone[change[clause]] or shut[end]:
                    continue
                first = in_ptr[clause]
                grown = False
                for word in range(more.shape[1]):
                    groups = more[in_idx[first], word]
                    for row in range(first + 1, in_ptr[clause + 1]):
                        groups &= more[in_idx[row], word]
                    if groups & ~more[end, word]:
                        more[end, word] |= groups
                        grown = True
                if grown and not queued[end] and use_ptr[end] < use_ptr[end + 1]:
                    queued[end] = True
                    heappush(heap, (place[end], end))
        for goal in goals:
            for word in range(more.shape[1]):
                reached[run, word] |= more[goal, word]
        if spared[run] != none:
            gone[spared[run]] = True
    return looked


def learn(  # type: ignore[no-untyped-def] # see settle
    groups,
    start_ptr,
    start_idx,
    use_ptr,
    use_idx,
    in_ptr,
    in_idx,
    dst,
    change,
    none,
    ends,
    gone,
    allowed,
    dead,
    made_in,
    made,
    price,
    open_in,
    left,
    waiting,
    found,
    found_ptr,
) -> tuple[int, int]:
    """Ways of some groups that share no change: how many, and how many clauses were looked at.

    Each is one that few changes meet (Knuth 1977). A group has ways until one has no change.

    Args:
        groups: The groups, in turn.
        start_ptr: Offsets into ``start_idx``, by group.
        start_idx: Rows that it holds from the beginning.
        use_ptr: See ``spread``; likewise the next five.
        use_idx: See there.
        in_ptr: See there.
        in_idx: See there.
        dst: See there.
        change: See there.
        none: The place of no change.
        ends: Of each row, whether it is a goal.
        gone: As there; what the ways pass is gone, too.
        allowed: Looks after which no more are made.
        dead: Of each row, False; then whether no way leads on from it.
        made_in: Of each row, 0.
        made: Room for all rows.
        price: Likewise.
        open_in: Of each clause, 0.
        left: Room for all clauses.
        waiting: Room for all rows.
        found: Room for all changes; filled with their places, way by way.
        found_ptr: Offsets into it, by way; room for one more than changes.
    """
    looked = 0
    turn = 0
    ways = 0
    many = 0
    for group in groups:
        while looked <= allowed:
            turn += 1
            heap = [(0, start_idx[start_ptr[group]], -1)]
            heap.clear()
            for at in range(start_ptr[group], start_ptr[group + 1]):
                if not dead[start_idx[at]]:
                    heappush(heap, (0, start_idx[at], -1))
            goal = -1
            opened = 0
            popped = 0
            while len(heap) > 0:
                spent, row, by = heappop(heap)
                if made_in[row] == turn:
                    continue
                made_in[row] = turn
                made[row] = by
                price[row] = spent
                waiting[popped] = row
                popped += 1
                if ends[row]:
                    goal = row
                    break
                for at in range(use_ptr[row], use_ptr[row + 1]):
                    use = use_idx[at]
                    end = dst[use]
                    if gone[change[use]] or made_in[end] == turn or dead[end]:
                        continue
                    total = spent
                    if in_ptr[use + 1] - in_ptr[use] > 1:
                        if open_in[use] != turn:
                            open_in[use] = turn
                            left[use] = in_ptr[use + 1] - in_ptr[use]
                            opened += 1
                            looked += 1
                        left[use] -= 1
                        if left[use] > 0:
                            continue
                        opened -= 1
                        total = 0
                        for one in range(in_ptr[use], in_ptr[use + 1]):
                            total += price[in_idx[one]]
                    else:
                        looked += 1
                    if change[use] != none:
                        total += 1
                    heappush(heap, (min(total, FAR), end, use))
            if goal < 0:
                if opened == 0:  # else, who holds more may go on
                    for at in range(popped):
                        dead[waiting[at]] = True
                break
            before = many
            waits = 1
            waiting[0] = goal
            made_in[goal] = -turn
            while waits > 0:
                waits -= 1
                by = made[waiting[waits]]
                if by < 0:
                    continue
                if change[by] != none and not gone[change[by]]:
                    gone[change[by]] = True
                    found[many] = change[by]
                    many += 1
                for one in range(in_ptr[by], in_ptr[by + 1]):
                    row = in_idx[one]
                    if made_in[row] == turn:
                        made_in[row] = -turn
                        waiting[waits] = row
                        waits += 1
            if many == before:
                break
            ways += 1
            found_ptr[ways] = many
    return ways, looked


@dataclass(frozen=True, slots=True)
class Kernels:
    """The compiled loops."""

    settle: Callable[..., None]
    spread: Callable[..., int]
    learn: Callable[..., tuple[int, int]]


@cache
def load() -> Kernels:
    """Compile the loops, or take them from numba's cache."""
    return Kernels(*(kernels.compiled(loop) for loop in (settle, spread, learn)))

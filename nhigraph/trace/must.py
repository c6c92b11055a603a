"""What every way of one walker passes: the dominators of clauses with several inputs.

A point is a change or a node. A state is held past a point if a clause without it yields the
state, all of whose inputs are held past it: a least fixpoint. Its complement, for all points at
once as the bits of a number, is the greatest fixpoint of

    must[state] = own points of the state | what all clauses that yield it have in common,
    a clause having its change and whatever any of its inputs must pass.

So it is exact, round circles and through needs, and costs about one walk and not one a point.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from heapq import heappop, heappush

#: Bits of all states together that are held at once: 256 MiB, at the very most.
_BITS = 1 << 31

#: The inputs of a clause, the clause's own points, and what it yields, by its number.
Clauses = Callable[[int], tuple[Sequence[int], int]]


class Musts:
    """What proofs from some states pass."""

    def __init__(
        self, start: Collection[int], uses: Mapping[int, Sequence[int]], clause: Clauses
    ) -> None:
        """Find what can be held.

        Args:
            start: States that are held from the beginning.
            uses: State to the numbers of the clauses that it is an input of.
            clause: Number of a clause to its inputs, all different, and what it yields.
        """
        self._start = frozenset(start)
        self._uses, self._clause = uses, clause
        #: State to its place in the order in which it is first held.
        self._place: dict[int, int] = {state: n for n, state in enumerate(sorted(self._start))}
        self._order = [*self._place]
        #: State to the clauses that yield it and can be used.
        self._into: dict[int, list[int]] = {}
        self._hold()

    def _hold(self) -> None:
        left: dict[int, int] = {}
        for state in self._order:  # grows as it goes
            for one in self._uses.get(state, ()):
                inputs, end = self._clause(one)
                left[one] = left.get(one, len(inputs)) - 1
                if not left[one]:
                    self._into.setdefault(end, []).append(one)
                    if end not in self._place:
                        self._place[end] = len(self._order)
                        self._order.append(end)

    def passed(
        self,
        goals: Collection[int],
        points: Sequence[int],
        at_clause: Callable[[int], int],
        at_state: Callable[[int], int],
    ) -> frozenset[int]:
        """The points that all ways to all goals pass; all of them where there is no way.

        Args:
            goals: States.
            points: Points that are asked about.
            at_clause: Point of a clause, or one that is not asked about.
            at_state: The same of a state.
        """
        size = max(64, _BITS // (len(self._order) + 1))
        found: set[int] = set()
        for first in range(0, len(points), size):
            some = points[first : first + size]
            bit = {point: 1 << number for number, point in enumerate(some)}
            held = self._common(
                (1 << len(some)) - 1,
                partial(_bit, bit, at_clause),
                partial(_bit, bit, at_state),
            )
            common = -1
            for goal in goals:
                common &= held.get(goal, -1)
            found.update(point for point in some if common & bit[point])
        return frozenset(found)

    def _common(
        self, every: int, at_clause: Callable[[int], int], at_state: Callable[[int], int]
    ) -> dict[int, int]:
        """State to the points that all its proofs pass."""
        must: dict[int, int] = {}
        place, order = self._place, self._order
        waiting = list(range(len(order)))
        queued = set(waiting)
        while waiting:
            number = heappop(waiting)
            queued.discard(number)
            state = order[number]
            common = 0 if state in self._start else every
            for one in self._into.get(state, ()) if common else ():
                own = at_clause(one)
                for source in self._clause(one)[0]:
                    own |= must.get(source, every)
                common &= own
            common |= at_state(state)
            if must.get(state, every) != common:
                must[state] = common
                for one in self._uses.get(state, ()):
                    further = place.get(self._clause(one)[1])
                    if further is not None and further not in queued:
                        queued.add(further)
                        heappush(waiting, further)
        return must


def _bit(bit: Mapping[int, int], point: Callable[[int], int], of: int) -> int:
    """The bit of the point of a clause or a state; none where it is not asked about."""
    return bit.get(point(of), 0)

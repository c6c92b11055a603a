"""Smallest cuts: the cheapest changes after which no walker reaches a goal.

A way is a proof: a clause that yields a goal, and a proof of each of its inputs, down to what its
walker holds from the beginning. Source, needs and the defeat of a gate are inputs alike, and an
change that takes several clauses away is one change, so that no minimum of a flow is the answer.
It is found by *implicit hitting sets*: a cut has a change in every way; the cheapest set that has
one in each way known so far costs no more than any cut, so if it is a cut, it is a smallest; if it
is none, a walker has a way that it misses, which is known from then on.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field

import numpy as np

from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.crowd import Crowd, Starts
from nhigraph.trace.hitting import cheapest
from nhigraph.trace.laid import Laid
from nhigraph.trace.lanes import bits
from nhigraph.trace.product import STATES, Product
from nhigraph.trace.proof_kernels import FAR
from nhigraph.trace.web import Points, Web

#: Ways that are looked for at most, before what is known has to do.
WAYS = 20_000


@dataclass(frozen=True, slots=True)
class Cut:
    """Changes that stop walkers.

    Attributes:
        changes: Their numbers, sorted.
        cost: What they cost together.
        bound: No cut costs less; equal to ``cost`` where the cut is proven to be a smallest.
        stopped: Walkers that reach a goal, and then do not, by number.
        beyond: Walkers that no change stops, by number; the cut is one of the others.
        holding: Change to the walkers, by number, that reach a goal again if it is not made.
        looked: Times that a clause was looked at.
    """

    changes: tuple[int, ...]
    cost: int
    bound: int
    stopped: tuple[int, ...]
    beyond: tuple[int, ...]
    holding: Mapping[int, tuple[int, ...]]
    looked: int

    @property
    def proven(self) -> bool:
        """Whether it is known to be a smallest."""
        return self.cost == self.bound


def smallest(
    reading: Product,
    starts: Sequence[Collection[int]],
    goals: Collection[int],
    change: Mapping[int, int],
    cost: Mapping[int, int],
    *,
    ways: int = WAYS,
    work: int | None = None,
) -> Cut:
    """A smallest cut.

    Args:
        reading: The clauses of one closure, those that lead to the goals at least.
        starts: Per walker, the states it holds from the beginning.
        goals: States that nobody shall reach.
        change: Edge to the change that takes it away; an edge without one stays.
        cost: What each change costs, 1 or more.
        ways: Ways that are looked for at most; a cut is found in any case, with a bound.
        work: Clauses that are looked at at most; by default as many as it takes.

    Raises:
        TooMuchWork: It took more.
    """
    laid = Laid(reading, 2 * reading.clauses)
    web = Web(laid, goals, by_clause(reading, change))
    web.close_in()
    return smallest_in(web, web.crowd(Starts(starts)), cost, ways=ways, work=work)


def by_clause(reading: Product, change: Mapping[int, int]) -> Ints:
    """Per clause the change that takes it away, or -1.

    Args:
        reading: The clauses.
        change: Edge to its change; an edge without one stays.
    """
    found = np.full(max(reading.edge.max(initial=-1), *change, 0) + 2, -1, dtype=np.int64)
    found[list(change)] = list(change.values())
    # The last one is for clauses without an edge.
    return found[reading.edge]


def smallest_in(
    web: Web,
    crowd: Crowd,
    cost: Mapping[int, int],
    *,
    ways: int = WAYS,
    work: int | None = None,
    holding: bool = True,
) -> Cut:
    """A smallest cut in a web that is closed in; to lay one takes longer than most searches in it.

    Args:
        web: Clauses, goals and changes.
        crowd: Who walks in it.
        cost: As for ``smallest``.
        ways: As there.
        work: As there.
        holding: Whether it is asked whom each change holds back.

    Raises:
        TooMuchWork: It took more.
    """
    web.allow(work)
    beyond = web.reached(crowd, cost)
    others = crowd.without(beyond)
    search = _Search(web, others, cost)
    made, bound = search.run(ways)
    resting = web.resting(others, made) if holding else {}
    holding_back = {one: others.walkers(groups) for one, groups in resting.items()}
    total = sum(cost[one] for one in made)
    told = (total, bound, others.walkers(search.stopped), crowd.walkers(beyond), holding_back)
    return Cut(tuple(sorted(made)), *told, web.looked)


@dataclass
class _Search:
    """The ways known so far, and what meets them."""

    web: Web
    crowd: Crowd
    cost: Mapping[int, int]
    ways: list[frozenset[int]] = field(default_factory=list)
    stopped: int = 0

    def run(self, most: int) -> tuple[frozenset[int], int]:
        """The cut, and what none is cheaper than."""
        reaching = self.stopped = self.web.reached(self.crowd, ())
        self._learn(frozenset(), reaching)
        while True:
            best = cheapest(self.ways, self.cost, self._preferred)
            reaching = self.web.reached(self.crowd, best)
            if not reaching:
                return best, self._price(best)
            if len(self.ways) >= most:
                return self._enough(best), self._price(best)
            self._learn(best, reaching)

    def _learn(self, best: frozenset[int], reaching: int) -> None:
        """Find ways that share no change, beside what is made already: each must be met."""
        self.ways += self.web.learn(self.crowd, reaching, best)

    def _enough(self, best: frozenset[int]) -> frozenset[int]:
        """A cut of which no change can be spared, made of what meets the known ways."""
        known = len(self.ways)
        self._learn(best, self.web.reached(self.crowd, best))
        found = set(best).union(*self.ways[known:])
        # What costs most, and lies farthest from the goals, is spared first.
        for one in sorted(found, key=lambda c: (self.cost[c], self._preferred(c)), reverse=True):
            if not self.web.reached(self.crowd, found - {one}):
                found.discard(one)
        return frozenset(found)

    def _price(self, changes: Iterable[int]) -> int:
        return sum(self.cost[one] for one in changes)

    def _preferred(self, change: int) -> int:
        """Of equal cuts the one nearest to the goals: it takes least from everything else."""
        return self.web.order[change]


@dataclass(frozen=True, slots=True)
class Choke:
    """What every way to the goals passes.

    Attributes:
        changes: Changes each of which alone stops everybody, sorted.
        nodes: Nodes each of which all ways pass, sorted.
        reaching: Walkers that reach a goal, by number.
    """

    changes: tuple[int, ...]
    nodes: tuple[int, ...]
    reaching: tuple[int, ...]


def choke_points(
    reading: Product,
    starts: Sequence[Collection[int]],
    goals: Collection[int],
    change: Mapping[int, int],
    at: Mapping[int, int] | None = None,
) -> Choke:
    """What every way of every walker passes; see ``smallest``.

    Args:
        reading: As there.
        starts: As there.
        goals: As there.
        change: As there.
        at: States beside those of nodes that lie at a node, with it.
    """
    web = Web(Laid(reading, reading.clauses), goals, by_clause(reading, change))
    crowd = web.crowd(Starts(starts))
    reaching = web.reached(crowd, ())
    if not reaching:
        return Choke((), (), ())
    found = _Passed(web, (reading.nodes, at or {}), crowd, reaching).points()
    changes = sorted(point for point in found if point >= 0)
    ends = {goal // STATES for goal in goals}
    nodes = sorted({-1 - point for point in found if point < 0} - ends)
    return Choke(tuple(changes), tuple(nodes), crowd.walkers(reaching))


class _Passed:
    """Points that are left of those that everybody passes.

    A point is the number of a change, or -1 less the number of a node.
    """

    def __init__(
        self,
        web: Web,
        lying: tuple[int, Mapping[int, int]],
        crowd: Crowd,
        reaching: int,
    ) -> None:
        self._web, self._crowd = web, crowd
        self._nodes, self._at = lying
        self._groups = list(bits(reaching))
        self._numbers = Points(lambda change: change if change >= 0 else FAR, self._of_state)

    def points(self) -> frozenset[int]:
        """The points of one walker, less those that another one has a way around."""
        # Such a point lies on any way that is looked at.
        way = self._web.way(self._crowd.starts[self._groups[0]], ())
        all_points = {self._of_state(state) for state in self._web.states(way)}
        left = self._of([self._groups[0]], {*self._web.changes(way), *all_points - {FAR}})
        # One that holds what all of them hold has more ways than any: what it must pass, all must.
        sure = self._of(self._groups, left)
        waiting = self._groups[1:]
        while left != sure:
            if len(waiting) < len(left - sure):
                # Walker by walker is less than point by point.
                for group in waiting:
                    left = self._of([group], left - sure) | sure if left != sure else left
                return left
            point = min(left - sure)
            around = self._around(point)
            if around:
                left = self._of([next(bits(around))], left - sure) | sure
            else:
                sure |= {point}
        return left

    def _of(self, groups: Sequence[int], points: Collection[int]) -> frozenset[int]:
        """Those of some points that one passes who holds what some walkers start with."""
        start = {row for group in groups for row in self._crowd.starts[group]}
        return self._web.passed(start, sorted(points), self._numbers)

    def _around(self, point: int) -> int:
        """Walkers that have a way without a point, as bits."""
        if point >= 0:
            return self._web.reached(self._crowd, {point})
        node = -1 - point
        closed = {*range(node * STATES, node * STATES + STATES)}
        closed.update(state for state, where in self._at.items() if where == node)
        return self._web.reached(self._crowd, (), closed)

    def _of_state(self, state: int) -> int:
        if state < self._nodes * STATES:
            return -1 - state // STATES
        return -1 - self._at[state] if state in self._at else FAR

"""Smallest cuts: the cheapest changes after which no walker reaches a goal.

A way is a proof: a clause that yields a goal, and a proof of each of its inputs, down to what its
walker holds from the beginning. Source, needs and the defeat of a gate are inputs alike, and an
change that takes several clauses away is one change, so that no minimum of a flow is the answer.
It is found by *implicit hitting sets*: a cut has a change in every way; the cheapest set that has
one in each way known so far costs no more than any cut, so if it is a cut, it is a smallest; if it
is none, a walker has a way that it misses, which is known from then on.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nhigraph.trace.hitting import cheapest
from nhigraph.trace.lanes import bits
from nhigraph.trace.product import STATES, Product
from nhigraph.trace.web import FAR, Web

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
    web = Web(reading, goals, change, work)
    web.close_in()
    beyond = frozenset(bits(web.reached(starts, cost)))
    others = [() if lane in beyond else start for lane, start in enumerate(starts)]
    made, bound = _Search(web, others, cost).run(ways)
    holding = web.resting(others, made)
    total = sum(cost[one] for one in made)
    stopped = tuple(bits(web.reached(others, ())))
    told = (total, bound, stopped, tuple(sorted(beyond)), holding)
    return Cut(tuple(sorted(made)), *told, web.looked)


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
) -> Choke:
    """What every way of every walker passes; see ``smallest``.

    Such a point lies on any way that is looked at, so only those of one way are tried.
    """
    web = Web(reading, goals, change)
    reaching = web.reached(starts, ())
    if not reaching:
        return Choke((), (), ())
    way = web.way(starts[next(bits(reaching))], ())
    changes = [one for one in web.changes(way) if not web.reached(starts, {one})]
    nodes = {state // STATES for state in web.states(way) if state < reading.nodes * STATES}
    ends = {goal // STATES for goal in goals}
    passed = [
        node
        for node in nodes - ends
        if not web.reached(starts, (), range(node * STATES, node * STATES + STATES))
    ]
    return Choke(tuple(sorted(changes)), tuple(sorted(passed)), tuple(bits(reaching)))


@dataclass
class _Search:
    """The ways known so far, and what meets them."""

    web: Web
    starts: Sequence[Collection[int]]
    cost: Mapping[int, int]
    ways: list[frozenset[int]] = field(default_factory=list)

    def run(self, most: int) -> tuple[frozenset[int], int]:
        """The cut, and what none is cheaper than."""
        while True:
            best = cheapest(self.ways, self.cost, self._preferred)
            reaching = self.web.reached(self.starts, best)
            if not reaching:
                return best, self._price(best)
            if len(self.ways) >= most:
                return self._enough(best), self._price(best)
            self._learn(best, reaching)

    def _learn(self, best: frozenset[int], reaching: int) -> None:
        """Find ways that share no change, beside what is made already: each must be met."""
        gone = set(best)
        for lane in bits(reaching):
            while way := self.web.changes(self.web.way(self.starts[lane], gone)):
                self.ways.append(way)
                gone |= way

    def _enough(self, best: frozenset[int]) -> frozenset[int]:
        """A cut of which no change can be spared, made of what meets the known ways."""
        known = len(self.ways)
        self._learn(best, self.web.reached(self.starts, best))
        found = set(best).union(*self.ways[known:])
        # What costs most, and lies farthest from the goals, is spared first.
        for one in sorted(found, key=lambda c: (self.cost[c], *self._preferred(c)), reverse=True):
            if not self.web.reached(self.starts, found - {one}):
                found.discard(one)
        return frozenset(found)

    def _price(self, changes: Iterable[int]) -> int:
        return sum(self.cost[one] for one in changes)

    def _preferred(self, change: int) -> tuple[int, int]:
        """Of equal cuts the one nearest to the goals: it takes least from everything else."""
        return self.web.near.get(change, FAR), change

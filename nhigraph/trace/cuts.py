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
from heapq import heappop, heappush

from nhigraph.trace.hitting import cheapest
from nhigraph.trace.lanes import bits
from nhigraph.trace.product import STATES, Product

#: Ways that are looked for at most, before what is known has to do.
WAYS = 20_000
_FAR = 1 << 40


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
    """

    changes: tuple[int, ...]
    cost: int
    bound: int
    stopped: tuple[int, ...]
    beyond: tuple[int, ...]
    holding: Mapping[int, tuple[int, ...]]

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
    ways: int = WAYS,
) -> Cut:
    """A smallest cut.

    Args:
        reading: The clauses of one closure, those that lead to the goals at least.
        starts: Per walker, the states it holds from the beginning.
        goals: States that nobody shall reach.
        change: Edge to the change that takes it away; an edge without one stays.
        cost: What each change costs, 1 or more.
        ways: Ways that are looked for at most.
    """
    web = _Web(reading, goals, change)
    beyond = frozenset(bits(web.reached(starts, cost)))
    others = [() if lane in beyond else start for lane, start in enumerate(starts)]
    made, bound = _Search(web, others, cost).run(ways)
    holding = {one: tuple(bits(web.reached(others, made - {one}))) for one in made}
    total = sum(cost[one] for one in made)
    stopped = tuple(bits(web.reached(others, ())))
    return Cut(tuple(sorted(made)), total, bound, stopped, tuple(sorted(beyond)), holding)


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
    web = _Web(reading, goals, change)
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

    web: "_Web"
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
        while reaching:
            lane = next(bits(reaching))
            way = self.web.changes(self.web.way(self.starts[lane], gone))
            self.ways.append(way)
            gone |= way
            reaching = self.web.reached(self.starts, gone)

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
        return self.web.near.get(change, _FAR), change


class _Web:
    """The clauses of a reading as lists."""

    def __init__(
        self, reading: Product, goals: Collection[int], change: Mapping[int, int]
    ) -> None:
        self.goals = frozenset(goals)
        #: Per clause the change that takes it away, or -1.
        self._change = [change.get(edge, -1) for edge in reading.edge.tolist()]
        self._dst: list[int] = reading.dst.tolist()
        ptr, needs = reading.need_ptr.tolist(), reading.need_idx.tolist()
        self._inputs = [
            tuple({src, *needs[ptr[clause] : ptr[clause + 1]]})
            for clause, src in enumerate(reading.src.tolist())
        ]
        self._uses: dict[int, list[int]] = {}
        for clause, inputs in enumerate(self._inputs):
            for state in inputs:
                self._uses.setdefault(state, []).append(clause)
        self.near = self._near()

    def _near(self) -> dict[int, int]:
        """Change to how many clauses lie between it and a goal."""
        into: dict[int, list[int]] = {}
        for clause, end in enumerate(self._dst):
            into.setdefault(end, []).append(clause)
        found: dict[int, int] = {}
        level, seen, depth = sorted(self.goals), set(self.goals), 0
        while level:
            further: list[int] = []
            for state in level:
                for clause in into.get(state, ()):
                    if self._change[clause] >= 0:
                        found.setdefault(self._change[clause], depth)
                    further += [one for one in self._inputs[clause] if one not in seen]
                    seen.update(self._inputs[clause])
            level, depth = sorted(set(further)), depth + 1
        return found

    def reached(
        self,
        starts: Sequence[Collection[int]],
        gone: Collection[int],
        closed: Collection[int] = (),
    ) -> int:
        """Walkers that reach a goal once some changes are made, as bits.

        Args:
            starts: Per walker, the states it holds from the beginning.
            gone: Changes that are made.
            closed: States that nobody can hold.
        """
        held: dict[int, int] = {}
        for lane, start in enumerate(starts):
            for state in start:
                if state not in closed:
                    held[state] = held.get(state, 0) | 1 << lane
        waiting = list(held)
        while waiting:
            for clause in self._uses.get(waiting.pop(), ()):
                if self._change[clause] in gone:
                    continue
                lanes = -1
                for state in self._inputs[clause]:
                    lanes &= held.get(state, 0)
                end = self._dst[clause]
                if lanes & ~held.get(end, 0) and end not in closed:
                    held[end] = held.get(end, 0) | lanes
                    waiting.append(end)
        found = 0
        for goal in self.goals:
            found |= held.get(goal, 0)
        return found

    def changes(self, way: Collection[int]) -> frozenset[int]:
        """Changes that meet a way."""
        return frozenset(self._change[c] for c in way if self._change[c] >= 0)

    def states(self, way: Collection[int]) -> frozenset[int]:
        """States that are held on a way, the goal among them."""
        found = {state for clause in way for state in self._inputs[clause]}
        return frozenset(found | {self._dst[clause] for clause in way})

    def way(self, start: Collection[int], gone: Collection[int]) -> frozenset[int]:
        """Clauses of a way that few changes meet (Knuth 1977).

        Args:
            start: What the walker holds from the beginning; it reaches a goal.
            gone: Changes that are made.
        """
        made: dict[int, int] = {}
        price: dict[int, int] = {}
        open_inputs: dict[int, int] = {}
        heap = [(0, state, -1) for state in start]
        heap.sort()
        while heap:
            spent, state, clause = heappop(heap)
            if state in made:
                continue
            made[state], price[state] = clause, spent
            if state in self.goals:
                return self._proof(state, made)
            for use in self._uses.get(state, ()):
                if self._change[use] in gone or self._dst[use] in made:
                    continue
                left = open_inputs.get(use, len(self._inputs[use])) - 1
                open_inputs[use] = left
                if not left:
                    total = sum(price[one] for one in self._inputs[use])
                    total += self._change[use] >= 0
                    heappush(heap, (min(total, _FAR), self._dst[use], use))
        raise RuntimeError("a walker was said to reach a goal that it does not reach")

    def _proof(self, goal: int, made: Mapping[int, int]) -> frozenset[int]:
        found: set[int] = set()
        waiting, seen = [goal], {goal}
        while waiting:
            clause = made[waiting.pop()]
            if clause < 0:
                continue
            found.add(clause)
            for state in self._inputs[clause]:
                if state not in seen:
                    seen.add(state)
                    waiting.append(state)
        return frozenset(found)

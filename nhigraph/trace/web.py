"""The clauses of a reading as lists, walked again and again with some of them taken away."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from heapq import heapify, heappop, heappush

from nhigraph.trace.lanes import bits
from nhigraph.trace.must import Musts
from nhigraph.trace.product import Product

#: More than any number of clauses.
FAR = 1 << 40


class TooMuchWork(Exception):  # noqa: N818 - an outcome, not a fault
    """More clauses would have had to be looked at than was allowed."""


class Web:
    """The clauses of a reading as lists."""

    def __init__(
        self,
        reading: Product,
        goals: Collection[int],
        change: Mapping[int, int],
    ) -> None:
        self.goals = frozenset(goals)
        self.allow(None)
        #: Per clause the change that takes it away, or -1.
        self._change = [change.get(edge, -1) for edge in reading.edge.tolist()]
        self._dst: list[int] = reading.dst.tolist()
        ptr, needs = reading.need_ptr.tolist(), reading.need_idx.tolist()
        self._inputs = [
            tuple({src, *needs[ptr[clause] : ptr[clause + 1]]})
            for clause, src in enumerate(reading.src.tolist())
        ]
        self._into: dict[int, list[int]] = {}
        for clause, end in enumerate(self._dst):
            self._into.setdefault(end, []).append(clause)
        self.near = self._near()
        self._uses = self._used(range(len(self._dst)))

    def _used(self, clauses: Iterable[int]) -> dict[int, list[int]]:
        """State to the clauses that it is an input of."""
        found: dict[int, list[int]] = {}
        for clause in clauses:
            for state in self._inputs[clause]:
                found.setdefault(state, []).append(clause)
        return found

    def close_in(self) -> None:
        """Leave out what no change meets on the last part of a way.

        Who holds a state from which a goal is reached whatever is changed has as good as reached
        it: lineage, mostly. Such states become goals, and how one of them comes of another, or
        anything else of it, is not asked any more. Who reaches a goal stays the same.
        """
        goals, waiting = set(self.goals), list(self.goals)
        while waiting:
            for clause in self._into.get(waiting.pop(), ()):
                inputs = self._inputs[clause]
                if self._change[clause] < 0 and len(inputs) == 1 and inputs[0] not in goals:
                    goals.add(inputs[0])
                    waiting.append(inputs[0])
        self.goals = frozenset(goals)
        kept, seen, waiting = set[int](), set(goals), list(goals)
        while waiting:
            for clause in self._into.get(waiting.pop(), ()):
                if goals.isdisjoint(self._inputs[clause]):
                    kept.add(clause)
                    further = [one for one in self._inputs[clause] if one not in seen]
                    seen.update(further)
                    waiting += further
        self._uses = self._used(sorted(kept))
        vars(self).pop("_place", None)  # of the clauses that there were

    @cached_property
    def _place(self) -> dict[int, int]:
        """Place of every state that is an input, in an order in which it follows its own inputs.

        In circles somebody is first all the same. Fired in this order, most clauses fire once.
        """
        found: dict[int, int] = {}
        seen: set[int] = set()
        place = 0  # Whoever is done last comes first.
        for state in self._uses:
            if state in seen:
                continue
            seen.add(state)
            trail = [(state, iter(self._uses[state]))]
            while trail:
                here, uses = trail[-1]
                for clause in uses:
                    end = self._dst[clause]
                    if end not in seen and end in self._uses:
                        seen.add(end)
                        trail.append((end, iter(self._uses[end])))
                        break
                else:
                    found[here], place = place, place - 1
                    trail.pop()
        return found

    def _near(self) -> dict[int, int]:
        """Change to how many clauses lie between it and a goal."""
        into = self._into
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
        return self._at_goals(self._held(starts, gone, closed))

    def resting(
        self, starts: Sequence[Collection[int]], made: Collection[int]
    ) -> dict[int, tuple[int, ...]]:
        """Change to the walkers, by number, that reach a goal if all are made but this one."""
        held = self._held(starts, made)
        clauses: dict[int, list[int]] = {one: [] for one in made}
        for clause, one in enumerate(self._change):
            if one in clauses:
                clauses[one].append(clause)
        found = {}
        for one, back in clauses.items():
            # What is held without it is held with it, too: only what comes of it is new.
            more = dict(held)
            waiting = sorted({self._inputs[clause][0] for clause in back})
            self._spread(more, waiting, {*made} - {one})
            found[one] = tuple(bits(self._at_goals(more)))
        return found

    def _held(
        self,
        starts: Sequence[Collection[int]],
        gone: Collection[int],
        closed: Collection[int] = (),
    ) -> dict[int, int]:
        """State to the walkers that hold it, as bits."""
        held: dict[int, int] = {}
        for lane, start in enumerate(starts):
            for state in start:
                if state not in closed:
                    held[state] = held.get(state, 0) | 1 << lane
        self._spread(held, list(held), gone, closed)
        return held

    def _spread(
        self,
        held: dict[int, int],
        waiting: Iterable[int],
        gone: Collection[int],
        closed: Collection[int] = (),
    ) -> None:
        """Fire all that can be, from the states that wait on."""
        looked, place = 0, self._place
        heap = [(place[state], state) for state in waiting if state in place]
        heapify(heap)
        queued = {state for _, state in heap}
        while heap:
            _, here = heappop(heap)
            queued.discard(here)
            uses = self._uses[here]
            looked += len(uses)
            for clause in uses:
                if self._change[clause] in gone:
                    continue
                lanes = -1
                for state in self._inputs[clause]:
                    lanes &= held.get(state, 0)
                end = self._dst[clause]
                if lanes & ~held.get(end, 0) and end not in closed:
                    held[end] = held.get(end, 0) | lanes
                    if end in place and end not in queued:
                        queued.add(end)
                        heappush(heap, (place[end], end))
        self._spend(looked)

    def _at_goals(self, held: Mapping[int, int]) -> int:
        found = 0
        for goal in self.goals:
            found |= held.get(goal, 0)
        return found

    def allow(self, work: int | None) -> None:
        """Count anew, and let so many clauses be looked at."""
        self.looked = 0
        self._most = work

    def _spend(self, looked: int) -> None:
        self.looked += looked
        if self._most is not None and self.looked > self._most:
            raise TooMuchWork

    def changes(self, way: Collection[int]) -> frozenset[int]:
        """Changes that meet a way."""
        return frozenset(self._change[c] for c in way if self._change[c] >= 0)

    def musts(self, start: Collection[int]) -> Musts:
        """What proofs from some states pass."""
        return Musts(start, self._uses, lambda one: (self._inputs[one], self._dst[one]))

    def change_of(self, clause: int) -> int:
        """The change that takes a clause away, or -1."""
        return self._change[clause]

    def states(self, way: Collection[int]) -> frozenset[int]:
        """States that are held on a way, the goal among them."""
        found = {state for clause in way for state in self._inputs[clause]}
        return frozenset(found | {self._dst[clause] for clause in way})

    def way(self, start: Collection[int], gone: Collection[int]) -> frozenset[int]:
        """Clauses of a way that few changes meet (Knuth 1977); none where there is no way.

        Args:
            start: What the walker holds from the beginning.
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
                self._spend(len(open_inputs))
                return self._proof(state, made)
            for use in self._uses.get(state, ()):
                if self._change[use] in gone or self._dst[use] in made:
                    continue
                left = open_inputs.get(use, len(self._inputs[use])) - 1
                open_inputs[use] = left
                if not left:
                    total = sum(price[one] for one in self._inputs[use])
                    total += self._change[use] >= 0
                    heappush(heap, (min(total, FAR), self._dst[use], use))
        self._spend(len(open_inputs))
        return frozenset()

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

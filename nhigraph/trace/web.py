"""The ways to some goals as lists, walked again and again with some of them taken away."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from heapq import heapify, heappop, heappush

import numpy as np

from nhigraph.graph.distinct import distinct_below
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.crowd import Crowd, Starts
from nhigraph.trace.laid import Laid, Led
from nhigraph.trace.must import Musts

#: More than any number of clauses.
FAR = 1 << 40


class TooMuchWork(Exception):  # noqa: N818 - an outcome, not a fault
    """More clauses would have had to be looked at than was allowed."""


@dataclass(frozen=True, slots=True)
class Points:
    """The numbers of points: what lies on ways and is asked about.

    Attributes:
        change: Of a change, or of -1.
        state: Of a state.
    """

    change: Callable[[int], int]
    state: Callable[[int], int]


@dataclass(frozen=True, slots=True)
class _Goals:
    """What nobody shall reach.

    Attributes:
        rows: Rows of what is laid.
        apart: States of goals that no clause touches, ascending.
    """

    rows: Ints
    apart: tuple[int, ...]


class _Lists:
    """Clauses and the rows that they touch, both in their own order; goals apart come last.

    Attributes:
        state: Per row, its state.
        row: The same turned round.
        inputs: Per clause, the rows it takes.
        dst: The row it yields.
        change: The change that takes it away, or -1.
        uses: Per row, the clauses that it is an input of.
        ends: Rows of goals.
        led: Those of them that a clause yields.
    """

    def __init__(self, laid: Laid, clauses: Ints, change: Ints, goals: _Goals) -> None:
        first, sizes = laid.in_ptr[clauses], np.diff(laid.in_ptr)[clauses]
        after = np.cumsum(sizes)
        taken = laid.in_idx[np.arange(sizes.sum()) + np.repeat(first - after + sizes, sizes)]
        yielded = laid.dst[clauses]
        inner = distinct_below(np.concatenate([taken, yielded]), len(laid.state))
        places = np.full(len(laid.state), -1, dtype=np.int64)
        places[inner] = np.arange(len(inner))
        apart = goals.rows[places[goals.rows] < 0]
        rows = np.concatenate([inner, apart])
        places[apart] = np.arange(len(inner), len(rows))
        self.state: list[int] = [*laid.state[rows].tolist(), *goals.apart]
        self.row = {state: row for row, state in enumerate(self.state)}
        self.dst: list[int] = places[yielded].tolist()
        self.change: list[int] = change[clauses].tolist()
        flat, lasts = places[taken].tolist(), after.tolist()
        self.inputs = [
            tuple(flat[last - size : last])
            for last, size in zip(lasts, sizes.tolist(), strict=True)
        ]
        self.uses: list[list[int]] = [[] for _ in self.state]
        for clause, inputs in enumerate(self.inputs):
            for row in inputs:
                self.uses[row].append(clause)
        others = range(len(rows), len(self.state))
        self.ends = frozenset([*places[goals.rows].tolist(), *others])
        self.led = sorted(self.ends.intersection(self.dst))


class Web:
    """The ways to some goals as lists.

    Attributes:
        near: Change to how many clauses lie between it and a goal.
        looked: Times that a clause was looked at.
    """

    def __init__(
        self, laid: Laid, goals: Collection[int], change: Ints, led: Led | None = None
    ) -> None:
        """Find them.

        Args:
            laid: Clauses, those that lead to the goals among them.
            goals: States.
            change: Per clause the change that takes it away, or -1.
            led: The clauses that lead to the goals, where they are known.
        """
        self._laid, self._change = laid, change
        self._led = led or laid.leading(laid.rows(goals))
        touched = frozenset(laid.state[self._led.goals].tolist())
        self._goals = _Goals(self._led.goals, tuple(sorted({*goals} - touched)))
        self._clauses = np.sort(self._led.ways)
        self.near = self._near()
        #: Who asked last what is held without which changes and states, and the answer.
        self._last: tuple[Crowd, frozenset[int], frozenset[int], list[int]] | None = None
        self.allow(None)

    def _near(self) -> dict[int, int]:
        # The nearest come first, so that of the clauses of a change the last one told here counts.
        changes, depth = self._change[self._led.ways[::-1]], self._led.depth[::-1]
        real = changes >= 0
        return dict(zip(changes[real].tolist(), depth[real].tolist(), strict=True))

    def close_in(self) -> None:
        """Leave out what no change meets on the last part of a way.

        Who holds a state from which a goal is reached whatever is changed has as good as reached
        it: lineage, mostly. Such states become goals, and how one of them comes of another, or
        anything else of it, is not asked any more. Who reaches a goal stays the same.
        """
        found = self._laid.closed(self._led.goals, self._change < 0)
        self._goals = _Goals(found.goals, self._goals.apart)
        self._clauses = found.kept
        for name in ("_lists", "_place", "order"):  # of the clauses that there were
            vars(self).pop(name, None)
        self._last = None

    @cached_property
    def _lists(self) -> _Lists:
        return _Lists(self._laid, self._clauses, self._change, self._goals)

    @cached_property
    def _place(self) -> list[int]:
        """Place of every row that is an input, in an order in which it follows its own inputs.

        In circles somebody is first all the same. Fired in this order, most clauses fire once.
        """
        lists = self._lists
        uses, ends = lists.uses, lists.dst
        found = [0] * len(uses)
        seen = [not many for many in uses]
        place = 0  # Whoever is done last comes first.
        for row in range(len(uses)):
            if seen[row]:
                continue
            seen[row] = True
            trail = [(row, iter(uses[row]))]
            while trail:
                here, further = trail[-1]
                for clause in further:
                    end = ends[clause]
                    if not seen[end]:
                        seen[end] = True
                        trail.append((end, iter(uses[end])))
                        break
                else:
                    found[here], place = place, place - 1
                    trail.pop()
        return found

    @cached_property
    def order(self) -> dict[int, int]:
        """Change to its place among all: those nearest to a goal take least from all else."""
        changes = {one for one in self._change[self._clauses].tolist() if one >= 0}
        near = sorted((self.near[one], one) for one in changes)
        return {one: place for place, (_, one) in enumerate(near)}

    def same(self, starts: Starts, without: Collection[int] = ()) -> tuple[object, ...]:
        """What another web has in common in which the same walkers have the same smallest cut.

        Args:
            starts: As for ``crowd``.
            without: As there.
        """
        goal = np.zeros(len(self._laid.state), dtype=bool)
        goal[self._goals.rows] = True
        there = {*self._laid.state[self._goals.rows].tolist(), *self._goals.apart}
        there = (there & starts.holding.keys()).difference(without)
        # Who is at a goal is at one: at which, says nothing.
        ended = sorted({group for state in there for group in starts.holding[state]})
        own = sorted(starts.holding.keys() & set(without))
        kept, ends = self._clauses, goal[self._laid.dst[self._clauses]]
        columns = (kept.tobytes(), self._change[kept].tobytes(), ends.tobytes())
        return *columns, tuple(self.order), tuple(ended), tuple(own)

    def crowd(self, starts: Starts, without: Collection[int] = ()) -> Crowd:
        """Walkers that hold something here.

        Args:
            starts: What they hold from the beginning.
            without: States that nobody does.
        """
        row = self._lists.row
        some = (row.keys() & starts.holding.keys()).difference(without)
        found: dict[tuple[int, ...], tuple[int, ...]] = {}
        for number in sorted({number for state in some for number in starts.holding[state]}):
            states, lanes = starts.groups[number]
            # Nearly all hold one state: it is this that brought them here.
            alone = len(states) == 1
            rows = (row[states[0]],) if alone else tuple(row[s] for s in states if s in some)
            found[rows] = tuple(sorted(found[rows] + lanes)) if rows in found else lanes
        held = self._lists.ends.intersection(row[state] for state in some)
        return Crowd(tuple(found), tuple(found.values()), tuple(sorted(held)))

    def reached(self, crowd: Crowd, gone: Collection[int], closed: Collection[int] = ()) -> int:
        """Groups that reach a goal once some changes are made, as bits.

        Args:
            crowd: Who walks.
            gone: Changes that are made.
            closed: States that nobody can hold.
        """
        return self._at_goals(crowd, self._held(crowd, gone, closed))

    def resting(self, crowd: Crowd, made: Collection[int]) -> dict[int, int]:
        """Change to the groups that reach a goal if all are made but this one, as bits."""
        held, lists = self._held(crowd, made), self._lists
        clauses: dict[int, list[int]] = {one: [] for one in made}
        for clause, one in enumerate(lists.change):
            if one in clauses:
                clauses[one].append(clause)
        found = {}
        for one, back in clauses.items():
            # What is held without it is held with it, too: only what comes of it is new.
            more = held.copy()
            waiting = sorted({lists.inputs[clause][0] for clause in back})
            self._spread(more, waiting, {*made} - {one})
            found[one] = self._at_goals(crowd, more)
        return found

    def _held(
        self, crowd: Crowd, gone: Collection[int], closed: Collection[int] = ()
    ) -> list[int]:
        """Per row, the groups that hold it, as bits."""
        asked = crowd, frozenset(gone), frozenset(closed)
        if self._last is None or self._last[0] is not crowd or self._last[1:3] != asked[1:]:
            row = self._lists.row
            shut = frozenset(row[state] for state in closed if state in row)
            held, waiting = [0] * len(self._lists.uses), set[int]()
            for group, start in enumerate(crowd.starts):
                for here in start:
                    if here not in shut:
                        held[here] |= 1 << group
                        waiting.add(here)
            self._spread(held, waiting, gone, shut)
            self._last = *asked, held
        return self._last[3]

    def _spread(
        self,
        held: list[int],
        waiting: Iterable[int],
        gone: Collection[int],
        shut: Collection[int] = (),
    ) -> None:
        """Fire all that can be, from the rows that wait on."""
        lists, place = self._lists, self._place
        every, change, inputs, ends = lists.uses, lists.change, lists.inputs, lists.dst
        looked = 0
        heap = [(place[row], row) for row in waiting if every[row]]
        heapify(heap)
        queued = {row for _, row in heap}
        while heap:
            _, here = heappop(heap)
            queued.discard(here)
            uses = every[here]
            looked += len(uses)
            for clause in uses:
                if change[clause] in gone:
                    continue
                groups = -1
                for row in inputs[clause]:
                    groups &= held[row]
                end = ends[clause]
                if groups & ~held[end] and end not in shut:
                    held[end] |= groups
                    if every[end] and end not in queued:
                        queued.add(end)
                        heappush(heap, (place[end], end))
        self._spend(looked)

    def _at_goals(self, crowd: Crowd, held: Sequence[int]) -> int:
        found = 0
        for goal in (*self._lists.led, *crowd.ends):
            found |= held[goal]
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
        change = self._lists.change
        return frozenset(change[clause] for clause in way if change[clause] >= 0)

    def passed(self, start: Iterable[int], points: Sequence[int], of: Points) -> frozenset[int]:
        """Those of some points that everybody passes who starts from some rows.

        Args:
            start: The rows.
            points: The points.
            of: The point of a change, and that of a state.
        """
        lists = self._lists
        uses = dict(enumerate(lists.uses))
        found = Musts(frozenset(start), uses, lambda one: (lists.inputs[one], lists.dst[one]))
        return found.passed(
            lists.ends,
            points,
            lambda clause: of.change(lists.change[clause]),
            lambda row: of.state(lists.state[row]),
        )

    def states(self, way: Collection[int]) -> frozenset[int]:
        """States that are held on a way, the goal among them."""
        lists = self._lists
        rows = {row for clause in way for row in (*lists.inputs[clause], lists.dst[clause])}
        return frozenset(lists.state[row] for row in rows)

    def way(
        self, start: Iterable[int], gone: Collection[int], dead: set[int] | None = None
    ) -> frozenset[int]:
        """Clauses of a way that few changes meet (Knuth 1977); none where there is no way.

        Args:
            start: Rows that the walker holds from the beginning.
            gone: Changes that are made.
            dead: Rows from which no way leads on whatever else is held; those found are added.
        """
        lists, dead = self._lists, set() if dead is None else dead
        made: dict[int, int] = {}
        price: dict[int, int] = {}
        open_inputs: dict[int, int] = {}
        looked = 0
        heap = [(0, row, -1) for row in start if row not in dead]
        heap.sort()
        while heap:
            spent, row, clause = heappop(heap)
            if row in made:
                continue
            made[row], price[row] = clause, spent
            if row in lists.ends:
                self._spend(looked)
                return self._proof(row, made)
            for use in lists.uses[row]:
                end = lists.dst[use]
                if lists.change[use] in gone or end in made or end in dead:
                    continue
                inputs = lists.inputs[use]
                total = spent
                if len(inputs) > 1:
                    left = open_inputs.get(use, len(inputs)) - 1
                    looked += use not in open_inputs
                    open_inputs[use] = left
                    if left:
                        continue
                    total = sum(price[one] for one in inputs)
                else:
                    looked += 1
                heappush(heap, (min(total + (lists.change[use] >= 0), FAR), end, use))
        self._spend(looked)
        if not any(open_inputs.values()):  # else, who holds more may go on
            dead |= made.keys()
        return frozenset()

    def _proof(self, goal: int, made: Mapping[int, int]) -> frozenset[int]:
        found: set[int] = set()
        waiting, seen = [goal], {goal}
        while waiting:
            clause = made[waiting.pop()]
            if clause < 0:
                continue
            found.add(clause)
            for row in self._lists.inputs[clause]:
                if row not in seen:
                    seen.add(row)
                    waiting.append(row)
        return frozenset(found)

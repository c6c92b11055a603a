"""The ways to some goals as lists, walked again and again with some of them taken away."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property, reduce
from heapq import heapify, heappop, heappush
from operator import or_

import numpy as np

from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.crowd import Crowd, Starts
from nhigraph.trace.laid import Laid, Led
from nhigraph.trace.lanes import Words, bits
from nhigraph.trace.must import Musts
from nhigraph.trace.proof_kernels import FAR
from nhigraph.trace.web_columns import Columns, Compiled, Goals, Lists, as_bits, as_words

#: Groups by row, as bits of an integer or as words.
Held = list[int] | Words


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


class Web:
    """The ways to some goals as lists.

    Attributes:
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
        self._goals = Goals(self._led.goals, tuple(sorted({*goals} - touched)))
        self._clauses = np.sort(self._led.ways)
        #: Who asked last what is held without which changes and states, and the answer.
        self._last: tuple[Crowd, frozenset[int], frozenset[int], Held] | None = None
        self.allow(None)

    def close_in(self) -> None:
        """Leave out what no change meets on the last part of a way.

        Who holds a state from which a goal is reached whatever is changed has as good as reached
        it: lineage, mostly. Such states become goals, and how one of them comes of another, or
        anything else of it, is not asked any more. Who reaches a goal stays the same.
        """
        found = self._laid.closed(self._led.goals, self._change < 0)
        self._goals = Goals(found.goals, self._goals.apart)
        self._clauses = found.kept
        for name in (
            "_columns",
            "_lists",
            "_compiled",
            "_place",
            "order",
        ):  # of the clauses that there were
            vars(self).pop(name, None)
        self._last = None

    @cached_property
    def _columns(self) -> Columns:
        return Columns(self._laid, self._clauses, self._change, self._goals)

    @cached_property
    def _lists(self) -> Lists:
        return Lists(self._columns)

    @cached_property
    def _compiled(self) -> Compiled | None:
        return Compiled(self._columns) if self._laid.compiles else None

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
        told = self._change[self._led.ways]
        # Ways run from the goals on: what is told first of a change is how near it is.
        order = np.argsort(told, kind="stable")
        firsts = order[np.flatnonzero(np.diff(told[order], prepend=-2))]
        here = np.searchsorted(told[firsts], distinct(self._change[self._clauses]))
        changes, near = told[firsts[here]], self._led.depth[firsts[here]]
        real = changes >= 0
        found: list[int] = changes[real][np.argsort(near[real], kind="stable")].tolist()
        return {one: place for place, one in enumerate(found)}

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
        row = self._columns.row
        some = (row.keys() & starts.holding.keys()).difference(without)
        found: dict[tuple[int, ...], tuple[int, ...]] = {}
        for number in sorted({number for state in some for number in starts.holding[state]}):
            states, lanes = starts.groups[number]
            # Nearly all hold one state: it is this that brought them here.
            alone = len(states) == 1
            rows = (row[states[0]],) if alone else tuple(row[s] for s in states if s in some)
            found[rows] = tuple(sorted(found[rows] + lanes)) if rows in found else lanes
        held = self._columns.ends.intersection(row[state] for state in some)
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
        held = self._held(crowd, made)
        if isinstance(held, np.ndarray):
            assert self._compiled is not None  # noqa: S101 - it is one engine or the other
            reaching, looked = self._compiled.resting(held, made, self._ends(crowd))
            self._spend(looked)
            return dict(zip(made, reaching, strict=True))
        lists, back = self._lists, dict[int, set[int]]()
        for clause, one in enumerate(lists.change):
            if one in made:
                back.setdefault(one, set()).add(lists.inputs[clause][0])
        found = {}
        for one in made:
            # What is held without it is held with it, too: only what comes of it is new.
            more = held.copy()
            self._spread(more, back.get(one, ()), {*made} - {one})
            found[one] = self._at_goals(crowd, more)
        return found

    def learn(self, crowd: Crowd, reaching: int, best: Collection[int]) -> list[frozenset[int]]:
        """Changes of ways of some groups that share none, beside those that are made already."""
        if self._compiled is not None:
            left = FAR if self._most is None else self._most - self.looked
            ways, looked = self._compiled.learn(crowd, [*bits(reaching)], best, left)
            self._spend(looked)
            return ways
        gone, dead, found = set(best), set[int](), []
        for group in bits(reaching):
            while way := self.changes(self.way(crowd.starts[group], gone, dead)):
                found.append(way)
                gone |= way
        return found

    def _held(self, crowd: Crowd, gone: Collection[int], closed: Collection[int] = ()) -> Held:
        """Per row, the groups that hold it, as bits."""
        asked = crowd, frozenset(gone), frozenset(closed)
        if self._last is None or self._last[0] is not crowd or self._last[1:3] != asked[1:]:
            row = self._columns.row
            shut = frozenset(row[state] for state in closed if state in row)
            self._last = *asked, self._spread_all(crowd, gone, shut)
        return self._last[3]

    def _spread_all(self, crowd: Crowd, gone: Collection[int], shut: Collection[int]) -> Held:
        """What is held of all that is held from the beginning."""
        if self._compiled is not None:
            words, looked = self._compiled.held(crowd, gone, shut)
            self._spend(looked)
            return words
        held, waiting = [0] * len(self._lists.uses), set[int]()
        for group, start in enumerate(crowd.starts):
            for here in start:
                if here not in shut:
                    held[here] |= 1 << group
                    waiting.add(here)
        self._spread(held, waiting, gone, shut)
        return held

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

    def _at_goals(self, crowd: Crowd, held: Held) -> int:
        ends = self._ends(crowd)
        if isinstance(held, np.ndarray):
            return as_bits(as_words(held, ends))
        return reduce(or_, (held[goal] for goal in ends), 0)

    def _ends(self, crowd: Crowd) -> list[int]:
        return [*self._columns.led, *crowd.ends]

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
            dead.update(made)
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

"""The ways of one lane to its goals, walked again and again without some edges."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nhigraph.trace import kernels
from nhigraph.trace.lanes import Reach, held_by
from nhigraph.trace.paths import Paths
from nhigraph.trace.trees import COMPILE_AFTER


@dataclass(frozen=True, slots=True)
class Walk:
    """A path to a goal.

    Attributes:
        rank: What it costs, where it starts, and the state and edge of each clause: the order in
            which paths are shown.
        clauses: Its clauses, by their numbers in the ways.
    """

    rank: tuple[int, ...]
    clauses: tuple[int, ...]


class Ways:
    """All clauses that a lane fires and that lead to its goals, needs included.

    States are rows here and clauses are numbered, both in their own order, so that of equal paths
    the same one is the best.

    Attributes:
        work: Clauses looked at so far.
    """

    def __init__(
        self,
        paths: Paths,
        change: Callable[[int], int],
        reach: Reach,
        lane: int,
        ends: tuple[Iterable[int], Iterable[int]],
    ) -> None:
        """Collect them.

        Args:
            paths: Paths of the product.
            change: Number of the change that takes an edge away, or -1.
            reach: What every lane holds in *may*.
            lane: Whose ways.
            ends: States to end in, and states that the lane starts from.
        """
        goals, starts = (frozenset(one) for one in ends)
        product = paths.product
        self._told, states = paths.trees.fired(held_by(reach, lane), goals)
        row = {state: number for number, state in enumerate(sorted(states))}
        self._rows = len(row)
        self._goals = frozenset(row[state] for state in goals if state in row)
        self._starts = sorted(row[state] for state in starts if state in row)
        self._src = [row[state] for state in product.src[self._told].tolist()]
        self._dst = [row[state] for state in product.dst[self._told].tolist()]
        self._edge: list[int] = product.edge[self._told].tolist()
        self._cost: list[int] = paths.trees.cost[self._told].tolist()
        needs = map(paths.trees.needs, self._told)
        self._needs = [tuple([row[need] for need in some]) if some else () for some in needs]
        self._needing = any(self._needs)
        self._change = [change(edge) if edge >= 0 else -1 for edge in self._edge]
        self.work = len(self._told)
        self._into, self._out = _by(self._dst, self._rows), _by(self._src, self._rows)

    # -- paths ----------------------------------------------------------------------------------

    def walk(self, clauses: Iterable[int]) -> Walk:
        """A path, from clauses of the product."""
        number = {clause: at for at, clause in enumerate(self._told)}
        return self._walk([number[clause] for clause in clauses])

    def clauses(self, walk: Walk) -> list[int]:
        """The clauses of the product of a path."""
        return [self._told[clause] for clause in walk.clauses]

    def best(self, gone: Collection[int], before: Walk) -> Walk | None:
        """The best path that stands without some changes; None if there is none.

        Args:
            gone: The changes.
            before: The best path without some of them.
        """
        allowed = self._allowed(frozenset(gone))
        if all(allowed[clause] for clause in before.clauses):
            return before
        onward, best = self._search(allowed)
        from_starts = [(best[row], row) for row in self._starts if best[row] >= 0]
        if not from_starts:
            return None
        here = min(from_starts)[1]
        found = []
        while here not in self._goals:
            found.append(onward[here])
            here = self._dst[onward[here]]
        return self._walk(found)

    def _walk(self, clauses: Sequence[int]) -> Walk:
        start = self._src[clauses[0]] if clauses else -1
        cost = sum(self._cost[clause] for clause in clauses)
        told = (part for c in clauses for part in (self._dst[c], self._edge[c], c))
        return Walk((cost, start, *told), tuple(clauses))

    def _search(self, allowed: list[bool]) -> tuple[Sequence[int], Sequence[int]]:
        """Onward clause and cost of every row (``kernels.search``)."""
        self.work += len(self._told)
        goals = sorted(self._goals)
        if self.work >= COMPILE_AFTER and kernels.available():
            best, onward = np.full(self._rows, -1), np.full(self._rows, -1)
            none = np.zeros(1, dtype=np.int64)
            kernels.load().search(
                np.array(goals, dtype=np.int64),
                *self._arrays,
                np.array(allowed, dtype=bool),
                -1,
                *(none, none, none, np.zeros((1, 1), dtype=np.uint64)),
                best,
                onward,
                *np.empty((2, self._rows), dtype=np.int64),
            )
            return onward.tolist(), best.tolist()
        costs, ways, *room = ([-1] * self._rows for _ in range(4))
        everyone = (allowed, -1, None, None, None, None)
        kernels.search(*(goals, *self._lists, *everyone, costs, ways, *room))
        return ways, costs

    @cached_property
    def _lists(self) -> list[list[int]]:
        """What the search reads."""
        ends = (_flat(self._into), _flat(self._out))
        offsets = [column for pair in ends for column in pair]
        return [*offsets, self._src, self._dst, self._edge, self._cost]

    @cached_property
    def _arrays(self) -> list["np.ndarray[tuple[int], np.dtype[np.int64]]"]:
        return [np.array(column, dtype=np.int64) for column in self._lists]

    # -- what stops a path ----------------------------------------------------------------------

    def stops(self, walk: Walk) -> frozenset[int]:
        """Changes each of which stops a path.

        A step that goes with one of its own goes with whatever meets its need, too: whoever stops
        the need stops that step, so that the need says no more than the step.
        """
        steps = frozenset(self._change[c] for c in walk.clauses if self._change[c] >= 0)
        needs = {
            need
            for clause in walk.clauses
            if self._change[clause] not in self._single
            for need in self._needs[clause]
        }
        if not needs:
            return steps
        by = self._held(frozenset())
        maybe = self._rests_on(needs, by) - steps
        lost = {one for one in maybe if not needs <= self._held(frozenset({one})).keys()}
        return steps | lost

    def passed(self, walk: Walk, gone: Collection[int]) -> frozenset[int]:
        """Changes of a path that every path passes which stands without some other changes.

        For each step: what is reached from before it by clauses that are not on the path. Where
        that is nothing behind the step, nothing goes around it.
        """
        allowed = self._allowed(frozenset(gone))
        on = set(walk.clauses)
        at = {self._src[clause]: number for number, clause in enumerate(walk.clauses)}
        last = len(walk.clauses)
        seen = set(self._starts)
        waiting = [row for row in self._starts if row not in at]
        furthest = max((at[row] for row in self._starts if row in at), default=0)
        found = set()
        for number, clause in enumerate(walk.clauses):
            waiting.append(self._src[clause])
            while waiting:
                for out in self._out[waiting.pop()]:
                    end = self._dst[out]
                    if out in on or not allowed[out]:
                        continue
                    furthest = max(furthest, last if end in self._goals else at.get(end, 0))
                    if end not in seen and end not in at:
                        seen.add(end)
                        waiting.append(end)
            if furthest <= number:
                found.add(self._change[clause])
        self.work += len(self._told)
        return frozenset(found)

    @cached_property
    def _single(self) -> frozenset[int]:
        """Changes that take one edge."""
        edges: dict[int, set[int]] = {}
        for change, edge in zip(self._change, self._edge, strict=True):
            if change >= 0:
                edges.setdefault(change, set()).add(edge)
        return frozenset(change for change, many in edges.items() if len(many) == 1)

    # -- closures -------------------------------------------------------------------------------

    def _allowed(self, gone: frozenset[int]) -> list[bool]:
        """Per clause, whether the lane may take it without some changes."""
        if not self._needing:
            self.work += len(self._told)
            return [change not in gone for change in self._change]
        held = self._held(gone)
        return [
            change not in gone and all(need in held for need in needs)
            for change, needs in zip(self._change, self._needs, strict=True)
        ]

    def _held(self, gone: frozenset[int]) -> dict[int, int]:
        """What the lane holds without some changes, and the clause that each state came by."""
        self.work += len(self._told)
        by = dict.fromkeys(self._starts, -1)
        waiting = list(by)
        while waiting:
            for clause in self._uses[waiting.pop()]:
                end = self._dst[clause]
                if end in by or self._change[clause] in gone:
                    continue
                if self._src[clause] in by and all(need in by for need in self._needs[clause]):
                    by[end] = clause
                    waiting.append(end)
        return by

    @cached_property
    def _uses(self) -> list[list[int]]:
        """Per row, the clauses that it is an input of."""
        found = [list(clauses) for clauses in self._out]
        for clause, needs in enumerate(self._needs):
            for need in needs:
                found[need].append(clause)
        return found

    def _rests_on(self, rows: Collection[int], by: dict[int, int]) -> set[int]:
        """Changes on one proof of some states: what they can be lost by is among these."""
        found, waiting, seen = set(), list(rows), set(rows)
        while waiting:
            clause = by[waiting.pop()]
            if clause >= 0:
                found.add(self._change[clause])
                inputs = {self._src[clause], *self._needs[clause]} - seen
                seen |= inputs
                waiting += inputs
        return found - {-1}


def _by(rows: Sequence[int], count: int) -> list[list[int]]:
    """Numbers by the row that they have, ascending."""
    found: list[list[int]] = [[] for _ in range(count)]
    for number, row in enumerate(rows):
        found[row].append(number)
    return found


def _flat(many: list[list[int]]) -> tuple[list[int], list[int]]:
    """Lists as offsets and one list."""
    offsets = [0]
    for one in many:
        offsets.append(offsets[-1] + len(one))
    return offsets, [number for one in many for number in one]

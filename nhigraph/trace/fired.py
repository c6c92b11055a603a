"""Clauses on ways to some states that one lane fires."""

from functools import cached_property

import numpy as np

from nhigraph.graph.store import Ints
from nhigraph.trace import ways_kernels
from nhigraph.trace.lanes import WORD, Reach, WordReach
from nhigraph.trace.product import Bools, Product


class Fired:
    """Finds them, in one product."""

    def __init__(
        self, product: Product, row: Ints, into: tuple[Ints, ...], walkable: Bools
    ) -> None:
        """Take the product in rows.

        Args:
            product: The product.
            row: Row of each state among those that some clause touches, or -1.
            into: Offsets by such a row into the clauses that yield it, and these clauses.
            walkable: Of each clause, whether a path may take it.
        """
        self._product, self._row, self._into, self._walkable = product, row, into, walkable

    def of(self, reach: Reach, lane: int, goals: Ints) -> tuple[Ints, Ints]:
        """Clauses on ways to goals that a lane fires, and the states between them, ascending.

        Args:
            reach: What every lane holds in *may*.
            lane: Whose ways.
            goals: States to end in, all different.
        """
        if not isinstance(reach, WordReach):
            return self._one_by_one(reach, lane, goals.tolist())
        product, room = self._product, self._room
        word, bit = divmod(lane, WORD)
        alone = [state for state, lanes in reach.alone.items() if lanes >> lane & 1]
        count, found = ways_kernels.load().fired(
            *(goals, self._row, *self._into, self._walkable, product.src),
            *(product.need_ptr, product.need_idx, reach.held, reach.row, word, bit),
            *(np.array(alone, dtype=np.int64), *room),
        )
        return np.sort(room[2][:found]), np.sort(room[1][:count])

    def _one_by_one(self, reach: Reach, lane: int, goals: list[int]) -> tuple[Ints, Ints]:
        found: list[int] = []
        known: dict[int, bool] = {}
        seen = set(goals)
        waiting = [*goals]
        into, holds = self._leading, reach.holds
        while waiting:
            state = waiting.pop()
            leading = into.get(state)
            if leading is None:
                leading = into[state] = self._listed(state)
            for clause, inputs in leading:
                for one in inputs:
                    held = known.get(one)
                    if held is None:
                        held = known[one] = holds(one, lane)
                    if not held:
                        break
                else:
                    found.append(clause)
                    for one in inputs:
                        if one not in seen:
                            seen.add(one)
                            waiting.append(one)
        clauses, states = (np.array(sorted(some), dtype=np.int64) for some in (found, seen))
        return clauses, states

    @cached_property
    def _leading(self) -> dict[int, list[tuple[int, tuple[int, ...]]]]:
        """By state what a path may take to it, as far as it was asked: lane after lane asks."""
        return {}

    def _listed(self, state: int) -> list[tuple[int, tuple[int, ...]]]:
        """Clauses that a path may take to a state, each with all that it asks for."""
        ptr, idx, row, walkable, src, need_ptr, need_idx = self._views
        at = row[state]
        return [
            (clause, (src[clause], *need_idx[need_ptr[clause] : need_ptr[clause + 1]].tolist()))
            for clause in (idx[ptr[at] : ptr[at + 1]].tolist() if at >= 0 else ())
            if walkable[clause]
        ]

    @cached_property
    def _views(self) -> tuple[memoryview, ...]:
        """What is asked one by one: a view gives whole numbers twice as fast as an array."""
        product = self._product
        rows = (*self._into, self._row, self._walkable)
        columns = (*rows, product.src, product.need_ptr, product.need_idx)
        return tuple(np.ascontiguousarray(column).data for column in columns)

    @cached_property
    def _room(self) -> tuple[Bools, Ints, Ints]:
        """Room for what a lane fires: what of it is not filled costs nothing."""
        size, clauses = self._product.size, self._product.clauses
        states, found = (np.zeros(count, dtype=np.int64) for count in (size, clauses))
        return np.zeros(size, dtype=bool), states, found

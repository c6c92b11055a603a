"""Who does not meet the needs of the way that all share, and which way such a one goes.

What a block of walkers holds is large. So whoever walks a way that rests on needs is asked
about once more, with others of whom that is so, instead of all blocks being kept for their sake.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Protocol

import numpy as np

from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.schema.types import State
from nhigraph.trace.holders import Holders
from nhigraph.trace.lanes import Reach
from nhigraph.trace.paths import Paths, Way
from nhigraph.trace.product import state_id


@dataclass(frozen=True, order=True, slots=True)
class Asked:
    """A path that is asked for; in order, those that share a tree are neighbours.

    Attributes:
        target: Index of the target.
        states: Bits of the states there in which it may end; the walker holds all of them.
        walker: Node id of who walks.
    """

    target: int
    states: int
    walker: int


@dataclass(frozen=True, slots=True)
class Resting:
    """Rows whose way, the one that all share, rests on needs.

    Attributes:
        row: The row.
        target: What it asks for: see ``Asked``.
        goal: Likewise, bits of states.
        walker: Likewise.
        needs: Offsets by such a row into the states that its way rests on, and these states.
    """

    row: Ints
    target: Ints
    goal: Ints
    walker: Ints
    needs: tuple[Ints, Ints]

    @classmethod
    def of(cls, many: "Sequence[Resting]") -> "Resting":
        """All of them together."""
        nothing = np.zeros(0, dtype=np.int64)
        columns = [(one.row, one.target, one.goal, one.walker) for one in many]
        row, target, goal, walker = map(np.concatenate, zip((nothing,) * 4, *columns, strict=True))
        sizes = np.concatenate([nothing, *(np.diff(one.needs[0]) for one in many)])
        states = np.concatenate([nothing, *(one.needs[1] for one in many)])
        return cls(row, target, goal, walker, (np.concatenate([[0], np.cumsum(sizes)]), states))

    def asked(self, at: int) -> Asked:
        """What one of them asks for."""
        return Asked(int(self.target[at]), int(self.goal[at]), int(self.walker[at]))

    def met(self, at: int, reach: Reach, lane: int) -> bool:
        """Whether a lane holds all that the way of one of them rests on."""
        ptr, states = self.needs
        return all(reach.holds(need, lane) for need in states[ptr[at] : ptr[at + 1]].tolist())


class Walkers(Protocol):
    """Those whose paths are asked for: of an analysis, or imagined on its ground."""

    @property
    def ends(self) -> Sequence[int]:
        """Node ids of the targets."""

    @property
    def paths(self) -> Paths:
        """Best paths."""

    def starts(self, walker: int, /) -> Sequence[int]:
        """States that a walker holds from the beginning."""

    def held(self, walkers: Sequence[int], /) -> Iterator[tuple[Reach, dict[int, int]]]:
        """What some of them hold in *may*, block by block, with the lane of each."""

    def holding(self, walkers: Sequence[int], states: Ints, /) -> Holders | None:
        """Who of them holds which state in *may*; None where ``held`` is cheaper."""


class Witnesses:
    """Finds the paths of those who do not go the way that all share."""

    def __init__(self, analysis: Walkers) -> None:
        """Nothing is found yet."""
        self._analysis = analysis
        self._goals: dict[tuple[int, int], tuple[int, ...]] = {}
        self._starts = cache(analysis.starts)

    def goals(self, asked: Asked) -> tuple[int, ...]:
        """States of the product in which a path may end."""
        place = asked.target, asked.states
        known = self._goals.get(place)
        if known is None:
            end = self._analysis.ends[asked.target]
            found = (state_id(end, state) for state in State if asked.states >> state & 1)
            known = self._goals[place] = tuple(found)
        return known

    def unmet(self, resting: Resting) -> Iterator[tuple[int, Way]]:
        """Rows that do not meet the needs of the way that all share, each with another one."""
        paths, starts = self._analysis.paths, self._starts
        of: dict[int, list[int]] = {}
        for at in self._maybe_unmet(resting).tolist():
            of.setdefault(int(resting.walker[at]), []).append(at)
        for may, lanes in self._analysis.held(sorted(of)) if of else ():
            unmet = [
                at
                for walker in lanes
                for at in of.get(walker, ())
                if not resting.met(at, may, lanes[walker])
            ]
            for asked, at in sorted((resting.asked(at), at) for at in unmet):
                ends = self.goals(asked), starts(asked.walker)
                way = paths.own(may, lanes[asked.walker], *ends)
                if way is None:
                    raise AssertionError(f"no path for {asked}")
                yield int(resting.row[at]), way

    def _maybe_unmet(self, resting: Resting) -> Ints:
        """Places of those who do not meet them, as far as that is known at once."""
        ptr, flat = resting.needs
        states = distinct(flat)
        walkers, who = np.unique(resting.walker, return_inverse=True)
        holders = self._analysis.holding(walkers.tolist(), states) if len(states) else None
        if holders is None:
            return np.arange(len(resting.row))
        owner = np.repeat(np.arange(len(resting.row)), np.diff(ptr))
        met = holders.at(who[owner], np.searchsorted(states, flat))
        return distinct(owner[~met])

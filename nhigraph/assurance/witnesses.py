"""Who does not meet the needs of the way that all share, and which way such a one goes.

What a block of walkers holds is large. So whoever walks a way that rests on needs is asked
about once more, with others of whom that is so, instead of all blocks being kept for their sake.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol, TypeVar

import numpy as np

from nhigraph.graph.store import Ints
from nhigraph.schema.types import State
from nhigraph.trace.holders import Holders
from nhigraph.trace.lanes import Reach
from nhigraph.trace.paths import Paths, Way
from nhigraph.trace.product import state_id

K = TypeVar("K")


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


#: What was asked for, and a way to it that rests on needs.
Rests = tuple[Asked, Way]


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

    def unmet(self, resting: Mapping[K, Rests]) -> Iterator[tuple[K, Way]]:
        """Another way for those who do not meet the needs of the one that all share.

        Args:
            resting: What was asked for, and the shared way, which rests on needs.
        """
        paths, starts = self._analysis.paths, self._starts
        of: dict[int, list[K]] = {}
        for one, (asked, _) in self._maybe_unmet(resting).items():
            of.setdefault(asked.walker, []).append(one)
        for may, lanes in self._analysis.held(sorted(of)) if of else ():
            unmet = [
                one
                for walker in lanes
                for one in of.get(walker, ())
                if not paths.meets(may, lanes[walker], resting[one][1])
            ]
            for one in sorted(unmet, key=lambda one: resting[one][0]):
                asked = resting[one][0]
                ends = self.goals(asked), starts(asked.walker)
                way = paths.own(may, lanes[asked.walker], *ends)
                if way is None:
                    raise AssertionError(f"no path for {asked}")
                yield one, way

    def _maybe_unmet(self, resting: Mapping[K, Rests]) -> Mapping[K, Rests]:
        """Those who do not meet the needs of their way, as far as that is known at once."""
        trees = self._analysis.paths.trees
        needs = {one: tuple(trees.needed(way.bundle, way.at)) for one, (_, way) in resting.items()}
        flat = np.array([need for some in needs.values() for need in some], dtype=np.int64)
        states = np.unique(flat)
        walkers = sorted({asked.walker for asked, _ in resting.values()})
        holders = self._analysis.holding(walkers, states) if len(states) else None
        if holders is None:
            return resting
        place = {walker: at for at, walker in enumerate(walkers)}
        sizes = np.array([len(some) for some in needs.values()], dtype=np.int64)
        who = np.array([place[asked.walker] for asked, _ in resting.values()], dtype=np.int64)
        met = holders.at(np.repeat(who, sizes), np.searchsorted(states, flat))
        owner = np.repeat(np.arange(len(sizes)), sizes)
        unmet = {*owner[~met].tolist()}
        return {one: told for at, (one, told) in enumerate(resting.items()) if at in unmet}

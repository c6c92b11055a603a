"""The best paths of many rows, in bounded memory.

Two things behind a path are large: the tree of all best ways to its target, and what a block of
walkers holds. So rows of one target are asked for together, and of a way no more is kept than the
caller takes; and whoever walks a way that rests on needs walks once more, together with others of
whom that is so, instead of all blocks being kept for their sake.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Protocol, TypeVar

import numpy as np

from nhigraph.graph.store import Ints
from nhigraph.schema.types import State
from nhigraph.trace.holders import Holders
from nhigraph.trace.lanes import Reach
from nhigraph.trace.paths import Paths, Way
from nhigraph.trace.product import state_id

K = TypeVar("K")
T = TypeVar("T")


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


def _together(asked: Mapping[K, Asked]) -> Iterator[tuple[Asked, list[K]]]:
    """Those that share a tree, tree by tree, each with one of the paths asked for."""
    keys, many = [*asked], [*asked.values()]
    columns = ([getattr(one, name) for one in many] for name in ("walker", "states", "target"))
    order = np.lexsort([np.array(column, dtype=np.int64) for column in columns]).tolist()
    for _, some in groupby(order, lambda at: (many[at].target, many[at].states)):
        group = [*some]
        yield many[group[0]], [keys[at] for at in group]


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
    """Finds the paths of some walkers."""

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

    def find(self, asked: Mapping[K, Asked], take: Callable[[K, Way], T]) -> dict[K, T]:
        """The best path of each.

        Args:
            asked: What is asked for; all of it is reached in *may*.
            take: What is kept of a way; told whose it is. It may be asked twice.
        """
        paths, starts = self._analysis.paths, self._starts
        found: dict[K, T] = {}
        resting: dict[K, Rests] = {}
        for wanted, some in _together(asked):
            goals = self.goals(wanted)
            shared = paths.shared(goals, [starts(asked[one].walker) for one in some])
            for one, way in zip(some, shared, strict=True):
                if way is None:  # reached in *may*, so there is a way; the engines would disagree
                    raise AssertionError(f"no path for {asked[one]}")
                found[one] = take(one, way)
                if way.rests:
                    resting[one] = asked[one], way
        found.update((one, take(one, way)) for one, way in self.unmet(resting))
        return found

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

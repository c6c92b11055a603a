"""The path of every row at once: named, counted, and at hand for those that are printed.

Rows that ask for paths to the same states of one target share a tree, and paths in it share all
but their beginnings. What a path is called is worked out once for whoever takes it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from nhigraph.assurance.witnesses import Asked, Rests, Walkers, Witnesses
from nhigraph.graph.store import Ints
from nhigraph.trace.paths import Way, clauses_from
from nhigraph.trace.trees import GATED, Bundle

#: Steps of shared ways that are kept; those of others are looked for once more.
_REMEMBERED = 8_000_000


@dataclass(frozen=True, slots=True)
class Walks:
    """Paths that are asked for, one each a row.

    Attributes:
        target: Index of the target; -1 where a row asks for none.
        goal: Bits of the states there in which it may end; the walker holds all of them.
        walker: Node id of who walks.
    """

    target: Ints
    goal: Ints
    walker: Ints

    @classmethod
    def none(cls) -> "Walks":
        """No rows."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(nothing, nothing, nothing)

    def asked(self, row: int) -> Asked:
        """The path that a row asks for."""
        return Asked(int(self.target[row]), int(self.goal[row]), int(self.walker[row]))

    def together(self, rows: Ints) -> Iterator[Ints]:
        """Some rows, those of one target and goal together."""
        order = rows[np.lexsort([self.walker[rows], self.goal[rows], self.target[rows]])]
        changes = np.diff(self.target[order]) | np.diff(self.goal[order])
        if len(order):
            yield from np.split(order, np.flatnonzero(changes) + 1)


@dataclass(slots=True)
class _Names:
    """Names that were given, each with where its steps begin.

    Attributes:
        place: By name, its place among all.
        bundles: By place, the ways that it is of; None where they are not kept.
        first: By place, the first step of it there.
        row: By place, a row that goes by it.
    """

    place: dict[str, int] = field(default_factory=lambda: {"": 0})
    bundles: list[Bundle | None] = field(default_factory=lambda: [None])
    first: list[int] = field(default_factory=lambda: [-1])
    row: list[int] = field(default_factory=lambda: [-1])

    def add(self, name: str, bundle: Bundle | None, first: int, row: int) -> int:
        """Place of a name."""
        known = self.place.get(name)
        if known is None:
            known = self.place[name] = len(self.bundles)
            self.bundles.append(bundle)
            self.first.append(first)
            self.row.append(row)
        elif self.row[known] < 0:  # a way of no edge has no name, either
            self.bundles[known], self.first[known], self.row[known] = bundle, first, row
        return known


class NamedWays:
    """Steps and names of the paths of rows.

    Attributes:
        steps: Per row, how many its path has; -1 where none was asked for.
        name: Per row, the place of its path's name; 0 where none was asked for.
        names: Names by place; the first is empty.
    """

    def __init__(self, walkers: Walkers, witnesses: Witnesses, walks: Walks, rows: Ints) -> None:
        """Name the paths of some rows.

        Args:
            walkers: Those who walk.
            witnesses: What finds a path for one of them.
            walks: What all rows ask for.
            rows: Rows whose paths are named; all of them ask for one.
        """
        self._walkers, self._witnesses, self._walks = walkers, witnesses, walks
        self._starts: dict[int, tuple[int, ...]] = {}
        self._left = _REMEMBERED
        self._of = _Names()
        self.steps = np.full(len(walks.target), -1, dtype=np.int64)
        self.name = np.zeros(len(walks.target), dtype=np.int64)
        resting = dict(one for some in walks.together(rows) for one in self._name(some))
        # Whoever does not meet the needs of the way that all share has another one.
        for one, way in witnesses.unmet(resting):
            self.name[one] = self._of.add(way.name, way.bundle, way.at, one)
            self.steps[one] = way.steps
        self.names: Sequence[str] = [*self._of.place]

    def _starts_of(self, rows: Ints) -> list[tuple[int, ...]]:
        known, starts = self._starts, self._walkers.starts
        walkers = self._walks.walker[rows].tolist()
        for walker in walkers:
            if walker not in known:
                known[walker] = tuple(starts(walker))
        return [known[walker] for walker in walkers]

    def _name(self, rows: Ints) -> Iterator[tuple[int, Rests]]:
        """Name the paths of rows that share a tree; those of them that rest on needs."""
        begins = self._starts_of(rows)
        goals = self._witnesses.goals(self._walks.asked(int(rows[0])))
        counts = np.array([len(some) for some in begins], dtype=np.int64)
        flat = np.array([state for some in begins for state in some], dtype=np.int64)
        states, of = np.unique(flat, return_inverse=True)
        named = self._walkers.paths.named(goals, states)
        bundle = named.bundle
        # Of those that a walker starts from, the cheapest; then the smallest state.
        costs = np.where(bundle.costs < 0, np.iinfo(np.int64).max, bundle.costs)[of]
        owner = np.repeat(np.arange(len(rows)), counts)
        order = np.lexsort([flat, costs, owner])
        best = order[np.flatnonzero(np.diff(owner[order], prepend=-1))]
        chosen = of[best]
        if not counts.all() or (bundle.costs[chosen] < 0).any():
            # Reached in *may*, so there is a way; the engines would disagree.
            raise AssertionError(f"no path for one of {rows[:5].tolist()}")
        at, firsts, inverse = np.unique(chosen, return_index=True, return_inverse=True)
        kept = bundle if len(bundle.clauses) <= self._left else None
        self._left -= len(bundle.clauses) if kept else 0
        add, first = self._of.add, bundle.first.tolist()
        places = [
            add(named.names[state], kept, first[state], row)
            for state, row in zip(at.tolist(), rows[firsts].tolist(), strict=True)
        ]
        self.name[rows] = np.array(places, dtype=np.int64)[inverse]
        self.steps[rows] = (bundle.costs % GATED)[chosen]
        for one in np.flatnonzero(bundle.rests[bundle.first[chosen]] >= 0).tolist():
            row, state = int(rows[one]), int(chosen[one])
            way = Way(bundle, first[state], int(self.steps[row]), named.names[state])
            yield row, (self._walks.asked(row), way)

    def clauses(self, name: int) -> list[int]:
        """The clauses of a path, by the place of its name; moves inside a node among them."""
        bundle = self._of.bundles[name]
        if bundle is not None:
            return clauses_from(bundle, self._of.first[name])
        # Way that all share; whoever goes another one has kept that.
        asked = self._walks.asked(self._of.row[name])
        goals, starts = self._witnesses.goals(asked), self._walkers.starts(asked.walker)
        way = self._walkers.paths.shared(goals, [starts])[0]
        assert way is not None  # noqa: S101 - it was found and named
        return self._walkers.paths.clauses(way)

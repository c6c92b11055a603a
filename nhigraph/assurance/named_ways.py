"""The path of every row at once: named, counted, and at hand for those that are printed.

Rows that ask for paths to the same states of one target share a tree, and paths in it share all
but their beginnings. What a path is called is worked out once for whoever takes it, and for the
ways of many trees at once.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from nhigraph.assurance.witnesses import Asked, Resting, Walkers, Witnesses
from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.naming import Digests, digest_of, texts
from nhigraph.trace.paths import Way, clauses_from
from nhigraph.trace.product import Bools
from nhigraph.trace.trees import GATED, Bundle, joined

#: Steps of shared ways that are kept; those of others are looked for once more.
_REMEMBERED = 8_000_000
#: Steps that are named at once.
_AT_ONCE = 1_000_000


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
        size, self._left = len(walks.target), _REMEMBERED
        self.steps = np.full(size, -1, dtype=np.int64)
        self._digest: Digests = np.zeros(size, dtype=np.uint64)
        self._named: Bools = np.zeros(size, dtype=bool)
        #: Ways that are kept; per row, which of these has its own, or -1, and its step there.
        self._bundles: list[Bundle] = []
        self._bundle, self._first = np.full(size, -1), np.full(size, -1)
        resting: list[Resting] = []
        told = [self._tell(group, bundle, resting) for group, bundle in self._joined(rows)]
        # Whoever does not meet the needs of the way that all share has another one.
        self._own: dict[int, Way] = dict(witnesses.unmet(Resting.of(resting)))
        for row, way in self._own.items():
            self._digest[row], self._named[row] = digest_of(way.name), way.name != ""
            self.steps[row] = way.steps
        own = np.array([*self._own], dtype=np.int64)
        shared = np.concatenate([*told, own[:0]])
        order = np.concatenate([shared[~np.isin(shared, own)], own])
        named = order[self._named[order]]
        digests, firsts, place = np.unique(
            self._digest[named], return_index=True, return_inverse=True
        )
        self.name = np.zeros(size, dtype=np.int64)
        self.name[named] = place + 1
        self.names: Sequence[str] = ["", *texts(digests)]
        # A row that goes by each name; a way of no edge has no name.
        unnamed = order[~self._named[order]][:1].tolist()
        self._row: list[int] = [*(unnamed or [-1]), *named[firsts].tolist()]

    def _joined(self, rows: Ints) -> Iterator[tuple[list[Ints], Bundle]]:
        """Groups of rows that share a tree, with their ways, those of many trees at once."""
        goals, trees = self._witnesses.goals, self._walkers.paths.trees
        starts = _Starts(self._walkers, self._walks.walker[rows])
        groups: list[Ints] = []
        bundles: list[Bundle] = []
        steps, together = 0, [*self._walks.together(rows)]
        trees.expect(len(together))
        for group in together:
            tree = trees.tree(goals(self._walks.asked(int(group[0]))))
            groups.append(group)
            bundles.append(trees.bundle(tree, *starts.of(self._walks.walker[group])))
            steps += len(bundles[-1].clauses)
            if steps >= _AT_ONCE:
                yield groups, joined(bundles)
                groups, bundles, steps = [], [], 0
        if groups:
            yield groups, joined(bundles)

    def _tell(self, groups: list[Ints], bundle: Bundle, resting: list[Resting]) -> Ints:
        """Tell of rows what their ways say; the rows, in the order in which they name a way."""
        rows, first = np.concatenate(groups), bundle.first
        if (first < 0).any():
            # Reached in *may*, so there is a way; the engines would disagree.
            raise AssertionError(f"no path for one of {rows[first < 0][:5].tolist()}")
        paths, walks = self._walkers.paths, self._walks
        digests, named = paths.naming.digests(bundle.clauses, bundle.onto)
        self._digest[rows], self._named[rows] = digests[first], named[first]
        self.steps[rows] = bundle.costs % GATED
        if len(bundle.clauses) <= self._left:
            self._left -= len(bundle.clauses)
            self._bundle[rows], self._first[rows] = len(self._bundles), first
            self._bundles.append(bundle)
        rests = np.flatnonzero(bundle.rests[first] >= 0)
        needs, some = paths.trees.needed(bundle, first[rests]), rows[rests]
        resting.append(
            Resting(some, walks.target[some], walks.goal[some], walks.walker[some], needs)
        )
        group = np.repeat(np.arange(len(groups)), [len(one) for one in groups])
        return rows[np.lexsort([bundle.start, group])]

    def clauses(self, name: int) -> list[int]:
        """The clauses of a path, by the place of its name; moves inside a node among them."""
        row = self._row[name]
        own, bundle = self._own.get(row), int(self._bundle[row])
        if own is not None:
            return self._walkers.paths.clauses(own)
        if bundle >= 0:
            return clauses_from(self._bundles[bundle], int(self._first[row]))
        asked = self._walks.asked(row)
        goals, starts = self._witnesses.goals(asked), self._walkers.starts(asked.walker)
        way = self._walkers.paths.shared(goals, [starts])[0]
        assert way is not None  # noqa: S101 - it was found and named
        return self._walkers.paths.clauses(way)


class _Starts:
    """What walkers start from, asked once of each."""

    def __init__(self, walkers: Walkers, asked: Ints) -> None:
        self._walkers = distinct(asked)
        begins = [walkers.starts(one) for one in self._walkers.tolist()]
        self._sizes = np.array([len(some) for some in begins], dtype=np.int64)
        self._first = np.cumsum(self._sizes) - self._sizes
        self._states = np.array([state for some in begins for state in some], dtype=np.int64)

    def of(self, walkers: Ints) -> tuple[Ints, Ints]:
        """States that some of them start from, one after another, and the offsets into these."""
        at = np.searchsorted(self._walkers, walkers)
        sizes = self._sizes[at]
        ptr = np.concatenate([[0], np.cumsum(sizes)])
        shift = np.repeat(self._first[at] - ptr[:-1], sizes)
        return self._states[np.arange(ptr[-1]) + shift], ptr

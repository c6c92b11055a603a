"""Alternatives of a path: the best that is left once something that stops each shown one is gone.

A *change* takes away all removable edges that the same places state. It *stops* a path if a step
of it goes, or if a need of a step is then not met. The path shown is alternative 0. Alternative i
is the best path, in the order of the path shown, that still stands when for each earlier one some
change that stops it has been made; which ones these are is chosen so that the best is left.

So no alternative is made of all that an earlier one rests on, it stands for at least one of its
changes; and whatever change stops path 0, if any path is left then, one of the alternatives is
(of enough of them). What satisfies a need is a condition of a step, not a step: two paths that
differ in nothing else are one.

They are found by branching over what is made (Lawler 1972, "A procedure for computing the k best
solutions"): the best path without some changes is no worse than any path without these and more.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from heapq import heappop, heappush

from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.lanes import Reach
from nhigraph.trace.paths import Paths, Step
from nhigraph.trace.ways import Walk, Ways

#: Looks at a clause that one question may cost.
MOST_WORK = 20_000_000


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What is left beside the path shown.

    Attributes:
        paths: Steps of alternative 1, 2, …
        whole: There are no others, or as many as were asked for; False where the work given did
            not do.
        stops: How many changes stop the path shown, each alone.
        work: Looks at a clause that it cost.
    """

    paths: tuple[tuple[Step, ...], ...]
    whole: bool
    stops: int
    work: int


class Beside:
    """Finds alternatives of the paths of one graph."""

    def __init__(self, paths: Paths, changes: Callable[[Ints], Ints]) -> None:
        """Take the paths.

        Args:
            paths: Of which alternatives are wanted.
            changes: Number of the change that takes each of some edges away, or -1.
        """
        self._paths, self._changes = paths, changes

    def alternatives(
        self,
        reach: Reach,
        lane: int,
        best: Sequence[int],
        ends: tuple[Iterable[int], Iterable[int]],
        most: int,
        work: int = MOST_WORK,
    ) -> Alternatives:
        """Alternatives of the best path of a lane.

        Args:
            reach: What every lane holds in *may*.
            lane: Whose path.
            best: Clauses of the best path of it.
            ends: States to end in, and states that the lane starts from.
            most: How many are wanted.
            work: Looks at a clause after which no more are sought.
        """
        ways = Ways(self._paths, self._changes, reach, lane, ends)
        search = _Search(ways, ways.walk(best), work)
        whole = search.run(most)
        found = (self._paths.steps(ways.clauses(walk)) for walk in search.listed[1:])
        return Alternatives(
            tuple(tuple(steps) for steps in found), whole, len(search.stops[0]), ways.work
        )


@dataclass(order=True, frozen=True, slots=True)
class _Left:
    """What is left after some changes.

    Attributes:
        rank: Of the best path then, or of one that is no worse.
        sought: It is still to be found.
        made: The changes, sorted.
        walk: The path of that rank.
    """

    rank: Sequence[int]
    sought: bool
    made: tuple[int, ...]
    walk: Walk = field(compare=False)


class _Search:
    """Lists paths, the best first."""

    def __init__(self, ways: Ways, first: Walk, work: int) -> None:
        self._ways, self._work = ways, work
        self.listed = [first]
        self.stops = [ways.stops(first)]
        self._heap = [_Left(first.rank, sought=False, made=(), walk=first)]
        self._seen: set[tuple[int, ...]] = {()}

    def run(self, most: int) -> bool:
        """List so many more; whether there are no others, or as many were found."""
        while self._heap and len(self.listed) <= most:
            if self._ways.work > self._work:
                return False
            left = heappop(self._heap)
            if left.sought:
                walk = self._ways.best(left.made, left.walk)
                if walk is not None:
                    heappush(self._heap, _Left(walk.rank, sought=False, made=left.made, walk=walk))
                continue
            standing = [stop for stop in self.stops if stop.isdisjoint(left.made)]
            if standing:
                self._branch(left, standing[0])
            else:
                self.listed.append(left.walk)
                self.stops.append(self._ways.stops(left.walk))
                heappush(self._heap, left)
        return True

    def _branch(self, left: _Left, stops: frozenset[int]) -> None:
        """Make one change more: each of those that stop a listed path."""
        lost = self._ways.passed(left.walk, left.made)
        for one in sorted(stops - lost):
            made = tuple(sorted({*left.made, one}))
            if made not in self._seen:
                self._seen.add(made)
                heappush(self._heap, _Left(left.walk.rank, sought=True, made=made, walk=left.walk))

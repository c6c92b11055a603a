"""The smallest cut of every target, within what a run of ``assess`` may take for them.

A cut is one of all the ways there may be (*may*), conditions and controls left aside: what is
proven gone cannot come back by a condition that turns out to hold, or a control that fails. It
keeps the identities of the population inside the boundary from what harms the target; those of a
carve-out are their owner's to cut.
"""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.compare import Pair, told
from nhigraph.assurance.cut_rows import (
    DEAD,
    LARGE,
    Changed,
    Cuts,
    CutStep,
    PointRow,
    TargetCut,
)
from nhigraph.assurance.cuts.asked import Asked, Asking, goals_of
from nhigraph.assurance.cuts.points import Finder
from nhigraph.assurance.cuts.smallest import others, rows_of, with_statements
from nhigraph.assurance.cuts.undo import Undoing
from nhigraph.trace.cuts import smallest
from nhigraph.trace.product import Product
from nhigraph.trace.web import TooMuchWork

#: Clauses on the ways of one target above which its cut is not looked for.
CLAUSES = 50_000
#: Clauses of the estate times its targets above which none is: to find the ways of each takes its
#: time, too.
FOUND = 20_000_000
#: Times that a clause is looked at, for one target and for all: about a million a second.
WORK, WORK_TOGETHER = 1_500_000, 4_000_000
#: Clauses on the ways of one target times identities, and those of all, above which its choke
#: points are not looked for: about 300,000 a second.
PASSED, PASSED_TOGETHER = 1_000_000, 3_000_000
#: Clauses of the estate times identities, for all judgements of what else a cut changes, above
#: which that is not worked out: about eight million a second.
CHANGED_TOGETHER = 20_000_000


def cuts(analysis: Analysis) -> Cuts:
    """The smallest cut of every target; those with the fewest ways first, until it is enough."""
    search = _Search(analysis)
    for _, target, node, ways in search.by_size():
        search.look(target, node, ways)
    said = sorted(search.told, key=lambda one: one.target)
    return Cuts(
        tuple(row for one in said for row in search.rows.get(one.target, ())),
        tuple(said),
        tuple(row for one in said for row in search.points.get(one.target, ())),
        {one.target: search.changed[one.target] for one in said if one.target in search.changed},
    )


class _Search:
    """What was found, and how much may still be done."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis, self._estate = analysis, analysis.estate
        self._walkers = [walker for walker in analysis.walkers if self._estate.in_boundary(walker)]
        self._left, self._passed, self._judged = WORK_TOGETHER, PASSED_TOGETHER, CHANGED_TOGETHER
        self._finder, self._undoing = Finder(self._estate), Undoing(self._estate.graph)
        self.told: list[TargetCut] = []
        self.rows: dict[str, tuple[CutStep, ...]] = {}
        self.points: dict[str, tuple[PointRow, ...]] = {}
        self.changed: dict[str, tuple[Changed, ...]] = {}

    @cached_property
    def _told(self) -> Mapping[Pair, str]:
        return told(self._estate)

    def by_size(self) -> list[tuple[int, str, int, Product]]:
        """Clauses on the ways to each target, its key, its node, and these; the fewest first."""
        product, targets = self._analysis.product, self._estate.targets
        large = product.clauses * len(targets) > FOUND
        found = []
        for target, node in zip(targets, self._analysis.ends, strict=True):
            if target.dead or node < 0:
                self.told.append(TargetCut(target.key, left_out=DEAD))
            elif large:
                self.told.append(TargetCut(target.key, left_out=LARGE))
            else:
                goals = sorted(goals_of(self._estate, Asked([node])))
                ways = product.leading_to(np.array(goals, dtype=np.int64))
                found.append((ways.clauses, target.key, node, ways))
        return sorted(found, key=lambda one: one[:2])

    def look(self, target: str, node: int, ways: Product) -> None:
        """Find the cut of one target, if that is not too much."""
        allowed = min(WORK, self._left) if ways.clauses <= CLAUSES else 0
        asking = Asking(self._estate, Asked([node], walkers=self._walkers), ways)
        cost = asking.changes.cost(set(asking.change.values()))
        passed = self._pass(target, node, ways)
        try:
            found = smallest(
                asking.reading,
                asking.starts,
                asking.goals,
                asking.change,
                cost,
                work=allowed,
            )
        except TooMuchWork:
            self._left -= allowed
            self.told.append(TargetCut(target, left_out=LARGE, points=passed))
            return
        self._left -= found.looked
        gone = {edge: one for edge, one in asking.change.items() if one in found.holding}
        rows = rows_of(asking, found, gone, cost)
        self.rows[target] = with_statements(self._undoing, rows, gone)
        many = (len(found.stopped), len(found.beyond))
        counts = (len(found.changes), found.cost, found.bound, *many)
        others = self._others(target, asking, gone)
        self.told.append(TargetCut(target, *counts, points=passed, others=others))

    def _others(self, target: str, asking: Asking, gone: Mapping[int, int]) -> int | None:
        """How many answers at other targets change with a cut, if that is not too much."""
        work = self._analysis.product.clauses * len(self._analysis.walkers)
        if work > self._judged:
            return None
        self._judged -= work
        self.changed[target] = others(asking, gone, self._told)
        return len(self.changed[target])

    def _pass(self, target: str, node: int, ways: Product) -> bool:
        """Find the choke points of one target, if that is not too much."""
        work = ways.clauses * len(self._walkers)
        if work > min(PASSED, self._passed):
            return False
        self._passed -= work
        found = self._finder.points(Asked([node], walkers=self._walkers), ways)
        self.points[target] = tuple(point.row for point in found.listed)
        return True

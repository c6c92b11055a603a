"""The smallest cut of every target, within what a run of ``assess`` may take for them.

A cut is one of all the ways there may be (*may*), conditions and controls left aside: what is
proven gone cannot come back by a condition that turns out to hold, or a control that fails. It
keeps the identities of the population inside the boundary from what harms the target; those of a
carve-out are their owner's to cut.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.compare import Pair, told, told_by
from nhigraph.assurance.cut_rows import (
    LARGE,
    Changed,
    Cuts,
    CutStep,
    PointRow,
    TargetCut,
)
from nhigraph.assurance.cuts.asked import Asked, Asking, goals_of
from nhigraph.assurance.cuts.points import Finder
from nhigraph.assurance.cuts.smallest import Steps, others
from nhigraph.assurance.lacking import lack
from nhigraph.assurance.rows import VerdictRow
from nhigraph.assurance.walk import start_states
from nhigraph.graph.distinct import distinct_below
from nhigraph.records import dataclass
from nhigraph.trace.crowd import Starts
from nhigraph.trace.cuts import Cut, smallest_in
from nhigraph.trace.laid import Laid, Led
from nhigraph.trace.parts import Chosen, Going, Parts, written_out
from nhigraph.trace.web import TooMuchWork, Web

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
#: Clauses on the ways of all targets that are kept, to be cut in the order of their number.
LED = 2_000_000
#: Clauses of the estate times identities, for all judgements of what else a cut changes, above
#: which that is not worked out: about eight million a second.
CHANGED_TOGETHER = 20_000_000


def cuts(analysis: Analysis, verdicts: Sequence[VerdictRow] | None = None) -> Cuts:
    """The smallest cut of every target; those with the fewest ways first, until it is enough.

    Args:
        analysis: The estate, traced.
        verdicts: All rows of it, where they are known.
    """
    search = _Search(analysis, verdicts)
    for target in search.by_size():
        search.look(target)
    said = sorted(search.told, key=lambda one: one.target)
    return Cuts(
        tuple(row for one in said for row in search.rows.get(one.target, ())),
        tuple(said),
        tuple(row for one in said for row in search.points.get(one.target, ())),
        {one.target: search.changed[one.target] for one in said if one.target in search.changed},
    )


@dataclass(frozen=True, slots=True)
class _Target:
    """A target to cut, and the ways to it.

    Attributes:
        clauses: How many clauses are on these.
        key: Its key.
        node: Node id.
        led: The clauses; None where they are found again rather than kept.
    """

    clauses: int
    key: str
    node: int
    led: Led | None


class _Search:
    """What was found, and how much may still be done."""

    def __init__(self, analysis: Analysis, verdicts: Sequence[VerdictRow] | None) -> None:
        self._verdicts = verdicts
        self._analysis, self._estate = analysis, analysis.estate
        self._walkers = [walker for walker in analysis.walkers if self._estate.in_boundary(walker)]
        self._left, self._passed, self._judged = WORK_TOGETHER, PASSED_TOGETHER, CHANGED_TOGETHER
        self._finder, self._steps = Finder(self._estate), Steps(self._estate.graph)
        #: What webs have in common, to the cut: targets that are fed alike are cut alike.
        self._known: dict[tuple[object, ...], Cut] = {}
        self.told: list[TargetCut] = []
        self.rows: dict[str, tuple[CutStep, ...]] = {}
        self.points: dict[str, tuple[PointRow, ...]] = {}
        self.changed: dict[str, tuple[Changed, ...]] = {}

    @cached_property
    def _told(self) -> Mapping[Pair, str]:
        return told(self._estate) if self._verdicts is None else told_by(self._verdicts)

    @cached_property
    def _parts(self) -> Parts:
        estate = self._estate
        edges = len(estate.graph.edges)
        return written_out(self._analysis.product, estate.changes, edges, keeping=True)

    @cached_property
    def _laid(self) -> Laid:
        product, targets = self._parts.reading, self._estate.targets
        return Laid(product, product.clauses * len(targets))

    @cached_property
    def _starts(self) -> Starts:
        return Starts([start_states(self._estate, walker) for walker in self._walkers])

    def by_size(self) -> list[_Target]:
        """The targets that are to be cut, those with the fewest clauses on their ways first."""
        product, targets = self._analysis.product, self._estate.targets
        large = product.clauses * len(targets) > FOUND
        found, room = [], LED
        for target, node in zip(targets, self._analysis.ends, strict=True):
            if target.dead or node < 0:
                self.told.append(TargetCut(target.key, left_out=f"it was {lack(target)}"))
            elif large:
                self.told.append(TargetCut(target.key, left_out=LARGE))
            else:
                led = self._lead(node)
                room -= led.clauses
                found.append(_Target(led.clauses, target.key, node, led if room > 0 else None))
        return sorted(found, key=lambda one: (one.clauses, one.key))

    def _lead(self, node: int) -> Led:
        return self._laid.leading(self._laid.rows(goals_of(self._estate, Asked([node]))))

    def look(self, target: _Target) -> None:
        """Find the cut of one target, if that is not too much."""
        key, node = target.key, target.node
        led = target.led or self._lead(node)
        passed = self._pass(key, node, led)
        chosen = self._changes(led)
        asking = Asking(self._estate, Asked([node], walkers=self._walkers))
        allowed = min(WORK, self._left) if target.clauses <= CLAUSES else 0
        web = self._web(asking, led, chosen)
        cost = chosen.cost(web.order)
        try:
            found = self._cut(web, asking, cost, allowed)
        except TooMuchWork:
            self._left -= allowed
            self.told.append(TargetCut(key, left_out=LARGE, points=passed))
            return
        gone = chosen.going(found.changes)
        self.rows[key] = self._steps.of(asking, found, gone, cost)
        many = (len(found.stopped), len(found.beyond))
        counts = (len(found.changes), found.cost, found.bound, *many)
        others = self._others(key, asking, gone)
        self.told.append(TargetCut(key, *counts, points=passed, others=others))

    def _changes(self, led: Led) -> Chosen:
        """Changes by which edges on the ways to a target go."""
        told = self._parts.reading.edge[np.concatenate([led.ways, led.beside])]
        edges = distinct_below(told[told >= 0], self._parts.numbers)
        return self._parts.chosen(self._estate.changes, edges, keeping=True)

    def _web(self, asking: Asking, led: Led, chosen: Chosen) -> Web:
        change = np.full(self._parts.numbers + 1, -1, dtype=np.int64)
        change[chosen.asked] = chosen.ones
        # The last one is for clauses without an edge.
        web = Web(self._laid, asking.goals, change[self._parts.reading.edge], led)
        web.close_in()
        return web

    def _cut(self, web: Web, asking: Asking, cost: Mapping[int, int], allowed: int) -> Cut:
        """The cut in a web; what is alike costs no work again."""
        same = web.same(self._starts, asking.goals)
        if same not in self._known:
            crowd = web.crowd(self._starts, asking.goals)
            found = self._known[same] = smallest_in(web, crowd, cost, work=allowed)
            self._left -= found.looked
        return self._known[same]

    def _others(self, target: str, asking: Asking, gone: Going) -> int | None:
        """How many answers at other targets change with a cut, if that is not too much."""
        work = self._analysis.product.clauses * len(self._analysis.walkers)
        if work > self._judged:
            return None
        self._judged -= work
        self.changed[target] = others(asking, gone, self._told)
        return len(self.changed[target])

    def _pass(self, target: str, node: int, led: Led) -> bool:
        """Find the choke points of one target, if that is not too much."""
        work = led.clauses * len(self._walkers)
        if work > min(PASSED, self._passed):
            return False
        self._passed -= work
        keep = np.zeros(self._parts.reading.clauses, dtype=bool)
        keep[led.whole] = True
        ways = self._parts.as_edges(self._parts.reading.only(keep))
        found = self._finder.points(Asked([node], walkers=self._walkers), ways)
        self.points[target] = tuple(point.row for point in found.listed)
        return True

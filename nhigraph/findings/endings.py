"""Which edges to take away so that a finding ends: smallest cuts for one walker at a time.

The cuts are those of ``nhigraph cut`` (``assurance.cuts``, ``trace.cuts``), asked on the ground
that the assessment walked on. As there, a place that gives several rights is one change, and goes
with all of them, what the scope says of its cost counts, and what it keeps is not named; one edge
stands for a change.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from nhigraph.assurance.analyse import Analysis
from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.schema.controls import RELEASING_ACTIONS
from nhigraph.schema.types import State
from nhigraph.trace.crowd import Starts
from nhigraph.trace.cuts import by_clause, smallest_in
from nhigraph.trace.laid import Laid
from nhigraph.trace.lanes import Reach
from nhigraph.trace.product import STATES, Closure, Product, state_id
from nhigraph.trace.web import TooMuchWork, Web

#: Times that a clause is looked at, for one cut and for all: about a million a second.
WORK, WORK_TOGETHER = 300_000, 3_000_000
#: Clauses that are walked or sorted to find the ways that cuts are asked about.
FOUND = 20_000_000
#: Clauses that are laid out as webs: about half a million a second.
LAID = 3_000_000
#: Readings kept between questions, and webs of them: findings go through targets in turn, identity
#: by identity. And the clauses of these webs together, some tens of bytes each.
_KEPT, _WEBS, _ROOM = 16, 256, 2_000_000


class Endings:
    """Answers what ends a finding.

    Attributes:
        analysis: The estate, traced.
    """

    def __init__(self, analysis: Analysis) -> None:
        """Take the ground; nothing is worked out yet."""
        self.analysis = analysis
        self._graph = analysis.estate.graph
        self._changes = analysis.estate.changes
        self._readings: dict[frozenset[int], tuple[Product, dict[int, int]]] = {}
        self._releasing: dict[int, Ints] = {}
        self._walked: tuple[int, Reach] | None = None
        self._webs: dict[frozenset[int], tuple[Web, dict[int, int], Mapping[int, int]]] = {}
        self._work, self._finding, self._laying = WORK_TOGETHER, FOUND, LAID
        self._room = _ROOM

    def apart(
        self, walker: int, nodes: Iterable[int], states: Collection[State]
    ) -> tuple[int, ...]:
        """One edge of each change of a smallest cut that keeps the walker from states at nodes.

        Args:
            walker: Node id.
            nodes: Node ids.
            states: States that it shall not hold there.

        Raises:
            TooMuchWork: More than a run of ``assess`` may take; ``nhigraph cut`` has its time.
        """
        starts = self.analysis.starts(walker)
        goals = frozenset(state_id(node, state) for node in nodes for state in states)
        goals -= frozenset(starts)
        if not goals:
            return ()
        if self._work <= 0:
            raise TooMuchWork
        web, first, cost = self._web(goals)
        allowed = min(WORK, self._work)
        try:
            crowd = web.crowd(Starts([starts]))
            found = smallest_in(web, crowd, cost, work=allowed, holding=False)
        except TooMuchWork:
            self._work -= allowed
            raise
        self._work -= found.looked
        return tuple(sorted(first[one] for one in found.changes if one in first))

    def on_way(self, walker: int, end: int, nodes: Collection[int]) -> tuple[int, ...]:
        """Those of some nodes at which the walker holds a state that a way to the end takes."""
        may = self._may(walker)
        reading, _ = self._reading(frozenset(state_id(end, state) for state in State))
        taken = set(reading.src.tolist()) | set(reading.need_idx.tolist())
        return tuple(
            node
            for node in sorted(nodes)
            if any(s in taken and may.holds(s, 0) for s in (state_id(node, t) for t in State))
        )

    def duties(self, walker: int, end: int) -> tuple[int, ...]:
        """Edges by which the walker releases what it prepared, or approves what it asks for.

        Without them it still prepares. None where not all of that can be taken away.

        Args:
            walker: Node id.
            end: Node id of the target.
        """
        may = self._may(walker)
        product = self.analysis.product
        fired = set(product.edge[_fired(product, self._last(end), may)].tolist())
        change = self._changes.of(fired)
        gone = tuple(sorted(_firsts(change).values()))
        reading, _ = self._reading(frozenset(state_id(end, state) for state in State))
        guarded = np.flatnonzero(reading.gate >= 0)
        gates = set(reading.gate[_fired(reading, guarded, may)].tolist())
        approvals = {state for gate in gates for state in product.gates[gate].approvals}
        people = {state // STATES for state in approvals if may.holds(state, 0)}
        apart = self.apart(walker, people, {State.CONTROL})
        if len(change) < len(fired) or (people and not apart) or walker in people:
            return ()
        return tuple(sorted({*gone, *apart}))

    def places(self, edges: Sequence[int]) -> tuple[str, ...]:
        """Edges in words: ``from -KIND-> to``, with the action where it has one."""
        cells, keys = self._cells, self._graph.key_list
        found = []
        for edge in edges:
            said = " ".join(part for part in (cells["kind"][edge], cells["action"][edge]) if part)
            source, target = (keys[cells[end][edge]] for end in ("src", "dst"))
            found.append(f"{source} -{said}-> {target}")
        return tuple(found)

    @cached_property
    def _cells(self) -> dict[str, list[Any]]:
        names = ("src", "dst", "kind", "action")
        return {name: self._graph.edges[name].tolist() for name in names}

    def _may(self, walker: int) -> Reach:
        """What a walker holds in *may*, as the first lane; findings go identity by identity."""
        if self._walked is None or self._walked[0] != walker:
            self._find()
            walk = self.analysis.ground.walk([walker], (Closure.MAY,))
            self._walked = walker, walk.reach[Closure.MAY]
        return self._walked[1]

    def _last(self, end: int) -> Ints:
        """Clauses that approve or release as the last step into a target."""
        known = self._releasing.get(end)
        if known is None:
            self._find()
            told = self.analysis.labels.last_by(RELEASING_ACTIONS, end)
            known = self._releasing[end] = np.array(told, dtype=np.int64)
        return known

    def _find(self) -> None:
        """Count one search through all clauses."""
        self._finding -= self.analysis.product.clauses
        if self._finding < 0:
            raise TooMuchWork

    def _web(self, goals: frozenset[int]) -> tuple[Web, dict[int, int], Mapping[int, int]]:
        """The web of the ways to some goals, the first edge of each change, and its cost."""
        known = self._webs.get(goals)
        if known is None:
            reading, change = self._reading(goals)
            self._laying -= reading.clauses
            if self._laying < 0:
                raise TooMuchWork
            web = Web(Laid(reading), goals, by_clause(reading, change))
            web.close_in()
            self._room -= reading.clauses
            if len(self._webs) >= _WEBS or self._room < 0:
                self._webs.clear()
                self._room = _ROOM - reading.clauses
            places = {one: self._changes.places(one) for one in set(change.values())}
            known = web, _firsts(change), self._changes.cost(places)
            self._webs[goals] = known
        return known

    def _reading(self, goals: frozenset[int]) -> tuple[Product, dict[int, int]]:
        """The clauses that lead to the goals, and the change that takes each edge away."""
        known = self._readings.get(goals)
        if known is None:
            self._find()
            whole = self.analysis.ground.readings[Closure.MAY]
            reading = whole.leading_to(np.array(sorted(goals), dtype=np.int64))
            edges = distinct(reading.edge[reading.edge >= 0]).tolist()
            if len(self._readings) >= _KEPT:
                self._readings.clear()
            known = self._readings[goals] = reading, self._changes.of(edges)
        return known


def _firsts(change: Mapping[int, int]) -> dict[int, int]:
    """Change to the first edge that it takes away."""
    first: dict[int, int] = {}
    for edge, one in sorted(change.items()):
        first.setdefault(one, edge)
    return first


def _fired(product: Product, clauses: Ints, may: Reach) -> Ints:
    """Those of some clauses of which the first lane holds all that they take."""
    starts = may.words(product.src[clauses].tolist())[:, 0] & np.uint64(1)
    starting = clauses[starts.astype(bool)]
    first, last = product.need_ptr[starting], product.need_ptr[starting + 1]
    needs = zip(first.tolist(), last.tolist(), strict=True)
    held = [all(may.holds(state, 0) for state in product.need_idx[a:b].tolist()) for a, b in needs]
    firing: Ints = starting[np.array(held, dtype=bool)]
    return firing


#: Finds the edges whose removal ends one finding; none where no edge does.
Ends = Callable[[Endings], Sequence[int]]

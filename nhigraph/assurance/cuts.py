"""Smallest cuts of an estate: what to take away so that nobody reaches a target.

What can be taken away is a right, a membership, a trust or a credential (``kinds.REMOVABLE``);
how data flow and what holds what stays. One change is one place of the documents: a line that
gives several rights, such as an owner's, goes with all of them. Identities that no change stops
are told apart, and whoever reaches a gap may still have a way that no document shows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nhigraph.assurance.analyse import Analysis, facts_of
from nhigraph.assurance.answer import Answer, rows
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.rows import CutRow, Target
from nhigraph.assurance.verdict import harming
from nhigraph.assurance.walk import Ground, start_states
from nhigraph.facts.evidence import Evidence
from nhigraph.graph.columns import states_cell
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.types import State
from nhigraph.trace.cuts import Cut, smallest
from nhigraph.trace.product import Closure, state_id

Pair = tuple[str, str]
#: Columns of evidence that say where something stands.
_PLACE = ("doc", "pointer", "row", "line")


@dataclass(frozen=True, slots=True)
class Asked:
    """What nobody shall reach.

    Attributes:
        nodes: Node ids.
        states: States that count there; none for all that harm a target, or all of a node.
        closure: Which ways count: all, the certain ones, or those past every control that holds.
        walkers: Node ids of those who shall not; by default the living population.
    """

    nodes: Sequence[int]
    states: frozenset[State] = frozenset()
    closure: Closure = Closure.MAY
    walkers: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A cut of an estate.

    Attributes:
        rows: The edges that go, at each place that states them; those first on whose change most
            identities rest.
        cost: How many changes that are.
        bound: No cut has fewer; equal to ``cost`` where that is proven.
        stopped: Identities that it stops, sorted.
        beyond: Identities that no removable edge stops, sorted.
        unknown: Identities that reach a gap, sorted: they may have ways that are not shown.
        changed: Other answers that change with it.
    """

    rows: tuple[CutRow, ...]
    cost: int
    bound: int
    stopped: tuple[str, ...]
    beyond: tuple[str, ...]
    unknown: tuple[str, ...]
    changed: tuple["Changed", ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """An answer at another target that the cut changes, too.

    Attributes:
        identity: Whose.
        target: At which target.
        before: Verdict and exposure before.
        after: Verdict and exposure then; ``neither`` where nothing is left.
    """

    identity: str
    target: str
    before: str
    after: str


def cut(estate: Estate, asked: Asked) -> Found:
    """A smallest cut."""
    graph = estate.graph
    walkers = estate.identities if asked.walkers is None else asked.walkers
    walkers = [walker for walker in walkers if estate.alive[walker]]
    goals = _goals(estate, asked)
    ground = Ground(estate, asked.nodes, len(walkers))
    reading = ground.readings[asked.closure]
    starts = [start_states(estate, walker) for walker in walkers]
    beside = [[s for s in start if s not in goals] for start in starts]
    changes = Changes(graph)
    change = changes.of(np.unique(reading.edge[reading.edge >= 0]).tolist())
    found = smallest(reading, beside, goals, change, dict.fromkeys(change.values(), 1))
    edges = sorted(edge for edge, one in change.items() if one in found.holding)
    names = [graph.key_list[walker] for walker in walkers]
    unsure = [
        names[lane]
        for walk in ground.walks(walkers, (Closure.MAY,))
        for lane, gaps in enumerate(walk.gaps)
        if gaps
    ]
    # A group that approves may become one of people only as a machine leaves it: such a cut is
    # not among those that were compared.
    told = asked.closure in {Closure.MAY, Closure.CAN} or not _groups_approve(estate)
    return Found(
        _rows(estate, asked, found, {edge: change[edge] for edge in edges}),
        found.cost,
        found.bound if told else min(found.bound, 1),
        tuple(sorted(names[lane] for lane in found.stopped)),
        tuple(sorted(names[lane] for lane in found.beyond)),
        tuple(sorted(unsure)),
        changed(estate, changes.whole(edges), {graph.key_list[node] for node in asked.nodes}),
    )


class Changes:
    """What can be taken away from a graph, in changes: all that stands at one place goes at once.

    An edge that several documents state goes with all of them.
    """

    def __init__(self, graph: Graph) -> None:
        """Find which edges can go, and where each of them stands."""
        self._graph = graph
        first, last = graph.spans["edge"]
        said = graph.evidence.iloc[first:last]
        places: dict[int, list[tuple[object, ...]]] = {}
        for edge, *place in said[["id", *_PLACE]].itertuples(index=False, name=None):
            places.setdefault(int(edge), []).append(tuple(place))
        self._places = {edge: tuple(sorted(many, key=repr)) for edge, many in places.items()}
        self._at: dict[tuple[tuple[object, ...], ...], list[int]] = {}
        for edge in self._removable():
            self._at.setdefault(self._places[edge], []).append(edge)

    def of(self, edges: Collection[int]) -> dict[int, int]:
        """Edge to the change that takes it away, by the first edge of that; only if one does."""
        wanted = set(edges)
        return {e: many[0] for many in self._at.values() for e in many if e in wanted}

    def whole(self, edges: Collection[int]) -> list[int]:
        """Some edges, and those that go with them."""
        return sorted({one for edge in edges for one in self._at[self._places[edge]]})

    def _removable(self) -> list[int]:
        graph, labels = self._graph, self._graph.edges["kind"].tolist()
        actors = np.flatnonzero(
            graph.of_kind([k.label for k in kinds.NODE_KINDS.values() if k.actor])
        )
        of_actor = np.isin(graph.edges["src"].to_numpy(dtype=np.int64), actors).tolist()
        effects = [kinds.EDGE_KINDS[label].effect for label in labels]
        return [
            edge
            for edge, effect in enumerate(effects)
            if effect in kinds.REMOVABLE
            or (of_actor[edge] and effect in kinds.REMOVABLE_OF_ACTORS)
        ]


def changed(
    estate: Estate, edges: Collection[int], but: Collection[str] = ()
) -> tuple[Changed, ...]:
    """Answers that are others without some edges.

    Args:
        estate: What is judged.
        edges: Rows of the edges.
        but: Keys of targets that are left out.
    """
    if not edges:
        return ()
    before = _told(rows(Analysis(estate)))
    after = _told(rows(Analysis(replace(estate, dropped=estate.dropped.union(edges)))))
    return tuple(
        Changed(*pair, before.get(pair, _NOTHING), after.get(pair, _NOTHING))
        for pair in sorted(before.keys() | after.keys())
        if before.get(pair) != after.get(pair) and pair[1] not in but
    )


_NOTHING = "neither"


def _told(found: Answer) -> Mapping[Pair, str]:
    return {
        (row.identity, row.target): f"{row.verdict} {row.exposure}"
        for row in found.verdicts
        if row.verdict != _NOTHING
    }


def _groups_approve(estate: Estate) -> bool:
    graph = estate.graph
    named = {key for gate in graph.gate_records.values() for key in gate.approvers}
    nodes = [node for key in named if (node := graph.node_id(key)) is not None]
    return any(kinds.GROUP.label in graph.kinds(node) for node in nodes)


def _goals(estate: Estate, asked: Asked) -> frozenset[int]:
    by_key: dict[str, Target] = {target.key: target for target in estate.targets}
    found = set()
    for node in asked.nodes:
        target = by_key.get(estate.graph.key_list[node])
        states = asked.states or (harming(facts_of(target)) if target else frozenset(State))
        found |= {state_id(node, state) for state in states}
    return frozenset(found)


def _rows(
    estate: Estate, asked: Asked, found: Cut, change: Mapping[int, int]
) -> tuple[CutRow, ...]:
    graph = estate.graph
    cells = {name: graph.edges[name].tolist() for name in ("kind", "action", "src", "dst")}
    goals = _goals(estate, asked)
    states = states_cell(s for s in State if any(goal % len(State) == s for goal in goals))
    targets = ";".join(sorted(graph.key_list[node] for node in asked.nodes))
    ordered = sorted(found.changes, key=lambda one: (-len(found.holding[one]), one))
    rank = {one: number for number, one in enumerate(ordered, 1)}

    def row(edge: int, place: Evidence) -> CutRow:
        source, target = (graph.key_list[cells[end][edge]] for end in ("src", "dst"))
        kind = cells["kind"][edge]
        return CutRow(
            targets,
            states,
            rank[change[edge]],
            kind,
            source,
            target,
            cells["action"][edge],
            kinds.EDGE_KINDS[kind].doc,
            len(found.holding[change[edge]]),
            place.artifact,
            place.pointer,
            place.line,
        )

    return tuple(
        row(edge, place)
        for edge in sorted(change, key=lambda edge: (rank[change[edge]], edge))
        for place in graph.evidence_of("edge", edge)
    )

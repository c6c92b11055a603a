"""The fewest changes after which nobody reaches a target, and what else they change.

Identities that no change stops are told apart, and whoever reaches a gap may still have a way that
no document shows.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from nhigraph.assurance.compare import Pair, differing, told
from nhigraph.assurance.cut_rows import Changed, CutStep
from nhigraph.assurance.cuts.asked import Asked, Asking
from nhigraph.assurance.cuts.undo import Undoing
from nhigraph.assurance.estate import Estate
from nhigraph.facts.evidence import Evidence
from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Cells, Graph, Ints
from nhigraph.records import dataclass
from nhigraph.schema import kinds
from nhigraph.schema.types import EdgeKind
from nhigraph.trace.cuts import Cut, smallest
from nhigraph.trace.parts import Going, written_out
from nhigraph.trace.product import Closure


@dataclass(frozen=True, slots=True)
class Found:
    """A cut of an estate.

    Attributes:
        rows: The edges that go, at each place that states them; those first on whose change most
            identities rest.
        changes: How many changes that are.
        cost: What they cost together: each 1, or what the scope says.
        bound: No cut costs less; equal to ``cost`` where that is proven.
        stopped: Identities that it stops, sorted.
        beyond: Identities that no removable edge stops, sorted.
        unknown: Identities that may have ways that are not known, sorted (``Asking.unsure``).
        changed: Other answers that change with it.
    """

    rows: tuple[CutStep, ...]
    changes: int
    cost: int
    bound: int
    stopped: tuple[str, ...]
    beyond: tuple[str, ...]
    unknown: tuple[str, ...]
    changed: tuple[Changed, ...]


def cut(estate: Estate, asked: Asked) -> Found:
    """A smallest cut."""
    asking = Asking(estate, asked)
    parts = written_out(asking.reading, asking.changes, len(estate.graph.edges), keeping=True)
    edges = distinct(parts.reading.edge[parts.reading.edge >= 0])
    chosen = parts.chosen(asking.changes, edges, keeping=True)
    change = chosen.change
    cost = chosen.cost({*change.values()})
    found = smallest(parts.reading, asking.starts, asking.goals, change, cost)
    gone = chosen.going(found.holding)
    after = _without(asking, gone)
    return Found(
        Steps(estate.graph).of(asking, found, gone, cost),
        len(found.changes),
        found.cost,
        found.bound,
        asking.names(found.stopped),
        asking.names(found.beyond),
        _unknown(asking, after),
        others(asking, gone),
    )


def _unknown(asking: Asking, after: Estate) -> tuple[str, ...]:
    """Identities that may have ways that are not known, before the cut or after it.

    A control that no longer fails need not hold, and one of which that is not known may have
    stood beside a way that was open.
    """
    found = asking.unsure()
    if asking.asked.closure is Closure.OPEN and after.dropped != asking.estate.dropped:
        return tuple(sorted({*found, *Asking(after, asking.asked).unsure()}))
    return found


def _without(asking: Asking, gone: Collection[int]) -> Estate:
    """The estate without the edges that a cut takes away, and what goes with them."""
    estate = asking.estate
    return replace(estate, dropped=estate.dropped.union(asking.changes.whole(gone)))


def others(
    asking: Asking, gone: Collection[int], before: Mapping[Pair, str] | None = None
) -> tuple[Changed, ...]:
    """Answers that are others after a cut, those that were asked for apart.

    Args:
        asking: What was asked.
        gone: Edges that the cut takes away.
        before: What is told of the estate, where that is known.
    """
    estate, after = asking.estate, _without(asking, gone)
    if after.dropped == estate.dropped:
        return ()
    own = {estate.graph.key_list[node] for node in asking.asked.nodes}
    chosen = asking.asked.walkers
    who = None if chosen is None else {estate.graph.key_list[walker] for walker in chosen}
    return tuple(
        one
        for one in differing(told(estate) if before is None else before, told(after))
        if one.target not in own or (who is not None and one.identity not in who)
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said of an edge in every cut: its kind, ends and action, and why it can go."""

    kind: str
    source: str
    target: str
    action: str
    reason: str


class Steps:
    """The rows of cuts of one graph."""

    def __init__(self, graph: Graph) -> None:
        """Nothing is looked up before it is asked for."""
        self._graph, self._undoing = graph, Undoing(graph)
        self._places: dict[int, list[Evidence]] = {}
        self._edges: dict[int, _Told] = {}

    def of(
        self, asking: Asking, found: Cut, gone: Going, cost: Mapping[int, int]
    ) -> tuple[CutStep, ...]:
        """The edges that go, at each place that states them, each with what undoes its place.

        Rows of one place have one statement. Statements run in the order of their numbers: a right
        that was passed on goes before it.

        Args:
            asking: What was asked.
            found: The cut.
            gone: Edges that go, by each of their places with the change that takes it away.
            cost: What each change costs.
        """
        targets, effect, beside = asking.targets, asking.effect, _beside(found)
        ordered = sorted(found.changes, key=lambda one: (-len(found.holding[one]), one))
        rank = {one: number for number, one in enumerate(ordered, 1)}
        said = self._statements(gone)
        number = {at: turn for turn, at in enumerate(said, 1)}

        def row(edge: int, place: Evidence) -> CutStep:
            told, at = self._told(edge), (place.artifact, place.pointer)
            change = gone[edge][at]
            return CutStep(
                targets,
                effect,
                rank[change],
                told.kind,
                told.source,
                told.target,
                told.action,
                "; ".join((told.reason, *beside)),
                len(found.holding[change]),
                place.artifact,
                place.pointer,
                place.line,
                cost[change],
                said.get(at, ""),
                number.get(at, 0),
            )

        rows = [row(edge, place) for edge in sorted(gone) for place in self._stated(edge)]
        return tuple(sorted(rows, key=lambda one: one.rank))

    def _statements(self, gone: Collection[int]) -> dict[tuple[str, str], str]:
        standing: dict[tuple[str, str], tuple[Evidence, list[int]]] = {}
        for edge in sorted(gone):
            for place in self._stated(edge):
                at = (place.artifact, place.pointer)
                standing.setdefault(at, (place, []))[1].append(edge)
        return self._undoing.of(standing)

    def _stated(self, edge: int) -> list[Evidence]:
        if edge not in self._places:
            self._places[edge] = self._graph.stated("edge", edge)
        return self._places[edge]

    def _told(self, edge: int) -> _Told:
        if edge not in self._edges:
            kinds_of, actions, *ends = self._cells
            source, target = (self._graph.key_list[int(end[edge])] for end in ends)
            kind = kinds.EDGE_KINDS[kinds_of[edge]]
            told = _Told(kind.label, source, target, actions[edge], _reason(kind))
            self._edges[edge] = told
        return self._edges[edge]

    @cached_property
    def _cells(self) -> tuple[Cells, Cells, Ints, Ints]:
        edges = self._graph.edges
        kinds_of, actions = (edges[name].to_numpy(dtype=object) for name in ("kind", "action"))
        ends = (edges[end].to_numpy(dtype=np.int64) for end in ("src", "dst"))
        return kinds_of, actions, next(ends), next(ends)


def _reason(kind: EdgeKind) -> str:
    """What such an edge is, and why it can be taken away."""
    why = kinds.REMOVABLE.get(kind.effect) or kinds.REMOVABLE_OF_ACTORS[kind.effect]
    return f"{kind.doc.removesuffix('.')}: {why}"


def _beside(found: Cut) -> list[str]:
    """What is to be known of a cut as a whole."""
    said = []
    if not found.proven:
        said.append(f"a smaller cut was not ruled out: none costs less than {found.bound}")
    if found.beyond:
        many = len(found.beyond)
        who = "1 more identity" if many == 1 else f"{many} more identities"
        said.append(f"no change stops {who} who can, too")
    return said

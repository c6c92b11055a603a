"""The fewest changes after which nobody reaches a target, and what else they change.

Identities that no change stops are told apart, and whoever reaches a gap may still have a way that
no document shows.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Answer, rows
from nhigraph.assurance.cuts.asked import Asked, Asking
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.rows import CutRow
from nhigraph.facts.evidence import Evidence
from nhigraph.schema import kinds
from nhigraph.trace.cuts import Cut, smallest
from nhigraph.trace.product import Closure

Pair = tuple[str, str]
_NOTHING = "neither"


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
    changed: tuple[Changed, ...]


def cut(estate: Estate, asked: Asked) -> Found:
    """A smallest cut."""
    asking = Asking(estate, asked)
    change = asking.change
    cost = dict.fromkeys(change.values(), 1)
    found = smallest(asking.reading, asking.starts, asking.goals, change, cost)
    gone = {edge: one for edge, one in change.items() if one in found.holding}
    # A group that approves may become one of people only as a machine leaves it: such a cut is
    # not among those that were compared.
    told = asked.closure in {Closure.MAY, Closure.CAN} or not _groups_approve(estate)
    return Found(
        _rows(asking, found, gone),
        found.cost,
        found.bound if told else min(found.bound, 1),
        asking.names(found.stopped),
        asking.names(found.beyond),
        asking.unsure(),
        changed(
            estate,
            asking.changes.whole(gone),
            {estate.graph.key_list[node] for node in asked.nodes},
        ),
    )


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


def _rows(asking: Asking, found: Cut, change: Mapping[int, int]) -> tuple[CutRow, ...]:
    graph = asking.estate.graph
    cells = {name: graph.edges[name].tolist() for name in ("kind", "action", "src", "dst")}
    targets, effect = asking.targets, asking.effect
    ordered = sorted(found.changes, key=lambda one: (-len(found.holding[one]), one))
    rank = {one: number for number, one in enumerate(ordered, 1)}

    def row(edge: int, place: Evidence) -> CutRow:
        source, target = (graph.key_list[cells[end][edge]] for end in ("src", "dst"))
        kind = cells["kind"][edge]
        return CutRow(
            targets,
            effect,
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

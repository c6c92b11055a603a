"""Which paths, nodes and edges the page holds; what is drawn of them at once, it chooses itself.

All a reader can ask the page for is among these; each limit leaves out the least bad, and counts.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from nhigraph.assurance.path_rows import steps_of
from nhigraph.assurance.rows import Assessment, PathStep, VerdictRow
from nhigraph.assurance.verdict import EXPOSURES, VERDICTS
from nhigraph.assurance.verdict_rows import VerdictRows
from nhigraph.output.graph_html.facts import GraphEdge
from nhigraph.output.graph_html.tails import Steps, Tails
from nhigraph.records import dataclass
from nhigraph.schema.kinds import BACKWARD, EDGE_KINDS

#: Rows whose path is held.
PATHS = 4000
#: Nodes on these paths.
NODES = 1500
#: Distinct ends of them: what paths cost.
TAILS = 24_000
#: Nodes besides: identities without a path, gaps, neighbours.
BESIDE = 500
#: Edges besides those of paths and cuts.
EDGES_BESIDE = 2500
#: Changes of a cut that are marked.
CUT_ROWS = 40

_LAST = 1 << 30


@dataclass(frozen=True, slots=True)
class Held:
    """What the page holds.

    Attributes:
        rows: Rows whose path it holds, worst first, and where that and its alternatives begin.
        tails: The steps of all of them.
        walked: Of each, the edge that it walks.
        keys: Nodes on those paths and in cuts.
        beside: Other nodes.
        edges: Edges of paths and cuts, and others between these nodes; sorted.
        rows_left_out: Rows with a printed path that it does not hold.
    """

    rows: tuple[tuple[VerdictRow, tuple[int, ...]], ...]
    tails: Tails
    walked: tuple[GraphEdge, ...]
    keys: frozenset[str]
    beside: frozenset[str]
    edges: tuple[GraphEdge, ...]
    rows_left_out: int


def held(assessment: Assessment, told: Sequence[GraphEdge]) -> Held:
    """Choose what the page holds, the worst first.

    Args:
        assessment: What was answered.
        told: Edges of the graph, those of paths among them.
    """
    ranked = ranked_rows(assessment)
    rows, tails, keys = _chosen(ranked, assessment)
    cut = [
        GraphEdge(
            *(row.source, row.destination, row.edge_kind, row.action),
            artifact=row.artifact,
            pointer=row.pointer,
            line=row.line,
        )
        for row in assessment.cuts.rows
        if row.rank <= CUT_ROWS and {row.source, row.destination} & keys
    ]
    keys |= {end for edge in cut for end in (edge.source, edge.target)}
    others = (
        *(row.identity for row in assessment.identities if row.verdict != "neither"),
        *sorted({key for row in VerdictRows.of(assessment.verdicts).sorts for key in row.gaps}),
        *(row.identity for row in assessment.identities),
        *sorted(_near(told, keys)),
    )
    walked = _walked(tails)
    beside = [key for key in dict.fromkeys(others) if key not in keys][:BESIDE]
    return Held(
        rows=tuple(rows),
        tails=tails,
        walked=walked,
        keys=frozenset(keys),
        beside=frozenset(beside),
        edges=_edges(dict.fromkeys(walked), cut, told, keys.union(beside)),
        rows_left_out=len(ranked) - len(rows),
    )


def ranked_rows(assessment: Assessment) -> list[VerdictRow]:
    """Rows with a printed path, worst first."""
    paths = assessment.paths
    rows = VerdictRows.of(assessment.verdicts).by_name(lambda name: bool(name) and name in paths)
    return sorted(
        rows,
        key=lambda row: (
            row.verdict == "neither",
            EXPOSURES.index(row.exposure),
            VERDICTS.index(row.verdict) if row.verdict else len(VERDICTS),
            row.soc1 != "direct",
            _LAST if row.steps is None else row.steps,
            row.identity,
            row.target,
        ),
    )


def _walked(tails: Tails) -> tuple[GraphEdge, ...]:
    """Of each step, the edge that it walks; steps that are one object walk one."""
    known: dict[int, GraphEdge] = {}
    for step, _ in tails.steps:
        if id(step) not in known:
            known[id(step)] = of_step(step)
    return tuple(known[id(step)] for step, _ in tails.steps)


def of_step(step: PathStep) -> GraphEdge:
    """The edge that a step walks, as it lies: what flows against it goes from its end."""
    kind = EDGE_KINDS.get(step.edge_kind)
    back = kind is not None and any(
        after.name == step.state for _, after in BACKWARD.get(kind.effect, ())
    )
    return GraphEdge(
        step.target if back else step.source,
        step.source if back else step.target,
        step.edge_kind,
        step.action,
        step.certainty,
        step.residual,
        step.needs,
        step.gate,
        step.artifact,
        step.pointer,
        step.line,
    )


def _chosen(
    ranked: Sequence[VerdictRow], assessment: Assessment
) -> tuple[list[tuple[VerdictRow, tuple[int, ...]]], Tails, set[str]]:
    """The worst rows whose paths together stay within the limits.

    A path that no longer fits is passed over; a later one along nodes already held may.
    """
    keys: set[str] = set()
    tails = Tails()
    chosen: list[tuple[VerdictRow, tuple[int, ...]]] = []
    for row in ranked[: 4 * PATHS]:
        if len(chosen) == PATHS:
            break
        ways: tuple[Steps, ...] = (
            steps_of(assessment.paths, row.path_id),
            *assessment.alternatives.get(row.path_id, ()),
        )
        if len(tails.steps) + sum(map(tails.missing, ways)) > TAILS:
            continue
        passed = _beside(keys, ways, NODES - len(keys))
        if passed is not None:
            keys |= passed
            chosen.append((row, tuple(map(tails.add, ways))))
    return chosen, tails, keys


def _beside(keys: Collection[str], ways: Iterable[Steps], most: int) -> set[str] | None:
    """Nodes on ways that are none of some; None where there are more than so many."""
    found: set[str] = set()
    for path in ways:
        for step in path:
            if step.source not in keys:
                found.add(step.source)
            if step.target not in keys:
                found.add(step.target)
            if len(found) > most:
                return None
    return found


def _near(edges: Iterable[GraphEdge], keys: set[str]) -> set[str]:
    """Nodes one edge away."""
    ends = [(edge.source, edge.target) for edge in edges]
    return {other for a, b in ends for one, other in ((a, b), (b, a)) if one in keys}


def _edges(
    walked: Iterable[GraphEdge],
    cut: Iterable[GraphEdge],
    told: Iterable[GraphEdge],
    keys: frozenset[str] | set[str],
) -> tuple[GraphEdge, ...]:
    """Every edge once, sorted: those of paths, those of cuts, then others between these nodes."""
    known = {edge.stated: edge for edge in sorted(told, key=_order)}
    taken: dict[tuple[object, ...], GraphEdge] = {}
    for edge in sorted(walked, key=lambda edge: (edge.certainty != "certain", *_order(edge))):
        more = known.get(edge.stated, edge)
        quote = edge.quote or more.quote
        if (at := (*edge.stated, edge.gate)) not in taken:
            taken[at] = replace(edge, certainty=more.certainty, quote=quote, also=more.also)
    stated = {edge.stated for edge in taken.values()}
    placed = {_as_cut(edge) for edge in taken.values()}
    by_place = {_as_cut(edge): edge for edge in known.values()}
    for edge in sorted(cut, key=_order):
        if _as_cut(edge) not in placed:
            more = by_place.get(_as_cut(edge), edge)
            taken[(*more.stated, more.gate)] = more
            placed.add(_as_cut(edge))
            stated.add(more.stated)
    rest = [
        edge
        for said, edge in known.items()
        if said not in stated and edge.source in keys and edge.target in keys
    ]
    return tuple(sorted([*taken.values(), *rest[:EDGES_BESIDE]], key=_order))


def _as_cut(edge: GraphEdge) -> tuple[str, ...]:
    """What the row of a cut tells of an edge."""
    return edge.source, edge.target, edge.kind, edge.action, edge.artifact, edge.pointer


def _order(edge: GraphEdge) -> tuple[object, ...]:
    return (*edge.stated, edge.gate, edge.line)

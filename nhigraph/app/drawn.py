"""What the drawing is told of nodes and edges beside the rows of an assessment."""

import numpy as np

from nhigraph.app.judged import Judged
from nhigraph.assurance.path_rows import passed
from nhigraph.assurance.rows import Assessment
from nhigraph.graph.columns import needs_of
from nhigraph.graph.store import Graph, Ints, cells_of
from nhigraph.output.graph_html import GraphEdge, GraphNode
from nhigraph.schema.kinds import NODE_KINDS

#: Neighbours of what rows and paths mention that the drawing can be asked for, at most.
_NEAR = 500
#: Edges besides those of paths that are told, at most; each costs a look at its evidence.
_EDGES = 6000
#: Places besides the first that are told of an edge.
_ALSO = 3
#: Columns of an edge that are told as they stand.
_SAID = ("kind", "action", "certainty", "condition", "gate")


def beside(assessment: Assessment, judged: Judged) -> tuple[list[GraphNode], list[GraphEdge]]:
    """Nodes that paths pass or lie one edge away, and the edges between them.

    Args:
        assessment: What was answered; names of nodes stand in it for all that it mentions.
        judged: The estate that it is of.

    Returns:
        Nodes by key, and edges in force by the graph's own order.
    """
    graph = judged.estate.graph
    on_paths = _passed(assessment)
    source, target = (graph.edges[end].to_numpy() for end in ("src", "dst"))
    force = judged.estate.in_force
    passed = np.zeros(len(graph.nodes), dtype=bool)
    passed[[node for key in on_paths if (node := graph.node_id(key)) is not None]] = True
    told = passed.copy()
    touching = np.flatnonzero(force & (passed[source] | passed[target]))
    near = np.zeros(len(graph.nodes), dtype=bool)
    near[source[touching]] = near[target[touching]] = True
    told[np.flatnonzero(near & ~passed)[:_NEAR]] = True
    told[[node for row in assessment.identities if (node := graph.node_id(row.identity))]] = True
    inside = np.flatnonzero(force & told[source] & told[target])
    worn = passed[source[inside]] & passed[target[inside]]
    chosen = np.sort(np.concatenate([inside[worn], inside[~worn]])[:_EDGES])
    ways = (np.bincount(ends[force], minlength=len(graph.nodes)) for ends in (target, source))
    inward, outward = ways
    names, owners = (graph.nodes[name].to_numpy(dtype=object) for name in ("name", "owner"))
    families = {label: kind.family.value for label, kind in NODE_KINDS.items()}
    nodes = [
        GraphNode(
            key=graph.key_list[node],
            kind=graph.kind_list[node],
            name=str(names[node] or graph.key_list[node]),
            family=families.get(graph.kind_list[node], ""),
            owner=str(owners[node] or ""),
            inward=int(inward[node]),
            outward=int(outward[node]),
        )
        for node in np.flatnonzero(told).tolist()
    ]
    return nodes, _edges(graph, chosen)


def _passed(assessment: Assessment) -> set[str]:
    """Nodes on printed paths, on alternatives, and in cuts."""
    steps = passed(assessment.paths, assessment.alternatives)
    keys = {key for step in steps for key in (step.source, step.target)}
    return keys | {key for row in assessment.cuts.rows for key in (row.source, row.destination)}


def _edges(graph: Graph, numbers: Ints) -> list[GraphEdge]:
    cells = cells_of(graph.edges)
    found = []
    places = graph.evidence_of_each("edge", numbers)
    for number, (place, *others) in zip(numbers.tolist(), places, strict=True):
        said = {name: cells[name][number] for name in _SAID}
        found.append(
            GraphEdge(
                source=graph.key_list[cells["src"][number]],
                target=graph.key_list[cells["dst"][number]],
                needs=tuple((state.name, at) for at, state in needs_of(cells["needs"][number])),
                artifact=place.artifact,
                pointer=place.pointer,
                line=place.line,
                quote=" · ".join(place.quotes),
                also=tuple(dict.fromkeys(one.full_place for one in others))[:_ALSO],
                **said,
            )
        )
    return found

"""Edges that may lead to what is asked about, told by nodes alone: before they become clauses.

Of millions of edges most lead elsewhere, and each is several clauses. Nodes know no states, so
that more edges are found here than lead to a goal (``Product.leading_to``), and never fewer.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Graph, Ints
from nhigraph.schema import kinds
from nhigraph.trace.product import STATES, Bools, GateSpec, Masks, edge_needs
from nhigraph.trace.searches import reached

#: From this many edges on it pays.
FROM = 20_000
_BACKWARD = [kind.label for kind in kinds.EDGE_KINDS.values() if kind.effect in kinds.BACKWARD]


def edges_leading_to(graph: Graph, masks: Masks, gates: Sequence[GateSpec], goals: Ints) -> Bools:
    """Per edge, whether it is in force and some clause of it may lead to a goal.

    Args:
        graph: The graph.
        masks: What counts on the day.
        gates: Compiled gates.
        goals: States of nodes.
    """
    size = len(graph.nodes) + len(gates)
    source, target = (graph.edges[end].to_numpy() for end in ("src", "dst"))
    backward = graph.edge_kind.isin(_BACKWARD) & masks.edges
    pairs = [(source[masks.edges], target[masks.edges]), (target[backward], source[backward])]
    for edges, asked in _asked(graph, masks):
        back = backward[edges]
        pairs += [(asked, target[edges]), (asked[back], source[edges[back]])]
    pairs += _defeating(len(graph.nodes), gates)
    before, after = (np.concatenate(ends) for ends in zip(*pairs, strict=True))
    seen = reached(size, after, before, distinct(goals // STATES))
    found: Bools = (seen[target] & masks.edges) | (seen[source] & backward)
    return found


def _asked(graph: Graph, masks: Masks) -> Iterator[tuple[Ints, Ints]]:
    """What edges ask for besides their source: edges, and of each a node or else a gate."""
    needs = [
        (edge, state // STATES)
        for edge, some in edge_needs(graph, masks).items()
        for state in some
    ]
    told = np.array(needs, dtype=np.int64).reshape(-1, 2)
    yield told[:, 0], told[:, 1]
    for gate in {id(column): column for column in masks.gate.values()}.values():
        edges = np.flatnonzero((gate >= 0) & masks.edges)
        yield edges, len(graph.nodes) + gate[edges]


def _defeating(nodes: int, gates: Sequence[GateSpec]) -> list[tuple[Ints, Ints]]:
    """Nodes whose holder defeats a gate or approves at it, and the gates, numbered after nodes."""
    found = [
        (state // STATES, nodes + number)
        for number, gate in enumerate(gates)
        for state in (*gate.defeats, *gate.approvals)
    ]
    told = np.array(found, dtype=np.int64).reshape(-1, 2)
    return [(told[:, 0], told[:, 1])]

"""What an edge does where it does not say: the schema's default actions, for whole columns."""

from functools import cache

import numpy as np
import numpy.typing as npt

from nhigraph.graph.store import Graph, Ints
from nhigraph.schema import kinds
from nhigraph.schema.controls import ACTION_ASSERTIONS, ASSERTIONS
from nhigraph.schema.types import EdgeKind


def default_action(edge_kind: str, node_kind: str) -> str:
    """Action of an edge of a kind that ends at a node of a kind; empty where it has none."""
    kind = kinds.EDGE_KINDS[edge_kind]
    special = kind.actions_to.get(node_kind)
    if special:
        return special
    if kind.action_to_actor and kinds.NODE_KINDS[node_kind].actor:
        return kind.action_to_actor
    return kind.action or ""


@cache
def _action_of_several(edge_kind: str, node_kinds: tuple[str, ...]) -> str:
    """Where records disagree on the destination's kind, the action that hides least.

    An enabling one, else the one that puts more assertions at risk, else the smallest name.
    """
    found = {default_action(edge_kind, kind) for kind in node_kinds} - {""}
    enabling = found & kinds.ENABLING_ACTIONS
    if enabling:
        return min(enabling)
    every = ASSERTIONS
    return min(found, key=lambda a: (-len(ACTION_ASSERTIONS.get(a, every)), a), default="")


def action_at(graph: Graph, kind: EdgeKind, node: int) -> str:
    """Action of an edge of a kind that ends at a node, where it does not say; empty for none."""
    return _action_of_several(kind.label, graph.kinds(node))


def effective_actions(graph: Graph, rows: Ints | None = None) -> npt.NDArray[np.object_]:
    """Action of edges: their own, else the default of their kind and destination.

    Args:
        graph: The graph.
        rows: Rows of the edges; None for all.
    """
    chosen: Ints | slice = slice(None) if rows is None else rows
    stated = graph.edges["action"].to_numpy(dtype=object)[chosen].copy()
    silent = np.flatnonzero(stated == "")
    if not len(silent):
        return stated
    edge_kind, node_kind = graph.edge_kind, graph.node_kind
    ends, of_edge = graph.edges["dst"].to_numpy()[chosen][silent], edge_kind.codes[chosen][silent]
    # Pairs of an edge's kind and its destination's, as numbers.
    pairs = of_edge * len(node_kind.words) + node_kind.codes[ends]
    known = np.full(len(edge_kind.words) * len(node_kind.words), "", dtype=object)
    for pair in np.flatnonzero(np.bincount(pairs)).tolist():
        of, at = divmod(pair, len(node_kind.words))
        known[pair] = default_action(edge_kind.words[of], node_kind.words[at])
    stated[silent] = known[pairs]
    for row in np.flatnonzero(np.isin(ends, graph.several_kinds)).tolist():
        several = graph.kinds(int(ends[row]))
        stated[silent[row]] = _action_of_several(edge_kind.words[of_edge[row]], several)
    return stated

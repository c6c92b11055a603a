"""Imagined identities, laid into a copy of an estate: what would somebody reach who held this?

Nothing leads to them, no selector of the scope sees them, and no record speaks of them: they are
in the boundary, alive, and without a weakness of their own. All other answers stay as they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.graph.append import extend
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.types import EdgeKind


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that an imagined identity has.

    Attributes:
        kind: Kind of the edge to it.
        node: Node id.
        action: What it does there; None for what such an edge does by itself, which may be an
            *enabling* action, and then gives S by itself.
    """

    kind: EdgeKind
    node: int
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Imagined:
    """An imagined identity.

    Attributes:
        name: What people may call it.
        place: A place of what it holds; a fact needs one, and this is what is supposed to be held.
        held: What it holds.
    """

    name: str
    place: Evidence
    held: tuple[Held, ...]


def plant(estate: Estate, imagined: Sequence[Imagined]) -> tuple[Estate, list[int]]:
    """An estate with these identities besides; the one that is given stays as it is.

    Args:
        estate: The estate.
        imagined: Who is imagined.

    Returns:
        The grown estate, and the node id there of each of them, in the order given.
    """
    graph = estate.graph
    beginning = _unused(graph.key_list)
    names = [f"{beginning}{number}" for number in range(len(imagined))]
    facts: list[Fact] = []
    for key, one in zip(names, imagined, strict=True):
        facts.append(Node(kinds.SERVICE_ACCOUNT, key, one.place, name=one.name))
        facts += [
            Edge(held.kind, key, graph.key_list[held.node], one.place, action=held.action)
            for held in one.held
        ]
    grown = extend(graph, facts).graph if facts else graph
    ids = {key: node for node, key in enumerate(grown.key_list) if key.startswith(beginning)}
    nodes = [ids[key] for key in names]
    return _estate(estate, grown, nodes), nodes


def _unused(keys: Iterable[str]) -> str:
    """A beginning that no key has."""
    beginning = "imagined:"
    while any(key.startswith(beginning) for key in keys):
        beginning = f"{beginning}:"
    return beginning


def _estate(estate: Estate, grown: Graph, planted: Sequence[int]) -> Estate:
    """The same estate on the grown graph; what it says by row numbers, by the new ones.

    The imagined nodes and their edges stand between the others, whose order is as it was; they
    bring no gap.
    """
    ours = np.ones(len(grown.nodes), dtype=bool)
    ours[list(planted)] = False
    boundary = np.full(len(ours), "in", dtype=object)
    boundary[ours] = estate.boundary
    edges = np.flatnonzero(ours[grown.edges["src"].to_numpy(dtype=np.int64)])
    dropped = frozenset(edges[sorted(estate.dropped)].tolist())
    return replace(estate, graph=grown, boundary=boundary, dropped=dropped)

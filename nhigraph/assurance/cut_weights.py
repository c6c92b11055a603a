"""What the scope says of the changes that a cut may propose, on the edges of the graph.

Where several records mean one edge, the largest weight counts, and what one of them keeps is
kept: a cut that looks cheap by a rule of yours is worse than one that is a little dear. A change
takes away all edges that stand at its place, so it costs what the dearest of them does, and is
not proposed where one of them is kept.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from nhigraph.assurance.select import Selector
from nhigraph.facts.facts import Claim, about
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.trace.changes import CutWeights

#: Artifact, pointer and words of a record.
Place = tuple[str, str, str]


def cut_weights(
    graph: Graph, claims: Iterable[Claim], selector: Selector
) -> tuple[CutWeights, list[Place]]:
    """Weights by edge, and the records that mean no edge that could be taken away."""
    weight: dict[int, int] = {}
    kept: set[int] = set()
    unmatched: list[Place] = []
    for claim in about(claims, "cut"):
        edges = _meant(graph, claim.body, selector)
        stated = claim.body["weight"]
        if not edges:
            at = claim.evidence
            unmatched.append((at.artifact, at.pointer, _words(claim.body)))
        elif stated is None:
            kept.update(edges)
        else:
            weight |= {edge: max(int(str(stated)), weight.get(edge, 1)) for edge in edges}
    return CutWeights(weight, frozenset(kept)), unmatched


def _meant(graph: Graph, body: Mapping[str, object], selector: Selector) -> list[int]:
    labels = [
        label
        for label, kind in kinds.EDGE_KINDS.items()
        if body["edge"] in {None, label}
        and (kind.effect in kinds.REMOVABLE or kind.effect in kinds.REMOVABLE_OF_ACTORS)
    ]
    found = graph.edge_kind.isin(labels)
    for name, end in (("from", "src"), ("to", "dst")):
        item = body[name]
        if isinstance(item, Mapping):
            nodes = sorted(selector.item(item))
            found &= np.isin(graph.edges[end].to_numpy(dtype=np.int64), nodes)
    return np.flatnonzero(found).tolist()


def _words(body: Mapping[str, object]) -> str:
    """The record as one line."""
    said = [f"edge: {body['edge']}"] if body["edge"] else []
    for name in ("from", "to"):
        item = body[name]
        if isinstance(item, Mapping):
            said += [f"{name} {word}: {value}" for word, value in sorted(item.items())]
    return ", ".join(said)

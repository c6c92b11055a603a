"""Imagined identities: one for each subject, laid into a copy of the graph."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.which.subjects import Subject
from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.graph.append import extend
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect

_CONTAIN = [k.label for k in kinds.EDGE_KINDS.values() if k.effect is Effect.CONTAIN]


def plant(estate: Estate, subjects: Sequence[Subject]) -> tuple[Estate, dict[int, int]]:
    """An estate with an imagined identity for each subject that lives, and whose each is.

    Args:
        estate: The estate; it stays as it is.
        subjects: What they hold.

    Returns:
        The grown estate, and the number of the subject by the node id of its identity.
    """
    graph = estate.graph
    held = _Held(estate)
    facts: list[Fact] = []
    beginning = _unused(graph)
    number_of: dict[str, int] = {}
    for number, subject in enumerate(subjects):
        roots = held.roots(subject.seats)
        if not roots:
            continue
        key = f"{beginning}{number}"
        number_of[key] = number
        # Its evidence is the subject's own: that is what is supposed to be taken over.
        place = graph.evidence_of("node", roots[0])[0]
        facts.append(Node(kinds.SERVICE_ACCOUNT, key, place, name=subject.name))
        facts += [Edge(kinds.OWNS, key, graph.key_list[node], place) for node in roots]
    grown = extend(graph, facts).graph if facts else graph
    ids = {node: number_of[key] for node, key in enumerate(grown.key_list) if key in number_of}
    return _estate(estate, grown, ids), ids


def _unused(graph: Graph) -> str:
    """The beginning of keys that no node and no gate has."""
    beginning = "imagined:"
    while any(key.startswith(beginning) for key in graph.key_list):
        beginning = f"{beginning}:"
    return beginning


def _estate(estate: Estate, grown: Graph, planted: Mapping[int, int]) -> Estate:
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


class _Held:
    """What certainly holds what on the day."""

    def __init__(self, estate: Estate) -> None:
        self._alive = estate.alive
        edges = estate.graph.edges
        rows = np.isin(edges["kind"].to_numpy(dtype=object), _CONTAIN) & estate.in_force
        rows &= edges["certainty"].to_numpy(dtype=object) == "certain"
        for column in ("gate", "needs"):
            rows &= edges[column].to_numpy(dtype=object) == ""
        self._below: dict[int, list[int]] = {}
        pairs = (edges[end].to_numpy()[rows].tolist() for end in ("src", "dst"))
        for holder, held in zip(*pairs, strict=True):
            self._below.setdefault(holder, []).append(held)

    def roots(self, nodes: Sequence[int]) -> list[int]:
        """The living nodes from which the others follow, by what holds what."""
        living = {node for node in nodes if self._alive[node]}
        held = {below for node in living for below in self._below.get(node, ()) if below != node}
        roots = sorted(living - held)
        reached = self._from(roots, living)
        for node in sorted(living - reached):  # two that hold each other
            if node not in reached:
                roots.append(node)
                reached |= self._from([node], living)
        return sorted(roots)

    def _from(self, roots: Sequence[int], among: set[int]) -> set[int]:
        found, waiting = set(roots), list(roots)
        while waiting:
            for below in self._below.get(waiting.pop(), ()):
                if below in among and below not in found:
                    found.add(below)
                    waiting.append(below)
        return found

"""Imagined identities: one for each subject."""

from collections.abc import Sequence

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.planted import Held, Imagined
from nhigraph.assurance.which.subjects import Subject
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect

_CONTAIN = [k.label for k in kinds.EDGE_KINDS.values() if k.effect is Effect.CONTAIN]


def imagined(estate: Estate, subjects: Sequence[Subject]) -> dict[int, Imagined]:
    """By its number, what whoever holds a subject that lives holds of it.

    A process of which a target stands for nothing is not cleared: somebody who holds nothing is
    judged as everybody is, by what was lost.
    """
    holding = _Held(estate)
    held = (holding.roots(subject.seats) for subject in subjects)
    return {
        number: [Held(kinds.OWNS, node) for node in roots]
        for number, (subject, roots) in enumerate(zip(subjects, held, strict=True))
        if roots or (subject.lost and len(estate.graph.nodes))
    }


class _Held:
    """What certainly holds what on the day."""

    def __init__(self, estate: Estate) -> None:
        self._alive = estate.alive
        edges = estate.graph.edges
        rows = np.flatnonzero(estate.graph.edge_kind.isin(_CONTAIN) & estate.in_force)
        for column, plain in (("certainty", "certain"), ("gate", ""), ("needs", "")):
            rows = rows[edges[column].to_numpy(dtype=object)[rows] == plain]
        self._below: dict[int, list[int]] = {}
        pairs = (edges[end].to_numpy()[rows].tolist() for end in ("src", "dst"))
        for holder, held in zip(*pairs, strict=True):
            self._below.setdefault(holder, []).append(held)

    def roots(self, nodes: Sequence[int]) -> list[int]:
        """The living nodes from which the others follow, by what holds what."""
        if len(nodes) == 1:  # most are: no sets are made of them
            return [nodes[0]] if self._alive[nodes[0]] else []
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

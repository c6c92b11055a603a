"""Choke points of targets, without what stands open if the control there fails.

That costs two judgements of the estate for each point (``cuts.choke``); which points there are
costs little, so an assessment tells them of every target that it can.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from nhigraph.assurance.cut_rows import PointRow
from nhigraph.assurance.cuts.asked import Asked, Asking
from nhigraph.assurance.estate import Estate
from nhigraph.facts.evidence import Evidence
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.cuts import choke_points
from nhigraph.trace.product import Product


@dataclass(frozen=True, slots=True)
class Point:
    """A point, and where it is.

    Attributes:
        row: Its row.
        gates: Keys of the controls that stand there already.
        node: Node id; -1 of a right.
        change: Number of the change that a right goes with; -1 of a node.
    """

    row: PointRow
    gates: frozenset[str]
    node: int = -1
    change: int = -1


@dataclass(frozen=True, slots=True)
class Points:
    """The choke points of what was asked, nodes first, then rights.

    Attributes:
        asking: What was asked.
        listed: The points.
        reaching: Keys of the identities that rest on each of them.
    """

    asking: Asking
    listed: tuple[Point, ...]
    reaching: tuple[str, ...]


class Finder:
    """Finds the choke points of one estate's targets."""

    def __init__(self, estate: Estate) -> None:
        """Take the columns of the edges."""
        self.estate, self._graph = estate, estate.graph
        self._cells = {
            name: estate.graph.edges[name].tolist() for name in ("kind", "gate", "src", "dst")
        }

    def points(self, asked: Asked, ways: Product | None = None) -> Points:
        """The nodes and rights that all ways of all identities pass.

        Args:
            asked: What is asked about.
            ways: The clauses that lead to it, where they are known.
        """
        # What the scope keeps from being cut may be controlled all the same.
        asking = Asking(self.estate, asked, ways, keeping=False)
        found = choke_points(asking.reading, asking.starts, asking.goals, asking.change, asking.at)
        keys, reaching = self._graph.key_list, asking.names(found.reaching)
        many, wanted = len(reaching), set(found.changes)
        listed = [
            self._of_node(asking, node, many)
            for node in found.nodes
            # Whoever is alone is a point of its own ways, which says nothing.
            if reaching != (keys[node],)
        ]
        listed += [
            self._of_edge(asking, edge, change, many)
            for edge, change in sorted(asking.change.items())
            if change in wanted
        ]
        return Points(asking, tuple(listed), reaching)

    def closed(self, points: Points, point: Point) -> Sequence[int]:
        """Edges that nobody passes where nobody passes a point."""
        if point.node < 0:
            return points.asking.changes.whole([point.change])
        return sorted({*self._at("src", point.node), *self._at("dst", point.node)})

    def _of_node(self, asking: Asking, node: int, many: int) -> Point:
        told = ("node", self._graph.kind_list[node], self._graph.key_list[node], "")
        gates = self._gates(self._at("dst", node))
        place = self._graph.evidence_of("node", node)[0]
        return Point(_row(asking, told, gates, many, place), gates, node=node)

    def _of_edge(self, asking: Asking, edge: int, change: int, many: int) -> Point:
        keys, cells = self._graph.key_list, self._cells
        told = ("right", cells["kind"][edge], keys[cells["src"][edge]], keys[cells["dst"][edge]])
        gates = self._gates([edge])
        place = self._graph.evidence_of("edge", edge)[0]
        return Point(_row(asking, told, gates, many, place), gates, change=change)

    def _gates(self, guarded: Iterable[int]) -> frozenset[str]:
        return frozenset(self._cells["gate"][edge] for edge in guarded) - {""}

    def _at(self, end: str, node: int) -> list[int]:
        """Edges that have a node for this end, ascending."""
        order, ends = self._sorted[end]
        first, last = np.searchsorted(ends, [node, node + 1]).tolist()
        found: list[int] = order[first:last].tolist()
        return found

    @cached_property
    def _sorted(self) -> dict[str, tuple[Ints, Ints]]:
        """Per end, the edges in the order of their nodes there, and these nodes."""
        found = {}
        for end in ("src", "dst"):
            ends = np.array(self._cells[end], dtype=np.int64)
            order = np.argsort(ends, kind="stable")
            found[end] = (order, ends[order])
        return found


def _row(
    asking: Asking,
    told: tuple[str, str, str, str],
    gates: Iterable[str],
    many: int,
    place: Evidence,
) -> PointRow:
    joined = ";".join(sorted(gates))
    asked = (asking.targets, asking.effect)
    return PointRow(*asked, *told, joined, many, place.artifact, place.pointer)

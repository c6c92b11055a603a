"""Choke points of a target, without what stands open if the control there fails.

That costs two judgements of the estate for each point (``cuts.choke``); which points there are
costs little, so an assessment tells them of every target that it can.
"""

from collections.abc import Sequence

from nhigraph.assurance.cut_rows import PointRow
from nhigraph.assurance.cuts.asked import Asked, Asking
from nhigraph.assurance.estate import Estate
from nhigraph.trace.cuts import choke_points
from nhigraph.trace.product import Product


class Points:
    """Choke points of one estate's targets."""

    def __init__(self, estate: Estate) -> None:
        """Take the columns of the edges."""
        self._estate, self._graph = estate, estate.graph
        self._cells = {
            name: estate.graph.edges[name].tolist() for name in ("kind", "gate", "src", "dst")
        }

    def of(self, node: int, walkers: Sequence[int], ways: Product) -> tuple[PointRow, ...]:
        """The nodes, then the rights, that all ways of these walkers to a target pass.

        Args:
            node: Node id of the target.
            walkers: Node ids of those who walk.
            ways: The clauses that lead to it.
        """
        # What the scope keeps from being cut may be controlled all the same.
        asking = Asking(self._estate, Asked([node], walkers=walkers), ways, keeping=False)
        found = choke_points(asking.reading, asking.starts, asking.goals, asking.change)
        keys, many = self._graph.key_list, len(found.reaching)
        only = asking.names(found.reaching)
        rows = [
            self._row(asking, "node", at, (self._graph.kind_list[at], keys[at], ""), many)
            for at in found.nodes
            # Whoever is alone is a point of its own ways, which says nothing.
            if only != (keys[at],)
        ]
        wanted = set(found.changes)
        rows += [
            self._row(asking, "edge", edge, self._of_edge(edge), many)
            for edge, one in sorted(asking.change.items())
            if one in wanted
        ]
        return tuple(rows)

    def _of_edge(self, edge: int) -> tuple[str, str, str]:
        keys, cells = self._graph.key_list, self._cells
        return cells["kind"][edge], keys[cells["src"][edge]], keys[cells["dst"][edge]]

    def _row(
        self, asking: Asking, what: str, number: int, told: tuple[str, str, str], many: int
    ) -> PointRow:
        gates, place = self._cells["gate"], self._graph.evidence_of(what, number)[0]
        into = [number] if what == "edge" else self._into(number)
        return PointRow(
            asking.targets,
            asking.effect,
            {"edge": "right"}.get(what, what),
            *told,
            ";".join(sorted({gates[edge] for edge in into} - {""})),
            many,
            place.artifact,
            place.pointer,
        )

    def _into(self, node: int) -> list[int]:
        return [edge for edge, end in enumerate(self._cells["dst"]) if end == node]

"""Choke points: what every way to a target passes, where one control would stand before all.

A control that fails is no better than none. What then stands open is therefore found by comparing
two estates: one in which nobody passes the point, and one in which everybody does, whatever
controls stand there already. That is more than the target asked about: the same point may hold
others.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from nhigraph.assurance.compare import differing, told
from nhigraph.assurance.cut_rows import WORKED_OUT, Changed, ChokeRow
from nhigraph.assurance.cuts.asked import Asked, Asking
from nhigraph.assurance.estate import Estate
from nhigraph.trace.cuts import choke_points


@dataclass(frozen=True, slots=True)
class Passed:
    """The choke points of a target.

    Attributes:
        rows: Nodes first, then rights.
        reaching: Identities that rest on each of them: they reach the target if it fails.
        unknown: Identities that may have ways around, sorted (``Asking.unsure``).
    """

    rows: tuple[ChokeRow, ...]
    reaching: tuple[str, ...]
    unknown: tuple[str, ...]


def choke(estate: Estate, asked: Asked) -> Passed:
    """The nodes and rights that all ways of all identities pass."""
    # What the scope keeps from being cut may be controlled all the same.
    asking = Asking(estate, asked, keeping=False)
    found = choke_points(asking.reading, asking.starts, asking.goals, asking.change, asking.at)
    reaching = asking.names(found.reaching)
    points = _Points(asking, reaching)
    rows = [
        points.of_node(node) for node in found.nodes if reaching != (estate.graph.key_list[node],)
    ]
    wanted = set(found.changes)
    rows += [
        points.of_edge(edge, one) for edge, one in sorted(asking.change.items()) if one in wanted
    ]
    return Passed(tuple(rows), reaching, asking.unsure())


class _Points:
    """Rows of points, each with what stands open if the control there fails."""

    def __init__(self, asking: Asking, reaching: tuple[str, ...]) -> None:
        self._asking, self._reaching = asking, reaching
        self._graph = asking.estate.graph
        self._cells = {
            name: self._graph.edges[name].tolist() for name in ("kind", "gate", "src", "dst")
        }
        #: Controls that are taken not to stand, to the answers then: points share them.
        self._failed: dict[frozenset[str], dict[tuple[str, str], str]] = {}
        self._opened: dict[tuple[int, ...], tuple[Changed, ...]] = {}

    def of_node(self, node: int) -> ChokeRow:
        """A node that all ways pass."""
        edges = [*self._touching(node)]
        into = [edge for edge in edges if self._cells["dst"][edge] == node]
        told = ("node", self._graph.kind_list[node], self._graph.key_list[node], "")
        return self._row("node", node, told, edges, into)

    def of_edge(self, edge: int, change: int) -> ChokeRow:
        """An edge of a change that all ways meet."""
        keys = self._graph.key_list
        source, target = (keys[self._cells[end][edge]] for end in ("src", "dst"))
        told = ("right", self._cells["kind"][edge], source, target)
        gone = self._asking.changes.whole([change])
        return self._row("edge", edge, told, gone, [edge])

    def _row(
        self,
        what: str,
        number: int,
        told: tuple[str, str, str, str],
        closed: Collection[int],
        guarded: Collection[int],
    ) -> ChokeRow:
        gates = sorted({self._cells["gate"][edge] for edge in guarded} - {""})
        place = self._graph.evidence_of(what, number)[0]
        opened = self._opens(tuple(sorted(closed)), frozenset(gates))
        return ChokeRow(
            self._asking.targets,
            self._asking.effect,
            *told,
            ";".join(gates),
            len(self._reaching),
            place.artifact,
            place.pointer,
            self._reaching,
            None if opened is None else len(opened),
            tuple(sorted({one.target for one in opened or ()})),
            opened or (),
        )

    def _opens(self, closed: tuple[int, ...], gates: frozenset[str]) -> tuple[Changed, ...] | None:
        """Answers that stand if the controls fail, and would not if nobody passed."""
        if closed not in self._opened:
            if len(self._opened) >= WORKED_OUT:
                return None
            estate = self._asking.estate
            shut = replace(estate, dropped=estate.dropped.union(closed))
            failed = self._failed.get(gates)
            if failed is None:
                down = replace(estate, down=estate.down | gates)
                failed = self._failed[gates] = dict(told(down))
            found = differing(told(shut), failed)
            self._opened[closed] = tuple(
                one for one in found if (one.identity, one.target) in failed
            )
        return self._opened[closed]

    def _touching(self, node: int) -> Iterator[int]:
        ends = zip(self._cells["src"], self._cells["dst"], strict=True)
        return (edge for edge, both in enumerate(ends) if node in both)

"""Choke points: what every way to a target passes, where one control would stand before all."""

from dataclasses import dataclass

from nhigraph.assurance.cuts.asked import Asked, Asking
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.rows import ChokeRow
from nhigraph.trace.cuts import choke_points


@dataclass(frozen=True, slots=True)
class Passed:
    """The choke points of a target.

    Attributes:
        rows: Nodes first, then rights.
        reaching: Identities that rest on each of them: they reach the target if it fails.
        unknown: Identities that reach a gap, sorted: they may have ways around.
    """

    rows: tuple[ChokeRow, ...]
    reaching: tuple[str, ...]
    unknown: tuple[str, ...]


def choke(estate: Estate, asked: Asked) -> Passed:
    """The nodes and rights that all ways of all identities pass."""
    asking = Asking(estate, asked)
    found = choke_points(asking.reading, asking.starts, asking.goals, asking.change)
    graph = estate.graph
    cells = {name: graph.edges[name].tolist() for name in ("kind", "gate", "src", "dst")}
    head = (asking.targets, asking.effect)
    reaching = asking.names(found.reaching)
    rows = []
    for node in found.nodes:
        alone = reaching == (graph.key_list[node],)
        if not alone:
            place = graph.evidence_of("node", node)[0]
            told = ("node", graph.kind_list[node], graph.key_list[node], "", "")
            rows.append(ChokeRow(*head, *told, len(reaching), place.artifact, place.pointer))
    for edge, one in sorted(asking.change.items()):
        if one in found.changes:
            place = graph.evidence_of("edge", edge)[0]
            ends = (graph.key_list[cells[end][edge]] for end in ("src", "dst"))
            told = ("right", cells["kind"][edge], *ends, cells["gate"][edge])
            rows.append(ChokeRow(*head, *told, len(reaching), place.artifact, place.pointer))
    return Passed(tuple(rows), reaching, asking.unsure())

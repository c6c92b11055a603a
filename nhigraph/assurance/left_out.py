"""What is supposed not to be there, of a stored graph and of what its scope adds on it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from nhigraph.assurance.estate import Estate
from nhigraph.facts.facts import Claim
from nhigraph.graph.store import Graph
from nhigraph.records import dataclass

#: Kind, source and target of an edge, by key.
Ends = tuple[str, str, str]
#: Artifact and pointer.
Place = tuple[str, str]

_META = "left_out"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is supposed not to be there.

    A snapshot keeps it with its graph, so that whatever is made of that anew (another day, a
    comparison, what else could go) leaves it out as well.

    Attributes:
        nodes: Keys of nodes, which the scope then selects no more.
        edges: Edges, whoever states them.
        places: Records, whose rights go where no other record states them.
    """

    nodes: frozenset[str] = frozenset()
    edges: frozenset[Ends] = frozenset()
    places: frozenset[Place] = frozenset()

    def __or__(self, other: "LeftOut") -> "LeftOut":
        """Both."""
        return LeftOut(
            self.nodes | other.nodes, self.edges | other.edges, self.places | other.places
        )

    @classmethod
    def kept(cls, meta: Mapping[str, Any]) -> "LeftOut":
        """What a snapshot keeps of it."""
        kept = meta.get(_META, {})
        edges, places = (
            [tuple(one) for one in kept.get(name, ())] for name in ("edges", "places")
        )
        return cls(frozenset(kept.get("nodes", ())), frozenset(edges), frozenset(places))

    @property
    def meta(self) -> dict[str, object]:
        """The same, for a snapshot; nothing where nothing is left out."""
        kept = {
            "nodes": sorted(self.nodes),
            "edges": [list(one) for one in sorted(self.edges)],
            "places": [list(one) for one in sorted(self.places)],
        }
        return {_META: kept} if any(kept.values()) else {}

    def of(self, estate: Estate) -> Estate:
        """An estate without it; its scope was resolved without the nodes."""
        dropped = self.rows(estate)
        return replace(estate, dropped=dropped) if dropped else estate

    def rows(self, estate: Estate) -> frozenset[int]:
        """Edges of an estate that are there all the same, once its scope is resolved."""
        if not self.edges and not self.places:
            return frozenset()
        found = {row for row, ends in _ends(estate.graph) if ends in self.edges}
        said = estate.graph.places("edge") if self.places else {}
        for row, many in said.items():
            if self.places.issuperset(many) and estate.changes.can_go(row):
                found.add(row)
        return frozenset(found)

    def claims(self, claims: Iterable[Claim], estate: Estate) -> tuple[Claim, ...]:
        """The scope without the links of which no edge is left.

        Args:
            claims: The scope.
            estate: What was made of it.
        """
        ends = dict(_ends(estate.graph))
        at: dict[Place, list[int]] = {}
        for row, many in estate.graph.places("edge").items():
            for place in many:
                at.setdefault(place, []).append(row)

        def gone(place: Place, row: int) -> bool:
            here = place in self.places and estate.changes.can_go(row)
            return here or ends[row] in self.edges

        def stays(claim: Claim) -> bool:
            place = (claim.evidence.artifact, claim.evidence.pointer)
            rows: Sequence[int] = at.get(place, ())
            return claim.subject != "link" or not rows or not all(gone(place, row) for row in rows)

        return tuple(claim for claim in claims if stays(claim))


NOTHING: Final = LeftOut()


def _ends(graph: Graph) -> Iterator[tuple[int, Ends]]:
    names = graph.key_list
    cells = (graph.edges[name].tolist() for name in ("kind", "src", "dst"))
    for row, (kind, source, target) in enumerate(zip(*cells, strict=True)):
        yield row, (kind, names[source], names[target])

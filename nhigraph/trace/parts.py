"""Edges that several places state, each by itself, as several edges: one for each of the places.

An edge goes as a whole, but such a one goes with several changes (``Changes.parts``). It is worth
as many edges side by side, each of which goes with one of them: what leads through one leads
through any. So its clauses are written once for each, and a search that knows edges and changes
finds, of changes, the fewest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.changes import Changes, Places
from nhigraph.trace.product import Product

#: Artifact and pointer.
Place = tuple[str, str]
#: Edges that go, by each of their places with the change that takes it away.
Going = Mapping[int, Mapping[Place, int]]


@dataclass(frozen=True, slots=True)
class Parts:
    """Clauses with such edges written out.

    Attributes:
        reading: The clauses. Of an edge that is written out, each has a number above all edges in
            the place of it.
        stands_for: Such a number to its edge, and to the places of its change.
        edges: How many edges there are.
    """

    reading: Product
    stands_for: Mapping[int, tuple[int, Places]]
    edges: int

    @property
    def numbers(self) -> int:
        """How many numbers of edges there are, those above all edges among them."""
        return self.edges + len(self.stands_for)

    def chosen(self, changes: Changes, asked: Ints, *, keeping: bool) -> "Chosen":
        """The changes by which some edges go.

        Args:
            changes: What can be taken away.
            asked: Numbers of edges in ``reading``, ascending.
            keeping: What the scope keeps is not taken away.
        """
        real = asked[: np.searchsorted(asked, self.edges)]
        ones = changes.numbers(real, keeping=keeping)
        if len(real) == len(asked):
            return Chosen(self, changes, asked, ones)
        known = distinct(ones[ones >= 0]).tolist()
        first = {changes.sort(changes.places(one)): one for one in known}
        apart = [
            first.setdefault(changes.sort(self.stands_for[number][1]), number)
            for number in asked[len(real) :].tolist()
        ]
        return Chosen(self, changes, asked, np.append(ones, np.array(apart, dtype=np.int64)))

    def as_edges(self, reading: Product) -> Product:
        """Some of the clauses, each with its edge again."""
        if not self.stands_for:
            return reading
        numbers = np.arange(self.numbers)
        numbers[self.edges :] = [edge for edge, _ in self.stands_for.values()]
        edge = reading.edge
        return replace(reading, edge=np.where(edge >= 0, numbers[edge], -1))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Changes by which edges go.

    Attributes:
        parts: What is taken away.
        changes: What can be.
        asked: Numbers of edges, ascending.
        ones: Of each, the number of the change that takes it away, or -1.
    """

    parts: Parts
    changes: Changes
    asked: Ints
    ones: Ints

    @property
    def change(self) -> dict[int, int]:
        """Number of an edge to that of the change that takes it away."""
        can = self.ones >= 0
        return dict(zip(self.asked[can].tolist(), self.ones[can].tolist(), strict=True))

    def places(self, one: int) -> Places:
        """Where what a change takes away stands."""
        return (
            self.changes.places(one) if one < self.parts.edges else self.parts.stands_for[one][1]
        )

    def cost(self, made: Iterable[int]) -> dict[int, int]:
        """What some changes cost (``Changes.cost``)."""
        return self.changes.cost({one: self.places(one) for one in made})

    def going(self, made: Iterable[int]) -> Going:
        """Edges that go with some changes: each of its places, with its change."""
        going = np.isin(self.ones, np.array(sorted(made), dtype=np.int64))
        found: dict[int, dict[Place, int]] = {}
        pairs = zip(self.asked[going].tolist(), self.ones[going].tolist(), strict=True)
        for number, one in pairs:
            edge = self.parts.stands_for[number][0] if number >= self.parts.edges else number
            found.setdefault(edge, {}).update(dict.fromkeys(self.places(one), one))
        stays = self.asked[~going & (self.asked >= self.parts.edges)].tolist()
        for number in stays:
            found.pop(self.parts.stands_for[number][0], None)
        return found


def written_out(reading: Product, changes: Changes, edges: int, *, keeping: bool) -> Parts:
    """Write out the edges of some clauses that several changes take away together.

    Args:
        reading: The clauses.
        changes: What can be taken away.
        edges: How many edges there are.
        keeping: What the scope keeps is not taken away: nor is an edge that goes with that alone.
    """
    asked = distinct(reading.edge[reading.edge >= 0])
    kept = changes.kept if keeping else frozenset[int]()
    several = {
        edge: parts
        for edge in changes.several(asked)
        if kept.isdisjoint(map(changes.sort, parts := changes.parts(edge)))
    }
    if not several:
        return Parts(reading, {}, edges)
    stands_for: dict[int, tuple[int, Places]] = {}
    first: dict[int, int] = {}
    for edge, parts in several.items():
        first[edge] = edges + len(stands_for)
        stands_for |= {first[edge] + at: (edge, part) for at, part in enumerate(parts)}
    rows: list[int] = []
    numbers: list[int] = []
    edge_of = reading.edge.copy()
    for row in np.flatnonzero(np.isin(reading.edge, [*several])).tolist():
        edge = int(reading.edge[row])
        edge_of[row] = first[edge]
        more = len(several[edge]) - 1
        rows += [row] * more
        numbers += range(first[edge] + 1, first[edge] + 1 + more)
    return Parts(_repeated(replace(reading, edge=edge_of), rows, numbers), stands_for, edges)


def _repeated(reading: Product, rows: list[int], numbers: list[int]) -> Product:
    """Clauses with some of them once more each, for other edges."""
    again = np.array(rows, dtype=np.int64)
    counts = np.diff(reading.need_ptr)[again]
    begins = reading.need_ptr[again]
    steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    needs = reading.need_idx[np.repeat(begins, counts) + steps]
    return replace(
        reading,
        src=np.concatenate([reading.src, reading.src[again]]),
        dst=np.concatenate([reading.dst, reading.dst[again]]),
        edge=np.concatenate([reading.edge, np.array(numbers, dtype=np.int64)]),
        certain=np.concatenate([reading.certain, reading.certain[again]]),
        gate=np.concatenate([reading.gate, reading.gate[again]]),
        need_ptr=np.concatenate([reading.need_ptr, reading.need_ptr[-1] + np.cumsum(counts)]),
        need_idx=np.concatenate([reading.need_idx, needs]),
    )

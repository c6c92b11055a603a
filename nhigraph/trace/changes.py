"""What can be taken away from a graph, place by place.

An edge that several places state goes with all of them, and that is one change. Where each of them
states it by itself (``evidence.ALONE``), there may be others that hang on one of them alone: each
place is a change then, and the edge goes with all of these (``trace.parts``).

Rights, memberships, trusts and credentials (``kinds.REMOVABLE``), but what a platform gives by
itself (``policy.built_in``): nobody can revoke that. Nor does what documents only show
(``evidence.IMPLIED``) end where it is shown no longer: a secret opens what a run uses it for, once
nothing runs as well.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from functools import cached_property

import numpy as np

from nhigraph.facts import keys
from nhigraph.facts.keys import Key
from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Cells, Graph, Ints
from nhigraph.policy.built_in import built_in
from nhigraph.policy.stated import Stated
from nhigraph.records import dataclass
from nhigraph.schema import kinds
from nhigraph.trace.product import Bools

#: Of an edge that was not asked about yet.
_UNKNOWN = -2
#: Artifact and pointer of every place that states an edge.
Places = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CutWeights:
    """What some edges cost.

    Attributes:
        weight: Edge to what its change costs; 1 where none is given.
        kept: Edges that are not to be taken away.
    """

    weight: Mapping[int, int] = field(default_factory=dict)
    kept: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        """Whether the scope says anything."""
        return bool(self.weight or self.kept)


class Changes:
    """What can be taken away from a graph, in changes: all that stands at one place goes at once.

    An edge that several documents state goes with all of them.
    """

    def __init__(self, graph: Graph, weights: CutWeights | None = None) -> None:
        """Nothing is looked up before it is asked for: a graph may have millions of edges."""
        self._graph, self._weights = graph, weights or CutWeights()
        self.kind: Cells = graph.edges["kind"].to_numpy(dtype=object)
        self._sorts: dict[Places, int] = {}
        self._sort: Ints = np.full(len(graph.edges), _UNKNOWN, dtype=np.int64)
        self._first: Ints = np.full(0, -1, dtype=np.int64)
        self._can: dict[int, bool] = {}
        self._keys: dict[int, Key | None] = {}

    def of(self, edges: Collection[int] | Ints, *, keeping: bool = True) -> dict[int, int]:
        """Edge to the change that takes it away, by the first of these edges that goes with it.

        Edges that nothing takes away are left out.

        Args:
            edges: The edges.
            keeping: Leave out those of changes that the scope keeps, too.
        """
        asked = distinct(np.fromiter(edges, dtype=np.int64, count=len(edges)))
        numbers = self.numbers(asked, keeping=keeping)
        can = numbers >= 0
        return dict(zip(asked[can].tolist(), numbers[can].tolist(), strict=True))

    def numbers(self, edges: Ints, *, keeping: bool = True) -> Ints:
        """Per edge the change that takes it away, by the first of these edges, or -1.

        Args:
            edges: The edges, ascending.
            keeping: As for ``of``.
        """
        sort = self._sorts_of(edges)
        if keeping and self._kept:
            sort[np.isin(sort, self._kept)] = -1
        # Told from the last one on, so that the first is told last, and counts.
        first = np.full(len(self._sorts) + 1, -1, dtype=np.int64)
        first[sort[::-1]] = edges[::-1]
        first[-1] = -1
        return first[sort]

    def cost(self, changes: Mapping[int, Places]) -> dict[int, int]:
        """What changes cost: as much as the dearest edge that goes with them, or with others too.

        Args:
            changes: Changes by number, each with its places.
        """
        weight, found = self._weights.weight, dict.fromkeys(changes, 1)
        for edge, price in weight.items():
            parts = self.parts(edge) if self.can_go(edge) else ()
            for one, places in changes.items():
                if places in parts:
                    found[one] = max(price, found[one])
        return found

    def ones(self, edges: Ints) -> Ints:
        """Per edge the change that takes it away, by the first edge asked about that goes with it.

        -1 where nothing takes it away. What the scope keeps is not to be proposed; what there is
        without it may be asked all the same.
        """
        sorts, firsts = self._sorts_of(edges), self._first
        if len(firsts) <= len(self._sorts):
            self._first = firsts = np.append(firsts, np.full(len(self._sorts) + 1, -1))
        new = np.flatnonzero((firsts[sorts] < 0) & (sorts >= 0))[::-1]
        firsts[sorts[new]] = edges[new]  # of those of a sort the first, which is told last
        return np.where(sorts >= 0, firsts[sorts], -1)

    def _sorts_of(self, edges: Ints) -> Ints:
        """Numbers that edges have in common that go together; -1 where nothing takes it away."""
        unknown = edges[self._sort[edges] == _UNKNOWN]
        if len(unknown):
            self._sort[unknown] = -1
            sorts, may = self._sorts, unknown[self._by_kind(unknown)]
            places = self._graph.stated_places("edge", may)
            self._sort[may] = [
                sorts.setdefault(stated, len(sorts)) if self._goes(edge, stated) else -1
                for edge, stated in zip(may.tolist(), places, strict=True)
            ]
        return self._sort[edges]

    @cached_property
    def _kept(self) -> list[int]:
        """What the scope keeps, by such numbers."""
        kept = np.array(sorted(self._weights.kept), dtype=np.int64)
        going = [edge for edge in kept.tolist() if self.can_go(edge)]
        parts = {self.sort(part) for edge in going for part in self.parts(edge)}
        return sorted({*self._sorts_of(kept).tolist(), *parts} - {-1})

    def whole(self, edges: Iterable[int]) -> list[int]:
        """Some edges, and those of the graph that go with them: all that their places state."""
        gone = {place for edge in edges for place in self.places(edge)}
        alike = {one for place in gone for one in self._standing.get(place, ())}
        return sorted(
            edge for edge in alike if self.can_go(edge) and gone.issuperset(self.places(edge))
        )

    def parts(self, edge: int) -> tuple[Places, ...]:
        """The changes that take an edge away only together, by their places; one for most."""
        places = self.places(edge)
        if edge in self._graph.given_alone:
            return tuple((place,) for place in places)
        return (places,)

    def several(self, edges: Ints) -> list[int]:
        """Those of some edges that several changes take away only together, ascending."""
        alone = self._graph.given_alone
        asked = edges.tolist() if alone else ()
        return [edge for edge in asked if edge in alone and self.can_go(edge)]

    def sort(self, places: Places) -> int:
        """The number that edges of these places have in common."""
        return self._sorts.setdefault(places, len(self._sorts))

    @property
    def kept(self) -> frozenset[int]:
        """Numbers of what the scope keeps."""
        return frozenset(self._kept)

    def can_go(self, edge: int) -> bool:
        """Whether somebody can take an edge away."""
        return self._can[edge] if edge in self._can else self._goes(edge, self.places(edge))

    def _goes(self, edge: int, places: Places) -> bool:
        """The same, of an edge that some places state."""
        if edge not in self._can:
            always, of_actor = self._kinds[self.kind[edge]]
            goes = bool(self._of_actor[edge]) if of_actor else always
            self._can[edge] = goes and not self._stays(edge, places, of_actor=of_actor)
        return self._can[edge]

    def _by_kind(self, edges: Ints) -> Bools:
        """Whether edges of such a kind can go at all."""
        return np.array([any(self._kinds[kind]) for kind in self.kind[edges]], dtype=bool)

    @cached_property
    def _kinds(self) -> Mapping[str, tuple[bool, bool]]:
        """By kind, whether such an edge can go, and whether it can where an actor has it."""
        kinds_of = kinds.EDGE_KINDS.items()
        own, given = kinds.REMOVABLE, kinds.REMOVABLE_OF_ACTORS
        return {label: (one.effect in own, one.effect in given) for label, one in kinds_of}

    def stays(self, edge: int) -> bool:
        """Whether an edge is there whatever is taken out of the documents: see the module."""
        return self._stays(edge, self.places(edge))

    def _stays(self, edge: int, places: Places, *, of_actor: bool = False) -> bool:
        if edge in self._graph.only_implied:
            return True
        return not of_actor and self._built_in(edge, places)

    def _built_in(self, edge: int, places: Places) -> bool:
        ends = (self._key(int(end[edge])) for end in self._ends)
        pointers = tuple(pointer for _, pointer in places)
        return built_in(Stated(str(self.kind[edge]), next(ends), next(ends), pointers))

    def _key(self, node: int) -> Key | None:
        if node not in self._keys:
            self._keys[node] = keys.parse(self._graph.key_list[node])
        return self._keys[node]

    def places(self, edge: int) -> Places:
        """Places that state an edge, sorted."""
        said = self._graph.stated("edge", edge)
        return tuple(sorted({(place.artifact, place.pointer) for place in said}))

    @cached_property
    def _ends(self) -> tuple[Ints, Ints]:
        edges = self._graph.edges
        return edges["src"].to_numpy(dtype=np.int64), edges["dst"].to_numpy(dtype=np.int64)

    @cached_property
    def _of_actor(self) -> Bools:
        actors = self._graph.of_kind([k.label for k in kinds.NODE_KINDS.values() if k.actor])
        found: Bools = actors[self._ends[0]]
        return found

    @cached_property
    def _standing(self) -> dict[tuple[str, str], list[int]]:
        """Place to the edges that stand there."""
        found: dict[tuple[str, str], list[int]] = {}
        for edge, places in self._graph.places("edge").items():
            for place in places:
                found.setdefault(place, []).append(edge)
        return found

"""The graph with the scope resolved on it: what an assessment is asked about."""

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from nhigraph.assurance.day import Day
from nhigraph.assurance.rows import Target
from nhigraph.facts.asks import EDGE, Needs, of_cell
from nhigraph.graph.columns import needs_of
from nhigraph.graph.store import Graph
from nhigraph.records import dataclass
from nhigraph.schema import kinds
from nhigraph.schema.types import Family, State
from nhigraph.trace.changes import Changes, CutWeights
from nhigraph.trace.product import Bools

#: How the cell begins that asks whether edges' needs are held.
_WAITS: Final = '["needs"'


@dataclass(frozen=True)
class Estate:
    """What is judged.

    Attributes:
        graph: The merged graph, assurance nodes included.
        targets: Assurance nodes by key.
        boundary: Per node: in, carve_out, inclusive or outside.
        organization: As the scope says.
        commitments: Categories committed to, in print order.
        thresholds: Limits of the weakness rules.
        day: Day of the answers.
        doubted: Categories that may be promised besides: the scope's word is not known.
        unread: A part of the scope that could have opened a path could not be read. For every
            living identity inside the boundary that is as good as a gap it reaches.
        closed: Rows of gaps that an answer of the scope closes.
        dropped: Rows of edges that are taken for none, to see what rests on them.
        down: Gates that are taken not to stand, likewise.
        cut_weights: What the scope says of the changes that a cut may propose.
    """

    graph: Graph
    targets: tuple[Target, ...]
    boundary: npt.NDArray[np.object_]
    organization: str
    commitments: tuple[str, ...]
    thresholds: Mapping[str, float]
    day: Day
    doubted: tuple[str, ...] = ()
    unread: bool = False
    closed: frozenset[int] = frozenset()
    dropped: frozenset[int] = frozenset()
    down: frozenset[str] = frozenset()
    cut_weights: CutWeights = field(default_factory=CutWeights)

    @cached_property
    def changes(self) -> Changes:
        """What can be taken away from the graph, and what the scope says of that."""
        return Changes(self.graph, self.cut_weights)

    @cached_property
    def alive(self) -> Bools:
        """Nodes that hold states on the day."""
        return self.day.alive(self.graph)

    @cached_property
    def in_force(self) -> Bools:
        """Edges that hold on the day, both ends alive."""
        found = self.day.in_force(self.graph)
        found[sorted(self.dropped)] = False
        return found

    @cached_property
    def open_gaps(self) -> list[tuple[int, tuple[State, ...]]]:
        """Gaps of the day that no answer closes: node and the states hidden there."""
        return [self.gap(row) for row in self.open_gap_rows]

    @cached_property
    def open_gap_rows(self) -> list[int]:
        """Rows of the gaps of the day that no answer closes."""
        rows = np.flatnonzero(self.day.covers(self.graph.gaps)).tolist()
        return [row for row in rows if row not in self.closed and not self._leads_nowhere(row)]

    def _leads_nowhere(self, row: int) -> bool:
        """Whether all edges that a gap stands for lead to, or need, what holds no states today."""
        asks = "" if self.alive.all() else str(self.graph.gaps["asks"].iat[row])
        found = of_cell(asks) if asks.startswith(_WAITS) else None
        if not isinstance(found, Needs):
            return False
        edges = [dict(zip(EDGE, edge, strict=True)) for edge in found.edges]
        ends = [(one["to"], *(at for at, _ in needs_of(one["needs"]))) for one in edges]
        return all(any(map(self._is_gone, one)) for one in ends)

    def _is_gone(self, key: str) -> bool:
        node = self.graph.node_id(key)
        return node is not None and not self.alive[node]

    @property
    def alike_gaps(self) -> dict[tuple[int, tuple[State, ...]], list[int]]:
        """Open gaps by what they are to a walker: at the same node, hiding the same states."""
        found: dict[tuple[int, tuple[State, ...]], list[int]] = {}
        for row in self.open_gap_rows:
            found.setdefault(self.gap(row), []).append(row)
        return found

    @cached_property
    def gap_reasons(self) -> Mapping[str, tuple[str, ...]]:
        """Node key to the reasons of its gaps of the day that no answer closes, in order."""
        reasons, keys = self.graph.gaps["reason"].tolist(), self.graph.key_list
        found: dict[str, set[str]] = {}
        for row in self.open_gap_rows:
            found.setdefault(keys[self._gap_nodes[row]], set()).add(str(reasons[row]))
        return {key: tuple(sorted(said)) for key, said in found.items()}

    def gap(self, row: int) -> tuple[int, tuple[State, ...]]:
        """Node of a gap, and the states it hides there."""
        return self._gap_nodes[row], self.graph.gap_states(row)

    @cached_property
    def _gap_nodes(self) -> list[int]:
        return self.graph.gaps["node"].tolist()

    @cached_property
    def nhi(self) -> Bools:
        """Nodes of the population: every NHI kind and whatever is marked, minus exceptions."""
        marked = self.graph.nodes["nhi"].to_numpy(dtype=object)
        labels = [k.label for k in kinds.NODE_KINDS.values() if k.nhi]
        found: Bools = (self.graph.of_kind(labels) & (marked != "false")) | (marked == "true")
        return found

    @cached_property
    def people(self) -> Bools:
        """People, groups, and identities of which a record says that they are a person's."""
        family = [k.label for k in kinds.NODE_KINDS.values() if k.family is Family.IDENTITY]
        found: Bools = self.graph.of_kind(family) & ~self.nhi
        return found

    @cached_property
    def acts(self) -> Bools:
        """Nodes that act: the population, people, groups, and what stands for their rights."""
        found: Bools = self.nhi | self.graph.of_kind(
            [k.label for k in kinds.NODE_KINDS.values() if k.actor]
        )
        return found

    @cached_property
    def credential(self) -> Bools:
        """Nodes of a credential kind."""
        family = [k.label for k in kinds.NODE_KINDS.values() if k.family is Family.CREDENTIAL]
        return self.graph.of_kind(family)

    @cached_property
    def identities(self) -> list[int]:
        """Node ids of the population, by key."""
        return np.flatnonzero(self.nhi).tolist()

    def in_boundary(self, node: int) -> bool:
        """In or inclusive: what a carve-out or the outside holds is not ours to judge."""
        return self.boundary[node] in {"in", "inclusive"}

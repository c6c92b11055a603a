"""The merged graph as joins look at it: nodes by kind, edges by their ends."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from nhigraph.facts import keys
from nhigraph.facts.asks import Ask
from nhigraph.facts.ends import End
from nhigraph.facts.evidence import Evidence
from nhigraph.graph.columns import kinds_of, last_day, needs_of, states_of
from nhigraph.graph.store import Graph, Ints
from nhigraph.records import dataclass
from nhigraph.schema.types import Certainty, EdgeKind, NodeKind, Origin, State

E = TypeVar("E", bound=End)


@dataclass(frozen=True, slots=True)
class Arc:
    """One edge.

    Attributes:
        row: Its number in the graph.
        source: Node it starts from.
        target: Node it goes to.
        certain: Whether a document says so without a condition.
        needs: Other states the same identity must hold, by key.
        gate: Key of its gate; empty if it has none.
        action: Its own action; empty where it states none.
        transform: On FEEDS, what happens to the values.
        condition: Residual text of its condition; empty where it has none.
    """

    row: int
    source: int
    target: int
    certain: bool
    needs: tuple[tuple[str, State], ...]
    gate: str
    action: str
    transform: str
    condition: str


class View:
    """Indexed access to one graph; nothing is indexed before it is asked for."""

    def __init__(self, graph: Graph) -> None:
        """Keep the graph."""
        self.graph = graph
        self._kinds = graph.kind_list
        self._ends: dict[int, tuple[End, ...]] = {}
        self._cells = {
            name: graph.edges[name].to_numpy()
            for name in (
                *("kind", "src", "dst", "certainty", "condition"),
                *("needs", "gate", "action", "transform"),
            )
        }

    # -- nodes ----------------------------------------------------------------------------------

    def key(self, node: int) -> str:
        """Key of a node."""
        return self.graph.key_list[node]

    def parsed(self, node: int) -> keys.Key | None:
        """Key of a node with its parts; None where it is of no form that is known."""
        return keys.parse(self.graph.key_list[node])

    def is_native(self, node: int) -> bool:
        """Whether an export of a provider speaks of a node, and not people alone."""
        cell = str(self.graph.nodes["kinds"].iat[node])
        return any(origin == Origin.NATIVE for origin, _ in kinds_of(cell))

    def node(self, key: str) -> int | None:
        """Node with a key."""
        return self.graph.node_id(key)

    def state(self, node: int) -> str:
        """Life of a node; empty where nothing was said."""
        return str(self.graph.nodes["state"].iat[node])

    def name(self, node: int) -> str:
        """What people call a node; empty where nobody says."""
        return str(self.graph.nodes["name"].iat[node])

    @property
    def gates(self) -> frozenset[str]:
        """Keys of the gates that edges name."""
        return self.graph.named_gates

    def of_kind(self, *kinds: NodeKind) -> list[int]:
        """Nodes of some kinds, by key."""
        return sorted({node for kind in kinds for node in self._by_kind.get(kind.label, ())})

    @cached_property
    def _by_kind(self) -> dict[str, list[int]]:
        coded = self.graph.node_kind
        order = np.argsort(coded.codes, kind="stable")
        ends = np.searchsorted(coded.codes[order], np.arange(len(coded.words) + 1))
        found = {
            word: order[first:last].tolist()
            for word, first, last in zip(coded.words, ends[:-1], ends[1:], strict=True)
        }
        for node in self.graph.several_kinds:
            for kind in self.graph.kinds(node)[1:]:
                found.setdefault(kind, []).append(node)
        return found

    def is_a(self, node: int, *kinds: NodeKind) -> bool:
        """Whether a node is of one of the kinds."""
        labels = {kind.label for kind in kinds}
        return self._kinds[node] in labels or not labels.isdisjoint(self.graph.kinds(node))

    def props(self, node: int) -> dict[str, Any]:
        """Properties of a node; do not change them."""
        return self.graph.props(node)

    def ends(self, node: int, kind: type[E]) -> tuple[E, ...]:
        """What documents say at a node for others to answer, of one type."""
        if node not in self._ends:
            self._ends[node] = tuple(self.graph.ends_at(node))
        return tuple(end for end in self._ends[node] if isinstance(end, kind))

    def text(self, node: int, name: str) -> str:
        """A property that is one text; empty where it is none."""
        value = self.props(node).get(name)
        return value if isinstance(value, str) else ""

    def lines(self, node: int, name: str) -> tuple[str, ...]:
        """A property that is a list of texts."""
        value = self.props(node).get(name)
        if isinstance(value, str):
            return (value,)
        found = value if isinstance(value, list | tuple) else ()
        return tuple(item for item in found if isinstance(item, str))

    def expires(self, node: int) -> date | None:
        """Last day of a node; None where it has none, or none that could be read."""
        cell = last_day(str(self.graph.nodes["expires"].iat[node]))
        return date.fromisoformat(cell) if cell else None

    def places(self, node: int) -> list[Evidence]:
        """Where a node was said, smallest place first."""
        return self.graph.evidence_of("node", node)

    # -- edges ----------------------------------------------------------------------------------

    def out(self, node: int, *kinds: EdgeKind) -> Iterator[Arc]:
        """Edges of some kinds (all, if none is named) from a node."""
        first, last = np.searchsorted(self._cells["src"], [node, node + 1])
        yield from self._arcs(range(first, last), kinds)

    def into(self, node: int, *kinds: EdgeKind) -> Iterator[Arc]:
        """Edges of some kinds (all, if none is named) to a node."""
        order, ends = self._by_target
        first, last = np.searchsorted(ends, [node, node + 1])
        yield from self._arcs(order[first:last].tolist(), kinds)

    @cached_property
    def _by_target(self) -> tuple[Ints, Ints]:
        order = np.argsort(self._cells["dst"], kind="stable")
        return order, self._cells["dst"][order]

    def _arcs(self, rows: "range | list[int]", kinds: tuple[EdgeKind, ...]) -> Iterator[Arc]:
        labels = {kind.label for kind in kinds}
        cells = self._cells
        for row in rows:
            if labels and cells["kind"][row] not in labels:
                continue
            yield Arc(
                row,
                int(cells["src"][row]),
                int(cells["dst"][row]),
                cells["certainty"][row] == Certainty.CERTAIN,
                tuple(needs_of(str(cells["needs"][row]))),
                str(cells["gate"][row]),
                str(cells["action"][row]),
                str(cells["transform"][row]),
                str(cells["condition"][row]),
            )

    def arcs(self, rows: list[int]) -> Iterator[Arc]:
        """Edges by their numbers."""
        yield from self._arcs(rows, ())

    def gaps(self, node: int) -> Iterator[tuple[str, Evidence, tuple[State, ...], Ask | None]]:
        """What is not known at a node: why, where, the states it hides, what would close it."""
        for row in self._gaps.get(node, ()):
            place = self.graph.evidence_of("gap", row)[0]
            states = states_of(str(self.graph.gaps["states"].iat[row]))
            reason = str(self.graph.gaps["reason"].iat[row])
            yield reason, place, states, self.graph.gap_asks(row)

    @cached_property
    def _gaps(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for row, node in enumerate(self.graph.gaps["node"].tolist()):
            found.setdefault(node, []).append(row)
        return found

    def said(self, arc: Arc) -> list[Evidence]:
        """Where an edge was said, smallest place first."""
        return self.graph.evidence_of("edge", arc.row)

"""A product over the nodes that its clauses speak of: of a million there may be a third left.

What is asked of a product costs memory and time by its states, whether a clause speaks of them or
not. Nodes keep their order, and states their place at them.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.product import STATES, GateSpec, Product
from nhigraph.trace.sets import Int32s


@dataclass(frozen=True, slots=True)
class Fewer:
    """Nodes that are left, numbered anew.

    Attributes:
        number: Per node its new number, or -1; last and apart the states that are no node's.
        many: How many nodes are left.
    """

    number: Int32s
    many: int

    @classmethod
    def of(cls, product: Product, nodes: Iterable[int]) -> "Fewer":
        """Those that clauses of a product speak of, and some others.

        Args:
            product: Any closure's reading of it: they speak of the same nodes.
            nodes: Node ids of the others.
        """
        kept = np.zeros(product.size // STATES + 1, dtype=bool)
        for states in product.src, product.dst, product.need_idx:
            kept[states // STATES] = True
        kept = kept[: product.nodes]
        kept[list(nodes)] = True
        many = int(kept.sum())
        return cls(np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32), many)

    def states(self, states: Ints) -> Ints:
        """States by their new numbers; -1 for those of nodes that are not left."""
        first = len(self.number) * STATES
        node = np.minimum(states // STATES, len(self.number) - 1)
        number = self.number[node].astype(np.int64)
        found = np.where(number >= 0, number * STATES + states % STATES, -1)
        return np.where(states < first, found, states - first + self.many * STATES)

    def left(self, states: Iterable[int]) -> list[int]:
        """The same of those that are left."""
        found = self.states(np.fromiter(states, dtype=np.int64))
        kept: list[int] = found[found >= 0].tolist()
        return kept

    def product(self, product: Product) -> Product:
        """The same clauses over them."""
        return replace(
            product,
            size=product.size - (product.nodes - self.many) * STATES,
            nodes=self.many,
            src=self.states(product.src),
            dst=self.states(product.dst),
            need_idx=self.states(product.need_idx),
            gates=[self._gate(gate) for gate in product.gates],
        )

    def _gate(self, gate: GateSpec) -> GateSpec:
        defeats, approvals = tuple(self.left(gate.defeats)), tuple(self.left(gate.approvals))
        return replace(gate, defeats=defeats, approvals=approvals)

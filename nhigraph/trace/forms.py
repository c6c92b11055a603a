"""The forms in which a product is closed: rows of arrays for compiled loops, or plain lists."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np

from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.order import Order
from nhigraph.trace.product import Product

T = TypeVar("T")
#: Readings of which needs are kept: those of one estate are four, and whoever asks for more of
#: them asks for most only once.
_READINGS = 16


class Layout:
    """A product in rows: its touched states, in the order in which they are settled."""

    def __init__(self, product: Product, order: Order) -> None:
        """Lay it out."""
        states = order.states
        self.row = np.full(product.size, len(states), dtype=np.int64)
        self.row[states] = np.arange(len(states))
        self.src, self.dst = self.row[product.src], self.row[product.dst]
        self.guard = np.where(product.guard >= 0, self.row[product.guard], -1)
        self.every = np.ones(product.clauses, dtype=bool)
        self._component = order.component[states]
        first, counts = order.out_ptr[states], np.diff(order.out_ptr)[states]
        self._out_ptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        # Clauses in order of the rows that they are inputs of, one row after another.
        shift = np.repeat(first - self._out_ptr[:-1], counts)
        self._out_idx = order.out_idx[np.arange(self._out_ptr[-1]) + shift]
        self._needs: dict[int, tuple[Product, Ints]] = {}

    def clauses(self) -> tuple[Ints, ...]:
        """Clauses, as the loops take them."""
        return self._component, self._out_ptr, self._out_idx, self.src, self.dst

    def needs(self, reading: Product) -> tuple[Ints, Ints]:
        """Needs of a reading, in rows; the reading is kept, so that its id stays its own."""
        if id(reading) not in self._needs:
            _make_room(self._needs)
            self._needs[id(reading)] = reading, self.row[reading.need_idx]
        return reading.need_ptr, self._needs[id(reading)][1]


class Lists:
    """A product as plain lists: components in order, and the clauses states are inputs of."""

    def __init__(self, product: Product, order: Order) -> None:
        """Lay it out."""
        self.groups: list[list[int]] = []
        last = -1
        component = order.component[order.states].tolist()
        for state, number in zip(order.states.tolist(), component, strict=True):
            if number != last:
                self.groups.append([])
                last = number
            self.groups[-1].append(state)
        ptr, idx = order.out_ptr.tolist(), order.out_idx.tolist()
        self.out = {s: idx[ptr[s] : ptr[s + 1]] for group in self.groups for s in group}
        self.src: list[int] = product.src.tolist()
        self.dst: list[int] = product.dst.tolist()
        self.guard: list[int] = product.guard.tolist()
        self._needs: dict[int, tuple[Product, dict[int, list[int]]]] = {}

    def fired(self, reading: Product, held: list[int]) -> "Fired":
        """Who fires what; the reading is kept, so that its id stays its own."""
        if id(reading) not in self._needs:
            _make_room(self._needs)
            ptr, idx = reading.need_ptr.tolist(), reading.need_idx.tolist()
            needing = np.flatnonzero(np.diff(reading.need_ptr)).tolist()
            needs = {clause: idx[ptr[clause] : ptr[clause + 1]] for clause in needing}
            self._needs[id(reading)] = reading, needs
        return Fired(self.src, self._needs[id(reading)][1], held)

    def run(
        self, held: list[int], fire: Callable[[int], int], grown: set[int] | None = None
    ) -> None:
        """Settle the states, from all that hold something, or from those that have grown on."""
        dst = self.dst
        for group in self.groups:
            if grown is None:
                queue = [state for state in group if held[state]]
            else:
                queue = [state for state in group if state in grown]
            inside = set(group) if len(group) > 1 else set()
            queued = set(queue)
            while queue:
                state = queue.pop()
                queued.discard(state)
                for clause in self.out[state]:
                    end = dst[clause]
                    new = fire(clause) & ~held[end]
                    if new:
                        held[end] |= new
                        if grown is not None:
                            grown.add(end)
                        if end in inside and end not in queued:
                            queue.append(end)
                            queued.add(end)


@dataclass(frozen=True, slots=True)
class Fired:
    """Lanes for which a clause fires: its source and all of its needs are held."""

    src: list[int]
    needs: Mapping[int, list[int]]
    held: list[int]

    def __call__(self, clause: int) -> int:
        """Lanes for which it fires."""
        lanes: int = self.held[self.src[clause]]
        for need in self.needs.get(clause, ()):
            lanes &= self.held[need]
        return lanes


def _make_room(kept: dict[int, T]) -> None:
    if len(kept) >= _READINGS:
        kept.clear()

"""Least fixpoints of clauses, all identities at once: one bit lane each.

Two engines give the same sets. Small graphs keep a state's lanes in one Python integer; large ones
keep words in an array and run the compiled kernel.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from nhigraph.graph.store import Ints
from nhigraph.trace import kernels
from nhigraph.trace.order import Order
from nhigraph.trace.product import Bools, Product

Words = npt.NDArray[np.uint64]
#: From this many (clause, word) pairs on, compiling the kernel pays.
COMPILE_FROM = 60_000
WORD = 64


class Reach(Protocol):
    """Which lanes hold which state."""

    def lanes(self, state: int) -> int:
        """Lanes that hold a state, as the bits of an integer."""

    def at_all(self, state: int) -> bool:
        """Whether any lane holds it."""


@dataclass(slots=True)
class IntReach:
    """Lanes as Python integers."""

    held: list[int]

    def lanes(self, state: int) -> int:
        """Lanes that hold a state, as the bits of an integer."""
        return self.held[state]

    def at_all(self, state: int) -> bool:
        """Whether any lane holds it."""
        return self.held[state] != 0


@dataclass(slots=True)
class WordReach:
    """Lanes as words of an array, states in rows."""

    held: Words

    def lanes(self, state: int) -> int:
        """Lanes that hold a state, as the bits of an integer."""
        return int.from_bytes(self.held[state].tobytes(), "little")

    def at_all(self, state: int) -> bool:
        """Whether any lane holds it."""
        return bool(self.held[state].any())


class Solver:
    """Solves closures and flags of one product, in one settled order.

    Attributes:
        order: Order that is valid for every closure of the product.
        compiled: Whether the kernel is used.
    """

    def __init__(self, product: Product, order: Order, width: int) -> None:
        """Choose the engine by the size of the work; ``width`` is the number of lanes."""
        self.order = order
        self.words = -(-width // WORD)
        self.compiled = product.clauses * self.words >= COMPILE_FROM
        self._groups, self._out = ([], {}) if self.compiled else _lists(order)

    def reach(self, clauses: Product, start: Mapping[int, int]) -> Reach:
        """Least set closed under the clauses that holds the start.

        Args:
            clauses: A closure's reading of the product.
            start: State to the lanes that hold it from the beginning.
        """
        if self.compiled:
            return self._reach_words(clauses, start)
        held = [0] * clauses.size
        for state, lanes in start.items():
            held[state] |= lanes
        fired = _Fired(clauses, held)
        self._run(fired.dst, held, fired)
        return IntReach(held)

    def flag(
        self,
        clauses: Product,
        reach: Reach,
        states: Iterable[int],
        labelled: Bools,
        carriers: Bools | None = None,
    ) -> Reach:
        """Lanes that hold a state by way of something flagged.

        Args:
            clauses: The closure in which ``reach`` was found.
            reach: Its least set.
            states: Flagged states: whoever holds one carries the flag from there.
            labelled: Flagged clauses: whoever fires one carries the flag from its end.
            carriers: Clauses that hand the flag on; all by default.
        """
        if isinstance(reach, WordReach):
            return self._flag_words(clauses, reach, states, labelled, carriers)
        assert isinstance(reach, IntReach)  # noqa: S101 - the two engines never mix
        fired = _Fired(clauses, reach.held)
        flags = [0] * clauses.size
        for state in states:
            flags[state] |= reach.held[state]
        for clause in np.flatnonzero(labelled).tolist():
            flags[fired.dst[clause]] |= fired(clause)
        guard = clauses.guard.tolist()
        carry = None if carriers is None else carriers.tolist()

        def fire(clause: int) -> int:
            if carry is not None and not carry[clause]:
                return 0
            lanes = flags[fired.src[clause]]
            for need in fired.needs.get(clause, ()):
                lanes |= flags[need]
            if guard[clause] >= 0:
                # Whoever defeats the gate passes by way of what defeats it.
                lanes |= flags[guard[clause]]
            return lanes & fired(clause) if lanes else 0

        self._run(fired.dst, flags, fire)
        return IntReach(flags)

    def _run(self, dst: list[int], held: list[int], fire: Callable[[int], int]) -> None:
        for group in self._groups:
            queue = [state for state in group if held[state]]
            inside = set(group) if len(group) > 1 else set()
            queued = set(queue)
            while queue:
                state = queue.pop()
                queued.discard(state)
                for clause in self._out.get(state, ()):
                    end = dst[clause]
                    new = fire(clause) & ~held[end]
                    if new:
                        held[end] |= new
                        if end in inside and end not in queued:
                            queue.append(end)
                            queued.add(end)

    def _reach_words(self, clauses: Product, start: Mapping[int, int]) -> WordReach:
        held = np.zeros((clauses.size, self.words), dtype=np.uint64)
        for state, lanes in start.items():
            held[state] |= _row(lanes, self.words)
        kernels.load().propagate(*self._arrays(clauses), held)
        return WordReach(held)

    def _flag_words(
        self,
        clauses: Product,
        reach: WordReach,
        states: Iterable[int],
        labelled: Bools,
        carriers: Bools | None,
    ) -> WordReach:
        flags = np.zeros_like(reach.held)
        rows = np.fromiter(states, dtype=np.int64)
        flags[rows] = reach.held[rows]
        carry = np.ones(clauses.clauses, dtype=bool) if carriers is None else carriers
        kernel = kernels.load()
        kernel.label(
            np.flatnonzero(labelled),
            clauses.src,
            clauses.dst,
            clauses.need_ptr,
            clauses.need_idx,
            reach.held,
            flags,
        )
        kernel.propagate_flags(*self._arrays(clauses), clauses.guard, carry, reach.held, flags)
        return WordReach(flags)

    def _arrays(self, clauses: Product) -> tuple[Ints, ...]:
        order = self.order
        return (
            order.states,
            order.component,
            order.out_ptr,
            order.out_idx,
            clauses.src,
            clauses.dst,
            clauses.need_ptr,
            clauses.need_idx,
        )


class _Fired:
    """Lanes for which a clause fires: its source and all of its needs are held."""

    def __init__(self, clauses: Product, held: list[int]) -> None:
        self.src, self.dst = clauses.src.tolist(), clauses.dst.tolist()
        self.held = held
        ptr, idx = clauses.need_ptr.tolist(), clauses.need_idx.tolist()
        needing = np.flatnonzero(np.diff(clauses.need_ptr)).tolist()
        self.needs = {clause: idx[ptr[clause] : ptr[clause + 1]] for clause in needing}

    def __call__(self, clause: int) -> int:
        lanes: int = self.held[self.src[clause]]
        for need in self.needs.get(clause, ()):
            lanes &= self.held[need]
        return lanes


def _lists(order: Order) -> tuple[list[list[int]], dict[int, list[int]]]:
    """Components in order, and the clauses each state is an input of, as plain lists."""
    groups: list[list[int]] = []
    last = -1
    component = order.component[order.states].tolist()
    for state, number in zip(order.states.tolist(), component, strict=True):
        if number != last:
            groups.append([])
            last = number
        groups[-1].append(state)
    ptr, idx = order.out_ptr.tolist(), order.out_idx.tolist()
    out = {state: idx[ptr[state] : ptr[state + 1]] for group in groups for state in group}
    return groups, out


def _row(lanes: int, words: int) -> Words:
    return np.frombuffer(lanes.to_bytes(words * 8, "little"), dtype=np.uint64)

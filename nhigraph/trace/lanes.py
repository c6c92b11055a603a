"""Least fixpoints of clauses, all identities at once: one bit lane each.

Two engines give the same sets. Small graphs keep a state's lanes in one Python integer; large ones
keep words in an array and run the compiled kernel.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
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

    def holds(self, state: int, lane: int) -> bool:
        """Whether one lane holds it."""

    def at_all(self, state: int) -> bool:
        """Whether any lane holds it."""

    def words(self, states: Sequence[int]) -> Words:
        """Lanes of some states, as words: one row per state."""


@dataclass(slots=True)
class IntReach:
    """Lanes as Python integers.

    Attributes:
        held: Lanes by state.
        width: Words that hold all lanes.
    """

    held: list[int]
    width: int

    def lanes(self, state: int) -> int:
        """Lanes that hold a state, as the bits of an integer."""
        return self.held[state]

    def holds(self, state: int, lane: int) -> bool:
        """Whether one lane holds it."""
        return self.held[state] >> lane & 1 == 1

    def at_all(self, state: int) -> bool:
        """Whether any lane holds it."""
        return self.held[state] != 0

    def words(self, states: Sequence[int]) -> Words:
        """Lanes of some states, as words: one row per state."""
        size = self.width * WORD // 8
        raw = b"".join(self.held[state].to_bytes(size, "little") for state in states)
        return np.frombuffer(raw, dtype="<u8").reshape(len(states), self.width)


@dataclass(slots=True)
class WordReach:
    """Lanes as words of an array.

    Attributes:
        held: Lanes by row; the last row is that of all states no clause touches, and empty.
        row: Row of every state.
        alone: Lanes of states that no clause touches and somebody starts with.
    """

    held: Words
    row: Ints
    alone: dict[int, int]

    def lanes(self, state: int) -> int:
        """Lanes that hold a state, as the bits of an integer."""
        found = int.from_bytes(self.held[self.row[state]].tobytes(), "little")
        return found or self.alone.get(state, 0)

    def holds(self, state: int, lane: int) -> bool:
        """Whether one lane holds it."""
        if state in self.alone:
            return self.alone[state] >> lane & 1 == 1
        return int(self.held[self.row[state], lane // WORD]) >> lane % WORD & 1 == 1

    def at_all(self, state: int) -> bool:
        """Whether any lane holds it."""
        return bool(self.held[self.row[state]].any()) or state in self.alone

    def words(self, states: Sequence[int]) -> Words:
        """Lanes of some states, as words: one row per state."""
        found = self.held[self.row[np.asarray(states, dtype=np.int64)]]
        for number, state in enumerate(states if self.alone else ()):
            if state in self.alone:
                found[number] = _row(self.alone[state], self.held.shape[1])
        return found


@dataclass(frozen=True, slots=True)
class Begun:
    """Lanes and states that they hold from the beginning, pair by pair.

    Attributes:
        state: The state of each pair.
        lane: Its lane.
    """

    state: Ints
    lane: Ints

    def pairs(self) -> Iterator[tuple[int, int]]:
        """The pairs, one after another."""
        return zip(self.state.tolist(), self.lane.tolist(), strict=True)

    def into(self, held: Words, row: Ints) -> None:
        """Set the bit of every pair, in rows by state."""
        bit = np.uint64(1) << (self.lane % WORD).astype(np.uint64)
        np.bitwise_or.at(held, (row[self.state], self.lane // WORD), bit)


class Solver:
    """Solves closures and flags of one product, in one settled order.

    What it works out about the product and its readings is kept: use one for all blocks of lanes.

    Attributes:
        order: Order that is valid for every closure of the product.
        words: Words that hold all lanes.
        compiled: Whether the kernel is used.
    """

    def __init__(self, product: Product, order: Order, width: int) -> None:
        """Choose the engine by the size of the work; ``width`` is the number of lanes."""
        self.order = order
        self.words = -(-width // WORD)
        large = product.clauses * self.words >= COMPILE_FROM
        self.compiled = large and kernels.available()
        self._layout = _Layout(product, order) if self.compiled else None
        self._lists = None if self.compiled else _Lists(product, order)

    def reach(self, clauses: Product, start: Mapping[int, int]) -> Reach:
        """Least set closed under the clauses that holds the start.

        Args:
            clauses: A closure's reading of the product.
            start: State to the lanes that hold it from the beginning.
        """
        if self._layout is not None:
            return self._reach_words(self._layout, clauses, start)
        assert self._lists is not None  # noqa: S101 - it is one engine or the other
        held = [0] * clauses.size
        for state, lanes in start.items():
            held[state] |= lanes
        fired = self._lists.fired(clauses, held)
        self._lists.run(held, fired)
        return IntReach(held, self.words)

    def flag(
        self,
        clauses: Product,
        reach: Reach,
        states: Iterable[int],
        labelled: Bools,
        carriers: Bools | None = None,
        begun: Begun | None = None,
    ) -> Reach:
        """Lanes that hold a state by way of something flagged.

        Args:
            clauses: The closure in which ``reach`` was found.
            reach: Its least set.
            states: Flagged states: whoever holds one carries the flag from there.
            labelled: Flagged clauses: whoever fires one carries the flag from its end.
            carriers: Clauses that hand the flag on; all by default.
            begun: Lanes that carry the flag from states which they hold from the beginning.
        """
        if isinstance(reach, WordReach):
            return self._flag_words(clauses, reach, states, labelled, carriers, begun)
        assert isinstance(reach, IntReach)  # noqa: S101 - the two engines never mix
        assert self._lists is not None  # noqa: S101 - as above
        lists = self._lists
        fired = lists.fired(clauses, reach.held)
        flags = [0] * clauses.size
        for state in states:
            flags[state] |= reach.held[state]
        for clause in np.flatnonzero(labelled).tolist():
            flags[lists.dst[clause]] |= fired(clause)
        for state, lane in begun.pairs() if begun else ():
            flags[state] |= 1 << lane
        if not any(flags):
            return IntReach(flags, self.words)
        carry = None if carriers is None else carriers.tolist()

        def fire(clause: int) -> int:
            if carry is not None and not carry[clause]:
                return 0
            lanes = flags[lists.src[clause]]
            for need in fired.needs.get(clause, ()):
                lanes |= flags[need]
            if lists.guard[clause] >= 0:
                # Whoever defeats the gate passes by way of what defeats it.
                lanes |= flags[lists.guard[clause]]
            return lanes & fired(clause) if lanes else 0

        lists.run(flags, fire)
        return IntReach(flags, self.words)

    def _reach_words(
        self, layout: "_Layout", clauses: Product, start: Mapping[int, int]
    ) -> WordReach:
        rows = len(self.order.states)
        held = np.zeros((rows + 1, self.words), dtype=np.uint64)
        live = np.zeros(rows + 1, dtype=bool)
        alone = {}
        for state, lanes in start.items():
            row = layout.row[state]
            if row < rows:
                held[row] |= _row(lanes, self.words)
                live[row] = True
            else:
                alone[state] = lanes
        kernels.load().propagate(*layout.clauses(), *layout.needs(clauses), held, live)
        return WordReach(held, layout.row, alone)

    def _flag_words(
        self,
        clauses: Product,
        reach: WordReach,
        states: Iterable[int],
        labelled: Bools,
        carriers: Bools | None,
        begun: Begun | None,
    ) -> WordReach:
        layout = self._layout
        assert layout is not None  # noqa: S101 - the two engines never mix
        flags = np.zeros_like(reach.held)
        flagged = np.fromiter(states, dtype=np.int64)
        rows = layout.row[flagged]
        flags[rows] = reach.held[rows]
        alone = {int(s): reach.alone[int(s)] for s in flagged if int(s) in reach.alone}
        if begun is not None:
            begun.into(flags, layout.row)
            for state, lane in begun.pairs() if reach.alone else ():
                if state in reach.alone:
                    alone[state] = alone.get(state, 0) | 1 << lane
        flags[-1] = 0  # whatever no clause touches
        live = flags.any(axis=1)
        needs = layout.needs(clauses)
        kernel = kernels.load()
        kernel.label(
            np.flatnonzero(labelled), layout.src, layout.dst, *needs, reach.held, flags, live
        )
        if live.any():
            carry = layout.every if carriers is None else carriers
            kernel.propagate_flags(
                *layout.clauses(), *needs, layout.guard, carry, reach.held, flags, live
            )
        return WordReach(flags, layout.row, alone)


class _Layout:
    """A product in rows: its touched states, in the order in which they are settled."""

    def __init__(self, product: Product, order: Order) -> None:
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
        return self._component, self._out_ptr, self._out_idx, self.src, self.dst

    def needs(self, reading: Product) -> tuple[Ints, Ints]:
        """Needs of a reading, in rows; the reading is kept, so that its id stays its own."""
        if id(reading) not in self._needs:
            self._needs[id(reading)] = reading, self.row[reading.need_idx]
        return reading.need_ptr, self._needs[id(reading)][1]


class _Lists:
    """A product as plain lists: components in order, and the clauses states are inputs of."""

    def __init__(self, product: Product, order: Order) -> None:
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

    def fired(self, reading: Product, held: list[int]) -> "_Fired":
        """Who fires what; the reading is kept, so that its id stays its own."""
        if id(reading) not in self._needs:
            ptr, idx = reading.need_ptr.tolist(), reading.need_idx.tolist()
            needing = np.flatnonzero(np.diff(reading.need_ptr)).tolist()
            needs = {clause: idx[ptr[clause] : ptr[clause + 1]] for clause in needing}
            self._needs[id(reading)] = reading, needs
        return _Fired(self.src, self._needs[id(reading)][1], held)

    def run(self, held: list[int], fire: Callable[[int], int]) -> None:
        dst = self.dst
        for group in self.groups:
            queue = [state for state in group if held[state]]
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
                        if end in inside and end not in queued:
                            queue.append(end)
                            queued.add(end)


@dataclass(frozen=True, slots=True)
class _Fired:
    """Lanes for which a clause fires: its source and all of its needs are held."""

    src: list[int]
    needs: Mapping[int, list[int]]
    held: list[int]

    def __call__(self, clause: int) -> int:
        lanes: int = self.held[self.src[clause]]
        for need in self.needs.get(clause, ()):
            lanes &= self.held[need]
        return lanes


def bits(lanes: int) -> Iterator[int]:
    """Numbers of the bits that are set, ascending."""
    if not lanes:
        return iter(())
    raw = np.frombuffer(lanes.to_bytes(-(-lanes.bit_length() // 8), "little"), dtype=np.uint8)
    return iter(np.flatnonzero(np.unpackbits(raw, bitorder="little")).tolist())


def _row(lanes: int, words: int) -> Words:
    return np.frombuffer(lanes.to_bytes(words * WORD // 8, "little"), dtype="<u8")

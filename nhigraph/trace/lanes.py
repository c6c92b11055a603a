"""Least fixpoints of clauses, all identities at once: one bit lane each.

Two engines give the same sets. Small graphs keep a state's lanes in one Python integer; large ones
keep words in an array and run the compiled kernel.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace import kernels
from nhigraph.trace.forms import Layout, Lists
from nhigraph.trace.order import Order
from nhigraph.trace.product import Bools, Product

Words = npt.NDArray[np.uint64]
#: From this many (clause, word) pairs on, compiling the kernel pays.
COMPILE_FROM = 60_000
#: So many looks of lists at a word of lanes of a clause take as long as to load the loops.
COMPILE_AFTER = 10_000_000
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
                found[number] = row_of(self.alone[state], self.held.shape[1])
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
        product: The product.
        order: Order that is valid for every closure of the product.
        words: Words that hold all lanes.
        compiled: Whether the kernel is used.
        walked: What was done, in looks of a word of lanes at a clause, if each looks at each once.
    """

    def __init__(self, product: Product, order: Order, width: int, walked: int = 0) -> None:
        """Choose the engine by the size of the work.

        Args:
            product: What is closed.
            order: Its order.
            width: The number of lanes.
            walked: What lists have done of it before: many small walks are a large one.
        """
        self.product, self.order = product, order
        self.words, self.walked = -(-width // WORD), walked
        large = self.size >= COMPILE_FROM or walked >= COMPILE_AFTER
        self.compiled = large and kernels.available()
        self._layout = Layout(product, order) if self.compiled else None
        self._lists = None if self.compiled else Lists(product, order)

    @property
    def size(self) -> int:
        """Looks of one walk."""
        return self.product.clauses * self.words

    @property
    def outgrown(self) -> bool:
        """Whether lists were used for so much that the loops would have been the better choice."""
        return not self.compiled and self.walked >= COMPILE_AFTER and kernels.available()

    def taken(self, reach: Reach) -> Reach:
        """The same lanes as another engine of the same product gave them, as this one has them."""
        layout = self._layout
        if layout is None or isinstance(reach, WordReach):
            return reach
        assert isinstance(reach, IntReach)  # noqa: S101 - there are two
        states = self.order.states
        held = np.zeros((len(states) + 1, self.words), dtype=np.uint64)
        held[:-1] = reach.words(states.tolist())
        last = len(states)
        alone = {s: many for s, many in enumerate(reach.held) if many and layout.row[s] == last}
        return WordReach(held, layout.row, alone)

    def reach(self, clauses: Product, start: Mapping[int, int]) -> Reach:
        """Least set closed under the clauses that holds the start.

        Args:
            clauses: A closure's reading of the product.
            start: State to the lanes that hold it from the beginning.
        """
        self.walked += self.size
        if self._layout is not None:
            return self._reach_words(self._layout, clauses, start)
        assert self._lists is not None  # noqa: S101 - it is one engine or the other
        held = [0] * clauses.size
        for state, lanes in start.items():
            held[state] |= lanes
        fired = self._lists.fired(clauses, held)
        self._lists.run(held, fired)
        return IntReach(held, self.words)

    def more(self, clauses: Product, reach: Reach, freed: Ints) -> Reach:
        """The least set once some clauses ask for less: only what comes by them is walked.

        Args:
            clauses: A reading that asks for no more than the one of ``reach``.
            reach: The least set of that one.
            freed: Clauses that ask for less than they did there.
        """
        if isinstance(reach, WordReach):
            return self._more_words(clauses, reach, freed)
        assert isinstance(reach, IntReach)  # noqa: S101 - the two engines never mix
        assert self._lists is not None  # noqa: S101 - as above
        held = reach.held.copy()
        fired, grown = self._lists.fired(clauses, held), set[int]()
        for clause in freed.tolist():
            end = self._lists.dst[clause]
            new = fired(clause) & ~held[end]
            if new:
                held[end] |= new
                grown.add(end)
        if grown:
            self.walked += self.size
            self._lists.run(held, fired, grown)
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
        self.walked += self.size
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
        self, layout: Layout, clauses: Product, start: Mapping[int, int]
    ) -> WordReach:
        rows = len(self.order.states)
        held = np.zeros((rows + 1, self.words), dtype=np.uint64)
        live = np.zeros(rows + 1, dtype=bool)
        alone = {}
        for state, lanes in start.items():
            row = layout.row[state]
            if row < rows:
                held[row] |= row_of(lanes, self.words)
                live[row] = True
            else:
                alone[state] = lanes
        kernels.load().propagate(*layout.clauses(), *layout.needs(clauses), held, live)
        return WordReach(held, layout.row, alone)

    def _more_words(self, clauses: Product, reach: WordReach, freed: Ints) -> WordReach:
        layout = self._layout
        assert layout is not None  # noqa: S101 - the two engines never mix
        held, live = reach.held.copy(), np.zeros(len(reach.held), dtype=bool)
        kernel, needs = kernels.load(), layout.needs(clauses)
        kernel.label(freed, layout.src, layout.dst, *needs, held, held, live)
        if live.any():
            kernel.propagate(*layout.clauses(), *needs, held, live)
        return WordReach(held, layout.row, reach.alone)

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


def mixed(some: Reach, others: Reach, lanes: int) -> Reach:
    """Lanes of two reaches that one engine gave, of the same states.

    Args:
        some: What the lanes hold; it has no others.
        others: What the others hold.
        lanes: The lanes, as the bits of an integer.
    """
    if isinstance(some, WordReach) and isinstance(others, WordReach):
        kept = ~row_of(lanes, some.held.shape[1])
        # What no clause touches is held by whoever starts with it: that is the same in both.
        return WordReach(others.held & kept | some.held, others.row, others.alone)
    assert isinstance(some, IntReach)  # noqa: S101 - the two engines never mix
    assert isinstance(others, IntReach)  # noqa: S101 - as above
    both = zip(some.held, others.held, strict=True)
    return IntReach([one | other & ~lanes for one, other in both], others.width)


def bits(lanes: int) -> Iterator[int]:
    """Numbers of the bits that are set, ascending."""
    if not lanes:
        return iter(())
    raw = np.frombuffer(lanes.to_bytes(-(-lanes.bit_length() // 8), "little"), dtype=np.uint8)
    return iter(np.flatnonzero(np.unpackbits(raw, bitorder="little")).tolist())


def row_of(lanes: int, words: int) -> Words:
    """Lanes, given as the bits of an integer, as words."""
    return np.frombuffer(lanes.to_bytes(words * WORD // 8, "little"), dtype="<u8")

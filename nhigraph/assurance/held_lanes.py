"""What the lanes of many walkers hold, what arrives with them, and what they pass: as columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.holders import Holders
from nhigraph.trace.lanes import WORD, Words
from nhigraph.trace.product import Bools

#: One bit for each of many things, eight a byte.
Bits = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Seen:
    """What walkers hold in *may* at some states; of others only whether any of them holds it.

    Attributes:
        holders: Who holds which of the states.
        number: State to its number there.
        somebody: States that somebody holds, of those of which that is asked.
    """

    holders: Holders
    number: Mapping[int, int]
    somebody: frozenset[int]

    def of_first(self, lanes: int) -> "Seen":
        """The same of the first lanes alone."""
        return replace(self, holders=replace(self.holders, which=self.holders.which[:lanes]))

    def lanes(self, state: int) -> int:
        """Lanes that hold a state, as the bits of an integer."""
        held = np.packbits(self.holders.of(self.number[state]), bitorder="little")
        return int.from_bytes(held.tobytes(), "little")

    def holds(self, state: int, lane: int) -> bool:
        """Whether one lane holds it."""
        return bool(self.holders.at(np.array([lane]), np.array([self.number[state]]))[0])

    def at_all(self, state: int) -> bool:
        """Whether any lane holds it."""
        if state in self.number:
            return self.lanes(state) != 0
        return state in self.somebody

    def words(self, states: Sequence[int]) -> Words:
        """Lanes of some states, as words: one row per state."""
        width = -(-len(self.holders.which) // WORD)
        raw = b"".join(self.lanes(state).to_bytes(width * WORD // 8, "little") for state in states)
        return np.frombuffer(raw, dtype="<u8").reshape(len(states), width)


@dataclass(frozen=True)
class Pairs:
    """Reach and flags of every pair of a lane and a target that it reaches in *may*.

    Attributes:
        names: Flags, in the order of their planes.
        places: Per pair, the place of its target among all.
        lanes: Per pair, its lane; ascending, and the targets of one ascending.
        planes: States in each closure, then flags: one truth a pair.
    """

    names: list[str]
    places: Ints
    lanes: Ints
    planes: Sequence[Bools]

    def parted(self, lane: int, names: Iterable[str]) -> tuple["Pairs", "Pairs"]:
        """Those of the lanes before one, with some of the flags, and the others from there on.

        The others are a copy: they outlive the first.
        """
        at, flags = int(np.searchsorted(self.lanes, lane)), len(self.planes) - len(self.names)
        kept = [flags + self.names.index(name) for name in names]
        before = [self.planes[plane][:at] for plane in (*range(flags), *kept)]
        after = [plane[at:].copy() for plane in self.planes]
        return (
            Pairs([*names], self.places[:at], self.lanes[:at], before),
            Pairs(self.names, self.places[at:].copy(), self.lanes[at:] - lane, after),
        )

    def anywhere(self, *names: str) -> int:
        """Lanes that carry all the flags to one target, as the bits of an integer."""
        if not set(names) <= set(self.names) or not len(self.lanes):
            return 0
        first = len(self.planes) - len(self.names)
        found = [self.planes[first + self.names.index(name)] for name in names]
        held = np.zeros(int(self.lanes[-1]) + 1, dtype=bool)
        held[self.lanes[np.logical_and.reduce(found)]] = True
        return int.from_bytes(np.packbits(held, bitorder="little").tobytes(), "little")

    def arrivals(self) -> tuple[Ints, Ints, npt.NDArray[np.uint8]]:
        """Place of the target and lane, one each a pair, and what arrives: a row of bytes."""
        width = -(-len(self.planes) // 8)
        keys = np.zeros((len(self.lanes), width), dtype=np.uint8)
        for number, plane in enumerate(self.planes):
            keys[:, number // 8] |= plane.astype(np.uint8) << np.uint8(number % 8)
        return self.places, self.lanes, keys


@dataclass(frozen=True)
class Passed:
    """Gates on the ways of pairs.

    Attributes:
        place: By end node, its place.
        pairs: Numbers of pairs, which are a pair's lane and then its place; ascending.
        gates: Gate to one bit for every pair: whether it passes the gate.
    """

    place: Mapping[int, int]
    pairs: Ints
    gates: Mapping[int, Bits]

    def among(self, lanes: Ints, ends: Ints) -> Iterator[tuple[int, Ints]]:
        """Gates on some way of one of some lanes to its end node; see ``resting.Gated``."""
        if not len(lanes) or not self.gates:
            return
        places = np.array([self.place[end] for end in ends.tolist()], dtype=np.int64)
        at = np.searchsorted(self.pairs, lanes * len(self.place) + places)
        for gate, bits in self.gates.items():
            passing = np.flatnonzero(np.unpackbits(bits, count=len(self.pairs))[at])
            if len(passing):
                yield gate, passing

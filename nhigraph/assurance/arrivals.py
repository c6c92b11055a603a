"""What arrives at the targets, for a whole block of identities at once.

States and flags of a pair are bits of one key: pairs with equal keys are judged alike, and what a
key means is worked out once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from nhigraph.assurance.verdict import Arrival
from nhigraph.assurance.weaknesses import shown
from nhigraph.graph.late import pd
from nhigraph.graph.store import Ints
from nhigraph.schema.types import State
from nhigraph.trace.lanes import WORD, Reach, Words, row_of
from nhigraph.trace.product import Closure, state_id

#: Targets whose bits are laid out at once: bounds memory.
_TOGETHER = 64
_CLOSURES = tuple(Closure)
_STATES = len(State)
Bytes = npt.NDArray[np.uint8]


class Arriving(Protocol):
    """Reach and flags at the targets, of however many lanes."""

    @property
    def names(self) -> list[str]:
        """Flags, in the order of their bits."""

    def anywhere(self, *names: str) -> int:
        """Lanes that carry all the flags to one target, as the bits of an integer."""

    def arrivals(self) -> tuple[Ints, Ints, Bytes]:
        """Place of the target and lane, one each a pair, and what arrives: a row of bytes."""


class AtEnds:
    """Reach and flags of a block of lanes, at the targets alone.

    Attributes:
        held: States at the targets, closure by closure: target, state, words of lanes.
        names: Flags, in the order in which they were added.
        carried: Who carries each to which target: target, words of lanes.
    """

    def __init__(self, reach: Mapping[Closure, Reach], ends: Sequence[int]) -> None:
        """Take what the closures say.

        Args:
            reach: Reach of every closure.
            ends: Node ids of the targets.
        """
        self._states = [state_id(end, state) for end in ends for state in State]
        self.held = [self._at(reach[closure]) for closure in _CLOSURES]
        self.names: list[str] = []
        self.carried: list[Words] = []

    def add(self, name: str, flag: Reach) -> None:
        """Take who carries a flag to which target, in whatever state."""
        self.names.append(name)
        self.carried.append(np.bitwise_or.reduce(self._at(flag), axis=1))

    def but(
        self,
        reach: Mapping[Closure, Reach] | None = None,
        flags: Mapping[str, Reach] | None = None,
    ) -> AtEnds:
        """The same with what some closures and flags say instead; flags are those there are."""
        found = copy(self)
        found.held, found.carried = [*self.held], [*self.carried]
        for closure, one in (reach or {}).items():
            found.held[_CLOSURES.index(closure)] = self._at(one)
        for name, one in (flags or {}).items():
            found.carried[self.names.index(name)] = np.bitwise_or.reduce(self._at(one), axis=1)
        return found

    def mixed(self, some: AtEnds, lanes: int) -> AtEnds:
        """The same with what another says of some lanes, and of no others.

        Args:
            some: The other: of the same targets and flags.
            lanes: The lanes, as the bits of an integer.
        """
        found = copy(self)
        planes = (
            zip(some.held, self.held, strict=True),
            zip(some.carried, self.carried, strict=True),
        )
        kept = ~row_of(lanes, self._width)
        found.held, found.carried = ([a | b & kept for a, b in both] for both in planes)
        return found

    def differing(self, other: AtEnds) -> int:
        """Lanes of which another of the same targets and flags says otherwise, as bits."""
        found = np.zeros(self._width, dtype=np.uint64)
        for one, there in zip(self.planes, other.planes, strict=True):
            if one is not there:
                axes = tuple(range(one.ndim - 1))
                found |= np.bitwise_or.reduce(one ^ there, axis=axes)
        return int.from_bytes(found.tobytes(), "little")

    def of(self, lanes: Ints) -> AtEnds:
        """The same of some lanes alone, in the order given."""
        found = copy(self)
        found.held, found.carried = (
            [_chosen(one, lanes) for one in planes] for planes in (self.held, self.carried)
        )
        return found

    @property
    def planes(self) -> list[Words]:
        """All that is known: states, then flags."""
        return [*self.held, *self.carried]

    @property
    def _width(self) -> int:
        return int(self.held[0].shape[-1])

    def anywhere(self, *names: str) -> int:
        """Lanes that carry all the flags to one target, as the bits of an integer."""
        if not set(names) <= set(self.names):
            return 0
        found = [self.carried[self.names.index(name)] for name in names]
        lanes = np.bitwise_or.reduce(np.bitwise_and.reduce(found, axis=0), axis=0)
        return int.from_bytes(lanes.tobytes(), "little")

    def arrivals(self) -> tuple[Ints, Ints, Bytes]:
        """Every pair that is reached in *may*.

        Returns:
            Place of the target and lane, one each a pair, and what arrives: a row of bytes a pair.
        """
        found: list[tuple[Ints, Ints, Bytes]] = []
        for first in range(0, len(self._states) // _STATES, _TOGETHER):
            part = slice(first, first + _TOGETHER)
            states = [_unpacked(held[part]).transpose(1, 0, 2) for held in self.held]
            reached = states[_CLOSURES.index(Closure.MAY)].any(axis=0)
            places, lanes = np.nonzero(reached)
            flags = [_unpacked(flag[part])[None] for flag in self.carried]
            rows = np.concatenate([planes[:, places, lanes] for planes in (*states, *flags)])
            keys = np.ascontiguousarray(np.packbits(rows, axis=0, bitorder="little").T)
            found.append((first + places, lanes, keys))
        if not found:
            nothing = np.zeros(0, dtype=np.int64)
            return nothing, nothing, np.zeros((0, 1), dtype=np.uint8)
        places, lanes, keys = (np.concatenate(part) for part in zip(*found, strict=True))
        return places, lanes, keys

    def _at(self, reach: Reach) -> Words:
        found = reach.words(self._states)
        return found.reshape(-1, _STATES, found.shape[1])


class Arrived:
    """What one key means.

    Attributes:
        hygiene: A hygiene weakness lies on a path.
        weaknesses: Weaknesses of nodes on the paths, and of those who approve on them.
        shown: What the paths themselves show; see ``weaknesses.shown``.
    """

    def __init__(self, at_ends: Arriving, key: bytes) -> None:
        """Read the bits of a key that ``arrivals`` made."""
        number = int.from_bytes(key, "little")
        states = {}
        for closure in _CLOSURES:
            states[closure] = number & (1 << _STATES) - 1
            number >>= _STATES
        carried = {name for i, name in enumerate(at_ends.names) if number >> i & 1}
        self.hygiene = "hygiene" in carried
        self.weaknesses = frozenset(n[5:] for n in carried if n.startswith("weak:"))
        self.shown = shown(carried)
        self._base = Arrival(
            may=states[Closure.MAY],
            can=states[Closure.CAN],
            open=states[Closure.OPEN],
            maybe_open=states[Closure.MAYBE_OPEN],
            assertions=frozenset(n[10:] for n in carried if n.startswith("assertion:")),
            by_authority="authority" in carried,
            by_lineage="lineage" in carried,
            by_logic="logic" in carried,
            enabled="enabled" in carried,
            enabled_open="enabled open" in carried,
            enabled_maybe_open="enabled maybe-open" in carried,
            crosses="carve-out" in carried,
        )
        self._known: dict[tuple[bool, bool, bool], Arrival] = {}

    def arrival(self, *, weak: bool, gap: bool, carved_out: bool) -> Arrival:
        """The input of the verdict, for an identity of which that is known."""
        known = self._known.get((weak, gap, carved_out))
        if known is None:
            known = replace(self._base, weak=weak, gap=gap, carved_out=carved_out)
            self._known[weak, gap, carved_out] = known
        return known


def alike(keys: Bytes, *columns: Ints) -> tuple[Ints, Ints]:
    """Pairs alike in what arrives and in all columns.

    Args:
        keys: What arrives: a row of bytes a pair.
        columns: What else tells them apart.

    Returns:
        Per pair the number of its sort, and the first pair of each sort.
    """
    found = np.zeros(len(keys), dtype=np.int64)
    for column in (*_words(keys), *columns):
        codes, distinct = pd.factorize(column)
        found, _ = pd.factorize(found * max(len(distinct), 1) + codes)
    firsts = np.zeros(int(found.max(initial=-1)) + 1, dtype=np.int64)
    firsts[found[::-1]] = np.arange(len(found))[::-1]
    return found, firsts


def _words(keys: Bytes) -> list[Ints]:
    """Rows of bytes as columns of whole numbers."""
    width = -(-keys.shape[1] // 8) * 8
    padded = np.zeros((len(keys), width), dtype=np.uint8)
    padded[:, : keys.shape[1]] = keys
    return [*padded.view(np.int64).T]


def _chosen(words: Words, lanes: Ints) -> Words:
    """Some lanes of words, packed again."""
    held = words[..., lanes // WORD] >> (lanes % WORD).astype(np.uint64) & np.uint64(1)
    width = -(-max(len(lanes), 1) // WORD) * WORD
    padded = np.zeros((*held.shape[:-1], width), dtype=bool)
    padded[..., : len(lanes)] = held
    return np.packbits(padded, axis=-1, bitorder="little").view("<u8")


def _unpacked(words: Words) -> Bytes:
    """Words as one byte per lane."""
    raw = np.ascontiguousarray(words).view(np.uint8)
    return np.unpackbits(raw, axis=-1, bitorder="little")

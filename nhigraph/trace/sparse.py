"""Lanes as the words that are not empty: what comes back from elsewhere, row by row."""

from collections.abc import Sequence

import numpy as np

from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.lanes import WORD, Words


@dataclass(frozen=True, slots=True)
class SparseReach:
    """Lanes of the states that somebody holds.

    Attributes:
        state: State of every row, ascending.
        word: Number of its word, from 0, below ``width``.
        bits: Its lanes.
        width: Words that hold all lanes.
    """

    state: Ints
    word: Ints
    bits: Words
    width: int

    @classmethod
    def of(cls, state: Ints, word: Ints, bits: Words, width: int) -> "SparseReach":
        """From rows in any order; those of one state and word add up."""
        order = np.argsort(state, kind="stable")
        return cls(state[order], word[order], bits[order], width)

    def lanes(self, state: int) -> int:
        """Lanes that hold a state, as the bits of an integer."""
        return int.from_bytes(self.words([state]).tobytes(), "little")

    def holds(self, state: int, lane: int) -> bool:
        """Whether one lane holds it."""
        rows = self._rows(state)
        bits = self.bits[rows][self.word[rows] == lane // WORD]
        return bool((bits >> np.uint64(lane % WORD) & np.uint64(1)).any())

    def at_all(self, state: int) -> bool:
        """Whether any lane holds it."""
        rows = self._rows(state)
        return int(rows.stop) > int(rows.start)

    def words(self, states: Sequence[int]) -> Words:
        """Lanes of some states, as words: one row per state."""
        wanted = np.asarray(states, dtype=np.int64)
        first, last = (np.searchsorted(self.state, wanted, side) for side in ("left", "right"))
        counts = last - first
        found = np.zeros((len(wanted), self.width), dtype="<u8")
        into = np.repeat(np.arange(len(wanted)), counts)
        shift = np.repeat(first - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
        rows = np.arange(len(into)) + shift
        np.bitwise_or.at(found, (into, self.word[rows]), self.bits[rows])
        return found

    def _rows(self, state: int) -> slice:
        first, last = np.searchsorted(self.state, [state, state + 1]).tolist()
        return slice(first, last)

"""Columns of few words, as numbers: to ask for some words of a long column is then cheap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from nhigraph.graph.late import pd
from nhigraph.records import dataclass

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of words.

    Attributes:
        codes: Per row, the number of its word; -1 for none.
        words: The words.
    """

    codes: npt.NDArray[np.signedinteger]
    words: tuple[str, ...]

    @classmethod
    def of(cls, cells: npt.NDArray[Any]) -> Coded:
        """The column of some cells of text."""
        codes, words = pd.factorize(cells)
        return cls(codes.astype(np.int64), tuple(map(str, words)))

    def small(self) -> Coded:
        """The same in a quarter of the room or less: to be kept, where few words are asked for."""
        kept = np.int16 if len(self.words) <= np.iinfo(np.int16).max else np.int64
        return Coded(self.codes.astype(kept), self.words)

    def isin(self, words: Iterable[str]) -> Bools:
        """Per row, whether it has one of some words; never where it has none."""
        wanted = frozenset(words)
        # The last is where -1 looks.
        table = np.array([*(word in wanted for word in self.words), False], dtype=bool)
        found: Bools = table[self.codes]
        return found

    def at(self, rows: npt.NDArray[np.int64]) -> Coded:
        """The words of some rows, in their order; -1 is a row without a word."""
        return Coded(
            np.where(rows >= 0, self.codes[rows] if len(self.codes) else -1, -1), self.words
        )

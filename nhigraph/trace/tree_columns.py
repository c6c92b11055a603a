"""What searches for trees read and fill: clauses by row, what one lane reads, and room."""

from typing import Any

import numpy as np

from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.lanes import Words
from nhigraph.trace.product import Product


class Space:
    """Room for searches, one after another: each leaves it as it was, which costs what it saw.

    Attributes:
        compiled: For compiled loops, as arrays; else as lists.
        best: By row; likewise ``onward``. See ``kernels.search``.
        settled: See there; likewise ``waiting``.
        place: By row, its place in a tree, or -1.
    """

    def __init__(self, rows: int, *, compiled: bool) -> None:
        self.compiled = compiled
        made: list[Any] = [np.full(rows, -1) if compiled else [-1] * rows for _ in range(5)]
        self.best, self.onward, self.settled, self.waiting, self.place = made

    def take(self, rows: Ints) -> tuple[Ints, Ints]:
        """What a search says of the rows that it came to."""
        if self.compiled:
            found = self.best[rows], self.onward[rows]
            self.best[rows] = self.onward[rows] = -1
            return found
        at = rows.tolist()
        told = [np.array([one[row] for row in at], dtype=np.int64) for one in self._filled]
        for one in self._filled:
            for row in at:
                one[row] = -1
        return told[0], told[1]

    @property
    def _filled(self) -> tuple[list[int], list[int]]:
        return self.best, self.onward

    def leave(self, rows: Ints) -> None:
        """Forget the places of some rows."""
        if self.compiled:
            self.place[rows] = -1
        else:
            for row in rows.tolist():
                self.place[row] = -1


class Columns:
    """States that some clause touches, numbered in ascending order, and clauses by row.

    Attributes:
        row: Row of every state, or -1.
        view: The same, to be asked one by one.
        count: Number of rows.
        columns: Clauses into and out of each row (offsets and clauses), their rows at both ends.
        turned: The same for a search ahead: of clauses walked the other way.
        states: State of every row.
    """

    def __init__(self, product: Product) -> None:
        touched = np.zeros(product.size, dtype=bool)
        touched[product.src] = True
        touched[product.dst] = True
        self.count = int(touched.sum())
        self.row = np.where(touched, np.cumsum(touched) - 1, -1)
        self.view = self.row.data
        src, dst = self.row[product.src], self.row[product.dst]
        numbers = np.arange(self.count + 1)
        by_end, by_start = np.argsort(dst, kind="stable"), np.argsort(src, kind="stable")
        in_ptr = np.searchsorted(dst[by_end], numbers).astype(np.int64)
        out_ptr = np.searchsorted(src[by_start], numbers).astype(np.int64)
        self.columns: tuple[Ints, ...] = (in_ptr, by_end, out_ptr, by_start, src, dst)
        self.turned: tuple[Ints, ...] = (out_ptr, by_start, in_ptr, by_end, dst, src)
        self.states = np.flatnonzero(touched)


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane, whose own clauses alone are walked.

    Attributes:
        number: The lane.
        src: See ``Own``; likewise ``need_idx``.
        held: What every lane holds, by those rows.
    """

    number: int
    src: Ints
    need_idx: Ints
    held: Words


class Own:
    """Clauses in the rows of a reach.

    Attributes:
        row: Row of every state.
        src: Row that each clause leaves.
        need_idx: Rows of its needs.
    """

    def __init__(self, product: Product, row: Ints) -> None:
        self.row = row
        self.src, self.need_idx = row[product.src], row[product.need_idx]

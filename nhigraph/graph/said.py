"""Where things were said: rows of the evidence, and the places that they come to.

The evidence is sorted by what it is of. Everything here is asked within the rows of one sort of
thing (``Graph.spans``), and of things by their rows.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from nhigraph.facts.evidence import ALONE, IMPLIED, Evidence

_Ints = npt.NDArray[np.int64]


class Said:
    """Rows of the evidence."""

    def __init__(self, cells: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take the columns of the evidence, and those of the documents."""
        self._cells = cells
        #: What each row is of: a view is asked one by one three times as fast as an array.
        self._ids: memoryview = cells["id"].data

    def of(self, first: int, last: int, number: int) -> list[Evidence]:
        """Evidence of one thing; what only implies it last."""
        first = bisect_left(self._ids, number, first, last)
        rows = range(first, bisect_right(self._ids, number, first, last))
        return _in_order([self._unfold(row) for row in rows])

    def of_each(self, first: int, last: int, numbers: _Ints) -> list[list[Evidence]]:
        """As ``of``, of many things at once."""
        starts, ends = self._spans(first, last, numbers)
        counts = ends - starts
        begins = np.concatenate([[0], np.cumsum(counts)])
        places = self._unfolded(np.arange(begins[-1]) + np.repeat(starts - begins[:-1], counts))
        return [
            [places[begin]] if end - begin == 1 else _in_order(places[begin:end])
            for begin, end in pairwise(begins.tolist())
        ]

    def stated_of(
        self, first: int, last: int, numbers: _Ints
    ) -> list[tuple[tuple[str, str], ...]]:
        """Artifact and pointer of every place that states each of many things, sorted.

        Where all of them only imply it, these.
        """
        cells, (starts, ends) = self._cells, self._spans(first, last, numbers)
        counts = ends - starts
        begins = np.concatenate([[0], np.cumsum(counts)])
        at = np.arange(begins[-1]) + np.repeat(starts - begins[:-1], counts)
        artifacts = cells["artifact"][cells["doc"][at]].tolist()
        pointers = map(_pointer, cells["pointer"][at].tolist(), cells["row"][at].tolist())
        places = [*zip(artifacts, pointers, strict=True)]
        implied = (cells["basis"][at] == IMPLIED).tolist()
        return [
            (places[begin],)
            if end - begin == 1
            else _stated(places[begin:end], implied[begin:end])
            for begin, end in pairwise(begins.tolist())
        ]

    def alone(self, first: int, last: int) -> frozenset[int]:
        """Things that several places state, each by itself."""
        basis, ids = self._cells["basis"][first:last], self._cells["id"][first:last]
        alone = basis == ALONE
        if not alone.any():
            return frozenset()
        found, counts = np.unique(ids[alone], return_counts=True)
        others = {*ids[~alone & (basis != IMPLIED)].tolist()}
        return frozenset(found[counts > 1].tolist()) - others

    def implied(self, first: int, last: int) -> frozenset[int]:
        """Things that every place only implies."""
        basis, ids = self._cells["basis"][first:last], self._cells["id"][first:last]
        implied = basis == IMPLIED
        return frozenset(ids[implied].tolist()).difference(ids[~implied].tolist())

    def stated(self, first: int, last: int) -> dict[int, tuple[tuple[str, str], ...]]:
        """Artifact and pointer of every place that states a thing, by its row.

        Where all of them only imply it, these.
        """
        cells = self._cells
        found: dict[int, set[tuple[str, str]]] = {}
        implied: dict[int, set[tuple[str, str]]] = {}
        for row in range(first, last):
            at = _pointer(cells["pointer"][row], cells["row"][row])
            place = (cells["artifact"][cells["doc"][row]], at)
            sort = implied if cells["basis"][row] == IMPLIED else found
            sort.setdefault(int(cells["id"][row]), set()).add(place)
        return {number: tuple(sorted(many)) for number, many in (implied | found).items()}

    def _spans(self, first: int, last: int, numbers: _Ints) -> tuple[_Ints, _Ints]:
        """Per thing its first row, and the one after its last."""
        ids = self._cells["id"][first:last]
        starts, ends = (np.searchsorted(ids, numbers + more) + first for more in (0, 1))
        return starts, ends

    def _unfolded(self, rows: _Ints) -> list[Evidence]:
        """As ``_unfold``, of many rows."""
        cells, document = self._cells, self._cells["doc"][rows]
        artifact, digest = (cells[name][document].tolist() for name in ("artifact", "sha256"))
        pointers = map(_pointer, cells["pointer"][rows].tolist(), cells["row"][rows].tolist())
        rest = (cells[name][rows].tolist() for name in ("excerpt", "basis", "line"))
        return [*map(Evidence, artifact, pointers, digest, *rest)]

    def _unfold(self, row: int) -> Evidence:
        cells, document = self._cells, self._cells["doc"][row]
        return Evidence(
            cells["artifact"][document],
            _pointer(cells["pointer"][row], cells["row"][row]),
            cells["sha256"][document],
            cells["excerpt"][row],
            cells["basis"][row],
            int(cells["line"][row]),
        )


def _pointer(said: str, row: int) -> str:
    """A pointer as it was said, or the row of a table."""
    return said or (f"row {row}" if row else "")


def _in_order(places: list[Evidence]) -> list[Evidence]:
    """Places of one thing; what only implies it last."""
    if len(places) > 1:
        places.sort(key=lambda at: (at.basis == IMPLIED, at))
    return places


def _stated(places: list[tuple[str, str]], implied: list[bool]) -> tuple[tuple[str, str], ...]:
    """Distinct places, those left out that only imply, if not all do."""
    said = {place for place, one in zip(places, implied, strict=True) if not one}
    return tuple(sorted(said or {*places}))

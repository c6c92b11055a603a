"""Texts looked up by the million: a table of hashes, its loops compiled by numba.

A hash only says where to look: bytes are compared with bytes.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nhigraph.records import dataclass

#: Rows that each step is taken for.
_TOGETHER = 1024
#: Numbers of nodes: half the memory of ``Ints``.
Short = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Loops:
    """The compiled loops, as ``hash_loops`` has them."""

    digests: Callable[..., None]
    fill: Callable[..., None]
    look: Callable[..., None]
    count: Callable[..., None]
    lay: Callable[..., None]
    turn: Callable[..., None]


@cache
def loops() -> "Loops | None":
    """The loops, ready to run; None without numba."""
    try:
        from nhigraph.graph.hash_loops import (  # noqa: PLC0415 - it imports numba
            count,
            digests,
            fill,
            lay,
            look,
            turn,
        )
    except ImportError:  # not installed, or not for this version of numpy
        return None
    return Loops(digests, fill, look, count, lay, turn)


class Numbers:
    """Distinct texts, to look up their numbers."""

    def __init__(self, keys: "pa.Array") -> None:
        """Lay out the keys, of which there is one at least; ask ``loops`` before."""
        own = loops()
        assert own is not None  # noqa: S101 - see loops
        self._loops = own
        offsets, data = _bytes(keys)
        # Copies: numpy asks for large pages, which random access is glad of. Where the last keys
        # are empty, a byte behind all is asked for.
        self._offsets, self._data = offsets.copy(), np.append(data, np.uint8(0))
        room = 1 << max(4, int(len(keys) * 2).bit_length())
        self._slots = np.zeros(room, dtype=np.uint64)
        hashes = np.empty(len(keys), dtype=np.uint64)
        own.digests(self._offsets, self._data, 0, len(keys), hashes)
        own.fill(hashes, self._slots)

    def of(self, cells: "pa.Array", found: Short) -> None:
        """The number of each text, into an array; -1 where it is none of the keys, or absent."""
        offsets, data = _bytes(cells)
        hashes = np.empty(_TOGETHER, dtype=np.uint64)
        for first in range(0, len(cells), _TOGETHER):
            last = min(first + _TOGETHER, len(cells))
            part = hashes[: last - first]
            self._loops.digests(offsets, data, first, last, part)
            table = (self._slots, offsets, data, self._offsets, self._data)
            self._loops.look(part, first, *table, found)
        if cells.null_count:
            found[cells.is_null().to_numpy(zero_copy_only=False)] = -1


def _bytes(cells: "pa.Array") -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Offsets of each text, and the bytes of all."""
    cells = cells.cast(pa.large_string())
    _, offsets, data = cells.buffers()
    starts = np.frombuffer(offsets, dtype=np.int64)[cells.offset : cells.offset + len(cells) + 1]
    told = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, np.uint8)
    return starts, told

"""Texts looked up by the million: a table of hashes in a compiled loop.

Plain Python over arrays, compiled by numba when first asked for. A hash only says where to look:
bytes are compared with bytes. Rows are worked on a few thousand at a time, each step for all of
them, so that the waits for memory overlap.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

#: Rows that each step is taken for.
_TOGETHER = 1024


def _compiled() -> "Loops":
    """Compile the loops, or take them from numba's cache."""
    from llvmlite import ir  # noqa: PLC0415 - comes with numba
    from numba import njit, types  # noqa: PLC0415 - an extra, and slow to import
    from numba.extending import intrinsic  # noqa: PLC0415

    def load(typing, data, at):  # type: ignore[no-untyped-def] # numba's own protocol
        """Eight bytes from any place on, as one load."""
        del typing

        def build(context, builder, signature, given):  # type: ignore[no-untyped-def] # as above
            array = context.make_array(signature.args[0])(context, builder, given[0])
            place = builder.gep(array.data, [given[1]])
            wide = builder.bitcast(place, ir.IntType(64).as_pointer())
            return builder.load(wide, align=1)

        return types.uint64(data, at), build

    word: Any = intrinsic(load)
    factor, half, tail = np.uint64(0x9E3779B97F4A7C15), np.uint64(32), np.uint64(8)

    def digests(offsets, data, first, last, found):  # type: ignore[no-untyped-def] # numba infers
        for row in range(first, last):
            at = offsets[row]
            end = offsets[row + 1]
            mixed = np.uint64(end - at) * factor
            if end - at >= 8:  # noqa: PLR2004 - bytes of a word
                while at + 8 < end:
                    mixed = (mixed ^ word(data, at)) * factor
                    mixed ^= mixed >> half
                    at += 8
                mixed = (mixed ^ word(data, end - 8)) * factor
            else:
                while at < end:
                    mixed = (mixed << tail ^ np.uint64(data[at])) * factor
                    at += 1
            found[row - first] = mixed ^ mixed >> half

    def fill(hashes, slots):  # type: ignore[no-untyped-def] # as above
        mask = np.uint64(slots.size - 1)
        for number in range(hashes.size):
            at = hashes[number] & mask
            while slots[at] != 0:
                at = (at + np.uint64(1)) & mask
            slots[at] = (hashes[number] >> half) << half | np.uint64(number + 1)

    low = np.uint64(0xFFFFFFFF)

    def look(hashes, first, slots, offsets, data, key_offsets, key_data, found):  # type: ignore[no-untyped-def] # as above
        mask = np.uint64(slots.size - 1)
        begins, ends = np.empty(hashes.size, np.int64), np.empty(hashes.size, np.int64)
        places = np.empty(hashes.size, np.uint64)
        # One step for all rows, then the next: what memory has to bring comes side by side.
        for row in range(hashes.size):
            at = hashes[row] & mask
            slot = slots[at]
            while slot != 0 and (slot ^ hashes[row]) >> half != 0:
                at = (at + np.uint64(1)) & mask
                slot = slots[at]
            places[row] = at
            found[first + row] = np.int64(slot & low) - 1
        for row in range(hashes.size):
            number = found[first + row]
            begins[row] = key_offsets[number] if number >= 0 else 0
            ends[row] = key_offsets[number + 1]
        near = np.uint64(0)
        for row in range(hashes.size):
            near += np.uint64(key_data[begins[row]]) + np.uint64(key_data[max(ends[row] - 1, 0)])
        places[0] += near >> np.uint64(63)  # adds nothing; so the bytes are fetched
        for row in range(hashes.size):
            number = found[first + row]
            start = offsets[first + row]
            length = offsets[first + row + 1] - start
            begin, end, at = begins[row], ends[row], places[row]
            while number >= 0:
                same = end - begin == length
                if same and length >= 8:  # noqa: PLR2004 - as above
                    step = 0
                    while step + 8 < length and same:
                        same = word(key_data, begin + step) == word(data, start + step)
                        step += 8
                    same = same and word(key_data, end - 8) == word(data, start + length - 8)
                elif same:
                    step = 0
                    while step < length and same:
                        same = key_data[begin + step] == data[start + step]
                        step += 1
                if same:
                    break
                # Another key of the same hash: the next place, until one is empty.
                at = (at + np.uint64(1)) & mask
                slot = slots[at]
                number = np.int64(slot & low) - 1
                if number >= 0:
                    begin, end = key_offsets[number], key_offsets[number + 1]
            found[first + row] = number

    def made(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            return njit(cache=True, nogil=True)(function)
        except RuntimeError:  # numba raises it where no cache directory can be written
            return njit(nogil=True)(function)

    return Loops(made(digests), made(fill), made(look))


@dataclass(frozen=True, slots=True)
class Loops:
    """The compiled loops."""

    digests: Callable[..., None]
    fill: Callable[..., None]
    look: Callable[..., None]


@cache
def _load() -> "Loops | None":
    """The loops; None without numba."""
    try:
        return _compiled()
    except ImportError:  # not installed, or not for this version of numpy
        return None


class Numbers:
    """Distinct texts, to look up their numbers."""

    def __init__(self, keys: "pa.Array") -> None:
        """Lay out the keys, of which there is one at least; ask ``usable`` before."""
        loops = _load()
        assert loops is not None  # noqa: S101 - see usable
        self._loops = loops
        # Copies: numpy asks for large pages, which random access is glad of.
        self._offsets, self._data = (part.copy() for part in _bytes(keys))
        room = 1 << max(4, int(len(keys) * 2).bit_length())
        self._slots = np.zeros(room, dtype=np.uint64)
        hashes = np.empty(len(keys), dtype=np.uint64)
        loops.digests(self._offsets, self._data, 0, len(keys), hashes)
        loops.fill(hashes, self._slots)

    def of(self, cells: "pa.Array") -> npt.NDArray[np.int64]:
        """The number of each text; -1 where it is none of the keys, or absent."""
        offsets, data = _bytes(cells)
        found = np.empty(len(cells), dtype=np.int64)
        hashes = np.empty(_TOGETHER, dtype=np.uint64)
        for first in range(0, len(cells), _TOGETHER):
            last = min(first + _TOGETHER, len(cells))
            part = hashes[: last - first]
            self._loops.digests(offsets, data, first, last, part)
            table = (self._slots, offsets, data, self._offsets, self._data)
            self._loops.look(part, first, *table, found)
        if cells.null_count:
            found[cells.is_null().to_numpy(zero_copy_only=False)] = -1
        return found


def usable() -> bool:
    """Whether the loops can be compiled here."""
    return _load() is not None


def _bytes(cells: "pa.Array") -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Offsets of each text, and the bytes of all."""
    cells = cells.cast(pa.large_string())
    _, offsets, data = cells.buffers()
    starts = np.frombuffer(offsets, dtype=np.int64)[cells.offset : cells.offset + len(cells) + 1]
    told = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, np.uint8)
    return starts, told

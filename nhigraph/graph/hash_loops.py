"""The compiled loops of texts looked up by the million, and of arcs laid by their ends.

Importing this module imports numba, so only ``hashing`` does, when asked. Each loop is compiled
for one form of its arrays, and found in numba's cache afterwards: what a loop calls is a global
here, because numba keeps no loop whose closure it cannot know again. Rows are worked on a few
thousand at a time, each step for all of them, so that the waits for memory overlap.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir  # comes with numba
from numba import njit, types
from numba.extending import intrinsic

_FACTOR, _HALF, _TAIL = np.uint64(0x9E3779B97F4A7C15), np.uint64(32), np.uint64(8)
_LOW = np.uint64(0xFFFFFFFF)
_WORD = 8
_BYTES, _LONGS, _NUMBERS = (
    types.Array(sort, 1, "C", readonly=True) for sort in (types.uint8, types.int64, types.int32)
)
_HASHES, _COUNTS, _FOUND = types.uint64[::1], types.int64[::1], types.int32[::1]


def _load(typing, data, at):  # type: ignore[no-untyped-def] # numba's own protocol
    """Eight bytes from any place on, as one load."""
    del typing

    def build(context, builder, signature, given):  # type: ignore[no-untyped-def] # as above
        array = context.make_array(signature.args[0])(context, builder, given[0])
        place = builder.gep(array.data, [given[1]])
        wide = builder.bitcast(place, ir.IntType(64).as_pointer())
        return builder.load(wide, align=1)

    return types.uint64(data, at), build


_word: Any = intrinsic(_load)


def _compiled(*arguments: object) -> Callable[..., Any]:
    """What compiles a loop that returns nothing, now, or takes it from numba's cache."""

    def made(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = types.void(*arguments)
        try:
            return njit(signature, cache=True, nogil=True)(function)
        except RuntimeError:  # numba raises it where no cache directory can be written
            return njit(signature, nogil=True)(function)

    return made


@_compiled(_LONGS, _BYTES, types.int64, types.int64, _HASHES)
def digests(offsets, data, first, last, found):  # type: ignore[no-untyped-def] # numba infers
    """Hashes of some texts."""
    for row in range(first, last):
        at = offsets[row]
        end = offsets[row + 1]
        mixed = np.uint64(end - at) * _FACTOR
        if end - at >= _WORD:
            while at + _WORD < end:
                mixed = (mixed ^ _word(data, at)) * _FACTOR
                mixed ^= mixed >> _HALF
                at += _WORD
            mixed = (mixed ^ _word(data, end - _WORD)) * _FACTOR
        else:
            while at < end:
                mixed = (mixed << _TAIL ^ np.uint64(data[at])) * _FACTOR
                at += 1
        found[row - first] = mixed ^ mixed >> _HALF


@_compiled(_HASHES, _HASHES)
def fill(hashes, slots):  # type: ignore[no-untyped-def] # as above
    """Put the numbers of all hashes into the table."""
    mask = np.uint64(slots.size - 1)
    for number in range(hashes.size):
        at = hashes[number] & mask
        while slots[at] != 0:
            at = (at + np.uint64(1)) & mask
        slots[at] = (hashes[number] >> _HALF) << _HALF | np.uint64(number + 1)


@_compiled(_HASHES, types.int64, _HASHES, _LONGS, _BYTES, _LONGS, _BYTES, _FOUND)
def look(hashes, first, slots, offsets, data, key_offsets, key_data, found):  # type: ignore[no-untyped-def] # as above
    """Numbers of the texts from ``first`` on, which have these hashes; -1 where there is none."""
    mask = np.uint64(slots.size - 1)
    begins, ends = np.empty(hashes.size, np.int64), np.empty(hashes.size, np.int64)
    places = np.empty(hashes.size, np.uint64)
    # One step for all rows, then the next: what memory has to bring comes side by side.
    for row in range(hashes.size):
        at = hashes[row] & mask
        slot = slots[at]
        while slot != 0 and (slot ^ hashes[row]) >> _HALF != 0:
            at = (at + np.uint64(1)) & mask
            slot = slots[at]
        places[row] = at
        found[first + row] = np.int64(slot & _LOW) - 1
    for row in range(hashes.size):
        number = found[first + row]
        begins[row] = key_offsets[number] if number >= 0 else 0
        ends[row] = key_offsets[number + 1]
    near = np.uint64(0)
    for row in range(hashes.size):
        near += np.uint64(key_data[begins[row]]) + np.uint64(key_data[max(ends[row] - 1, 0)])
    places[0] += near >> np.uint64(63)  # adds nothing; so the bytes are fetched
    for row in range(hashes.size):
        number = np.int64(found[first + row])
        start = offsets[first + row]
        length = offsets[first + row + 1] - start
        begin, end, at = begins[row], ends[row], places[row]
        while number >= 0:
            same = end - begin == length
            if same and length >= _WORD:
                step = 0
                while step + _WORD < length and same:
                    same = _word(key_data, begin + step) == _word(data, start + step)
                    step += _WORD
                same = same and _word(key_data, end - _WORD) == _word(data, start + length - _WORD)
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
            number = np.int64(slot & _LOW) - 1
            if number >= 0:
                begin, end = key_offsets[number], key_offsets[number + 1]
        found[first + row] = number


@_compiled(_NUMBERS, _COUNTS)
def count(numbers, offsets):  # type: ignore[no-untyped-def] # as above
    """Where the arcs of each node begin, by how often it is named; ``offsets`` is all zero."""
    for at in range(numbers.size):
        offsets[numbers[at] + 1] += 1
    for node in range(1, offsets.size):
        offsets[node] += offsets[node - 1]


@_compiled(_NUMBERS, _NUMBERS, types.int64, types.int64, _COUNTS, _FOUND)
def lay(by, told, first, last, free, found):  # type: ignore[no-untyped-def] # as above
    """Lay what is told under each of some nodes, in the order in which it comes."""
    for at in range(by.size):
        node = by[at]
        if first <= node < last:
            found[free[node]] = told[at]
            free[node] += 1


@_compiled(_LONGS, _NUMBERS, types.int64, types.int64, _COUNTS, _COUNTS)
def turn(offsets, ends, first, last, free, found):  # type: ignore[no-untyped-def] # as above
    """Arcs by their ends, as arcs by their beginnings, of some of these: each list ascends."""
    for node in range(offsets.size - 1):
        for at in range(offsets[node], offsets[node + 1]):
            end = ends[at]
            if first <= end < last:
                found[free[end]] = node
                free[end] += 1

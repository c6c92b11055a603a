"""The loop that names ways: BLAKE2b of 8 bytes (RFC 7693), step by step.

Plain Python over arrays, compiled where that pays: without a compiler ``hashlib`` says the same.
"""

from collections.abc import Callable
from functools import cache
from math import isqrt
from typing import Any

import numpy as np

from nhigraph.trace import kernels

_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)


def _fraction(prime: int) -> int:
    """The first 64 bits of the fraction of a square root."""
    return isqrt(prime << 128) & (1 << 64) - 1


IV = np.array([_fraction(prime) for prime in _PRIMES], dtype=np.uint64)
#: Eight bytes come out, no key goes in, and there is one leaf.
PARAMETERS = np.uint64(0x01010008)
#: Which words of a block each of the twelve rounds takes, in turn.
_ORDER = np.array(
    [
        (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
        (14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3),
        (11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4),
        (7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8),
        (9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13),
        (2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9),
        (12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11),
        (13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10),
        (6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5),
        (10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0),
    ]
)
ORDER = _ORDER[[*range(10), 0, 1]]
#: By how much is turned.
R16, R24, R32, R63 = (np.uint64(by) for by in (16, 24, 32, 63))
R48, R40, R1 = (np.uint64(by) for by in (48, 40, 1))


def digests(  # type: ignore[no-untyped-def] # numba infers types; annotations add nothing
    edge, state, onto, parts, part_ptr, text, message, words, found, named
) -> None:
    """Digest of every step: of what is said of its edge, and of the step that it goes on to.

    Args:
        edge: Of each step, its edge; -1 of a move inside a node, which has the name of what
            follows, and of what has come to a goal.
        state: What is held at its end.
        onto: Number of the step that it goes on to, which stands before it, or -1.
        parts: Of each edge, three parts of what is said.
        part_ptr: Offsets into ``text``, by part.
        text: The bytes of all parts.
        message: Room for the longest message, in whole blocks.
        words: The same room, as words.
        found: Digests by step, as words; filled.
        named: Whether a step has a name; filled.
    """
    for step in range(len(edge)):
        after = onto[step]
        if edge[step] < 0:
            if after >= 0:
                found[step] = found[after]
                named[step] = named[after]
            continue
        size = 0
        for part in range(3):
            message[size] = 44 if part else 91  # a comma; an opening bracket
            size += 1
            number = parts[edge[step], part]
            for at in range(part_ptr[number], part_ptr[number + 1]):
                message[size] = text[at]
                size += 1
        message[size] = state[step]
        size += 1
        if after >= 0 and named[after]:
            before = found[after]
            for at in range(8):
                message[size] = (before >> np.uint64(8 * at)) & np.uint64(255)
                size += 1
        blocks = (size + 127) // 128
        for at in range(size, 128 * blocks):
            message[at] = 0
        h0 = IV[0] ^ PARAMETERS
        h1 = IV[1]
        h2 = IV[2]
        h3 = IV[3]
        h4 = IV[4]
        h5 = IV[5]
        h6 = IV[6]
        h7 = IV[7]
        for block in range(blocks):
            first = 16 * block
            last = block == blocks - 1
            v0 = h0
            v1 = h1
            v2 = h2
            v3 = h3
            v4 = h4
            v5 = h5
            v6 = h6
            v7 = h7
            v8 = IV[0]
            v9 = IV[1]
            v10 = IV[2]
            v11 = IV[3]
            v12 = IV[4]
            v13 = IV[5]
            v14 = IV[6]
            v15 = IV[7]
            v12 ^= np.uint64(size if last else 128 * (block + 1))
            if last:
                v14 = ~v14
            for turn in range(12):
                v0 += v4 + words[first + ORDER[turn, 0]]
                v12 ^= v0
                v12 = v12 >> R32 | v12 << R32
                v8 += v12
                v4 ^= v8
                v4 = v4 >> R24 | v4 << R40
                v0 += v4 + words[first + ORDER[turn, 1]]
                v12 ^= v0
                v12 = v12 >> R16 | v12 << R48
                v8 += v12
                v4 ^= v8
                v4 = v4 >> R63 | v4 << R1
                v1 += v5 + words[first + ORDER[turn, 2]]
                v13 ^= v1
                v13 = v13 >> R32 | v13 << R32
                v9 += v13
                v5 ^= v9
                v5 = v5 >> R24 | v5 << R40
                v1 += v5 + words[first + ORDER[turn, 3]]
                v13 ^= v1
                v13 = v13 >> R16 | v13 << R48
                v9 += v13
                v5 ^= v9
                v5 = v5 >> R63 | v5 << R1
                v2 += v6 + words[first + ORDER[turn, 4]]
                v14 ^= v2
                v14 = v14 >> R32 | v14 << R32
                v10 += v14
                v6 ^= v10
                v6 = v6 >> R24 | v6 << R40
                v2 += v6 + words[first + ORDER[turn, 5]]
                v14 ^= v2
                v14 = v14 >> R16 | v14 << R48
                v10 += v14
                v6 ^= v10
                v6 = v6 >> R63 | v6 << R1
                v3 += v7 + words[first + ORDER[turn, 6]]
                v15 ^= v3
                v15 = v15 >> R32 | v15 << R32
                v11 += v15
                v7 ^= v11
                v7 = v7 >> R24 | v7 << R40
                v3 += v7 + words[first + ORDER[turn, 7]]
                v15 ^= v3
                v15 = v15 >> R16 | v15 << R48
                v11 += v15
                v7 ^= v11
                v7 = v7 >> R63 | v7 << R1
                v0 += v5 + words[first + ORDER[turn, 8]]
                v15 ^= v0
                v15 = v15 >> R32 | v15 << R32
                v10 += v15
                v5 ^= v10
                v5 = v5 >> R24 | v5 << R40
                v0 += v5 + words[first + ORDER[turn, 9]]
                v15 ^= v0
                v15 = v15 >> R16 | v15 << R48
                v10 += v15
                v5 ^= v10
                v5 = v5 >> R63 | v5 << R1
                v1 += v6 + words[first + ORDER[turn, 10]]
                v12 ^= v1
                v12 = v12 >> R32 | v12 << R32
                v11 += v12
                v6 ^= v11
                v6 = v6 >> R24 | v6 << R40
                v1 += v6 + words[first + ORDER[turn, 11]]
                v12 ^= v1
                v12 = v12 >> R16 | v12 << R48
                v11 += v12
                v6 ^= v11
                v6 = v6 >> R63 | v6 << R1
                v2 += v7 + words[first + ORDER[turn, 12]]
                v13 ^= v2
                v13 = v13 >> R32 | v13 << R32
                v8 += v13
                v7 ^= v8
                v7 = v7 >> R24 | v7 << R40
                v2 += v7 + words[first + ORDER[turn, 13]]
                v13 ^= v2
                v13 = v13 >> R16 | v13 << R48
                v8 += v13
                v7 ^= v8
                v7 = v7 >> R63 | v7 << R1
                v3 += v4 + words[first + ORDER[turn, 14]]
                v14 ^= v3
                v14 = v14 >> R32 | v14 << R32
                v9 += v14
                v4 ^= v9
                v4 = v4 >> R24 | v4 << R40
                v3 += v4 + words[first + ORDER[turn, 15]]
                v14 ^= v3
                v14 = v14 >> R16 | v14 << R48
                v9 += v14
                v4 ^= v9
                v4 = v4 >> R63 | v4 << R1
            h0 ^= v0 ^ v8
            h1 ^= v1 ^ v9
            h2 ^= v2 ^ v10
            h3 ^= v3 ^ v11
            h4 ^= v4 ^ v12
            h5 ^= v5 ^ v13
            h6 ^= v6 ^ v14
            h7 ^= v7 ^ v15
        found[step] = h0
        named[step] = True


@cache
def load() -> Callable[..., Any]:
    """Compile the loop, or take it from numba's cache."""
    return kernels.compiled(digests)

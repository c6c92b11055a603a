"""How many distinct things were seen, from registers of ranks: HyperLogLog.

The estimator is the improved raw one of Otmar Ertl, "New cardinality estimation algorithms for
HyperLogLog sketches" (arXiv:1702.01284, section 4.1): no bias at small counts, no table.
"""

import math

import numpy as np
import numpy.typing as npt

from nhigraph.graph.store import Ints

Floats = npt.NDArray[np.float64]
#: By default: 256 registers, a standard error of 6.5 %.
REGISTERS = 256
_HASH = 64
_ALPHA = 1 / (2 * math.log(2))


def standard_error(registers: int) -> float:
    """Relative standard error of an estimate."""
    return 1.04 / math.sqrt(registers)


def places(count: int, registers: int) -> tuple[Ints, npt.NDArray[np.uint8]]:
    """Register and rank of the numbers from 0 on, always the same.

    Args:
        count: How many numbers.
        registers: A power of two.
    """
    mixed = _mixed(np.arange(count, dtype=np.uint64))
    register = (mixed & np.uint64(registers - 1)).astype(np.int64)
    rest = mixed >> np.uint64(registers.bit_length() - 1)
    # The lowest bit that is set, by its number; all of the rest where none is.
    lowest = rest & (~rest + np.uint64(1))
    rank = np.bitwise_count(lowest - np.uint64(1)).astype(np.int64) + 1
    return register, np.minimum(rank, _ranks(registers)).astype(np.uint8)


def _mixed(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Steele, Lea and Flood's splitmix64."""
    found = numbers + np.uint64(0x9E3779B97F4A7C15)
    found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return found ^ (found >> np.uint64(31))


def _ranks(registers: int) -> int:
    """The greatest rank: that of a number whose other bits are all 0."""
    return _HASH - (registers.bit_length() - 1) + 1


def slots(registers: int) -> int:
    """How many ranks there are, 0 included."""
    return _ranks(registers) + 1


def estimates(ranks: Ints, registers: int) -> Floats:
    """Distinct numbers seen.

    Args:
        ranks: Things x ranks: how many registers have which.
        registers: Registers of each.
    """
    last = _ranks(registers)
    found = registers * _tau(1 - ranks[:, last] / registers)
    for rank in range(last - 1, 0, -1):
        found = (found + ranks[:, rank]) / 2
    found = found + registers * _sigma(ranks[:, 0] / registers)
    with np.errstate(divide="ignore"):
        told: Floats = _ALPHA * registers**2 / found
    return np.where(ranks[:, 0] == registers, 0.0, told)


def _sigma(share: Floats) -> Floats:
    """Ertl's sigma of a share below one."""
    power, step, found = np.minimum(share, 1 - 1e-9), 1.0, share.astype(np.float64)
    while True:
        power = power * power
        more = found + power * step
        step *= 2
        if np.array_equal(more, found):
            return found
        found = more


def _tau(share: Floats) -> Floats:
    """Ertl's tau."""
    root, step, found = share.astype(np.float64), 1.0, 1 - share
    while True:
        root = np.sqrt(root)
        step /= 2
        less = found - (1 - root) ** 2 * step
        if np.array_equal(less, found):
            return np.where((share == 0) | (share == 1), 0.0, found / 3)
        found = less

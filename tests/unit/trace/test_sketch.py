"""Sketches estimate within the error they state, at any count, and count nothing twice."""

import numpy as np
import pytest

from nhigraph.trace import sketch


def _estimate(numbers: "np.typing.NDArray[np.int64]", registers: int, of: int) -> float:
    register, rank = sketch.places(of, registers)
    most = np.zeros(registers, dtype=np.int64)
    np.maximum.at(most, register[numbers], rank[numbers])
    ranks = np.bincount(most, minlength=sketch.slots(registers))[None]
    return float(sketch.estimates(ranks, registers)[0])


@pytest.mark.parametrize("registers", [64, 256, 1024])
@pytest.mark.parametrize("count", [1, 10, 100, 700, 3_000, 50_000])
def test_an_estimate_is_as_near_as_is_said(registers: int, count: int) -> None:
    """Of 100 draws the root of the mean square is the standard error, a third more at most."""
    rng = np.random.default_rng(count * registers)
    found = [
        _estimate(rng.choice(1_000_000, count, replace=False), registers, 1_000_000)
        for _ in range(100)
    ]
    error = np.array(found) / count - 1
    said = sketch.standard_error(registers)
    assert np.sqrt(np.mean(error**2)) < said * 4 / 3
    # Draws of 50,000 out of a million overlap, so their errors are not quite independent.
    assert abs(np.mean(error)) < said * 3 / 4, "it leans to neither side"


def test_nothing_is_nothing_and_twice_is_once() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    assert _estimate(nobody, 256, 10) == 0
    once = np.arange(500)
    assert _estimate(np.repeat(once, 3), 256, 1_000) == _estimate(once, 256, 1_000)

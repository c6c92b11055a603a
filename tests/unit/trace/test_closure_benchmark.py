"""The benchmark of closures runs, finds what plain walks find, and is faster than the loop."""

import pytest

from benchmarks.closure import measure


@pytest.mark.parametrize("shape", ["tidy", "tangled"])
def test_a_small_benchmark_finds_what_plain_walks_find(shape: str) -> None:
    """On ten thousand nodes it is a good deal faster than a loop of scipy already."""
    found = measure(10_000, 500, shape, rounds=3, alone=False)
    assert found.wrong == 0
    assert found.checked == 50 * 500 * 5, "identities, targets and states"
    assert found.rules > 0
    assert found.pairs > 0
    assert found.ratios["scipy"] > 3
    assert set(found.floor) >= {"propagation", "floor, numba"}

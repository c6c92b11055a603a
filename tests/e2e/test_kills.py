"""A killed ``assess`` leaves a whole output, the old one or the new one."""

import pytest

from benchmarks.kills import measure


def test_a_few_kills_damage_nothing() -> None:
    found = measure(6, seed=2)
    assert found.damaged == []
    assert found.killed + found.ended == 6


@pytest.mark.nightly
def test_two_hundred_kills_damage_nothing() -> None:
    found = measure(200)
    assert found.damaged == []
    assert found.killed > 100
    assert found.old > 0
    assert found.new > 0

"""Answers that are walked on from one walk, against those of an estate that is made and judged.

Pairs are those of the comparison's other test; which changes are made, and who is asked about, is
drawn.
"""

from pathlib import Path
from random import Random

import pytest

from nhigraph.app.judged import of_stored, opened
from nhigraph.assurance.diff.mixed import Mixed, Stored
from nhigraph.assurance.diff.relevant import Relevance
from nhigraph.assurance.diff.told import told
from nhigraph.assurance.diff.walks import Walks
from nhigraph.trace import lanes
from tests.oracle.pairs import pair
from tests.property.test_diff import stored

FIRST, PAIRS, CHUNK = 700_000, 300, 5
#: Pairs on every change; all of them at night.
ALWAYS = 10
SETS = 12


def _asked(folder: Path, seed: int) -> tuple[int, int]:
    """Sets of changes that are asked about, and how many of them are walked on."""
    rng = Random(seed)
    sides = zip(("before", "after"), pair(seed), strict=True)
    snapshots = [opened(stored(folder / name, one.documents())) for name, one in sides]
    judged = [of_stored(one, option=None, include_disabled=False) for one in snapshots]
    made = zip(snapshots, judged, strict=True)
    mixed = Mixed(*(Stored(one.graph, one.claims, it.estate.day) for one, it in made))
    relevance = Relevance(mixed, *(one.estate for one in judged))
    everybody = sorted(
        {one.estate.graph.key_list[at] for one in judged for at in one.estate.identities}
    )
    if not mixed.atoms or not everybody:
        return 0, 0
    within = relevance.within(everybody)
    walks = Walks(mixed, everybody, relevance.common, rng.choice((None, within)))
    numbers = range(len(mixed.atoms))
    # Some changes that are always made, or never: all else is walked on.
    many = [frozenset(rng.sample(numbers, rng.randint(0, len(numbers)))) for _ in range(SETS)]
    shared = 0
    for changes in (*many, *many):
        some = set(rng.sample(everybody, rng.randint(1, len(everybody))))
        found = walks.told(changes, some)
        if found is not None:
            assert found == told(mixed.estate(changes), some)
            shared += 1
    return 2 * SETS, shared


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first < FIRST + ALWAYS else pytest.mark.nightly)
        for first in range(FIRST, FIRST + PAIRS, CHUNK)
    ],
)
def test_what_is_walked_on_is_told_as_if_it_were_made(
    first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = shared = 0
    for seed in range(first, first + CHUNK):
        # Half of them by compiled loops.
        monkeypatch.setattr(lanes, "COMPILE_AFTER", 0 if seed % 2 else 1 << 40)
        some, walked = _asked(tmp_path / str(seed), seed)
        asked, shared = asked + some, shared + walked
    assert shared * 4 > asked

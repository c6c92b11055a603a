"""The product and the brute-force walker give the same rows on random estates.

The walker shares no code with the product: it was written from the specification alone and does
one identity at a time with plain sets.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nhigraph.trace import lanes
from tests.estate_files import Rows, identities, judged, verdicts, write_estate
from tests.oracle.estates import estate
from tests.oracle.walker import judge

ESTATES = 3_000
CHUNK = 50


def _without_path(rows: Rows) -> Rows:
    return [{name: cell for name, cell in row.items() if name != "path_id"} for row in rows]


def _both(folder: Path, seed: int, *, all_reached: bool = False) -> Iterator[tuple[Rows, Rows]]:
    facts, scope = estate(seed)
    write_estate(folder, facts, scope)
    found = judged(folder, all_reached=all_reached, as_of=_day(facts, scope))
    expected_identities, expected_verdicts = judge(
        facts, scope, all_reached=all_reached, as_of=_day(facts, scope)
    )
    yield expected_identities, identities(found)
    yield _without_path(expected_verdicts), verdicts(found)


def _day(facts: list[dict[str, object]], scope: dict[str, object]) -> str | None:
    """A date where neither scope nor facts give one: the clock is no oracle."""
    dated = scope.get("as_of") or any(document.get("extracted") for document in facts)
    return None if dated else "2026-11-23"


@pytest.mark.parametrize("first", range(0, ESTATES, CHUNK))
def test_rows_equal_the_walkers(first: int, tmp_path: Path) -> None:
    """Every row of both files, whole, for needs, gates, gaps, dates, duplicates, the lot."""
    for seed in range(first, first + CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        for expected, found in _both(folder, seed):
            assert found == expected, f"seed {seed}"


@pytest.mark.parametrize("first", range(50_000, 50_100, CHUNK))
def test_rows_of_every_reached_pair_equal_the_walkers(first: int, tmp_path: Path) -> None:
    """--all-reached adds rows without effect, and changes no other."""
    for seed in range(first, first + CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        for expected, found in _both(folder, seed, all_reached=True):
            assert found == expected, f"seed {seed}"


@pytest.mark.parametrize("first", range(60_000, 60_200, CHUNK))
def test_the_compiled_engine_equals_the_walker(
    first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernels that large graphs use, forced on small ones."""
    monkeypatch.setattr(lanes, "COMPILE_FROM", 0)
    for seed in range(first, first + CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        for expected, found in _both(folder, seed):
            assert found == expected, f"seed {seed}"

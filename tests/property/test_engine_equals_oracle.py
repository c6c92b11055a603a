"""The product and the brute-force walker give the same rows on random estates.

identities.csv and verdicts.csv whole, of controls.csv what is told of each gate's tests, of
coverage.json whether the answer is complete.

The walker shares no code with the product: it was written from the specification alone and does
one identity at a time with plain sets.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nhigraph.assurance import analyse, walk
from nhigraph.assurance import turned as turning
from nhigraph.assurance.rows import Assessment
from nhigraph.output import csv_files
from nhigraph.trace import lanes
from tests.estate_files import Rows, assessed, identities, judged, printed, verdicts, write_estate
from tests.oracle.controls import COLUMNS
from tests.oracle.estates import estate
from tests.oracle.features import FEATURES
from tests.oracle.walker import judge, judge_complete, judge_controls

#: Of every change: these many, and one of each feature. The rest at night.
ESTATES, OF_EACH = 200, 10
ALL_NIGHT = 3_000
CHUNK = 50
NAMES = [name for name, _, _ in FEATURES]


def _without_path(rows: Rows) -> Rows:
    return [{name: cell for name, cell in row.items() if name != "path_id"} for row in rows]


def _both(
    folder: Path,
    seed: int,
    *,
    only: str | None = None,
    all_reached: bool = False,
    together: bool = False,
) -> Iterator[tuple[Rows, Rows]]:
    facts, scope = estate(seed, only)
    write_estate(folder, facts, scope)
    day = _day(facts, scope)
    if together:
        found = assessed(folder, day)
    else:
        found = judged(folder, all_reached=all_reached, as_of=day)
    expected_identities, expected_verdicts = judge(
        facts, scope, all_reached=all_reached, as_of=_day(facts, scope)
    )
    yield expected_identities, identities(found)
    yield _without_path(expected_verdicts), verdicts(found)
    expected_controls = judge_controls(facts, scope, as_of=_day(facts, scope))
    if not all_reached:
        complete = judge_complete(facts, scope, as_of=_day(facts, scope))
        yield [{"complete": str(complete)}], [{"complete": str(found.coverage["complete"])}]
    yield expected_controls, _tests_told(found, {row["gate"] for row in expected_controls})


def _tests_told(found: Assessment, expected: set[str]) -> Rows:
    """The columns of controls.csv that the walker gives.

    A gate that nobody declares may have a row where the walker finds that no state comes through
    its edge to a target: the edge leads there.
    """
    rows = printed(csv_files.controls_csv(found.controls))
    return [
        {name: row[name] for name in COLUMNS}
        for row in rows
        if row["kind"] or row["gate"] in expected
    ]


def _day(facts: list[dict[str, object]], scope: dict[str, object]) -> str | None:
    """A date where neither scope nor facts give one: the clock is no oracle."""
    dated = scope.get("as_of") or any(document.get("extracted") for document in facts)
    return None if dated else "2026-11-23"


def _compare(
    tmp_path: Path,
    seeds: range,
    *,
    only: str | None = None,
    all_reached: bool = False,
    together: bool = False,
) -> None:
    for seed in seeds:
        folder = tmp_path / str(seed)
        folder.mkdir()
        both = _both(folder, seed, only=only, all_reached=all_reached, together=together)
        for expected, found in both:
            assert found == expected, f"seed {seed}, {only or 'as drawn'}"


@pytest.mark.parametrize("first", range(0, ESTATES, CHUNK))
def test_rows_equal_the_walkers(first: int, tmp_path: Path) -> None:
    """Every row of both files, whole, for needs, gates, gaps, dates, duplicates, the lot."""
    _compare(tmp_path, range(first, first + CHUNK))


@pytest.mark.parametrize("name", NAMES)
def test_rows_equal_the_walkers_with_each_feature(name: str, tmp_path: Path) -> None:
    """Refused words, dead targets, two records of one thing, groups that approve, one by one."""
    _compare(tmp_path, range(70_000, 70_000 + OF_EACH), only=name)


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(ESTATES, ALL_NIGHT, CHUNK))
def test_rows_equal_the_walkers_on_three_thousand(first: int, tmp_path: Path) -> None:
    """As above, the rest of them."""
    _compare(tmp_path, range(first, first + CHUNK))


@pytest.mark.nightly
@pytest.mark.parametrize("name", NAMES)
def test_rows_equal_the_walkers_with_each_feature_often(name: str, tmp_path: Path) -> None:
    """As above, the rest of them."""
    _compare(tmp_path, range(70_000 + OF_EACH, 70_000 + 100), only=name)


@pytest.mark.parametrize("first", range(50_000, 50_020, 20))
def test_rows_of_every_reached_pair_equal_the_walkers(first: int, tmp_path: Path) -> None:
    """--all-reached adds rows without effect, and changes no other."""
    _compare(tmp_path, range(first, first + 20), all_reached=True)


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(50_020, 50_120, CHUNK))
def test_rows_of_every_reached_pair_equal_at_night(first: int, tmp_path: Path) -> None:
    """As above, more of them."""
    _compare(tmp_path, range(first, first + CHUNK), all_reached=True)


@pytest.mark.parametrize("first", range(60_000, 60_020, 20))
def test_the_compiled_engine_equals_the_walker(
    first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernels that large graphs use, forced on small ones."""
    monkeypatch.setattr(lanes, "COMPILE_FROM", 0)
    _compare(tmp_path, range(first, first + 20))


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(60_020, 60_220, CHUNK))
def test_the_compiled_engine_equals_the_walker_at_night(
    first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As above, more of them."""
    monkeypatch.setattr(lanes, "COMPILE_FROM", 0)
    _compare(tmp_path, range(first, first + CHUNK))


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> None:
    """What large graphs do, forced on small ones: everybody at once, from the targets on."""
    monkeypatch.setattr(analyse, "TURN_FROM", 0)
    monkeypatch.setattr(analyse, "BLOCK", 0)
    monkeypatch.setattr(analyse, "FEWER", 1 << 30)
    monkeypatch.setattr(walk, "FROM", 0)


@pytest.mark.usefixtures("turned")
@pytest.mark.parametrize("first", range(61_000, 61_060, 30))
def test_the_turned_question_equals_the_walker(first: int, tmp_path: Path) -> None:
    """Reach, flags, gates and gaps are asked backwards, with the same rows."""
    _compare(tmp_path, range(first, first + 30))


@pytest.mark.usefixtures("turned")
def test_whoever_is_imagined_beside_them_changes_no_row(tmp_path: Path) -> None:
    """``assess`` traces takers and thieves together with everybody who walks."""
    _compare(tmp_path, range(61_200, 61_212), together=True)


@pytest.mark.nightly
@pytest.mark.usefixtures("turned")
@pytest.mark.parametrize("first", range(61_212, 61_412, CHUNK))
def test_whoever_is_imagined_beside_them_changes_no_row_at_night(
    first: int, tmp_path: Path
) -> None:
    """As above, two hundred of them."""
    _compare(tmp_path, range(first, first + CHUNK), together=True)


@pytest.mark.usefixtures("turned")
@pytest.mark.parametrize("name", NAMES)
def test_the_turned_question_equals_the_walker_with_each_feature(
    name: str, tmp_path: Path
) -> None:
    """As above, one feature after another."""
    _compare(tmp_path, range(71_000, 71_002), only=name)


@pytest.mark.usefixtures("turned")
@pytest.mark.parametrize("most", [1, 10_000])
def test_flags_in_small_parts_are_the_same_flags(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flag by flag, row by row: what bounds memory changes nothing."""
    for name in ("_AT_ONCE", "_BITS", "_CELLS"):
        monkeypatch.setattr(turning, name, most)
    _compare(tmp_path, range(61_100, 61_110))


@pytest.mark.usefixtures("turned")
def test_a_graph_of_many_copies_is_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flags that come to most of the graph: the walk gives the same rows."""
    for name in ("_MOST_COPIES", "_OF_BLOCK"):
        monkeypatch.setattr(turning, name, -1)
    _compare(tmp_path, range(61_100, 61_105))


@pytest.mark.nightly
@pytest.mark.usefixtures("turned")
@pytest.mark.parametrize("first", range(62_000, 64_000, CHUNK))
def test_the_turned_question_equals_the_walker_at_night(first: int, tmp_path: Path) -> None:
    """As above, two thousand of them, --all-reached in turn."""
    _compare(tmp_path, range(first, first + CHUNK), all_reached=first % 100 == 0)


@pytest.mark.nightly
@pytest.mark.usefixtures("turned")
@pytest.mark.parametrize("name", NAMES)
def test_the_turned_question_equals_the_walker_with_each_feature_often(
    name: str, tmp_path: Path
) -> None:
    """As above, more of each feature."""
    _compare(tmp_path, range(71_010, 71_040), only=name)

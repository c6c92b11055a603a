"""Causes of changed verdicts against exhaustive search by the brute-force walker, on random pairs.

The walker's side changes records, one by one; it knows no graph, and takes of the product nothing
but the rows that it prints.
"""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest

from nhigraph.app.build import run_build
from nhigraph.app.questions.diff import Compared, diff
from nhigraph.assurance.diff import causes
from nhigraph.assurance.diff.rows import DiffRow
from tests.estate_files import write_estate
from tests.oracle.pairs import Change, Estate, changes, ends_of, made, pair

FIRST, PAIRS, CHUNK = 500_000, 300, 5
#: Pairs on every change; all of them at night.
ALWAYS = 5
#: Rows that name what differs by its key, and where the walker's side has it.
_SORTS = {"identity": "nodes", "credential": "nodes", "node": "nodes", "control": "gates"}


def shuffled(one: Estate, seed: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The same records in two documents, in any order."""
    rng = Random(seed)
    (facts,), scope = one.documents()
    parts: list[dict[str, Any]] = [{"nhigraph": "facts/1"}, {"nhigraph": "facts/1"}]
    for name in ("nodes", "edges", "gates", "gaps"):
        records = facts[name]
        rng.shuffle(records)
        for record in records:
            rng.choice(parts).setdefault(name, []).append(record)
    rng.shuffle(scope["targets"])
    return parts, scope


def told(found: Compared) -> list[tuple[object, ...]]:
    """All that differs, wherever it stands."""
    return [
        (
            r.cause,
            r.what,
            r.change,
            r.turn,
            r.subject,
            r.kind,
            r.target,
            r.field,
            r.before,
            r.after,
        )
        for r in found.told.rows
    ]


def stored(folder: Path, documents: tuple[list[dict[str, Any]], dict[str, Any]]) -> Path:
    """The graph of some documents."""
    (folder / "in").mkdir(parents=True)
    write_estate(folder / "in", *documents)
    run_build([folder / "in"], folder / "out")
    return folder / "out"


def compared(before: Estate, after: Estate, folder: Path) -> Compared:
    """What the product says of two estates."""
    sides = (("before", before), ("after", after))
    return diff(*(stored(folder / name, one.documents()) for name, one in sides))


def change_of(row: DiffRow, before: Estate, after: Estate) -> Change:
    """The change that a row tells of, as the walker's side names it."""
    if row.what == "day":
        return "day", "", ""
    if row.what in _SORTS:
        return _SORTS[row.what], row.subject, row.field
    # Where the record stands, on the side that has it.
    side = before if row.change == "removed" else after
    _, section, *rest = (*row.pointer.split("/"), "")
    if section == "":
        return "head", row.field, ""
    if section == "targets":
        return section, row.subject.removeprefix("target "), row.field
    if section == "boundary":
        many = [key for key, (name, _) in side.boundary.items() if name == rest[0]]
        return section, many[int(rest[1])], ""
    return section, [*getattr(side, section)][int(rest[0])], ""


def brought(named: set[Change], after: Estate) -> set[Change]:
    """New nodes that come with an edge or a gap: no change that anybody counts."""
    edges = [after.edges[key] for sort, key, _ in named if sort == "edges" and key in after.edges]
    ends = {end for edge in edges for end in ends_of(edge)}
    ends |= {key[0] for sort, key, _ in named if sort == "gaps"}
    return {one for one in named if one[0] == "nodes" and not one[2] and one[1] in ends}


def check(before: Estate, after: Estate, found: Compared) -> int:
    """Every cause gives what it explains, and no smaller set does; the size of the largest."""
    every = changes(before, after)
    old, new = before.answers(), after.answers()
    pairs = {key for key in {**old, **new} if old.get(key) != new.get(key)}
    verdicts = [row for row in found.told.rows if row.what == "verdict"]
    assert {(row.subject, row.target) for row in verdicts} == pairs
    sizes = {str(one.cause): one for one in found.told.causes}
    known: dict[frozenset[Change], dict[Any, Any]] = {}

    def answers(chosen: Iterator[Change]) -> dict[Any, Any]:
        some = frozenset(chosen)
        if some not in known:
            known[some] = made(before, after, some).answers()
        return known[some]

    largest = 0
    for row in verdicts:
        key = (row.subject, row.target)
        assert len(row.cause) == 1, f"{key} is explained"
        cause = sizes[row.cause[0]]
        named = {
            change_of(one, before, after)
            for one in found.told.rows
            if one.what != "verdict" and row.cause[0] in one.cause
        }
        assert len(named - brought(named, after)) == cause.changes
        assert answers(iter(named)).get(key) == new.get(key), f"{key}: {named} is a cause"
        for size in range(1, cause.bound):
            for fewer in combinations(every, size):
                assert answers(iter(fewer)).get(key) != new.get(key), f"{key}: {fewer} does too"
        largest = max(largest, cause.changes)
    return largest


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first < FIRST + ALWAYS else pytest.mark.nightly)
        for first in range(FIRST, FIRST + PAIRS, CHUNK)
    ],
)
def test_causes_explain_and_no_smaller_set_does(
    first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = causes._hold

    def hold(*asked: Any) -> bool:  # noqa: ANN401 - passed on
        """What was found in a part of the estates holds in the whole: none is searched twice."""
        assert held(*asked)
        return True

    monkeypatch.setattr(causes, "_hold", hold)
    for seed in range(first, first + CHUNK):
        before, after = pair(seed)
        check(before, after, compared(before, after, tmp_path / str(seed)))


@pytest.mark.parametrize("seed", range(600_000, 600_008))
def test_records_in_other_documents_and_orders_change_nothing(seed: int, tmp_path: Path) -> None:
    before, after = pair(seed)
    first = stored(tmp_path / "first", before.documents())
    second = stored(tmp_path / "second", after.documents())
    again = stored(tmp_path / "again", shuffled(before, seed))
    moved = stored(tmp_path / "moved", shuffled(after, seed + 1))
    assert told(diff(first, again)) == []
    expected = told(diff(first, second))
    assert told(diff(first, moved)) == told(diff(again, second)) == expected

"""The oracle reproduces the 55 vignettes and the worked example."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from .walker import judge, load

DATA = Path(__file__).resolve().parents[1] / "data"
VIGNETTES = sorted(path for path in (DATA / "vignettes").iterdir() if path.is_dir())
LISTS = ("soc2", "soc2_outside", "weaknesses")
Row = dict[str, str]


def split(text: str) -> set[str]:
    """A list cell as a set."""
    return {part for part in text.split(";") if part}


def check(row: Row, expected: dict[str, Any]) -> None:
    """One row against expected fields: lists as sets, `…_has` and `…_hasnot`, else equal."""
    for name, value in expected.items():
        if name.endswith("_has"):
            assert set(value) <= split(row[name.removesuffix("_has")]), name
        elif name.endswith("_hasnot"):
            assert not set(value) & split(row[name.removesuffix("_hasnot")]), name
        elif name in LISTS:
            assert set(value) == split(row[name]), name
        else:
            assert str(value) == row[name], name


def facts_and_scope(folder: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """All facts of a folder, and its scope."""
    return [load(path) for path in sorted(folder.glob("*.facts.yaml"))], load(
        folder / "scope.yaml"
    )


@pytest.mark.parametrize("folder", VIGNETTES, ids=lambda folder: folder.name)
def test_vignette(folder: Path) -> None:
    """Every part of `expected.yaml` holds."""
    facts, scope = facts_and_scope(folder)
    expected = load(folder / "expected.yaml")
    identities, verdicts = judge(facts, scope)
    by_key = {row["identity"]: row for row in identities}
    key = expected.pop("identity")
    row, also = expected.pop("row", None), expected.pop("also", {})
    earlier = expected.pop("as_of_last_week", None)

    check(by_key[key], expected)
    for other, fields in also.items():
        if fields is None:
            assert other not in by_key
        else:
            check(by_key[other], fields)
    if row is not None:
        found = [v for v in verdicts if v["identity"] == key and v["target"] == row["target"]]
        assert len(found) == 1
        check(found[0], row)
    if earlier is not None:
        then, _ = judge(facts, scope, as_of=str(earlier.pop("as_of")))
        check(next(r for r in then if r["identity"] == key), earlier)


@pytest.mark.parametrize("table", ["identities", "verdicts"])
def test_worked_example(table: str) -> None:
    """Every column but `path_id` of the two expected tables, in order."""
    folder = DATA / "worked-example"
    rows = judge(*facts_and_scope(folder))[table == "verdicts"]
    with (folder / f"expected-{table}.csv").open(encoding="utf-8", newline="") as stream:
        expected = list(csv.DictReader(stream))

    assert expected == [{k: v for k, v in row.items() if k != "path_id"} for row in rows]


def test_there_are_55() -> None:
    """No vignette is missing."""
    assert len(VIGNETTES) == 55

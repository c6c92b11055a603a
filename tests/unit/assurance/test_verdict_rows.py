"""Rows in columns are the rows: read one by one, in parts, by identity, the worst first."""

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

import numpy as np
import pytest

from nhigraph.assurance import verdict_rows
from nhigraph.assurance.row_order import worst_first
from nhigraph.assurance.rows import VerdictRow
from nhigraph.assurance.verdict_rows import VerdictRows

ROW = VerdictRow(
    "a", "fin:x", "soc1", "direct", (), (), "open", "can", "ALTER", (), "own", ("R2",), 2, "p", ()
)
ROWS = (
    ROW,
    replace(ROW, target="fin:y", exposure="gated", path_id="q", steps=3),
    replace(ROW, identity="b", soc1="indirect", path_id="r"),
    replace(ROW, identity="b", target="fin:y", verdict="neither", soc1="none", steps=None),
    replace(ROW, identity="c", target="*", states="", steps=0, path_id="", gaps=("c", "d")),
)


@pytest.fixture(params=[0, 1_000], ids=["made when read", "kept"])
def rows(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> VerdictRows:
    monkeypatch.setattr(verdict_rows, "_KEPT", request.param)
    return VerdictRows.of(ROWS)


def test_columns_give_back_the_rows(rows: VerdictRows) -> None:
    assert (tuple(rows), len(rows)) == (ROWS, 5)
    assert [rows[at] for at in range(-5, 5)] == [*ROWS, *ROWS]
    assert tuple(rows[1:4]) == ROWS[1:4]
    assert tuple(rows) == ROWS, "once more"
    assert VerdictRows.of(rows) is rows


def test_rows_are_the_same_as_others_that_say_the_same(rows: VerdictRows) -> None:
    assert rows == ROWS
    assert rows == VerdictRows.of(reversed([*reversed(ROWS)]))
    assert rows != ROWS[:-1]
    assert rows != (*ROWS[:-1], replace(ROWS[-1], gaps=("c",)))
    assert ROWS[2] in rows
    assert replace(ROW, steps=9) not in rows


def test_what_is_alike_is_one_object(rows: VerdictRows) -> None:
    many = VerdictRows.of(replace(ROW, identity=f"{n}", path_id=f"{n}") for n in range(9))
    assert (len(many.sorts), len(many.keys)) == (1, 9)
    assert len(rows.sorts) == len(ROWS)


def test_rows_stand_by_identity_and_the_worst_first(rows: VerdictRows) -> None:
    of: dict[str, Sequence[VerdictRow]] = rows.by_identity(attrgetter("target"))
    assert {key: [row.target for row in some] for key, some in of.items()} == {
        "a": ["fin:x", "fin:y"],
        "b": ["fin:x", "fin:y"],
        "c": ["*"],
    }
    worst = rows.worst_first(np.arange(5)).tolist()
    assert [rows[at] for at in worst] == sorted(ROWS, key=worst_first)
    assert VerdictRows.of(()).by_identity(attrgetter("target")) == {}


def test_of_rows_that_say_something_alike_one_is_enough(rows: VerdictRows) -> None:
    of = rows.by_identity(lambda row: row.target == "*")
    assert {key: [row.target == "*" for row in some] for key, some in of.items()} == {
        "a": [False],
        "b": [False],
        "c": [True],
    }
    assert of["a"] is of["b"]
    codes = np.array([row.target == "fin:x" for row in rows], dtype=np.int64)
    said = rows.said_of_identities(np.arange(len(rows)), codes)
    assert said["a"] == said["b"] != said["c"]
    assert rows.said_of_identities(np.arange(0), codes[:0]) == {}


def test_paths_are_put_beside(rows: VerdictRows) -> None:
    steps, name = np.array([7, 7, 7, -1, 0]), np.array([1, 1, 2, 0, 0])
    told = rows.with_paths(steps, name, ["", "s", "t"])
    said = [(row.steps, row.path_id) for row in told]
    assert said == [(7, "s"), (7, "s"), (7, "t"), (None, ""), (0, "")]


def test_pairs_of_which_something_is_true(rows: VerdictRows) -> None:
    assert [*rows.pairs(lambda row: row.soc1 == "indirect")] == [("b", "fin:x")]

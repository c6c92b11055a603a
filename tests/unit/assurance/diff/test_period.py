"""Spells of a period: a table by hand, over four days of one small company."""

from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.build import run_build
from nhigraph.app.questions.period import Period, of_folder
from nhigraph.errors import InputError, NoInputError, UsageError
from tests.estate_files import write_estate

DAYS = ("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30")
JOB, KEY, TABLE = "ci:load", "ci:old", "dataset:postgres:erp.fin.gl"
RIGHT: dict[str, object] = {"kind": "CAN_WRITE", "from": JOB, "to": TABLE, "action": "post"}
DIRECT = "soc1, soc1 direct, open, can"
MAYBE = "soc1, soc1 direct, open, may"


def _node(key: str, kind: str = "ServiceAccount", **more: object) -> dict[str, object]:
    return {"key": key, "kind": kind, **more}


#: Day by day: identities, and the rights that they have.
COMPANY: tuple[tuple[list[dict[str, object]], list[dict[str, object]]], ...] = (
    ([_node(JOB), _node(KEY)], [RIGHT]),
    ([_node(JOB), _node(KEY, state="disabled")], [RIGHT]),
    ([_node(JOB)], []),
    ([_node(JOB)], [{**RIGHT, "certainty": "assumed"}]),
)


def _stored(folder: Path, number: int) -> Path:
    nodes, edges = COMPANY[number]
    facts: dict[str, Any] = {"nhigraph": "facts/1", "nodes": [*nodes, _node(TABLE, "Dataset")]}
    target = {"id": "gl", "family": "financial-reporting", "fs_role": "record"}
    scope = {
        "nhigraph": "scope/1",
        "commitments": ["A"],
        "as_of": DAYS[number],
        "targets": [{**target, "icfr_basis": "own", "select": [{"key": TABLE}]}],
    }
    place = folder / "inputs" / str(number)
    place.mkdir(parents=True)
    write_estate(place, [{**facts, "edges": edges}], scope)
    # Names that sort otherwise than the days.
    out = folder / "kept" / f"run-{9 - number}"
    run_build([place], out)
    return out


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("period")
    (folder / "kept").mkdir()
    for number in range(len(DAYS)):
        _stored(folder, number)
    (folder / "kept" / "notes").mkdir()
    (folder / "kept" / "readme.txt").write_text("no snapshot")
    return folder / "kept"


def _rows(found: Period, what: str) -> list[tuple[object, ...]]:
    return [
        (r.subject, r.target, r.said, r.first_seen, r.last_seen, r.seen, r.not_yet, r.no_longer)
        for r in found.rows
        if r.what == what
    ]


def test_who_existed_from_which_day_to_which(kept: Path) -> None:
    jan, feb, mar, apr = DAYS
    assert _rows(of_folder(kept), "identity") == [
        (JOB, "", "active", jan, apr, 4, "", ""),
        (KEY, "", "active", jan, jan, 1, "", feb),
        (KEY, "", "disabled", feb, feb, 1, jan, mar),
    ]


def test_who_could_alter_what_and_for_how_long(kept: Path) -> None:
    jan, feb, mar, apr = DAYS
    assert _rows(of_folder(kept), "verdict") == [
        (JOB, "fin:gl", DIRECT, jan, feb, 2, "", mar),
        (JOB, "fin:gl", MAYBE, apr, apr, 1, mar, ""),
    ]


def test_days_order_the_snapshots_whatever_they_are_called(kept: Path) -> None:
    assert of_folder(kept).snapshots == tuple(
        (day, f"run-{9 - number}") for number, day in enumerate(DAYS)
    )


def test_disabled_nodes_count_where_asked(kept: Path) -> None:
    found = _rows(of_folder(kept, include_disabled=True), "identity")
    assert (KEY, "", "active", DAYS[0], DAYS[1], 2, "", DAYS[2]) in found


def test_an_old_snapshot_is_named(kept: Path, tmp_path: Path) -> None:
    old = tmp_path / "kept" / "old" / "graph"
    old.mkdir(parents=True)
    (old / "manifest.json").write_text('{"nhigraph": "graph/1"}')
    with pytest.raises(InputError, match=r"old/manifest\.json: the graph was stored by an older"):
        of_folder(tmp_path / "kept")


def test_a_folder_without_any_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoInputError, match="holds no output folders"):
        of_folder(tmp_path)
    with pytest.raises(UsageError, match="names a folder of output folders"):
        of_folder(tmp_path / "nowhere")

"""A cut of a database does what it says once its places are undone in the export.

The export is then read and judged from the start.
"""

import json
from pathlib import Path

import pytest

import nhigraph
from tests.documents.native import Json
from tests.edits.postgres import ARTIFACT, SCOPE, TARGETS, Database, undone

FIRST, ALWAYS, AT_NIGHT, CHUNK = 0, 6, 300, 3
#: Of so many databases one is asked whether each place of a cut is needed.
ASKED = 3
Answers = dict[tuple[str, str], tuple[str, str]]


def read(folder: Path, export: Json) -> nhigraph.Estate:
    folder.mkdir(parents=True)
    (folder / ARTIFACT).write_text(json.dumps(export), "utf-8")
    (folder / "scope.json").write_text(json.dumps(SCOPE), "utf-8")
    return nhigraph.read(folder)


def answers(estate: nhigraph.Estate) -> Answers:
    rows = estate.assess().verdicts.to_dict("records")
    return {
        (row["identity"], row["target"]): (row["verdict"], row["exposure"])
        for row in rows
        if row["verdict"] != "neither"
    }


def reaching(estate: nhigraph.Estate, target: str) -> set[str]:
    found = estate.cut(target).found
    return {*found.stopped, *found.beyond}


def demoted(pointers: set[str]) -> bool:
    return any(pointer.endswith("/superuser") for pointer in pointers)


def check(whole: nhigraph.Estate, export: Json, target: str, folder: Path) -> set[str]:
    """The places of a cut that does what it says."""
    cut = whole.cut(target).found
    pointers = {row.pointer for row in cut.rows}
    if not pointers:
        return pointers
    after = read(folder / "all", undone(export, pointers))
    assert reaching(after, target) == {*cut.beyond}
    supposed = answers(whole.without(places={(ARTIFACT, pointer) for pointer in pointers}))
    made = answers(after)
    # Once somebody is a superuser no more, whoever owns what it writes to reaches it: of
    # superusers that is not said (``nhigraph.sources.postgres.planting``).
    assert {*supposed} <= {*made} if demoted(pointers) else supposed == made
    return pointers


def spared(
    whole: nhigraph.Estate, export: Json, target: str, pointers: set[str], folder: Path
) -> int:
    """How many places the cut can do without."""
    beyond = {*whole.cut(target).found.beyond}
    fewer = [pointers - {pointer} for pointer in sorted(pointers)]
    read_anew = [read(folder / str(at), undone(export, some)) for at, some in enumerate(fewer)]
    return sum(reaching(after, target) == beyond for after in read_anew)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first < ALWAYS else pytest.mark.nightly)
        for first in range(FIRST, AT_NIGHT, CHUNK)
    ],
)
def test_who_is_stopped_stays_stopped_when_the_places_are_undone(
    first: int, tmp_path: Path
) -> None:
    places = tried = idle = 0
    for seed in range(first, first + CHUNK):
        export = Database(seed).export
        whole = read(tmp_path / str(seed) / "whole", export)
        for number, target in enumerate(TARGETS):
            folder = tmp_path / str(seed) / str(number)
            pointers = check(whole, export, target, folder)
            places += len(pointers)
            if seed % ASKED == 0 and number == 0:
                tried += len(pointers)
                idle += spared(whole, export, target, pointers, folder)
    assert places > CHUNK
    assert idle <= tried // 5

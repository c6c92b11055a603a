"""A cut of what jobs do does what it says once its places are edited in the files.

The files are then read and judged from the start: the line that runs dbt goes, and the secret that
the job was given opens what it opened.
"""

import json
from pathlib import Path

import pytest

import nhigraph
from tests.edits.jobs import SCOPE, TARGETS, WORKFLOW, Texts, documents, edited

FIRST, ALWAYS, AT_NIGHT, CHUNK = 0, 4, 200, 2


def read(folder: Path, texts: Texts) -> nhigraph.Estate:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / "scope.json").write_text(json.dumps(SCOPE), "utf-8")
    return nhigraph.read(folder)


def reaching(estate: nhigraph.Estate, target: str) -> set[str]:
    found = estate.cut(target).found
    return {*found.stopped, *found.beyond}


def answers(estate: nhigraph.Estate) -> set[tuple[str, str]]:
    rows = estate.assess().verdicts.to_dict("records")
    return {(row["identity"], row["target"]) for row in rows if row["verdict"] != "neither"}


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first < ALWAYS else pytest.mark.nightly)
        for first in range(FIRST, AT_NIGHT, CHUNK)
    ],
)
def test_who_is_stopped_stays_stopped_when_the_files_are_edited(
    first: int, tmp_path: Path
) -> None:
    cuts = 0
    for seed in range(first, first + CHUNK):
        texts = documents(seed)
        whole = read(tmp_path / str(seed) / "whole", texts)
        for target in TARGETS:
            for asked in ((), *((one,) for one in sorted(reaching(whole, target)))):
                cut = whole.cut(target, identities=asked).found
                places = {(row.artifact, row.pointer) for row in cut.rows}
                cuts += 1
                after = read(tmp_path / str(seed) / str(cuts), edited(texts, places))
                stopped = {*cut.stopped} - {*cut.beyond}
                assert stopped.isdisjoint(reaching(after, target)), (seed, target, asked)
                supposed = answers(whole.without(places=places))
                # What a secret opened that nothing uses any longer is in no file then.
                made = {one for one in answers(after) if one[1] != "*"}
                assert made <= supposed, (seed, target, asked)
    assert cuts > CHUNK


def test_a_job_that_runs_no_dbt_any_longer_has_the_secret_of_the_account(tmp_path: Path) -> None:
    texts = next(
        found
        for found in map(documents, range(50))
        if found[WORKFLOW].count("dbt build") == 1 and "contents: read" in found[WORKFLOW]
    )
    whole = read(tmp_path, texts)
    line = next(
        row.pointer
        for row in whole.cut("fin:revenue").found.rows
        if row.artifact == WORKFLOW or row.edge_kind == "COMPUTES"
    )
    job = "github:acme/books/job/nightly.yml#job0"

    assert (job, "fin:revenue") in answers(whole.without(places=[(WORKFLOW, line)]))
    cut = whole.cut("trust:C/payments", identities=[job]).found
    assert {row.edge_kind for row in cut.rows}.isdisjoint({"AUTHENTICATES_AS", "COMPUTES"})

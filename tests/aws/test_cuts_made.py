"""A cut of an account does what it says when its statements are taken out of the exports.

The account is then read and judged from the start. Rights are given by several statements, by
groups' policies and by buckets', lie within boundaries and below an organization.
"""

from pathlib import Path

import pytest

import nhigraph
from tests.aws.small_account import TARGETS, Account, Files, Place, without

FIRST, ALWAYS, AT_NIGHT, CHUNK = 0, 10, 400, 10
Answers = dict[tuple[str, str], str]


class Trial:
    """One account: each edit of it is read anew."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.account, self.folder, self.read_so_far = Account(seed), folder / str(seed), 0
        self.whole = self.read(self.account.files)
        self.before = answers(self.whole)

    def read(self, files: Files) -> nhigraph.Estate:
        self.read_so_far += 1
        folder = self.folder / str(self.read_so_far)
        self.account.write(folder, files)
        return nhigraph.read(folder)

    def edited(self, places: set[Place]) -> nhigraph.Estate:
        return self.read(without(self.account.files, places))


def answers(estate: nhigraph.Estate) -> Answers:
    rows = estate.assess().verdicts.to_dict("records")
    return {
        (row["identity"], row["target"]): f"{row['verdict']} {row['exposure']}"
        for row in rows
        if row["verdict"] != "neither"
    }


def reaching(estate: nhigraph.Estate, target: str) -> set[str]:
    found = estate.cut(target).found
    return {*found.stopped, *found.beyond}


def check(trial: Trial, target: str) -> tuple[int, int]:
    """How many places a cut has, and how many of them could have been spared."""
    cut = trial.whole.cut(target).found
    places = {(row.artifact, row.pointer) for row in cut.rows}
    if not places:
        return 0, 0
    assert not [place for place in places if place[0] == "tree.json"]
    assert cut.changes == len(places)
    after = trial.edited(places)
    assert reaching(after, target) == {*cut.beyond}
    now = answers(after)
    gone = {pair for pair in trial.before if pair not in now}
    said = {(one.identity, one.target) for one in cut.changed if one.after == "neither"}
    assert {pair for pair in said if pair[1] != target} == {
        pair for pair in gone if pair[1] != target
    }
    supposed = answers(trial.whole.without(places=places))
    assert {pair for pair in trial.before if pair not in supposed} == gone
    spared = [
        place
        for place in places
        if reaching(trial.edited(places - {place}), target) == {*cut.beyond}
    ]
    return len(places), len(spared)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first < ALWAYS else pytest.mark.nightly)
        for first in range(FIRST, AT_NIGHT, CHUNK)
    ],
)
def test_who_is_stopped_stays_stopped_when_the_statements_are_taken_out(
    first: int, tmp_path: Path
) -> None:
    found = [
        check(trial, target)
        for seed in range(first, first + CHUNK)
        for trial in [Trial(seed, tmp_path)]
        for target in TARGETS
    ]
    places, spared = (sum(many) for many in zip(*found, strict=True))
    assert places > CHUNK
    # One that another policy denies, or a condition that never holds, is named as well.
    assert spared <= places // 10

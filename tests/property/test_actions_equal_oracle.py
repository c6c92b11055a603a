"""An action on any edge means what it says: rows of estates in which lineage states one, too."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from nhigraph.assurance import analyse, walk
from tests.estate_files import identities, judged, verdicts, write_estate
from tests.oracle.estates import estate
from tests.oracle.vocabulary import APPROVING_ACTIONS, PREPARING_ACTIONS
from tests.oracle.walker import judge

ESTATES = 40
_DUTIES = sorted(PREPARING_ACTIONS | APPROVING_ACTIONS)


def acting(seed: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """An estate in which most edges prepare or release something."""
    facts, scope = estate(seed)
    rng = Random(seed)
    for document in facts:
        for edge in document.get("edges", ()):
            if rng.random() < 0.8:
                edge["action"] = rng.choice(_DUTIES)
    return facts, {**scope, "as_of": "2026-11-23"}


def compare(folder: Path, seed: int) -> bool:
    """Whether somebody prepares and releases there; rows are as the walker's."""
    facts, scope = acting(seed)
    write_estate(folder, facts, scope)
    found = judged(folder)
    of_identities, of_verdicts = judge(facts, scope)
    said = [{name: cell for name, cell in row.items() if name != "path_id"} for row in of_verdicts]
    assert (identities(found), verdicts(found)) == (of_identities, said), f"seed {seed}"
    return any("sod_conflict" in row["weaknesses"] for row in of_identities)


@pytest.mark.parametrize("turned", [False, True])
def test_duties_meet_by_whatever_alters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turned: bool
) -> None:
    if turned:
        monkeypatch.setattr(analyse, "TURN_FROM", 0)
        monkeypatch.setattr(analyse, "BLOCK", 0)
        monkeypatch.setattr(analyse, "FEWER", 1 << 30)
        monkeypatch.setattr(walk, "FROM", 0)
    met = 0
    for seed in range(81_000, 81_000 + ESTATES):
        folder = tmp_path / str(seed)
        folder.mkdir()
        met += compare(folder, seed)
    assert met > ESTATES // 8

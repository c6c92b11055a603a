"""Every row that is gated rests on a control that holds, on random estates."""

from pathlib import Path

import pytest

from nhigraph.assurance.rows import Assessment, ControlRow, VerdictRow
from tests.estate_files import judged, write_estate
from tests.oracle.estates import estate

ESTATES = 120
CHUNK = 40


def _day(facts: list[dict[str, object]], scope: dict[str, object]) -> str | None:
    dated = scope.get("as_of") or any(document.get("extracted") for document in facts)
    return None if dated else "2026-11-23"


def gated(found: Assessment) -> list[VerdictRow]:
    """Rows with exposure gated."""
    return [row for row in found.verdicts if row.exposure == "gated"]


def behind(found: Assessment, row: VerdictRow) -> list[ControlRow]:
    """Controls that hold, for whoever does not defeat them, on ways to the row's target."""
    return [one for one in found.controls if one.holds and row.target in one.targets]


@pytest.mark.parametrize("first", range(80_000, 80_000 + ESTATES, CHUNK))
def test_a_gated_row_rests_on_a_control_that_holds(first: int, tmp_path: Path) -> None:
    """It is in controls.csv, every test of it a yes; so is whatever gate its path passes."""
    seen = 0
    for seed in range(first, first + CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        facts, scope = estate(seed)
        write_estate(folder, facts, scope)
        found = judged(folder, as_of=_day(facts, scope))
        listed = {one.gate: one for one in found.controls}
        for row in gated(found):
            assert behind(found, row), f"seed {seed}: {row.identity} at {row.target}"
            passed = {step.gate for step in found.paths[row.path_id] if step.gate}
            assert passed <= listed.keys(), f"seed {seed}"
            assert all(row.target in listed[gate].targets for gate in passed), f"seed {seed}"
            seen += 1
    assert seen, "no gated row among the estates: the test would say nothing"

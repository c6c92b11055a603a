"""Many subjects and many who alter them: what a cell leaves out is counted, time is bounded."""

import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks.which import generated
from nhigraph.app.assessment import assess
from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.app.questions.which import which
from nhigraph.app.which import with_which
from tests.estate_files import write_estate

MANY = 1_005


def _written_by_many(folder: Path) -> None:
    nodes: list[dict[str, Any]] = [{"kind": "System", "key": "acme:erp"}]
    nodes += [{"kind": "ServiceAccount", "key": f"acme:a{n:04}"} for n in range(MANY)]
    edges = [{"kind": "CAN_WRITE", "from": f"acme:a{n:04}", "to": "acme:erp"} for n in range(MANY)]
    target = {
        "id": "erp",
        "family": "financial-reporting",
        "fs_role": "record",
        "select": [{"key": "acme:erp"}],
    }
    scope = {"nhigraph": "scope/1", "as_of": "2026-11-23", "targets": [target]}
    write_estate(folder, [{"nhigraph": "facts/1", "nodes": nodes, "edges": edges}], scope)


def test_a_cell_names_the_first_thousand_and_counts_the_others(tmp_path: Path) -> None:
    """More than one block of identities; asked for by name, all of them are told."""
    _written_by_many(tmp_path)
    found = of_collection(collect([tmp_path]))
    (row,) = with_which(assess(found), found).which
    assert len(row.altered_by) == 1_001
    assert row.altered_by[:2] == ("acme:a0000", "acme:a0001")
    assert row.altered_by[-2:] == ("acme:a0999", "and 5 more")
    assert row.altering == MANY
    ((asked, _),) = which(found, ["acme:erp"])
    assert asked.altered_by == tuple(f"acme:a{n:04}" for n in range(MANY))
    assert asked.altering == MANY


@pytest.mark.nightly
def test_three_thousand_repositories_take_seconds() -> None:
    """Of the processor: 1.6 beside another load when this was written, after warming up."""
    found = generated(3_000)
    assessment = assess(found)
    with_which(assessment, found)
    before = time.process_time()
    made = with_which(assessment, found)
    assert time.process_time() - before < 15
    assert len(made.which) == 3_055

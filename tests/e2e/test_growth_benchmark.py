"""The shapes of the benchmark of growth are what they say: read whole, and with what they ask."""

import csv
import json
from pathlib import Path

import pytest

from benchmarks import growth
from nhigraph.app.assess import Request, run_assess

#: Shape, and what it is about: a file, a column, a word in it, and how often at least.
ABOUT = {
    "undeclared": ("questions.csv", "kind", "default", 12),
    "conditions": ("verdicts.csv", "certainty", "may", 12),
    "needs": ("verdicts.csv", "verdict", "soc1", 6),
    "gaps": ("verdicts.csv", "verdict", "undetermined", 12),
    "duties": ("findings.csv", "rule", "sod_conflict", 60),
    "approved": ("verdicts.csv", "exposure", "gated", 10),
    "jobs": ("verdicts.csv", "verdict", "soc1", 12),
    "credentials": ("findings.csv", "rule", "long_lived", 48),
    "database": ("verdicts.csv", "verdict", "soc1", 12),
    "copies": ("verdicts.csv", "verdict", "soc1", 6),
    "repositories": ("questions.csv", "kind", "secret", 12),
}


@pytest.mark.parametrize("shape", growth.SHAPES)
def test_a_small_estate_of_a_shape_is_about_what_it_says(shape: str, tmp_path: Path) -> None:
    growth.written(shape, 12, tmp_path / "in")
    run_assess(Request([tmp_path / "in"], tmp_path / "out"))
    coverage = json.loads((tmp_path / "out/coverage.json").read_text())
    read = [one for one in coverage["artifacts"] if one["status"] != "skipped"]
    assert {one["status"] for one in read} == {"read"}
    assert sum(one["quarantined"] for one in read) == 0
    name, column, word, least = ABOUT[shape]
    with (tmp_path / "out" / name).open() as stream:
        told = [row[column] for row in csv.DictReader(stream)]
    assert told.count(word) >= least, told

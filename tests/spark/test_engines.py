"""On Spark, by blocks and by joins, the rows are those of the brute-force walker and of here."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nhigraph.app import demo
from nhigraph.app.assessment import assess
from nhigraph.app.collect import collect
from nhigraph.app.elsewhere import BLOCKS, JOINS, elsewhere
from nhigraph.app.judged import Judged, of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.rows import Assessment
from nhigraph.output import csv_files
from tests.estate_files import identities, verdicts, write_estate
from tests.oracle.estates import estate
from tests.oracle.walker import judge as walked

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]
DAY = "2026-11-23"


def _assessed(judged: Judged, engine: str) -> Assessment:
    with elsewhere(engine, "local[2]" if engine != "memory" else None) as where:
        return assess(judged, analysis=Analysis(judged.estate, elsewhere=where))


def _files(found: Assessment) -> dict[str, str]:
    return {
        "identities": csv_files.identities_csv(found.identities),
        "verdicts": csv_files.verdicts_csv(found.verdicts),
        "paths": csv_files.paths_csv([found.paths], found.alternatives),
        "controls": csv_files.controls_csv(found.controls),
    }


@pytest.mark.parametrize("engine", [BLOCKS, JOINS])
def test_the_sample_company_has_the_same_rows(spark: "SparkSession", engine: str) -> None:
    found = collect([*demo.inputs(), demo.sample() / "scope.yaml"], repo=demo.REPOSITORY)
    judged = of_collection(found)
    assert _files(_assessed(judged, engine)) == _files(_assessed(judged, "memory"))


@pytest.mark.parametrize(
    ("engine", "first", "last"),
    [
        (BLOCKS, 80_000, 80_006),
        (JOINS, 80_000, 80_001),
        pytest.param(BLOCKS, 80_006, 80_200, marks=pytest.mark.nightly),
        pytest.param(JOINS, 80_001, 80_060, marks=pytest.mark.nightly),
    ],
)
def test_rows_equal_the_walkers(
    spark: "SparkSession", engine: str, first: int, last: int, tmp_path: Path
) -> None:
    """Needs, gates, gaps, dates, duplicates: whatever the random estates have."""
    for seed in range(first, last):
        folder = tmp_path / str(seed)
        folder.mkdir()
        facts, scope = estate(seed, None)
        write_estate(folder, facts, scope)
        found = _assessed(of_collection(collect([folder]), option=DAY), engine)
        expected_identities, expected_verdicts = walked(facts, scope, as_of=DAY)
        assert identities(found) == expected_identities, f"seed {seed}"
        rows = [
            {n: cell for n, cell in row.items() if n != "path_id"} for row in expected_verdicts
        ]
        assert verdicts(found) == rows, f"seed {seed}"

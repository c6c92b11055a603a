"""``assess --engine``: the same files, and plain words where it cannot be."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.docs.command import nhigraph
from tests.estate_files import write_estate
from tests.oracle.estates import estate

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    facts, scope = estate(80_001, None)
    inputs = tmp_path / "in"
    inputs.mkdir()
    write_estate(inputs, facts, scope)
    return tmp_path


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_every_file_is_the_same(spark: "SparkSession", folder: Path) -> None:
    """Digests in the manifest are of every file, the graph among them."""
    told = []
    for name, more in (("here", ()), ("there", ("--engine", "spark", "--master", "local[2]"))):
        ran = nhigraph("assess", "in", "--out", name, "--as-of", "2026-11-23", *more, cwd=folder)
        assert ran.code == 0, ran.err
        told.append(json.loads((folder / name / "manifest.json").read_text(encoding="utf-8")))
    assert told[0] == told[1]


@pytest.mark.parametrize("engine", ["spark", "spark-joins"])
def test_without_spark_one_line_says_what_to_install(
    engine: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyspark", "pyspark.sql"):
        monkeypatch.setitem(sys.modules, name, None)
    ran = nhigraph("assess", "in", "--engine", engine, cwd=folder)
    assert ran.code == 2
    assert "pip install 'nhigraph[spark]'" in ran.err
    assert not (folder / "nhigraph-out").exists()


def test_a_master_is_of_spark_alone(folder: Path) -> None:
    ran = nhigraph("assess", "in", "--master", "local[2]", cwd=folder)
    assert ran.code == 2
    assert "--master: for --engine spark or spark-joins only" in ran.err

"""`who` at a target of the sample is answered by stored rows, to the byte as it is computed."""

import shutil
from pathlib import Path

import pytest

from nhigraph.app import stored_answers
from tests.e2e.command import inside

DAY = "2026-11-23"


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_stored_rows_print_what_computed_ones_do(out: Path, form: str) -> None:
    stored = stored_answers.opened(out, None, include_disabled=False)
    assert stored is not None
    targets = [key for key in stored.rows if key != "*"]
    assert len(targets) > 5
    # One is computed in each form, because a day was asked for; the rows of all are compared in
    # tests/property/test_stored_answers.py.
    for target in (targets[0], "revenue"):
        quick = inside("who", target, "--graph", out, "--format", form)
        slow = inside("who", target, "--graph", out, "--format", form, "--as-of", DAY)
        assert quick.code == slow.code == 0
        assert quick.out == slow.out
        assert quick.err == slow.err.replace("(option)", "(scope)")


def test_a_damaged_graph_is_refused_though_its_rows_are_whole(out: Path, tmp_path: Path) -> None:
    copy = tmp_path / "graph"
    shutil.copytree(out / "graph", copy)
    (copy / "edges.parquet").write_bytes(b"no table")
    said = inside("who", "fin:cash", "--graph", copy)
    assert said.code == 3
    assert "edges.parquet" in said.err

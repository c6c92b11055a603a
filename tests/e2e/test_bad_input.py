"""Input that is broken or hostile: one line with its place, and the rest goes on."""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import nhigraph

GOOD = Path(__file__).parents[1] / "data" / "worked-example"
SECONDS = 5
MEGABYTES = 500


def _bomb() -> str:
    lines = ["nhigraph: facts/1", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    return "\n".join(lines) + "\n"


def _empty(folder: Path) -> str:
    (folder / "bad.facts.yaml").write_bytes(b"")
    return "bad.facts.yaml"


def _truncated(folder: Path) -> str:
    (folder / "bad.json").write_text('{"nhigraph": "facts/1", "nodes": [{"kind": "User"')
    return "bad.json"


def _alias_bomb(folder: Path) -> str:
    (folder / "bad.facts.yaml").write_text(_bomb())
    return "bad.facts.yaml"


def _sparse(folder: Path) -> str:
    with (folder / "bad.facts.json").open("wb") as stream:
        os.truncate(stream.fileno(), 2**30)
    return "bad.facts.json"


def _latin(folder: Path) -> str:
    (folder / "bad.facts.yaml").write_bytes("nhigraph: facts/1\n# Münze\n".encode("latin-1"))
    return "bad.facts.yaml"


def _loop(folder: Path) -> str:
    (folder / "bad").mkdir()
    (folder / "bad" / "again").symlink_to(folder, target_is_directory=True)
    return "bad/again"


def _version(folder: Path) -> str:
    schema = "https://schemas.getdbt.com/dbt/manifest/v99.json"
    manifest = {"metadata": {"dbt_schema_version": schema}, "nodes": {}, "sources": {}}
    (folder / "bad.json").write_text(json.dumps(manifest))
    return "bad.json"


FAULTS = [_empty, _truncated, _alias_bomb, _sparse, _latin, _version]


def _line(out: Path, artifact: str) -> dict[str, Any]:
    coverage = json.loads((out / "coverage.json").read_text(encoding="utf-8"))
    (line,) = [entry for entry in coverage["artifacts"] if entry["artifact"] == artifact]
    found: dict[str, Any] = line
    return found


def _good(folder: Path) -> None:
    for name in ("chain.facts.yaml", "scope.yaml"):
        shutil.copy(GOOD / name, folder)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__.strip("_"))
def test_a_bad_file_is_one_line_and_the_rest_goes_on(
    fault: Callable[[Path], str], tmp_path: Path
) -> None:
    """Exit 3 only under --strict; little time, little memory; no traceback."""
    folder = tmp_path / "in"
    folder.mkdir()
    _good(folder)
    artifact = fault(folder)
    ran = nhigraph("assess", folder, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert ran.seconds < SECONDS
    assert 0 < ran.megabytes < MEGABYTES
    assert "Traceback" not in ran.err
    assert artifact in ran.err
    line = _line(tmp_path / "out", artifact)
    assert line["status"] == "unreadable"
    assert line["problem"]["pointer"]
    assert len(line["problem"]["reason"]) > 10
    rows = (tmp_path / "out" / "identities.csv").read_text(encoding="utf-8").splitlines()
    expected = (GOOD / "expected-identities.csv").read_text(encoding="utf-8").splitlines()
    assert rows == expected, "the good files are judged as if the bad one were not there"
    strict = nhigraph("assess", folder, "--out", tmp_path / "out", "--strict")
    assert strict.code == 3


def test_a_directory_loop_is_one_line(tmp_path: Path) -> None:
    """A link that leads back is not followed, and said."""
    folder = tmp_path / "in"
    folder.mkdir()
    _good(folder)
    artifact = _loop(folder)
    ran = nhigraph("assess", folder, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert ran.seconds < SECONDS
    assert re.search("symbolic link", json.dumps(_line(tmp_path / "out", artifact)))


def test_nothing_readable_is_exit_3(tmp_path: Path) -> None:
    """A folder without any input is no "no path"."""
    (tmp_path / "readme.txt").write_text("nothing here")
    ran = nhigraph("assess", tmp_path, "--out", tmp_path / "out")
    assert ran.code == 3
    assert "no readable input" in ran.err
    assert not (tmp_path / "out").exists()


def test_no_scope_is_a_usage_error_that_says_what_to_do(tmp_path: Path) -> None:
    """Without targets every answer would be an empty "no path"."""
    shutil.copy(GOOD / "chain.facts.yaml", tmp_path)
    ran = nhigraph("assess", tmp_path, "--out", tmp_path / "out")
    assert ran.code == 2
    assert "scope suggest" in ran.err


def test_no_graph_is_exit_3(tmp_path: Path) -> None:
    """A question without a graph."""
    ran = nhigraph("who", "fin:revenue", "--graph", tmp_path)
    assert ran.code == 3
    assert "graph" in ran.err


def test_a_folder_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    """--out never deletes what this tool did not write."""
    folder = tmp_path / "in"
    folder.mkdir()
    _good(folder)
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    ran = nhigraph("assess", folder, "--out", out)
    assert ran.code == 2
    assert (out / "thesis.txt").read_text() == "years of work"


def test_a_name_that_is_none_of_a_repository_is_wrong_usage(tmp_path: Path) -> None:
    """Exit code 2 and one line, in every command that takes the option; nothing is written."""
    for words in (("assess", "--out", tmp_path / "o"), ("build", "--out", tmp_path / "o")):
        ran = nhigraph(*words, GOOD, "--repo", "books")
        assert ran.code == 2
        assert "expected OWNER/NAME" in ran.err
        assert "Traceback" not in ran.err
    assert not (tmp_path / "o").exists()

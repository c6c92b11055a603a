"""Before a run that would hardly fit the memory, one line says so, with what is smaller."""

import resource
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from nhigraph.app import room
from tests.docs.command import nhigraph

MANY = 20_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [{"kind": "Dataset", "key": f"acme:data-{at:07}"} for at in range(MANY)]
    inputs = tmp_path / "in"
    inputs.mkdir()
    pd.DataFrame(rows).to_parquet(inputs / "a.nodes.parquet")
    (inputs / "broken.edges.parquet").write_bytes(b"PAR1 and no more")
    (inputs / "notes.txt").write_text("x" * 1_000_000, encoding="utf-8")
    return tmp_path


def test_rows_of_parquet_are_counted_and_of_csv_estimated(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        [{"kind": "FEEDS", "from": f"acme:data-{at:07}", "to": "acme:books"} for at in range(MANY)]
    )
    rows.to_parquet(tmp_path / "a.edges.parquet")
    rows.to_csv(tmp_path / "a.edges.csv", index=False)
    assert room.records(tmp_path / "a.edges.parquet") == MANY
    assert MANY / 3 < room.records(tmp_path / "a.edges.csv") < 3 * MANY


@pytest.mark.parametrize(
    ("free", "judging", "expected"),
    [
        (10**9, True, ""),
        (263_000_000, True, "`nhigraph build` takes about 0.3 GB, and `who` asks its graph"),
        (255_000_000, True, "give it the tables of one system at a time"),
        (263_000_000, False, ""),
        (255_000_000, False, "give it the tables of one system at a time"),
        (None, True, ""),
    ],
)
def test_the_smaller_way_is_named(
    free: int | None, judging: bool, expected: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "free_bytes", lambda: free)
    told = room.said([folder / "in"], judging=judging)
    assert told.endswith(expected)
    assert bool(told) is bool(expected)
    assert not told or told.startswith("memory: about 0.3 GB for some 20,000 records, and 0.3 GB")


def test_a_record_of_json_takes_more_than_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are laid into columns whole; a record of a document is an object first."""
    monkeypatch.setattr(room, "free_bytes", lambda: 1)
    records = b'{"nhigraph": "facts/1", "nodes": []}'.ljust(room._RECORD * 1_000_000)
    (tmp_path / "a.facts.json").write_bytes(records)
    assert room.said([tmp_path], judging=False).startswith(
        "memory: about 2.9 GB for some 1,000,000"
    )
    (tmp_path / "a.facts.json").rename(tmp_path / "a.nodes.csv")
    told = room.said([tmp_path], judging=False)
    assert told.startswith("memory: about 1.4 GB for some 2,500,000")


def test_a_command_says_it_and_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free_bytes", lambda: 1)
    ran = nhigraph("build", "in", cwd=folder)
    assert ran.err.startswith("memory: about 0.3 GB for some 20,000 records")
    assert "20,000 nodes" in ran.out


def test_a_limit_of_the_process_counts() -> None:
    """As of ``ulimit -v``; without one, less is free than the machine has."""
    code = "from nhigraph.app import room; print(room.free_bytes())"
    limit = 1 << 31

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=limited,
    )
    assert 0 < int(done.stdout) <= limit

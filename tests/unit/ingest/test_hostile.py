"""Hostile and broken files: one line each, soon, and in little memory."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

SCRIPT = Path(__file__).with_name("hostile.py")
LEVELS = zip("abcdefgh", "bcdefghi", strict=True)
BOMB = "\n".join(
    ["nhigraph: facts/1", "a: &a [x, x, x, x, x, x, x, x, x]"]
    + [f"{above}: &{above} [{', '.join([f'*{below}'] * 9)}]" for below, above in LEVELS]
)


def sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(2**30)


def loop(path: Path) -> None:
    path.symlink_to(path.parent, target_is_directory=True)


def deep_folders(path: Path) -> None:
    """Deeper than Python's calls may nest."""
    here = os.open(path.parent, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    path.write_text("{}")


def unix_socket(path: Path) -> None:
    # A socket's name is short: bind from inside its folder.
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(before)


def unfolding(path: Path) -> None:
    """A few kilobytes that say one long text a hundred thousand times."""
    cells = pa.DictionaryArray.from_arrays(
        pa.nulls(100_000, pa.int32()).fill_null(0), ["x" * 10**5]
    )
    parquet.write_table(pa.table({"kind": cells, "key": cells}), path)


def write(data: str | bytes) -> Callable[[Path], Any]:
    return lambda path: path.write_bytes(data if isinstance(data, bytes) else data.encode())


CASES: list[tuple[str, Callable[[Path], Any], str, str, str]] = [
    ("empty.json", write(""), "unreadable", "byte 0", "the file is empty"),
    ("blank.yaml", write(" \n\t\n"), "unreadable", "byte 0", "the file is empty"),
    ("empty.nodes.csv", write(""), "unreadable", "byte 0", "the file is empty"),
    ("empty.edges.parquet", write(""), "unreadable", "byte 0", "not readable Parquet"),
    (
        "cut.json",
        write('{"nhigraph":\n["facts/1"'),
        "unreadable",
        "line 2",
        "truncated",
    ),
    ("bomb.yaml", write(BOMB), "unreadable", "line", "unfolds to more than"),
    ("large.json", sparse, "unreadable", "byte 0", "more than the"),
    ("large.yaml", sparse, "unreadable", "byte 0", "more than the"),
    ("large.nodes.csv", sparse, "unreadable", "byte 0", "more than the"),
    ("large.nodes.parquet", sparse, "unreadable", "byte 0", "not readable Parquet"),
    ("unfolding.nodes.parquet", unfolding, "unreadable", "", "unfolds to more than"),
    ("latin.yaml", write("name: caf\xe9".encode("latin-1")), "unreadable", "byte 9", "UTF-8"),
    ("utf16.json", write('{"a": 1}'.encode("utf-16")), "unreadable", "byte 0", "UTF-8"),
    ("loop", loop, "skipped", "", "symbolic link"),
    ("link.json", lambda path: path.symlink_to("/etc/hostname"), "skipped", "", "symbolic link"),
    ("deep.json", write("[" * 100_000 + "]" * 100_000), "unreadable", "", "too deep"),
    ("manifest.json", write('{"a":' * 500 + "1" + "}" * 500), "unreadable", "", "nested deeper"),
    ("deep.yaml", write("[" * 5000), "unreadable", "line 1", "nested deeper"),
    ("twice.json", write('{"a": 1, "a": 2}'), "unreadable", "", "stands twice"),
    ("twice.yaml", write("a: 1\na: 2"), "unreadable", "line 2", "here twice"),
    ("digits.json", write(f"[{'9' * 5000}]"), "unreadable", "", "digits"),
    ("half.json", write('["\\ud800"]'), "unreadable", "", "surrogate"),
    ("nul.yaml", write("a: \x00"), "unreadable", "", "broken YAML"),
    ("alias.yaml", write("a:\n  b: *secret"), "unreadable", "line 2", "recursive alias"),
    ("pipe.json", os.mkfifo, "skipped", "", "named pipe"),
    ("door.json", unix_socket, "skipped", "", "socket"),
    ("many.json", deep_folders, "not recognised", "", "no source recognises"),
    ("list.json", write("[1]"), "not recognised", "", "no source recognises"),
    ("cut.nodes.csv", write('kind,key\nUser,a\nUser,"b\n'), "unreadable", "byte 21", "quote"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An input folder, removed by a program that any depth can be left to."""
    made = tmp_path / "input"
    made.mkdir()
    yield made
    subprocess.run(["rm", "-rf", made], check=True)


@pytest.mark.parametrize(
    ("name", "make", "status", "pointer", "reason"), CASES, ids=[case[0] for case in CASES]
)
def test_a_hostile_file_is_one_line_soon_and_in_little_memory(
    folder: Path,
    name: str,
    make: Callable[[Path], Any],
    status: str,
    pointer: str,
    reason: str,
) -> None:
    """The line names file and place; the good file beside it is read all the same."""
    (folder / "good.json").write_text(
        json.dumps({"nhigraph": "facts/1", "nodes": [{"kind": "User", "key": "a"}]})
    )
    make(folder / name)

    # Far above what is allowed: a hang ends the test, it does not stop the suite.
    done = subprocess.run(
        [sys.executable, SCRIPT, folder], capture_output=True, text=True, timeout=60, check=True
    )
    found = json.loads(done.stdout)

    lines = {line["artifact"]: line for line in found["lines"]}
    assert lines.pop("good.json")["accepted"] == 1
    line = lines.pop(name)
    assert lines == {} or name == "many.json"
    assert status == line["status"]
    problem = line["problem"] or {"pointer": "", "reason": ""}
    assert problem["pointer"].startswith(pointer)
    assert reason in problem["reason"]
    assert found["seconds"] < 5
    assert found["megabytes"] < 500


def test_a_row_cut_off_in_a_csv_is_in_quarantine(tmp_path: Path) -> None:
    """The rows before the cut are facts; the last is counted and named."""
    path = tmp_path / "cut.nodes.csv"
    path.write_text("kind,key\nUser,a\nUser")
    done = subprocess.run(
        [sys.executable, SCRIPT, path], capture_output=True, text=True, timeout=60, check=True
    )
    (line,) = json.loads(done.stdout)["lines"]

    assert (line["records"], line["accepted"], line["quarantined"]) == (2, 1, 1)
    assert line["skipped"]["listed"][0]["pointer"] == "row 2"

"""Single files that commands write: whole, or what stood there before, and no litter."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nhigraph.app.whole_file import write_whole
from tests.e2e.command import inside
from tests.sample import ARGUMENTS

#: A file may grow to so many bytes, then the system says no, as a full disk does.
_ROOM = 2000
_FULL = """
import resource, signal, sys
room = int(sys.argv.pop(1))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
from nhigraph.cli.main import main
main(sys.argv[1:])
"""
_COMMANDS = {
    "memo.html": ("which", "marts", "--memo", "FILE", "--graph", "GRAPH"),
    "memo.md": ("which", "marts", "--memo", "FILE", "--graph", "GRAPH"),
    "all.graphml": ("export", "FILE", "--format", "graphml", "--graph", "GRAPH"),
    "all.gexf": ("export", "FILE", "--format", "gexf", "--graph", "GRAPH"),
    "way.html": (*("view", "GRAPH", "--to", "fin:revenue", "--hops", "1"), "--out", "FILE"),
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sample") / "out"
    assert inside("assess", *ARGUMENTS, "--out", out).code == 0
    return out


def _command(name: str, graph: Path, file: Path) -> list[str]:
    given = {"FILE": str(file), "GRAPH": str(graph)}
    more = ["--no-browser"] if name == "way.html" else []
    return [given.get(word, word) for word in _COMMANDS[name]] + more


def _on_a_full_disk(arguments: list[str], room: int = _ROOM) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", _FULL, str(room), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", _COMMANDS)
def test_what_stood_there_stays_where_there_is_no_room(
    name: str, graph: Path, tmp_path: Path
) -> None:
    file = tmp_path / name
    arguments = _command(name, graph, file)
    ran = _on_a_full_disk(arguments)
    assert ran.returncode == 2
    assert f"{name}: it cannot be written there: File too large\n" in ran.stderr
    assert not [*tmp_path.iterdir()]
    file.write_text("signed", encoding="utf-8")
    file.chmod(0o640)
    assert _on_a_full_disk(arguments).returncode == 2
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["signed"]
    assert inside(*arguments).code == 0
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert file.stat().st_size > _ROOM
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("there", [False, True])
def test_a_scope_is_made_or_changed_whole(there: bool, tmp_path: Path) -> None:
    facts = {
        "nhigraph": "facts/1",
        "nodes": [
            {"kind": "Dataset", "key": f"dataset:postgres:erp.fin.gl_{n}_{'x' * 90}"}
            for n in range(40)
        ],
    }
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.facts.json").write_text(json.dumps(facts), encoding="utf-8")
    scope = tmp_path / "scope.yaml"
    before = "nhigraph: scope/1\n# mine\n"
    if there:
        scope.write_text(before, encoding="utf-8")
    given = ["--accept", "1", "--icfr-basis", "own", "--scope", str(scope)]
    arguments = ["scope", "suggest", str(tmp_path / "in"), *given]
    ran = _on_a_full_disk(arguments, 100)
    assert ran.returncode == 2, ran.stdout
    assert "--scope: cannot be " in ran.stderr
    names = {path.name for path in tmp_path.iterdir()}
    assert names == ({"in", "scope.yaml"} if there else {"in"})
    if there:
        assert scope.read_text(encoding="utf-8") == before


def test_a_link_stays_a_link_and_a_pipe_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old", encoding="utf-8")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_whole(tmp_path / "pipe", b"through")
    assert os.read(reading, 99) == b"through"
    os.close(reading)
    assert (tmp_path / "pipe").is_fifo()

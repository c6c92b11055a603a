"""Replacing a folder: at every moment one whole folder is found, whatever stops the writer."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nhigraph.errors import UsageError
from nhigraph.graph import swap

#: Replaces a folder, and kills itself before the nth call that touches the file system.
_KILLED = """
import os, pathlib, signal, sys
from nhigraph.graph import swap

out, stop, exchange = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "yes"
if not exchange:
    swap.exchanged = lambda one, other: False
seen = 0

def watch(event, arguments):
    global seen
    if event.startswith(("os.", "shutil.", "tempfile.")) or event == "open":
        seen += 1
        if seen == stop:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
with swap.replacing(out, lambda folder: {"a", "b"}) as new:
    (new / "a").write_text("new")
    (new / "b").write_text("new")
print(seen)
"""


def _own(folder: Path) -> set[str]:
    del folder
    return {"a", "b"}


def _written(out: Path, text: str) -> None:
    with swap.replacing(out, _own) as new:
        (new / "a").write_text(text)
        (new / "b").write_text(text)


def _whole(out: Path) -> set[str]:
    """Texts of the files of the folder that a reader finds; both files are always there."""
    place = swap.standing(out)
    assert sorted(path.name for path in place.iterdir()) == ["a", "b"]
    return {path.read_text() for path in place.iterdir()}


def _alone(out: Path) -> bool:
    """Whether nothing is left beside the folder."""
    return [path.name for path in out.parent.iterdir()] == [out.name]


def _without_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swap, "exchanged", lambda _one, _other: False)


def _run(out: Path, stop: int, exchange: str) -> "subprocess.CompletedProcess[str]":
    arguments = [sys.executable, "-c", _KILLED, str(out), str(stop), exchange]
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("exchange", ["yes", "no"])
def test_a_kill_before_any_call_leaves_one_whole_folder_and_the_next_run_tidies_up(
    exchange: str, tmp_path: Path
) -> None:
    """Every call is tried; with an exchange the folder never leaves its place."""
    out = tmp_path / "out"
    stop, killed = 0, 0
    while True:
        stop += 1
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
        _written(out, "old")
        ran = _run(out, stop, exchange)
        assert _whole(out) in ({"old"}, {"new"}), f"call {stop}"
        if exchange == "yes":
            assert out.is_dir(), f"call {stop}"
        if ran.returncode == 0:
            break
        assert ran.returncode == -signal.SIGKILL, ran.stderr
        killed += 1
        _written(out, "next")
        assert _whole(out) == {"next"}
        assert _alone(out), f"call {stop}"
    assert killed > 10


@pytest.mark.parametrize("failing", [1, 2])
def test_a_rename_that_fails_leaves_the_old_folder_in_place(
    failing: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full at the first or the second of two renames."""
    out = tmp_path / "out"
    _written(out, "old")
    _without_exchange(monkeypatch)
    rename, calls = Path.rename, 0

    def full(path: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(UsageError, match="No space left"):
        _written(out, "new")
    monkeypatch.undo()
    assert _whole(out) == {"old"}
    assert _alone(out)


def test_where_even_the_way_back_fails_readers_and_the_next_run_find_the_old_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    _written(out, "old")
    _without_exchange(monkeypatch)
    rename, calls = Path.rename, 0

    def broken(path: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", broken)
    with pytest.raises(UsageError):
        _written(out, "new")
    monkeypatch.undo()
    assert not out.exists()
    assert _whole(out) == {"old"}
    assert swap.standing(out / "a").read_text() == "old", "what lies in it is found, too"
    with pytest.raises(ZeroDivisionError), swap.replacing(out, _own):
        raise ZeroDivisionError
    assert out.is_dir()
    assert _whole(out) == {"old"}


@pytest.mark.parametrize("exchange", [True, False])
def test_who_may_read_the_old_folder_may_read_the_new_one_and_nobody_else(
    exchange: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not exchange:
        _without_exchange(monkeypatch)
    out = tmp_path / "out"
    _written(out, "old")
    out.chmod(0o700)
    _written(out, "new")
    assert out.stat().st_mode & 0o777 == 0o700
    assert _whole(out) == {"new"}


def test_what_another_living_run_is_writing_stays(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with swap.replacing(out, _own) as first:
        (first / "a").write_text("first")
        _written(out, "second")
        assert (first / "a").read_text() == "first"
        (first / "b").write_text("first")
    assert _whole(out) == {"first"}
    assert _alone(out)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda out: (out.mkdir(), (out / "thesis").write_text("x")), "did not write thesis"),
        (lambda out: out.write_text("x"), "is a file"),
    ],
)
def test_what_is_not_ours_is_not_replaced(
    made: Callable[[Path], object], reason: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    made(out)
    with pytest.raises(UsageError, match=reason):
        _written(out, "new")
    assert out.exists()


def test_an_exchange_is_told_from_none(tmp_path: Path) -> None:
    """A name that does not exist cannot be exchanged, whatever the system."""
    assert swap.exchanged(tmp_path / "one", tmp_path / "other") is False

"""A server whose disk is full: a small file system of the test's own, where one can be mounted."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.command import Said, contents, inside
from tests.neo4j.estates import anchored, ask, built, push
from tests.neo4j.server import PASSWORD, Server
from tests.neo4j.test_push import SCOPE, facts

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

#: Room for a server's own files, in megabytes, and what it has left when the push begins.
SIZE, LEFT = 160, 1
ACCOUNTS = "MATCH (n:ServiceAccount {load: s.load}) RETURN count(n) AS n"


#: Waits until whoever mounted is done or dead: no later run could remove a mounted folder.
_KEEPER = 'read -r _; umount --lazy "$1"'


@contextmanager
def mounted(folder: Path) -> Iterator[None]:
    """A file system there, which is gone afterwards even where this process is killed."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        pytest.skip(f"no file system can be mounted here: {error}")
    if done.returncode:  # Not root, or a container that may not: no CI can be asked for more.
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    keeper = ["sh", "-c", _KEEPER, "sh", str(folder)]
    with subprocess.Popen(keeper, stdin=subprocess.PIPE, start_new_session=True) as process:
        yield
        assert process.stdin is not None
        process.stdin.close()
    assert process.returncode == 0


@pytest.fixture
def small(server: Server, tmp_path: Path) -> Iterator[Path]:
    """A file system of SIZE megabytes; ``server`` says whether a server can be started at all."""
    folder = tmp_path / "small"
    folder.mkdir()
    with mounted(folder):
        yield folder


@pytest.fixture
def cramped(small: Path) -> Iterator[Server]:
    """A server that has all of its files there."""
    one = Server(small / "home")
    one.start()
    yield one
    one.signal(signal.SIGKILL)


def _filled(folder: Path) -> Path:
    """Take all room but a little; returns what takes it."""
    ballast = folder / "ballast"
    with ballast.open("wb") as out:
        try:
            while True:
                out.write(bytes(1 << 20))
                out.flush()
        except OSError:
            pass
    with ballast.open("r+b") as out:
        out.truncate(ballast.stat().st_size - (LEFT << 20))
    return ballast


def test_a_push_onto_a_full_disk_is_one_line_and_the_next_completes_once_there_is_room(
    cramped: Server, small: Path, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    login = ("--uri", cramped.uri, "--password-file", tmp_path / "password")
    push(cramped, built(tmp_path / "one", [facts("acme:a")], SCOPE), "full")
    many = built(tmp_path / "two", [facts(*(f"acme:{n}" for n in range(1_000)))], SCOPE)
    stored = contents(many)

    def pushed() -> Said:
        return inside("neo4j", "push", "--graph", many, "--name", "full", *login)

    ballast = _filled(small)
    ran = pushed()
    assert (ran.code, ran.out) == (3, "")
    assert len(ran.err.splitlines()) == 1, ran.err
    assert "the disk of the server is full: make room, then restart it" in ran.err
    assert contents(many) == stored

    ballast.unlink()
    again = pushed()  # The server says "online", and takes nothing more.
    assert again.code == 3
    assert "the disk of the server is full: make room, then restart it" in again.err
    cramped.kill()
    cramped.start()
    assert ask(cramped, anchored(ACCOUNTS), snapshot="full") == [{"n": 1}]
    ran = pushed()
    assert ran.code == 0, ran.err
    assert ask(cramped, anchored(ACCOUNTS), snapshot="full") == [{"n": 1_000}]
    assert ask(cramped, "MATCH (n:ServiceAccount) RETURN count(n) AS n") == [{"n": 1_000}]
    assert ask(cramped, "MATCH (l:Load) RETURN count(l) AS n") == [{"n": 1}]


def test_a_run_that_is_killed_leaves_nothing_mounted(small: Path) -> None:
    inner = small / "inner"
    inner.mkdir()
    code = (
        "import sys, time; from pathlib import Path\n"
        "from tests.neo4j.test_full_disk import mounted\n"
        "with mounted(Path(sys.argv[1])): print(flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", code, str(inner)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"\n"
        assert inner.is_mount()
        run.kill()
    until = time.monotonic() + 60
    while inner.is_mount():
        assert time.monotonic() < until
        time.sleep(0.1)
    inner.rmdir()

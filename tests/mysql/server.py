"""A MariaDB server of the tests' own: a temporary folder, a Unix socket, no network."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_ERROR = re.compile(r"^ERROR (\d+) \([0-9A-Z]{5}\) at line (\d+)", re.MULTILINE)
_WAIT = 60


@dataclass(frozen=True)
class Programs:
    """Where the programs are."""

    server: str
    client: str
    install: str


def programs() -> Programs | None:
    """The server's programs; None where one of them is not installed."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    found = [
        shutil.which(name, path=path) for name in ("mariadbd", "mariadb", "mariadb-install-db")
    ]
    server, client, install = found
    return Programs(server, client, install) if server and client and install else None


@dataclass(frozen=True)
class Ran:
    """What a script did: what it printed, and the number of the error on each line with one."""

    out: str
    errors: dict[int, int]
    err: str = ""


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        folder: Holds the data and the socket.
        programs: Its programs.
    """

    folder: Path
    programs: Programs

    def run(self, script: str, user: str = "root", *options: str, stop: bool = False) -> Ran:
        """Run a script as somebody; with ``stop`` an error is a failure of the test."""
        force = [] if stop else ["-f"]
        done = subprocess.run(
            [
                self.programs.client,
                "--no-defaults",
                "-S",
                str(self.folder / "socket"),
                "-u",
                user,
                "-N",
                "-B",
                "-r",
                *force,
                *options,
            ],
            input=script,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        if stop and done.returncode:
            raise AssertionError(done.stderr[:2000])
        errors = {int(line): int(code) for code, line in _ERROR.findall(done.stderr)}
        return Ran(done.stdout, errors, done.stderr)

    def lines(self, statements: Sequence[str], user: str = "root", *options: str) -> Ran:
        """Run statements, one a line: errors are told by the statement's number, from 1."""
        assert all("\n" not in one for one in statements)
        return self.run("\n".join(f"{one};" for one in statements), user, *options)


@contextlib.contextmanager
def running(found: Programs, *settings: str) -> Iterator[Server]:
    """Make a server, start it, and take it away again; its log is ``log`` in its folder."""
    folder = Path(tempfile.mkdtemp(prefix="my-"))
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    account: list[str] = []
    if os.geteuid() == 0:  # The server refuses to run as root.
        shutil.chown(folder, "nobody")
        shutil.chown(data, "nobody")
        account = ["--user=nobody"]
    common = ["--no-defaults", f"--datadir={data}", *account]
    small = ["--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M"]
    try:
        subprocess.run(
            [
                found.install,
                *common,
                *small,
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ],
            check=True,
            capture_output=True,
            cwd=folder,
        )
        quick = ["--skip-networking", "--event-scheduler=OFF", "--performance-schema=OFF"]
        quick += ["--innodb-flush-log-at-trx-commit=0", f"--socket={folder / 'socket'}"]
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                [found.server, *common, *small, *quick, *settings],
                stdout=log,
                stderr=log,
                cwd=folder,
            )
        try:
            server = Server(folder, found)
            _await(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=_WAIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _await(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Wait until it answers."""
    end = time.monotonic() + _WAIT
    while server.run("SELECT 1;").out.strip() != "1":
        log = (server.folder / "log").read_text(errors="replace")[-2000:]
        assert process.poll() is None, log
        assert time.monotonic() < end, log
        time.sleep(0.1)

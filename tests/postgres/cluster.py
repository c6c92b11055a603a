"""A PostgreSQL server of the tests' own: a temporary folder, a Unix socket, no port."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

SUPERUSER = "postgres"
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/usr/pgsql-*/bin")


def binaries() -> Path | None:
    """The folder of the server programs, the newest version first."""
    found = [
        path
        for pattern in _PLACES
        for path in Path("/").glob(pattern.removeprefix("/"))
        if (path / "initdb").exists()
    ]
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    return max(found, key=lambda path: [int(x) for x in path.parts if x.isdigit()], default=None)


class Cluster:
    """A running server.

    Attributes:
        folder: Holds the data and the socket.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def psql(self, database: str, script: str, *, stop: bool = True) -> str:
        """Run a script as the superuser and return what it printed."""
        options = ["-v", "ON_ERROR_STOP=1"] if stop else []
        done = subprocess.run(
            ["psql", "-X", "-q", "-At", *options, "-f", "-", database],
            input=script,
            capture_output=True,
            text=True,
            check=False,
            env=self.environment,
        )
        if stop and done.returncode:
            raise AssertionError(done.stderr[:2000])
        return done.stdout

    def export(self, script: Path, database: str, user: str = SUPERUSER) -> str:
        """Run the export as documented."""
        done = subprocess.run(
            ["psql", "-X", "-q", "-At", "-U", user, "-f", str(script), database],
            capture_output=True,
            text=True,
            check=True,
            env=self.environment,
        )
        assert not done.stderr
        return done.stdout

    def opens(self, database: str, user: str, statement: str) -> bool:
        """Whether a session of that role can be opened and the statement run in it."""
        done = subprocess.run(
            ["psql", "-X", "-q", "-U", user, "-c", statement, database],
            capture_output=True,
            check=False,
            env=self.environment,
        )
        return done.returncode == 0

    @property
    def environment(self) -> dict[str, str]:
        """Where clients find the server, and nothing of the caller's own."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {**kept, "PGHOST": str(self.folder), "PGUSER": SUPERUSER}


@contextlib.contextmanager
def running(programs: Path, settings: str = "-c listen_addresses=''") -> Iterator[Cluster]:
    """Make a cluster, start it, and take it away again; its log is ``log`` in its folder."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    account: list[str] = []
    if os.geteuid() == 0:  # initdb refuses to run as root.
        names = {entry.pw_name for entry in pwd.getpwall()}
        name = SUPERUSER if SUPERUSER in names else "nobody"
        shutil.chown(folder, name)
        account = ["runuser", "-u", name, "--"]
    data, log = folder / "data", folder / "log"
    settings = f"-k {folder} {settings} -c fsync=off -c autovacuum=off"
    server = [*account, str(programs / "pg_ctl"), "-D", str(data), "-w"]
    try:
        subprocess.run(
            [
                *account,
                str(programs / "initdb"),
                "-D",
                str(data),
                "-U",
                SUPERUSER,
                "-A",
                "trust",
                "-N",
                "--locale=C",
                "-E",
                "UTF8",
            ],
            check=True,
            capture_output=True,
            cwd=folder,
        )
        subprocess.run(
            [*server, "-o", settings, "-l", str(log), "start"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )
        try:
            yield Cluster(folder)
        finally:
            subprocess.run(
                [*server, "-m", "immediate", "stop"],
                check=False,  # Already gone: the tests have said so.
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=folder,
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)

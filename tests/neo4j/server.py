"""A Neo4j server of the tests' own: Community Edition in a temporary folder, on loopback ports.

It is the server's own main class from its own artifacts, not the harness: that one makes a new
folder at each start, so nothing would be there after a restart (seen with 5.26.18).
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import neo4j

REPOSITORY = Path(__file__).parents[2]
PASSWORD = "CANARY-neo4j-password"
USER = "neo4j"
_FOLDERS = ("conf", "data", "logs", "import", "plugins", "run", "tmp")
_OPENS = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
#: Short runs: the first compiler alone, and one thread that collects.
_LEAN = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
_ADMIN = "org.neo4j.server.startup.Neo4jAdminCommand"
_SERVER = "org.neo4j.server.CommunityEntryPoint"
_WITHIN = 120
_NOT_YET = (
    neo4j.exceptions.ServiceUnavailable,
    neo4j.exceptions.SessionExpired,
    neo4j.exceptions.TransientError,  # Bolt answers before the database is up.
)


def missing(version: str = "") -> str:
    """Why no server can be started here; empty where one can.

    Args:
        version: Of the server; by default the one that all tests use.
    """
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    command = [str(REPOSITORY / ".ci" / "neo4j.sh"), *([version] if version else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr.strip()[-500:]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """One server: its data outlive a stop, and a kill.

    Attributes:
        home: Its folder.
        bolt: Port of Bolt.
        http: Port of Browser.
        authorities: Certificates that clients need; None where Bolt is not encrypted.
    """

    def __init__(
        self,
        home: Path,
        settings: Mapping[str, str] | None = None,
        *,
        lean: bool = True,
        version: str = "",
        authorities: Path | None = None,
    ) -> None:
        self.home, self.bolt, self.http = home, free_port(), free_port()
        self.authorities = authorities
        self._archives = f"classpath-{version}" if version else "classpath"
        self._java = _LEAN if lean else ("-XX:+UseParallelGC",)
        self._process: subprocess.Popen[bytes] | None = None
        self._driver: neo4j.Driver | None = None
        self._lost = ""
        for name in _FOLDERS:
            (home / name).mkdir(parents=True, exist_ok=True)
        self._settings = {
            "server.default_listen_address": "127.0.0.1",
            "server.bolt.listen_address": f"127.0.0.1:{self.bolt}",
            "server.bolt.advertised_address": f"localhost:{self.bolt}",
            "server.http.listen_address": f"127.0.0.1:{self.http}",
            "server.https.enabled": "false",
            "server.memory.heap.initial_size": "256m",
            "server.memory.heap.max_size": "1g",
            "server.memory.pagecache.size": "64m",
            "dbms.usage_report.enabled": "false",
            "db.tx_log.preallocate": "false",
            "client.allow_telemetry": "false",
            **(settings or {}),
        }
        self._write_settings()

    def configure(self, name: str, value: str) -> None:
        """Say a setting otherwise; it counts from the next start on."""
        self._settings[name] = value
        self._write_settings()

    def _write_settings(self) -> None:
        lines = (f"{name}={value}\n" for name, value in self._settings.items())
        (self.home / "conf" / "neo4j.conf").write_text("".join(lines), encoding="utf-8")

    @property
    def uri(self) -> str:
        """Address for clients."""
        return f"bolt://localhost:{self.bolt}"

    def _command(self, main: str, *arguments: str) -> list[str]:
        archives = (REPOSITORY / ".neo4j" / self._archives).read_text(encoding="utf-8").strip()
        opens = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in _OPENS]
        unpacked = f"-Djava.io.tmpdir={self.home / 'tmp'}"  # Browser, which a kill would leave.
        return ["java", *self._java, unpacked, *opens, "-cp", archives, main, *arguments]

    @property
    def _environment(self) -> dict[str, str]:
        places = {"NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")}
        return {**os.environ, **places}

    def admin(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run ``neo4j-admin``, while the server is down."""
        return subprocess.run(
            self._command(_ADMIN, *arguments),
            capture_output=True,
            text=True,
            check=False,
            cwd=self.home,  # An import leaves its report there.
            env=self._environment,
        )

    def launch(self) -> None:
        """Start it, and do not wait."""
        places = (f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}")
        with (self.home / "logs" / "console.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(_SERVER, *places), stdout=log, stderr=log, env=self._environment
            )

    def wait(self) -> None:
        """Until it answers; the first time it is given its password."""
        assert self._process is not None
        until = time.monotonic() + _WITHIN
        while True:
            try:
                self._try()
            except _NOT_YET:
                log = (self.home / "logs" / "console.log").read_text(encoding="utf-8")[-2000:]
                assert self._process.poll() is None, log
                assert time.monotonic() < until, log
                time.sleep(0.2)
            else:
                return

    def _try(self) -> None:
        with self.driver() as driver:
            try:
                driver.verify_connectivity()
            except neo4j.exceptions.AuthError:
                self._set_password()
            with driver.session(database="neo4j") as session:
                session.run("RETURN 1").consume()

    def _set_password(self) -> None:
        with self.driver("neo4j") as first:
            first.execute_query(
                "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $new",
                {"new": PASSWORD},
                database_="system",
            )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.launch()
        self.wait()

    def driver(self, password: str = PASSWORD) -> neo4j.Driver:
        """A driver for it."""
        auth = (USER, password)
        if self.authorities is None:
            return neo4j.GraphDatabase.driver(self.uri, auth=auth)
        trusted = neo4j.TrustCustomCAs(str(self.authorities))
        return neo4j.GraphDatabase.driver(
            self.uri, auth=auth, encrypted=True, trusted_certificates=trusted
        )

    def require(self) -> None:
        """Go on only with a server that answers: one that does not is started again, once.

        A broken server would let every further test wait for its driver's retries.
        """
        if self._lost:
            raise AssertionError(self._lost)
        try:
            self._answers()
        except (*_NOT_YET, neo4j.exceptions.Neo4jError, OSError) as error:
            self._begin_anew(error)

    def _answers(self) -> None:
        assert self._process is not None
        if self._process.poll() is not None:
            raise OSError(f"the server ended with {self._process.returncode}")
        with self.shared.session(database="neo4j") as session:
            session.run("RETURN 1").consume()  # Of its own, so that nothing is tried again.

    def _begin_anew(self, why: Exception) -> None:
        try:
            self.kill()
            self.start()
        except (AssertionError, neo4j.exceptions.DriverError, subprocess.SubprocessError) as error:
            self._lost = f"the server is gone ({why}), and does not come back: {error}"
            raise AssertionError(self._lost) from error

    @property
    def shared(self) -> neo4j.Driver:
        """A driver that stays open while the server is up."""
        self._driver = self._driver or self.driver()
        return self._driver

    def spent(self) -> float:
        """Seconds of processor time that it took so far."""
        assert self._process is not None
        told = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8")
        fields = told.rpartition(")")[2].split()  # From the third on: user is the 14th.
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def signal(self, number: int) -> None:
        """Send it a signal, and wait until it is gone."""
        if self._driver is not None:
            self._driver.close()
            self._driver = None
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(60)
            self._process = None

    def kill(self) -> None:
        """End it at once, as a machine that loses its power does."""
        self.signal(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an operator does."""
        self.signal(signal.SIGTERM)

"""Spark that cannot start, stops, or is interrupted: one line says why, nothing is written."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nhigraph.trace.spark.reason import reason
from tests.docs.command import nhigraph
from tests.estate_files import write_estate
from tests.oracle.estates import estate

_LOG = """WARNING: Using incubator modules: jdk.incubator.vector
Using Spark's default log4j profile: org/apache/spark/log4j2-defaults.properties
26/11/30 06:59:03 WARN Utils: Set SPARK_LOCAL_IP if you need to bind to another address
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    facts, scope = estate(80_002, None)
    inputs = tmp_path / "in"
    inputs.mkdir()
    write_estate(inputs, facts, scope)
    return tmp_path


def _environment(library: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(library), "SPARK_DRIVER_MEMORY": "512m"}


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@pytest.mark.parametrize(
    ("master", "why"),
    [
        ("lokal[2]", "Master must either be yarn or start with spark, k8s, or local"),
        ("local[0]", "Asked to run locally with 0 threads"),
    ],
)
def test_a_master_that_is_none_is_told_in_sparks_own_words_and_nothing_else(
    master: str, why: str, library: Path, folder: Path
) -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "nhigraph",
            "assess",
            "in",
            "--engine",
            "spark",
            "--master",
            master,
        ],
        cwd=folder,
        env=_environment(library),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stderr == f"nhigraph: --master {master} starts no Spark: {why}\n"
    assert not (folder / "nhigraph-out").exists()


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@pytest.mark.parametrize("java", [False, True], ids=["while Java starts", "while Spark starts"])
def test_ctrl_c_says_so_in_a_line_and_leaves_neither_files_nor_java(
    java: bool, library: Path, folder: Path
) -> None:
    """A Java that was interrupted before it was heard of waits for ever."""
    said = folder / "said.txt"
    with said.open("w") as file, (folder / "out.txt").open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "nhigraph", "assess", "in", "--engine", "spark"],
            cwd=folder,
            env=_environment(library),
            stdout=out,
            stderr=file,
            start_new_session=True,
        )
        _until(lambda: bool(_javas(process.pid)))
        if java:
            _until(lambda: _listening(_javas(process.pid)))
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) == 130
    assert said.read_text() == "interrupted: what stood there before is as it was\n"
    assert not (folder / "nhigraph-out").exists()
    _until(lambda: not _javas(process.pid))


def _until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def _javas(session: int) -> list[str]:
    """Java machines of a session that have not ended."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "stat").read_text(encoding="utf-8")
        except OSError:
            continue  # ended meanwhile
        name, rest = told.partition("(")[2].rsplit(")", 1)
        state, *_, of = rest.split()[:4]
        if name == "java" and int(of) == session and state != "Z":
            found.append(folder.name)
    return found


def _listening(javas: list[str]) -> bool:
    """Whether one of them has a socket: the gateway to Python."""
    files = (link for java in javas for link in Path(f"/proc/{java}/fd").glob("*"))
    return any(str(link.readlink()).startswith("socket:") for link in files if link.is_symlink())


_ZERO = """An error occurred while calling None.org.apache.Context.
: org.apache.spark.SparkException: Asked to run locally with 0 threads
\tat org.apache.spark"""
_STOPPED = """An error occurred
: java.lang.IllegalStateException: LiveListenerBus is stopped."""
_KILLED = _LOG + "12 ERROR Backend: Application has been killed. Reason: All are unresponsive!\n"
_GATEWAY = "[JAVA_GATEWAY_EXITED] Java gateway process exited"
_SHELL = "/opt/bin/spark-class: line 71: /nope/bin/java: No such file or directory\n"
_WORKER = """An error occurred
: org.apache.spark.SparkException: Job aborted
Traceback (most recent call last):
  File "worker.py", line 1
    import nhigraph
ModuleNotFoundError: No module named 'nhigraph'

\tat org.apache.spark"""


@pytest.mark.parametrize(
    ("told", "log", "why"),
    [
        (_ZERO, _LOG, "Asked to run locally with 0 threads"),
        (_STOPPED, _KILLED, "All are unresponsive!"),
        (_GATEWAY, _LOG + "Invalid heap size: -Xmxabc\nError: x", "Invalid heap size: -Xmxabc"),
        (_GATEWAY, _SHELL, "/nope/bin/java: No such file or directory"),
        (_GATEWAY, _LOG, _GATEWAY),
        (_WORKER, "", "ModuleNotFoundError: No module named 'nhigraph'"),
        ("", "", "RuntimeError"),
    ],
)
def test_the_reason_is_what_was_thrown_and_not_the_talk_around_it(
    told: str, log: str, why: str
) -> None:
    assert reason(RuntimeError(told), log) == why


def test_a_machine_that_is_gone_is_told_as_such() -> None:
    assert reason(ConnectionRefusedError(111, "Connection refused")).endswith("any more")


def test_an_empty_master_is_not_taken_for_none(folder: Path) -> None:
    ran = nhigraph("assess", "in", "--engine", "spark", "--master", "", cwd=folder)
    assert ran.code == 2
    assert "--master: empty" in ran.err

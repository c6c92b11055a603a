"""What people see at a terminal: twelve commands at three widths, without and with colours."""

import json
import os
import pty
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nhigraph.app.stages import Say
from nhigraph.cli import progress
from nhigraph.cli import terminal as printed
from nhigraph.output.terminal import cell_width
from tests.e2e import terminal
from tests.e2e.command import contents, inside
from tests.sample import ARGUMENTS

AGAIN = "run `.venv/bin/python -m tests.e2e.terminal` and read the difference"
#: Lines to paste, and what sha256sum prints.
WHOLE = ("$ ", "change ", "     - ", "     or, ", "     $ ", "not supplied: ")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.mark.parametrize("width", terminal.WIDTHS)
def test_twelve_commands_print_what_they_did_and_cut_nothing(out: Path, width: int) -> None:
    said = terminal.said(out, width)
    assert said == terminal.file_of(width).read_text(encoding="utf-8"), AGAIN
    for line in said.splitlines():
        # Wider is only a word that cannot be broken, and what is there to be pasted or compared.
        whole = line.startswith(WHOLE) or len(line.split("  ")[-1].split()) == 1
        assert cell_width(line) <= width or whole, line
        assert "…" not in line.replace("… ", "").replace(" …", ""), "a key would be cut"


_IDENTITIES = """\
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "acme:payments/service-account-that-writes", name: writer}
  - {kind: ServiceAccount, key: "acme:idle"}
  - {kind: Dataset, key: "acme:gl"}
edges:
  - {kind: CAN_WRITE, from: "acme:payments/service-account-that-writes", to: "acme:gl"}
"""
_TARGET = """\
nhigraph: scope/1
as_of: 2026-11-23
commitments: [S]
targets:
  - {id: gl, family: financial-reporting, fs_role: record, select: [{key: "acme:gl"}]}
"""


@pytest.mark.parametrize(
    ("width", "heads"),
    [
        (120, "identity verdict soc1 soc2 certainty exposure weaknesses"),
        (80, "identity verdict soc1 soc2 certainty exposure"),
    ],
)
def test_the_first_answer_has_the_columns_that_there_is_room_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int, heads: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.facts.yaml").write_text(_IDENTITIES)
    (tmp_path / "in" / "scope.yaml").write_text(_TARGET)
    monkeypatch.setattr(printed, "terminal_width", lambda: width)
    said = inside("assess", tmp_path / "in", "--out", tmp_path / "out")
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert lines[0].startswith("Of 2 non-human identities, 1 can change the books")
    at = next(n for n, line in enumerate(lines) if line.startswith("identity "))
    assert lines[at].split() == heads.split()
    assert lines[at + 2].split()[:2] == ["service-account-that-writes", "soc1"]
    assert "nothing read shows a path to either: idle" in lines
    assert all(cell_width(line) <= width for line in lines)
    monkeypatch.setattr(printed, "terminal_width", lambda: 40)
    narrow = inside("assess", tmp_path / "in", "--out", tmp_path / "out").out
    assert "service-account-that-writes\n  verdict   soc1\n  exposure  open\n" in narrow


def _on_a_terminal(*arguments: str | Path, **environment: str) -> str:
    """What the program answers to a terminal of a hundred columns."""
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "nhigraph", *map(str, arguments)],
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.DEVNULL,  # a busy machine is told what it waits for
            env={**os.environ, "TERM": "xterm", "COLUMNS": "100", **environment},
        )
        os.close(theirs)
        said, until = b"", time.monotonic() + 120
        while time.monotonic() < until:
            if not select.select([ours], [], [], 1)[0]:
                continue
            try:
                part = os.read(ours, 1 << 16)
            except OSError:  # Linux: the other side is closed
                break
            if not part:
                break
            said += part
        process.wait(timeout=60)
    finally:
        os.close(ours)
    return said.decode()


def test_colours_are_for_terminals_and_for_those_who_want_them(out: Path) -> None:
    asked = ("who", "fin:revenue", "--graph", out)
    told = _on_a_terminal(*asked)
    assert "\x1b[1;31mboth\x1b[0m" in told
    assert "\x1b[33mundetermined\x1b[0m" in told
    for plain in (
        _on_a_terminal(*asked, NO_COLOR="1"),
        _on_a_terminal(*asked, "--no-color"),
        _on_a_terminal("--no-color", *asked),
        _on_a_terminal(*asked, TERM="dumb"),
    ):
        assert "\x1b" not in plain
        assert plain == _ANSI.sub("", told)
    assert "\x1b" not in inside(*asked).out


def test_what_steers_a_terminal_is_spelt_on_one_and_whole_in_a_pipe(tmp_path: Path) -> None:
    name = "red\x1b[31m\x9b31m\u202e,a"
    facts = {"nhigraph": "facts/1", "nodes": [{"kind": "ServiceAccount", "key": name}]}
    (tmp_path / "a.facts.json").write_text(json.dumps(facts))
    out = tmp_path / "out"
    assert inside("build", tmp_path / "a.facts.json", "--out", out).code == 0
    for form in ("csv", "json"):
        asked = ("population", "--graph", out, "--format", form)
        shown = _on_a_terminal(*asked)
        assert not {"\x1b", "\x9b", "\u202e"} & set(shown)
        if form == "json":
            assert json.loads(shown)["rows"][0]["key"] == name
        else:
            assert "red\\x1b[31m\\x9b31m\\u202e,a" in shown
            assert name in inside(*asked).out


def test_nothing_is_drawn_over_a_question_that_somebody_thinks_about(tmp_path: Path) -> None:
    (tmp_path / "a.facts.yaml").write_text(_IDENTITIES)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "nhigraph", "scope", "init", "a.facts.yaml"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=tmp_path,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    try:
        said, until = b"", time.monotonic() + 120
        while b"organisation (empty for none): " not in said and time.monotonic() < until:
            said += os.read(ours, 1 << 16)
        assert said.endswith(b"organisation (empty for none): "), said
        # Somebody thinks for longer than those who wait are patient.
        drawn = select.select([ours], [], [], progress.PATIENCE * 2)[0]
        assert not drawn, os.read(ours, 1 << 16)
        os.write(ours, b"\x04")
        process.wait(timeout=60)
        assert b"nothing was written" in os.read(ours, 1 << 16)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert not (tmp_path / "scope.yaml").exists()


def test_questions_are_asked_in_one_place() -> None:
    folder = Path(progress.__file__).parent
    asking = re.compile(r"\bclick\.(prompt|confirm|getchar|pause)\(|(?<![.\w])(input|getpass)\(")
    found = [path.name for path in folder.glob("*.py") if asking.search(path.read_text())]
    assert found == ["asking.py"]


class _Terminal:
    """A stream that says it is a terminal, and keeps what it is told."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.told = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.told += text
        return len(text)

    def flush(self) -> None:
        pass


def _until(holds: Callable[[int], object]) -> None:
    """Wait for what comes from another thread, with a number that rises."""
    for step in range(400):
        if holds(step):
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


def _left(screen: _Terminal, say: Say, step: int) -> bool:
    """Whether the time that is left is told; of a thousand steps it is known after some."""
    say("tracing identities\x1b[31m", step, 1000)
    return re.search(r"\d+:\d\d:\d\d", screen.told) is not None


def test_whoever_waits_is_told_what_for_until_something_is_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen, output = _Terminal(), _Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(sys, "stdout", output)
    monkeypatch.setattr(progress, "PATIENCE", 0.01)
    monkeypatch.setenv("TERM", "xterm")
    with progress.progress("reading the graph") as say:
        _until(lambda _: "reading the graph" in screen.told)
        _until(lambda step: _left(screen, say, step))
        sys.stdout.write("the answer\n")
        before = screen.told
        say("never told", 0, 0)
        time.sleep(0.2)
    assert output.told == "the answer\n"
    assert "tracing identities\\x1b[31m" in _ANSI.sub("", screen.told), "a name steers nothing"
    assert screen.told == before, "nothing is drawn over an answer"
    assert screen.told.endswith("\x1b[2K"), "the line is gone"


def test_who_does_not_wait_is_told_nothing_nor_who_has_a_dumb_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = _Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress.progress("reading the graph") as say:
        say("tracing identities", 1, 2)
    assert screen.told == ""
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setenv("TERM", "dumb")
    with progress.progress("reading the graph"):
        time.sleep(0.1)
    assert screen.told == "", "a line that cannot be taken away is not drawn"


@pytest.mark.parametrize(
    ("variables", "colour"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "0"}, False), ({"TERM": "dumb"}, False)],
)
def test_no_color_is_any_value_but_an_empty_one(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], *, colour: bool
) -> None:
    monkeypatch.setattr(sys, "stdout", _Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert printed.colour() is colour


def test_who_ends_a_run_by_ctrl_c_has_the_old_folder_whole_and_no_traceback(
    out: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    shutil.copytree(out, folder)
    before = contents(folder)
    # A shell that starts tests in the background has them and their children ignore the signal.
    heeding = ("env", "--default-signal=INT")
    arguments = map(str, ARGUMENTS)
    command = [*heeding, sys.executable, "-m", "nhigraph", "assess", *arguments, "--out"]
    whole = _spent_by([*command, str(tmp_path / "whole")])
    shutil.rmtree(tmp_path / "whole")
    process = subprocess.Popen(
        [*command, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    # While it reads or judges: a shell sends the same signal.
    until = time.monotonic() + 60
    while time.monotonic() < until and not _spends(process.pid, whole / 2):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    # CPython 3.11 ends itself by the signal, too, where it struck while a text was being executed
    # (a dataclass is made so), though it was handled: a shell has 130 of either.
    code = process.returncode
    assert (128 - code if code < 0 else code) == 130, said
    assert said.endswith("interrupted: what stood there before is as it was\n")
    assert "Traceback" not in said
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def _spent_by(command: list[str]) -> float:
    """Seconds of the processor that a command takes to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _spends(process: int, seconds: float) -> bool:
    """Whether a process has used so much of the processor, however busy the machine is."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK") > seconds

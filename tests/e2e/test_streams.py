"""Whatever becomes of its streams, a command ends with its own exit code and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_HELP, _WORD = ("--help",), ("explain", "both")
#: An exit code that is the answer, and more of it than a pipe holds.
_ANSWER = ("who", "fin:revenue", "--exit-code", "--format", "json")


def _shell(
    line: str, *arguments: str | Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a line of bash, in which "$@" is the program with its arguments."""
    program = (sys.executable, "-m", "nhigraph", *map(str, arguments))
    return subprocess.run(
        ["bash", "-c", line, "bash", *program],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
        timeout=120,
    )


@pytest.mark.parametrize("asked", [_HELP, ("who", "--help"), ("--version",), _WORD], ids=" ".join)
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('"$@" | true; exit ${PIPESTATUS[0]}', 0),
        ('"$@" 2>&1 | true; exit ${PIPESTATUS[0]}', 0),
        ('"$@" >&-', 0),
        ('"$@" >&- 2>&- <&-', 0),
        ('"$@" >/dev/full', 3),
    ],
)
def test_a_stream_that_is_gone_or_full_is_no_traceback(
    asked: tuple[str, ...], line: str, code: int
) -> None:
    done = _shell(line, *asked)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    assert ("No space left" in done.stderr) == (code == 3)


@pytest.mark.parametrize("line", ['"$@" | head -c 1; exit ${PIPESTATUS[0]}', '"$@" >&-'])
def test_an_exit_code_is_the_answers_though_nobody_reads_it_to_the_end(
    out: Path, line: str
) -> None:
    done = _shell(line, *_ANSWER, "--graph", out)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_that_nobody_can_read_keeps_its_exit_code(tmp_path: Path) -> None:
    assert _shell('"$@" 2>&-', "who", "a", "--graph", tmp_path).returncode == 3
    assert _shell('"$@" 2>&-', "who").returncode == 2


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "utf-8"])
def test_what_an_encoding_lacks_is_spelt(encoding: str) -> None:
    program = (sys.executable, "-m", "nhigraph", "explain", "CAN_WRITE")
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run(program, capture_output=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    told = done.stdout.decode("utf-8" if encoding == "ascii" else encoding)
    assert ("CONTROL → ALTER" in told) == (encoding != "latin-1")
    assert ("CONTROL \\u2192 ALTER" in told) == (encoding == "latin-1")


@pytest.mark.parametrize("command", ["assess", "build", "check"])
def test_where_nothing_can_be_written_a_line_says_so(tmp_path: Path, command: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.facts.yaml").write_text(
        'nhigraph: facts/1\nnodes: [{kind: Dataset, key: "acme:gl"}]\n'
    )
    (tmp_path / "in" / "scope.yaml").write_text(
        "nhigraph: scope/1\nas_of: 2026-11-23\ntargets: [{id: gl, family: financial-reporting, "
        'fs_role: record, select: [{key: "acme:gl"}]}]\n'
    )
    (tmp_path / "file").touch()
    gate = ("--fail-on", "any") if command == "check" else ()
    done = _shell('"$@"', command, tmp_path / "in", "--out", tmp_path / "file" / "out", *gate)
    assert done.returncode == 2
    assert "nhigraph: out: nothing can be written there" in done.stderr
    assert "Traceback" not in done.stderr

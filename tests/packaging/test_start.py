"""The program starts at once: what it loads is counted here; benchmarks/start.py times it."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nhigraph.cli import start
from nhigraph.docsgen.written import inside
from tests.e2e.command import inside as run

_LOADED = "import json, sys; {}; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"


def _loaded(code: str, folder: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED.format(code)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "100"},
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        "import nhigraph",
        "from nhigraph.cli.start import main; sys.argv = ['nhigraph', '--help']; main()",
    ],
    ids=["import", "help"],
)
def test_start_and_help_load_little_more_than_python_does(code: str, tmp_path: Path) -> None:
    bare, loaded = _loaded("pass", tmp_path), _loaded(code, tmp_path)
    others = {name for name in loaded - bare if not name.startswith("nhigraph")}
    assert others == set()


def test_the_help_at_the_start_is_the_one_that_click_prints() -> None:
    told = inside()["cli/help.txt"]
    assert start.top_help() == told, "run `.venv/bin/python -m nhigraph.docsgen docs/reference`"
    assert run("--help").out == told


@pytest.mark.parametrize(("columns", "alike"), [("79", False), ("80", True), ("200", True)])
def test_where_lines_are_narrow_click_breaks_them(
    columns: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    alike: bool,
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(sys, "argv", ["nhigraph", "--help"])
    with contextlib.suppress(SystemExit):  # click ends the program itself
        start.main()
    assert (capsys.readouterr().out == start.top_help()) is alike

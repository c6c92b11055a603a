"""Help must be instant: asking for it loads none of the heavy libraries."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.estate_files import write_estate
from tests.sized import chain

HEAVY = frozenset(
    {"IPython", "neo4j", "networkx", "numba", "pandas", "pyarrow", "pyvis", "scipy", "sqlglot"}
)

# Runs the program in a fresh interpreter; prints what it loaded on the last line of stderr.
PROBE = """\
import json, sys
from nhigraph.cli.main import main
sys.argv = ["nhigraph", *sys.argv[1:]]
code = 0
try:
    main()
except SystemExit as stop:
    code = stop.code
print(file=sys.stderr)
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""


def loaded_by(arguments: list[str], folder: Path) -> set[str]:
    """Return the top-level modules that the program has loaded when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code in {0, None}, done.stderr
    return {name.split(".")[0] for name in modules}


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["assess", "--help"], ["demo", "--help"], ["who", "--help"]],
    ids=" ".join,
)
def test_asking_for_help_loads_no_heavy_library(arguments: list[str], tmp_path: Path) -> None:
    assert loaded_by(arguments, tmp_path) & HEAVY == set()


def test_the_probe_sees_a_heavy_library_that_is_loaded(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import networkx\n" + PROBE, "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "networkx" in json.loads(done.stderr.splitlines()[-1])[1]


def test_what_has_no_sql_in_it_is_assessed_without_a_parser_of_sql(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write_estate(tmp_path / "in", *chain(3))
    loaded = loaded_by(["assess", str(tmp_path / "in"), "--out", str(tmp_path / "out")], tmp_path)
    assert loaded & {"sqlglot", "numba", "neo4j", "scipy", "pyvis", "IPython", "networkx"} == set()
    assert "pandas" in loaded


def test_what_is_stored_is_told_without_the_libraries_that_made_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write_estate(tmp_path / "in", *chain(3))
    out = str(tmp_path / "out")
    loaded_by(["assess", str(tmp_path / "in"), "--out", out], tmp_path)
    with (tmp_path / "out" / "verdicts.csv").open(encoding="utf-8") as file:
        target = next(csv.DictReader(file))["target"]
    assert loaded_by(["who", target, "--graph", out], tmp_path) & HEAVY == set()


def test_sources_are_listed_without_what_reads_a_graph(tmp_path: Path) -> None:
    loaded = loaded_by(["sources"], tmp_path)
    assert loaded & {"pandas", "scipy", "numba", "networkx", "neo4j", "sqlglot"} == set()

"""``make new-source`` writes stubs that fail until they are filled, and pass then.

Asked of a copy of the checkout, with the real make, the real tests and nothing registered by hand.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
COPIED = ("nhigraph", "tests/contract", "tests/unit/sources", "tests/data/new_source", ".ci")
FILLED = ROOT / "tests" / "data" / "new_source"

pytestmark = pytest.mark.xdist_group("new_source")


def _ran(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "MAKE"))}
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=environment
    )


def _make(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    """The target as it is, in the environment that is there already."""
    return _ran(folder, "make", "--silent", "-o", "dev", "new-source", f"NAME={name}")


def _tests(folder: Path) -> subprocess.CompletedProcess[str]:
    """The tests that a new source meets: the contracts, and its own."""
    tests = ("tests/contract/test_sources.py", "tests/unit/sources/test_vault.py")
    options = ("-q", "-p", "no:cacheprovider", "-k", "vault")
    return _ran(folder, sys.executable, "-m", "pytest", *options, *tests)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a contributor has."""
    folder = tmp_path_factory.mktemp("checkout")
    leave = shutil.ignore_patterns("__pycache__", "test_new_source.py")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=leave)
    for name in ("Makefile", "pyproject.toml", "CHANGELOG.md", "README.md", "tests/conftest.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


@pytest.fixture(scope="module")
def stubbed(checkout: Path) -> Path:
    """The copy after ``make new-source NAME=vault``."""
    done = _make(checkout, "vault")
    assert done.returncode == 0, done.stderr
    written = [line for line in done.stdout.splitlines() if not line.startswith("next: ")]
    assert written == [
        "nhigraph/sources/vault.py",
        "tests/unit/sources/vault/first/export.vault.json",
        "tests/unit/sources/vault/first/expected.json",
        "tests/unit/sources/test_vault.py",
        "CHANGELOG.md",
    ]
    told = "".join(f"    {line}\n" for line in done.stdout.splitlines())
    assert told in (ROOT / "CONTRIBUTING.md").read_text(), "the walkthrough says what is printed"
    return checkout


def test_the_stubs_fail_and_say_what_to_do(stubbed: Path) -> None:
    """The walkthrough quotes both lines."""
    done = _tests(stubbed)
    assert done.returncode == 1, done.stdout
    assert "a stub: CONTRIBUTING.md, How to add a source, says how to go on" in done.stdout
    assert "put something in place of these stubs" in done.stdout
    assert "test_each_export_becomes_the_facts_that_stand_beside_it[first]" in done.stdout
    for place in ("nhigraph/sources/vault.py:1", "vault/first/expected.json:1", "CHANGELOG.md:"):
        assert place in done.stdout, "the contract names every stub that is left"
    linted = _ran(stubbed, sys.executable, "-m", "ruff", "check", "nhigraph", "tests")
    assert linted.returncode == 0, linted.stdout


def test_the_other_sources_do_not_mind_a_stub(stubbed: Path) -> None:
    """A half-written source reads nothing of anybody's."""
    done = _ran(stubbed, sys.executable, "-m", "nhigraph", "sources", "--format", "json")
    assert done.returncode == 0, done.stderr
    found = {row["source"] for row in json.loads(done.stdout)["rows"]}
    assert {"vault", "dbt", "facts", "github_actions", "postgres", "scope"} <= found


def test_filled_stubs_pass_what_every_source_must_pass(stubbed: Path, tmp_path: Path) -> None:
    """Filling is the whole of it: no list is edited."""
    folder = tmp_path / "filled"
    shutil.copytree(stubbed, folder, symlinks=True)
    shutil.copy(FILLED / "vault.txt", folder / "nhigraph" / "sources" / "vault.py")
    keys = folder / "nhigraph" / "facts" / "keys"
    shutil.copy(FILLED / "keys.txt", keys / "vault.py")
    listed = (keys / "__init__.py").read_text()
    for after, line in (
        ("import Image, Stored, Written\n", "from nhigraph.facts.keys.vault import Mount\n"),
        ('    "Model",\n', '    "Mount",\n'),
    ):
        assert listed.count(after) == 1
        listed = listed.replace(after, after + line)
    (keys / "__init__.py").write_text(listed)
    case = folder / "tests" / "unit" / "sources" / "vault" / "first"
    for name in ("export.vault.json", "expected.json"):
        shutil.copy(FILLED / name, case / name)
    changelog = folder / "CHANGELOG.md"
    changelog.write_text(changelog.read_text().replace("STUB: what", "what"))

    done = _tests(folder)

    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
    linted = _ran(folder, sys.executable, "-m", "ruff", "check", "nhigraph", "tests")
    assert linted.returncode == 0, linted.stdout


def test_a_filled_source_that_yields_what_it_does_not_declare_fails(
    stubbed: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "filled"
    shutil.copytree(stubbed, folder, symlinks=True)
    text = (FILLED / "vault.txt").read_text()
    assert text.count("emits=(k.SECRET, k.SECRET_STORE, k.CONTAINS)") == 1
    text = text.replace("emits=(k.SECRET, k.SECRET_STORE, k.CONTAINS)", "emits=(k.SECRET,)")
    (folder / "nhigraph" / "sources" / "vault.py").write_text(text)
    shutil.copy(FILLED / "keys.txt", folder / "nhigraph" / "facts" / "keys" / "vault.py")
    case = folder / "tests" / "unit" / "sources" / "vault" / "first"
    shutil.copy(FILLED / "export.vault.json", case / "export.vault.json")

    done = _tests(folder)

    assert done.returncode == 1
    assert "says_no_kind_it_does_not_declare[vault]" in done.stdout


@pytest.mark.parametrize(
    "name", ["Vault", "2vault", "va-ult", "va__ult", "class", "_vault", "v" * 31]
)
def test_a_name_that_is_none_is_refused(checkout: Path, name: str) -> None:
    """Nothing is written."""
    before = sorted(checkout.rglob("*"))
    done = _make(checkout, name)
    assert done.returncode != 0
    assert f"new-source: {name!r} is no name of a module" in done.stderr
    assert sorted(checkout.rglob("*")) == before


@pytest.mark.parametrize("name", ["dbt", "facts", "postgres", "scope"])
def test_a_source_that_is_there_is_refused(checkout: Path, name: str) -> None:
    done = _make(checkout, name)
    assert done.returncode != 0
    assert f"there is a source {name!r} already: nhigraph/sources/{name}" in done.stderr


def test_without_a_name_make_says_how(checkout: Path) -> None:
    done = _make(checkout, "")
    assert done.returncode != 0
    assert "usage: make new-source NAME=vault" in done.stderr


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("new_source", ROOT / ".ci" / "new_source.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "## [Unreleased]\n\n### Added\n\n- a\n\n### Verdicts\n\n- v\n",
            "## [Unreleased]\n\n### Added\n\n- a\n- new\n\n### Verdicts\n\n- v\n",
        ),
        (
            "## [Unreleased]\n\n### Added\n\n- a\n\n## [1.0]\n\n### Added\n\n- b\n",
            "## [Unreleased]\n\n### Added\n\n- a\n- new\n\n## [1.0]\n\n### Added\n\n- b\n",
        ),
        ("## [Unreleased]\n\n### Added\n- a", "## [Unreleased]\n\n### Added\n- a\n- new\n\n"),
    ],
)
def test_the_line_stands_at_the_end_of_what_is_added(before: str, after: str) -> None:
    assert _script().with_line(before, "- new\n") == after

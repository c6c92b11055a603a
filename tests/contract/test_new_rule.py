"""``make new-rule`` writes stubs that fail until they are filled, and pass then.

Asked of a copy of the checkout, with the real make, the real tests and nothing registered by hand.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COPIED = ("nhigraph", "tests/contract", "tests/unit/rules", ".ci")
FILES = ("Makefile", "pyproject.toml", "CHANGELOG.md", "README.md", "tests/conftest.py")
FILLED = ROOT / "tests" / "data" / "new_rule"
NAME = "agent_unwatched"

pytestmark = pytest.mark.xdist_group("new_rule")


def _ran(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "MAKE"))}
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=environment
    )


def _make(folder: Path, *target: str) -> subprocess.CompletedProcess[str]:
    """The target as it is, in the environment that is there already."""
    return _ran(folder, "make", "--silent", "-o", "dev", *target)


def _tests(folder: Path) -> subprocess.CompletedProcess[str]:
    """The tests that a new rule meets: the contracts, and those of its fixtures."""
    tests = ("tests/contract/test_rules.py", "tests/unit/rules/test_rules.py")
    options = ("-q", "-p", "no:cacheprovider", "-k", f"{NAME} or module or belong or holds")
    return _ran(folder, sys.executable, "-m", "pytest", *options, *tests)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a contributor has."""
    folder = tmp_path_factory.mktemp("checkout")
    leave = shutil.ignore_patterns("__pycache__", "test_new_*.py")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=leave)
    for name in (*FILES, "tests/estate_files.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


@pytest.fixture(scope="module")
def stubbed(checkout: Path) -> Path:
    """The copy after ``make new-rule``."""
    done = _make(checkout, "new-rule", f"NAME={NAME}")
    assert done.returncode == 0, done.stderr
    written = [line for line in done.stdout.splitlines() if not line.startswith("next: ")]
    assert written == [
        f"nhigraph/rules/{NAME}.py",
        f"tests/unit/rules/{NAME}.yaml",
        "CHANGELOG.md",
    ]
    told = "".join(f"    {line}\n" for line in done.stdout.splitlines())
    assert told in (ROOT / "CONTRIBUTING.md").read_text(), "the walkthrough says what is printed"
    return checkout


def test_the_stubs_fail_and_say_what_to_do(stubbed: Path) -> None:
    done = _tests(stubbed)
    assert done.returncode == 1, done.stdout
    said = f"put something in place of the stubs: nhigraph/rules/{NAME}.py"
    assert said in done.stdout
    assert said in (ROOT / "CONTRIBUTING.md").read_text()
    assert f"test_a_rule_finds_what_its_fixture_says_and_no_more[{NAME}/hit]" in done.stdout
    assert f"test_a_rule_has_a_hit_a_miss_and_a_gap[{NAME}]" in done.stdout
    linted = _ran(stubbed, sys.executable, "-m", "ruff", "check", "nhigraph", "tests", ".ci")
    assert linted.returncode == 0, linted.stdout


def test_the_other_rules_do_not_mind_a_stub(stubbed: Path, tmp_path: Path) -> None:
    shutil.copytree(stubbed, tmp_path / "x", symlinks=True)
    done = _ran(
        tmp_path / "x",
        sys.executable,
        "-c",
        "from tests.unit.rules.cases import said; print(len(said('long_lived/hit').rows))",
    )
    assert done.stdout.strip() == "2", done.stderr


def test_two_filled_files_pass_what_every_rule_must_pass(stubbed: Path, tmp_path: Path) -> None:
    """No list is edited; the overlap is written anew by its target."""
    folder = tmp_path / "filled"
    shutil.copytree(stubbed, folder, symlinks=True)
    shutil.copy(FILLED / f"{NAME}.txt", folder / "nhigraph" / "rules" / f"{NAME}.py")
    shutil.copy(FILLED / f"{NAME}.yaml.txt", folder / "tests/unit/rules" / f"{NAME}.yaml")
    done = _tests(folder)
    assert done.returncode == 1
    assert "every_rule_says_of_every_fixture" in done.stdout, "what it says was not reviewed yet"

    written = _make(folder, "overlap")
    assert written.returncode == 0, written.stderr
    reviewed = (folder / "tests/unit/rules/overlap.txt").read_text(encoding="utf-8")
    assert f"exfil_path/gap                 {NAME}" not in reviewed
    assert f"{NAME}/hit" in reviewed

    done = _tests(folder)
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
    linted = _ran(folder, sys.executable, "-m", "ruff", "check", "nhigraph", "tests")
    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize("name", ["Vault", "2vault", "va-ult", "class", "_vault", "v" * 31])
def test_a_name_that_is_none_is_refused(checkout: Path, name: str) -> None:
    done = _make(checkout, "new-rule", f"NAME={name}")
    assert done.returncode != 0
    assert f"new-rule: {name!r} is no name of a module" in done.stderr


def test_a_rule_that_is_there_is_refused(checkout: Path) -> None:
    done = _make(checkout, "new-rule", "NAME=long_lived")
    assert done.returncode != 0
    assert "there is a rule 'long_lived' already: nhigraph/rules/long_lived.py" in done.stderr


def test_without_a_name_make_says_how(checkout: Path) -> None:
    done = _make(checkout, "new-rule", "NAME=")
    assert done.returncode != 0
    assert "usage: make new-rule NAME=agent_unwatched" in done.stderr

"""A program is known by what it consists of, and by nothing else."""

import shutil
from pathlib import Path

import pytest

from nhigraph.app.program import digest_of


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    (folder / "inner").mkdir(parents=True)
    (folder / "one.py").write_text("a = 1\n")
    (folder / "inner" / "two.yaml").write_text("b: 2\n")
    return folder


def test_it_is_the_same_wherever_it_lies_and_whatever_was_compiled(
    package: Path, tmp_path: Path
) -> None:
    before = digest_of(package)
    there = tmp_path / "elsewhere" / "of another name"
    shutil.copytree(package, there)
    for name in ("__pycache__", "_data", "inner/__pycache__"):
        (there / name).mkdir()
        (there / name / "one.cpython-312.pyc").write_bytes(b"compiled")
    assert digest_of(there) == before


@pytest.mark.parametrize("change", ["changed", "added", "gone", "moved", "renamed", "cut"])
def test_any_change_is_another_program(package: Path, change: str) -> None:
    before, inner = digest_of(package), package / "inner" / "two.yaml"
    match change:
        case "changed":
            (package / "one.py").write_text("a = 2\n")
        case "added":
            (package / "three.py").touch()
        case "gone":
            inner.unlink()
        case "moved":
            inner.rename(package / "two.yaml")
        case "renamed":
            inner.rename(package / "inner" / "other.yaml")
        case "cut":
            # The same bytes in a row, in other files.
            (package / "one.py").write_text("a = ")
            inner.write_text("1\nb: 2\n")
    assert digest_of(package) != before

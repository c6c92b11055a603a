"""What is released is the wheel: these tests leave the checkout."""

import re
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from nhigraph.app.program import program
from tests.docs.reading import links
from tests.packaging.conftest import CHECKOUT, run

BUNDLED = ("queries", "docs/schema", "samples/ledgerline")

# One worker runs the module, so that the wheel is built once.
pytestmark = pytest.mark.xdist_group("wheel")


def tracked(folder: str) -> set[str]:
    """Files of a folder of the checkout, by their names in it."""
    return {
        path.relative_to(CHECKOUT).as_posix()
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


@pytest.mark.parametrize("folder", BUNDLED)
def test_the_wheel_carries_every_file_of_the_folder(wheel: Path, folder: str) -> None:
    listed = tracked(folder)
    carried = {
        name.removeprefix("nhigraph/_data/")
        for name in zipfile.ZipFile(wheel).namelist()
        if name.startswith(f"nhigraph/_data/{folder}/")
    }

    assert listed
    assert listed <= carried


def test_the_wheel_carries_nothing_but_the_package(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert {name for name in tops if not name.endswith(".dist-info")} == {"nhigraph"}


def test_the_wheel_names_its_types_and_its_licence(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert "nhigraph/py.typed" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_installed_package_is_not_the_checkout(scripts: Path, tmp_path: Path) -> None:
    where = run(
        scripts / "python", "-c", "import nhigraph; print(nhigraph.__file__)", cwd=tmp_path
    )

    assert Path(where.strip()).is_relative_to(scripts.parent)


def test_the_installed_program_is_the_checkouts_to_the_byte(scripts: Path, tmp_path: Path) -> None:
    code = "from nhigraph.app.program import program; print(program())"

    assert run(scripts / "python", "-c", code, cwd=tmp_path).strip() == program()


def test_the_source_distribution_has_what_its_pages_name(tmp_path: Path) -> None:
    build = (sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", tmp_path)
    run(*build, CHECKOUT, cwd=tmp_path)
    (built,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(built) as archive:
        carried = {name.partition("/")[2] for name in archive.getnames()}
    for folder in (*BUNDLED, "docs", "notebooks", "nhigraph"):
        assert tracked(folder) <= carried, folder
    readme = CHECKOUT / "README.md"
    led = {link.partition("#")[0] for link in links(readme.read_text(encoding="utf-8"))}
    named = {link.rstrip("/") for link in led if link and not link.startswith("https://")}
    assert named
    for name in named:
        assert any(one == name or one.startswith(f"{name}/") for one in carried), name


def test_the_installed_program_prints_its_help(scripts: Path, tmp_path: Path) -> None:
    assert "Usage: nhigraph" in run(scripts / "nhigraph", "--help", cwd=tmp_path)


def test_the_installed_program_prints_the_version_of_the_wheel(
    wheel: Path, scripts: Path, tmp_path: Path
) -> None:
    version = wheel.name.split("-")[1]

    assert re.search(
        rf"(?<![\d.]){re.escape(version)}(?![\d.])",
        run(scripts / "nhigraph", "--version", cwd=tmp_path),
    )


def test_the_installed_package_knows_names(scripts: Path, tmp_path: Path) -> None:
    code = "from nhigraph.policy.known_names import group; print(group('CODECOV_TOKEN'))"

    assert run(scripts / "python", "-c", code, cwd=tmp_path).strip() == "codecov"


def test_the_installed_program_finds_the_folders_it_carries(scripts: Path, tmp_path: Path) -> None:
    code = (
        "from importlib.resources import files\n"
        "data = files('nhigraph') / '_data'\n"
        f"print(*((data / name).is_dir() for name in {BUNDLED!r}))"
    )

    assert run(scripts / "python", "-c", code, cwd=tmp_path).split() == ["True"] * len(BUNDLED)

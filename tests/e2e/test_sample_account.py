"""The sample's AWS account, made anew: the same bytes each time, and those that lie there.

The environment is made from requirements/aws.txt, as CONTRIBUTING.md has it; without a registry to
install from, or without jq, this is skipped with the reason, in CI a failure.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sample import FOLDER

pytestmark = [pytest.mark.nightly, pytest.mark.xdist_group("sample account")]

ROOT = Path(__file__).parents[2]
SCRIPT = FOLDER / "regenerate" / "account.py"


def unable(reason: str) -> None:
    said = f"the sample's account cannot be made: {reason}"
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with what the script needs."""
    if shutil.which("jq") is None:
        unable("jq is not installed")
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = (str(folder / "bin" / "pip"), "--disable-pip-version-check", "install", "--quiet")
    wanted = ("--require-hashes", "--requirement", str(ROOT / "requirements" / "aws.txt"))
    done = subprocess.run([*pip, *wanted], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        unable(done.stderr.strip().rpartition("\n")[2])
    return folder / "bin" / "python"


def made(program: Path, exports: Path, **more: str) -> dict[str, bytes]:
    exports.mkdir()
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [program, SCRIPT, exports],
        env={**os.environ, "PATH": path, **more},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return files(exports)


def files(exports: Path) -> dict[str, bytes]:
    found = [exports / "organization.json", *(exports / "aws").rglob("*")]
    return {str(x.relative_to(exports)): x.read_bytes() for x in found if x.is_file()}


def test_the_account_of_the_sample_is_made_of_the_same_bytes(
    program: Path, tmp_path: Path
) -> None:
    first = made(program, tmp_path / "first", PYTHONHASHSEED="0", TZ="UTC")
    second = made(program, tmp_path / "second", PYTHONHASHSEED="4711", TZ="Pacific/Apia")
    kept = files(FOLDER / "exports")
    assert len(kept) > 30
    for other in (second, kept):
        assert first.keys() == other.keys()
        assert [name for name in first if first[name] != other[name]] == []

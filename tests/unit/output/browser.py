"""A page as Chromium sees it: its document, its console, and what it asked the network for."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

Look = Callable[..., "Seen"]


@dataclass(frozen=True)
class Seen:
    """What came of opening a page.

    Attributes:
        document: The document after scripts ran, as HTML.
        console: Messages of scripts and of the security policy.
        requests: Addresses the page asked for; the browser's own errands are not among them.
    """

    document: str
    console: list[str]
    requests: list[str]


def program() -> str:
    """Chromium; a skip where there is none, a failure where CI promises one."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    if os.environ.get("CI") == "true":
        pytest.fail("Chromium is missing, and CI=true allows no skip: .ci/system.sh installs it")
    pytest.skip("Chromium is missing: nothing was opened in a browser")


def look(page: str, folder: Path, fragment: str = "", *options: str) -> Seen:
    """Open a page in a fresh Chromium that can reach no network."""
    file, log = folder / "page.html", folder / "network.json"
    file.write_text(page, encoding="utf-8", newline="\n")
    arguments = [
        program(),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--proxy-server=127.0.0.1:9",
        f"--user-data-dir={folder / 'profile'}",
        f"--log-net-log={log}",
        "--enable-logging=stderr",
        "--window-size=1400,1000",
        "--virtual-time-budget=5000",
        *options,
        "--dump-dom",
        f"{file.as_uri()}{fragment}",
    ]
    done = subprocess.run(
        arguments, capture_output=True, encoding="utf-8", errors="replace", timeout=120, check=True
    )
    console = [line for line in done.stderr.splitlines() if ":CONSOLE:" in line]
    return Seen(done.stdout, console, _requests(log))


def _requests(log: Path) -> list[str]:
    """Requests with a page for their origin; the browser's own have none."""
    recorded = json.loads(log.read_text(encoding="utf-8"))
    started = recorded["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    return [
        event["params"]["url"]
        for event in recorded["events"]
        if event["type"] == started
        and event.get("params", {}).get("initiator", "not an origin") != "not an origin"
    ]

"""What holds for all tests."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.unit.output.browser import program

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# In CI the same examples every time: a change is judged by itself, not by the dice. Elsewhere new
# ones each time, so that what they find is found by whoever runs them.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI") == "true":
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """The system's Chromium; without one the test is skipped, in CI it fails.

    One for all tests of a process: Playwright starts only once in each.
    """
    from playwright.sync_api import sync_playwright

    path = program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield browser
        browser.close()

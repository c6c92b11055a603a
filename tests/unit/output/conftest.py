"""The marker of tests that need a browser; the fixtures they share."""

from pathlib import Path

import pytest

from tests.unit.output.browser import Look, look, program


def pytest_configure(config: pytest.Config) -> None:
    """Say what the marker means."""
    config.addinivalue_line("markers", "browser: needs Chromium")


@pytest.fixture
def seen(tmp_path: Path) -> Look:
    """Open a page in Chromium; without one the test is skipped, in CI it fails."""
    program()
    return lambda page, fragment="": look(page, tmp_path, fragment)

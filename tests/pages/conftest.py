"""Pages that must be silent in Chromium."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.pages.estates import assessed
from tests.pages.opened import Open, Opened, opened


@pytest.fixture(scope="session")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """What `assess` writes of an estate, see ``assessed``; each is assessed once."""
    return cache(lambda name: assessed(name, tmp_path_factory.mktemp(name)))


@pytest.fixture
def open_page(chromium: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a page, given as its text or as a file; at the end none may have made a noise.

    ``open_page(text, "#path=…", size=PHONE, dark=True, scripts=False)``; ``name`` is the file's.
    """
    with ExitStack() as stack:
        told: list[Opened] = []

        def open_one(
            page: str | Path, fragment: str = "", *, name: str = "page.html", **how: object
        ) -> Opened:
            file = page if isinstance(page, Path) else tmp_path / name
            if isinstance(page, str):
                file.write_text(page, encoding="utf-8", newline="\n")
            told.append(stack.enter_context(opened(chromium, file, fragment, **how)))  # type: ignore[arg-type]
            return told[-1]

        yield open_one
        for one in told:
            assert one.noise() == []
            if one.page.evaluate("() => true"):
                assert not one.breached()

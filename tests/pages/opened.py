"""A page as a person opens it: in Debian's Chromium, driven by Playwright, without a network."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Dialog, Page

#: What a rule of axe-core is asked about: WCAG 2.0 to 2.2, levels A and AA, and best practice.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What a page makes of itself and asks nobody for.
_ERRANDS = re.compile(r"^(data|blob):")

DESKTOP, PHONE = (1440, 900), (360, 740)


@dataclass
class Opened:
    """A page, and what it did that a person would not see.

    Attributes:
        page: The page, for Playwright's own means.
        address: Address it was opened at, without the fragment.
        requests: Addresses it asked for, but its own.
        console: Messages of scripts and of the security policy.
        dialogs: Texts of dialogs that it opened.
    """

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def noise(self) -> list[str]:
        """All of it; empty where the page is silent."""
        return [*self.requests, *self.console, *self.dialogs]

    def breached(self) -> bool:
        """Whether a script of others ran: those of the hostile company set a mark."""
        return bool(self.page.evaluate("() => 'breach' in document.documentElement.dataset"))


Open = Callable[..., Opened]


@contextmanager
def opened(
    browser: Browser,
    file: Path,
    fragment: str = "",
    *,
    size: tuple[int, int] = DESKTOP,
    dark: bool = False,
    scripts: bool = True,
    **options: Any,  # noqa: ANN401 - whatever a context of Playwright takes
) -> Iterator[Opened]:
    """Open a file in a context of its own; closed at the end."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
        accept_downloads=True,
        offline=True,
        **options,
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    told = Opened(page, file.resolve().as_uri())

    def asked(url: str) -> None:
        if url.split("#", maxsplit=1)[0] != told.address and not _ERRANDS.match(url):
            told.requests.append(url)

    def answered(dialog: Dialog) -> None:
        told.dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("request", lambda request: asked(request.url))
    page.on("console", lambda message: told.console.append(message.text))
    page.on("pageerror", lambda error: told.console.append(str(error)))
    page.on("dialog", answered)
    try:
        page.goto(told.address + fragment)
        yield told
    finally:
        context.close()


def axe(page: Page) -> list[str]:
    """What axe-core finds, a line each: rule, weight, first place.

    The library is evaluated by the debugger, not added to the page: its policy stays as it is.
    """
    text = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    page.evaluate(text)
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", _RULES
    )
    return [
        f"{one['id']} ({one['impact']}, {len(one['nodes'])}): {one['nodes'][0]['target']}"
        for one in found["violations"]
    ]

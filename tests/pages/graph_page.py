"""The drawing as its reader uses it: what tests do on it again and again."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

from playwright.sync_api import Page

from nhigraph.assurance.rows import Assessment
from nhigraph.output import page_file
from nhigraph.output.graph_html import render
from tests.pages.opened import Open
from tests.unit.output.builders import believable
from tests.unit.output.variants import hostile

#: Made once each; the hostile one keeps the kinds, so that the page offers it as much.
COMPANIES: dict[str, Callable[[], Assessment]] = {
    "believable": cache(believable),
    "hostile": cache(lambda: hostile(kinds=False)),
}
_SVG = "{http://www.w3.org/2000/svg}"


@dataclass
class Graph:
    """A drawing that is open."""

    page: Page

    def panel(self) -> str:
        """The panel's text, once the page shows what its address says."""
        self._until_shown(self.fragment())
        return self.page.inner_text("#panel")

    def heading(self) -> str:
        """What the panel is about."""
        self._until_shown(self.fragment())
        return self.page.inner_text("#panel h2")

    def go(self, fragment: str) -> None:
        """Go to a part of the page by its address."""
        self.page.evaluate("hash => { location.hash = hash; }", fragment)
        self._until_shown(fragment)

    def follow(self, selector: str, *, last: bool = False) -> None:
        """Click the first (or last) link that fits, and wait until the page shows where it leads.

        Chromium tells a page that its address has changed after the click is done.
        """
        found = self.page.locator(selector)
        one = found.last if last else found.first
        fragment: str = one.evaluate("link => link.hash")
        one.click()
        self._until_shown(fragment)

    def press(self, key: str, fragment: str) -> None:
        """Press a key that leads to a part of the page."""
        self.page.keyboard.press(key)
        self._until_shown(fragment)

    def _until_shown(self, fragment: str) -> None:
        self.page.wait_for_function(
            "hash => document.documentElement.dataset.shown === hash", arg=fragment
        )

    def fragment(self) -> str:
        """What the address ends in."""
        said: str = self.page.evaluate("() => location.hash")
        return said

    def saved(self, kind: str, folder: Path) -> Path:
        """The drawing as a file."""
        with self.page.expect_download() as coming:
            self.page.click(f"#do-{kind}")
        file = folder / f"saved.{kind}"
        coming.value.save_as(file)
        return file

    def cards(self, folder: Path) -> list[tuple[str, float, float]]:
        """Title and top left corner of every card that is drawn, as the picture has them."""
        root = ET.parse(self.saved("svg", folder)).getroot()  # noqa: S314 - the page's own
        found = []
        for group in root.iter(f"{_SVG}g"):
            box = group.findall(f"{_SVG}rect")[-1]
            title = group.findtext(f"{_SVG}title") or ""
            found.append((title, float(box.get("x", "")), float(box.get("y", ""))))
        return found


def graph(open_page: Open, page: str, fragment: str = "", **how: object) -> Graph:
    """Open a drawing and wait until it is there."""
    one = open_page(page, fragment, **how)
    one.page.wait_for_function("() => 'ready' in document.documentElement.dataset")
    return Graph(one.page)


def key_of(company: str, key: str) -> str:
    """What a company has in place of a key of the believable one."""
    return next(one for one in COMPANIES[company]().kinds if one.endswith(key))


@cache
def drawn(company: str = "believable") -> str:
    """The page of a company."""
    return render(COMPANIES[company](), sentence="Something was found.")


def part(name: str) -> str:
    """Text of one file of the page's script."""
    return page_file(f"graph/{name}.js")

"""Fourteen views of both pages, to be looked at: `make screenshots`, or with some names.

    python -m tests.pages.screenshots FOLDER [VIEW…]

Each view is a picture of what a reader sees first there; ``print`` is the sheet, too. Nothing is
compared: whether it is fit to be shown to a stranger only a person can say.
"""

import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from nhigraph.app.assess import Request, run_assess
from nhigraph.app.demo import request
from tests.e2e.command import nhigraph
from tests.e2e.test_diff import assessed, later
from tests.estate_files import write_estate
from tests.pages.opened import DESKTOP, PHONE, opened
from tests.sized import Estate, many
from tests.unit.output.browser import program

REPORT, GRAPH, DIFF = "report.html", "graph.html", "diff.html"
#: At 200 % a window of 1440 points shows what one of half as many shows.
_ZOOMED = (720, 450)
_SHEET = (794, 1123)


@dataclass(frozen=True)
class View:
    """One picture.

    Attributes:
        estate: Name of what is assessed.
        page: Page that is opened.
        fragment: Where in it; may name what only the page knows, see ``_where``.
        size: Of the window.
        dark: Dark colours.
        zoom: Points of the screen for one of the page.
        media: ``print`` for the sheet.
        whole: The whole page, not the window alone.
    """

    estate: str
    page: str = REPORT
    fragment: str = ""
    size: tuple[int, int] = DESKTOP
    dark: bool = False
    zoom: int = 1
    media: str = "screen"
    whole: bool = False


VIEWS: dict[str, tuple[View, ...]] = {
    "empty": (View("empty"), View("empty", GRAPH)),
    "one": (View("one"), View("one", GRAPH)),
    "50": (View("50"), View("50", GRAPH)),
    "300": (View("300"), View("300", REPORT, "#targets"), View("300", GRAPH)),
    "path": (View("sample", REPORT, "#card"), View("sample", GRAPH, "#path")),
    "edge": (View("sample", GRAPH, "#edge"),),
    "cut": (View("sample", REPORT, "#cuts"), View("sample", GRAPH, "#cut")),
    "diff": (View("sample", DIFF), View("sample", DIFF, whole=True)),
    "which": (View("sample", REPORT, "#which"),),
    "dark": (View("sample", dark=True), View("sample", GRAPH, dark=True)),
    "print": (View("sample", media="print", size=_SHEET, whole=True),),
    "zoom": (View("sample", size=_ZOOMED, zoom=2), View("sample", GRAPH, size=_ZOOMED, zoom=2)),
    "phone": (View("sample", size=PHONE), View("sample", GRAPH, size=PHONE)),
    "undecided": (View("undecided"), View("undecided", GRAPH)),
}


def _estates() -> dict[str, Estate]:
    one = many(1, 1, 1)
    undecided = many(6, 2, 3)
    for document in undecided[0]:
        document["edges"] = []
        document["gaps"] = [
            {"at": node["key"], "reason": "its rights were not exported"}
            for node in document["nodes"]
            if node["kind"] in {"ServiceAccount", "DatabaseRole", "CiJob", "AiAgent"}
        ]
    empty = many(1, 1, 1)
    for document in empty[0]:
        kept = [node for node in document["nodes"] if node["kind"] == "Dataset"]
        document.update(nodes=kept, edges=[], gaps=[], gates=[])
    return {
        "empty": empty,
        "one": one,
        "50": many(40, 10, 8),
        "300": many(),
        "undecided": undecided,
    }


@cache
def _assessed(name: str, base: Path) -> Path:
    """Output folder of an estate; of the sample with a difference beside it."""
    out = base / name / "out"
    if name == "sample":
        run_assess(request(out))
        return out
    folder = base / name / "in"
    folder.mkdir(parents=True)
    write_estate(folder, *_estates()[name])
    run_assess(Request(inputs=(folder,), out=out))
    return out


def _diff(base: Path) -> Path:
    """A page of what came between two dates of the sample."""
    page = base / "diff" / DIFF
    if not page.exists():
        page.parent.mkdir(parents=True)
        before, after = assessed(base / "diff" / "a"), assessed(base / "diff" / "b", later)
        nhigraph("diff", before, after, "--html", page)
    return page


def _where(page: Page, fragment: str) -> str:
    """A fragment by itself, or the first link of the page that begins with it and a name."""
    if fragment in {"#path", "#edge", "#cut", "#node"}:
        link = page.locator(f'a[href^="{fragment}="]').first
        return link.get_attribute("href") or ""
    if fragment == "#card":
        return f"#{page.locator('#identities [id]').nth(1).get_attribute('id')}"
    return fragment


def _settle(page: Page) -> None:
    """Until the drawing is there, and a frame after it."""
    page.evaluate(
        """async () => {
          const next = () => new Promise(requestAnimationFrame), root = document.documentElement;
          if (document.getElementById("net")) while (!("ready" in root.dataset)) await next();
          await next(); await next();
        }"""
    )


def main(folder: Path, wanted: list[str]) -> None:
    """Take the pictures; one line each."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        base = Path(temporary)
        browser = playwright.chromium.launch(
            executable_path=program(), args=["--no-sandbox", "--disable-gpu"]
        )
        for name in wanted or VIEWS:
            for number, view in enumerate(VIEWS[name], 1):
                out = (
                    _diff(base) if view.page == DIFF else _assessed(view.estate, base) / view.page
                )
                with opened(
                    browser, out, size=view.size, dark=view.dark, device_scale_factor=view.zoom
                ) as one:
                    _settle(one.page)
                    if view.fragment:
                        where = _where(one.page, view.fragment)
                        one.page.evaluate("where => { location.hash = where; }", where)
                        _settle(one.page)
                    one.page.emulate_media(media=view.media)  # type: ignore[arg-type]
                    file = folder / f"{name}-{number}-{Path(view.page).stem}.png"
                    one.page.screenshot(path=file, full_page=view.whole)
                    noise = one.noise()
                sys.stdout.write(f"{file.name}{': ' + '; '.join(noise) if noise else ''}\n")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

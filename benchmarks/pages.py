"""Pages beside their limits: bytes, time until drawn, printed pages; medians of five openings.

    python -m benchmarks.pages

A page is drawn when its scripts say so and the frame after that was painted; for the report, when
it is loaded and a frame was painted. Sizes and printed pages are exact; times are this machine's
(software rendering), so each stands beside the time that an empty page takes in the same browser.
"""

import re
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from nhigraph.app.assess import Request, run_assess
from nhigraph.app.demo import request
from tests.estate_files import write_estate
from tests.sized import Estate, chain, many

_ROUNDS = 5
_EMPTY = "<!doctype html><title>empty</title>"
#: Waits for the frame after a page is drawn; a function, as its policy refuses texts.
_PAINTED = """async () => {
  const root = document.documentElement;
  const next = () => new Promise(requestAnimationFrame);
  if (document.getElementById("net")) while (!("ready" in root.dataset)) await next();
  await next(); await next();
  return performance.now();
}"""
_SHEETS = re.compile(rb"/Type\s*/Page\b(?!s)")


@dataclass(frozen=True)
class Limits:
    """What the pages of an estate may take; 0 for no limit.

    Attributes:
        report: Bytes of report.html.
        graph: Bytes of graph.html.
        printed: A4 pages of the report.
        drawn: Seconds until the graph is drawn.
    """

    report: int = 0
    graph: int = 0
    printed: int = 0
    drawn: float = 0.0


CASES: dict[str, tuple[Estate | None, Limits]] = {
    "ledgerline": (None, Limits(graph=900_000, drawn=1.0)),
    "360 identities, 20 targets": (many(), Limits(700_000, 1_400_000, 60, 1.0)),
    "chain of 500 roles": (chain(500), Limits(1_500_000, 1_300_000)),
}


@contextmanager
def _chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def _seconds(browser: Browser, file: Path) -> float:
    """Median time until a page is drawn, in seconds."""
    found = []
    for _ in range(_ROUNDS):
        context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
        page = context.new_page()
        page.goto(file.as_uri())
        found.append(page.evaluate(_PAINTED) / 1000)
        context.close()
    return statistics.median(found)


def _printed(browser: Browser, file: Path) -> int:
    page = browser.new_page()
    page.goto(file.as_uri())
    sheets = page.pdf(format="A4")
    page.close()
    return len(_SHEETS.findall(sheets))


def _assessed(estate: Estate | None, folder: Path) -> Path:
    out = folder / "out"
    if estate is None:
        run_assess(request(out))
        return out
    place = folder / "in"
    place.mkdir()
    write_estate(place, *estate)
    run_assess(Request(inputs=(place,), out=out))
    return out


def _beside(value: float, limit: float, form: str) -> str:
    return f"{value:{form}}" + (f" ({value / limit:.2f})" if limit else "")


def main() -> None:
    """Print a row for each estate: figures, and in brackets their share of the limit."""
    print("| estate | report, bytes | printed | drawn, s | graph, bytes | drawn, s |")
    print("|---|---|---|---|---|---|")
    with _chromium() as browser, tempfile.TemporaryDirectory() as base:
        empty = Path(base) / "empty.html"
        empty.write_text(_EMPTY)
        print(f"| an empty page | | | {_seconds(browser, empty):.2f} | | |")
        for number, (name, (estate, limits)) in enumerate(CASES.items()):
            folder = Path(base) / str(number)
            folder.mkdir()
            out = _assessed(estate, folder)
            report, graph = out / "report.html", out / "graph.html"
            cells = (
                _beside(report.stat().st_size, limits.report, ","),
                _beside(_printed(browser, report), limits.printed, ","),
                f"{_seconds(browser, report):.2f}",
                _beside(graph.stat().st_size, limits.graph, ","),
                _beside(_seconds(browser, graph), limits.drawn, ".2f"),
            )
            print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()

"""report.html as a person has it: axe-core, narrow windows, and what it weighs on paper."""

import re
from functools import cache
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judge import judge
from nhigraph.app.judged import of_collection
from nhigraph.assurance.answer import Options
from nhigraph.assurance.rows import Assessment
from nhigraph.output.diff_html import render as render_diff
from nhigraph.output.report_html import render
from tests.estate_files import write_estate
from tests.pages.opened import DESKTOP, PHONE, Open, axe
from tests.sized import Estate, chain, many
from tests.unit.output.builders import believable
from tests.unit.output.test_diff_html import compared
from tests.unit.output.variants import hostile

pytestmark = pytest.mark.browser

NOTHING = Assessment("", "2026-11-23", "clock", (), (), (), (), {}, 0, (), {})


def _assessed(folder: Path, estate: Estate) -> str:
    write_estate(folder, *estate)
    found, _ = judge(of_collection(collect([folder])), Options(), lambda *_: None)
    return render(found, "graph.html")


@cache
def _page(name: str) -> str:
    if name == "nothing":
        return render(NOTHING, "graph.html")
    return render(believable() if name == "believable" else hostile(), "graph.html")


@pytest.mark.parametrize(
    ("name", "dark", "size"),
    [
        ("believable", False, DESKTOP),
        ("believable", True, DESKTOP),
        ("believable", False, PHONE),
        ("believable", True, PHONE),
        ("hostile", False, PHONE),
        ("nothing", True, PHONE),
    ],
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    open_page: Open, name: str, *, dark: bool, size: tuple[int, int]
) -> None:
    """As it opens, and with everything unfolded."""
    page = open_page(_page(name), dark=dark, size=size).page
    assert axe(page) == []
    page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
    assert axe(page) == []
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) == 0


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_on_what_differs(open_page: Open, size: tuple[int, int]) -> None:
    """diff.html, in light and dark."""
    for dark in (False, True):
        page = open_page(render_diff(compared()), dark=dark, size=size).page
        assert axe(page) == []


def test_a_cell_leads_to_its_line_with_scripts_off(open_page: Open) -> None:
    """The card that holds it is unfolded by the browser."""
    page = open_page(_page("believable"), scripts=False).page
    cell = page.locator("#targets td a").nth(9)
    goal = page.locator(cell.get_attribute("href") or "#nowhere")
    assert not goal.is_visible()
    cell.click()
    assert goal.is_visible()


def test_a_large_estate_keeps_to_its_size_and_its_pages(open_page: Open, tmp_path: Path) -> None:
    """360 identities and 20 targets: at most 700 kB, at most 60 pages A4."""
    page = _assessed(tmp_path, many())
    assert len(page.encode()) <= 700_000
    printed = open_page(page).page.pdf(prefer_css_page_size=True)
    assert 10 < len(re.findall(rb"/Type\s*/Page\b", printed)) <= 60


def test_a_long_chain_keeps_to_its_size(tmp_path: Path) -> None:
    """500 roles, each a member of the next: at most 1.5 MB; what is left out is counted."""
    page = _assessed(tmp_path, chain())
    assert len(page.encode()) <= 1_500_000
    assert "more steps, in paths.csv" in page
    assert "more under All identities and in verdicts.csv" in page

"""report.html as a person has it: axe-core, narrow windows, and what it weighs on paper."""

import re
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Literal

import pytest
from _pytest.mark.structures import ParameterSet

from nhigraph.app.collect import collect
from nhigraph.app.judge import judge
from nhigraph.app.judged import of_collection
from nhigraph.assurance.answer import Options
from nhigraph.assurance.rows import Assessment
from nhigraph.output.diff_html import render as render_diff
from nhigraph.output.report_html import render
from tests.e2e.command import inside
from tests.estate_files import write_estate
from tests.pages.opened import DESKTOP, PHONE, Open, axe
from tests.sized import Estate, chain, many
from tests.unit.output.test_diff_html import attacked, compared
from tests.unit.output.variants import HOSTILE

#: Estates are assessed once a worker: what needs them keeps to one.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

_TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
NOTHING = Assessment("", "2026-11-23", "clock", (), (), (), (), {}, 0, (), {})


def _assessed(folder: Path, estate: Estate) -> str:
    write_estate(folder, *estate)
    found, _ = judge(of_collection(collect([folder])), Options(), lambda *_: None)
    return render(found, "graph.html")


@pytest.fixture
def page_of(folder_of: Callable[[str], Path]) -> Callable[[str], str]:
    """report.html of an estate."""

    def page(name: str) -> str:
        if name == "nothing":
            return render(NOTHING, "graph.html")
        return (folder_of(name) / "report.html").read_text(encoding="utf-8")

    return page


def _looks() -> list[ParameterSet]:
    """Each estate in light and dark, on a desktop and a phone; all of that every night."""
    always = {
        *(("normal", False, DESKTOP), ("normal", True, PHONE), ("nothing", True, PHONE)),
        *(("hostile", True, DESKTOP), ("hostile", False, PHONE)),
    }
    every = product(("sample", "normal", "hostile", "nothing"), (False, True), (DESKTOP, PHONE))
    return [
        pytest.param(*one, marks=() if one in always else pytest.mark.nightly) for one in every
    ]


@pytest.mark.parametrize(("name", "dark", "size"), _looks())
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    open_page: Open,
    page_of: Callable[[str], str],
    name: str,
    *,
    dark: bool,
    size: tuple[int, int],
) -> None:
    """With everything unfolded, evidence too."""
    page = open_page(page_of(name), dark=dark, size=size).page
    assert name == "nothing" or page.locator("details.filed").count() > 3
    page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
    assert axe(page) == []
    assert page.evaluate(_TOO_WIDE) == 0


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("attack", ["", HOSTILE[-1]], ids=["normal", "hostile"])
def test_axe_finds_nothing_on_what_differs(
    open_page: Open, size: tuple[int, int], attack: str
) -> None:
    """diff.html, in light and dark, of normal and of hostile names."""
    told = attacked(attack) if attack else compared()
    for dark in (False, True):
        page = open_page(render_diff(told), dark=dark, size=size).page
        assert axe(page) == []
        assert page.evaluate(_TOO_WIDE) == 0


@pytest.mark.parametrize("name", ["normal", "hostile"])
def test_a_cell_leads_to_its_line_with_scripts_off(
    open_page: Open, page_of: Callable[[str], str], name: str
) -> None:
    """The card that holds it is unfolded by the browser."""
    page = open_page(page_of(name), scripts=False).page
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


def test_words_that_nobody_sees_make_no_page_wider(open_page: Open, tmp_path: Path) -> None:
    """They stand apart from their table, which scrolls by itself where targets are many."""
    numbers = range(40)
    facts = {
        "nhigraph": "facts/1",
        "nodes": [
            {"kind": "ServiceAccount", "key": "acme:a"},
            *({"kind": "Dataset", "key": f"acme:d{number}"} for number in numbers),
        ],
        "edges": [
            {"kind": "CAN_WRITE", "from": "acme:a", "to": f"acme:d{number}"} for number in numbers
        ],
    }
    scope = {
        "nhigraph": "scope/1",
        "as_of": "2026-11-23",
        "commitments": ["S", "C"],
        "targets": [
            {
                "id": f"promise-{number}",
                "family": "trust-service",
                "commitments": ["S", "C"],
                "select": [{"key": f"acme:d{number}"}],
            }
            for number in numbers
        ],
    }
    write_estate(tmp_path, [facts], scope)
    assert inside("assess", tmp_path, "--out", tmp_path / "out").code == 0
    for size in (DESKTOP, PHONE):
        told = open_page(tmp_path / "out" / "report.html", size=size)
        assert told.page.locator(".unseen-text").count() >= len(numbers) // 2
        assert told.page.evaluate(_TOO_WIDE) == 0


def test_a_long_chain_keeps_to_its_size(tmp_path: Path) -> None:
    """500 roles, each a member of the next: at most 1.5 MB; what is left out is counted."""
    page = _assessed(tmp_path, chain())
    assert len(page.encode()) <= 1_500_000
    assert "more steps, in paths.csv" in page
    assert "more under All identities and in verdicts.csv" in page


@pytest.mark.parametrize("media", ["screen", "print"])
def test_a_long_place_takes_no_room_from_what_ends_a_finding(
    open_page: Open, page_of: Callable[[str], str], media: Literal["screen", "print"]
) -> None:
    """Pointers into an account have no place to break at; they left six letters for the edges."""
    page = open_page(page_of("sample"), size=DESKTOP).page
    page.emulate_media(media=media)
    ends, said = page.evaluate(
        "() => [...document.querySelectorAll('#findings th:nth-child(n + 5)')]"
        ".map((one) => one.getBoundingClientRect().width)"
    )
    assert ends > 0.8 * said

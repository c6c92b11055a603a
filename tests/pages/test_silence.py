"""No page asks for anything, says anything, runs anything of others, or shuts anybody out."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from nhigraph.output.graph_html import render as render_graph
from tests.pages.opened import DESKTOP, PHONE, Open, axe, opened
from tests.unit.output.builders import believable
from tests.unit.output.variants import hostile

pytestmark = pytest.mark.browser

COMPANIES = {"believable": believable, "hostile": hostile}


def test_the_instrument_itself_notices_every_kind_of_noise(
    chromium: Browser, tmp_path: Path
) -> None:
    page = tmp_path / "loud.html"
    page.write_text(
        "<!doctype html><html><head><title>x</title></head><body><img src='http://a.invalid/x.png'>"
        "<script>document.documentElement.dataset.breach = 1; alert('hello'); missing();</script>",
        encoding="utf-8",
    )
    with opened(chromium, page) as one:
        assert one.requests == ["http://a.invalid/x.png"]
        assert one.dialogs == ["hello"]
        assert any("missing is not defined" in line for line in one.console)
        assert one.breached()
        assert any(line.startswith("image-alt (critical") for line in axe(one.page))


def test_a_policy_that_refuses_is_noticed(chromium: Browser, tmp_path: Path) -> None:
    page = tmp_path / "refused.html"
    page.write_text(
        "<!doctype html><meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
        "<title>x</title><p style='color:red'>refused</p>",
        encoding="utf-8",
    )
    with opened(chromium, page) as one:
        assert any("Content Security Policy" in line for line in one.console)


@pytest.mark.parametrize("company", COMPANIES)
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_graph_shuts_nobody_out(
    open_page: Open, company: str, size: tuple[int, int], dark: bool
) -> None:
    one = open_page(render_graph(COMPANIES[company](), [], []), size=size, dark=dark)
    one.page.wait_for_function("() => 'ready' in document.documentElement.dataset")
    assert axe(one.page) == []

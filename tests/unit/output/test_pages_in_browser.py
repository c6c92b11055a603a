"""The report in a real browser: silent, whole, and at work; tests/pages has the drawing."""

import base64
import hashlib
from pathlib import Path

import pytest

from nhigraph.output.report_html import render as render_report
from tests.unit.output.browser import Look, Seen, look, program
from tests.unit.output.builders import believable
from tests.unit.output.variants import hostile

pytestmark = pytest.mark.browser


def _with(page: str, script: str) -> str:
    """The page with a script of the test added to it and to its policy."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = page.replace("script-src ", f"script-src &#39;sha256-{digest}&#39; ", 1)
    return page.replace("</body>", f"<script>{script}</script></body>")


def _quiet(seen: Seen) -> None:
    assert seen.console == []
    assert seen.requests == []
    assert "data-breach" not in seen.document.split("<head>")[0]


def test_a_request_and_a_breach_would_be_noticed(seen: Look) -> None:
    """The instrument itself: a page that does ask and a script that does fail are seen."""
    page = (
        "<!doctype html><html><head></head><body><img src='http://a.invalid/x.png'><script>"
        "document.documentElement.dataset.breach = 1; missing();</script></body></html>"
    )
    found = seen(page)
    assert found.requests == ["http://a.invalid/x.png"]
    assert any("missing is not defined" in line for line in found.console)
    assert "data-breach" in found.document.split("<head>")[0]


@pytest.mark.parametrize("company", ["believable", "hostile"])
def test_the_report_asks_for_nothing_and_runs_nothing_of_others(seen: Look, company: str) -> None:
    """No request, no console message, no breach, and no script of its own either."""
    found = seen(render_report(believable() if company == "believable" else hostile()))
    _quiet(found)
    assert "<script" not in found.document


def test_a_link_to_an_identity_unfolds_its_card_without_a_script(seen: Look) -> None:
    """The browser opens what holds the place that a link names."""
    page = render_report(believable())
    anchor = page.split("fx-rates</a>")[0].rsplit('href="#', 1)[1].split('"')[0]
    for fragment in (f"#{anchor}", f"#{anchor}-1"):
        found = seen(page, fragment)
        _quiet(found)
        before = found.document.split(f'id="{anchor}"')[0]
        assert before.rsplit("<details", 1)[1].startswith(' class="card" open="">')


@pytest.mark.parametrize("scheme", [0, 1])
def test_no_text_is_wider_than_a_narrow_window(tmp_path: Path, scheme: int) -> None:
    """Long hostile names wrap; only tables scroll, inside themselves."""
    program()
    page = _with(
        render_report(hostile()),
        """document.documentElement.dataset.wide =
          document.documentElement.scrollWidth > document.documentElement.clientWidth;""",
    )
    dress = f"--blink-settings=preferredColorScheme={scheme}"
    found = look(page, tmp_path, "", "--window-size=500,900", dress)
    assert 'data-wide="false"' in found.document

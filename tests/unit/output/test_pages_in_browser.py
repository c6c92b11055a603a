"""Both pages in a real browser: silent, whole, and at work."""

import base64
import hashlib
import re
from pathlib import Path

import pytest

from nhigraph.output.graph_html import render as render_graph
from nhigraph.output.report_html import render as render_report
from tests.unit.output.browser import Look, Seen, look, program
from tests.unit.output.builders import believable
from tests.unit.output.variants import hostile, large

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
    """No request, no console message, no breach; the filter has come to life."""
    found = seen(render_report(believable() if company == "believable" else hostile()))
    _quiet(found)
    assert 'id="filtering">' in found.document


@pytest.mark.parametrize("company", ["believable", "hostile", "large"])
def test_the_graph_draws_asks_for_nothing_and_runs_nothing_of_others(
    seen: Look, company: str
) -> None:
    """All nodes are there, the canvas has ink, and nobody was asked for anything."""
    made = {"believable": believable(), "hostile": hostile(), "large": large(2_000)}
    page = _with(
        render_graph(made[company], [], []),
        """setTimeout(() => {
          const c = document.querySelector("#net canvas");
          const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
          let ink = 0;
          for (let i = 3; i < d.length; i += 4) ink += d[i] > 0;
          document.documentElement.dataset.ink = ink > 5000;
        }, 1500);""",
    )
    found = seen(page)
    _quiet(found)
    assert 'data-ink="true"' in found.document
    assert f'data-ready="{600 if company == "large" else 30}"' in found.document


def test_a_link_to_a_path_opens_it_step_by_step(seen: Look) -> None:
    """The panel shows the steps with their places."""
    company = believable()
    path_id, steps = max(company.paths.items(), key=lambda item: len(item[1]))
    found = seen(render_graph(company, [], []), f"#path={path_id}")
    panel = found.document.split('id="panel"')[1].split("</section>")[0]
    assert panel.count("<li>") == len(steps)
    assert ".github/workflows/nightly.yml:31" in panel
    _quiet(found)


def test_a_link_that_names_nothing_says_so(seen: Look) -> None:
    """A hostile fragment is no place either."""
    page = render_graph(believable(), [], [])
    assert "That link names nothing on this page." in seen(page, "#node=n999").document
    found = seen(
        page, "#node=%3Cimg%20src=x%20onerror=document.documentElement.dataset.breach=1%3E"
    )
    _quiet(found)


def test_search_filters_and_keys_work(seen: Look) -> None:
    """Type, Enter, follow an edge, hide a family; each leaves its trace."""
    page = _with(
        render_graph(believable(), [], []),
        """const trace = {}, find = document.getElementById("find");
        const press = (on, key) =>
          on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        press(document.body, "/"); trace.focus = document.activeElement === find;
        find.value = "nightly"; find.dispatchEvent(new Event("input"));
        trace.hits = document.querySelectorAll("#hits li").length;
        press(find, "Enter");
        setTimeout(() => {
          trace.node = document.querySelector("#panel h2").textContent;
          press(document.getElementById("net"), "ArrowRight");
          setTimeout(() => {
            trace.next = document.querySelector("#panel h2").textContent;
            const box = document.querySelector("input[value=credential]");
            box.checked = false; box.dispatchEvent(new Event("change"));
            trace.status = document.getElementById("status").textContent;
            press(document.body, "Escape");
            trace.open = document.getElementById("work").classList.contains("open");
            document.documentElement.dataset.trace = JSON.stringify(trace);
          }, 100);
        }, 100);""",
    )
    found = seen(page)
    _quiet(found)
    trace = found.document.split('data-trace="')[1].split('"')[0].replace("&quot;", '"')
    assert '"focus":true,"hits":1,"node":"nightly build"' in trace
    assert '"next":"DBT_PASSWORD"' in trace or '"next":"marts.revenue"' in trace
    assert '"status":"29 nodes, 1 hidden by filters","open":false' in trace


def test_the_report_narrows_its_list_and_unfolds_a_linked_card(seen: Look) -> None:
    """Words narrow the list of all; a link to an identity opens its card."""
    company = believable()
    page = render_report(company)
    anchor = page.split("fx-rates</a>")[0].rsplit('href="#', 1)[1].split('"')[0]
    narrowed = _with(
        page,
        """const field = document.getElementById("filter");
        field.value = "database finance"; field.dispatchEvent(new Event("input"));""",
    )
    found = seen(narrowed, f"#{anchor}")
    _quiet(found)
    assert ">1 of 30</span>" in found.document
    assert f'<details class="card" id="{anchor}" open="">' in found.document


def test_pages_without_scripts_are_whole(seen: Look) -> None:
    """The still picture and every path in words stand in the document itself."""
    page = re.sub(
        r"script-src [^;]*;", "script-src &#39;none&#39;;", render_graph(believable(), [], [])
    )
    found = seen(page)
    assert 'class="js"' not in found.document
    assert "<svg" in found.document
    assert found.document.count('<a href="#path=') == 22
    assert found.requests == []


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

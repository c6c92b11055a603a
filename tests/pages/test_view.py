"""``nhigraph view`` draws a question: the ways that were asked for, on a page of its own."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nhigraph.app.view import draw, sentence
from tests.e2e.command import nhigraph
from tests.pages.opened import DESKTOP, PHONE, Open, axe

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]


@pytest.fixture
def graph(folder_of: Callable[[str], Path]) -> Path:
    return folder_of("sample")


@pytest.mark.parametrize(
    ("source", "target", "effect", "said", "cards"),
    [
        ("dbt_runner", "fin:revenue", None, "to fin:revenue: 1 way.", {"dbt_runner", "revenue"}),
        ("dbt_runner", "transformer", None, "transformer: 1 way.", {"dbt_runner", "transformer"}),
        ("calendar_sync", None, None, "in at most 3 steps: 10 ways", {"calendar_sync"}),
        (None, "raw.payments", "alter", "to hold ALTER, in at most 3 steps", {"raw.payments"}),
        ("calendar_sync", "crm.customers", None, "crm.customers: 0 ways in what was read.", set()),
    ],
)
def test_a_question_is_drawn_and_says_what_it_is(
    open_page: Open,
    graph: Path,
    source: str | None,
    target: str | None,
    effect: str | None,
    said: str,
    cards: set[str],
) -> None:
    text, drawn = draw(graph, (source, target), effect=effect)
    assert said in sentence(drawn)
    one = open_page(text)
    one.page.wait_for_function("() => 'ready' in document.documentElement.dataset")
    assert sentence(drawn) in one.page.inner_text("header")
    assert "report.html" not in one.page.content()
    for card in cards:
        assert card in one.page.inner_text("body")
    assert axe(one.page) == []


def test_a_page_for_which_no_choke_points_were_sought_does_not_count_none(
    open_page: Open, graph: Path
) -> None:
    text, _ = draw(graph, ("dbt_runner", "fin:revenue"))
    one = open_page(text)
    one.page.wait_for_function("() => 'ready' in document.documentElement.dataset")
    listed = one.page.locator("#questions li").all_inner_texts()
    assert listed
    assert not [line for line in listed if line.startswith("Choke points")]
    asked = open_page(text, "#ask=choke", name="asked.html")
    asked.page.wait_for_function("() => 'ready' in document.documentElement.dataset")
    assert "They were not looked for" in asked.page.inner_text("body")


@pytest.mark.parametrize(
    ("size", "dark"), [(DESKTOP, False), (PHONE, True)], ids=["desktop", "dark phone"]
)
def test_a_question_to_a_hostile_estate_shuts_nobody_out(
    open_page: Open, folder_of: Callable[[str], Path], size: tuple[int, int], dark: bool
) -> None:
    """And says what it was made of: the digest is that of the stored graph."""
    folder = folder_of("hostile")
    text, drawn = draw(folder, (None, "fin:ledger-00"), hops=6)
    assert drawn.ways > 5
    one = open_page(text, size=size, dark=dark)
    one.page.wait_for_function("() => 'ready' in document.documentElement.dataset")
    made = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    foot = one.page.inner_text("footer")
    for digest in (made["graph_sha256"], made["inputs_sha256"], *made["scope_sha256"]):
        assert digest in foot
    assert axe(one.page) == []


def test_the_command_writes_the_page_and_says_what_it_shows(graph: Path, tmp_path: Path) -> None:
    ran = nhigraph(
        *("view", graph, "--from", "dbt_runner", "--to", "fin:revenue"),
        *("--no-browser", "--out", tmp_path / "one.html"),
    )
    assert ran.code == 0, ran.err
    assert ran.out == f"{tmp_path / 'one.html'}\n"
    assert "dbt_runner to fin:revenue: 1 way" in ran.err
    assert "Content-Security-Policy" in (tmp_path / "one.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--hops", "2"], "--hops and --effect go with"),
        (["--port", "80"], "--port goes with --serve"),
        (["--from", "nothing_like_it"], "no node 'nothing_like_it'"),
    ],
)
def test_what_cannot_be_asked_is_one_line(graph: Path, arguments: list[str], problem: str) -> None:
    ran = nhigraph("view", graph, "--no-browser", *arguments)
    assert ran.code == 2
    assert problem in ran.err
    assert "Traceback" not in ran.err

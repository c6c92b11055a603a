"""An investigator's first minutes in the real Neo4j Browser, from the printed lines on."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from nhigraph.app.neo4j_browser import in_browser
from nhigraph.app.query_library import PICTURE, find, library
from nhigraph.app.serve import FolderServer
from nhigraph.output.neo4j import words
from nhigraph.output.neo4j.browser import FAVOURITES, GUIDE, STYLE, colours
from tests.e2e.command import inside
from tests.neo4j.asked import GIVEN
from tests.neo4j.conftest import Sample
from tests.neo4j.estates import ask
from tests.neo4j.server import PASSWORD, USER, Server

pytestmark = [
    pytest.mark.neo4j,
    pytest.mark.browser,
    pytest.mark.xdist_group("neo4j"),
]

SLOW = 60_000
#: A file dropped where a person drops it: playwright has no other way to make one.
DROP = """([name, bytes]) => {
    const given = new DataTransfer();
    given.items.add(new File([new Uint8Array(bytes)], name));
    return given;
}"""


@contextmanager
def _served(folder: Path, allowed: str) -> Iterator[str]:
    with FolderServer(folder, GUIDE, 0, lambda _line: None, allowed=allowed) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        try:
            yield f"http://localhost:{serving.server_port}/{GUIDE}"
        finally:
            serving.shutdown()
            thread.join()


def _connect(page: Page, server: Server) -> None:
    page.get_by_test_id("bolt-scheme-select").select_option("bolt://")
    page.get_by_test_id("boltaddress").fill(f"localhost:{server.bolt}")
    page.get_by_test_id("username").fill(USER)
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("connect").click()
    # The editor is there before; what Browser runs once it is connected is not.
    expect(page.get_by_test_id("frame").first).to_contain_text(":play start", timeout=SLOW)


def _drop(page: Page, file: Path) -> None:
    given = page.evaluate_handle(DROP, [file.name, list(file.read_bytes())])
    zone = page.locator(".filedrop")
    zone.dispatch_event("dragenter", {"dataTransfer": given})
    zone.dispatch_event("drop", {"dataTransfer": given})


def _paste(page: Page, text: str) -> None:
    editor = page.get_by_test_id("activeEditor").locator("textarea")
    editor.focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)
    page.keyboard.press("Control+Enter")


def _frame_when(page: Page, seen: Callable[[], bool]) -> None:
    until = time.monotonic() + SLOW / 1000
    while not seen():
        assert time.monotonic() < until, page.get_by_test_id("frame").first.inner_text()[:500]
        page.wait_for_timeout(100)


def test_from_the_printed_lines_to_the_secret_that_hurts_most_and_what_stops_it(
    server: Server, sample: Sample, chromium: Browser, tmp_path: Path
) -> None:
    web, out = f"http://localhost:{server.http}", tmp_path / "browser"
    ran = inside(
        "neo4j", "browser", "--graph", sample.graph, "--name", "ledgerline",
        "--out", out, "--uri", server.uri, "--web", web,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert f"{web}/browser/" in ran.out
    plainly, params = (
        next(line.strip() for line in ran.out.splitlines() if line.strip().startswith(word))
        for word in (":config", ":params")
    )
    page = chromium.new_page(viewport={"width": 1440, "height": 1000})
    page.route(re.compile(r"^https?://(?!localhost)"), lambda route: route.abort())
    page.goto(f"{web}/browser/")
    _connect(page, server)
    frames = page.get_by_test_id("frame")

    _drop(page, out / STYLE)
    _paste(page, plainly)
    _frame_when(page, lambda: '"autoComplete": false' in frames.first.inner_text())
    _paste(page, params)
    _frame_when(page, lambda: "DBT_PASSWORD" in frames.first.inner_text())
    page.screenshot(path=tmp_path / "1-parameters.png")

    _drop(page, out / FAVOURITES)
    page.get_by_test_id("navigationFavorites").click()
    for topic in {one.topic for one in library()}:
        folder = page.get_by_test_id(f"expandFolder-nhigraph {topic}")
        expect(folder).to_have_count(1, timeout=SLOW)
        if topic in {"credentials", "reach"}:
            folder.click()
    for number, (title, row, more) in enumerate(
        [
            ("Which secret would hurt most", "DBT_PASSWORD", "PAYMENTS_LOADER_PASSWORD"),
            ("What stops the worst secret", "AUTHENTICATES_AS", "SUPPORTS"),
            ("Who can alter a target", "role:postgres:erp/dbt_runner", "archive / ship"),
        ],
        2,
    ):
        item = page.get_by_test_id("savedScriptListItem").filter(has_text=title)
        item.first.hover()
        item.first.get_by_test_id("savedScriptsButton-Run").click()
        _frame_when(page, lambda: frames.first.locator("g.node").count() > 1)
        assert frames.first.locator("g.relationship").count() > 0
        # Answers are no part of a path, and Browser adds nothing of its own.
        captions = frames.first.locator("g.relationship text").all_text_contents()
        assert captions
        assert not any("REACH_" in one for one in captions)
        page.screenshot(path=tmp_path / f"{number}-picture.png")
        frames.first.get_by_test_id("cypherFrameSidebarTable").click()
        for one in (row, more):
            expect(frames.first).to_contain_text(one, timeout=SLOW)
        page.screenshot(path=tmp_path / f"{number}-table.png")
        # Browser shows the next answer as it showed the last.
        frames.first.get_by_test_id("cypherFrameSidebarVisualization").click()

    _paste(page, "MATCH p = (:Secret)-[:AUTHENTICATES_AS]->(:DatabaseRole) RETURN p LIMIT 1")
    _frame_when(page, lambda: frames.first.locator("g.node").count() == 2)
    drawn = {
        one.get_attribute("fill") for one in frames.first.locator("g.node circle.b-outline").all()
    }
    assert drawn == {colours()["credential"], colours()["identity"]}

    with _served(out, web) as guide:
        _paste(page, f":play {guide}")
        _frame_when(page, lambda: "Every question asks the snapshot" in frames.first.inner_text())
        page.screenshot(path=tmp_path / "6-guide.png")
    page.close()


@pytest.mark.parametrize("name", [one.name for one in library() if PICTURE in one.returns])
def test_browser_is_asked_for_the_same_rows_with_the_picture_in_the_last(
    server: Server, sample: Sample, name: str
) -> None:
    query = find(name)
    given = {one: GIVEN[one] for one in query.params}
    plain, drawn = (ask(server, text, **given) for text in (query.text, in_browser(query)))
    pictures = [row.pop("picture") for row in plain]
    held = [row.pop("picture") for row in drawn]
    assert drawn == plain
    assert held[:-1] == [None for _ in plain[1:]]
    assert held[-1:] == [[one for one in pictures if one is not None]][: len(plain)]


def test_every_label_and_type_has_a_rule_of_its_own_and_kinds_come_last(
    server: Server, sample: Sample, tmp_path: Path
) -> None:
    """Browser gives a label without a rule one at the end, and the last rule wins."""
    ran = inside(
        "neo4j", "browser", "--graph", sample.graph, "--name", "ledgerline", "--out", tmp_path
    )
    assert ran.code == 0
    sheet = (tmp_path / STYLE).read_text(encoding="utf-8")
    nodes = re.findall(r"^node\.(\w+) \{", sheet, re.MULTILINE)
    assert set(nodes) == words.labels()
    assert nodes[0] == "Entity"
    families = set(words.FAMILIES.values())
    assert set(nodes[1 : 1 + len(families)]) == families
    types = re.findall(r"^relationship\.(\w+) \{", sheet, re.MULTILINE)
    assert set(types) == words.types()

"""The same page, served: as quiet, and with its links."""

import threading
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from nhigraph.app.serve import ADDRESS, FolderServer
from nhigraph.output.graph_html import render as render_graph
from tests.unit.output.builders import believable

pytestmark = pytest.mark.browser


def test_a_served_page_draws_and_asks_for_nothing_else(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "graph.html").write_text(render_graph(believable(), [], []), encoding="utf-8")
    asked: list[str] = []
    noise: list[str] = []
    with FolderServer(tmp_path, "graph.html", 0, print) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        context = chromium.new_context()
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        address = f"http://{ADDRESS}:{made.server_port}/"
        page.goto(address)
        page.wait_for_function("() => 'ready' in document.documentElement.dataset")
        context.close()
        made.shutdown()
    assert noise == []
    assert [url for url in asked if not url.startswith("data:")] == [
        address,
        f"{address}graph.html",
    ]

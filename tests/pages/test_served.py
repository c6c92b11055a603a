"""The same page, served: as quiet, and with its links."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from nhigraph.app.serve import ADDRESS, FolderServer

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("estate", ["normal", "hostile"])
def test_a_served_page_draws_and_asks_for_nothing_else(
    estate: str, chromium: Browser, folder_of: Callable[[str], Path]
) -> None:
    folder = folder_of(estate)
    asked: list[str] = []
    noise: list[str] = []
    with FolderServer(folder, "graph.html", 0, print) as made:
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

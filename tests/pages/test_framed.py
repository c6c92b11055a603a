"""A page in the frame that a notebook shows it in: it works, and reaches nothing outside."""

import pytest

from nhigraph.api.pages import Page
from nhigraph.output.graph_html import render
from tests.pages.opened import Open
from tests.unit.output.builders import believable

pytestmark = pytest.mark.browser


def test_the_picture_is_drawn_in_its_frame_and_reaches_nothing_outside(open_page: Open) -> None:
    """``open_page`` asserts that it asked for nothing and broke no rule."""
    frame = Page('A "picture"', render(believable())).frame(height=600)
    outside = "<p id=mine>mine</p>"
    one = open_page(f"<!doctype html><title>notebook</title>{outside}{frame}")
    inside = one.page.frame_locator("iframe[title='A \"picture\"']")
    inside.locator("canvas").first.wait_for()
    assert inside.locator("svg, canvas").count() > 0
    told = one.page.frames[1].evaluate(
        "() => { try { return parent.document.title } catch (error) { return error.name } }"
    )
    assert told == "SecurityError"

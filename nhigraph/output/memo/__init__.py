"""A memo of one page on which report a subject asks for, to be signed: Markdown or HTML.

Both have the same blocks (``document``), made once (``content``): what a person signs does not
depend on the form. Names come from inputs and may be hostile: in Markdown every mark that would
mean something is escaped, in HTML the environment of all pages escapes.
"""

from nhigraph.output.memo.answer import Side
from nhigraph.output.memo.content import Told, memo
from nhigraph.output.memo.markdown import markdown
from nhigraph.output.memo.page import page

__all__ = ["Side", "Told", "as_html", "as_markdown"]


def as_markdown(told: Told) -> str:
    """The memo as Markdown (CommonMark with tables)."""
    return markdown(memo(told))


def as_html(told: Told) -> str:
    """The memo as one page that asks nobody for anything."""
    return page(memo(told))

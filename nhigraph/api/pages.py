"""Pages as objects: saved, or shown in a notebook in a frame that can do nothing but draw.

A page holds names from inputs. It is shown in a frame of its own (``iframe`` with ``sandbox``):
its scripts run as if it came from another site, and reach neither the notebook, nor what the
reader is logged in to (https://html.spec.whatwg.org/multipage/iframe-embed-object.html#attr-iframe-sandbox,
read 29 November 2026). Its own policy lets it ask nobody for anything.
"""

from dataclasses import field
from html import escape
from pathlib import Path as File

from nhigraph.app.folder import write_page
from nhigraph.output import printable
from nhigraph.records import dataclass

#: Height of the frame, in pixels.
HEIGHT = 720


@dataclass(frozen=True)
class Page:
    """A self-contained page of HTML.

    Attributes:
        title: What it is.
        html: Its text.
    """

    title: str
    html: str = field(repr=False)

    def save(self, file: str | File) -> None:
        """Write it to a file, whole or not at all.

        Raises:
            UsageError: Nothing can be written there.
        """
        write_page(File(file), self.html)

    def frame(self, height: int = HEIGHT) -> str:
        """It as an element of another page, in a sandbox.

        Args:
            height: Of the frame, in pixels.
        """
        return (
            f'<iframe sandbox="allow-scripts" title="{escape(printable(self.title))}" '
            f'style="width:100%;height:{height}px;border:1px solid #8888" '
            f'srcdoc="{escape(self.html)}"></iframe>'
        )

    def _repr_html_(self) -> str:
        return self.frame()

"""What stands in a page of Markdown: headings as anchors, links, fenced blocks."""

import re
from dataclasses import dataclass

_FENCE = re.compile(r"^```(\S*)[ \t]*(.*?)\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Fence:
    """A fenced block: its language, what stands behind that, its text, and its first line."""

    language: str
    title: str
    text: str
    line: int


def fences(text: str) -> list[Fence]:
    """Fenced blocks, in order."""
    return [
        Fence(found[1], found[2], found[3], text[: found.start()].count("\n") + 1)
        for found in _FENCE.finditer(text)
    ]


def prose(text: str) -> str:
    """The text without its fenced blocks."""
    return _FENCE.sub("", text)


def headings(text: str) -> list[str]:
    """Anchors of the headings, as GitHub makes them."""
    return [
        re.sub(r"[^\w\- ]", "", told.replace("`", "")).strip().lower().replace(" ", "-")
        for told in _HEADING.findall(prose(text))
    ]


def links(text: str) -> list[str]:
    """Where links and pictures lead."""
    return _LINK.findall(re.sub(r"`[^`\n]*`", "", prose(text)))

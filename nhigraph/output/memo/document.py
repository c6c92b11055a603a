"""What a memo is made of."""

from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what they are, one a line."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list; numbered where the order says something."""

    lines: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Facts | Items | Grid


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Memo:
    """A memo.

    Attributes:
        title: What it is about.
        head: Whom it is of, and of which day.
        answer: The answer, in one sentence.
        parts: What stands under headings.
        signatures: Who signs, one line each.
        foot: What it rests on.
    """

    title: str
    head: Facts
    answer: str
    parts: tuple[Part, ...]
    signatures: tuple[str, ...]
    foot: tuple[str, ...]

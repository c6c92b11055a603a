"""Where a fact was said."""

from dataclasses import replace
from typing import Literal

from nhigraph.records import dataclass

Basis = Literal["declared", "entitled", "observed", "inferred"]
#: Of a place beside those that state an edge: to change it does not take the edge away by itself.
IMPLIED: Basis = "inferred"
#: Of a place that gives an edge by itself: it takes all such places to take the edge away.
ALONE: Basis = "entitled"

#: Longest line of an excerpt that is kept, in characters.
EXCERPT_LIMIT = 160


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """A place in an input document; made by ``Document.at`` and ``Document.rows`` only.

    Attributes:
        artifact: Relative name of the document, as the user gave it; never a host path.
        pointer: RFC 6901 pointer, ``line N`` or ``row N``; empty for the whole document.
        sha256: Digest of the document's bytes, lower-case hexadecimal.
        excerpt: What may be quoted of it, at most ``EXCERPT_LIMIT`` characters a line: the place
            itself, and in JSON before it what the record around it is called. Empty where it may
            be secret, of a table's row, and of a document as a whole.
        basis: Whether the document declares it, shows a right that stands by itself (``ALONE``),
            saw it happen, or implies it.
        line: One-based line of the place; 0 where it has none, or the document has only one.
    """

    artifact: str
    pointer: str
    sha256: str
    excerpt: str = ""
    basis: Basis = "declared"
    line: int = 0

    @property
    def place(self) -> str:
        """``file:line`` or ``file pointer``, for people."""
        if self.line:
            return f"{self.artifact}:{self.line}"
        return f"{self.artifact} {self.pointer}".rstrip()

    @property
    def inside(self) -> str:
        """The pointer; empty where it says no more than the line."""
        return inside(self.pointer, self.line)

    @property
    def full_place(self) -> str:
        """``file:line pointer``: lines move, the pointer says what stands there."""
        return full_place(self.artifact, self.pointer, self.line)

    @property
    def said(self) -> str:
        """What stands at the place itself, as its source reads it, without what is around it."""
        return self.excerpt.rpartition("\n")[2].removeprefix(_READ_AS)

    @property
    def quotes(self) -> tuple[str, ...]:
        """Lines to find the place by, at most three; empty where nothing may be quoted.

        The record around it, what stands there (a member with its name), and what its source
        makes of that where it is in code. Secrets were cut by the parser.
        """
        if not self.excerpt:
            return ()
        lines = self.excerpt.split("\n")
        read = [lines.pop()] if lines[-1].startswith(_READ_AS) else []
        *around, own = lines
        name = _name(self.pointer, item=not own.startswith("{"))
        return (*around, f"{name}: {own}" if name else own, *read)

    @property
    def unquoted(self) -> str:
        """Why nothing is quoted; empty where something is."""
        if self.excerpt:
            return ""
        if not self.pointer:
            return "not quoted: the document as a whole"
        if self.pointer.startswith("row "):
            return "not quoted: a row of a table"
        return "not quoted: the place may hold a secret"

    def at_line(self, line: int, excerpt: str = "") -> "Evidence":
        """Another line of the same document, which its source named; this place if it is none."""
        if line <= 0:
            return self
        return replace(self, pointer=f"line {line}", line=line, excerpt="").quoting(excerpt)

    def quoting(self, text: str) -> "Evidence":
        """The place with what its source knows to stand there and to be no secret, if anything."""
        return replace(self, excerpt=" ".join(text.split())[:EXCERPT_LIMIT]) if text else self

    def read_as(self, text: str) -> "Evidence":
        """The place with what its source makes of it, where that is in code; as it is for none."""
        if not text or not self.excerpt:
            return self
        shown = " ".join(text.split())[:EXCERPT_LIMIT]
        return replace(self, excerpt=f"{self.excerpt}\n{_READ_AS}{shown}")


def inside(pointer: str, line: int) -> str:
    """A pointer; empty where it says no more than the line."""
    return "" if line and pointer == f"line {line}" else pointer


def full_place(artifact: str, pointer: str, line: int) -> str:
    """``file:line pointer``, of what a place is known by; 0 where it has no line."""
    at = f":{line}" if line else ""
    return f"{artifact}{at} {inside(pointer, line)}".rstrip()


#: Begins the line of an excerpt that does not stand in the document.
_READ_AS = "read as: "


def _name(pointer: str, *, item: bool) -> str:
    """Name of the member that an RFC 6901 pointer leads to, or nothing.

    Args:
        pointer: The pointer.
        item: Whether the item of a list goes by the list's name.
    """
    if not pointer.startswith("/"):
        return ""
    parts = pointer.split("/")[:0:-1]
    named = [part for part in parts if not part.isdecimal()] if item else parts[:1]
    name = next((part for part in named if not part.isdecimal()), "")
    return member(name)


def member(part: str) -> str:
    """The name of a member that a part of a pointer stands for (RFC 6901, section 4)."""
    return part.replace("~1", "/").replace("~0", "~")

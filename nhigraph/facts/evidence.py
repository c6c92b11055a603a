"""Where a fact was said."""

from dataclasses import dataclass, replace
from typing import Literal

Basis = Literal["declared", "entitled", "observed", "inferred"]

#: Longest excerpt that is kept, in characters.
EXCERPT_LIMIT = 160


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """A place in an input document; made by ``Document.at`` and ``Document.rows`` only.

    Attributes:
        artifact: Relative name of the document, as the user gave it; never a host path.
        pointer: RFC 6901 pointer, ``line N`` or ``row N``; empty for the whole document.
        sha256: Digest of the document's bytes, lower-case hexadecimal.
        excerpt: At most ``EXCERPT_LIMIT`` characters of the place; empty where secret.
        basis: Whether the document declares it, shows a right, saw it happen, or implies it.
        line: One-based line of the place; 0 where it has none.
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

    def at_line(self, line: int) -> "Evidence":
        """Another line of the same document, which its source named; this place if it is none."""
        return replace(self, pointer=f"line {line}", line=line, excerpt="") if line > 0 else self

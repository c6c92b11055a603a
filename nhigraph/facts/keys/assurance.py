"""Keys of assurance nodes and of the gates that stand on them; ids of a scope count as written."""

from collections.abc import Iterable

from nhigraph.facts.keys.parts import PATH, Key, Piece, reads
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Financial(Key):
    """A financial-reporting node, by the id in the scope."""

    target: str

    def pieces(self) -> Iterable[Piece]:
        """``fin:{target}``."""
        return [(f"fin:{self.target}", False)]


@dataclass(frozen=True, slots=True)
class Trust(Key):
    """A trust-service node; ``category`` is one of S, A, PI, C, P, unknown."""

    category: str
    target: str

    def pieces(self) -> Iterable[Piece]:
        """``trust:{category}/{target}``."""
        return [(f"trust:{PATH.encoded(self.category)}/{self.target}", False)]


@dataclass(frozen=True, slots=True)
class UnreadTarget(Key):
    """A target whose family could not be read."""

    target: str

    def pieces(self) -> Iterable[Piece]:
        """``target:{target}``."""
        return [(f"target:{self.target}", False)]


@dataclass(frozen=True, slots=True)
class Recovery(Key):
    """The gate that a tested recovery of an assurance node is, by the text of that node's key."""

    of: str

    def pieces(self) -> Iterable[Piece]:
        """``recovery:{key}``."""
        return [(f"recovery:{self.of}", False)]


@reads("fin")
def _financial(text: str) -> Key | None:
    return Financial(text.removeprefix("fin:"))


@reads("trust")
def _trust(text: str) -> Key | None:
    category, slash, target = text.removeprefix("trust:").partition("/")
    return Trust(PATH.decoded(category), target) if slash else None


@reads("target")
def _unread(text: str) -> Key | None:
    return UnreadTarget(text.removeprefix("target:"))


@reads("recovery")
def _recovery(text: str) -> Key | None:
    return Recovery(text.removeprefix("recovery:"))

"""What nodes and edges are called in the drawing, and the colour groups they come in."""

from nhigraph.assurance.rows import Assessment
from nhigraph.output import clip, printable, words
from nhigraph.schema.kinds import EDGE_KINDS, NODE_KINDS
from nhigraph.schema.types import Effect

_TEXT = 240

#: How an effect is drawn; every effect has its dash beside its colour.
STROKES = {
    Effect.BECOME: "become",
    Effect.REVEAL: "become",
    Effect.ADMINISTER: "authority",
    Effect.ALTER: "authority",
    Effect.DELETE: "authority",
    Effect.HALT: "authority",
    Effect.READ: "read",
    Effect.EXECUTE: "run",
    Effect.COMPUTE: "run",
    Effect.FEED_DIRECT: "flow",
    Effect.FEED_INDIRECT: "flow",
    Effect.CONTAIN: "hold",
    Effect.DEPEND: "hold",
    Effect.SUPPORT: "hold",
    Effect.INERT: "hold",
}
_FAMILIES = {"identity", "credential", "change path", "data", "grant"}


def text(said: str, limit: int = _TEXT) -> str:
    """Text of others, short enough to read and without what deceives."""
    return printable(clip(said, limit))


def sources(assessment: Assessment) -> dict[str, str]:
    """Name of the source that read each document, by the document's name."""
    listed = assessment.coverage.get("artifacts")
    documents = listed if isinstance(listed, list) else []
    return {one["artifact"]: one["source"] for one in documents if one["source"]}


def verb(kind: str) -> str:
    """An edge in words, between its ends."""
    return text(words()["edge"].get(kind) or kind.replace("_", " ").lower())


def stroke(kind: str) -> str:
    """How an edge is drawn."""
    known = EDGE_KINDS.get(kind)
    return STROKES[known.effect] if known else "hold"


def group(kind: str, family: str) -> str:
    """The colour group of a kind: its family, the two assurance families apart."""
    if kind == "FinancialReporting":
        return "books"
    if kind == "TrustService":
        return "trust"
    known = NODE_KINDS.get(kind)
    family = known.family.value if known else family
    return {"change path": "change"}.get(family, family) if family in _FAMILIES else "data"


def code(kind: str, colours: str) -> str:
    """Two letters for a kind, so that no kind is told by its colour alone."""
    if colours in {"books", "trust"}:
        return "S1" if colours == "books" else "S2"
    capitals = "".join(char for char in kind if char.isascii() and char.isupper())
    letters = "".join(char for char in kind if char.isascii() and char.isalpha())
    return (capitals if len(capitals) > 1 else letters.upper())[:2] or "??"

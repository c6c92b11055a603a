"""What a graph keeps of one place that states an edge: enough to say how to undo it."""

from collections.abc import Callable, Mapping
from dataclasses import field

from nhigraph.facts.keys import Key
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Given:
    """An edge at one of the places that state it.

    Attributes:
        kind: Label of the edge's kind.
        source: Key of its source; None where no form is known of it.
        target: Key of its destination, likewise.
        artifact: The document.
        pointer: The place there.
        excerpt: What stands there, as far as the graph keeps it.
        whole: Whether that is all of it.
        stated: Pointer to the keys of the nodes that are stated there.
        holding: Pointer to the keys that the edges stated there start from.
        doing: Label of a kind to the keys that the document's edges of that kind start from.
        below: Pointer to what stands at the places below it, by their pointers.
        going: Pointers of the places of the document that go with it by a statement of their own.
    """

    kind: str
    source: Key | None
    target: Key | None
    artifact: str
    pointer: str
    excerpt: str
    whole: bool
    stated: Callable[[str], tuple[Key, ...]]
    holding: Callable[[str], tuple[Key, ...]]
    doing: Callable[[str], tuple[Key, ...]]
    below: Callable[[str], Mapping[str, str]] = lambda _: {}
    going: frozenset[str] = field(default_factory=frozenset)

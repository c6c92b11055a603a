"""An edge as the documents state it: enough to say whether anybody could take it away."""

from nhigraph.facts.keys import Key
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Stated:
    """An edge with all the places that state it.

    Attributes:
        kind: Label of its kind.
        source: Key of its source; None where no form is known of it.
        target: Key of its destination, likewise.
        pointers: Its places in their documents.
    """

    kind: str
    source: Key | None
    target: Key | None
    pointers: tuple[str, ...]

"""A change as data: what a person is told of it, and what it does to the first estate."""

from nhigraph.facts.evidence import Evidence
from nhigraph.records import dataclass

#: A claim of the scope, by what it is about: its subject and what tells it from its like.
ClaimKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that differs.

    Attributes:
        what: identity, credential, node, edge, gap, control, answer, scope or day.
        change: added, removed or changed.
        subject: Key of the node or control, source of the edge, part of the scope.
        kind: Kind of the node, edge or control.
        target: Where the edge leads.
        field: What of it differs, where it is there before and after.
        before: What was said.
        after: What is said now.
        place: Where: on the side that has it, the second if both have.
    """

    what: str
    change: str
    subject: str
    kind: str = ""
    target: str = ""
    field: str = ""
    before: str = ""
    after: str = ""
    place: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Atom:
    """One change.

    Attributes:
        items: What a person is told, in order.
        goes: Sort and row of what is no longer there.
        comes: Sort and row of what is there now; edges and gaps bring their nodes.
        reads: Sort, row and field of what reads as in the second estate.
        claims: Claims of the scope that are as in the second estate; with a field, only that.
        day: The day is that of the second estate.
        left_out: What is supposed not to be there is that of the second estate.
        nodes: Rows of the nodes at which it lies.
    """

    items: tuple[Item, ...]
    goes: tuple[tuple[str, int], ...] = ()
    comes: tuple[tuple[str, int], ...] = ()
    reads: tuple[tuple[str, int, str], ...] = ()
    claims: tuple[tuple[ClaimKey, str], ...] = ()
    day: bool = False
    left_out: bool = False
    nodes: tuple[int, ...] = ()

    @property
    def of_scope(self) -> bool:
        """It is about what is asked, not about what documents say."""
        return bool(self.claims) or self.day or self.left_out

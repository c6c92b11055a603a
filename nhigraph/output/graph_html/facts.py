"""What a caller may tell of nodes and edges beside the rows: the drawing is richer for it."""

from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node that may be shown.

    Attributes:
        key: Its key.
        kind: Label of its kind.
        name: Display name.
        family: Value of its kind's family.
        owner: Who answers for it; empty where nobody says.
        inward: Edges into it, in the whole graph; -1 where that is not known.
        outward: Edges out of it, likewise.
    """

    key: str
    kind: str
    name: str
    family: str = ""
    owner: str = ""
    inward: int = -1
    outward: int = -1


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """An edge that may be shown.

    Attributes:
        source: Key of the node it leaves.
        target: Key of the node it enters.
        kind: Label of its kind.
        action: Its action, where it has one.
        certainty: certain, conditional or assumed.
        condition: What documents cannot settle.
        needs: What else whoever walks it must hold: state and key.
        gate: Key of the gate on it, or empty.
        artifact: Document that states it.
        pointer: Place in the document.
        line: One-based line; 0 where it has none.
        quote: What stands there; empty where that is secret or was not kept.
        also: Other places that state it too, as people read them.
    """

    source: str
    target: str
    kind: str
    action: str = ""
    certainty: str = "certain"
    condition: str = ""
    needs: tuple[tuple[str, str], ...] = ()
    gate: str = ""
    artifact: str = ""
    pointer: str = ""
    line: int = 0
    quote: str = ""
    also: tuple[str, ...] = ()

    @property
    def stated(self) -> tuple[object, ...]:
        """What tells it from other edges, the control on it apart."""
        said = (self.source, self.target, self.kind, self.action, self.condition, self.needs)
        return (*said, self.artifact, self.pointer)

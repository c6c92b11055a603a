"""Shapes of the schema: states, effects, node kinds, edge kinds."""

from collections.abc import Mapping
from dataclasses import field
from enum import Enum, IntEnum, StrEnum
from typing import Final

from nhigraph.records import dataclass


class State(IntEnum):
    """What a walker can hold at a node; the numbers are columns of the product graph."""

    CONTROL = 0
    """Act as it, decide what it executes."""
    ALTER = 1
    """Change what it holds or computes."""
    OMIT = 2
    """Make rows or records go missing."""
    READ = 3
    """Learn what it holds."""
    HALT = 4
    """Stop it, make it unavailable."""


#: States of data that go on to what is made of it.
FLOWING: Final = (State.ALTER, State.OMIT, State.HALT)


class Effect(Enum):
    """What walking an edge does; the transitions of each stand in ``kinds.TRANSITIONS``."""

    BECOME = "become"
    ADMINISTER = "administer"
    ALTER = "alter"
    DELETE = "delete"
    READ = "read"
    HALT = "halt"
    REVEAL = "reveal"
    EXECUTE = "execute"
    COMPUTE = "compute"
    FEED_DIRECT = "feed, direct"
    FEED_INDIRECT = "feed, indirect"
    CONTAIN = "contain"
    DEPEND = "depend"
    SUPPORT = "support"
    INERT = "inert"


class Family(Enum):
    """The groups node kinds come in."""

    IDENTITY = "identity"
    CREDENTIAL = "credential"
    CHANGE = "change path"
    DATA = "data"
    GRANT = "grant"
    ASSURANCE = "assurance"


class Certainty(StrEnum):
    """How sure an edge is: the two weaker ones never count in *can*."""

    CERTAIN = "certain"
    CONDITIONAL = "conditional"
    ASSUMED = "assumed"


class Transform(StrEnum):
    """What a flow does to values; decides whether reading the output reads the input."""

    COPY = "copy"
    MASKED = "masked"
    OTHER = "other"


class NodeState(StrEnum):
    """Life of an identity, credential or any other node."""

    ACTIVE = "active"
    DISABLED = "disabled"
    DELETED = "deleted"


class GateKind(StrEnum):
    """What kind of control a gate is."""

    APPROVAL = "approval"
    REVIEW = "review"
    PROTECTION = "protection"
    RECOVERY = "recovery"
    CONTROL = "control"
    """Of a gate that only answers of a scope describe, and that says not itself what it is."""
    UNKNOWN = "unknown"
    """Of a record that could not be read; no file states it."""


#: Kinds that a file can state.
STATED_GATES: Final = (
    GateKind.APPROVAL,
    GateKind.REVIEW,
    GateKind.PROTECTION,
    GateKind.RECOVERY,
)


class Origin(IntEnum):
    """Who calls a node by its kind: the smaller says it more specifically."""

    NATIVE = 0
    """A provider's own export."""
    FACTS = 1
    """The tool's own format, which people write."""
    SCOPE = 2


@dataclass(frozen=True, slots=True)
class NodeKind:
    """A kind of node.

    Attributes:
        label: Name in files, Neo4j and pages.
        family: Group it belongs to.
        doc: One sentence.
        nhi: A non-human identity: part of the population.
        actor: Altering it is controlling it (every NHI kind, people, groups, grants).
    """

    label: str
    family: Family
    doc: str
    nhi: bool = False
    actor: bool = False


@dataclass(frozen=True, slots=True)
class EdgeKind:
    """A kind of edge.

    Attributes:
        label: Name in files, Neo4j and pages.
        effect: What walking it does.
        doc: One sentence.
        example: One concrete configuration that yields it.
        action: Action where an edge states none.
        actions_to: Actions by kind label of the destination, before ``action``.
        action_to_actor: Action where the destination is an actor not in ``actions_to``.
    """

    label: str
    effect: Effect
    doc: str
    example: str
    action: str | None = None
    actions_to: Mapping[str, str] = field(default_factory=dict)
    action_to_actor: str | None = None

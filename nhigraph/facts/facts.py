"""What a source can say: nodes, edges, gates, gaps, claims, and records it had to refuse.

None can be made without evidence, and none with a password in a text: whoever makes the fact,
``facts/passwords.py`` cuts it out. Properties are the care of their source: some are a notation.
Field meanings are those of facts/1 in the documentation.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date
from typing import Final

from nhigraph.facts import passwords
from nhigraph.facts.asks import Ask
from nhigraph.facts.ends import End
from nhigraph.facts.evidence import Evidence
from nhigraph.records import dataclass
from nhigraph.schema.types import (
    Certainty,
    EdgeKind,
    GateKind,
    NodeKind,
    NodeState,
    Origin,
    State,
    Transform,
)

#: A property value: JSON without nested objects.
Value = str | int | float | bool | date | tuple[str, ...]


def _cut(fact: object, cutter: Callable[[str], str], *names: str) -> None:
    """Cut secrets out of texts of a fact that is being made."""
    for name in names:
        text = getattr(fact, name)
        if text:
            told = cutter(text)
            if told != text:
                object.__setattr__(fact, name, told)


#: Fields of a node that say whether it counts: a record may be refused for one of them.
LIFE: Final = ("nhi", "state", "expires")


@dataclass(frozen=True, slots=True)
class Node:
    """Something that exists.

    Attributes:
        kind: A constant of ``schema.kinds``.
        key: Canonical key, minted in ``facts.keys``.
        evidence: Where it was said.
        name: What people call it.
        owner: Who answers for it: free text or the key of a User.
        nhi: Overrides the kind's own answer to "is it a non-human identity".
        state: Life of the node; absent means nothing was said.
        expires: Last day (UTC, inclusive) on which it works.
        props: Further facts, such as those that become weaknesses.
        origin: Who calls it by this kind, where another record calls it by another one; absent
            means a provider's own export.
        unread: Which of ``LIFE`` stand in the record and could not be read: each may have said
            what hides least, whatever another record says.
    """

    kind: NodeKind
    key: str
    evidence: Evidence
    name: str | None = None
    owner: str | None = None
    nhi: bool | None = None
    state: NodeState | None = None
    expires: date | None = None
    props: Mapping[str, Value] = field(default_factory=dict)
    origin: Origin | None = None
    unread: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Cut passwords out."""
        _cut(self, passwords.cut_key, "key")
        _cut(self, passwords.cut, "name", "owner")
        if self.props:
            object.__setattr__(self, "props", passwords.cut_within(self.props))


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """Another state that the same identity must hold for an edge to fire."""

    at: str
    state: State

    def __post_init__(self) -> None:
        """Cut passwords out."""
        _cut(self, passwords.cut_key, "at")


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation that may be walked.

    Attributes:
        kind: A constant of ``schema.kinds``.
        source: Key of the node it starts from.
        target: Key of the node it goes to.
        evidence: Where it was said.
        action: What is done, one of ``kinds.ACTIONS``; absent means the kind's default.
        certainty: Only ``certain`` counts in *can*.
        condition: Residual text of a condition that the documents cannot settle.
        gate: Key of the gate that guards it.
        needs: Other states the same identity must hold (AND).
        valid_from: First day (UTC, inclusive).
        valid_until: Last day (UTC, inclusive).
        transform: On FEEDS, what happens to the values.
        because: Places of the documents an inferred edge rests on.
    """

    kind: EdgeKind
    source: str
    target: str
    evidence: Evidence
    action: str | None = None
    certainty: Certainty = Certainty.CERTAIN
    condition: str | None = None
    gate: str | None = None
    needs: tuple[Need, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    transform: Transform | None = None
    because: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        """Cut passwords out."""
        _cut(self, passwords.cut_key, "source", "target", "gate")
        _cut(self, passwords.cut_condition, "condition")


@dataclass(frozen=True, slots=True)
class Gate:
    """A control on an edge.

    Attributes:
        key: What edges name.
        kind: Approval, review, protection or recovery.
        evidence: Where it was said.
        approvers: Keys of those who decide.
        at: Key of the node that enforces the rule.
        log: Key of the node that keeps its decisions.
        tests: Test name to answer; an absent test is unknown, and None stays so whatever
            another record of the gate claims.
    """

    key: str
    kind: GateKind
    evidence: Evidence
    approvers: tuple[str, ...] = ()
    at: str | None = None
    log: str | None = None
    tests: Mapping[str, bool | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Cut passwords out."""
        _cut(self, passwords.cut_key, "key", "at", "log")
        told = tuple(passwords.cut_key(approver) for approver in self.approvers)
        if told != self.approvers:
            object.__setattr__(self, "approvers", told)


@dataclass(frozen=True, slots=True)
class Gap:
    """Seen but not understood, or needed but not supplied.

    Attributes:
        at: Key of the node it sits on.
        reason: What is missing, in a sentence.
        evidence: Where that shows.
        states: States it hides there; empty means any.
        valid_from: First day (UTC, inclusive) of what it hides.
        valid_until: Last day (UTC, inclusive).
        asks: The one fact that would close it, where there is one.
    """

    at: str
    reason: str
    evidence: Evidence
    states: tuple[State, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    asks: Ask | None = None

    def __post_init__(self) -> None:
        """Cut passwords out."""
        _cut(self, passwords.cut_key, "at")
        _cut(self, passwords.cut, "reason")


@dataclass(frozen=True, slots=True)
class Claim:
    """What the user's scope says; resolved on the merged graph, because selectors need it.

    Attributes:
        subject: ``scope``, ``target``, ``boundary``, ``owner``, ``alias`` or ``link``;
            ``refused link`` is what can be read of one that was refused, ``unread`` what could
            not be read as any of these.
        body: The item, as its source normalises it.
        evidence: Where it was said.
    """

    subject: str
    body: Mapping[str, object]
    evidence: Evidence

    def __post_init__(self) -> None:
        """Cut passwords out."""
        object.__setattr__(self, "body", passwords.cut_within(self.body))


def about(claims: Iterable[Claim], subject: str) -> list[Claim]:
    """The claims of one subject, in their order."""
    return [claim for claim in claims if claim.subject == subject]


#: What may stay of a record that was refused.
Left = Node | Gate | Gap | Claim


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that could not become a fact: it is counted and reported, never dropped.

    Attributes:
        reason: What was wrong and what was expected.
        evidence: Which record.
        leaves: What stays of it: a node with what is readable, gaps where it could have led.
            None of these is counted as a record.
        of_anybody: It may be about anything that its document names: even that is not known.
    """

    reason: str
    evidence: Evidence
    leaves: tuple[Left, ...] = ()
    of_anybody: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth a coverage line that costs no record, such as SQL that did not parse.

    Attributes:
        reason: What was set aside.
        evidence: Where.
        leaves: See ``Refused``.
    """

    reason: str
    evidence: Evidence
    leaves: tuple[Left, ...] = ()


Fact = Node | Edge | Gate | Gap | End | Claim | Refused | Note

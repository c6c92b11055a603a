"""Rows of what rules find, and of what they cannot know."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One row of ``findings.csv``.

    Attributes:
        fingerprint: Identifies rule, subject and target, in every run.
        rule: Name of the rule.
        severity: By consequence; see ``findings.severity``.
        subject: Key of what has the weakness, or of who has the effect.
        target: Key of the target that it bears on; empty where it leads to none.
        title: What was found, in a line.
        controls: Identifiers that it maps to, in the order of the frameworks.
        owner: Who owns the subject, as far as is told.
        cut_edge: Edges whose removal ends it, ``from -KIND action-> to``; none where no edge does.
        artifact: Document that shows it.
        pointer: Place in the document.
    """

    fingerprint: str
    rule: str
    severity: str
    subject: str
    target: str
    title: str
    controls: tuple[str, ...]
    owner: str
    cut_edge: tuple[str, ...]
    artifact: str
    pointer: str


@dataclass(frozen=True, slots=True)
class NotKnown:
    """What a rule cannot say of somebody: the inputs do not tell.

    Attributes:
        rule: Name of the rule.
        subject: Key of whom it is about.
        reason: What is not told.
    """

    rule: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Register:
    """Everything that the rules say of an estate.

    Attributes:
        rows: Findings, the worst first.
        not_known: What could not be said, by rule and subject.
        rules: Names of the rules that were asked.
        uncut: Findings whose edges to cut were not looked for.
    """

    rows: tuple[FindingRow, ...] = ()
    not_known: tuple[NotKnown, ...] = ()
    rules: tuple[str, ...] = ()
    uncut: int = 0

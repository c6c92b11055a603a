"""Rows of what rules find, and of what they cannot know."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import overload

from nhigraph.records import dataclass


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


@dataclass(frozen=True, slots=True, eq=False)
class Untold(Sequence[NotKnown]):
    """What rules cannot say, rule by rule: whoever has many identities has more of it than rows.

    Attributes:
        of_rule: Rule to subjects and reasons, one each; rules and subjects in their order.
    """

    of_rule: Mapping[str, Sequence[tuple[str, str]]]

    @classmethod
    def of(cls, told: Iterable[NotKnown]) -> "Untold":
        """The same of what is told one by one."""
        if isinstance(told, Untold):
            return told
        found: dict[str, list[tuple[str, str]]] = {}
        for one in told:
            found.setdefault(one.rule, []).append((one.subject, one.reason))
        return cls(found)

    def __len__(self) -> int:
        """How many there are."""
        return sum(map(len, self.of_rule.values()))

    def __iter__(self) -> Iterator[NotKnown]:
        """One after another; each is made when it is read."""
        return chain.from_iterable(
            (NotKnown(rule, *one) for one in some) for rule, some in self.of_rule.items()
        )

    @overload
    def __getitem__(self, at: int) -> NotKnown: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[NotKnown]: ...
    def __getitem__(self, at: int | slice) -> NotKnown | Sequence[NotKnown]:
        """One, or some."""
        return [*self][at]

    def __eq__(self, other: object) -> bool:
        """Whether the same is told, in the same order."""
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return [*self] == [*other]

    __hash__ = None  # type: ignore[assignment] # as of lists


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
    not_known: Sequence[NotKnown] = ()
    rules: tuple[str, ...] = ()
    uncut: int = 0

"""A question: one missing fact, what closes with it, and the lines that tell it."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from nhigraph.assurance.question_rows import Proposal
from nhigraph.records import dataclass


class Kind(StrEnum):
    """What a question is about."""

    SECRET = "secret"  # noqa: S105 - a word
    EXPORT = "export"
    DEFAULT = "default"
    SAME = "same"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class Question:
    """One missing fact.

    Attributes:
        kind: What it is about.
        subject: Key or name of it.
        text: The question, in a sentence.
        closes: Rows of the gaps that close with it.
        drops: Rows of the edges that fall away with it, answered so.
        gates: Gates that its first answer says do not stand.
        answers: Proposals; the first is the closing one.
        command: What makes the export that would tell; empty where none does.
        named: An answer in which ``KEY`` stands for whatever is asked about; empty for none.
    """

    kind: Kind
    subject: str
    text: str
    closes: frozenset[int] = frozenset()
    drops: frozenset[int] = frozenset()
    gates: tuple[str, ...] = ()
    answers: tuple[Proposal, ...] = ()
    command: str = ""
    named: Mapping[str, Any] = field(default_factory=dict)

    @property
    def order(self) -> tuple[str, str, str]:
        """Sorts questions of one worth."""
        return self.subject, str(self.kind), self.text

"""Rows of what is not known, and of what the scope answers."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Proposal:
    """One answer, to be confirmed by whoever knows.

    Attributes:
        label: A word or a sentence.
        scope: What to add to the scope file.
    """

    label: str
    scope: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One row of ``questions.csv``; what follows its columns is for people and JSON.

    Attributes:
        rank: From 1.
        kind: secret, export, default, same or condition.
        subject: Key or name of what it is about.
        question: The question, in a sentence.
        identities: Identities whose verdict this one decides, once all above are answered.
        rows: Exposures decided besides.
        answers: Labels of its answers.
        command: What makes the export that would tell.
        proposals: Its answers with what each adds to the scope file.
        named: An answer in which ``KEY`` stands for whatever is asked about; empty for none.
    """

    rank: int
    kind: str
    subject: str
    question: str
    identities: int
    rows: int
    answers: tuple[str, ...]
    command: str
    proposals: tuple[Proposal, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer of the scope that counts, and what rests on it; an entry of coverage.json.

    Attributes:
        about: secret, default, token, …: the word it begins with.
        subject: Whom it is about.
        says: What it says of them.
        because: Why, as whoever gave it says.
        confirmed_by: Who confirmed it; empty where it is taken on the scope's word.
        until: Last day on which it counts; empty for none.
        gaps: How many gaps it closes.
        identities: Identities that would reach one of these, or go by an edge that it takes away.
    """

    about: str
    subject: str
    says: str
    because: str
    confirmed_by: str
    until: str
    gaps: int
    identities: tuple[str, ...]
    artifact: str
    pointer: str

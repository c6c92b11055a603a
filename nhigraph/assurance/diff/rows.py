"""Rows of differences, as every form prints them."""

from collections.abc import Mapping

from nhigraph.assurance.diff.answers import NOTHING, Told
from nhigraph.assurance.rows import Unread
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class DiffRow:
    """One thing that differs.

    Attributes:
        cause: Numbers of the causes that it is part of, or that bring it: an edge that comes
            brings its nodes. Of a verdict, of the one that explains it.
        what: verdict, identity, credential, node, edge, gap, control, answer, scope, day or
            document.
        change: added, removed, changed, or moved: a document that has another name.
        turn: worse, better or other, of a verdict.
        subject: Identity of a verdict, key of a node or control, source of an edge, part of the
            scope or what an answer of it is about, document.
        kind: Kind of the node, edge or control.
        target: Target of a verdict, empty for the identity itself; where an edge leads; the new
            name of a document.
        field: What of it differs, where it is there before and after.
        before: What was said.
        after: What is said now.
        artifact: Document that states it, on the side that has it.
        pointer: Place in the document.
        line: Line there; 0 where it has none.
        worse: Of a verdict, in which of soc1, soc2 and exposure it got worse.
        was: The answer before, of a verdict.
        now: The answer now.
        part: Number of the change that it is a part of, as all that stands at its place; 0 of a
            verdict, and of a document.
        brought: Those of its causes of which it is no change, but comes with one.
    """

    cause: tuple[str, ...]
    what: str
    change: str
    turn: str
    subject: str
    kind: str
    target: str
    field: str
    before: str
    after: str
    artifact: str
    pointer: str
    line: int = 0
    worse: tuple[str, ...] = ()
    was: Told = NOTHING
    now: Told = NOTHING
    part: int = 0
    brought: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CauseRow:
    """What explains some answers.

    Attributes:
        cause: Its number.
        changes: How many changes it is.
        bound: No fewer explain these answers.
        others: Of one change: how many other changes would each have explained one of these
            answers by itself, at most.
        verdicts: Answers that it explains.
        worse: Those of them that got worse.
    """

    cause: int
    changes: int
    bound: int
    others: int
    verdicts: int
    worse: int


@dataclass(frozen=True, slots=True)
class Differing:
    """Differences, ready to be written in any form.

    Attributes:
        causes: Causes, those first that explain most.
        rows: Verdicts by cause, then what differs otherwise.
        unexplained: Answers for which no cause was found.
    """

    causes: tuple[CauseRow, ...]
    rows: tuple[DiffRow, ...]
    unexplained: int


@dataclass(frozen=True, slots=True)
class Basis:
    """What one side of a comparison rests on.

    Attributes:
        as_of: ISO date of its answers.
        as_of_source: Where that comes from.
        documents: Documents read.
        gaps: Gaps that no answer of the scope closes.
        unread: What was given and could not be read.
        errors: Errors of the scope.
    """

    as_of: str
    as_of_source: str
    documents: int
    gaps: int
    unread: Unread
    errors: int


@dataclass(frozen=True, slots=True)
class DiffReport:
    """A comparison, ready for a page.

    Attributes:
        organization: As the second scope names it.
        before: What the first side rests on.
        after: What the second rests on.
        differing: What differs.
        names: Key to display name, for every node that a row mentions and a graph names.
        kinds: Key to node kind label, likewise.
    """

    organization: str
    before: Basis
    after: Basis
    differing: Differing
    names: Mapping[str, str]
    kinds: Mapping[str, str]

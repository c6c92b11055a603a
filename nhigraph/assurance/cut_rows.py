"""Rows of cuts, of choke points and of changed answers.

Field order is the column order, as in ``assurance.rows``.
"""

from collections.abc import Mapping
from dataclasses import field

from nhigraph.records import dataclass

#: Choke points of which is said what stands open if the control there fails: each costs two
#: judgements of the estate.
WORKED_OUT = 25
#: Why a target has no cut, besides what became of one that nothing supports (``lacking``).
LARGE = "too many ways lead to it for this run"


@dataclass(frozen=True, slots=True)
class Changed:
    """An answer that differs.

    Attributes:
        identity: Whose.
        target: At which target; ``*`` for all without an answer of their own.
        before: Verdict and exposure before; ``neither`` where there is nothing.
        after: Verdict and exposure then.
    """

    identity: str
    target: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CutRow:
    """An edge that goes with a smallest cut.

    Attributes:
        target: Keys of what nobody then reaches, joined by ``;``.
        effect: States that count there, joined by ``+``.
        rank: Number of the change: those first on which most identities rest.
        edge_kind: Kind of the edge.
        source: Key of its source.
        destination: Key of its destination.
        action: What it allows.
        reason: What such an edge is and why it can go; and of the cut as a whole, that a smaller
            one was not ruled out, and how many identities no change stops.
        identities: How many reach the target again if this change alone is not made.
        artifact: Document that states it.
        pointer: Place in the document.
        line: Line there; 0 where it has none.
    """

    target: str
    effect: str
    rank: int
    edge_kind: str
    source: str
    destination: str
    action: str
    reason: str
    identities: int
    artifact: str
    pointer: str
    line: int


@dataclass(frozen=True, slots=True)
class CutStep(CutRow):
    """A row of ``cuts.csv`` and of ``cut``: the same, with what to do about it.

    Attributes:
        cost: What the change costs.
        statement: What to run, or to edit, so that what stands at the place is gone; empty where
            that is not known.
        turn: Place in the order in which the statements can be run; 0 without one.
    """

    cost: int = 1
    statement: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class PointRow:
    """A row of ``choke_points.csv``: what every way of every identity to a target passes.

    Attributes:
        target: Keys of what is reached, joined by ``;``.
        effect: States that count there, joined by ``+``.
        point: ``node`` or ``right``.
        kind: Kind of the node, or of the edge.
        source: Key of the node, or of the edge's source.
        destination: Key of the edge's destination.
        gate: Keys of the controls that stand there already (on the edge, or on the edges into the
            node), joined by ``;``; empty for none.
        identities: How many rest on it: they reach the target where a control there fails.
        artifact: Document that states it.
        pointer: Place in the document.
    """

    target: str
    effect: str
    point: str
    kind: str
    source: str
    destination: str
    gate: str
    identities: int
    artifact: str
    pointer: str


@dataclass(frozen=True, slots=True)
class ChokeRow(PointRow):
    """A row of ``cut --choke-points``: the same, with what stands open if the control fails.

    Attributes:
        resting: Keys of those who rest on it.
        answers: Answers that stand if every control there fails, at any target, and that would
            not, or not so, if nobody passed there. None where that was not worked out, which is
            for all points after the first ``WORKED_OUT``.
        targets: Targets of those answers.
        opens: Those answers: ``before`` is what is left of each while nobody passes.
    """

    resting: tuple[str, ...]
    answers: int | None
    targets: tuple[str, ...]
    opens: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class TargetCut:
    """What is said of a target's cut in coverage.json.

    Attributes:
        target: Key.
        changes: How many changes the cut is.
        cost: What they cost together, 1 each where the scope says nothing else.
        bound: No cut costs less.
        stopped: How many identities it stops.
        not_stopped: How many reach it whom no change stops.
        left_out: Why there is none; empty where there is one.
        points: Whether its choke points were looked for.
        others: How many answers at other targets change with it; None where that was not worked
            out.
    """

    target: str
    changes: int = 0
    cost: int = 0
    bound: int = 0
    stopped: int = 0
    not_stopped: int = 0
    left_out: str = ""
    points: bool = False
    others: int | None = None


@dataclass(frozen=True, slots=True)
class Cuts:
    """The cuts of an estate.

    Attributes:
        rows: Rows of cuts.csv, by target and rank.
        told: One entry a target, by key.
        points: Rows of choke_points.csv, by target.
        changed: By target, the answers at others that change with its cut.
    """

    rows: tuple[CutStep, ...] = ()
    told: tuple[TargetCut, ...] = ()
    points: tuple[PointRow, ...] = ()
    changed: Mapping[str, tuple[Changed, ...]] = field(default_factory=dict)

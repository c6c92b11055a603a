"""Rows that answer questions: those of the output folder, with what was not seen beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from nhigraph.assurance.rows import PathStep, VerdictRow
from nhigraph.records import dataclass

if TYPE_CHECKING:
    from nhigraph.assurance.estate import Estate

#: Stands for every node, or every target, without a row of its own.
ANY = "*"


@dataclass(frozen=True, slots=True)
class ReachRow:
    """What somebody holds at a node, or that it is not known whether they do.

    Attributes:
        identity: Who.
        node: Where; ``*`` for every node without a row of its own.
        kind: Kind of the node that the row is about.
        name: Its name.
        states: States held there in *may*, joined by ``+``; none where it is not known.
        certainty: can if *can* holds the same states, else may; at a target that of the verdict.
        exposure: open, undetermined or gated, by the closures that hold some of the states; at a
            target that of the verdict.
        steps: Steps of the best path; at a target of the path that the verdict shows.
        verdict: The verdict, at a target and for every target without a row of its own.
        gaps: Nodes whose gaps whoever walks reaches.
        reasons: Why there is a gap, for each of them.
    """

    identity: str
    node: str
    kind: str
    name: str
    states: str
    certainty: str
    exposure: str
    steps: int | None
    verdict: str = ""
    gaps: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnsweredVerdict(VerdictRow):
    """A row of ``verdicts.csv`` with the reasons of its gaps."""

    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnsweredStep(PathStep):
    """A step of a path, with the verdict that it leads to: the same on each of its steps.

    Where there is no path, and gaps are reached, one row without a step says so.
    """

    verdict: str = ""
    soc1: str = ""
    soc2: tuple[str, ...] = ()
    exposure: str = ""
    gaps: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def speaking(found: Sequence[VerdictRow], target: str) -> list[VerdictRow]:
    """Of rows of verdicts.csv those that speak for a target, its own first.

    The others are rows ``*`` of identities without a row of their own for it that reach a gap.
    """
    own = [row for row in found if row.target == target]
    has_own = {row.identity for row in own}
    others = (row for row in found if row.target == ANY and row.identity not in has_own)
    return own + [row for row in others if row.verdict != "neither"]


def with_reasons(row: VerdictRow, reasons: Mapping[str, str]) -> AnsweredVerdict:
    """A verdict with the reasons of its gaps."""
    cells = {field.name: getattr(row, field.name) for field in fields(VerdictRow)}
    return AnsweredVerdict(**cells, reasons=tuple(reasons.get(key, "") for key in row.gaps))


def gap_reasons(estate: "Estate", keys: Iterable[str]) -> dict[str, str]:
    """Why there are open gaps at these nodes; several reasons at one node are one text."""
    told = estate.gap_reasons
    return {key: "; ".join(told[key]) for key in set(keys) if key in told}

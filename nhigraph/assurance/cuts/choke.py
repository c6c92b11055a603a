"""Choke points: what every way to a target passes, where one control would stand before all.

A control that fails is no better than none. What then stands open is therefore found by comparing
two estates: one in which nobody passes the point, and one in which everybody does, whatever
controls stand there already. That is more than the target asked about: the same point may hold
others.
"""

from dataclasses import fields, replace

from nhigraph.assurance.compare import differing, told
from nhigraph.assurance.cut_rows import WORKED_OUT, Changed, ChokeRow, PointRow
from nhigraph.assurance.cuts.asked import Asked
from nhigraph.assurance.cuts.points import Finder
from nhigraph.assurance.estate import Estate
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Passed:
    """The choke points of a target.

    Attributes:
        rows: Nodes first, then rights.
        reaching: Identities that rest on each of them: they reach the target if it fails.
        unknown: Identities that may have ways around, sorted (``Asking.unsure``).
    """

    rows: tuple[ChokeRow, ...]
    reaching: tuple[str, ...]
    unknown: tuple[str, ...]


def choke(estate: Estate, asked: Asked) -> Passed:
    """The nodes and rights that all ways of all identities pass."""
    finder = Finder(estate)
    points, opening = finder.points(asked), _Opening(estate)
    rows = []
    for point in points.listed:
        opened = opening.of(tuple(finder.closed(points, point)), point.gates)
        rows.append(
            ChokeRow(
                **{one.name: getattr(point.row, one.name) for one in fields(PointRow)},
                resting=points.reaching,
                answers=None if opened is None else len(opened),
                targets=tuple(sorted({one.target for one in opened or ()})),
                opens=opened or (),
            )
        )
    return Passed(tuple(rows), points.reaching, points.asking.unsure())


class _Opening:
    """What stands open if the control at a point fails."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        #: Controls that are taken not to stand, to the answers then: points share them.
        self._failed: dict[frozenset[str], dict[tuple[str, str], str]] = {}
        self._opened: dict[tuple[int, ...], tuple[Changed, ...]] = {}

    def of(self, closed: tuple[int, ...], gates: frozenset[str]) -> tuple[Changed, ...] | None:
        """Answers that stand if the controls fail, and would not if nobody passed."""
        if closed not in self._opened:
            if len(self._opened) >= WORKED_OUT:
                return None
            estate = self._estate
            shut = replace(estate, dropped=estate.dropped.union(closed))
            failed = self._failed.get(gates)
            if failed is None:
                down = replace(estate, down=estate.down | gates)
                failed = self._failed[gates] = dict(told(down))
            found = differing(told(shut), failed)
            self._opened[closed] = tuple(
                one for one in found if (one.identity, one.target) in failed
            )
        return self._opened[closed]

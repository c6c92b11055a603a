"""Which paths are shown: that of every row, the worst step by step, and what is left beside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from nhigraph.assurance import verdict as rule
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.path_rows import Room
from nhigraph.assurance.row_order import PAIRS_WITH_STEPS, worst_first
from nhigraph.assurance.rows import Alternative, PathStep, VerdictRow
from nhigraph.assurance.walk import BLOCK
from nhigraph.assurance.witnesses import Asked, Witnesses
from nhigraph.graph.store import Ints
from nhigraph.trace.alternatives import Beside
from nhigraph.trace.paths import Step, Way

#: One row costs no more than such a share of all work, so that it does not starve the others.
_SHARES = 8
#: Clauses of paths that are remembered before it is known which are printed; those of the others
#: are looked for once more.
_REMEMBERED = 2_000_000
#: By identity and target: the path that the row asks for.
Walks = Mapping[tuple[str, str], Asked]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A printed path: its row, and its clauses."""

    row: VerdictRow
    asked: Asked
    clauses: Ints


class ShownPaths:
    """The paths of the rows of one assessment."""

    def __init__(self, analysis: Analysis, rows: Sequence[VerdictRow], walks: Walks) -> None:
        """Take the rows, in the order of verdicts.csv, and what stands behind them."""
        self._analysis, self._rows, self._walks = analysis, rows, walks
        self._witnesses = Witnesses(analysis)
        self._written = analysis.written
        self._shown: list[_Shown] = []
        self._room = Room.of(0)

    def best(
        self, most: int, target: str = ""
    ) -> tuple[list[VerdictRow], dict[str, tuple[PathStep, ...]], int]:
        """The rows with steps and path ids, the printed paths by id, and how many are not printed.

        Args:
            most: Most paths to print, worst rows first, as long as there is room for their steps
                (``path_rows.Room``).
            target: Target whose rows are named and printed; all if empty.
        """
        rows = list(self._rows)
        walked = [
            i
            for i, row in enumerate(rows)
            if target in ("", row.target) and (row.identity, row.target) in self._walks
        ]
        worst = sorted(walked, key=lambda i: worst_first(rows[i]))
        asked = worst[:most] if len(worst) > PAIRS_WITH_STEPS else worst
        known = self._named(rows, asked, worst[:most])
        room = self._room = Room.of(most)
        printed: dict[str, int] = {}
        for i in worst[:most]:
            name, row = rows[i].path_id, rows[i]
            if name not in printed and room.take(row.steps or 0):
                printed[name] = i
        known |= self._clauses(rows, [i for i in printed.values() if i not in known])
        for i in printed.values():
            self._shown.append(_Shown(rows[i], self._asked(rows[i]), known[i]))
        paths = {
            one.row.path_id: self._written.rows(one.row.path_id, self._steps(one.clauses))
            for one in self._shown
        }
        left_out = sum(rows[i].path_id not in printed for i in asked)
        return rows, paths, left_out + len(worst) - len(asked)

    def _named(
        self, rows: list[VerdictRow], asked: Collection[int], likely: Collection[int]
    ) -> dict[int, Ints]:
        """Give rows their steps and path ids; the clauses of the likely ones, as far as may be."""
        paths, left, remembered = self._analysis.paths, _REMEMBERED, set(likely)
        known: dict[int, Ints] = {}

        def take(i: int, way: Way) -> tuple[int, str]:
            nonlocal left
            if i in remembered and way.steps <= left:
                known[i] = np.array(paths.clauses(way), dtype=np.int64)
                left -= way.steps
            else:
                known.pop(i, None)
            return way.steps, way.name

        found = self._witnesses.find({i: self._asked(rows[i]) for i in asked}, take)
        for i, (steps, name) in found.items():
            rows[i] = rows[i].shown_by(name, steps)
        return known

    def _clauses(self, rows: Sequence[VerdictRow], asked: Sequence[int]) -> dict[int, Ints]:
        """The clauses of some rows' paths."""
        paths = self._analysis.paths

        def take(_: int, way: Way) -> Ints:
            return np.array(paths.clauses(way), dtype=np.int64)

        return self._witnesses.find({i: self._asked(rows[i]) for i in asked}, take)

    def alternatives(
        self, most: int, target: str, work: int
    ) -> tuple[dict[str, tuple[Alternative, ...]], int]:
        """Alternatives of the printed paths by path id, and of how many not all were sought.

        Args:
            most: Most of one path.
            target: Target whose paths get them; all if empty.
            work: Looks at a clause after which no more are sought: first for the worst path of
                each identity, then for the second, worst rows first.
        """
        found: dict[str, tuple[Alternative, ...]] = {}
        shown = [one for one in self._in_turn() if not target or one.row.target == target]
        if not most or not shown:
            return found, 0
        analysis = self._analysis
        beside = Beside(analysis.paths, analysis.estate.changes.one)
        share, sought = work if len(shown) == 1 else work // _SHARES, 0
        for first in range(0, len(shown), BLOCK):
            part = shown[first : first + BLOCK]
            walkers = sorted({one.asked.walker for one in part})
            may, lanes = next(iter(analysis.held(walkers)))
            for one in part:
                if work <= 0:
                    return found, len(shown) - sought
                walker = one.asked.walker
                ends = (self._witnesses.goals(one.asked), analysis.starts(walker))
                limit = min(work, share)
                left = beside.alternatives(
                    may, lanes[walker], one.clauses.tolist(), ends, most, limit
                )
                work -= left.work
                kept = [*takewhile(self._room_for, left.paths)]
                if kept:
                    found[one.row.path_id] = self._written.alternatives(one.row.path_id, kept)
                sought += left.whole and len(kept) == len(left.paths)
        return found, len(shown) - sought

    def _in_turn(self) -> list[_Shown]:
        """The printed paths: of every identity the worst, as a reader is shown, then the next."""
        by_identity: dict[str, list[_Shown]] = {}
        for one in self._shown:
            by_identity.setdefault(one.row.identity, []).append(one)
        turn = {
            one.row.path_id: number
            for many in by_identity.values()
            for number, one in enumerate(sorted(many, key=_of_identity))
        }
        return sorted(self._shown, key=lambda one: turn[one.row.path_id])

    def _room_for(self, steps: Sequence[Step]) -> bool:
        return self._room.take(len(steps), paths=0)

    def _asked(self, row: VerdictRow) -> Asked:
        return self._walks[row.identity, row.target]

    def _steps(self, clauses: Ints) -> list[Step]:
        return self._analysis.paths.steps(clauses.tolist())


def worst_of_one(row: VerdictRow) -> tuple[int, int, bool]:
    """Order of the rows of one identity: the first that has a path is the one that it shows."""
    exposure, verdict = rule.EXPOSURES.index(row.exposure), rule.VERDICTS.index(row.verdict)
    return exposure, verdict, row.soc1 != "direct"


def _of_identity(shown: _Shown) -> tuple[object, ...]:
    row = shown.row
    return *worst_of_one(row), row.steps, row.target

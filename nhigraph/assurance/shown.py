"""Which paths are shown: that of every row, the worst step by step, and what is left beside."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

import numpy as np

from nhigraph.assurance import verdict as rule
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.named_ways import NamedWays, Walks
from nhigraph.assurance.path_rows import Printed, Room
from nhigraph.assurance.row_order import PAIRS_WITH_STEPS
from nhigraph.assurance.rows import Alternative, VerdictRow
from nhigraph.assurance.verdict_rows import VerdictRows
from nhigraph.assurance.walk import BLOCK
from nhigraph.assurance.witnesses import Witnesses
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.alternatives import Beside
from nhigraph.trace.paths import Step

#: One row costs no more than such a share of all work, so that it does not starve the others.
_SHARES = 8


@dataclass(frozen=True, slots=True)
class _Shown:
    """A printed path: its row, its id, and its clauses."""

    row: int
    path_id: str
    clauses: Sequence[int]


class ShownPaths:
    """The paths of the rows of one assessment."""

    def __init__(self, analysis: Analysis, rows: VerdictRows, walks: Walks) -> None:
        """Take the rows, in the order of verdicts.csv, and what stands behind them."""
        self._analysis, self._rows, self._walks = analysis, rows, walks
        self._witnesses = Witnesses(analysis)
        self._shown: list[_Shown] = []
        self._room = Room.of(0)

    def best(self, most: int, target: str = "") -> tuple[VerdictRows, Printed, int]:
        """The rows with steps and path ids, the printed paths, and how many are not printed.

        Args:
            most: Most paths to print, worst rows first, as long as there is room for their steps
                (``path_rows.Room``).
            target: Target whose rows are named and printed; all if empty.
        """
        rows, walks = self._rows, self._walks
        of_target = np.array([target in ("", one.target) for one in rows.sorts], dtype=bool)
        walked = np.flatnonzero(of_target[rows.sort] & (walks.target >= 0))
        worst = rows.worst_first(walked)
        asked = worst[:most] if len(worst) > PAIRS_WITH_STEPS else worst
        named = NamedWays(self._analysis, self._witnesses, walks, asked)
        steps = np.where(named.steps >= 0, named.steps, rows.steps)
        self._rows = rows.with_paths(steps, named.name, named.names)
        room = self._room = Room.of(most)
        printed: dict[int, int] = {}
        likely = worst[:most]
        told = (likely.tolist(), named.name[likely].tolist(), steps[likely].tolist())
        for row, name, count in zip(*told, strict=True):
            if name not in printed and room.take(count):
                printed[name] = row
        self._shown = [
            _Shown(row, named.names[name], named.clauses(name)) for name, row in printed.items()
        ]
        paths = {one.path_id: one.clauses for one in self._shown}
        shown = np.zeros(len(named.names), dtype=bool)
        shown[[*printed]] = True
        left_out = int((~shown[named.name[asked]]).sum()) + len(worst) - len(asked)
        printed_paths = Printed(self._analysis.written, self._analysis.paths, paths)
        return self._rows, printed_paths, left_out

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
        of, sorts = self._rows.sort, self._rows.sorts
        shown = [
            one for one in self._in_turn() if not target or sorts[of[one.row]].target == target
        ]
        if not most or not shown:
            return found, 0
        analysis = self._analysis
        beside = Beside(analysis.paths, analysis.estate.changes.ones)
        share, sought = work if len(shown) == 1 else work // _SHARES, 0
        for first in range(0, len(shown), BLOCK):
            part = shown[first : first + BLOCK]
            walkers = sorted({int(self._walks.walker[one.row]) for one in part})
            may, lanes = next(iter(analysis.held(walkers)))
            for one in part:
                if work <= 0:
                    return found, len(shown) - sought
                asked = self._walks.asked(one.row)
                ends = (self._witnesses.goals(asked), analysis.starts(asked.walker))
                limit, lane = min(work, share), lanes[asked.walker]
                left = beside.alternatives(may, lane, one.clauses, ends, most, limit)
                work -= left.work
                kept = [*takewhile(self._room_for, left.paths)]
                if kept:
                    found[one.path_id] = analysis.written.alternatives(one.path_id, kept)
                sought += left.whole and len(kept) == len(left.paths)
        return found, len(shown) - sought

    def _in_turn(self) -> list[_Shown]:
        """The printed paths: of every identity the worst, as a reader is shown, then the next."""
        of, at = self._rows, np.array([one.row for one in self._shown], dtype=np.int64)
        sorts = [(worst_of_one(one), one.target) for one in of.sorts]
        worst = _ranks([badness for badness, _ in sorts])[of.sort[at]]
        target = _ranks([target for _, target in sorts])[of.sort[at]]
        order = np.lexsort([target, of.steps[at], worst, of.who[at]])
        # The number of each among those of its identity.
        who = of.who[at[order]]
        turn = np.arange(len(at)) - np.searchsorted(who, who)
        back = np.empty_like(turn)
        back[order] = turn
        return [self._shown[number] for number in np.argsort(back, kind="stable").tolist()]

    def _room_for(self, steps: Sequence[Step]) -> bool:
        return self._room.take(len(steps), paths=0)


def _ranks(many: Sequence[Any]) -> Ints:
    """Place of each of some values among all that are different."""
    place = {one: at for at, one in enumerate(sorted(set(many)))}
    return np.array([place[one] for one in many], dtype=np.int64)


def worst_of_one(row: VerdictRow) -> tuple[int, int, bool]:
    """Order of the rows of one identity: the first that has a path is the one that it shows."""
    exposure, verdict = rule.EXPOSURES.index(row.exposure), rule.VERDICTS.index(row.verdict)
    return exposure, verdict, row.soc1 != "direct"

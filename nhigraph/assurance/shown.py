"""Which paths are shown: that of every row, the worst step by step, and what is left beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nhigraph.assurance import verdict as rule
from nhigraph.assurance.analyse import Analysis, Pair
from nhigraph.assurance.path_rows import PathRows
from nhigraph.assurance.row_order import PAIRS_WITH_STEPS, worst_first
from nhigraph.assurance.rows import Alternative, PathStep, VerdictRow
from nhigraph.schema.types import State
from nhigraph.trace.alternatives import Beside
from nhigraph.trace.lanes import Reach
from nhigraph.trace.paths import Way
from nhigraph.trace.product import STATES

#: One row costs no more than such a share of all work, so that it does not starve the others.
_SHARES = 8
#: By identity and target: who walks there, the states that carry the row's value, what it holds.
Walks = Mapping[tuple[str, str], tuple[Pair, int, Reach]]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A printed path: its row, whose it is, and the way."""

    row: VerdictRow
    pair: Pair
    may: Reach
    way: Way


class ShownPaths:
    """The paths of the rows of one assessment."""

    def __init__(self, analysis: Analysis, rows: Sequence[VerdictRow], walks: Walks) -> None:
        """Take the rows, in the order of verdicts.csv, and what stands behind them."""
        self._analysis, self._rows, self._walks = analysis, rows, walks
        self._written = PathRows(analysis.estate.graph)
        self._shown: list[_Shown] = []

    def best(self, most: int) -> tuple[list[VerdictRow], dict[str, tuple[PathStep, ...]], int]:
        """The rows with steps and path ids, the printed paths by id, and how many are not printed.

        Args:
            most: Most paths to print, worst rows first.
        """
        rows, analysis = list(self._rows), self._analysis
        worst = sorted(range(len(rows)), key=lambda i: worst_first(rows[i]))
        worst = [i for i in worst if (rows[i].identity, rows[i].target) in self._walks]
        printed = {i: place for place, i in enumerate(worst[:most])}
        filled = printed if len(worst) > PAIRS_WITH_STEPS else worst
        paths: dict[str, tuple[PathStep, ...]] = {}
        shown: dict[int, _Shown] = {}
        # Pairs of one target and goal share their trees: ask for them together.
        for _, i in sorted((self._question(rows[i]), i) for i in filled):
            row = rows[i]
            way, (pair, _, may) = self.way(row), self._walks[row.identity, row.target]
            if way is None:  # reached in *may*, so there is a way; the engines would disagree
                raise AssertionError(f"no path from {row.identity} to {row.target}")
            rows[i] = replace(row, steps=way.steps, path_id=way.name)
            if i in printed and way.name not in paths:
                paths[way.name] = self._written.rows(way.name, analysis.paths.walk(way))
                shown[printed[i]] = _Shown(rows[i], pair, may, way)
        self._shown = [one for _, one in sorted(shown.items())]
        return rows, paths, len(worst) - len(printed)

    def way(self, row: VerdictRow) -> Way | None:
        """The best path of a row; None where it is one of what was not seen."""
        walked = self._walks.get((row.identity, row.target))
        if walked is None:
            return None
        pair, _, may = walked
        starts, goals = self._analysis.starts(pair.identity), self._question(row)[1]
        return self._analysis.paths.best(may, pair.lane, goals, starts)

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
        beside = Beside(self._analysis.paths, self._analysis.estate.changes.one)
        share, sought = work if len(shown) == 1 else work // _SHARES, 0
        for one in shown:
            if work <= 0:
                break
            starts, limit = self._analysis.starts(one.pair.identity), min(work, share)
            left = beside.alternatives(one.may, one.pair.lane, one.way, starts, most, limit)
            if left.paths:
                name = one.way.name
                found[name] = self._written.alternatives(name, left.paths)
            sought += left.whole
            work -= left.work
        return found, len(shown) - sought

    def _in_turn(self) -> list[_Shown]:
        """The printed paths: of every identity the worst, as a reader is shown, then the next."""
        by_identity: dict[str, list[_Shown]] = {}
        for one in self._shown:
            by_identity.setdefault(one.row.identity, []).append(one)
        turn = {
            one.way.name: number
            for many in by_identity.values()
            for number, one in enumerate(sorted(many, key=_of_identity))
        }
        return sorted(self._shown, key=lambda one: turn[one.way.name])

    def _question(self, row: VerdictRow) -> tuple[str, tuple[int, ...], str]:
        pair, goal, _ = self._walks[row.identity, row.target]
        end = self._analysis.ends[pair.target]
        goals = tuple(end * STATES + s for s in State if goal >> s & 1)
        return row.target, goals, row.identity


def worst_of_one(row: VerdictRow) -> tuple[int, int, bool]:
    """Order of the rows of one identity: the first that has a path is the one that it shows."""
    exposure, verdict = rule.EXPOSURES.index(row.exposure), rule.VERDICTS.index(row.verdict)
    return exposure, verdict, row.soc1 != "direct"


def _of_identity(shown: _Shown) -> tuple[object, ...]:
    return *worst_of_one(shown.row), shown.way.steps, shown.row.target

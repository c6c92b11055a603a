"""The answer of each subject: planted, walked and judged as an identity is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows_and_ways
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.path_rows import PathRows
from nhigraph.assurance.row_order import worst_first
from nhigraph.assurance.rows import IdentityRow, PathStep, VerdictRow
from nhigraph.assurance.walk import Ground, living
from nhigraph.assurance.which.planting import plant
from nhigraph.assurance.which.subjects import Subject
from nhigraph.schema.types import State
from nhigraph.trace.lanes import bits
from nhigraph.trace.paths import Way
from nhigraph.trace.product import Closure, state_id

#: States at a subject with which an identity alters it.
_ALTERING = (State.CONTROL, State.ALTER, State.OMIT)
Ways = Callable[[VerdictRow], Way | None]


@dataclass(frozen=True, slots=True)
class Judged:
    """A subject and what was found of it.

    Attributes:
        subject: What was asked about.
        row: The row of its imagined identity; None where no node of it lives.
        verdicts: That identity's rows, those of verdicts.csv, by target.
        paths: By target, the best path of each of these rows that was asked for.
        altered_by: Keys of identities that alter it in *may*, sorted, the first of them.
        altering: How many do.
    """

    subject: Subject
    row: IdentityRow | None
    verdicts: tuple[VerdictRow, ...]
    paths: dict[str, tuple[PathStep, ...]]
    altered_by: tuple[str, ...]
    altering: int

    @property
    def worst(self) -> VerdictRow | None:
        """The worst row that has a path; None where none has."""
        found = [row for row in self.verdicts if row.target in self.paths]
        return min(found, key=_worst, default=None)


def _worst(row: VerdictRow) -> tuple[int, bool, tuple[int, int, str, str]]:
    """The books first, then what is proven."""
    order = worst_first(row)
    return order[0], row.verdict == UNDETERMINED, order


def judge(
    estate: Estate,
    subjects: Sequence[Subject],
    *,
    every_path: bool = False,
    most: int | None = None,
) -> list[Judged]:
    """The answer of each subject.

    Args:
        estate: The estate.
        subjects: What is asked about, in the order of the answers.
        every_path: The path of every row, and not of the worst alone.
        most: Most identities named of those that alter one; None for all.
    """
    altered = _altered_by(estate, subjects, most)
    grown, planted = plant(estate, subjects)
    rows: dict[int, IdentityRow] = {}
    verdicts: dict[int, list[VerdictRow]] = {}
    analysis = Analysis(grown, sorted(planted))
    found, way_of = rows_and_ways(analysis)
    number_of = {grown.graph.key_list[node]: number for node, number in planted.items()}
    for row in found.identities:
        rows[number_of[row.identity]] = row
    for one in found.verdicts:
        verdicts.setdefault(number_of[one.identity], []).append(one)
    shown = _Paths(analysis, way_of)
    judged = []
    for number, subject in enumerate(subjects):
        own = sorted(verdicts.get(number, ()), key=lambda one: one.target)
        paths = shown.of(own, every=every_path)
        judged.append(Judged(subject, rows.get(number), tuple(own), paths, *altered[number]))
    return judged


class _Paths:
    """Paths of imagined identities, from their subjects on."""

    def __init__(self, analysis: Analysis, way_of: Ways) -> None:
        self._paths, self._way_of = analysis.paths, way_of
        self._written = PathRows(analysis.estate.graph)

    def of(self, rows: Iterable[VerdictRow], *, every: bool) -> dict[str, tuple[PathStep, ...]]:
        """Target to path, for the rows that have one: of all, or of the worst of them."""
        found: dict[str, tuple[PathStep, ...]] = {}
        for row in sorted(rows, key=_worst):
            way = self._way_of(row) if row.verdict != "neither" else None
            if way is None:
                continue
            onward = self._paths.onward(way)
            steps = self._paths.walk(onward)
            found[row.target] = self._written.rows(onward.name, steps)
            if not every:
                break
        return found


def _altered_by(
    estate: Estate, subjects: Sequence[Subject], most: int | None
) -> list[tuple[tuple[str, ...], int]]:
    """Per subject, the living identities that alter some node of it in *may*, and how many."""
    walkers = living(estate)
    asked = {node for subject in subjects for node in subject.nodes}
    found: list[list[str]] = [[] for _ in subjects]
    count = [0 for _ in subjects]
    names = estate.graph.key_list
    states = [[state_id(n, s) for n in one.nodes for s in _ALTERING] for one in subjects]
    ground = Ground(estate, asked, len(walkers)) if walkers and asked else None
    # Walkers come in the order of their keys: so do those that are named.
    for walk in ground.walks(walkers, (Closure.MAY,)) if ground else ():
        reach = walk.reach[Closure.MAY]
        for number, wanted in enumerate(states):
            if not wanted:
                continue
            lanes = np.bitwise_or.reduce(reach.words(wanted), axis=0)
            held = int.from_bytes(np.ascontiguousarray(lanes).tobytes(), "little")
            count[number] += held.bit_count()
            room = None if most is None else max(most - len(found[number]), 0)
            found[number] += [names[walk.walkers[lane]] for lane in islice(bits(held), room)]
    return list(zip(map(tuple, found), count, strict=True))

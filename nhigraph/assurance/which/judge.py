"""The answer of each subject: planted, walked and judged as an identity is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows_and_walks
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.path_rows import PathRows
from nhigraph.assurance.row_order import worst_first
from nhigraph.assurance.rows import IdentityRow, PathStep, VerdictRow
from nhigraph.assurance.shown import Walks
from nhigraph.assurance.walk import Ground, living
from nhigraph.assurance.which.planting import plant
from nhigraph.assurance.which.subjects import Subject
from nhigraph.assurance.witnesses import Asked, Witnesses
from nhigraph.schema.types import State
from nhigraph.trace.lanes import bits
from nhigraph.trace.paths import Way
from nhigraph.trace.product import Closure, state_id

#: States at a subject with which an identity alters it.
_ALTERING = (State.CONTROL, State.ALTER, State.OMIT)


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
    found, walks = rows_and_walks(analysis)
    number_of = {grown.graph.key_list[node]: number for node, number in planted.items()}
    for row in found.identities:
        rows[number_of[row.identity]] = row
    for one in found.verdicts:
        verdicts.setdefault(number_of[one.identity], []).append(one)
    own = {n: sorted(many, key=lambda one: one.target) for n, many in verdicts.items()}
    paths = _paths(analysis, walks, own, every=every_path)
    return [
        Judged(
            subject,
            rows.get(number),
            tuple(own.get(number, ())),
            paths.get(number, {}),
            *altered[number],
        )
        for number, subject in enumerate(subjects)
    ]


def _paths(
    analysis: Analysis,
    walks: Walks,
    rows: Mapping[int, Sequence[VerdictRow]],
    *,
    every: bool,
) -> dict[int, dict[str, tuple[PathStep, ...]]]:
    """Per subject, target to path from the subject on, for the rows that have one.

    Args:
        analysis: That of the imagined identities.
        walks: The paths that rows ask for.
        rows: Rows by the number of the subject.
        every: Of all rows, and not of the worst alone.
    """
    asked: dict[tuple[int, str], Asked] = {}
    for number, many in rows.items():
        for row in sorted(many, key=_worst):
            walked = walks.get((row.identity, row.target))
            if row.verdict != "neither" and walked is not None:
                asked[number, row.target] = walked
                if not every:
                    break
    trace, written = analysis.paths, PathRows(analysis.estate.graph)

    def take(_: tuple[int, str], way: Way) -> tuple[PathStep, ...]:
        onward = trace.onward(way)
        return written.rows(onward.name, trace.walk(onward))

    found: dict[int, dict[str, tuple[PathStep, ...]]] = {}
    told = Witnesses(analysis).find(asked, take)
    for number, target in asked:
        found.setdefault(number, {})[target] = told[number, target]
    return found


def _altered_by(
    estate: Estate, subjects: Sequence[Subject], most: int | None
) -> list[tuple[tuple[str, ...], int]]:
    """Per subject, the living identities that alter some node of it in *may*, and how many."""
    walkers = living(estate)
    asked = {node for subject in subjects for node in subject.nodes}
    found: list[list[str]] = [[] for _ in subjects]
    count = np.zeros(len(subjects), dtype=np.int64)
    names = estate.graph.key_list
    having = [number for number, one in enumerate(subjects) if one.nodes]
    states = [[state_id(n, s) for n in subjects[o].nodes for s in _ALTERING] for o in having]
    flat = [state for many in states for state in many]
    firsts = np.cumsum([0, *map(len, states[:-1])])
    ground = Ground(estate, asked, len(walkers)) if walkers and asked else None
    # Walkers come in the order of their keys: so do those that are named.
    for walk in ground.walks(walkers, (Closure.MAY,)) if ground else ():
        held = np.bitwise_or.reduceat(walk.reach[Closure.MAY].words(flat), firsts, axis=0)
        many = np.bitwise_count(held).sum(axis=1, dtype=np.int64)
        count[having] += many
        for row in np.flatnonzero(many).tolist():
            own = found[having[row]]
            room = None if most is None else max(most - len(own), 0)
            if room != 0:
                lanes = int.from_bytes(np.ascontiguousarray(held[row]).tobytes(), "little")
                own += [names[walk.walkers[lane]] for lane in islice(bits(lanes), room)]
    return list(zip(map(tuple, found), count.tolist(), strict=True))

"""The answer of each subject: planted, walked and judged as an identity is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows_and_walks
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.path_rows import PathRows
from nhigraph.assurance.reached import reached_any
from nhigraph.assurance.row_order import worst_first
from nhigraph.assurance.rows import IdentityRow, PathStep, VerdictRow
from nhigraph.assurance.shown import Walks
from nhigraph.assurance.walk import living
from nhigraph.assurance.which.planting import plant
from nhigraph.assurance.which.subjects import Subject
from nhigraph.assurance.witnesses import Asked, Witnesses
from nhigraph.schema.types import State
from nhigraph.trace.paths import Way

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
    walkers, names = living(estate), estate.graph.key_list
    places = [[(node, _ALTERING) for node in subject.nodes] for subject in subjects]
    # Walkers come in the order of their keys: so do those that are named.
    return [
        (tuple(names[walkers[one]] for one in who[:most].tolist()), len(who))
        for who in reached_any(estate, walkers, places)
    ]

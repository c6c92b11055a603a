"""The answer of each subject: planted, walked and judged as an identity is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import Gates
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.path_rows import Printed
from nhigraph.assurance.planted_rows import Planted
from nhigraph.assurance.planted_ways import PlantedWays
from nhigraph.assurance.reached import first_and_count
from nhigraph.assurance.row_order import worst_first
from nhigraph.assurance.rows import IdentityRow, PathStep, VerdictRow
from nhigraph.assurance.walk import living
from nhigraph.assurance.which.planting import imagined
from nhigraph.assurance.which.subjects import Subject
from nhigraph.assurance.witnesses import Asked
from nhigraph.graph.store import objects
from nhigraph.records import dataclass
from nhigraph.schema.types import State

#: States at a subject with which an identity alters it.
_ALTERING = (State.CONTROL, State.ALTER, State.OMIT)


@dataclass(frozen=True, slots=True)
class Ways(Mapping[str, tuple[PathStep, ...]]):
    """Paths of one subject by target; their rows are made when they are read.

    Attributes:
        printed: The paths of all subjects.
        names: Target to the id of the path; empty for one of no step.
    """

    printed: Printed
    names: Mapping[str, str]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.names)

    def __iter__(self) -> Iterator[str]:
        """Their targets."""
        return iter(self.names)

    def __contains__(self, target: object) -> bool:
        """Whether a path to a target was asked for."""
        return target in self.names

    def __getitem__(self, target: str) -> tuple[PathStep, ...]:
        """The steps of one."""
        name = self.names[target]
        return self.printed[name] if name else ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A subject and what was found of it.

    Attributes:
        subject: What was asked about.
        row: The row of its imagined identity; None where no node of it lives.
        verdicts: That identity's rows, those of verdicts.csv, by target.
        sorts: Of each sort of these one; see ``Outcome``.
        paths: By target, the best path of each of these rows that was asked for.
        altered_by: Keys of identities that alter it in *may*, sorted, the first of them.
        altering: How many do.
    """

    subject: Subject
    row: IdentityRow | None
    verdicts: tuple[VerdictRow, ...]
    sorts: tuple[VerdictRow, ...]
    paths: Ways
    altered_by: tuple[str, ...]
    altering: int

    @property
    def worst(self) -> VerdictRow | None:
        """The worst row that has a path; None where none has."""
        found = [row for row in self.verdicts if row.target in self.paths.names]
        return min(found, key=_worst, default=None)


def _worst(row: VerdictRow) -> tuple[int, bool, tuple[int, int, str, str]]:
    """The books first, then what is proven."""
    order = worst_first(row)
    return order[0], row.verdict == UNDETERMINED, order


def judge(
    estate: Estate,
    subjects: Sequence[Subject],
    *,
    planted: tuple[Sequence[int], Planted] | None = None,
    every_path: bool = False,
    most: int | None = None,
) -> list[Judged]:
    """The answer of each subject.

    Args:
        estate: The estate.
        subjects: What is asked about, in the order of the answers.
        planted: Numbers of those that live and whoever holds each of them, where these are
            traced (``planting.imagined``).
        every_path: The path of every row, and not of the worst alone.
        most: Most identities named of those that alter one; None for all.
    """
    held, takers = planted or _planted(estate, subjects)
    altered = _altered_by(estate, takers.analysis.gates, subjects, most)
    printed, names = _paths(takers, every=every_path)
    lanes = {number: lane for lane, number in enumerate(held)}
    found = []
    for number, subject in enumerate(subjects):
        lane = lanes.get(number)
        outcome = None if lane is None else takers.outcomes[lane]
        row, verdicts = (outcome.row, outcome.verdicts) if outcome else (None, ())
        sorts = outcome.sorts if outcome else ()
        ways = Ways(printed, {} if lane is None else names.get(lane, {}))
        found.append(Judged(subject, row, verdicts, sorts, ways, *altered[number]))
    return found


def _planted(estate: Estate, subjects: Sequence[Subject]) -> tuple[Sequence[int], Planted]:
    """Numbers of the subjects that live, and whoever holds each of them."""
    held = imagined(estate, subjects)
    return [*held], Planted(Analysis(estate, ()), [*held.values()])


def _paths(planted: Planted, *, every: bool) -> tuple[Printed, dict[int, dict[str, str]]]:
    """Paths from subjects on, and by number of an imagined identity target to path id.

    Args:
        planted: These.
        every: Of all rows that have one, and not of the worst alone.
    """
    asked: dict[tuple[int, str], Asked] = {}
    rows: Iterable[Iterable[VerdictRow | None]] = (
        (one.verdicts for one in planted.outcomes)
        if every
        else ((row,) for row in planted.worst(_worst))
    )
    for lane, some in enumerate(rows):
        for row in some:
            wanted = planted.asked(lane, row) if row and row.verdict != "neither" else None
            if row and wanted is not None:
                asked[lane, row.target] = wanted
    ways = PlantedWays(planted, asked)
    found: dict[int, dict[str, str]] = {}
    for lane, target in asked:
        found.setdefault(lane, {})[target] = ways.name((lane, target))
    return ways.printed(asked), found


def _altered_by(
    estate: Estate, gates: Gates, subjects: Sequence[Subject], most: int | None
) -> list[tuple[tuple[str, ...], int]]:
    """Per subject, the living identities that alter some node of it in *may*, and how many."""
    walkers, keys = living(estate), estate.graph.key_list
    names = objects([keys[walker] for walker in walkers])
    nodes = [subject.nodes for subject in subjects]
    # Walkers come in the order of their keys: so do those that are named.
    return [
        (tuple(names[who].tolist()), many)
        for who, many in first_and_count(estate, walkers, nodes, _ALTERING, most, gates)
    ]

"""A folder of stored graphs as a period."""

from pathlib import Path

from nhigraph.app.judged import Judged, of_graph
from nhigraph.assurance.diff.period import PeriodRow, period
from nhigraph.errors import InputError, NoInputError, UsageError
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Period:
    """What a folder of stored graphs says.

    Attributes:
        snapshots: Day and name of each, in the order of days.
        rows: Spells of identities and of verdicts.
        last: The estate of the last day.
        incomplete: Names of those that were not read whole.
    """

    snapshots: tuple[tuple[str, str], ...]
    rows: tuple[PeriodRow, ...]
    last: Judged
    incomplete: tuple[str, ...]


def of_folder(folder: Path, *, include_disabled: bool = False) -> Period:
    """Read every folder in a folder that an assess or build wrote, each with its own day.

    Raises:
        UsageError: It is no folder.
        NoInputError: There is none in it.
        InputError: One is damaged, or of another version.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder.name}: --period names a folder of output folders")
    found: list[tuple[str, str, Judged]] = []
    for one in sorted(folder.iterdir()):
        if one.is_dir() and not one.name.startswith("."):
            judged = _judged(one, include_disabled=include_disabled)
            if judged is not None:
                found.append((judged.date.day, one.name, judged))
    if not found:
        raise NoInputError(f"{folder.name} holds no output folders of assess or build")
    found.sort(key=lambda one: one[:2])
    return Period(
        tuple((day, name) for day, name, _ in found),
        tuple(period([judged.estate for _, _, judged in found])),
        found[-1][2],
        tuple(name for _, name, judged in found if judged.unread or judged.scope_errors),
    )


def _judged(folder: Path, *, include_disabled: bool) -> Judged | None:
    """A stored graph; None where a folder holds none. An error says which one it is of."""
    try:
        return of_graph(folder, include_disabled=include_disabled)
    except NoInputError:
        return None
    except InputError as error:
        place = f"{folder.name}/{error.artifact}"
        raise InputError(place, error.pointer, error.problem, error.advice) from error

"""What differs between two stored graphs, and why each answer that changed did."""

from dataclasses import dataclass
from pathlib import Path

from nhigraph.app.judged import Judged, of_stored, opened
from nhigraph.assurance.diff import table
from nhigraph.assurance.diff.causes import TRIALS, differences
from nhigraph.assurance.diff.mixed import Stored
from nhigraph.assurance.diff.rows import DiffRow, Told
from nhigraph.errors import UsageError
from nhigraph.graph.snapshot import Snapshot

#: What ``--fail-on`` can name, and in what a verdict then got worse.
FAILING = {
    "none": (),
    "new": ("soc1", "soc2", "exposure"),
    "new:soc1": ("soc1",),
    "new:soc2": ("soc2",),
    "new:exposure": ("exposure",),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """Two estates and what differs.

    Attributes:
        before: The first.
        after: The second.
        told: What differs.
    """

    before: Judged
    after: Judged
    told: Told


def diff(
    before: Path,
    after: Path,
    *,
    option: str | None = None,
    include_disabled: bool = False,
    trials: int = TRIALS,
) -> Compared:
    """Compare two folders of earlier assessments or builds.

    Args:
        before: The first.
        after: The second.
        option: ISO date of both; by default each has the day that it was stored with.
        include_disabled: Inactive nodes count as active, in both.
        trials: How many sets of changes may be tried for the causes.

    Raises:
        NoInputError: One of them holds no graph.
        InputError: One is damaged, or of another version.
    """
    stored = [opened(folder) for folder in (before, after)]
    first, second = (
        of_stored(one, option=option, include_disabled=include_disabled) for one in stored
    )
    sides = (_made(stored[0], first), _made(stored[1], second))
    found = differences(*sides, first.estate, second.estate, trials)
    return Compared(first, second, table.told(found))


def _made(stored: Snapshot, judged: Judged) -> Stored:
    return Stored(stored.graph, stored.claims, judged.estate.day)


def failing_on(condition: str | None) -> tuple[str, ...]:
    """In what a verdict must get worse to be what ``--fail-on`` names; in nothing for none.

    Raises:
        UsageError: It names something else.
    """
    if (condition or "none") not in FAILING:
        raise UsageError(f"--fail-on: expected one of {', '.join(FAILING)}, not {condition!r}")
    return FAILING[condition or "none"]


def failing(told: Told, condition: str | None) -> list[DiffRow]:
    """Verdicts that appeared or got worse in what ``--fail-on`` names."""
    named = set(failing_on(condition))
    return [row for row in told.rows if named.intersection(row.worse)]

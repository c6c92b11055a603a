"""What to rotate first."""

from collections.abc import Sequence

from nhigraph.assurance.rotation.reasons import said
from nhigraph.assurance.rotation_rows import RotationRow
from nhigraph.assurance.rows import Assessment, PathStep
from nhigraph.assurance.verdict import verdict_of
from nhigraph.output import clip
from nhigraph.output.report_html.naming import Naming
from nhigraph.records import dataclass

#: Credentials that the page shows; rotation.csv has them all.
_SHOWN = 12
#: Names of a path that a line shows, half of them from each end.
_NAMES = 8
_TEXT = 500
#: Names of things that stop.
_STOPPING = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """One credential.

    Attributes:
        rank: Its rank.
        name: Its name.
        about: Its kind, and what it lies in.
        key: Its key, where the name is another.
        verdict: What whoever knows its value can do, as the word for it.
        exposure: How open that is.
        reason: Why it stands here.
        chain: Names along the path.
        age: How old it is, in words; empty where nobody says.
        dates: Last use and last day, in words.
        used_by: How many use it.
        breaks: How many things stop where it stops working.
        breaking: Names of the first of them.
    """

    rank: int
    name: str
    about: str
    key: str
    verdict: str
    exposure: str
    reason: str
    chain: tuple[str, ...]
    age: str
    dates: tuple[str, ...]
    used_by: int
    breaks: int
    breaking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rotating:
    """What to rotate first.

    Attributes:
        lines: What the fewest to rotate come to, the answer first.
        shown: The first credentials.
        more: How many further ones are ranked.
    """

    lines: tuple[str, ...]
    shown: tuple[Shown, ...]
    more: int


def rotation(assessment: Assessment, naming: Naming) -> Rotating:
    """What the page says of credentials."""
    rows = assessment.rotation.rows
    shown = [_shown(assessment, naming, row) for row in rows[:_SHOWN]]
    lines = said(assessment.rotation.fewest, rows) if rows else ()
    return Rotating(
        tuple(clip(line, _TEXT) for line in lines), tuple(shown), len(rows) - len(shown)
    )


def _shown(assessment: Assessment, naming: Naming, row: RotationRow) -> Shown:
    name = naming.name(row.credential)
    holders = [naming.name(key) for key in row.holder[:2]]
    about = naming.kind(row.credential)
    dates = [f"last used {row.last_used}"] if row.last_used else []
    dates += [f"until {row.expires}"] if row.expires else []
    return Shown(
        row.rank,
        name,
        f"{about}, in {', '.join(holders)}" if holders else about,
        "" if name == row.credential else clip(row.credential, 120),
        verdict_of(row.soc1, row.soc2),
        row.exposure,
        clip(row.reason, _TEXT),
        _chain(naming, assessment.rotation_paths.get(row.path_id, ())),
        "" if row.age_days is None else f"{row.age_days:,} days",
        tuple(clip(one, 60) for one in dates),
        row.used_by,
        row.breaking,
        tuple(naming.name(key) for key in row.nearest[:_STOPPING]),
    )


def _chain(naming: Naming, steps: Sequence[PathStep]) -> tuple[str, ...]:
    if not steps:
        return ()
    names = [naming.name(steps[0].source), *(naming.name(step.target) for step in steps)]
    if len(names) <= _NAMES:
        return tuple(names)
    half = _NAMES // 2
    return (*names[:half], "…", *names[-half:])

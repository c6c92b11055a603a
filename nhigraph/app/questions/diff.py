"""What differs between two stored graphs, and why each answer that changed did."""

from dataclasses import replace
from pathlib import Path

from nhigraph.app.judged import Judged, of_stored, opened
from nhigraph.assurance.controls import name_of
from nhigraph.assurance.diff import table
from nhigraph.assurance.diff.causes import TRIALS, differences
from nhigraph.assurance.diff.mixed import Stored
from nhigraph.assurance.diff.rows import Basis, Differing, DiffReport, DiffRow
from nhigraph.assurance.left_out import LeftOut
from nhigraph.errors import UsageError
from nhigraph.graph.called import as_called
from nhigraph.graph.snapshot import Snapshot
from nhigraph.records import dataclass

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
        read_alike: Whether one and the same program read both.
    """

    before: Judged
    after: Judged
    told: Differing
    read_alike: bool = True


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
    first, second = opened(before), opened(after)
    return of_snapshots(
        first, second, option=option, include_disabled=include_disabled, trials=trials
    )


def of_snapshots(
    before: Snapshot,
    after: Snapshot,
    *,
    option: str | None = None,
    include_disabled: bool = False,
    trials: int = TRIALS,
) -> Compared:
    """As ``diff``, of what was read already."""
    graph, claims = as_called(before.graph, after.graph, after.claims)
    after = replace(after, graph=graph, claims=claims)
    first, second = (
        of_stored(one, option=option, include_disabled=include_disabled) for one in (before, after)
    )
    sides = (_made(before, first), _made(after, second))
    found = differences(*sides, first.estate, second.estate, trials)
    alike = before.meta.get("program") == after.meta.get("program")
    return Compared(first, second, table.told(found), alike)


def _made(stored: Snapshot, judged: Judged) -> Stored:
    left_out = LeftOut.kept(stored.meta)
    return Stored(stored.graph, stored.claims, judged.estate.day, left_out)


def report(found: Compared) -> DiffReport:
    """The comparison for a page."""
    keys = {key for row in found.told.rows for key in (row.subject, row.target) if key}
    names: dict[str, str] = {}
    kinds: dict[str, str] = {}
    for side in (found.before, found.after):
        graph = side.estate.graph
        for key in sorted(keys):
            node = graph.node_id(key)
            if node is not None:
                names[key] = str(graph.nodes["name"].iat[node]) or names.get(key, "")
                kinds[key] = graph.kind_list[node]
    controls = {row.subject for row in found.told.rows if row.what == "control"}
    for side in (found.before, found.after):
        known = controls & side.estate.graph.gate_records.keys()
        names |= {key: name_of(side.estate, key) for key in sorted(known)}
    organization = found.after.estate.organization or found.before.estate.organization
    sides = (_basis(found.before), _basis(found.after))
    return DiffReport(organization, *sides, found.told, names, kinds)


def _basis(judged: Judged) -> Basis:
    said = (judged.date.day, judged.date.source, judged.read, judged.gaps)
    return Basis(*said, judged.unread, judged.faults)


def failing_on(condition: str | None, option: str = "--fail-on") -> tuple[str, ...]:
    """In what a verdict must get worse to be what ``--fail-on`` names; in nothing for none.

    Raises:
        UsageError: It names something else.
    """
    if (condition or "none") not in FAILING:
        raise UsageError(f"{option}: expected one of {', '.join(FAILING)}, not {condition!r}")
    return FAILING[condition or "none"]


def failing(told: Differing, condition: str | None) -> list[DiffRow]:
    """Verdicts that appeared or got worse in what ``--fail-on`` names."""
    named = set(failing_on(condition))
    return [row for row in told.rows if named.intersection(row.worse)]

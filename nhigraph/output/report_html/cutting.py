"""The smallest cut of every target, and what every way passes."""

from collections.abc import Mapping, Sequence

from nhigraph.assurance.cut_rows import CutStep, PointRow, TargetCut
from nhigraph.assurance.rows import Assessment
from nhigraph.output import changes_said, clip, spaced
from nhigraph.output.report_html.naming import Naming, word
from nhigraph.records import dataclass

#: Changes, edges and places of one, points and targets that the page shows.
_CHANGES, _EDGES, _PLACES, _POINTS, _TARGETS = 40, 4, 3, 40, 60
_TEXT = 240


@dataclass(frozen=True, slots=True)
class Change:
    """One change of some cuts.

    Attributes:
        number: From 1; targets name their changes by it.
        edges: What goes, in words.
        more_edges: How many more edges go with it.
        targets: Names of the targets whose cut it belongs to.
        identities: The most identities that rest on it alone at one of them.
        statements: What to run or to edit, as far as that is known.
        places: Where it is stated.
    """

    number: int
    edges: tuple[tuple[str, str, str, str], ...]
    more_edges: int
    targets: tuple[str, ...]
    identities: int
    statements: tuple[str, ...]
    places: tuple[str, ...]
    more_places: int


@dataclass(frozen=True, slots=True)
class TargetLine:
    """The cut of one target.

    Attributes:
        key: Key of the target, for the command line.
        numbers: Numbers of its changes that are shown.
        told: What coverage.json says of it.
        proven: No cut costs less.
        others: Answers at other targets that change with it, in words.
    """

    name: str
    key: str
    numbers: tuple[int, ...]
    told: TargetCut
    proven: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A node or right that every way to some targets passes.

    Attributes:
        name: What it is called; of a right, in words.
        kind: What it is.
        targets: Targets, each with how many identities rest on the point.
        gates: Names of the controls that stand there.
        place: Where it is stated.
    """

    name: str
    kind: str
    targets: tuple[tuple[str, int], ...]
    gates: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Cutting:
    """The section; empty of all where no target was looked at."""

    targets: tuple[TargetLine, ...]
    more_targets: int
    changes: tuple[Change, ...]
    more_changes: int
    points: tuple[Point, ...]
    more_points: int
    unlooked: int


def cutting(assessment: Assessment, naming: Naming) -> Cutting:
    """Cuts and choke points."""
    found = assessment.cuts
    changes = _changes(assessment)
    numbers = {key: number for number, key in enumerate(changes, 1)}
    shown = list(changes.items())[:_CHANGES]
    points = _points(assessment, naming)
    told = sorted(found.told, key=lambda one: (-one.stopped, one.target))
    return Cutting(
        tuple(_target(assessment, naming, one, numbers) for one in told[:_TARGETS]),
        max(0, len(told) - _TARGETS),
        tuple(_change(naming, numbers[key], rows) for key, rows in shown),
        len(changes) - len(shown),
        tuple(points[:_POINTS]),
        max(0, len(points) - _POINTS),
        sum(not one.points and not one.left_out for one in found.told),
    )


def _key(rows: Sequence[CutStep]) -> tuple[object, ...]:
    """What makes one change: its edges and their places, whatever target it is of."""
    said = ((r.edge_kind, r.source, r.destination, r.action, r.artifact, r.pointer) for r in rows)
    return tuple(dict.fromkeys(said))


def _changes(assessment: Assessment) -> Mapping[tuple[object, ...], list[CutStep]]:
    """Every change with its rows: what most targets share first, then what most rest on."""
    single: dict[tuple[str, int], list[CutStep]] = {}
    for row in assessment.cuts.rows:
        single.setdefault((row.target, row.rank), []).append(row)
    found: dict[tuple[object, ...], list[CutStep]] = {}
    for rows in single.values():
        found.setdefault(_key(rows), []).extend(rows)
    ranked = sorted(
        found.items(),
        key=lambda one: (
            -len({row.target for row in one[1]}),
            -max(row.identities for row in one[1]),
            one[1][0].source,
            one[1][0].destination,
            one[1][0].edge_kind,
        ),
    )
    return dict(ranked)


def _change(naming: Naming, number: int, rows: Sequence[CutStep]) -> Change:
    edges = dict.fromkeys((row.source, row.edge_kind, row.destination, row.action) for row in rows)
    places = dict.fromkeys(f"{row.artifact} {row.pointer}" for row in rows)
    statements = dict.fromkeys(row.statement for row in rows if row.statement)
    return Change(
        number,
        tuple(
            (naming.name(source), word("edge", kind), naming.name(to), _action(action))
            for source, kind, to, action in list(edges)[:_EDGES]
        ),
        max(0, len(edges) - _EDGES),
        tuple(naming.name(key) for key in dict.fromkeys(row.target for row in rows)),
        max(row.identities for row in rows),
        tuple(clip(one, _TEXT) for one in list(statements)[:_PLACES]),
        tuple(clip(one, _TEXT) for one in list(places)[:_PLACES]),
        max(0, len(places) - _PLACES),
    )


def _action(action: str) -> str:
    return word("action", action) if action else ""


def _target(
    assessment: Assessment,
    naming: Naming,
    told: TargetCut,
    numbers: Mapping[tuple[object, ...], int],
) -> TargetLine:
    mine: dict[int, list[CutStep]] = {}
    for row in assessment.cuts.rows:
        if row.target == told.target:
            mine.setdefault(row.rank, []).append(row)
    at = sorted(numbers[_key(rows)] for rows in mine.values())
    return TargetLine(
        naming.name(told.target),
        clip(told.target, _TEXT),
        tuple(number for number in at if number <= _CHANGES),
        told,
        told.bound >= told.cost,
        tuple(changes_said(assessment.cuts.changed.get(told.target, ()), naming.name)),
    )


def _points(assessment: Assessment, naming: Naming) -> list[Point]:
    """Points with all targets behind them; what most identities rest on first."""
    found: dict[tuple[str, ...], list[PointRow]] = {}
    for row in assessment.cuts.points:
        key = (row.point, row.kind, row.source, row.destination, row.gate)
        found.setdefault(key, []).append(row)
    ranked = sorted(found.values(), key=lambda rows: -max(row.identities for row in rows))
    return [_point(assessment, naming, rows) for rows in ranked]


def _point(assessment: Assessment, naming: Naming, rows: Sequence[PointRow]) -> Point:
    first = rows[0]
    known = {row.gate: row.name for row in assessment.controls}
    right = first.point == "right"
    verb, to = word("edge", first.kind), naming.name(first.destination)
    name = naming.name(first.source)
    return Point(
        f"{name} {verb} {to}" if right else name,
        "right" if right else spaced(first.kind),
        tuple((naming.name(row.target), row.identities) for row in rows),
        tuple(clip(known.get(one) or one, _TEXT) for one in first.gate.split(";") if one),
        clip(f"{first.artifact} {first.pointer}".strip(), _TEXT),
    )

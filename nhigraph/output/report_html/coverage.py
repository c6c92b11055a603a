"""What was read, what was not, and what that would settle."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nhigraph.assurance.rows import Assessment
from nhigraph.output import clip
from nhigraph.output.report_html.naming import Naming, spaced

_MOST_INPUTS = 1000
_MOST_GAPS = 200
_TEXT = 300


@dataclass(frozen=True, slots=True)
class Input:
    """One artifact that was given."""

    artifact: str
    source: str
    status: str
    read: str
    accepted: str
    merged: str
    quarantined: str
    sha256: str
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NodeGap:
    """Gaps at one node, with how many identities reach them."""

    name: str
    reasons: str
    identities: int


@dataclass(frozen=True, slots=True)
class Absent:
    """An export that was not given, and what it would settle."""

    export: str
    settles: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everything a "no path found" stands beside."""

    inputs: tuple[Input, ...]
    more_inputs: int
    partly: int
    gaps: tuple[NodeGap, ...]
    more_gaps: int
    reaching: int
    absent: tuple[Absent, ...]

    @property
    def count(self) -> int:
        """Inputs, shown or not."""
        return len(self.inputs) + self.more_inputs

    @property
    def all_gaps(self) -> int:
        """Nodes with gaps that identities reach, shown or not."""
        return len(self.gaps) + self.more_gaps


@dataclass(frozen=True, slots=True)
class KindTotal:
    """Identities and credentials of one kind."""

    kind: str
    count: int
    inactive: int
    unowned: int


def coverage(assessment: Assessment, naming: Naming) -> Coverage:
    """Coverage as the page tells it.

    ``coverage.json`` is open to new entries, so whatever is absent from it, or of another shape
    than expected, is shown as not recorded instead of failing the page.
    """
    given = [_input(item) for item in _items(assessment.coverage.get("artifacts"))]
    absent = [
        Absent(_cell(item, "export", "source"), _cell(item, "settles"))
        for item in _items(assessment.coverage.get("absent"))
    ]
    gaps = _gaps(assessment, naming)
    return Coverage(
        inputs=tuple(given[:_MOST_INPUTS]),
        more_inputs=max(0, len(given) - _MOST_INPUTS),
        partly=sum(bool(one.skipped or one.quarantined not in {"", "0"}) for one in given),
        gaps=tuple(gaps[:_MOST_GAPS]),
        more_gaps=max(0, len(gaps) - _MOST_GAPS),
        reaching=sum(bool(row.gaps) for row in assessment.identities),
        absent=tuple(absent),
    )


def population(assessment: Assessment) -> tuple[KindTotal, ...]:
    """Totals of population.csv by kind, largest first."""
    counts: Counter[str] = Counter()
    inactive: Counter[str] = Counter()
    unowned: Counter[str] = Counter()
    for row in assessment.population:
        counts[row.kind] += 1
        inactive[row.kind] += row.state in {"disabled", "deleted"}
        unowned[row.kind] += not row.owner
    return tuple(
        KindTotal(spaced(kind), count, inactive[kind], unowned[kind])
        for kind, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _gaps(assessment: Assessment, naming: Naming) -> list[NodeGap]:
    reached: dict[str, int] = defaultdict(int)
    for row in assessment.identities:
        for key in row.gaps:
            reached[key] += 1
    keys = sorted({*reached, *assessment.gap_reasons}, key=lambda key: (-reached[key], key))
    return [
        NodeGap(
            naming.name(key),
            clip("; ".join(assessment.gap_reasons.get(key, ())), _TEXT),
            reached[key],
        )
        for key in keys
    ]


def _items(value: object) -> list[Mapping[str, object]]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [item for item in value if isinstance(item, Mapping)]
    return []


def _input(item: Mapping[str, object]) -> Input:
    return Input(
        artifact=_cell(item, "artifact"),
        source=_cell(item, "source"),
        status=_cell(item, "status"),
        read=_cell(item, "read"),
        accepted=_cell(item, "accepted"),
        merged=_cell(item, "merged"),
        quarantined=_cell(item, "quarantined"),
        sha256=_cell(item, "sha256"),
        skipped=_skipped(item.get("skipped")),
    )


def _cell(item: Mapping[str, object], *names: str) -> str:
    """The first of the named values that is plain; numbers with thousands apart."""
    for name in names:
        value = item.get(name)
        if isinstance(value, bool):
            continue
        if isinstance(value, int):
            return f"{value:,}"
        if isinstance(value, str) and value:
            return clip(value, _TEXT)
    return ""


def _skipped(value: object) -> tuple[str, ...]:
    """Reasons, each with its count or its place, whichever form coverage gives them."""
    if isinstance(value, Mapping):
        return tuple(clip(f"{reason}: {count}", _TEXT) for reason, count in value.items())[:20]
    if isinstance(value, str):
        return (clip(value, _TEXT),) if value else ()
    if not isinstance(value, Sequence):
        return ()
    said = []
    for one in value[:20]:
        if isinstance(one, Mapping):
            where, why = _cell(one, "pointer", "place"), _cell(one, "reason", "problem")
            said.append(": ".join(part for part in (where, why) if part))
        else:
            said.append(clip(str(one), _TEXT))
    more = len(value) - len(said)
    return (*said, *([f"and {more:,} more in coverage.json"] if more else []))

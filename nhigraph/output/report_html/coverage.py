"""What was read, what was not, and what that would settle."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from nhigraph.assurance.rows import Assessment, PopulationRow
from nhigraph.output import clip, spaced
from nhigraph.output.report_html.naming import Naming
from nhigraph.records import dataclass

_MOST_INPUTS = 200
_MOST_GAPS = 100
_MOST_REMARKS = 4
_TEXT = 300
#: Statuses of documents whose facts the answer rests on; one without a status was read.
_READ = ("read", "partial")


@dataclass(frozen=True, slots=True)
class Input:
    """One artifact that was given; ``remarks`` say what of it was set aside, and why."""

    artifact: str
    source: str
    status: str
    records: str
    accepted: str
    merged: str
    quarantined: str
    gaps: str
    sha256: str
    extracted: str
    extracted_by: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NodeGap:
    """Gaps at one node, with how many identities reach them."""

    name: str
    reasons: str
    identities: int


@dataclass(frozen=True, slots=True)
class Absent:
    """An export that was not given, what it would settle, and whether a source would read it."""

    export: str
    settles: str
    command: str
    readable: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everything a "no path found" stands beside.

    Attributes:
        inputs: What was read, whole or in part, up to a bound.
        more_inputs: How many more were read.
        partly: How many of all that were read lost records or their end.
        unread: What was given and not read, up to a bound; the answer does not rest on it.
        more_unread: How many more were not read.
        faulty: How many of the unread are a source's own and could not be read.
        gaps: Nodes with gaps, up to a bound.
        more_gaps: How many more nodes have gaps.
        reaching: Identities that reach a gap.
        absent: Exports nobody supplied.
    """

    inputs: tuple[Input, ...]
    more_inputs: int
    partly: int
    unread: tuple[Input, ...]
    more_unread: int
    faulty: int
    gaps: tuple[NodeGap, ...]
    more_gaps: int
    reaching: int
    absent: tuple[Absent, ...]

    @property
    def count(self) -> int:
        """Inputs read, shown or not."""
        return len(self.inputs) + self.more_inputs

    @property
    def unrecognised(self) -> int:
        """Files given that are of no source, shown or not."""
        return len(self.unread) + self.more_unread - self.faulty

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
    given = _items(assessment.coverage.get("artifacts"))
    read = [item for item in given if item.get("status", "read") in _READ]
    unread = [item for item in given if item.get("status", "read") not in _READ]
    absent = {
        Absent(
            _wanted(item),
            _cell(item, "settles"),
            _cell(item, "command"),
            item.get("readable") is not False,
        ): None
        # What would tell of a control comes first: exposure waits for it.
        for item in sorted(
            _items(assessment.coverage.get("absent")), key=lambda one: not one.get("gate")
        )
    }
    gaps = _gaps(assessment, naming)
    return Coverage(
        inputs=tuple(_input(item) for item in read[:_MOST_INPUTS]),
        more_inputs=max(0, len(read) - _MOST_INPUTS),
        partly=sum(
            item.get("status") == "partial" or bool(item.get("quarantined")) for item in read
        ),
        unread=tuple(_input(item) for item in unread[:_MOST_INPUTS]),
        more_unread=max(0, len(unread) - _MOST_INPUTS),
        faulty=sum(item.get("status") in ("unreadable", "failed") for item in unread),
        gaps=tuple(gaps[:_MOST_GAPS]),
        more_gaps=max(0, len(gaps) - _MOST_GAPS),
        reaching=sum(bool(row.gaps) for row in assessment.identities),
        absent=tuple(absent),
    )


def _wanted(item: Mapping[str, object]) -> str:
    """What the export is called, and what was answered to whoever asked for it."""
    answer, what = item.get("answer"), _cell(item, "title", "export", "source")
    return f"{what} (not permitted: {answer})" if answer else what


def totals(rows: Iterable[PopulationRow]) -> tuple[KindTotal, ...]:
    """Totals of population.csv, or of people.csv, by kind, largest first."""
    counts: Counter[str] = Counter()
    inactive: Counter[str] = Counter()
    unowned: Counter[str] = Counter()
    for row in rows:
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
    problem = item.get("problem")
    remarks = [_remark(problem)] if isinstance(problem, Mapping) else []
    return Input(
        artifact=_cell(item, "artifact"),
        source=_cell(item, "source"),
        status=_cell(item, "status"),
        records=_cell(item, "records"),
        accepted=_cell(item, "accepted"),
        merged=_cell(item, "merged"),
        quarantined=_cell(item, "quarantined"),
        gaps=_count(item.get("gaps")),
        sha256=_cell(item, "sha256"),
        extracted=_cell(item, "extracted"),
        extracted_by=_cell(item, "extracted_by"),
        remarks=(
            *remarks,
            *_remarks(item.get("skipped")),
            *_remarks(item.get("gaps")),
            *_remarks(item.get("notes")),
        ),
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


def _count(lines: object) -> str:
    """How many lines of one sort there are; nothing where that is not recorded."""
    many = lines.get("count") if isinstance(lines, Mapping) else None
    return f"{many:,}" if isinstance(many, int) else ""


def _remarks(lines: object) -> tuple[str, ...]:
    """The first lines of one sort, and how many there are beside them."""
    if not isinstance(lines, Mapping):
        return ()
    listed = _items(lines.get("listed"))
    shown = [_remark(one) for one in listed[:_MOST_REMARKS]]
    total = lines.get("count")
    more = (total if isinstance(total, int) else len(listed)) - len(shown)
    return (*shown, *([f"and {more:,} more in coverage.json"] if more > 0 else []))


def _remark(line: Mapping[str, object]) -> str:
    where, why = _cell(line, "pointer"), _cell(line, "reason")
    return ": ".join(part for part in (where, why) if part)

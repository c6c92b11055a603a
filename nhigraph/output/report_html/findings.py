"""What the rules find, one line for a subject and rule."""

from nhigraph.assurance.found import FindingRow, Untold
from nhigraph.assurance.rows import Assessment
from nhigraph.output import clip
from nhigraph.output.report_html.naming import Naming, short_key
from nhigraph.records import dataclass

#: Lines that the page shows; findings.csv has all.
_SHOWN = 40
_TEXT = 200
#: Targets and edges that a line names.
_NAMED = 6


@dataclass(frozen=True, slots=True)
class Line:
    """Findings of one rule about one subject that are equally bad.

    Attributes:
        severity: How bad.
        title: What the rule finds.
        name: Name of the subject.
        key: Its key, where the name is another.
        owner: Who owns it; empty where nobody says.
        targets: Names of the targets that it bears on, as many as are named.
        more: How many more there are.
        ends: Edges whose removal ends the first of them, as many as are named.
        controls: Identifiers.
        place: Where it is said.
    """

    severity: str
    title: str
    name: str
    key: str
    owner: str
    targets: tuple[str, ...]
    more: int
    ends: tuple[str, ...]
    controls: str
    place: str


@dataclass(frozen=True, slots=True)
class Findings:
    """The table.

    Attributes:
        lines: The worst first, up to a bound.
        more: How many more there are.
        unknown: Rules that could not say of somebody, and of how many.
    """

    lines: tuple[Line, ...]
    more: int
    unknown: tuple[tuple[str, int], ...]


def findings(assessment: Assessment, naming: Naming) -> Findings:
    """The findings, those of one rule about one subject together."""
    together: dict[tuple[str, str, str], list[FindingRow]] = {}
    for row in assessment.findings.rows:
        together.setdefault((row.severity, row.rule, row.subject), []).append(row)
    untold = Untold.of(assessment.findings.not_known).of_rule
    unknown = sorted((rule, len(some)) for rule, some in untold.items())
    lines = [_line(rows, naming) for rows in list(together.values())[:_SHOWN]]
    return Findings(tuple(lines), len(together) - len(lines), tuple(unknown))


def _line(rows: list[FindingRow], naming: Naming) -> Line:
    first = rows[0]
    targets = [row.target for row in rows if row.target]
    name = naming.name(first.subject)
    return Line(
        first.severity,
        clip(first.title.partition(": ")[0], _TEXT),
        name,
        short_key(first.subject) if name != first.subject else "",
        clip(first.owner, _TEXT),
        tuple(naming.name(key) for key in targets[:_NAMED]),
        max(len(targets) - _NAMED, 0),
        tuple(clip(edge, _TEXT) for edge in first.cut_edge[:_NAMED]),
        ", ".join(first.controls),
        clip(f"{first.artifact} {first.pointer}".strip(), _TEXT),
    )

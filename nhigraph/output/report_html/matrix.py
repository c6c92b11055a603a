"""Identities by targets; verdicts by exposures where that would be too large to read."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nhigraph.assurance.rows import Assessment, Target, VerdictRow
from nhigraph.assurance.verdict import EXPOSURES, VERDICTS
from nhigraph.output import clip, spaced
from nhigraph.output.report_html.cards import ALL_OTHERS, by_identity, order
from nhigraph.output.report_html.naming import Naming, word

_MOST_ROWS = 60
_MOST_COLUMNS = 12
_ID = 40
_SOC1 = ("none", "undetermined", "indirect", "direct")


@dataclass(frozen=True, slots=True)
class Column:
    """A target; the categories of one trust target stand together."""

    id: str
    about: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What one identity can do at one target."""

    verdict: str
    text: str
    exposure: str


@dataclass(frozen=True, slots=True)
class Row:
    """One identity."""

    name: str
    kind: str
    anchor: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows are worst first; identities without any mark are counted, not listed."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unmarked: int


def matrix(assessment: Assessment, naming: Naming, anchors: Mapping[str, str]) -> Matrix | None:
    """Identities by targets, or None where that is more than a reader takes in."""
    columns = _columns(assessment.targets)
    rows = by_identity(assessment, {row.identity for row in assessment.identities})
    marked = [row for row in order(assessment.identities) if row.identity in rows]
    if len(columns) > _MOST_COLUMNS or len(marked) > _MOST_ROWS or not columns or not marked:
        return None
    return Matrix(
        columns=tuple(_column(targets) for targets in columns),
        rows=tuple(
            Row(
                name=naming.name(row.identity),
                kind=spaced(row.kind),
                anchor=anchors.get(row.identity, ""),
                cells=tuple(_cell(rows[row.identity], targets) for targets in columns),
            )
            for row in marked
        ),
        unmarked=len(assessment.identities) - len(marked),
    )


def crosstab(assessment: Assessment) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    """Per verdict, how many identities have which exposure."""
    counts = Counter((row.verdict, row.exposure) for row in assessment.identities)
    return tuple(
        (verdict, tuple((exposure, counts[verdict, exposure]) for exposure in EXPOSURES))
        for verdict in VERDICTS
    )


def _columns(targets: Sequence[Target]) -> list[tuple[Target, ...]]:
    together: dict[tuple[str, str], list[Target]] = defaultdict(list)
    for target in targets:
        together[target.family, target.id].append(target)
    return [tuple(together[key]) for key in sorted(together)]


def _column(targets: tuple[Target, ...]) -> Column:
    first = targets[0]
    if first.dead:
        lost = "not understood in the scope" if first.refused else "not found in the inputs"
        return Column(clip(first.id, _ID), lost)
    if first.family == "financial-reporting":
        return Column(clip(first.id, _ID), f"books · {word('role', first.fs_role)}")
    letters = " ".join(target.category for target in targets)
    return Column(clip(first.id, _ID), f"trust · {letters}")


def _cell(rows: Sequence[VerdictRow], targets: tuple[Target, ...]) -> Cell | None:
    keys = {target.key for target in targets}
    mine = [row for row in rows if row.target in keys]
    if not mine:
        mine = [row for row in rows if row.target == ALL_OTHERS and _concerns(row, targets[0])]
    if not mine:
        return None
    verdict, text = _said(mine)
    return Cell(verdict, text, min((row.exposure for row in mine), key=EXPOSURES.index))


def _said(rows: Sequence[VerdictRow]) -> tuple[str, str]:
    """Verdict and words of the rows of one identity at one column of targets."""
    soc1 = max((row.soc1 for row in rows), key=_SOC1.index)
    letters = list(dict.fromkeys(letter for row in rows for letter in row.soc2))
    promised = " ".join(letter for letter in letters if letter != "undetermined")
    outside = dict.fromkeys(letter for row in rows for letter in row.soc2_outside)
    if soc1 in {"direct", "indirect"}:
        return ("both", f"{soc1}, {promised}") if promised else ("soc1", soc1)
    if soc1 == "undetermined" or (letters and not promised):
        return "undetermined", "not decided"
    return ("soc2", promised) if promised else ("neither", f"{' '.join(outside)}, not promised")


def _concerns(row: VerdictRow, target: Target) -> bool:
    """Whether a row for all other targets says something of this one."""
    if target.family == "financial-reporting":
        return row.soc1 == "undetermined" and target.fs_role != "none"
    return "undetermined" in row.soc2

"""Identities by targets, the worst first; identities with the same cells are one row."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from nhigraph.assurance.lacking import lack
from nhigraph.assurance.listed import order
from nhigraph.assurance.rows import Assessment, IdentityRow, Target, VerdictRow
from nhigraph.assurance.verdict import EXPOSURES
from nhigraph.output import clip, spaced, words
from nhigraph.output.report_html.lines import ALL_OTHERS
from nhigraph.output.report_html.naming import Naming, word
from nhigraph.output.report_html.telling import Telling
from nhigraph.records import dataclass

_MOST_ROWS = 60
_MOST_COLUMNS = 24
#: Columns above which cells are marks, and names of targets stand upright.
_WIDE = 8
#: Identities of one row whose names the page has; all of them stand in the list of identities.
_MOST_NAMED = 60
#: Identities with the same cells that are one row.
ALIKE = 3
_ID = 40
_SOC1 = ("none", "undetermined", "indirect", "direct")


class _Told(NamedTuple):
    """A cell without its link."""

    verdict: str
    mark: str
    text: str
    letters: str
    exposure: str


class _Marked(NamedTuple):
    """An identity with something to show: by column what, and the first target there."""

    row: IdentityRow
    cells: Mapping[int, tuple[_Told, str]]


@dataclass(frozen=True, slots=True)
class Column:
    """A target; the categories of one trust target stand together."""

    id: str
    about: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What one identity can do at one target.

    Attributes:
        verdict: The verdict there.
        mark: What stands for it.
        text: The answer in words.
        letters: Letters of promises alone.
        exposure: How open it is.
        link: Id of the line that says more.
    """

    verdict: str
    mark: str
    text: str
    letters: str
    exposure: str
    link: str


@dataclass(frozen=True, slots=True)
class Row:
    """One identity, or several with the same cells.

    Attributes:
        name: Name; of several what their names have in common, or nothing.
        kind: In words.
        anchor: Id of the first one's card.
        exposure: How open the worst of it is.
        cells: In the order of the columns.
        alike: Names and links of all where there are several.
        count: How many there are.
    """

    name: str
    kind: str
    anchor: str
    exposure: str
    cells: tuple[Cell | None, ...]
    alike: tuple[tuple[str, str], ...]
    count: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows are worst first; identities without any mark are counted, not listed.

    Attributes:
        columns: Targets.
        rows: Identities with something to show.
        more: How many identities with something to show stand in no row.
        more_columns: How many targets have no column.
        unmarked: How many identities have nothing to show.
        dense: Cells are marks.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    more: int
    more_columns: int
    unmarked: int
    dense: bool


def matrix(
    assessment: Assessment, naming: Naming, rows: Telling, places: Mapping[tuple[str, str], str]
) -> Matrix | None:
    """Identities by targets; None where there is none of either.

    Args:
        assessment: What was answered.
        naming: Names of the page.
        rows: Telling that say something, by identity.
        places: Identity and target to the id of the line that says more of them.
    """
    every = _columns(assessment.targets)
    columns = _chosen(every, rows)
    marked = [row for row in order(assessment.identities) if row.identity in rows]
    if not columns or not marked:
        return None
    at_column = {one.key: at for at, many in enumerate(columns) for one in many}
    shown = rows.at({ALL_OTHERS, *at_column})
    told: dict[object, _Told] = {}
    alike: dict[object, list[_Marked]] = {}
    for row in marked:
        who = row.identity
        mine = _by_column(shown[who], at_column, columns) if who in shown else {}
        said = {at: _told(many, told) for at, many in sorted(mine.items())}
        cells = tuple((at, one.verdict, one.text, one.exposure) for at, one in said.items())
        alike.setdefault((row.kind, row.verdict, row.exposure, cells), []).append(
            _Marked(row, {at: (one, mine[at][0].target) for at, one in said.items()})
        )
    made = [
        (many[0].row.identity, many)
        for group in alike.values()
        for many in ([group] if len(group) >= ALIKE else [[one] for one in group])
    ]
    at = {row.identity: number for number, row in enumerate(marked)}
    made.sort(key=lambda pair: at[pair[0]])
    first = tuple(_row(naming, many, len(columns), places) for _, many in made[:_MOST_ROWS])
    return Matrix(
        columns=tuple(_column(targets) for targets in columns),
        rows=first,
        more=len(marked) - sum(row.count for row in first),
        more_columns=len(every) - len(columns),
        unmarked=len(assessment.identities) - len(marked),
        dense=len(columns) > _WIDE,
    )


def stem(names: Sequence[str]) -> str:
    """What names have in common at their beginning, up to a whole word; may be empty."""
    # Between the first and the last in order stand all others.
    first, last = min(names), max(names)
    length = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), None)
    common = first[:length]
    while common and common[-1].isalnum() and first != last:
        common = common[:-1]
    found = common.strip(" -_/.:#")
    return f"{found} …" if len(found) > 2 else ""  # noqa: PLR2004 - two letters say nothing


def _row(
    naming: Naming,
    many: Sequence[_Marked],
    width: int,
    places: Mapping[tuple[str, str], str],
) -> Row:
    first = many[0].row
    names = [naming.name(one.row.identity) for one in many]
    links = [places.get((one.row.identity, ""), "") for one in many]
    single = len(many) == 1
    cells: list[Cell | None] = [None] * width
    for at, (said, target) in many[0].cells.items():
        link = places.get((first.identity, target)) or links[0]
        cells[at] = Cell(said.verdict, said.mark, said.text, said.letters, said.exposure, link)
    return Row(
        name=names[0] if single else clip(stem(names), _ID),
        kind=spaced(first.kind),
        anchor=links[0],
        exposure=first.exposure,
        cells=tuple(cells),
        alike=() if single else tuple(zip(names, links, strict=True))[:_MOST_NAMED],
        count=len(many),
    )


def _columns(targets: Sequence[Target]) -> list[tuple[Target, ...]]:
    together: dict[tuple[str, str], list[Target]] = defaultdict(list)
    for target in targets:
        together[target.family, target.id].append(target)
    return [tuple(together[key]) for key in sorted(together)]


def _chosen(columns: list[tuple[Target, ...]], rows: Telling) -> list[tuple[Target, ...]]:
    """Those that most identities reach, in their order, where there are too many."""
    if len(columns) <= _MOST_COLUMNS:
        return columns
    reached = rows.reaching()
    ranked = sorted(columns, key=lambda many: -sum(reached.get(one.key, 0) for one in many))
    chosen = set(ranked[:_MOST_COLUMNS])
    return [column for column in columns if column in chosen]


def _column(targets: tuple[Target, ...]) -> Column:
    first = targets[0]
    if first.dead:
        return Column(clip(first.id, _ID), lack(first))
    if first.family == "financial-reporting":
        return Column(clip(first.id, _ID), f"books · {word('role', first.fs_role)}")
    letters = " ".join(target.category for target in targets)
    return Column(clip(first.id, _ID), f"trust · {letters}")


def _by_column(
    rows: Sequence[VerdictRow], at_column: Mapping[str, int], columns: Sequence[tuple[Target, ...]]
) -> dict[int, list[VerdictRow]]:
    """Rows of one identity by the number of their column; what is said of all others last."""
    found: dict[int, list[VerdictRow]] = {}
    others = []
    for row in rows:
        if row.target == ALL_OTHERS:
            others.append(row)
        elif (at := at_column.get(row.target)) is not None:
            found.setdefault(at, []).append(row)
    for at in range(len(columns)) if others else ():
        concerned = [row for row in others if _concerns(row, columns[at][0])]
        if at not in found and concerned:
            found[at] = concerned
    return found


def _told(rows: Sequence[VerdictRow], known: dict[object, _Told]) -> _Told:
    """What rows at one column come to; few rows say anything that others do not."""
    key = tuple((row.soc1, row.soc2, row.soc2_outside, row.exposure) for row in rows)
    if key not in known:
        exposure = min((row.exposure for row in rows), key=EXPOSURES.index)
        known[key] = _Told(*_said(rows), exposure)
    return known[key]


def _said(rows: Sequence[VerdictRow]) -> tuple[str, str, str, str]:
    """Verdict, mark, words and letters of the rows of one identity at one column of targets."""
    soc1 = max((row.soc1 for row in rows), key=_SOC1.index)
    letters = list(dict.fromkeys(letter for row in rows for letter in row.soc2))
    promised = " ".join(letter for letter in letters if letter != "undetermined")
    outside = " ".join(dict.fromkeys(letter for row in rows for letter in row.soc2_outside))
    if soc1 in {"direct", "indirect"}:
        verdict = "both" if promised else "soc1"
        mark = f"{'▲' if soc1 == 'direct' else '△'}{'●' if promised else ''}"
        return verdict, mark, f"{soc1}, {promised}" if promised else soc1, promised
    if soc1 == "undetermined" or (letters and not promised):
        return "undetermined", "?", word("verdict", "undetermined").lower(), ""
    if promised:
        return "soc2", "●", promised, promised
    return "neither", words()["verdict_mark"]["neither"], f"{outside}, not promised", outside


def _concerns(row: VerdictRow, target: Target) -> bool:
    """Whether a row for all other targets says something of this one."""
    if target.family == "financial-reporting":
        return row.soc1 == "undetermined" and target.fs_role != "none"
    return "undetermined" in row.soc2

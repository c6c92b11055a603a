"""The CSV files of an output folder, as text: RFC 4180 with LF and the fewest quotes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any, Final

import numpy as np

from nhigraph.assurance.cut_rows import CutStep, PointRow
from nhigraph.assurance.found import FindingRow
from nhigraph.assurance.path_rows import laid_steps
from nhigraph.assurance.question_rows import QuestionRow
from nhigraph.assurance.rotation_rows import RotationRow
from nhigraph.assurance.rows import (
    Alternative,
    ControlRow,
    IdentityRow,
    PathStep,
    PopulationRow,
    VerdictRow,
)
from nhigraph.assurance.verdict_rows import UNKNOWN, VerdictRows
from nhigraph.assurance.which_rows import WhichRow
from nhigraph.graph.store import Ints, objects
from nhigraph.output import columns

#: A cell that a spreadsheet would run, a cell that needs quotes, a character that UTF-8 has not.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_QUOTED = re.compile(r'[",\r\n]')
_SURROGATE = re.compile("[\ud800-\udfff]")
#: Any of them.
_SPECIAL = re.compile('[",\r\n\ud800-\udfff]|\\A[=+\\-@\t]')
#: Rows whose columns are made together: few enough to be still at hand for the next column.
_TOGETHER = 1 << 10
_NO_STEPS: Final[Ints] = np.zeros(0, dtype=np.int64)
#: Types of cells of which two that are equal are written alike.
_TOLD_APART = {str, tuple, int, type(None)}
#: Put before every cell, so that what makes one special is found in all of them at once.
_BEFORE = "\x1f"
_MARKS = (*',"\r\n', *(f"{_BEFORE}{mark}" for mark in "=+-@\t"))


def identities_csv(rows: Iterable[IdentityRow]) -> str:
    """Text of identities.csv."""
    return _csv(IdentityRow, rows)


def verdicts_csv(rows: Iterable[VerdictRow]) -> str:
    """Text of verdicts.csv."""
    table = VerdictRows.of(rows)
    named = columns(VerdictRow)
    fields = [field for _, field in named]
    first, last = fields.index("steps"), fields.index("path_id") + 1
    before, after = _cells(table.sorts, fields[1:first]), _cells(table.sorts, fields[last:])
    keys, names = _Written().of(table.keys), _Written().of(table.names)
    keys, names = [*keys], [*names]
    sort, steps = table.sort.tolist(), table.steps.tolist()
    lines = [
        f"{keys[who]},{before[of]},{'' if count == UNKNOWN else count},{names[name]},{after[of]}\n"
        for who, of, count, name in zip(
            table.who.tolist(), sort, steps, table.name.tolist(), strict=True
        )
    ]
    return "".join((_line([column for column, _ in named]), *lines))


def _cells(rows: Sequence[object], fields: Sequence[str]) -> Sequence[str]:
    """Some fields of each row, as they stand in the file side by side."""
    made = [_Written().of([*map(attrgetter(field), rows)]) for field in fields]
    return [*map(",".join, zip(*made, strict=True))]


def paths_csv(
    paths: Sequence[Mapping[str, Sequence[PathStep]]],
    alternatives: Mapping[str, Sequence[Alternative]],
) -> str:
    """Text of paths.csv: paths by id, each in the order of its steps, then its alternatives.

    A path that several mappings have stands there once.
    """
    named = columns(PathStep)
    known = {path_id for some in paths for path_id in some}
    several = [(some, 0) for some in paths]
    for at in range(max(map(len, alternatives.values()), default=0)):
        told = ((path_id, ways) for path_id, ways in alternatives.items() if path_id in known)
        several.append(({one: ways[at] for one, ways in told if at < len(ways)}, at + 1))
    ways = _Ways([field for _, field in named][2:-1], several)
    return _line([column for column, _ in named]) + ways.text()


class _Ways:
    """Steps of ways as lines of paths.csv, sorted by path, by number of the way, and by step."""

    def __init__(
        self,
        fields: Sequence[str],
        several: Sequence[tuple[Mapping[str, Sequence[PathStep]], int]],
    ) -> None:
        """Lay out the ways.

        Args:
            fields: What a step says whatever path it is on.
            several: Ways by path, and the number that they have there.
        """
        owner = {
            (one, number): part for part, (some, number) in enumerate(several) for one in some
        }
        self._ids = [path_id for path_id, _ in sorted(owner)]
        #: Per step its way, and its place among the texts: what is alike is written once.
        self._of, self._at, self._texts = _NO_STEPS, _NO_STEPS, list[str]()
        rank = {way: at for at, way in enumerate(sorted(owner))}
        for part, (some, number) in enumerate(several):
            told = laid_steps(some)
            own = [rank[one, number] if owner[one, number] == part else -1 for one in told.ids]
            way = np.array(own, dtype=np.int64)[told.of]
            kept = way >= 0
            self._of = np.concatenate([self._of, way[kept]])
            self._at = np.concatenate([self._at, told.places[kept] + len(self._texts)])
            self._texts += [f"{cells},{number}\n" for cells in _cells(told.sorts, fields)]

    def text(self) -> str:
        """The lines."""
        order = np.argsort(self._of, kind="stable")
        of, at = self._of[order], self._at[order]
        number = np.arange(len(of)) - np.searchsorted(of, of)
        numbers = [f",{one}," for one in range(1, int(number.max(initial=0)) + 2)]
        told = ((map(_cell, self._ids), of), (numbers, number), (self._texts, at))
        cells = (objects([*texts])[places].tolist() for texts, places in told)
        return "".join(map("".join, zip(*cells, strict=True)))


def population_csv(rows: Iterable[PopulationRow]) -> str:
    """Text of population.csv."""
    return _csv(PopulationRow, rows)


def controls_csv(rows: Iterable[ControlRow]) -> str:
    """Text of controls.csv."""
    return _csv(ControlRow, rows)


def people_csv(rows: Iterable[PopulationRow]) -> str:
    """Text of people.csv: the columns of population.csv."""
    return _csv(PopulationRow, rows)


def cuts_csv(rows: Iterable[CutStep]) -> str:
    """Text of cuts.csv."""
    return _csv(CutStep, rows)


def choke_points_csv(rows: Iterable[PointRow]) -> str:
    """Text of choke_points.csv."""
    return _csv(PointRow, rows)


def questions_csv(rows: Iterable[QuestionRow]) -> str:
    """Text of questions.csv: labels of answers, joined."""
    return _csv(QuestionRow, rows)


def which_csv(rows: Iterable[WhichRow]) -> str:
    """Text of which.csv."""
    return _csv(WhichRow, rows)


def rotation_csv(rows: Iterable[RotationRow]) -> str:
    """Text of rotation.csv."""
    return _csv(RotationRow, rows)


def findings_csv(rows: Iterable[FindingRow]) -> str:
    """Text of findings.csv."""
    return _csv(FindingRow, rows)


def rows_csv(row_type: type, rows: Iterable[object]) -> str:
    """Rows of any one type under their columns; the columns alone where there are no rows."""
    return _csv(row_type, rows)


def cells_csv(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Cells under the names of their columns, where no type of row has them."""
    lines = [_line(list(names))]
    lines += (_line([_text(value) for value in row]) for row in rows)
    return "".join(lines)


def _csv(row_type: type, rows: Iterable[object]) -> str:
    named = columns(row_type)
    written = [(attrgetter(field), _Written()) for _, field in named]
    parts = [_line([column for column, _ in named])]
    told = iter(rows)
    while some := list(islice(told, _TOGETHER)):
        made = [one.of([*map(cell, some)]) for cell, one in written]
        parts += ("\n".join(map(",".join, zip(*made, strict=True))), "\n")
    return "".join(parts)


class _Written:
    """Cells of one column as they stand in the file: each distinct one is looked at once."""

    def __init__(self) -> None:
        self._cells: dict[object, str] = {}
        #: Whether some cell seen is written otherwise than it is.
        self._other = False

    def of(self, values: Sequence[Any]) -> Iterable[str]:
        """The cells, in their order."""
        types = set(map(type, values))
        if not types <= _TOLD_APART:
            # What equals another value may be written otherwise: 1 and True, 0.0 and -0.0.
            return [_cell(_text(value)) for value in values]
        fresh = list(set(values).difference(self._cells))
        texts = fresh if types == {str} else [_text(value) for value in fresh]
        told = texts if _plain(texts) else [_cell(text) for text in texts]
        self._cells.update(zip(fresh, told, strict=True))
        self._other |= told is not fresh
        # Texts that are written as they are need not be looked up.
        return map(self._cells.__getitem__, values) if self._other else values


def _plain(texts: Iterable[str]) -> bool:
    """Whether surely every text is written as it is."""
    every = _BEFORE.join(("", *texts))
    return every.isascii() and not any(mark in every for mark in _MARKS)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return ";".join(value)
    return "" if value is None else str(value)


def _line(cells: Sequence[str]) -> str:
    return ",".join(map(_cell, cells)) + "\n"


def _cell(text: str) -> str:
    if _SPECIAL.search(text) is None:
        return text
    # A lone surrogate can come out of a JSON escape; it has no UTF-8, so it is spelt.
    text = _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    if _FORMULA.match(text):
        text = "'" + text
    if _QUOTED.search(text):
        text = '"' + text.replace('"', '""') + '"'
    return text

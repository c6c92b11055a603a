"""What flows through a query: sets of input relations, column by column.

An input relation is one bit of an integer, so that sets unite by ``|``.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from nhigraph.records import dataclass

#: More columns than any warehouse allows in one table; a chain of ``*, *`` doubles them.
MOST_COLUMNS = 20_000


class UnsureError(Exception):
    """The query says something that is not understood; nothing may be concluded from it."""


class Flow(NamedTuple):
    """Inputs that reach one value.

    Attributes:
        values: Inputs whose values it is made of.
        rows: Inputs that only decide which rows it is made of.
    """

    values: int = 0
    rows: int = 0

    @property
    def any(self) -> int:
        """Inputs that reach it in either way."""
        return self.values | self.rows


NOTHING = Flow()


def unite(flows: Iterable[Flow]) -> Flow:
    """What reaches a value made of all of these."""
    values = rows = 0
    for flow in flows:
        values |= flow.values
        rows |= flow.rows
    return Flow(values, rows)


@dataclass(frozen=True)
class Table:
    """A relation inside a query: an input, a subquery, a CTE, the query itself.

    Attributes:
        columns: Known columns in order; the name is lower-case, and empty where nobody can know
            it.
        rest: Flow of columns that are not known by name; absent where all are known.
        rows: Inputs that decide which rows it has.
        base: Inputs whose rows it is made of.
    """

    columns: tuple[tuple[str, Flow], ...] = ()
    rest: Flow | None = None
    rows: int = 0
    base: int = 0

    def __post_init__(self) -> None:
        """Refuse a width that only a hostile text can have."""
        if len(self.columns) > MOST_COLUMNS:
            raise UnsureError("more columns than any table can have")

    @cached_property
    def by_name(self) -> dict[str, Flow]:
        """Columns by name; those of one name unite, because which one is meant depends."""
        found: dict[str, Flow] = {}
        for name, flow in self.columns:
            found[name] = unite((found[name], flow)) if name in found else flow
        return found

    @cached_property
    def whole(self) -> Flow:
        """All columns at once."""
        flows = [flow for _, flow in self.columns]
        return unite(flows if self.rest is None else [*flows, self.rest])

    @cached_property
    def unknown(self) -> Flow | None:
        """What a column of a name nobody knows may be made of; absent where all are known."""
        unnamed = self.by_name.get("")
        found = [flow for flow in (self.rest, unnamed) if flow is not None]
        return unite(found) if found else None

    @property
    def every(self) -> int:
        """Inputs with any effect on it."""
        return self.whole.any | self.rows | self.base

    def column(self, name: str) -> Flow:
        """One column; all of the table where no column has that name and none is unknown."""
        if name in self.by_name:
            return self.by_name[name]
        return self.whole if self.unknown is None else self.unknown

    def has(self, name: str) -> bool:
        """Whether a column of that name is known."""
        return name in self.by_name

    def renamed(self, names: Sequence[str]) -> "Table":
        """With new column names from the left, as in ``AS t(a, b)``."""
        if not names:
            return self
        if self.rest is not None:
            # How many columns `*` stands for is unknown, so any name may be any column.
            columns = tuple((name, self.whole) for name in names)
            return Table(columns, self.whole, self.rows, self.base)
        kept = [name for name, _ in self.columns[len(names) :]]
        flows = [flow for _, flow in self.columns]
        columns = tuple(zip([*names, *kept], flows, strict=False))
        return Table(columns, None, self.rows, self.base)

    def blurred(self) -> "Table":
        """Any column may come from any column and decide any row, as behind a PIVOT."""
        return Table((), self.whole, self.rows | self.whole.any, self.base)


def union(left: Table, right: Table, *, by_name: bool) -> Table:
    """Rows of both, column by column."""
    rows, base = left.rows | right.rows, left.base | right.base
    if by_name:
        names = list(dict.fromkeys([*left.by_name, *right.by_name]))
        tables = (left, right)
        columns = tuple(
            (name, unite(table.column(name) for table in tables if _may_have(table, name)))
            for name in names
        )
        rests = [table.rest for table in tables if table.rest is not None]
        return Table(columns, unite(rests) if rests else None, rows, base)
    if left.rest is None and right.rest is None and len(left.columns) == len(right.columns):
        pairs = zip(left.columns, right.columns, strict=True)
        return Table(tuple((n, unite((f, g))) for (n, f), (_, g) in pairs), None, rows, base)
    # A `*` hides how many columns stand before the next: any may meet any.
    columns = tuple((name, unite((flow, right.whole))) for name, flow in left.columns)
    rest = unite([right.whole] if left.rest is None else [left.rest, right.whole])
    return Table(columns, rest, rows, base)


def _may_have(table: Table, name: str) -> bool:
    return table.has(name) or table.unknown is not None

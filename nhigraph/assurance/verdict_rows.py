"""Rows of verdicts.csv in columns: what rows say alike is one object, and a row is made when read.

A row is an identity, a sort and a path. The sort is all that verdict, target and gaps say; an
estate has far fewer sorts than rows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from itertools import pairwise
from typing import overload

import numpy as np

from nhigraph.assurance.row_order import badness
from nhigraph.assurance.rows import VerdictRow
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass

#: Rows that are kept once they were made; of more, each is made whenever it is read.
_KEPT = 250_000
#: Instead of a number of steps where none is known.
UNKNOWN = -1


@dataclass(eq=False, repr=False)
class VerdictRows(Sequence[VerdictRow]):
    """Rows of verdicts.csv.

    Attributes:
        keys: Keys of identities.
        who: Per row, the place of its identity among these.
        sorts: What rows say besides: rows without identity, steps and path.
        sort: Per row, the place of its sort among these.
        steps: Per row, the steps of its path; -1 where they are not known.
        name: Per row, the place of its path's id among the names.
        names: Ids of paths; the first is empty.
    """

    keys: Sequence[str]
    who: Ints
    sorts: Sequence[VerdictRow]
    sort: Ints
    steps: Ints
    name: Ints
    names: Sequence[str]
    _made: list[VerdictRow] | None = field(default=None, init=False)

    @classmethod
    def of(cls, rows: Iterable[VerdictRow]) -> "VerdictRows":
        """The columns of some rows, which may be columns already."""
        if isinstance(rows, VerdictRows):
            return rows
        told = [*rows]
        keys: dict[str, int] = {}
        names, sorts = {"": 0}, dict[VerdictRow, int]()
        who = [keys.setdefault(row.identity, len(keys)) for row in told]
        sort = [sorts.setdefault(row.of("", None, ""), len(sorts)) for row in told]
        name = [names.setdefault(row.path_id, len(names)) for row in told]
        steps = [UNKNOWN if row.steps is None else row.steps for row in told]
        columns = (np.array(column, dtype=np.int64) for column in (who, sort, steps, name))
        of, alike, counts, called = columns
        return cls([*keys], of, [*sorts], alike, counts, called, [*names])

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.who)

    def __iter__(self) -> Iterator[VerdictRow]:
        """The rows, one after another."""
        if len(self) > _KEPT:
            return self._rows(slice(None))
        if self._made is None:
            self._made = [*self._rows(slice(None))]
        return iter(self._made)

    @overload
    def __getitem__(self, at: int) -> VerdictRow: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[VerdictRow]: ...
    def __getitem__(self, at: int | slice) -> VerdictRow | Sequence[VerdictRow]:
        """One row, or some."""
        if isinstance(at, slice):
            return self._made[at] if self._made is not None else [*self._rows(at)]
        if self._made is not None:
            return self._made[at]
        cells = (self.who[at], self.sort[at], self.steps[at], self.name[at])
        who, sort, steps, name = map(int, cells)
        return self.sorts[sort].of(self.keys[who], *_path(steps, self.names[name]))

    def __eq__(self, other: object) -> bool:
        """Whether the rows are the same, in the same order."""
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(map(VerdictRow.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment] # as of lists

    def __repr__(self) -> str:
        """The rows, as of a list."""
        return repr([*self])

    def _rows(self, at: slice) -> Iterator[VerdictRow]:
        keys, sorts, names = self.keys, self.sorts, self.names
        columns = (one[at].tolist() for one in (self.who, self.sort, self.steps, self.name))
        for who, sort, steps, name in zip(*columns, strict=True):
            yield sorts[sort].of(keys[who], *_path(steps, names[name]))

    def with_paths(self, steps: Ints, name: Ints, names: Sequence[str]) -> "VerdictRows":
        """The same rows with their paths; see the attributes."""
        return replace(self, steps=steps, name=name, names=names)

    def pairs(self, holds: Callable[[VerdictRow], bool]) -> Iterator[tuple[str, str]]:
        """Identity and target of the rows whose sort something is true of."""
        rows = self.places(holds)
        for who, sort in zip(self.who[rows].tolist(), self.sort[rows].tolist(), strict=True):
            yield self.keys[who], self.sorts[sort].target

    def places(self, holds: Callable[[VerdictRow], bool]) -> Ints:
        """Places of the rows whose sort something is true of, ascending."""
        kept = np.array([holds(one) for one in self.sorts], dtype=bool)
        found: Ints = np.flatnonzero(kept[self.sort])
        return found

    def of_identities(self, places: Ints) -> dict[str, Ints]:
        """Some places by the identity whose rows they are; those of one in their order."""
        order = places[np.argsort(self.who[places], kind="stable")]
        return {key: order[first:last] for key, first, last in self._runs(self.who[order])}

    def said_of_identities(self, places: Ints, codes: Ints) -> dict[str, bytes]:
        """By the identity whose rows some places are, what numbers these have: equal for equal.

        Args:
            places: The places.
            codes: Of each a number, none below zero.
        """
        most = int(codes.max(initial=0)) + 1
        told = np.sort(self.who[places] * most + codes)
        told = told[np.diff(told, prepend=-1) != 0]
        who, codes = told // most, told % most
        return {key: codes[first:last].tobytes() for key, first, last in self._runs(who)}

    def _runs(self, who: Ints) -> Iterator[tuple[str, int, int]]:
        """Identities, each with its first place and the one after its last."""
        firsts = np.flatnonzero(np.diff(who, prepend=-1)).tolist()
        for first, last in pairwise([*firsts, len(who)]):
            yield self.keys[who[first]], first, last

    def by_name(self, holds: Callable[[str], bool]) -> list[VerdictRow]:
        """The rows of whose path's id something is true."""
        kept = np.array([holds(one) for one in self.names], dtype=bool)
        return [self[at] for at in np.flatnonzero(kept[self.name]).tolist()]

    def worst_first(self, rows: Ints) -> Ints:
        """Some rows by ``row_order.worst_first``, where all are sorted by identity and target."""
        ranks = {rank: at for at, rank in enumerate(sorted(set(map(badness, self.sorts))))}
        of_sort = np.array([ranks[badness(one)] for one in self.sorts], dtype=np.int64)
        found: Ints = rows[np.argsort(of_sort[self.sort[rows]], kind="stable")]
        return found

    def by_identity(
        self, alike: Callable[[VerdictRow], object]
    ) -> dict[str, Sequence[VerdictRow]]:
        """By key of each identity, of its rows that say something alike one sort each.

        Args:
            alike: What a row says.
        """
        number: dict[object, int] = {}
        of = [number.setdefault(alike(one), len(number)) for one in self.sorts]
        told = dict(zip(reversed(of), reversed(self.sorts), strict=True))
        codes = np.array(of, dtype=np.int64)[self.sort]
        known: dict[bytes, Sequence[VerdictRow]] = {}
        found = {}
        for key, said in self.said_of_identities(np.arange(len(self)), codes).items():
            if said not in known:
                known[said] = [told[at] for at in np.frombuffer(said, dtype=np.int64).tolist()]
            found[key] = known[said]
        return found


def _path(steps: int, name: str) -> tuple[int | None, str]:
    return None if steps == UNKNOWN else steps, name

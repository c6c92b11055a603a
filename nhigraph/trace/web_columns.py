"""The ways to some goals in columns and as lists, and the compiled loops that walk the columns."""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from nhigraph.graph.distinct import distinct, distinct_below
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace import proof_kernels
from nhigraph.trace.crowd import Crowd
from nhigraph.trace.laid import Laid
from nhigraph.trace.lanes import WORD, Words
from nhigraph.trace.product import Bools


@dataclass(frozen=True, slots=True)
class Goals:
    """What nobody shall reach.

    Attributes:
        rows: Rows of what is laid.
        apart: States of goals that no clause touches, ascending.
    """

    rows: Ints
    apart: tuple[int, ...]


class Columns:
    """Clauses and the rows that they touch, both in their own order; goals apart come last.

    Attributes:
        state: Per row, its state.
        row: The same turned round.
        inputs: Offsets by clause into the rows that it takes, and these.
        dst: Per clause, the row it yields.
        change: The change that takes it away, or -1.
        uses: Offsets by row into the clauses that it is an input of, and these.
        ends: Rows of goals.
        led: Those of them that a clause yields, ascending.
    """

    def __init__(self, laid: Laid, clauses: Ints, change: Ints, goals: Goals) -> None:
        """Take some of the clauses that are laid.

        Args:
            laid: What is laid.
            clauses: The clauses.
            change: Per clause that is laid, its change.
            goals: What nobody shall reach.
        """
        first = laid.in_ptr[clauses]
        sizes = laid.in_ptr[clauses + 1] - first
        ptr = np.concatenate([[0], np.cumsum(sizes)])
        taken = laid.in_idx[np.arange(ptr[-1]) + np.repeat(first - ptr[:-1], sizes)]
        yielded = laid.dst[clauses]
        inner = distinct_below(np.concatenate([taken, yielded]), len(laid.state))
        places = np.full(len(laid.state), -1, dtype=np.int64)
        places[inner] = np.arange(len(inner))
        apart = goals.rows[places[goals.rows] < 0]
        rows = np.concatenate([inner, apart])
        places[apart] = np.arange(len(inner), len(rows))
        self.state = np.concatenate([laid.state[rows], np.array(goals.apart, dtype=np.int64)])
        self.row = {state: row for row, state in enumerate(self.state.tolist())}
        self.inputs, self.dst, self.change = (ptr, places[taken]), places[yielded], change[clauses]
        clause = np.repeat(np.arange(len(clauses)), sizes)
        order = np.argsort(self.inputs[1], kind="stable")
        use_ptr = np.searchsorted(self.inputs[1][order], np.arange(len(self.state) + 1))
        self.uses = use_ptr, clause[order]
        others = range(len(rows), len(self.state))
        self.ends = frozenset([*places[goals.rows].tolist(), *others])
        self.led = sorted(self.ends.intersection(self.dst.tolist()))


class Lists:
    """The same as lists.

    Attributes:
        state: Per row, its state.
        inputs: Per clause, the rows it takes.
        dst: The row it yields.
        change: The change that takes it away, or -1.
        uses: Per row, the clauses that it is an input of.
        ends: Rows of goals.
    """

    def __init__(self, columns: Columns) -> None:
        """Take them."""
        self.state: list[int] = columns.state.tolist()
        self.dst: list[int] = columns.dst.tolist()
        self.change: list[int] = columns.change.tolist()
        self.inputs = [tuple(rows) for rows in _listed(*columns.inputs)]
        self.uses = _listed(*columns.uses)
        self.ends = columns.ends


def _listed(ptr: Ints, idx: Ints) -> list[list[int]]:
    flat, offsets = idx.tolist(), ptr.tolist()
    return [flat[first:last] for first, last in pairwise(offsets)]


def as_words(held: Words, rows: Sequence[int]) -> Words:
    """Groups that hold one of some rows."""
    found: Words = np.bitwise_or.reduce(held[[*rows]], axis=0)
    return found


def as_bits(words: Words) -> int:
    """Groups as bits of an integer."""
    return int.from_bytes(words.astype("<u8").tobytes(), "little")


class Compiled:
    """Walks the columns by compiled loops, look by look as lists are walked."""

    def __init__(self, columns: Columns) -> None:
        """Nothing is laid out before it is asked for."""
        self._columns = columns
        self._changes = distinct(columns.change[columns.change >= 0])
        places = np.searchsorted(self._changes, columns.change)
        #: Place of the change of each clause; that of none is the last.
        self._change = np.where(columns.change >= 0, places, len(self._changes))
        self._started: tuple[Crowd, Words, Ints] | None = None

    def held(self, crowd: Crowd, gone: Iterable[int], shut: Collection[int]) -> tuple[Words, int]:
        """Groups of a crowd by the row that they hold, as words, and looks that it took.

        Args:
            crowd: Who walks.
            gone: Changes that are made.
            shut: Rows that nobody can hold.
        """
        held, waiting = self._begun(crowd)
        held = held.copy()
        if shut:
            held[[*shut]] = 0
            waiting = waiting[held[waiting].any(axis=1)]
        asked = np.array([0, len(waiting)]), waiting, np.array([len(self._changes)])
        _, looked = self._spread(asked, self._gone(gone), shut, held, held, ())
        return held, looked

    def resting(
        self, held: Words, made: Collection[int], goals: Sequence[int]
    ) -> tuple[list[int], int]:
        """Groups that reach a goal if all changes are made but one, for each, as bits; and looks.

        Args:
            held: What they hold if all are made.
            made: The changes.
            goals: Rows of goals.
        """
        # What is held without a change is held with it, too: only what comes of it is new.
        (ptr, idx), change = self._columns.inputs, self._columns.change
        order, at = np.argsort(change, kind="stable"), np.array([*made], dtype=np.int64)
        told = change[order]
        first, last = np.searchsorted(told, at), np.searchsorted(told, at, side="right")
        clauses = [order[i:j] for i, j in zip(first.tolist(), last.tolist(), strict=True)]
        rows = [distinct(idx[ptr[some]]) for some in clauses]
        places = np.searchsorted(self._changes, at)
        places[first == last] = len(self._changes)  # of no clause here
        asked = np.cumsum([0, *map(len, rows)]), np.concatenate([*rows, at[:0]]), places
        more = np.empty_like(held)
        reached, looked = self._spread(asked, self._gone(made), (), held, more, goals)
        return [as_bits(one) for one in reached], looked

    def _spread(
        self,
        asked: tuple[Ints, Ints, Ints],
        gone: Bools,
        shut: Collection[int],
        held: Words,
        more: Words,
        goals: Sequence[int],
    ) -> tuple[Words, int]:
        """Groups that hold one of some rows, run by run (``proof_kernels.spread``), and looks."""
        columns, count = self._columns, len(self._columns.state)
        closed, queued = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        closed[[*shut]] = True
        reached = np.zeros((len(asked[2]), held.shape[1]), dtype=np.uint64)
        if not len(asked[1]):  # nobody, or nothing comes back
            reached |= as_words(held, goals)
            return reached, 0
        web = (self._place, *columns.uses, *columns.inputs, columns.dst, self._change)
        room = (gone, closed, queued, held, more, np.array([*goals], dtype=np.int64), reached)
        return reached, proof_kernels.load().spread(*asked, *web, *room)

    def learn(
        self, crowd: Crowd, groups: Sequence[int], gone: Iterable[int], allowed: int
    ) -> tuple[list[frozenset[int]], int]:
        """Changes of ways that share none, beside those that are made, and looks that it took."""
        columns, rows, clauses = self._columns, len(self._columns.state), len(self._change)
        none, ends = len(self._changes), np.zeros(rows, dtype=bool)
        ends[[*columns.ends]] = True
        web = (*columns.uses, *columns.inputs, columns.dst, self._change)
        numbers = [np.zeros(n, dtype=np.int64) for n in (rows, rows, rows, clauses, clauses, rows)]
        found, ptr = (np.zeros(none + more, dtype=np.int64) for more in (0, 1))
        asked = np.array(groups, dtype=np.int64)
        room = (np.zeros(rows, dtype=bool), *numbers, found, ptr)
        ways, looked = proof_kernels.load().learn(
            *(asked, *self._starts(crowd), *web, none, ends, self._gone(gone), allowed, *room)
        )
        told = self._changes[found].tolist() if none else []
        at = ptr[: ways + 1].tolist()
        return [frozenset(told[i:j]) for i, j in pairwise(at)], looked

    def _starts(self, crowd: Crowd) -> tuple[Ints, Ints]:
        """Offsets by group into the rows that it starts from, and these."""
        ptr = np.cumsum([0, *(len(one) for one in crowd.starts)])
        return ptr, np.array([row for one in crowd.starts for row in one], dtype=np.int64)

    def _begun(self, crowd: Crowd) -> tuple[Words, Ints]:
        """Groups by the row that they start from, as words, and these rows, ascending."""
        if self._started is None or self._started[0] is not crowd:
            ptr, rows = self._starts(crowd)
            group = np.repeat(np.arange(len(crowd.starts)), np.diff(ptr))
            words = -(-len(crowd.starts) // WORD)
            held = np.zeros((len(self._columns.state), words), dtype=np.uint64)
            bit = np.uint64(1) << (group % WORD).astype(np.uint64)
            np.bitwise_or.at(held, (rows, group // WORD), bit)
            self._started = crowd, held, distinct(rows)
        return self._started[1:]

    def _gone(self, changes: Iterable[int]) -> Bools:
        """By place of a change, whether it is made; changes of no clause here are left out."""
        found, at = np.zeros(len(self._changes) + 1, dtype=bool), self._at
        found[[at[one] for one in changes if one in at]] = True
        return found

    @cached_property
    def _at(self) -> dict[int, int]:
        return {one: at for at, one in enumerate(self._changes.tolist())}

    @cached_property
    def _place(self) -> Ints:
        rows = len(self._columns.state)
        trail, at, place = (np.zeros(rows, dtype=np.int64) for _ in range(3))
        seen = np.zeros(rows, dtype=bool)
        proof_kernels.load().settle(*self._columns.uses, self._columns.dst, seen, trail, at, place)
        return place

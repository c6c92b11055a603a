"""Who holds what is asked about: the question turned round, for everybody at once.

What is asked about are the lanes, and they are carried backwards over the condensed graph: 1,000
targets are ten times fewer lanes than 200,000 identities. Exact with rules: rows over all inputs
of rules say which of them everybody holds by arcs alone; walkers alike in that fire the same
rules, which a closure of its own finds; and what a rule gives is added to what its firers hold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.blocks import BLOCK, WORDS, Seeds, each_block, seeds
from nhigraph.trace.condense import Dag, condense
from nhigraph.trace.horn import Horn, taken_apart
from nhigraph.trace.lanes import WORD, Words
from nhigraph.trace.product import Bools, Product
from nhigraph.trace.sets import Int32s, distinct_sets


@dataclass(frozen=True, slots=True)
class Starts:
    """What walkers hold from the beginning.

    Attributes:
        walkers: How many there are.
        owner: Per start, its walker.
        state: Per start, its state.
    """

    walkers: int
    owner: Ints
    state: Ints

    @staticmethod
    def of(states: Sequence[Sequence[int]]) -> "Starts":
        """Starts of walkers, told one after another."""
        sizes = [len(some) for some in states]
        state = np.fromiter((one for some in states for one in some), dtype=np.int64)
        return Starts(len(states), np.repeat(np.arange(len(states)), sizes), state)


@dataclass(frozen=True, slots=True)
class Tops:
    """Rows of walkers; those who start alike share one.

    Attributes:
        which: Per walker, the number of its row.
        row: The rows.
    """

    which: Ints
    row: Int32s


@dataclass(frozen=True, slots=True)
class Firing:
    """Rules that fire.

    Attributes:
        which: Per top, the number of what fires for it.
        ptr: Offsets into ``row`` by that number.
        row: Rows of what the rules give.
    """

    which: Ints
    ptr: Ints
    row: Int32s


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds which probe.

    Attributes:
        which: Per walker, its row of ``words``.
        words: Lanes held, as bits.
        lane: Per probe its lane, or -1: nobody holds it.
    """

    which: Ints
    words: Words
    lane: Ints

    def of(self, probe: int) -> Bools:
        """Per walker, whether it holds a probe."""
        lane = int(self.lane[probe])
        if lane < 0:
            return np.zeros(len(self.which), dtype=bool)
        word, bit = self.words[:, lane // WORD], np.uint64(lane % WORD)
        held: Bools = (word >> bit & np.uint64(1)).astype(bool)
        return held[self.which]

    def each(self) -> Iterator[Ints]:
        """Probe by probe, the walkers that hold it, ascending.

        What is asked one after another shares words; of these the last is kept.
        """
        last, who, ptr = -1, _NOBODY, np.zeros(WORD + 1, dtype=np.int64)
        for lane in self.lane.tolist():
            if lane < 0:
                yield _NOBODY
                continue
            if lane // WORD != last:
                last = lane // WORD
                word = self.words[:, last][self.which]
                some = np.flatnonzero(word)
                at, bit = np.nonzero(_unpacked(word[some][:, None]).view(bool))
                order = np.argsort(bit.astype(np.uint8), kind="stable")
                who, ptr = some[at[order]], np.searchsorted(bit[order], np.arange(WORD + 1))
            yield who[ptr[lane % WORD] : ptr[lane % WORD + 1]]

    def at(self, walkers: Ints, probes: Ints) -> Bools:
        """Pair by pair, whether a walker holds a probe."""
        lane = self.lane[probes]
        if not self.words.shape[1]:
            return np.zeros(len(lane), dtype=bool)
        word = self.words[self.which[walkers], np.maximum(lane, 0) // WORD]
        bit = word >> (lane % WORD).astype(np.uint64) & np.uint64(1)
        held: Bools = bit.astype(bool) & (lane >= 0)
        return held

    @staticmethod
    def unpacked(words: Words) -> npt.NDArray[np.uint8]:
        """Some rows as bytes, one a lane and an empty one at the end: that of lane -1."""
        return np.pad(_unpacked(words), ((0, 0), (0, 1)))

    def anywhere(self) -> Bools:
        """Per walker, whether it holds any probe."""
        found: Bools = (self.words != 0).any(axis=1)[self.which]
        return found

    def counts(self) -> Ints:
        """Per probe, how many walkers hold it."""
        often = np.bincount(self.which, minlength=len(self.words))
        bits = np.zeros(self.words.shape[1] * WORD + 1, dtype=np.int64)
        for first in range(0, len(self.words), _TOGETHER):
            part = slice(first, first + _TOGETHER)
            bits[:-1] += often[part] @ _unpacked(self.words[part])
        return bits[self.lane]

    def probes(self, walker: int) -> Ints:
        """Numbers of the probes that a walker holds, ascending."""
        row = _unpacked(self.words[self.which[walker]][None])[0]
        held = np.append(row, np.uint8(0))[self.lane]
        return np.flatnonzero(held)


#: Rows laid out as bytes at once: bounds memory.
_TOGETHER = 4096
_NOBODY: Ints = np.zeros(0, dtype=np.int64)


def holders(
    reading: Product, starts: Starts, probes: Sequence[int] | Ints, threads: int | None = None
) -> Holders:
    """Who holds which of some states.

    Args:
        reading: A closure's reading of the product.
        starts: What walkers hold from the beginning.
        probes: States asked about.
        threads: Blocks of lanes worked on at once, each with 64 bytes a row of the condensed
            graph; by default as many as there are processors.
    """
    return held_of(taken_apart(reading), starts, np.asarray(probes, dtype=np.int64), threads)


def held_in_groups(
    horn: Horn,
    starts: Starts,
    probes: Ints,
    group: Ints,
    count: int,
    threads: int | None = None,
) -> Holders:
    """Who holds any state of each group, of a reading that has been taken apart.

    Args:
        horn: It.
        starts: What walkers hold from the beginning.
        probes: States asked about; a state may stand in several groups.
        group: Per probe, its group.
        count: Number of groups.
        threads: As for ``holders``.
    """
    dag, tops = with_tops(condense(horn, distinct(starts.state), probes), starts)
    row = dag.row[probes]
    known = row >= 0
    some = np.zeros(count, dtype=bool)
    some[group[known]] = True
    lane = np.where(some, np.cumsum(some) - 1, -1)
    begin = seeds(int(some.sum()), row[known], lane[group[known]])
    return Holders(tops.which, _held(dag, tops, begin, threads), lane)


def held_by_some(horn: Horn, starts: Starts, probes: Ints, threads: int | None = None) -> Bools:
    """Per state asked about, whether any walker holds it; whose it is is not kept."""
    dag, tops = with_tops(condense(horn, distinct(starts.state), probes), starts)
    row = dag.row[probes]
    asked = distinct(row[row >= 0])
    begin = seeds(len(asked), asked, np.arange(len(asked)))
    firing = fired(dag, tops, threads)
    begun = distinct(tops.row if firing is None else np.concatenate([tops.row, firing.row]))
    found = np.zeros(begin.blocks * WORDS, dtype=np.uint64)

    def work(block: int, held: Words, live: Bools) -> None:
        some = begun[live[begun]]
        words = np.empty((len(some), WORDS), dtype=np.uint64)
        dag.loops.take(held, some, words, 0)
        found[block * WORDS : (block + 1) * WORDS] = np.bitwise_or.reduce(words, axis=0)

    each_block(dag, begin, work, threads)
    bits = np.append(_unpacked(found[None])[0], np.uint8(0)).astype(bool)
    held: Bools = bits[np.where(row >= 0, np.searchsorted(asked, row), -1)]
    return held


def held_of(horn: Horn, starts: Starts, probes: Ints, threads: int | None = None) -> Holders:
    """The same, of a reading that has been taken apart."""
    dag, tops = with_tops(condense(horn, distinct(starts.state), probes), starts)
    row = dag.row[probes]
    asked = distinct(row[row >= 0])
    lane = np.where(row >= 0, np.searchsorted(asked, row), -1)
    begin = seeds(len(asked), asked, np.arange(len(asked)))
    return Holders(tops.which, _held(dag, tops, begin, threads), lane)


def _held(dag: Dag, tops: Tops, begin: Seeds, threads: int | None) -> Words:
    """Lanes that every top holds, by arcs and by the rules that fire for it."""
    firing = fired(dag, tops, threads)
    words = np.zeros((len(tops.row), begin.blocks * WORDS), dtype=np.uint64)
    loop = dag.loops

    def work(block: int, held: Words, _live: Bools) -> None:
        loop.take(held, tops.row, words, block * WORDS)
        if firing is not None:
            loop.take_fired(held, firing.which, firing.ptr, firing.row, words, block * WORDS)

    each_block(dag, begin, work, threads)
    return words


def with_tops(dag: Dag, starts: Starts) -> tuple[Dag, Tops]:
    """Give every distinct set of starts a row; one of a single row has that."""
    row = dag.row[starts.state]
    known = row >= 0
    sets = distinct_sets(starts.walkers, starts.owner[known], row[known])
    sizes = sets.sizes
    top = np.empty(len(sets), dtype=np.int32)
    top[sizes == 1] = sets.idx[sets.ptr[:-1][sizes == 1]]
    more = np.flatnonzero(sizes != 1)
    top[more] = dag.rows + np.arange(len(more))
    ptr = np.concatenate([dag.ptr, dag.ptr[-1] + np.cumsum(sizes[more])])
    idx = np.concatenate([dag.idx, sets.idx[np.repeat(sizes != 1, sizes)]])
    return replace(dag, ptr=ptr, idx=idx), Tops(sets.which, top)


def fired(dag: Dag, tops: Tops, threads: int | None = None) -> Firing | None:
    """The rules that fire for every top; None where there are none at all."""
    if not len(dag.rule_row):
        return None
    loop, many = dag.loops, len(tops.row)
    inputs = distinct(dag.in_row)
    begin = seeds(len(inputs), inputs, np.arange(len(inputs)))
    rows = np.concatenate([tops.row, dag.rule_row])
    cells: list[_Cells] = [_NO_CELLS] * begin.blocks

    def work(block: int, held: Words, live: Bools) -> None:
        some = np.flatnonzero(live[rows])
        words = np.empty((len(some), WORDS), dtype=np.uint64)
        loop.take(held, rows[some], words, 0)
        cells[block] = some, words

    each_block(dag, begin, work, threads)
    which = _alike(cells, many)
    _, example = np.unique(which, return_index=True)
    counts = np.diff(dag.in_ptr)
    rule = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    lane = np.searchsorted(inputs, dag.in_row).astype(np.int32)
    ptr, found = loop.fire(
        *_lists(dag, cells, example),
        *loop.csr(len(inputs), lane, rule),
        counts,
        *_lists(dag, cells, np.arange(many, len(rows))),
        len(inputs),
    )
    return Firing(which, ptr, dag.rule_row[found])


#: Of a block: rows that hold anything, and their words. Most hold little: a right that needs
#: something of its own is an input of one rule, and whoever has many has few of them.
_Cells = tuple[Ints, Words]
_NO_CELLS: _Cells = np.zeros(0, dtype=np.int64), np.zeros((0, WORDS), dtype=np.uint64)


def _alike(cells: Sequence[_Cells], many: int) -> Ints:
    """Number of what each of the first rows holds, in all blocks; equal for rows held alike."""
    which = np.zeros(many, dtype=np.int64)
    used = 1
    whole = np.dtype((np.void, (WORDS + 1) * 8))
    for rows, words in cells:
        here = rows[: np.searchsorted(rows, many)]
        keys = np.empty((len(here), WORDS + 1), dtype=np.uint64)
        keys[:, 0] = which[here]
        keys[:, 1:] = words[: len(here)]
        found, number = np.unique(keys.view(whole).ravel(), return_inverse=True)
        which[here] = used + number
        used += len(found)
    _, which = np.unique(which, return_inverse=True)
    return which.astype(np.int64)


def _lists(dag: Dag, cells: Sequence[_Cells], chosen: Ints) -> tuple[Ints, Int32s]:
    """Lanes that chosen rows hold, one row after another."""
    place = np.full(max((int(rows[-1]) for rows, _ in cells if len(rows)), default=-1) + 1, -1)
    place[chosen[chosen < len(place)]] = np.flatnonzero(chosen < len(place))
    told = [(place[rows], words) for rows, words in cells]
    counts = np.zeros(len(chosen), dtype=np.int64)
    for here, words in told:
        counts[here[here >= 0]] += np.bitwise_count(words[here >= 0]).sum(axis=1, dtype=np.int64)
    ptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    idx = np.empty(ptr[-1], dtype=np.int32)
    filled = ptr[:-1].copy()
    for block, (here, words) in enumerate(told):
        dag.loops.listed(here, words, block * BLOCK, filled, idx)
    return ptr, idx


def _unpacked(words: Words) -> npt.NDArray[np.uint8]:
    raw = np.ascontiguousarray(words).view(np.uint8)
    return np.unpackbits(raw, axis=-1, bitorder="little")

"""An engine that closes by joins of DataFrames: neither clauses nor lanes need fit one machine.

All closures of a block of lanes are closed in one fixpoint, all flags of it in another. The number
of rounds is the length of the longest way, so long chains cost most.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.trace.engine import Carried
from nhigraph.trace.lanes import Reach, Words
from nhigraph.trace.product import Product
from nhigraph.trace.spark import fixpoint, rows
from nhigraph.trace.spark.fixpoint import Step
from nhigraph.trace.sparse import SparseReach

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

K = TypeVar("K")
#: Words of lanes that are closed at once by default: what the driver then looks at stays small.
WORDS = 256
#: States that are asked for by name; of more, all rows come.
_FEW = 10_000


@dataclass(frozen=True)
class FarReach:
    """Lanes that stand in a table elsewhere; of them what is asked for comes here.

    Attributes:
        frame: ``state, word, bits``.
        width: Words that hold all lanes.
    """

    frame: "DataFrame"
    width: int

    @cached_property
    def _here(self) -> SparseReach:
        return self._of(self.frame)

    def _of(self, frame: "DataFrame") -> SparseReach:
        found = rows.columns(frame.select("state", "word", "bits"))
        bits = found["bits"].view(np.uint64)
        return SparseReach.of(found["state"], found["word"], bits, self.width)

    def lanes(self, state: int) -> int:
        """Lanes that hold a state, as the bits of an integer."""
        return self._here.lanes(state)

    def holds(self, state: int, lane: int) -> bool:
        """Whether one lane holds it."""
        return self._here.holds(state, lane)

    def at_all(self, state: int) -> bool:
        """Whether any lane holds it."""
        return self._here.at_all(state)

    def words(self, states: Sequence[int]) -> Words:
        """Lanes of some states, as words: one row per state; of few, only these come here."""
        if "_here" in self.__dict__ or len(states) > _FEW:
            return self._here.words(states)
        wanted = self.frame["state"].isin(sorted({int(state) for state in states}))
        return self._of(self.frame.where(wanted)).words(states)


class Joined:
    """Closes the clauses of one product.

    Attributes:
        words: Words of lanes that are closed at once.
    """

    def __init__(self, spark: "SparkSession", lanes: int, most: int = WORDS) -> None:
        """Begin.

        Args:
            spark: The session.
            lanes: How many lanes there are.
            most: Words of them that are closed at once, at most.
        """
        self._spark = spark
        self.words = max(1, min(-(-lanes // 64), most))
        self._steps: dict[tuple[int, ...], tuple[Sequence[Product], Step]] = {}

    def reaches(
        self, readings: Mapping[K, Product], start: Mapping[int, int]
    ) -> Mapping[K, Reach]:
        """See ``Engine``."""
        state, word, bits = rows.words_of(start)
        parts = np.arange(len(readings))
        begun = rows.table(
            self._spark,
            {
                "part": np.repeat(parts, len(state)),
                "tag": np.repeat(parts, len(state)),
                "state": np.tile(state, len(parts)),
                "word": np.tile(word, len(parts)),
                "bits": np.tile(bits, len(parts)),
            },
        )
        held = fixpoint.least(begun, self._step([*readings.values()]))
        return {
            name: FarReach(held.where(f"part = {part}").drop("part", "tag"), self.words)
            for part, name in enumerate(readings)
        }

    def _step(self, readings: Sequence[Product]) -> Step:
        """The rounds of some closures; the readings are kept, so that their ids stay theirs."""
        name = tuple(id(reading) for reading in readings)
        if name not in self._steps:
            parts = [
                _tagged(self._spark, part, **rows.inputs_of(reading)).drop("tag")
                for part, reading in enumerate(readings)
            ]
            self._steps[name] = readings, fixpoint.closing(fixpoint.united(parts))
        return self._steps[name][1]

    def flags(self, asked: Iterable[Carried], seen: Sequence[int]) -> Iterator[Reach]:
        """See ``Engine``."""
        sorts: dict[tuple[int, int, int], int] = {}
        tagged: dict[int, list[tuple[int, Carried]]] = {}
        for tag, one in enumerate(asked):
            sort = (id(one.clauses), id(one.reach), id(one.carriers))
            part = sorts.setdefault(sort, len(sorts))
            tagged.setdefault(part, []).append((tag, one))
        if not tagged:
            return
        made = [self._part(part, many) for part, many in tagged.items()]
        start, alone, several, fired = (
            fixpoint.united([one[at] for one in made]).localCheckpoint() for at in range(4)
        )
        carried = fixpoint.least(start, fixpoint.carrying(alone, several, fired))
        there = rows.columns(carried.where(carried["state"].isin(sorted(set(seen)))).drop("part"))
        for tag in range(sum(map(len, tagged.values()))):
            own = there["tag"] == tag
            state, word, bits = (there[name][own] for name in ("state", "word", "bits"))
            yield SparseReach.of(state, word, bits.view(np.uint64), self.words)

    def _part(
        self, part: int, many: Sequence[tuple[int, Carried]]
    ) -> "tuple[DataFrame, DataFrame, DataFrame, DataFrame]":
        """Start, clauses of one input, of several, and who fires these: of flags that go alike."""
        first = many[0][1]
        reading, carriers = first.clauses, first.carriers
        held = _held(first.reach).selectExpr(f"{part}L as part", "state", "word", "bits")
        guarded = reading.guard >= 0
        single = np.bincount(rows.inputs_of(reading)["clause"], minlength=reading.clauses) == 1
        plain = single & ~guarded
        carry = np.ones(reading.clauses, dtype=bool) if carriers is None else carriers
        numbers = np.flatnonzero(plain & carry)
        alone = _tagged(
            self._spark, part, state=reading.src[numbers], dst=reading.dst[numbers]
        ).drop("tag")
        others = rows.inputs_of(reading, ~plain & carry)
        guards = np.flatnonzero(~plain & carry & guarded)
        several = (
            _tagged(
                self._spark,
                part,
                clause=np.concatenate([others["clause"], guards]),
                state=np.concatenate([others["state"], reading.guard[guards]]),
            )
            .drop("tag")
            .distinct()
        )
        fires = self._firing(part, [(0, others)], held)
        fired = fires.selectExpr("part", "clause", "word", "bits as fired", "state as dst")
        return self._start(part, many, held), alone, several, fired

    def _start(
        self, part: int, many: Sequence[tuple[int, Carried]], held: "DataFrame"
    ) -> "DataFrame":
        """Lanes that carry each flag from where it begins."""
        states = [(tag, s) for tag, one in many for s in dict.fromkeys(one.states)]
        named = np.array(states, dtype=np.int64).reshape(-1, 2)
        at = _tagged(self._spark, part, tag=named[:, 0], state=named[:, 1])
        begun = at.join(held, ["part", "state"]).select(*fixpoint.KEY, "bits")
        labelled = [
            (tag, rows.inputs_of(one.clauses, one.labelled))
            for tag, one in many
            if one.labelled.any()
        ]
        if not labelled:
            return begun
        ends = self._firing(part, labelled, held).select(*fixpoint.KEY, "bits")
        return begun.unionByName(ends)

    def _firing(
        self, part: int, tagged: Sequence[tuple[int, Mapping[str, Ints]]], held: "DataFrame"
    ) -> "DataFrame":
        """Lanes that fire clauses."""
        asked = [
            _tagged(self._spark, part, tag=np.full(len(one["clause"]), tag), **one)
            for tag, one in tagged
        ]
        each = fixpoint.united(asked).join(held, ["part", "state"])
        return fixpoint.meeting(each)


def _held(reach: Reach) -> "DataFrame":
    assert isinstance(reach, FarReach)  # noqa: S101 - engines never mix
    return reach.frame


def _tagged(spark: "SparkSession", part: int, **columns: Ints) -> "DataFrame":
    """Columns as a table of one part; its tag is the part's where none is given."""
    made = rows.table(spark, columns)
    tag = "tag" if "tag" in columns else f"{part}L as tag"
    return made.selectExpr(f"{part}L as part", tag, *(n for n in columns if n != "tag"))

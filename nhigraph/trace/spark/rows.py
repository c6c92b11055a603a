"""Between columns here and tables there; words of lanes are signed there, bit for bit the same."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nhigraph.graph.store import Ints
from nhigraph.trace.lanes import WORD, Words
from nhigraph.trace.product import Product

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_ALL = (1 << WORD) - 1


def table(spark: "SparkSession", columns: Mapping[str, npt.NDArray[np.int64]]) -> "DataFrame":
    """Columns of whole numbers as a table."""
    named = {name: pa.array(column, pa.int64()) for name, column in columns.items()}
    return spark.createDataFrame(pa.table(named))


def columns(frame: "DataFrame") -> dict[str, Ints]:
    """A table of whole numbers as columns."""
    found = frame.toArrow()
    return {name: found[name].to_numpy().astype(np.int64) for name in found.column_names}


def words_of(lanes: Mapping[int, int]) -> tuple[Ints, Ints, Ints]:
    """Lanes by state as rows: state, word and bits."""
    rows = [
        (state, word, bits)
        for state, held in lanes.items()
        for word in range(-(-held.bit_length() // WORD))
        if (bits := held >> word * WORD & _ALL)
    ]
    state = np.array([row[0] for row in rows], dtype=np.int64)
    word = np.array([row[1] for row in rows], dtype=np.int64)
    held: Words = np.array([row[2] for row in rows], dtype=np.uint64)
    return state, word, held.view(np.int64)


def inputs_of(reading: Product, keep: npt.NDArray[np.bool_] | None = None) -> dict[str, Ints]:
    """Every clause with each of its inputs: its source and its needs, each once.

    A clause that needs what nobody ever holds is left out.

    Args:
        reading: A product, as a closure reads it.
        keep: Clauses to take; None for all.

    Returns:
        ``clause``, ``state``, ``inputs`` (how many it has) and ``dst``, one row an input.
    """
    counts = np.diff(reading.need_ptr)
    numbers = np.arange(reading.clauses)
    taken = np.ones(reading.clauses, dtype=bool) if keep is None else keep.copy()
    of_needs = np.repeat(numbers, counts)
    taken[of_needs[reading.need_idx == reading.never]] = False
    clause = np.concatenate([numbers, of_needs])
    state = np.concatenate([reading.src, reading.need_idx])
    clause, state = clause[taken[clause]], state[taken[clause]]
    order = np.lexsort([state, clause])
    clause, state = clause[order], state[order]
    again = np.zeros(len(clause), dtype=bool)
    again[1:] = (clause[1:] == clause[:-1]) & (state[1:] == state[:-1])
    clause, state = clause[~again], state[~again]
    inputs = np.bincount(clause, minlength=reading.clauses)
    return {"clause": clause, "state": state, "inputs": inputs[clause], "dst": reading.dst[clause]}

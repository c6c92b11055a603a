"""Least fixpoints by joins of tables, round by round: only what is new is joined again.

A row of lanes is ``(part, tag, state, word, bits)``: ``part`` says which clauses are meant,
``tag`` tells apart what is closed over the same clauses at once. A round adds what fires by what
the round before added; the rows of a state add up, and no bit stands in two of them.
"""

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

#: What one row of lanes is of.
KEY = ("part", "tag", "state", "word")
#: Tables of rounds that are laid together, so that no plan grows with the number of rounds.
_TOGETHER = 8

#: Takes what is new and all that is held, gives what fires, in any number of rows.
Step = Callable[["DataFrame", "DataFrame"], "DataFrame"]


def added(rows: "DataFrame") -> "DataFrame":
    """Rows of lanes, one for each key."""
    from pyspark.sql import functions as f  # noqa: PLC0415 - see the package

    return rows.groupBy(*KEY).agg(f.bit_or("bits").alias("bits"))


def united(parts: "list[DataFrame]") -> "DataFrame":
    """All rows of some tables."""
    return reduce(lambda one, other: one.unionByName(other), parts)


def least(start: "DataFrame", step: Step) -> "DataFrame":
    """What the start and all rounds after it hold, one row for each key."""
    delta = added(start).localCheckpoint()
    held = [delta]
    while not delta.isEmpty():
        if len(held) > _TOGETHER:
            held = [added(united(held)).localCheckpoint()]
        everything = united(held)
        delta = _fresh(added(step(delta, everything)), everything).localCheckpoint()
        held.append(delta)
    return added(united(held)).localCheckpoint()


def _fresh(rows: "DataFrame", held: "DataFrame") -> "DataFrame":
    """Of some rows what is not held yet."""
    from pyspark.sql import functions as f  # noqa: PLC0415 - see the package

    known = held.withColumnRenamed("bits", "known")
    beside = rows.join(known, list(KEY), "left")
    apart = beside.groupBy(*KEY).agg(
        f.first("bits").alias("bits"), f.coalesce(f.bit_or("known"), f.lit(0)).alias("known")
    )
    new = f.col("bits").bitwiseAND(f.bitwise_not("known"))
    return apart.select(*KEY, new.alias("bits")).where("bits != 0")


def closing(inputs: "DataFrame") -> Step:
    """The rounds of a closure.

    Args:
        inputs: ``part, clause, state, inputs, dst``: every clause with each of its inputs.
    """
    alone = inputs.where("inputs = 1").select("part", "state", "dst").localCheckpoint()
    several = inputs.where("inputs > 1").localCheckpoint()
    any_several = not several.isEmpty()

    def step(delta: "DataFrame", held: "DataFrame") -> "DataFrame":
        fired = _onward(delta, alone)
        if not any_several:
            return fired
        asked = (
            delta.join(several, ["part", "state"])
            .select("part", "clause", "tag", "word")
            .distinct()
        )
        each = asked.join(several, ["part", "clause"]).join(held, list(KEY))
        return fired.unionByName(meeting(each).select(*KEY, "bits"))

    return step


def meeting(each: "DataFrame") -> "DataFrame":
    """Lanes that hold every input of a clause, at the state that it yields.

    Args:
        each: ``part, tag, clause, word, state, inputs, dst, bits``: lanes of every input that
            somebody holds.

    Returns:
        Rows of lanes with their ``clause``.
    """
    from pyspark.sql import functions as f  # noqa: PLC0415 - see the package

    clause = ("part", "tag", "clause", "word", "inputs", "dst")
    whole = each.groupBy(*clause, "state").agg(f.bit_or("bits").alias("bits"))
    met = whole.groupBy(*clause).agg(f.bit_and("bits").alias("bits"), f.count("*").alias("met"))
    fires = met.where("met = inputs and bits != 0")
    return fires.withColumnRenamed("dst", "state").select(*KEY, "bits", "clause")


def carrying(alone: "DataFrame", several: "DataFrame", fired: "DataFrame") -> Step:
    """The rounds of a flag: along clauses that are fired, from whatever they fired by.

    Nothing is flagged that is not held, so a clause of one input hands on what that has.

    Args:
        alone: ``part, state, dst`` of clauses of one input that no gate stands before.
        several: ``part, clause, state`` of the others, with what defeats their gates.
        fired: ``part, clause, word, fired, dst``: lanes that fire each of these.
    """
    from pyspark.sql import functions as f  # noqa: PLC0415 - see the package

    any_several = not fired.isEmpty()

    def step(delta: "DataFrame", held: "DataFrame") -> "DataFrame":
        del held
        onward = _onward(delta, alone)
        if not any_several:
            return onward
        both = delta.join(several, ["part", "state"]).drop("state")
        passing = both.join(fired, ["part", "clause", "word"])
        bits = f.col("bits").bitwiseAND(f.col("fired"))
        there = passing.select(
            "part", "tag", f.col("dst").alias("state"), "word", bits.alias("bits")
        )
        return onward.unionByName(there.where("bits != 0"))

    return step


def _onward(delta: "DataFrame", alone: "DataFrame") -> "DataFrame":
    """What clauses of one input yield."""
    moved = delta.join(alone, ["part", "state"]).drop("state")
    return moved.withColumnRenamed("dst", "state").select(*KEY, "bits")

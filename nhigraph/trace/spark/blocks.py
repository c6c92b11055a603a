"""Blocks of lanes, each closed whole where it lies: what all need is sent to everybody once.

Nothing is joined and nothing shuffled, so it is as fast as the machines are; the product must fit
the memory of each.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Found = TypeVar("Found")
#: Blocks that each core gets before the next are handed out: what came back is then told.
_EACH = 4


def mapped(
    spark: "SparkSession",
    function: Callable[[Shared, Item], Found],
    shared: Shared,
    items: Sequence[Item],
) -> Iterator[Found]:
    """What a function finds of every item, in the order of the items.

    Args:
        spark: The session.
        function: Of a module that the executors have, too.
        shared: What every call gets; sent once.
        items: What is divided.
    """
    context = spark.sparkContext
    sent = context.broadcast(shared)
    wave = max(1, context.defaultParallelism) * _EACH
    try:
        for first in range(0, len(items), wave):
            part = items[first : first + wave]
            divided = context.parallelize(part, len(part))
            yield from divided.map(lambda item: function(sent.value, item)).collect()
    finally:
        sent.destroy()

"""Where the closures of a command are worked out: here, or on Spark."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from nhigraph.errors import UsageError

if TYPE_CHECKING:
    from nhigraph.assurance.tracing import Elsewhere

#: Engines by name: in this process; blocks of identities; joins of tables.
MEMORY: Final = "memory"
BLOCKS: Final = "spark"
JOINS: Final = "spark-joins"
ENGINES: Final = (MEMORY, BLOCKS, JOINS)
MASTER: Final = "local[*]"


@contextmanager
def elsewhere(engine: str, master: str | None) -> "Iterator[Elsewhere | None]":
    """Where to work, for as long as the block lasts; None for this process.

    Args:
        engine: One of ``ENGINES``.
        master: Spark's master; by default this machine.

    Raises:
        UsageError: A master for an engine that has none, or Spark cannot be started.
    """
    if engine == MEMORY:
        if master is not None:
            raise UsageError("--master: for --engine spark or spark-joins only")
        yield None
        return
    if master is not None and not master.strip():
        raise UsageError(
            "--master: empty; say which, such as local[2], or leave it out for local[*]"
        )
    from nhigraph.assurance.tracing import Elsewhere, trace
    from nhigraph.trace.spark.blocks import mapped
    from nhigraph.trace.spark.joins import Joined
    from nhigraph.trace.spark.session import session

    with session(master or MASTER) as spark:
        if engine == JOINS:
            yield Elsewhere(engine=partial(Joined, spark))
        else:
            yield Elsewhere(divided=partial(mapped, spark, trace))

"""Sessions that write at the same time, each batch once."""

import queue
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

from nhigraph.errors import ServerError
from nhigraph.output.neo4j.values import Row
from nhigraph.output.neo4j.words import BATCH, name

if TYPE_CHECKING:
    import neo4j

#: A statement, its parameters, and how many nodes (its mark apart) and relationships it makes.
_Job = tuple[str, Row, tuple[int, int]]


class Workers:
    """Writes batches in a few sessions; what waits is bounded, so memory is."""

    def __init__(self, driver: "neo4j.Driver", database: str, sessions: int) -> None:
        """Take where to."""
        self._driver, self._database = driver, database
        self._jobs: queue.Queue[_Job | None] = queue.Queue(maxsize=sessions)
        self._failed: list[Exception] = []
        self._threads = [threading.Thread(target=self._work) for _ in range(sessions)]

    def __enter__(self) -> Self:
        """Begin."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let what waits be written, and end; an error of a batch comes out here at the latest."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        if kind is None:
            self._raise()

    def put(self, statement: str, parameters: Row, made: tuple[int, int]) -> None:
        """Have a batch written.

        Args:
            statement: What to run.
            parameters: What fills it; ``batch`` is the batch's own mark.
            made: How many nodes, its mark apart, and relationships it has to make.
        """
        self._raise()
        self._jobs.put((statement, parameters, made))

    def wait(self) -> None:
        """Until all that was put is written."""
        self._jobs.join()
        self._raise()

    def _raise(self) -> None:
        if self._failed:
            raise self._failed[0]

    def _work(self) -> None:
        with self._driver.session(database=self._database or None) as session:
            while (job := self._jobs.get()) is not None:
                try:
                    if not self._failed:
                        _write(session, *job)
                except Exception as error:  # noqa: BLE001 - raised again where batches are put
                    self._failed.append(error)
                finally:
                    self._jobs.task_done()
            self._jobs.task_done()


def _write(
    session: "neo4j.Session", statement: str, parameters: Row, made: tuple[int, int]
) -> None:
    """Write a batch, once: if its answer was lost and it is sent again, its mark is there."""
    import neo4j  # noqa: PLC0415 - slow to import

    def write(tx: "neo4j.ManagedTransaction") -> None:
        told = tx.run(statement, parameters).consume().counters
        if (told.nodes_created - 1, told.relationships_created) != made:
            raise ServerError(
                f"of {sum(made):,} rows {told.nodes_created - 1 + told.relationships_created:,} "
                "found their nodes: another push of this snapshot may have removed them; what "
                "was there before still stands; push again"
            )

    try:
        session.execute_write(write)
    except neo4j.exceptions.ConstraintError:
        marked = session.execute_read(
            lambda tx: tx.run(
                f"MATCH (b:{name(BATCH)} {{uid: $batch}}) RETURN count(b) AS n", parameters
            ).single(strict=True)["n"]
        )
        if not marked:
            raise

"""What closes clauses over start states: in this process, or on a cluster (``trace.spark``)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from nhigraph.records import dataclass
from nhigraph.trace.lanes import Reach, Solver
from nhigraph.trace.product import Bools, Product

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Carried:
    """A flag that is asked for: who holds a state by way of something flagged.

    Attributes:
        clauses: The closure in which ``reach`` was found.
        reach: Its least set.
        states: Flagged states: whoever holds one carries the flag from there.
        labelled: Flagged clauses: whoever fires one carries the flag from its end.
        carriers: Clauses that hand the flag on; None for all.
    """

    clauses: Product
    reach: Reach
    states: Sequence[int]
    labelled: Bools
    carriers: Bools | None = None


class Engine(Protocol):
    """Closes clauses of one product; every engine gives the same sets."""

    @property
    def words(self) -> int:
        """Words of 64 lanes that are closed at once, at most."""

    def reaches(
        self, readings: Mapping[K, Product], start: Mapping[int, int]
    ) -> Mapping[K, Reach]:
        """Least sets that hold the start, one for each reading of the product.

        Args:
            readings: The product, as each closure reads it.
            start: State to the lanes that hold it from the beginning.
        """

    def flags(self, asked: Iterable[Carried], seen: Sequence[int]) -> Iterator[Reach]:
        """Who carries each flag, in the order asked.

        Args:
            asked: The flags.
            seen: States that are looked at; nothing is promised of any other.
        """


class InMemory(Solver):
    """The engine of this process."""

    def reaches(
        self, readings: Mapping[K, Product], start: Mapping[int, int]
    ) -> Mapping[K, Reach]:
        """See ``Engine``; a reading that several names have is closed once."""
        found: dict[int, Reach] = {}
        for clauses in readings.values():
            if id(clauses) not in found:
                found[id(clauses)] = self.reach(clauses, start)
        return {name: found[id(clauses)] for name, clauses in readings.items()}

    def flags(self, asked: Iterable[Carried], seen: Sequence[int]) -> Iterator[Reach]:
        """See ``Engine``; one at a time: each is as large as a reach."""
        del seen
        for one in asked:
            yield self.flag(one.clauses, one.reach, one.states, one.labelled, one.carriers)

"""Best paths of imagined identities, from what they hold on: named, and written when read."""

from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

import numpy as np

from nhigraph.assurance.named_ways import NamedWays, Walks
from nhigraph.assurance.path_rows import Printed
from nhigraph.assurance.planted_rows import Planted
from nhigraph.assurance.witnesses import Asked, Witnesses

K = TypeVar("K")


class PlantedWays(Generic[K]):
    """The paths that some rows of imagined identities ask for."""

    def __init__(self, planted: Planted, asked: Mapping[K, Asked]) -> None:
        """Find and name them.

        Args:
            planted: The identities.
            asked: What is asked for; all of it is reached in *may*.
        """
        self._planted = planted
        many = [*asked.values()]
        names = ("target", "states", "walker")
        columns = (
            np.array([getattr(one, name) for one in many], dtype=np.int64) for name in names
        )
        self._ways = NamedWays(planted, Witnesses(planted), Walks(*columns), np.arange(len(many)))
        self._place = dict(zip(asked, self._ways.name.tolist(), strict=True))

    def name(self, key: K) -> str:
        """Id of a path; empty for one of no step, and where none was asked for."""
        return self._ways.names[self._place.get(key, 0)]

    def clauses(self, key: K) -> list[int]:
        """The clauses of a path, moves inside a node among them."""
        return self._ways.clauses(self._place[key])

    def printed(self, keys: Iterable[K]) -> Printed:
        """The paths of some keys, by id."""
        places = {self.name(key): self._place[key] for key in keys if self.name(key)}
        return self.told({name: self._ways.clauses(at) for name, at in places.items()})

    def told(self, clauses: Mapping[str, list[int]]) -> Printed:
        """Paths by id, of which the clauses are known."""
        return Printed(self._planted.analysis.written, self._planted.paths, clauses)

"""What counts on the as-of day: days are UTC and inclusive, and ISO dates order as text."""

from __future__ import annotations

import numpy as np

from nhigraph.graph.late import pd
from nhigraph.graph.store import Graph
from nhigraph.records import dataclass
from nhigraph.trace.product import Bools


@dataclass(frozen=True, slots=True)
class Day:
    """The day of an answer.

    Attributes:
        as_of: ISO date.
        include_disabled: Nodes that are disabled, deleted or expired count as active.
    """

    as_of: str
    include_disabled: bool = False

    def alive(self, graph: Graph) -> Bools:
        """Nodes that can hold states."""
        state = graph.nodes["state"].to_numpy(dtype=object)
        expires = graph.nodes["expires"].to_numpy(dtype=object)
        if self.include_disabled:
            return np.ones(len(state), dtype=bool)
        ended = np.isin(state, ["disabled", "deleted"])
        current: Bools = (expires == "") | (expires >= self.as_of)
        return ~ended & current

    def in_force(self, graph: Graph) -> Bools:
        """Edges that hold, with both ends alive."""
        edges, alive = graph.edges, self.alive(graph)
        ends = alive[edges["src"].to_numpy()] & alive[edges["dst"].to_numpy()]
        both: Bools = ends & self.covers(edges)
        return both

    def covers(self, frame: pd.DataFrame) -> Bools:
        """Rows whose ``valid_from`` and ``valid_until`` include the day."""
        since = frame["valid_from"].to_numpy(dtype=object)
        until = frame["valid_until"].to_numpy(dtype=object)
        begun: Bools = (since == "") | (since <= self.as_of)
        lasting: Bools = (until == "") | (until >= self.as_of)
        return begun & lasting

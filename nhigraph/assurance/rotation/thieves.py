"""Thieves: for each credential the answer of somebody who knows its value and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.planted import Held, Imagined
from nhigraph.assurance.planted_rows import Planted
from nhigraph.assurance.rotation.credentials import Credentials
from nhigraph.assurance.row_order import worst_first
from nhigraph.assurance.rows import IdentityRow, PathStep, VerdictRow
from nhigraph.assurance.witnesses import Asked, Witnesses
from nhigraph.graph.store import Ints
from nhigraph.schema import kinds
from nhigraph.trace.paths import Way


@dataclass(frozen=True, slots=True)
class Onward:
    """A path from a credential on.

    Attributes:
        name: Its id.
        clauses: Its clauses.
    """

    name: str
    clauses: Ints


@dataclass(frozen=True, slots=True)
class Stolen:
    """What comes of a credential that somebody knows.

    Attributes:
        credential: Node id of the credential, in the estate that was asked.
        row: The thief's row of identities.csv.
        sorts: Of each sort of its rows of verdicts.csv one; see ``Outcome``.
        way: The path of the worst of these rows that has one, from the credential on.
    """

    credential: int
    row: IdentityRow
    sorts: tuple[VerdictRow, ...]
    way: Onward | None


class Thieves:
    """Thieves of some credentials of an estate, each judged."""

    def __init__(self, planted: Planted, nodes: Sequence[int]) -> None:
        """Take what comes of them.

        Args:
            planted: They.
            nodes: Node ids of the credentials that they know, in the same order.
        """
        self._planted, self._written = planted, planted.analysis.written
        asked: dict[int, Asked] = {}
        for lane, row in enumerate(planted.worst(_worst)):
            wanted = None if row is None else planted.asked(lane, row)
            if wanted is not None:
                asked[lane] = wanted
        ways = Witnesses(planted).find(asked, self._onward)
        self.found = {
            node: Stolen(node, one.row, one.sorts, ways.get(lane))
            for lane, (node, one) in enumerate(zip(nodes, planted.outcomes, strict=True))
        }

    def path(self, way: Onward) -> tuple[PathStep, ...]:
        """The rows of a path."""
        steps = self._planted.paths.steps(way.clauses.tolist())
        return self._written.rows(way.name, steps)

    def _onward(self, _: int, way: Way) -> Onward:
        clauses = self._planted.paths.clauses(way)
        return Onward(way.name, np.array(clauses, dtype=np.int64))


def planted_thieves(estate: Estate, credentials: Credentials, nodes: Sequence[int]) -> Planted:
    """Thieves of some credentials, traced and judged on an estate of the same nodes and edges."""
    return Planted(Analysis(estate, ()), [thief(credentials, node) for node in nodes])


def thief(credentials: Credentials, node: int) -> Imagined:
    """What an identity holds that knows the value of a credential."""
    held = [Held(kinds.CAN_READ, node, "use_secret")]
    if credentials.acts(node):
        held.append(Held(kinds.CAN_ASSUME, node))
    return held


def _worst(row: VerdictRow) -> tuple[int, int, int, str]:
    soc1, exposure, _, target = worst_first(row)
    return soc1, exposure, -len(row.soc2), target

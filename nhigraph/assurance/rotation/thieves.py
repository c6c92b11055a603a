"""Thieves: for each credential the answer of somebody who knows its value and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows_and_walks
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.path_rows import PathRows
from nhigraph.assurance.planted import Held, Imagined, plant
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
        verdicts: Its rows of verdicts.csv of an effect, the worst first.
        way: The path of the worst of these that has one, from the credential on.
    """

    credential: int
    row: IdentityRow
    verdicts: tuple[VerdictRow, ...]
    way: Onward | None


class Thieves:
    """Thieves of some credentials of an estate, each judged."""

    def __init__(self, estate: Estate, credentials: Credentials, nodes: Sequence[int]) -> None:
        """Plant and judge them.

        Args:
            estate: The estate.
            credentials: Those of the same nodes and edges.
            nodes: Node ids of the credentials that are stolen.
        """
        grown, planted = plant(estate, [thief(credentials, node) for node in nodes])
        self._analysis = Analysis(grown, sorted(planted))
        self._written = PathRows(grown.graph)
        found, walks = rows_and_walks(self._analysis)
        keys = grown.graph.key_list
        stolen = {keys[thief]: node for thief, node in zip(planted, nodes, strict=True)}
        verdicts: dict[int, list[VerdictRow]] = {}
        for one in found.verdicts:
            if one.verdict != "neither":
                verdicts.setdefault(stolen[one.identity], []).append(one)
        asked: dict[int, Asked] = {}
        for node, many in verdicts.items():
            many.sort(key=_worst)
            known = (walks.get((one.identity, one.target)) for one in many)
            if (wanted := next(filter(None, known), None)) is not None:
                asked[node] = wanted
        ways = Witnesses(self._analysis).find(asked, self._onward)
        self.found = {}
        for row in found.identities:
            node = stolen[row.identity]
            self.found[node] = Stolen(node, row, tuple(verdicts.get(node, ())), ways.get(node))

    def path(self, way: Onward) -> tuple[PathStep, ...]:
        """The rows of a path."""
        steps = self._analysis.paths.steps(way.clauses.tolist())
        return self._written.rows(way.name, steps)

    def _onward(self, _: int, way: Way) -> Onward:
        paths = self._analysis.paths
        onward = paths.onward(way)
        return Onward(onward.name, np.array(paths.clauses(onward), dtype=np.int64))


def thief(credentials: Credentials, node: int) -> Imagined:
    """An identity that knows the value of a credential."""
    graph = credentials.estate.graph
    held = [Held(kinds.CAN_READ, node, "use_secret")]
    if credentials.acts(node):
        held.append(Held(kinds.CAN_ASSUME, node))
    place = graph.evidence_of("node", node)[0]
    return Imagined(f"whoever knows {graph.key_list[node]}", place, tuple(held))


def _worst(row: VerdictRow) -> tuple[int, int, int, str]:
    soc1, exposure, _, target = worst_first(row)
    return soc1, exposure, -len(row.soc2), target

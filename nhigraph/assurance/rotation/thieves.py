"""Thieves: for each credential the answer of somebody who knows its value and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows_and_ways
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.path_rows import PathRows
from nhigraph.assurance.planted import Held, Imagined, plant
from nhigraph.assurance.rotation.credentials import Credentials
from nhigraph.assurance.row_order import worst_first
from nhigraph.assurance.rows import IdentityRow, PathStep, VerdictRow
from nhigraph.schema import kinds
from nhigraph.trace.paths import Way


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
    way: Way | None


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
        found, way_of = rows_and_ways(self._analysis)
        self._way_of = way_of
        keys = grown.graph.key_list
        stolen = {keys[thief]: node for thief, node in zip(planted, nodes, strict=True)}
        verdicts: dict[int, list[VerdictRow]] = {}
        for one in found.verdicts:
            if one.verdict != "neither":
                verdicts.setdefault(stolen[one.identity], []).append(one)
        self.found = {
            stolen[row.identity]: self._stolen(stolen[row.identity], row, verdicts)
            for row in found.identities
        }

    def path(self, way: Way) -> tuple[PathStep, ...]:
        """The rows of a path."""
        return self._written.rows(way.name, self._analysis.paths.walk(way))

    def _stolen(
        self, node: int, row: IdentityRow, verdicts: dict[int, list[VerdictRow]]
    ) -> Stolen:
        rows = sorted(verdicts.get(node, ()), key=_worst)
        way = next((way for one in rows if (way := self._way_of(one)) is not None), None)
        return Stolen(node, row, tuple(rows), way and self._analysis.paths.onward(way))


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

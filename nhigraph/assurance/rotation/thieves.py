"""Thieves: for each credential the answer of somebody who knows its value and nothing else."""

from collections.abc import Sequence
from functools import cached_property

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.planted import Held, Imagined
from nhigraph.assurance.planted_rows import Planted
from nhigraph.assurance.planted_ways import PlantedWays
from nhigraph.assurance.rotation.credentials import Credentials
from nhigraph.assurance.row_order import worst_first
from nhigraph.assurance.rows import IdentityRow, VerdictRow
from nhigraph.assurance.witnesses import Asked
from nhigraph.records import dataclass
from nhigraph.schema import kinds


@dataclass(frozen=True, slots=True)
class Stolen:
    """What comes of a credential that somebody knows.

    Attributes:
        credential: Node id of the credential, in the estate that was asked.
        row: The thief's row of identities.csv.
        sorts: Of each sort of its rows of verdicts.csv one; see ``Outcome``.
    """

    credential: int
    row: IdentityRow
    sorts: tuple[VerdictRow, ...]


class Thieves:
    """Thieves of some credentials of an estate, each judged.

    Attributes:
        found: By credential, what comes of it.
    """

    def __init__(self, planted: Planted, nodes: Sequence[int]) -> None:
        """Take what comes of them.

        Args:
            planted: They.
            nodes: Node ids of the credentials that they know, in the same order.
        """
        self._planted, self._nodes = planted, nodes
        self.found = {
            node: Stolen(node, one.row, one.sorts)
            for node, one in zip(nodes, planted.outcomes, strict=True)
        }

    @cached_property
    def ways(self) -> PlantedWays[int]:
        """By credential, the path of the worst row that has one, from the credential on."""
        planted, asked = self._planted, dict[int, Asked]()
        for lane, (node, row) in enumerate(zip(self._nodes, planted.worst(_worst), strict=True)):
            wanted = None if row is None else planted.asked(lane, row)
            if wanted is not None:
                asked[node] = wanted
        return PlantedWays(planted, asked)


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

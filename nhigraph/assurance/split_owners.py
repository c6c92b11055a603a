"""Split ownership: one identity decides outcomes of finance and of trust that others own.

Finance outcomes are the financial targets at which soc1 is direct or indirect; outcomes of trust
the trust targets of which a committed category is affected. Who only reads decides nothing. The
owners of a target are those of the nodes that support it.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.rows import VerdictRow
from nhigraph.records import dataclass
from nhigraph.schema.claims import FINANCIAL

#: Sides, as bits.
FINANCE, TRUST = 1, 2
_DECIDING = {"CONTROL", "ALTER", "OMIT", "HALT"}


@dataclass(frozen=True, slots=True)
class Side:
    """The targets of one side that an identity decides.

    Attributes:
        rows: Its rows there, by target.
        owners: Target to its owners, sorted; none where no supporting node has a known one.
    """

    rows: tuple[VerdictRow, ...]
    owners: Mapping[str, tuple[str, ...]]

    @property
    def everybody(self) -> tuple[str, ...]:
        """Owners of any of them, sorted."""
        return tuple(sorted({one for many in self.owners.values() for one in many}))

    @property
    def says(self) -> str:
        """Targets with their owners, in words."""
        return ", ".join(f"{key} ({', '.join(of)})" for key, of in self.owners.items() if of)


@dataclass(frozen=True, slots=True)
class Split:
    """What one identity decides on either side.

    Attributes:
        finance: Financial targets.
        trust: Trust targets.
    """

    finance: Side
    trust: Side

    @property
    def both(self) -> bool:
        """Whether it decides something on each side."""
        return bool(self.finance.rows and self.trust.rows)

    @property
    def split(self) -> bool:
        """Whether nobody answers for both of some two targets, one of each side."""
        ours = {_folded(one) for one in self.finance.owners.values() if one}
        others = {_folded(one) for one in self.trust.owners.values() if one} if ours else ()
        return any(one.isdisjoint(other) for one in ours for other in others)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Targets whose owner would have to be known, where no split is seen."""
        if not self.both or self.split:
            return ()
        sides = (self.finance, self.trust)
        return tuple(key for side in sides for key, of in side.owners.items() if not of)

    @property
    def says(self) -> str:
        """Both sides in words."""
        return f"finance {self.finance.says}; trust {self.trust.says}"


@lru_cache(maxsize=4096)
def _folded(owners: tuple[str, ...]) -> frozenset[str]:
    """Names as people compare them: two that differ in case or blanks are one owner's."""
    return frozenset(" ".join(one.split()).casefold() for one in owners)


@lru_cache(maxsize=64)
def _decides(states: str) -> bool:
    return not _DECIDING.isdisjoint(states.split("+"))


class Owned:
    """The targets of an estate with their owners, each looked up once."""

    def __init__(self, estate: Estate) -> None:
        """Take the targets; nobody's owners are looked up yet."""
        self._estate = estate
        self._targets = {target.key: target for target in estate.targets}
        self._owners: dict[str, tuple[str, ...]] = {}

    def split(self, rows: Iterable[VerdictRow]) -> Split:
        """What an identity decides on either side, by its rows in verdicts.csv."""
        sides: dict[int, list[VerdictRow]] = {0: [], FINANCE: [], TRUST: []}
        for row in rows:
            sides[self.side(row)].append(row)
        return Split(self._side(sides[FINANCE]), self._side(sides[TRUST]))

    def side(self, row: VerdictRow) -> int:
        """The side on which a row decides something, as a bit; 0 for none."""
        target = self._targets.get(row.target)
        if target is None or not _decides(row.states):
            return 0
        if target.family == FINANCIAL:
            return 0 if row.soc1 in {"none", UNDETERMINED} else FINANCE
        return TRUST if target.category in row.soc2 else 0

    def _side(self, found: list[VerdictRow]) -> Side:
        found.sort(key=lambda row: row.target)
        return Side(tuple(found), {row.target: self._of(row.target) for row in found})

    def _of(self, key: str) -> tuple[str, ...]:
        """Owners of the nodes that support a target, as records and the scope name them."""
        known = self._owners.get(key)
        if known is None:
            graph = self._estate.graph
            nodes = (graph.node_id(one) for one in self._targets[key].nodes)
            cells = (graph.owner_list[node] for node in nodes if node is not None)
            found = {one.strip() for cell in cells for one in cell.split(";")}
            known = self._owners[key] = tuple(sorted(found - {""}))
        return known

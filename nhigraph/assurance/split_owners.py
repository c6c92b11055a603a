"""Split ownership: one identity decides outcomes of finance and of trust that others own.

Finance outcomes are the financial targets at which soc1 is direct or indirect; outcomes of trust
the trust targets of which a committed category is affected. Who only reads decides nothing. The
owners of a target are those of the nodes that support it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.rows import Target, VerdictRow
from nhigraph.schema.claims import FINANCIAL

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
        return any(
            one and other and _folded(one).isdisjoint(_folded(other))
            for one in self.finance.owners.values()
            for other in self.trust.owners.values()
        )

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


def _folded(owners: Iterable[str]) -> set[str]:
    """Names as people compare them: two that differ in case or blanks are one owner's."""
    return {" ".join(one.split()).casefold() for one in owners}


def owners_of(estate: Estate, target: Target) -> tuple[str, ...]:
    """Owners of the nodes that support a target, as records and the scope name them; sorted."""
    cells = estate.graph.nodes["owner"]
    nodes = (estate.graph.node_id(key) for key in target.nodes)
    found = {one.strip() for n in nodes if n is not None for one in str(cells.iat[n]).split(";")}
    return tuple(sorted(found - {""}))


def split(estate: Estate, rows: Iterable[VerdictRow]) -> Split:
    """What an identity decides on either side, by its rows.

    Args:
        estate: The estate.
        rows: Its rows in verdicts.csv.
    """
    targets = {target.key: target for target in estate.targets}
    finance, trust = [], []
    for row in rows:
        target = targets.get(row.target)
        if target is None or _DECIDING.isdisjoint(row.states.split("+")):
            continue
        if target.family == FINANCIAL and row.soc1 not in {"none", UNDETERMINED}:
            finance.append((row, target))
        elif target.family != FINANCIAL and target.category in row.soc2:
            trust.append((row, target))
    return Split(_side(estate, finance), _side(estate, trust))


def _side(estate: Estate, found: list[tuple[VerdictRow, Target]]) -> Side:
    ordered = sorted(found, key=lambda pair: pair[0].target)
    owned = {target.key: owners_of(estate, target) for _, target in ordered}
    return Side(tuple(row for row, _ in ordered), owned)

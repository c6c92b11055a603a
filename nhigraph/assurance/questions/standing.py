"""Where every identity stands: what is not known of it, and which gaps it reaches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows
from nhigraph.assurance.arrivals import bits
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.rows import IdentityRow, VerdictRow
from nhigraph.assurance.walk import Ground, Walk
from nhigraph.schema.types import State
from nhigraph.trace.product import Closure, state_id

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is not known.

    Attributes:
        identities: Keys of identities whose verdict is undetermined.
        exposures: Identity and target of rows whose exposure is undetermined.
        proven: Identity to what is proven of it: its soc1 and letters of soc2.
    """

    identities: frozenset[str]
    exposures: frozenset[Pair]
    proven: Mapping[str, tuple[str, ...]]

    def keeps(self, other: "Standing") -> bool:
        """Whether all that is proven here is so there, and nobody is undecided there only."""
        if not other.identities <= self.identities:
            return False
        return all(
            set(words) <= set(other.proven.get(one, ())) for one, words in self.proven.items()
        )


def standing(estate: Estate) -> Standing:
    """Judge, and keep what is not known."""
    found = rows(Analysis(estate))
    return of_rows(found.identities, found.verdicts)


def of_rows(identities: Iterable[IdentityRow], verdicts: Iterable[VerdictRow]) -> Standing:
    """What is not known, by the rows of an assessment."""
    many = [*identities]
    return Standing(
        frozenset(row.identity for row in many if row.verdict == UNDETERMINED),
        frozenset((row.identity, row.target) for row in verdicts if row.exposure == UNDETERMINED),
        {row.identity: said for row in many if (said := _proven(row))},
    )


def _proven(row: IdentityRow) -> tuple[str, ...]:
    soc1 = () if row.soc1 in ("none", UNDETERMINED) else (row.soc1,)
    return (*soc1, *(letter for letter in row.soc2 if letter != UNDETERMINED))


def reached(estate: Estate, walkers: Sequence[int]) -> Iterator[tuple[int, frozenset[int]]]:
    """Per identity that reaches an open gap, the rows of those it reaches.

    Args:
        estate: What is judged.
        walkers: Node ids of living identities.
    """
    open_rows = [row for row in estate.gap_rows if row not in estate.closed]
    if not open_rows or not walkers:
        return
    # Alike gaps share a look: one at the same node that hides the same states.
    alike: dict[tuple[int, tuple[State, ...]], list[int]] = {}
    for row in open_rows:
        node, hidden = estate.gap(row)
        alike.setdefault((node, hidden), []).append(row)
    ground = Ground(estate, (), len(walkers))
    for walk in ground.walks(list(walkers), (Closure.MAY,)):
        yield from _of_walk(walk, alike)


def _of_walk(
    walk: Walk, alike: dict[tuple[int, tuple[State, ...]], list[int]]
) -> Iterator[tuple[int, frozenset[int]]]:
    found: dict[int, list[int]] = {}
    may = walk.reach[Closure.MAY]
    for (node, hidden), many in alike.items():
        held = 0
        for state in hidden:
            held |= may.lanes(state_id(node, state))
        for lane in bits(held):
            found.setdefault(lane, []).extend(many)
    for lane, gaps in sorted(found.items()):
        yield walk.walkers[lane], frozenset(gaps)

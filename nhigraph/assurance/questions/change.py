"""What an answer changes: of those who stand otherwise under it, what is decided by it."""

from collections.abc import Mapping
from types import MappingProxyType

from nhigraph.assurance.questions.standing import STAR, Stand, Survey
from nhigraph.assurance.questions.tally import Worth
from nhigraph.records import dataclass

#: Whether an identity waits for an open gap, before the answer and after it.
_WAITS = tuple((before, after) for before in (False, True) for after in (False, True))
#: By that, whether it is decided by the answer, and otherwise how many of its rows are.
_Settled = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What an answer changes.

    Attributes:
        stands: Identities that stand otherwise, and how.
        keeps: Whether all that is proven stays so, and nobody is undecided who was not.
        settles: What is decided, by the open gaps that identities reach before and after: there
            are far fewer of these than identities.
    """

    stands: Mapping[str, Stand]
    keeps: bool
    settles: Mapping[tuple[frozenset[int], frozenset[int]], _Settled]

    @classmethod
    def of(
        cls,
        known: Survey,
        judged: Mapping[str, Stand],
        kept: Mapping[str, Stand] = MappingProxyType({}),
    ) -> "Change":
        """What differs from how identities stood.

        Args:
            known: How they stood.
            judged: How some stand under the answer, who were judged.
            kept: How others stand under it, all of them otherwise than they stood.
        """
        other = {one: stand for one, stand in judged.items() if known.of(one) != stand}
        stands = {**kept, **other}
        keeps, settles = True, dict[tuple[frozenset[int], frozenset[int]], _Settled]()
        told: dict[tuple[int, ...], tuple[bool, _Settled]] = {}
        for one, after in stands.items():
            before = known.of(one)
            # All four are kept by those who stand there, so that their ids stay their own.
            alike = id(before.now), id(before.calm), id(after.now), id(after.calm)
            if alike not in told:
                told[alike] = _keeps(before, after), _settled(before, after)
            keeping, settled = told[alike]
            keeps &= keeping
            reaches = before.reaches, after.reaches
            so_far = settles.get(reaches, _NOTHING)
            settles[reaches] = tuple(
                (a + c, b + d) for (a, b), (c, d) in zip(so_far, settled, strict=True)
            )
        return cls(stands, keeps, settles)

    def worth(self, closed: frozenset[int]) -> Worth:
        """What is decided once some gaps are closed."""
        if not self.keeps:
            # What is shown would fall away with it: that is no answer to propose first.
            return 0, 0, 0
        identities = rows = 0
        for (before, after), settled in self.settles.items():
            waits = not before <= closed, not after <= closed
            more = settled[_WAITS.index(waits)]
            identities, rows = identities + more[0], rows + more[1]
        return identities, rows, 0


_NOTHING: _Settled = ((0, 0),) * len(_WAITS)


def _keeps(before: Stand, after: Stand) -> bool:
    return all(
        (was.undetermined or not now.undetermined) and set(was.proven) <= set(now.proven)
        for was, now in ((before.now, after.now), (before.calm, after.calm))
    )


def _settled(before: Stand, after: Stand) -> _Settled:
    found = []
    for was, now in _WAITS:
        if before.is_open(waits=was) and not after.is_open(waits=now):
            found.append((1, 0))
        else:
            rows = before.open_rows(waits=was) - after.open_rows(waits=now) - {STAR}
            found.append((0, len(rows)))
    return tuple(found)

"""In which order pages list identities, and how many of them: a page opens whatever the estate."""

from collections.abc import Iterable
from heapq import nsmallest

from nhigraph.assurance.rows import IdentityRow
from nhigraph.assurance.verdict import EXPOSURES, VERDICTS

#: Identities that the report lists line by line; all of them stand in identities.csv.
LISTED = 10_000


def order(rows: Iterable[IdentityRow]) -> list[IdentityRow]:
    """Worst first: by exposure, then verdict, then soc1, then key."""
    return sorted(rows, key=_badness)


def listed(rows: Iterable[IdentityRow]) -> list[IdentityRow]:
    """Those that the report lists, the worst first."""
    return nsmallest(LISTED, rows, key=_badness)


def _badness(row: IdentityRow) -> tuple[bool, int, int, bool, str]:
    return (
        row.verdict == "neither",
        EXPOSURES.index(row.exposure),
        VERDICTS.index(row.verdict),
        row.soc1 != "direct",
        row.identity,
    )

"""The order in which rows of verdicts.csv are shown, and how many of them show a path."""

from collections.abc import Iterable
from typing import Final

from nhigraph.assurance import verdict as rule
from nhigraph.assurance.rows import IdentityRow, VerdictRow

#: Above this many pairs only the printed paths' pairs get their steps.
PAIRS_WITH_STEPS: Final = 1_000_000
EXPOSURE_ORDER: Final = tuple(reversed(rule.EXPOSURES[:-1]))


def worst_first(row: VerdictRow) -> tuple[int, int, str, str]:
    """Order of rows: the books before promises, what is open before what is not."""
    return *badness(row), row.identity, row.target


def worst_identity_first(row: IdentityRow) -> tuple[int, int, str]:
    """The same order of identities."""
    return *badness(row), row.identity


def worst_exposure(rows: Iterable[VerdictRow], verdict: str) -> str:
    """Exposure of the worst of the rows of an identity that is judged so in all."""
    if verdict == "neither":
        return "in-population"
    relevant = [row.exposure for row in rows if row.verdict != "neither"]
    # A weakness alone, without a row: nothing stands before it.
    return max(relevant, key=EXPOSURE_ORDER.index, default="open")


def basis(rows: Iterable[VerdictRow]) -> str:
    """Whose books the rows of an identity touch."""
    found = {row.icfr_basis for row in rows if row.soc1 != "none"} - {""}
    known = found - {"unknown"}
    if "both" in known or {"own", "user_entity"} <= known:
        return "both"
    return min(known or found, default="")


def badness(row: VerdictRow | IdentityRow) -> tuple[int, int]:
    """What comes first in either order."""
    exposed = EXPOSURE_ORDER.index(row.exposure) if row.exposure in EXPOSURE_ORDER else -1
    return -rule.SOC1_ORDER.index(row.soc1), -exposed

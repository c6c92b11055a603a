"""The order in which rows of verdicts.csv are shown, and how many of them show a path."""

from typing import Final

from nhigraph.assurance import verdict as rule
from nhigraph.assurance.rows import IdentityRow, VerdictRow

#: Above this many pairs only the printed paths' pairs get their steps.
PAIRS_WITH_STEPS: Final = 1_000_000
EXPOSURE_ORDER: Final = tuple(reversed(rule.EXPOSURES[:-1]))


def worst_first(row: VerdictRow) -> tuple[int, int, str, str]:
    """Order of rows: the books before promises, what is open before what is not."""
    return *_badness(row), row.identity, row.target


def worst_identity_first(row: IdentityRow) -> tuple[int, int, str]:
    """The same order of identities."""
    return *_badness(row), row.identity


def _badness(row: VerdictRow | IdentityRow) -> tuple[int, int]:
    exposed = EXPOSURE_ORDER.index(row.exposure) if row.exposure in EXPOSURE_ORDER else -1
    return -rule.SOC1_ORDER.index(row.soc1), -exposed

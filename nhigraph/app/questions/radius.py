"""How much falls with every identity, as a person asks it."""

from nhigraph.app.judged import Judged
from nhigraph.app.questions.cut import WAYS
from nhigraph.assurance.radius import radii
from nhigraph.assurance.radius_rows import RadiusRow
from nhigraph.errors import UsageError


def radius(judged: Judged, ways: str = "may", *, exact: bool = False) -> list[RadiusRow]:
    """A row per living identity of the population, the one with which most falls first.

    Args:
        judged: The estate.
        ways: One of ``WAYS``.
        exact: Count on the largest estates, too; these are estimated otherwise.

    Raises:
        UsageError: A word that is none of these.
    """
    if ways not in WAYS:
        raise UsageError(f"ways: expected one of {', '.join(WAYS)}, not {ways!r}")
    return radii(judged.estate, WAYS[ways], exact=True if exact else None)

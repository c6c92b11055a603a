"""The date of every answer."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from nhigraph.errors import UsageError
from nhigraph.facts.facts import Claim
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class AsOf:
    """The date of every answer.

    Attributes:
        day: ISO date (UTC).
        source: ``option``, ``scope``, ``extract`` or ``clock``.
    """

    day: str
    source: str


def as_of(option: str | None, claims: Iterable[Claim], extracted: str | None) -> AsOf:
    """The option, else the scope, else the newest extract, else today.

    Raises:
        UsageError: The option is no date.
    """
    if option:
        try:
            return AsOf(date.fromisoformat(option).isoformat(), "option")
        except ValueError:
            problem = f"--as-of: expected a date such as 2026-11-23, not {option!r}"
            raise UsageError(problem) from None
    from nhigraph.assurance.scope import header

    stated = header(claims).get("as_of")
    if stated:
        return AsOf(str(stated), "scope")
    if extracted:
        return AsOf(extracted, "extract")
    return AsOf(datetime.now(UTC).date().isoformat(), "clock")

"""Two judgements side by side: which answers differ."""

from collections.abc import Mapping
from dataclasses import dataclass

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows
from nhigraph.assurance.estate import Estate

Pair = tuple[str, str]
_NOTHING = "neither"


@dataclass(frozen=True, slots=True)
class Changed:
    """An answer that differs.

    Attributes:
        identity: Whose.
        target: At which target; ``*`` for all without an answer of their own.
        before: Verdict and exposure before; ``neither`` where there is nothing.
        after: Verdict and exposure then.
    """

    identity: str
    target: str
    before: str
    after: str


def compare(before: Estate, after: Estate) -> tuple[Changed, ...]:
    """The answers that differ, by identity and target."""
    old, new = _told(before), _told(after)
    return tuple(
        Changed(*pair, old.get(pair, _NOTHING), new.get(pair, _NOTHING))
        for pair in sorted(old.keys() | new.keys())
        if old.get(pair) != new.get(pair)
    )


def _told(estate: Estate) -> Mapping[Pair, str]:
    return {
        (row.identity, row.target): f"{row.verdict} {row.exposure}"
        for row in rows(Analysis(estate)).verdicts
        if row.verdict != _NOTHING
    }

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
    return differing(told(before), told(after))


def differing(old: Mapping[Pair, str], new: Mapping[Pair, str]) -> tuple[Changed, ...]:
    """The answers of two judgements that differ, by identity and target."""
    return tuple(
        Changed(*pair, old.get(pair, _NOTHING), new.get(pair, _NOTHING))
        for pair in sorted(old.keys() | new.keys())
        if old.get(pair) != new.get(pair)
    )


def told(estate: Estate) -> Mapping[Pair, str]:
    """Identity and target to verdict and exposure; what is neither is left out."""
    return {
        (row.identity, row.target): f"{row.verdict} {row.exposure}"
        for row in rows(Analysis(estate)).verdicts
        if row.verdict != _NOTHING
    }

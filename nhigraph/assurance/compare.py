"""Two judgements side by side: which answers differ."""

from collections.abc import Mapping

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows
from nhigraph.assurance.cut_rows import Changed
from nhigraph.assurance.estate import Estate

Pair = tuple[str, str]
_NOTHING = "neither"


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

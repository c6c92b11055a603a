"""Two judgements side by side: which answers differ."""

from collections.abc import Mapping, Sequence

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import rows
from nhigraph.assurance.cut_rows import Changed
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.rows import VerdictRow
from nhigraph.assurance.verdict_rows import VerdictRows

Pair = tuple[str, str]
_NOTHING = "neither"


def compare(before: Estate, after: Estate) -> tuple[Changed, ...]:
    """The answers that differ, by identity and target."""
    return differing(told(before), told(after))


def differing(old: Mapping[Pair, str], new: Mapping[Pair, str]) -> tuple[Changed, ...]:
    """The answers of two judgements that differ, by identity and target."""
    return tuple(
        Changed(*pair, old.get(pair, _NOTHING), new.get(pair, _NOTHING))
        for pair in sorted({pair for pair, _ in old.items() ^ new.items()})
    )


def told(estate: Estate) -> Mapping[Pair, str]:
    """Identity and target to verdict and exposure; what is neither is left out."""
    return told_by(rows(Analysis(estate, gated=False)).verdicts)


def told_by(verdicts: Sequence[VerdictRow]) -> Mapping[Pair, str]:
    """The same of rows of verdicts.csv."""
    found = VerdictRows.of(verdicts)
    said = [(one.target, f"{one.verdict} {one.exposure}") for one in found.sorts]
    kept = found.places(lambda one: one.verdict != _NOTHING)
    pairs = zip(found.who[kept].tolist(), found.sort[kept].tolist(), strict=True)
    return {(found.keys[who], said[sort][0]): said[sort][1] for who, sort in pairs}

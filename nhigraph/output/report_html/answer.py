"""The answer in plain words, with counts that add up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nhigraph.assurance.rows import Assessment

#: Verdicts, worst first; the page lists and stacks them in this order.
VERDICTS = ("both", "soc1", "soc2", "undetermined", "neither")
#: Exposures, worst first.
EXPOSURES = ("open", "undetermined", "relies_on_subservice", "gated", "in-population")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; figures are strong."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """One verdict's part of all identities, with its place in a strip of 1000 units."""

    verdict: str
    count: int
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many identities have which verdict and exposure.

    Attributes:
        total: All identities of the population that get a verdict.
        shares: Counts per verdict, in order; they add up to ``total``.
        books: Verdict soc1 or both.
        trust: Verdict soc2 or both.
        inputs: How many inputs were read, where coverage says.
        exposures: Exposure and count among those with verdict soc1, soc2 or both.
        financial: The scope has a financial target.
        promised: The scope has commitments.
        own: Some of them bear on the organisation's own books only.
    """

    total: int
    shares: tuple[Share, ...]
    books: int
    trust: int
    both: int
    neither: int
    undetermined: int
    inputs: int
    exposures: tuple[tuple[str, int], ...]
    financial: bool
    promised: bool
    own: bool

    @property
    def relevant(self) -> int:
        """Identities that can do either."""
        return self.books + self.trust - self.both


def tally(assessment: Assessment) -> Tally:
    """Count the identities of an assessment."""
    rows = assessment.identities
    verdicts = Counter(row.verdict for row in rows)
    relevant = [row for row in rows if row.verdict in {"both", "soc1", "soc2"}]
    exposures = Counter(row.exposure for row in relevant)
    artifacts = assessment.coverage.get("artifacts")
    return Tally(
        total=len(rows),
        shares=_shares(verdicts, len(rows)),
        books=verdicts["both"] + verdicts["soc1"],
        trust=verdicts["both"] + verdicts["soc2"],
        both=verdicts["both"],
        neither=verdicts["neither"],
        undetermined=verdicts["undetermined"],
        inputs=_read(artifacts) if isinstance(artifacts, list | tuple) else 0,
        exposures=tuple((name, exposures[name]) for name in EXPOSURES if exposures[name]),
        financial=any(target.family == "financial-reporting" for target in assessment.targets),
        promised=bool(assessment.commitments),
        own=any(row.icfr_basis == "own" and row.soc1 != "none" for row in relevant),
    )


def _read(artifacts: Iterable[object]) -> int:
    """Documents that were read; what no source recognised supports no answer."""
    statuses = (a.get("status", "read") for a in artifacts if isinstance(a, Mapping))
    return sum(1 for status in statuses if status in ("read", "partial"))


def _shares(verdicts: Counter[str], total: int) -> tuple[Share, ...]:
    shares, x = [], 0.0
    for verdict in VERDICTS:
        width = 1000 * verdicts[verdict] / total if total else 0.0
        shares.append(Share(verdict, verdicts[verdict], f"{x:.2f}", f"{width:.2f}"))
        x += width
    return tuple(shares)


def sentence(tally: Tally) -> tuple[Part, ...]:
    """The answer: who can change the books, break a promise of trust, both, or neither."""
    if not tally.total:
        return (Part("No non-human identity was found in the inputs."),)
    noun = "identity" if tally.total == 1 else "identities"
    parts = [Part("Of "), Part(f"{tally.total:,}", strong=True), Part(f" non-human {noun}, ")]
    claims = []
    if tally.financial or tally.books:
        claims.append((tally.books, " can change the books (SOC 1)"))
    if tally.promised or tally.trust:
        claims.append((tally.trust, " can break a promise of trust (SOC 2)"))
    if len(claims) > 1:
        claims.append((tally.both, " can do both"))
    if not claims:
        return (*parts, Part("none was judged: the scope names no books and no promises."))
    for at, (count, claim) in enumerate(claims):
        before = "" if not at else " and " if at == len(claims) - 1 else ", "
        parts += [Part(before), _figure(count), Part(claim)]
    if tally.neither:
        where = (
            f" in the {tally.inputs:,} inputs read" if tally.inputs > 1 else " in what was read"
        )
        parts += [Part(". For "), _figure(tally.neither), Part(f" no such path was found{where}")]
    if tally.undetermined:
        parts += [Part("; " if tally.neither else ". "), _figure(tally.undetermined)]
        parts += [Part(" could not be decided")]
    return (*parts, Part("."))


def _figure(count: int) -> Part:
    return Part(f"{count:,}" if count else "none", strong=True)

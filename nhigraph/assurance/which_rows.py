"""Rows of the answer per system: which.csv, and what a vendor's report must cover."""

import re
from collections.abc import Sequence

from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.verdict import SOC1_ORDER
from nhigraph.records import dataclass

#: What a row is about.
KINDS = ("system", "repository", "database", "vendor", "process")
_QUESTIONS = {
    "both": "both",
    "soc1": "correctness",
    "soc2": "trust",
    "neither": "none",
    UNDETERMINED: "not known",
}
_ANSWERS = ("both", "soc1", "soc2", UNDETERMINED, "neither")
EXPOSURES = ("open", UNDETERMINED, "relies_on_subservice", "gated", "in-population")
_MORE = re.compile(r"and (\d+) more")


def question_of(answer: str) -> str:
    """Whether correctness, trust or both are what the answer turns on."""
    return _QUESTIONS[answer]


@dataclass(frozen=True, slots=True)
class WhichRow:
    """One row of ``which.csv``; what follows its columns is for people.

    Attributes:
        subject: Key of the node; ``vendor:``, ``process:``, ``carve_out:`` or ``inclusive:`` with
            a name where no one node is meant; that of its container for a database.
        kind: One of ``KINDS``; of any other node that was asked for, its own kind.
        answer: both, soc1, soc2, neither or undetermined.
        question: correctness, trust, both, none or not known.
        altered_by: Identities with CONTROL, ALTER or OMIT at it in *may*, by key; of very many the
            first, then ``and N more``. The more systems there are, the fewer are named of each.
        relied_on_by: Targets that it reaches with an effect.
        evidence: What either side asks for, in words that ``explain`` knows.
        controls: Identifiers of controls: TSC, CSF 2.0, 800-53, OWASP NHI 2025, ITGC domains.
        boundary: in, carve_out, inclusive, outside; several where its nodes differ.
        split_owners: ``books: owner`` and ``trust: owner`` where those of either side differ.
        path_id: Best path of the worst row, from the subject's own node.
        exposure: As of an identity.
        assertions: At risk at the financial targets it reaches.
        weaknesses: On its paths.
        active: Some node of it counts on the day.
    """

    subject: str
    kind: str
    name: str
    owner: str
    answer: str
    soc1: str
    soc2: tuple[str, ...]
    question: str
    altered_by: tuple[str, ...]
    relied_on_by: tuple[str, ...]
    evidence: tuple[str, ...]
    controls: tuple[str, ...]
    boundary: tuple[str, ...]
    split_owners: tuple[str, ...]
    path_id: str
    gaps: tuple[str, ...]
    exposure: str = ""
    assertions: tuple[str, ...] = ()
    weaknesses: tuple[str, ...] = ()
    active: bool = True

    @property
    def altering(self) -> int:
        """How many identities alter it, named in ``altered_by`` or only counted there."""
        last = self.altered_by[-1] if self.altered_by else ""
        uncounted = _MORE.fullmatch(last)
        return len(self.altered_by) - 1 + int(uncounted[1]) if uncounted else len(self.altered_by)


def told_of(keys: Sequence[str], count: int) -> tuple[str, ...]:
    """Keys for a cell; where there are more than these, the last item counts the others."""
    more = count - len(keys)
    return (*keys, f"and {more} more") if more else tuple(keys)


def badness(row: WhichRow) -> tuple[int, int, int, str, str]:
    """Order of subjects for people: the worst first."""
    return (
        _ANSWERS.index(row.answer),
        -SOC1_ORDER.index(row.soc1),
        EXPOSURES.index(row.exposure),
        row.subject,
        row.kind,
    )


@dataclass(frozen=True, slots=True)
class CoverRow:
    """What a vendor's report must cover for one of our targets.

    Attributes:
        vendor: Subject of the vendor.
        report: ``SOC 1``, ``SOC 2``, or ``not known``.
        covers: An assertion, or a category.
        target: Which of our targets rests on it.
        process: Its process.
        soc1: What the row of the vendor says of it.
        exposure: Likewise.
        certainty: Likewise.
        evidence: What to ask the vendor for, in words that ``explain`` knows.
        controls: Identifiers of controls.
        path_id: How the vendor reaches the target.
    """

    vendor: str
    report: str
    covers: str
    target: str
    process: str
    soc1: str
    exposure: str
    certainty: str
    evidence: tuple[str, ...]
    controls: tuple[str, ...]
    path_id: str

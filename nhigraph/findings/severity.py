"""How bad a finding is: the consequence of one row, as a word.

The word is the first line of the table that holds. It goes by relevance; exposure only parts the
first two, so that no control makes what reaches the books smaller than what does not. It is no
score, and nothing is added up: soc1, soc2, exposure and certainty stay in ``verdicts.csv``.

| word | the row of the subject at the target |
|---|---|
| critical | soc1 is direct and the way is open |
| high | soc1 is direct, past a control, or it is not known whether past one |
| medium | soc1 is indirect, or a committed category of soc2 is affected |
| undetermined | soc1 or soc2 is undetermined, or a gap hides what the subject reaches |
| low | nothing that was promised, or no target, as far as was read |
"""

from collections.abc import Iterable
from typing import Final

from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.rows import VerdictRow

#: The worst first.
SEVERITIES: Final = ("critical", "high", "medium", UNDETERMINED, "low")


def severity(row: VerdictRow | None, *, hidden: bool = False) -> str:
    """The word for a consequence.

    Args:
        row: What the subject can do at the target; None where it reaches none.
        hidden: The subject reaches a gap, so that it may reach more than is shown.
    """
    if row is None:
        return UNDETERMINED if hidden else "low"
    if row.soc1 == "direct":
        return "critical" if row.exposure == "open" else "high"
    letters = set(row.soc2) - {UNDETERMINED}
    if row.soc1 == "indirect" or letters:
        return "medium"
    return UNDETERMINED if row.verdict == UNDETERMINED else "low"


def worst(rows: Iterable[VerdictRow]) -> VerdictRow:
    """The row with the worst word; of several the first."""
    return min(rows, key=lambda row: SEVERITIES.index(severity(row)))

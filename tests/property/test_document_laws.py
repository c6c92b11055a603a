"""Laws of what documents say together (design, section 9), on random companies in native files.

Rows are compared without qualifiers: these are added only where two holders stay apart.
"""

from pathlib import Path

import pytest

from tests.documents.laws import Trial

SPAN = 5
#: First seeds: twenty-five companies on every change, a thousand at night.
SEEDS = [
    pytest.param(first, marks=() if first < 25 else pytest.mark.nightly)
    for first in range(0, 1000, SPAN)
]


@pytest.mark.parametrize("first", SEEDS)
def test_documents_together_say_no_less_than_each(first: int, tmp_path: Path) -> None:
    """A document adds, an answer that is missing is told, order and copies say nothing."""
    found = [
        f"seed {one.seed}, {one.law}: {one.what}"
        for seed in range(first, first + SPAN)
        for one in Trial(seed, tmp_path).complaints()
    ]
    assert not found, "\n".join(found)


def test_the_companies_clash_and_leave_open_as_they_are_meant_to(tmp_path: Path) -> None:
    """Without clashes, answers and doubts the laws above would hold of themselves."""
    seen: set[str] = set()
    for seed in range(12):
        whole = Trial(seed, tmp_path).whole
        seen |= {f"{row['certainty']} {row['soc1']}" for row in whole.verdicts}
        seen |= {row["soc1"] for row in whole.identities}
        seen |= {"apart" for _, line in whole.lines if "kept apart" in line}
        seen |= {"one" for _, line in whole.lines if "taken for the one of" in line}
    assert {"can direct", "may direct", "may undetermined", "none", "apart", "one"} <= seen

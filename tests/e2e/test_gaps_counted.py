"""A gap that an answer closes is counted nowhere, and told as such where it is told."""

from pathlib import Path

import pytest

from tests.e2e.command import inside

FACTS = """
nhigraph: facts/1
nodes:
  - {kind: ServiceAccount, key: "a:one"}
  - {kind: ServiceAccount, key: "a:two"}
gaps:
  - {at: "a:one", reason: "policy not exported"}
  - {at: "a:two", reason: "groups not exported"}
"""
SCOPE = "nhigraph: scope/1\nas_of: 2026-11-23\n"
#: Answers -> what build prints of gaps, and how many lines of coverage are of which sort.
CASES = {
    "none": ("", "2 nodes, 0 edges, 2 gaps", (2, 0)),
    "one": (
        "answers: [{gap: {at: 'a:one'}, is: empty}]\n",
        "2 nodes, 0 edges, 1 gap; 1 gap is closed by answers of the scope",
        (1, 1),
    ),
    "all": (
        "answers: [{gap: {at: 'a:*'}, is: empty}]\n",
        "2 nodes, 0 edges, 0 gaps; 2 gaps are closed by answers of the scope",
        (0, 2),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_command_counts_the_gaps_that_are_left(case: str, tmp_path: Path) -> None:
    answers, built, (left, closed) = CASES[case]
    (tmp_path / "a.facts.yaml").write_text(FACTS)
    (tmp_path / "scope.yaml").write_text(SCOPE + answers)
    ran = inside("build", tmp_path, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert ran.out.splitlines() == [built]
    counted = f"{left} gap" if left == 1 else f"{left} gaps"
    assert f"documents read; {counted};" in ran.err
    told = inside("coverage", "--graph", tmp_path / "out")
    assert told.out.count("\ngap: a:") == left
    assert told.out.count("\ngap that an answer closes: a:") == closed
    assert f"documents read; {counted};" in told.err
    said = inside("explain", "a:one", "--graph", tmp_path / "out").out
    is_closed = "policy not exported (an answer of the scope closes it)" in said
    assert is_closed == (closed > 0)

"""A gap that an answer closes is counted nowhere, and told as such where it is told."""

import json
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


#: What a scope says -> the line that it leaves of a gap in the scope's own entry of coverage.json.
OWN = {
    "answer": (
        "answers: [{secret: {key: 'a:key'}, opens: 'a:nobody'}]\n",
        "/answers/0",
        "a:key: it is said to open a:nobody, which no input describes",
    ),
    "link": (
        "links: [{kind: AUTHENTICATES_AS, from: 'a:key', to: 'a:nobody'}]\n",
        "/links/0",
        "a:key: AUTHENTICATES_AS leads to a:nobody, which no input describes",
    ),
}


@pytest.mark.parametrize("case", OWN)
def test_a_gap_of_the_scope_is_counted_in_coverage_as_on_the_terminal(
    case: str, tmp_path: Path
) -> None:
    text, pointer, line = OWN[case]
    key = "  - {kind: Secret, key: 'a:key'}\ngaps:"
    (tmp_path / "a.facts.yaml").write_text(FACTS.replace("gaps:", key))
    targets = (
        "targets: [{id: t, family: trust-service, commitments: [S], select: [{key: 'a:*'}]}]\n"
    )
    (tmp_path / "scope.yaml").write_text(SCOPE + "commitments: [S]\n" + targets + text)
    ran = inside("assess", tmp_path, "--out", tmp_path / "out")
    told = json.loads((tmp_path / "out/coverage.json").read_text())
    assert "documents read; 3 gaps;" in ran.err
    assert told["gaps"] == 3
    (scope,) = (one for one in told["artifacts"] if one["artifact"] == "scope.yaml")
    assert scope["gaps"]["listed"] == [{"pointer": pointer, "reason": line}]

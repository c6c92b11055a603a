"""Every rule on its own fixtures: what it finds, what it does not, what it cannot know."""

import pytest

from nhigraph.assurance.found import FindingRow
from nhigraph.schema.frameworks import canonical
from tests.unit.rules import cases as fixtures
from tests.unit.rules.cases import Case, said

CASES = list(fixtures.cases())
OF = [pytest.param(case, id=case.title) for case in CASES]


def _rows(case: Case) -> list[FindingRow]:
    return [row for row in said(case.title).rows if row.rule == case.rule]


@pytest.mark.parametrize("case", OF)
def test_a_rule_finds_what_its_fixture_says_and_no_more(case: Case) -> None:
    expected = case.body.get("found", [])
    rows = sorted(_rows(case), key=lambda row: (row.subject, row.target))
    told = [(row.subject, row.target, row.severity) for row in rows]
    assert told == [(one["subject"], one.get("target", ""), one["severity"]) for one in expected]
    for row, one in zip(rows, expected, strict=True):
        assert list(row.cut_edge) == one.get("cut", [])
        assert row.owner == one.get("owner", "")
        assert set(one.get("controls", ())) <= set(row.controls)
        assert not set(one.get("without", ())) & set(row.controls)
        assert row.artifact.startswith("part-0.facts.json")
        assert row.pointer


def test_a_finding_on_two_grounds_tells_both() -> None:
    (case,) = (case for case in CASES if case.title == "log_tamper/hit")
    (row,) = (row for row in _rows(case) if row.subject == "acme:returned")
    assert row.title == (
        "it can change, empty or stop a log: fin:trail rests on it; as its record states"
    )


@pytest.mark.parametrize("case", OF)
def test_a_rule_says_of_whom_it_cannot_know(case: Case) -> None:
    unknown = [one for one in said(case.title).not_known if one.rule == case.rule]
    assert [one.subject for one in unknown] == case.body.get("not_known", [])
    assert all(one.reason for one in unknown)


@pytest.mark.parametrize("case", OF)
def test_a_hit_is_found_a_miss_is_not_and_a_gap_is_told(case: Case) -> None:
    """So that no fixture says less than its name."""
    told = (bool(case.body.get("found")), bool(case.body.get("not_known")))
    assert told == {"hit": (True, False), "miss": (False, False), "gap": (False, True)}[case.name]
    assert case.body["what"]


@pytest.mark.parametrize("case", OF)
def test_controls_of_a_finding_are_identifiers_that_exist(case: Case) -> None:
    for row in said(case.title).rows:
        assert row.controls
        found = [canonical(one) for one in row.controls]
        assert [one[1] for one in found if one] == list(row.controls)

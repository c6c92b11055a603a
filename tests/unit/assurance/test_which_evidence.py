"""Words of evidence: what they say, and the identifiers behind them."""

import re

import pytest

from nhigraph.app.questions.explain import explain_word
from nhigraph.assurance.which.evidence import (
    OF_ASSERTION,
    OF_CATEGORY,
    OF_RULE,
    WORDS,
    identifiers,
    in_order,
)
from nhigraph.schema.controls import ASSERTIONS, CATEGORIES, RULES
from nhigraph.schema.frameworks import FRAMEWORKS

SIDES = {"SOC 1", "SOC 2", "vendor", "ours", "open"}


@pytest.mark.parametrize("name", WORDS)
def test_every_identifier_is_one_of_its_framework(name: str) -> None:
    for framework, known in FRAMEWORKS.items():
        assert set(getattr(WORDS[name].maps, framework)) <= known.ids, framework


@pytest.mark.parametrize("name", WORDS)
def test_no_criterion_of_the_whole_entity_is_named(name: str) -> None:
    """CC1 to CC5 and P1 to P3 are how a company is led: no path shows that."""
    for criterion in WORDS[name].maps.tsc:
        assert re.match(r"(CC[6-9]|A1|PI1|C1|P[4-8])\.", criterion), criterion


def test_every_assertion_and_category_asks_for_something_of_its_own() -> None:
    assert OF_ASSERTION.keys() == set(ASSERTIONS)
    assert OF_CATEGORY.keys() == set(CATEGORIES)
    assert OF_RULE.keys() < RULES.keys()
    named = [*OF_ASSERTION.values(), *OF_CATEGORY.values()]
    assert len(set(named)) == len(named)
    assert {*named, *OF_RULE.values()} < WORDS.keys()


def test_the_criteria_of_a_category_are_its_own() -> None:
    begins = {"S": "CC", "A": "A1", "PI": "PI1", "C": "C1", "P": "P"}
    for letter, start in begins.items():
        assert any(one.startswith(start) for one in WORDS[OF_CATEGORY[letter]].maps.tsc), letter


@pytest.mark.parametrize("name", WORDS)
def test_explain_says_what_a_word_asks_for(name: str) -> None:
    said = explain_word(name)
    assert said is not None
    assert said.startswith(f"{name} ({WORDS[name].side}): {WORDS[name].asks}")
    assert WORDS[name].side in SIDES
    assert not re.search(r"\b(compliant|certified|safe)\b", said, re.IGNORECASE)


def test_identifiers_come_framework_by_framework_and_only_where_they_speak() -> None:
    """No criterion of trust for the books alone, no ITGC domain for a promise alone."""
    words = in_order(["program_changes", "security_criteria"])
    assert words == ("program_changes", "security_criteria")
    books = identifiers(["program_changes"], (), books=True, trust=False)
    assert books == ("NHI6:2025", "PR.PS-01", "CM-3", "CM-5", "PC")
    trust = identifiers(["security_criteria"], ("change_bypass",), books=False, trust=True)
    assert trust[:5] == ("NHI6:2025", "CC6.1", "CC6.3", "CC7.2", "CC8.1")
    assert not {"PC", "APD"} & set(trust)
    theirs = identifiers(["soc1_type2_report"], (), books=True, trust=False)
    assert theirs == ("NHI3:2025", "CC9.2", "GV.SC-04", "GV.SC-07", "SA-9")

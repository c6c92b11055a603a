"""The verdict on one pair, case by case: states, roles, categories, gaps, what is not known."""

import pytest

from nhigraph.assurance import verdict as rule
from nhigraph.assurance.verdict import Arrival, TargetFacts, mask
from nhigraph.schema.controls import ASSERTIONS
from nhigraph.schema.types import State

CONTROL, ALTER, OMIT, READ, HALT = (mask(state) for state in State)
ALL = ("S", "A", "PI", "C", "P")


def books(role: str = "record", *classes: str, unread: tuple[str, ...] = ()) -> TargetFacts:
    return TargetFacts(True, role, "", classes, (), unread)


def trust(category: str) -> TargetFacts:
    return TargetFacts(False, "", category, (), ())


#: fs_role, and soc1 for CONTROL, ALTER, OMIT, READ, HALT held alone.
ROLES = """
record      direct       direct       direct       none direct
feeder      direct       direct       direct       none direct
logic       direct       direct       direct       none direct
key_report  direct       direct       direct       none none
itgc_tool   indirect     indirect     indirect     none none
audit_trail indirect     indirect     indirect     none indirect
none        none         none         none         none none
unknown     undetermined undetermined undetermined none undetermined
"""
#: Category, and whether CONTROL, ALTER, OMIT, READ, HALT affects it.
CATEGORIES = """
S  yes yes yes no  yes
A  yes no  no  no  yes
PI yes yes yes no  no
C  yes no  no  yes no
P  yes yes yes yes no
"""


@pytest.mark.parametrize("line", ROLES.strip().splitlines(), ids=lambda line: line.split()[0])
def test_soc1_follows_from_the_role_and_each_state(line: str) -> None:
    """READ alone gives nothing anywhere; HALT does not change a report or a tool."""
    role, *expected = line.split()
    found = [rule.soc1_of(books(role), state) for state in (CONTROL, ALTER, OMIT, READ, HALT)]
    assert found == expected
    assert rule.soc1_of(books(role), 0) == "none"


@pytest.mark.parametrize("line", CATEGORIES.strip().splitlines(), ids=lambda line: line.split()[0])
def test_a_category_is_affected_by_its_own_states(line: str) -> None:
    """And by no other: whoever reads stops nothing, whoever stops learns nothing."""
    category, *expected = line.split()
    states = (CONTROL, ALTER, OMIT, READ, HALT)
    found = [rule.letters_of(trust(category), state) == {category} for state in states]
    assert found == [answer == "yes" for answer in expected]


@pytest.mark.parametrize(
    ("target", "states", "letters"),
    [
        (books("record"), READ, ""),
        (books("record", "confidential"), READ, "C"),
        (books("record", "confidential"), ALTER, ""),
        (books("record", "personal"), READ, "P"),
        (books("record", "personal"), ALTER, "P"),
        (books("record", "personal"), HALT, ""),
        (books("record", "confidential", "personal"), CONTROL, "C P"),
        (books("itgc_tool"), ALTER, "S"),
        (books("itgc_tool"), HALT, ""),
        (books("audit_trail"), HALT, "S"),
        (books("record"), CONTROL, ""),
        (trust("unknown"), CONTROL, ""),
    ],
)
def test_letters_of_a_target_by_effect(target: TargetFacts, states: int, letters: str) -> None:
    """A financial target has C and P by its data alone, S as a tool or a trail alone."""
    assert sorted(rule.letters_of(target, states)) == letters.split()


#: soc1, soc2 (``?`` undetermined) -> verdict.
VERDICTS = """
none         -   neither
none         S   soc2
none         ?   undetermined
undetermined -   undetermined
undetermined S   undetermined
undetermined ?   undetermined
indirect     -   soc1
indirect     ?   soc1
indirect     S   both
direct       -   soc1
direct       ?   soc1
direct       S   both
"""


@pytest.mark.parametrize("line", VERDICTS.strip().splitlines())
def test_a_proven_path_is_not_hidden_behind_a_gap(line: str) -> None:
    """The verdict from the two sides."""
    soc1, soc2, expected = line.split()
    letters = {"-": (), "?": ("undetermined",)}.get(soc2, (soc2,))
    assert rule.verdict_of(soc1, letters) == expected


@pytest.mark.parametrize(
    ("target", "arrival", "soc1", "soc2"),
    [
        (books(), Arrival(READ), "none", ()),
        (books(), Arrival(READ, gap=True), "undetermined", ("undetermined",)),
        (books("none"), Arrival(READ, gap=True), "none", ("undetermined",)),
        (trust("C"), Arrival(READ), "none", ("C",)),
        (trust("C"), Arrival(HALT), "none", ()),
        (trust("C"), Arrival(HALT, gap=True), "none", ("undetermined",)),
        (trust("unknown"), Arrival(READ), "none", ("undetermined",)),
        (trust("C"), Arrival(READ, carved_out=True), "none", ("undetermined",)),
        (books(), Arrival(ALTER, carved_out=True), "undetermined", ()),
        (books(), Arrival(READ, weak=True), "none", ("S",)),
        (books(), Arrival(READ, weak=True, carved_out=True), "none", ()),
        (books(), Arrival(READ, enabled=True, carved_out=True), "none", ("undetermined",)),
    ],
)
def test_what_is_hidden_is_undetermined_and_what_is_proven_stays(
    target: TargetFacts, arrival: Arrival, soc1: str, soc2: tuple[str, ...]
) -> None:
    """Gaps, unknown categories, carve-outs."""
    found = rule.judge(target, arrival, ALL)
    assert (found.soc1, found.soc2) == (soc1, soc2)
    assert ("R0" in found.rules) == (
        soc1 == "undetermined" or soc2 == ("undetermined",)
    ) or arrival.carved_out


@pytest.mark.parametrize(
    ("committed", "doubted", "soc2", "outside"),
    [
        (("C",), (), ("C",), ()),
        (("S",), (), (), ("C",)),
        ((), ("S", "A", "PI", "C", "P"), ("undetermined",), ()),
        (("S",), ("A", "PI", "C", "P"), ("undetermined",), ()),
        (("C",), ("S", "A", "PI", "P"), ("C",), ()),
        (("S",), ("A",), (), ("C",)),
    ],
)
def test_a_category_of_which_no_one_knows_is_neither_promised_nor_outside(
    committed: tuple[str, ...],
    doubted: tuple[str, ...],
    soc2: tuple[str, ...],
    outside: tuple[str, ...],
) -> None:
    """Whoever reads what is confidential, under scopes that say more or less."""
    found = rule.judge(trust("C"), Arrival(READ), committed, doubted)
    assert (found.soc2, found.soc2_outside) == (soc2, outside)


@pytest.mark.parametrize(
    ("target", "committed", "soc1", "soc2"),
    [
        (books(), ALL, "undetermined", ""),
        (books("unknown"), ALL, "undetermined", ""),
        (books("none"), ALL, "none", ""),
        (books("record", "confidential"), ("C",), "undetermined", "undetermined"),
        (books("record", "confidential"), ("P",), "undetermined", ""),
        (books("none", "personal"), ("P",), "none", "undetermined"),
        (books(unread=("data_class",)), ("P",), "undetermined", "undetermined"),
        (books(unread=("data_class",)), ("S",), "undetermined", ""),
        (books(unread=("fs_role",)), ("S",), "undetermined", "undetermined"),
        (books(unread=("fs_role",)), ("A", "PI", "C", "P"), "undetermined", ""),
        (books("itgc_tool"), ("S",), "undetermined", "undetermined"),
        (books("itgc_tool"), ("A", "PI", "C", "P"), "undetermined", ""),
        (books("audit_trail"), ("S", "P"), "undetermined", "undetermined"),
        (trust("A"), ("A",), "none", "undetermined"),
        (trust("A"), ("S", "C"), "none", ""),
        (trust("unknown"), ("PI",), "none", "undetermined"),
        (trust("unknown"), (), "none", ""),
        (TargetFacts(False, "", "", (), (), ("family",)), ("A",), "undetermined", "undetermined"),
        (TargetFacts(False, "", "", (), (), ("family",)), (), "undetermined", ""),
    ],
)
def test_a_dead_target_leaves_open_what_it_could_affect(
    target: TargetFacts, committed: tuple[str, ...], soc1: str, soc2: str
) -> None:
    """Its role, its category, its data; of unknown family both sides."""
    found = rule.unsupported(target, committed)
    assert (found.soc1, ";".join(found.soc2)) == (soc1, soc2)
    open_at_all = "undetermined" in (soc1, soc2)
    assert found.verdict == ("undetermined" if open_at_all else "neither")
    assert found.exposure == ("undetermined" if open_at_all else "in-population")
    assert found.rules == (("R0",) if open_at_all else ())
    assert (found.certainty, found.assertions, found.goal) == ("may", (), 0)


#: Arrival in the closures -> exposure of a record, all categories promised.
EXPOSURES = [
    (Arrival(ALTER, open=ALTER, maybe_open=ALTER), "open"),
    (Arrival(ALTER, maybe_open=ALTER), "undetermined"),
    (Arrival(ALTER), "gated"),
    (Arrival(ALTER, gap=True), "undetermined"),
    (Arrival(ALTER, open=READ, maybe_open=READ), "gated"),
    (Arrival(READ), "in-population"),
    (Arrival(READ, weak=True, open=READ), "open"),
    (Arrival(READ, weak=True), "gated"),
    (Arrival(ALTER, weak=True, open=READ), "gated"),
    (Arrival(READ, enabled=True, enabled_open=True), "open"),
    (Arrival(READ, enabled=True, enabled_maybe_open=True), "undetermined"),
    (Arrival(READ, enabled=True), "gated"),
    (Arrival(ALTER, open=ALTER, carved_out=True), "relies_on_subservice"),
]


@pytest.mark.parametrize(("arrival", "expected"), EXPOSURES)
def test_exposure_is_the_first_that_holds(arrival: Arrival, expected: str) -> None:
    """A weakness opens no gate where an effect stands beside it."""
    assert rule.judge(books(), arrival, ALL).exposure == expected


@pytest.mark.parametrize(
    ("target", "may", "can", "expected"),
    [
        (books(), ALTER, ALTER, "can"),
        (books(), ALTER, 0, "may"),
        (books(), ALTER, READ, "may"),
        (books(), ALTER | READ, ALTER, "can"),
        (books("record", "confidential"), ALTER | READ, ALTER, "may"),
        (trust("P"), READ | ALTER, READ, "can"),
    ],
)
def test_certainty_is_can_where_stated_steps_give_the_same_answer(
    target: TargetFacts, may: int, can: int, expected: str
) -> None:
    """More states may come; the answer is the same."""
    assert rule.judge(target, Arrival(may, can=can), ALL).certainty == expected


def test_beyond_stands_for_all_targets_without_a_row() -> None:
    """Nothing is open where the scope has neither books nor promises."""
    assert rule.beyond(financial=True, commitments=(), carved_out=False).soc1 == "undetermined"
    assert rule.beyond(financial=False, commitments=("S",), carved_out=False).soc2 == (
        "undetermined",
    )
    nothing = rule.beyond(financial=False, commitments=(), carved_out=False)
    assert (nothing.verdict, nothing.exposure, nothing.rules) == ("neither", "in-population", ())
    carved = rule.beyond(financial=True, commitments=(), carved_out=True)
    assert (carved.exposure, carved.rules) == ("relies_on_subservice", ("R0", "R13"))


@pytest.mark.parametrize(
    ("role", "may", "expected"),
    [
        ("record", ALTER, ()),
        ("record", OMIT, ("completeness", "cut_off")),
        ("record", HALT, ("completeness", "cut_off")),
        ("logic", ALTER, "all"),
        ("logic", OMIT, ("completeness", "cut_off")),
        ("key_report", OMIT, ("completeness", "valuation_allocation")),
        ("record", CONTROL, "all"),
    ],
)
def test_assertions_follow_the_states(role: str, may: int, expected: object) -> None:
    """What is missing is incomplete; logic and control put all of them at risk."""
    found = rule.judge(books(role), Arrival(may), ALL).assertions
    assert found == (ASSERTIONS if expected == "all" else expected)


@pytest.mark.parametrize(
    ("target", "may", "goal"),
    [
        (books(), ALTER | READ, ALTER),
        (books("key_report"), ALTER | HALT, ALTER),
        (books("none", "confidential"), ALTER | READ, READ),
        (books("none"), ALTER | READ, ALTER | READ),
        (trust("A"), HALT | READ, HALT),
    ],
)
def test_the_path_shown_leads_to_a_state_that_carries_the_answer(
    target: TargetFacts, may: int, goal: int
) -> None:
    """soc1 before letters, letters before anything."""
    assert rule.judge(target, Arrival(may), ALL).goal == goal

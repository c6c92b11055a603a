"""Certainty and exposure: the two words that every row has for what is held."""

import pytest

from nhigraph.assurance.held import Held, exposure

A, R = 0b0010, 0b1000


@pytest.mark.parametrize(
    ("why", "held", "said"),
    [
        ("all of it certain", Held(A | R, A | R), "can"),
        ("one state of two certain", Held(A | R, A), "may"),
        ("none certain", Held(A), "may"),
        ("nothing held", Held(), "may"),
    ],
)
def test_states_are_certain_only_if_all_of_them_are(why: str, held: Held, said: str) -> None:
    assert held.certainty() == said, why


@pytest.mark.parametrize(
    ("why", "held", "said"),
    [
        ("the certain part means the same", Held(A | R, A), "can"),
        ("the certain part means less", Held(A | R, R), "may"),
        ("nothing is certain, though nothing is meant either", Held(R), "may"),
    ],
)
def test_where_states_mean_something_the_meaning_counts(why: str, held: Held, said: str) -> None:
    assert held.certainty(lambda states: bool(states & A)) == said, why


@pytest.mark.parametrize(
    ("passes", "may_pass", "gap", "said"),
    [
        (True, True, True, "open"),
        (True, True, False, "open"),
        (False, True, False, "undetermined"),
        (False, False, True, "undetermined"),
        (False, True, True, "undetermined"),
        (False, False, False, "gated"),
    ],
)
def test_a_gate_closes_a_way_only_where_nothing_is_unknown(
    passes: bool, may_pass: bool, gap: bool, said: str
) -> None:
    assert exposure(passes=passes, may_pass=may_pass, gap=gap) == said

"""The rules by which values add up: the same whatever the order and the grouping."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhigraph.graph.columns import canonical
from nhigraph.graph.merge import merge_cell, merge_property, merge_tests
from nhigraph.schema.properties import PROPERTIES, Merge, Type

#: One property for every rule, and one that nobody declared.
NAMES = (*{one.merge: one.name for one in PROPERTIES.values()}.values(), "nobody_declared_it")

ATOMS = st.one_of(
    st.sampled_from(
        ["", "2025-01-01", "2026-01-01T10:00:00Z", "left", "active", "b", "1", "true"]
    ),
    st.sampled_from([True, False, 0, 1, 1.0, -2, 0.5, 10**14]),
)
VALUES = st.one_of(ATOMS, st.lists(ATOMS, max_size=3))


def test_every_rule_is_asked() -> None:
    assert {PROPERTIES[name].merge for name in NAMES[:-1]} == set(Merge)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150, deadline=None)
@given(many=st.lists(VALUES, min_size=1, max_size=6), rng=st.randoms(use_true_random=False))
def test_values_add_up_the_same_in_any_order_grouping_and_number(
    name: str, many: list[Any], rng: random.Random
) -> None:
    """Commutative, associative, idempotent, for scalars, lists and both."""
    whole = merge_property(name, many)
    shuffled = [*many, *rng.sample(many, rng.randint(0, len(many)))]
    rng.shuffle(shuffled)
    cut = rng.randint(0, len(shuffled))
    parts = [merge_property(name, part) for part in (shuffled[:cut], shuffled[cut:]) if part]

    assert canonical(merge_property(name, parts)) == canonical(whole)
    assert canonical(merge_property(name, [whole, whole])) == canonical(whole)


def test_a_text_and_a_list_add_up_by_no_grouping_of_their_own() -> None:
    """Tags of three documents, one of which writes them as a list."""
    expected = ["fin", "ledger", "pii"]
    pairs = merge_property("tags", [merge_property("tags", ["fin", "ledger"]), ["pii"]])
    assert pairs == expected
    assert merge_property("tags", ["fin", merge_property("tags", ["ledger", ["pii"]])]) == expected


def test_a_value_of_the_wrong_type_never_stands_beside_a_right_one() -> None:
    right = {Type.FLAG: False, Type.COUNT: 7, Type.DAY: "2026-01-01"}
    for one in PROPERTIES.values():
        if one.type in right and one.merge is not Merge.BOTH:
            assert merge_property(one.name, ["!", right[one.type]]) == right[one.type], one.name


def test_no_second_record_hides_a_flag_that_opens() -> None:
    """Only what takes something away is false where records disagree; each such is named here."""
    closing = {"archived", "contract", "dbt_function", "defined", "ephemeral", "parameter"}
    closing |= {"owner_token_read_only", "token_read_only"}
    # A variable that GitLab hands to fewer jobs or shows to nobody; a machine for one project.
    closing |= {"protected", "masked", "hidden", "locked"}
    # A job that is handed nothing because it runs nothing; a project that lets few tokens in.
    closing |= {"starts_only", "token_scope"}
    flags = {one.name: one.merge for one in PROPERTIES.values() if one.type is Type.FLAG}
    assert {name for name, merge in flags.items() if merge is not Merge.TRUE} == closing


def test_words_of_a_rule_are_there_where_the_rule_reads_them() -> None:
    for one in PROPERTIES.values():
        assert (one.merge is Merge.LAST) is (one.type is Type.WORD)
        assert bool(one.words) is (one.type is Type.WORD or one.name == "weaknesses")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([{"human": True}, {"human": False}], False),
        ([{"human": False}, {"human": True}], False),
        ([{"human": True}, {}], True),
        ([{"human": True}, {"human": None}], None),
        ([{"human": None}, {"human": False}, {"human": True}], False),
    ],
)
def test_an_answer_that_denies_outweighs_one_that_claims(
    answers: list[dict[str, bool | None]], expected: bool | None
) -> None:
    assert merge_tests(answers) == {"human": expected}


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (("recovery", "review"), "review"),
        (("protection", "review"), "review"),
        (("approval", "review"), "approval"),
        (("unknown", "recovery"), "recovery"),
    ],
)
def test_of_two_kinds_of_gate_the_one_that_asks_for_more_stands(
    kinds: tuple[str, str], expected: str
) -> None:
    assert merge_cell("gate kind", kinds) == merge_cell("gate kind", kinds[::-1]) == expected

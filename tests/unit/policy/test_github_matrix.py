"""Combinations of a matrix: GitHub's own examples, and what a combination lacks."""

import pytest

from nhigraph.policy.github_actions.matrix import values

FRUIT = {
    "fruit": ["apple", "pear"],
    "animal": ["cat", "dog"],
    "include": [
        {"color": "green"},
        {"color": "pink", "animal": "cat"},
        {"fruit": "apple", "shape": "circle"},
        {"fruit": "banana"},
        {"fruit": "banana", "animal": "cat"},
    ],
}


def test_the_example_of_githubs_page_comes_to_its_six_combinations() -> None:
    """Each name has the values of the six in their order, None where one lacks it."""
    assert values(FRUIT) == {
        "fruit": ("apple", "apple", "pear", "pear", "banana", "banana"),
        "animal": ("cat", "dog", "cat", "dog", None, "cat"),
        "color": ("pink", "green", "pink", "green", None, None),
        "shape": ("circle", "circle", None, None, None, None),
    }


def test_what_is_left_out_is_left_out_before_anything_is_added() -> None:
    """An item of several words leaves out one combination, and ``include`` brings it back."""
    lists = {"os": ["a", "b"], "user": ["x", "y"]}
    left_out = values({**lists, "exclude": [{"os": "a", "user": "x"}]})
    assert left_out == {"os": ("a", "b", "b"), "user": ("y", "x", "y")}
    whole = {**lists, "exclude": [{"user": "x"}], "include": [{"user": "x"}]}
    assert values(whole)["user"] == ("y", "y", "x")


_MANY = (*range(40),)
_OPEN = "${{ vars.X }}"


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ({"user": "${{ fromJSON(inputs.users) }}"}, {"user": None}),
        ({"user": ["x"], "include": "${{ fromJSON(inputs.more) }}"}, {"user": None}),
        ({"user": ["x", _OPEN], "exclude": [{"user": "x"}]}, {"user": (_OPEN,)}),
        ({"os": [_OPEN], "include": [{"user": "x"}]}, {"os": (_OPEN,), "user": (None, "x")}),
        (
            {"one": [*_MANY], "two": [*_MANY], "exclude": [{"one": 1, "two": 2}]},
            {"one": _MANY, "two": _MANY},
        ),
        ({}, {}),
    ],
)
def test_what_an_expression_decides_may_be_anything_that_is_written(
    matrix: dict[str, object], expected: dict[str, object]
) -> None:
    """None where the file does not say all values; never one too few."""
    assert values(matrix) == expected

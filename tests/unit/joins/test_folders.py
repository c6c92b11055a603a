"""Folders that a run names, from where its checkout begins."""

import pytest

from nhigraph.joins import profile

INSIDE = [
    (".", ".", ""),
    (".", "a", "a"),
    ("a", "b", "a/b"),
    ("a", "..", ""),
    ("a/b", "../c", "a/c"),
    ("a", ".b", "a/.b"),
]
OUTSIDE = [(".", ".."), ("a", "../.."), (".", "/a"), ("a", "/"), (".", "../a")]


@pytest.mark.parametrize(("here", "there", "found"), INSIDE)
def test_a_folder_of_the_checkout(here: str, there: str, found: str) -> None:
    assert profile._joined(here, there) == found


@pytest.mark.parametrize(("here", "there"), OUTSIDE)
def test_a_folder_that_lies_outside_is_not_known(here: str, there: str) -> None:
    assert profile._joined(here, there) is None

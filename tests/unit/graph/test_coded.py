"""Columns of few words."""

import numpy as np

from nhigraph.graph.coded import Coded


def test_words_are_asked_for_by_their_numbers() -> None:
    column = Coded.of(np.array(["a", "b", "", "a"], dtype=object))
    assert column.isin({"a", "z"}).tolist() == [True, False, False, True]
    assert column.isin([""]).tolist() == [False, False, True, False]
    assert not column.isin(()).any()


def test_rows_are_picked_and_may_have_no_word() -> None:
    column = Coded.of(np.array(["a", "", "b"], dtype=object)).at(np.array([2, -1, 1, 2]))
    assert column.isin({"b"}).tolist() == [True, False, False, True]
    assert column.isin({""}).tolist() == [False, False, True, False]


def test_a_column_may_be_empty() -> None:
    nothing = Coded.of(np.array([], dtype=object))
    assert nothing.isin({"a"}).tolist() == []
    assert nothing.at(np.array([-1, -1])).isin({"a"}).tolist() == [False, False]

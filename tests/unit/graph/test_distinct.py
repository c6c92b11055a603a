"""Distinct whole numbers: against sets, and nobody asks numpy where that is slow."""

import ast
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import nhigraph
from nhigraph.graph.distinct import distinct, distinct_below

HERE = Path(nhigraph.__file__).parent


@given(
    arrays.arrays(st.sampled_from([np.int8, np.int32, np.int64, np.uint64]), st.integers(0, 40))
)
def test_each_number_stands_once_in_order_and_in_its_type(numbers: np.ndarray) -> None:
    found = distinct(numbers)
    assert found.tolist() == sorted(set(numbers.tolist()))
    assert found.dtype == numbers.dtype


@given(st.lists(st.integers(0, 60)))
def test_numbers_below_a_size_are_found_by_marking_them(numbers: list[int]) -> None:
    told = np.array(numbers, dtype=np.int64)
    assert distinct_below(told, 61).tolist() == distinct(told).tolist()


def test_what_was_given_stays_in_its_order() -> None:
    numbers = np.array([3, 1, 3, 2])
    distinct(numbers)
    assert numbers.tolist() == [3, 1, 3, 2]


def asked_of_numpy(path: Path) -> list[str]:
    """Places that ask ``numpy.unique`` for nothing but the numbers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [
        f"{path.relative_to(HERE)}:{call.lineno}"
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "unique"
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "np"
        and not any((word.arg or "").startswith(("return_", "axis")) for word in call.keywords)
    ]


def test_numpy_is_not_asked_for_numbers_alone() -> None:
    found = [place for path in sorted(HERE.rglob("*.py")) for place in asked_of_numpy(path)]
    assert not found, "graph.distinct.distinct is many times faster: " + ", ".join(found)


@pytest.mark.parametrize("call", ["np.unique(a)", "np.unique(a, equal_nan=False)"])
def test_the_search_for_such_places_finds_one(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.HERE", tmp_path)
    (tmp_path / "one.py").write_text(f"found = {call}\n")
    (tmp_path / "other.py").write_text("found, which = np.unique(a, return_inverse=True)\n")
    assert asked_of_numpy(tmp_path / "one.py") == ["one.py:1"]
    assert asked_of_numpy(tmp_path / "other.py") == []

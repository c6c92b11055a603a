"""Selectors that questions propose: all that is meant, nothing else, and never whatever comes."""

import pytest

from nhigraph.assurance.questions.selectors import selectors
from nhigraph.facts import keys

A, B = "github:acme/a", "github:acme/b"
TOLD: dict[str, tuple[list[str], list[str], bool, list[str]]] = {
    "one key": ([f"{A}/secret/X"], [], False, [f"{A}/secret/X"]),
    "one name in several repositories": (
        [f"{A}/secret/X", f"{B}/secret/X"],
        [f"{A}/secret/Y"],
        False,
        ["github:acme/*/secret/X"],
    ),
    "one name in several holders": (
        [f"{A}/secret/X", f"{A}/environment/prod/secret/X"],
        [],
        False,
        [f"{A}/environment/prod/secret/X", f"{A}/secret/X"],
    ),
    "a name that another one has too": (
        [f"{A}/secret/X", f"{B}/secret/X"],
        ["github:acme/c/secret/X"],
        False,
        [f"{A}/secret/X", f"{B}/secret/X"],
    ),
    "two names of one repository": (
        [f"{A}/secret/X", f"{A}/secret/Y"],
        [],
        False,
        [f"{A}/secret/X", f"{A}/secret/Y"],
    ),
    "all roles of a database": (
        ["role:postgres:crm/a", "role:postgres:crm/b"],
        ["role:postgres:erp/a"],
        True,
        ["role:postgres:crm/*"],
    ),
    "some roles of a database": (
        ["role:postgres:crm/a", "role:postgres:crm/b"],
        ["role:postgres:crm/c"],
        True,
        ["role:postgres:crm/a", "role:postgres:crm/b"],
    ),
}


@pytest.mark.parametrize(("wanted", "others", "wide", "found"), TOLD.values(), ids=TOLD)
def test_a_selector_means_what_is_asked_about_and_nothing_else(
    wanted: list[str],
    others: list[str],
    wide: bool,
    found: list[str],
) -> None:
    every = sorted({*wanted, *others})
    made = selectors(wanted, keys.Listed(every), every, wide=wide)
    assert _means(made, every) == set(wanted)
    assert made == found


def _means(patterns: list[str], every: list[str]) -> set[str]:
    listed = keys.Listed(every)
    return {every[number] for one in patterns for number in listed.matching(one)}

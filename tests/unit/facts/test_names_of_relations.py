"""How names of relations are taken apart and folded."""

import pytest

from nhigraph.facts import keys

FOLDED = [
    ("postgres", "Sales", "sales"),
    ("redshift", "Sales", "sales"),
    ("duckdb", "Sales", "sales"),
    ("snowflake", "Sales", "SALES"),
    ("oracle", "Sales", "SALES"),
    ("bigquery", "Sales", "Sales"),
    ("mysql", "Sales", "Sales"),
]


@pytest.mark.parametrize(("platform", "name", "stored"), FOLDED)
def test_a_platform_folds_what_is_not_quoted(platform: str, name: str, stored: str) -> None:
    assert keys.fold(platform, name, quoted=False) == stored
    assert keys.fold(platform, name, quoted=True) == name


RELATIONS: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "one name": ("Gl", ("gl",)),
    "three names": ("erp.Fin.GL", ("erp", "fin", "gl")),
    "quoted": ('"erp"."Fin"."GL"', ("erp", "Fin", "GL")),
    "one of them quoted": ('erp."Fin".GL', ("erp", "Fin", "gl")),
    "a dot inside quotes": ('"a.b".c', ("a.b", "c")),
    "a quote inside quotes": ('"a""b"', ('a"b',)),
    "a quote at the end": ('"a"""', ('a"',)),
    "ticks": ("`a`.`B`", ("a", "B")),
    "brackets": ("[a].[B]", ("a", "B")),
    "a bracket inside brackets": ("[a]]b]", ("a]b",)),
    "blanks around": ("  a . b  ", ("a", "b")),
    "no end of the quotes": ('"a', None),
    "nothing after a dot": ('"a".', None),
    "nothing after a plain dot": ("a.", None),
    "something after the quotes": ('"a"b', None),
    "an empty name": ('""', None),
    "an empty name in the middle": ("a..b", None),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("text", "parts"), RELATIONS.values(), ids=RELATIONS)
def test_a_relation_is_taken_apart(text: str, parts: tuple[str, ...] | None) -> None:
    assert keys.relation("postgres", text) == parts


@pytest.mark.parametrize("parts", [("a",), ("a", "b"), ("a.b", "c"), ("a%2Eb", "c.d", "")])
def test_dotted_names_come_back(parts: tuple[str, ...]) -> None:
    assert keys.undotted(keys.dotted(*parts)) == parts


def test_every_name_that_is_offered_is_there() -> None:
    for name in keys.__all__:
        assert getattr(keys, name) is not None
    assert len(set(keys.__all__)) == len(keys.__all__)

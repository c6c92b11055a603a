"""What a path rests on, document by document."""

from dataclasses import replace

import pytest

from nhigraph.assurance.proofs import MOST_PLACES, beside, filed, numbered, places
from nhigraph.assurance.rows import PathStep
from nhigraph.facts.evidence import Evidence

STEP = PathStep("p", 1, "a", "OWNS", "b", "ALTER", "certain", "", "", "a.yml", "/x", "00")


def _at(artifact: str, line: int = 0, excerpt: str = "") -> Evidence:
    return Evidence(artifact, f"/at/{line}", f"sha of {artifact}", excerpt, line=line)


def _step(number: int, *stated: Evidence) -> PathStep:
    return replace(STEP, step=number, places=tuple(sorted(stated)))


def test_one_place_of_each_document_is_told_before_further_ones_of_the_same() -> None:
    many = [_at("a.yml", line) for line in range(20, 0, -1)]
    step = _step(1, *many, _at("m.json"), _at("b.yml", 2))
    told, more = places(step)
    assert [one.artifact for one in told] == ["a.yml"] * (MOST_PLACES - 2) + ["b.yml", "m.json"]
    assert [one.line for one in told[:2]] == [1, 10], "in the order of lines"
    assert more == 22 - MOST_PLACES
    assert [one.artifact for one in beside(step)] == ["b.yml", "m.json"]


def test_each_place_is_filed_once_under_its_document_with_the_steps_that_it_states() -> None:
    shared = _at("m.json")
    steps = [_step(1, _at("z.yml", 3)), _step(2, shared, _at("a.yml", 1)), _step(3, shared)]
    found = filed(steps)
    assert [(one.artifact, one.sha256) for one in found] == [
        (name, f"sha of {name}") for name in ("z.yml", "a.yml", "m.json")
    ]
    assert [[stated.steps for stated in one.places] for one in found] == [[(1,)], [(2,)], [(2, 3)]]
    assert filed([STEP]) == ()


@pytest.mark.parametrize(
    ("place", "full"),
    [
        (Evidence("a.yml", "/x/y", "0", line=3), "a.yml:3 /x/y"),
        (Evidence("a.yml", "line 3", "0", line=3), "a.yml:3"),
        (Evidence("m.json", "/nodes/model.a", "0"), "m.json /nodes/model.a"),
        (Evidence("t.parquet", "row 7", "0"), "t.parquet row 7"),
        (Evidence("m.json", "", "0"), "m.json"),
    ],
)
def test_a_place_has_its_line_where_there_is_one_and_its_pointer_always(
    place: Evidence, full: str
) -> None:
    assert place.full_place == full
    step = replace(STEP, artifact=place.artifact, pointer=place.pointer, line=place.line)
    assert step.place == full


@pytest.mark.parametrize(
    ("excerpt", "pointer", "said", "quotes"),
    [
        ("write", "/permissions/contents", "write", ("contents: write",)),
        ("name: r\na=r/b", "/r/0/acl/1", "a=r/b", ("name: r", "acl: a=r/b")),
        ("{on, jobs}", "/0", "{on, jobs}", ("{on, jobs}",)),
        ("{a}", "/jobs/x~1y", "{a}", ("x/y: {a}",)),
        ("dbt build …", "line 7", "dbt build …", ("dbt build …",)),
        ("", "/jobs/x", "", ()),
    ],
)
def test_what_stands_at_a_place_is_quoted_with_the_name_of_its_member(
    excerpt: str, pointer: str, said: str, quotes: tuple[str, ...]
) -> None:
    place = Evidence("a", pointer, "0", excerpt)
    assert (place.said, place.quotes) == (said, quotes)


def test_what_a_source_makes_of_a_code_is_no_quote_of_what_stands_there() -> None:
    place = Evidence("a", "/x/0", "0", "user: b\n{user, bits}").read_as("GRANT SELECT\non x")
    assert place.said == "GRANT SELECT on x"
    assert place.quotes == ("user: b", "{user, bits}", "read as: GRANT SELECT on x")
    assert Evidence("a", "/x", "0").read_as("GRANT").quotes == (), "it may be secret"


@pytest.mark.parametrize(
    ("pointer", "why"),
    [
        ("/jobs/x/run", "not quoted: the place may hold a secret"),
        ("line 3", "not quoted: the place may hold a secret"),
        ("row 3", "not quoted: a row of a table"),
        ("", "not quoted: the document as a whole"),
    ],
)
def test_why_nothing_is_quoted_is_told(pointer: str, why: str) -> None:
    assert Evidence("a", pointer, "0").unquoted == why
    assert Evidence("a", pointer, "0", "x").unquoted == ""


def test_steps_are_counted() -> None:
    assert [numbered([1]), numbered([1, 3])] == ["step 1", "steps 1, 3"]

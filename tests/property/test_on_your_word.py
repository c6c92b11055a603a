"""Who rests on answers of the scope, by the walker of ``tests/oracle`` on random estates.

Whoever is ``neither`` once conditions are false and gaps are empty, and was not by the walker's
reading of the same facts without answers, rests on somebody's word.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.ask import Asked, answers
from nhigraph.app.assessment import assess, with_questions
from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance.rows import Assessment
from nhigraph.output.report_html import answer
from tests.estate_files import write_estate
from tests.oracle.estates import estate
from tests.oracle.walker import judge
from tests.property.test_ask import AS_OF, Facts

FIRST, CHUNK = 640_000, 40
ALL_NIGHT = 400
_SAID = re.compile(
    r"For (?P<neither>[\d,]+) no such path[^,.]*"
    r"(?:, (?P<many>[\d,]+ of them |all of them |)on answers taken on your word)?\."
)

#: Where nobody is said to have no path: targets are lost, or nothing was asked.
_OTHERWISE = re.compile(r"(was|were) judged by|none was judged")


def _assessed(folder: Path, facts: Facts, scope: dict[str, Any]) -> Assessment:
    folder.mkdir()
    write_estate(folder, facts, scope)
    judged = of_collection(collect([folder]), option=AS_OF)
    return with_questions(assess(judged), Asked(), answers(judged))


def _neither(facts: Facts, scope: dict[str, Any]) -> set[str]:
    identities, _ = judge(facts, scope, all_reached=False, as_of=AS_OF)
    return {row["identity"] for row in identities if row["verdict"] == "neither"}


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first == FIRST else pytest.mark.nightly)
        for first in range(FIRST, FIRST + ALL_NIGHT, CHUNK)
    ],
)
def test_who_is_neither_only_by_answers_is_listed_and_counted(first: int, tmp_path: Path) -> None:
    resting = 0
    for seed in range(first, first + CHUNK):
        facts, scope = estate(seed, "bare_conditions")
        told = [*_closing(facts)]
        found = _assessed(tmp_path / str(seed), facts, {**scope, "answers": told})
        listed = {key for one in found.answers for key in one.identities}
        neither = {row.identity for row in found.identities if row.verdict == "neither"}
        changed = neither - _neither(facts, scope)
        assert changed <= listed, f"seed {seed}"
        resting += len(changed)
        _counted(answer(found), len(neither), len(neither & listed), seed)
    assert resting


def test_without_answers_nothing_is_taken_on_your_word(tmp_path: Path) -> None:
    for seed in range(FIRST, FIRST + 10):
        facts, scope = estate(seed, None)
        assert "your word" not in answer(_assessed(tmp_path / str(seed), facts, scope))


def _closing(facts: Facts) -> Iterator[dict[str, Any]]:
    """An answer for each condition of an edge and each gap that facts state."""
    edges = [edge for one in facts for edge in one.get("edges") or [] if isinstance(edge, dict)]
    conditions = {
        text for edge in edges if isinstance(text := edge.get("condition"), str) and text
    }
    yield from ({"condition": one, "is": False} for one in sorted(conditions))
    gaps = [gap for one in facts for gap in one.get("gaps") or [] if isinstance(gap, dict)]
    places = {at for gap in gaps if isinstance(at := gap.get("at"), str)}
    yield from ({"gap": {"at": one}, "is": "empty"} for one in sorted(places))


def _counted(said: str, neither: int, rest: int, seed: int) -> None:
    """The figures of the sentence."""
    found = _SAID.search(said)
    if found is None:
        assert not neither or _OTHERWISE.search(said), f"seed {seed}"
        return
    assert found["neither"].replace(",", "") == str(neither), f"seed {seed}"
    if found["many"] is None:
        assert not rest, f"seed {seed}"
    elif found["many"] in ("", "all of them "):
        assert rest == neither, f"seed {seed}"
        assert (found["many"] == "") is (neither == 1), f"seed {seed}"
    else:
        assert found["many"].split()[0].replace(",", "") == str(rest), f"seed {seed}"
        assert 0 < rest < neither, f"seed {seed}"

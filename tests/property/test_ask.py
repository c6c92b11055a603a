"""Questions on random estates: worth, order and silence, by brute force over the walker.

The walker of ``tests/oracle`` shares no code with the product. To answer a question the closing
way is, for it, to take the gaps at some nodes, or the edges on some condition, out of the facts.
"""

from copy import deepcopy
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.ask import Asked, ask
from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import answer
from nhigraph.assurance.answer import rows as judged_rows
from nhigraph.assurance.question_rows import QuestionRow
from nhigraph.assurance.questions.standing import survey
from tests.estate_files import write_estate
from tests.oracle.estates import estate
from tests.oracle.walker import judge

FIRST, ESTATES, CHUNK = 610_000, 60, 10
ALL_NIGHT = 500
AS_OF = "2026-11-23"
#: Most gaps of an estate whose subsets are all tried.
_TRIED = 6
SOC1 = ("none", "undetermined", "indirect", "direct")

Facts = list[dict[str, Any]]


def _asked(folder: Path, facts: Facts, scope: dict[str, Any]) -> tuple[Judged, Asked]:
    folder.mkdir()
    write_estate(folder, facts, scope)
    found = of_collection(collect([folder]), option=AS_OF)
    _rows_say_what_a_walk_says(found)
    return found, ask(found)


def _rows_say_what_a_walk_says(found: Judged) -> None:
    """Whether only those walk who reach a gap, or all: how an estate stands is the same."""
    analysis = Analysis(found.estate)
    walked, answered = survey(analysis), answer(analysis)
    for again in (analysis, Analysis(found.estate)):
        assert survey(again, answered).same(walked)


def _told(row: QuestionRow) -> list[dict[str, Any]]:
    """What the closing answer of a question adds to the scope."""
    return [dict(one) for one in row.proposals[0].scope["answers"]]


def _without(facts: Facts, answers: list[dict[str, Any]]) -> Facts | None:
    """The facts as they are once answers hold; None where one is not told so."""
    found = deepcopy(facts)
    for one in answers:
        for document in found:
            if "gap" in one:
                gaps = document.get("gaps") or []
                document["gaps"] = [gap for gap in gaps if not _at(gap, one["gap"]["at"])]
            elif "condition" in one:
                edges = document.get("edges") or []
                document["edges"] = [e for e in edges if e.get("condition") != one["condition"]]
            else:
                return None
    return found


def _at(gap: object, key: str | list[str]) -> bool:
    return isinstance(gap, dict) and gap.get("at") in ([key] if isinstance(key, str) else key)


def _undecided(facts: Facts, scope: dict[str, Any]) -> dict[str, dict[str, str]]:
    identities, _ = judge(facts, scope, all_reached=False, as_of=AS_OF)
    return {row["identity"]: row for row in identities if row["verdict"] == "undetermined"}


def _plain(facts: Facts) -> bool:
    """Whether every gap is one that a document states: others no fact can be taken out for."""
    return not any(
        not isinstance(record, dict)
        for document in facts
        for name in ("nodes", "edges", "gaps", "gates")
        for record in document.get(name) or []
    )


def _seeds() -> list[Any]:
    return [
        pytest.param(first, marks=() if first < FIRST + ESTATES else pytest.mark.nightly)
        for first in range(FIRST, FIRST + ALL_NIGHT, CHUNK)
    ]


@pytest.mark.parametrize("first", _seeds())
def test_answering_in_order_settles_what_was_said(first: int, tmp_path: Path) -> None:
    """Each number is what judging again gives; nothing that is proven is lost on the way."""
    for seed in range(first, first + CHUNK):
        facts, scope = estate(seed, None)
        judged, asked = _asked(tmp_path / f"{seed}", facts, scope)
        before, exposed = _standing(judged), _exposed(judged)
        told: list[dict[str, Any]] = []
        for row in asked.rows[:8]:
            told += _told(row)
            answered = {**scope, "answers": told}
            again, _ = _asked(tmp_path / f"{seed}-{row.rank}", facts, answered)
            now = _standing(again)
            where = f"seed {seed}, question {row.rank}: {row.question}"
            assert not again.resolved.problems, where
            left = {one for one, (verdict, _) in now.items() if verdict == "undetermined"}
            open_before = {
                one for one, (verdict, _) in before.items() if verdict == "undetermined"
            }
            assert left <= open_before, where
            assert len(open_before) - len(left) == row.identities, where
            was, is_now = exposed, _exposed(again)
            besides = {pair for pair in was - is_now if pair[0] not in open_before - left}
            assert len(besides) == row.rows, where
            exposed = is_now
            for one, (_, soc1) in now.items():
                proven = before[one][1]
                assert SOC1.index(soc1) >= SOC1.index(proven) or proven == "undetermined", where
            before = now


def _exposed(judged: Judged) -> set[tuple[str, str]]:
    found = judged_rows(Analysis(judged.estate))
    rows = (r for r in found.verdicts if r.exposure == "undetermined" and r.target != "*")
    return {(row.identity, row.target) for row in rows}


def _standing(judged: Judged) -> dict[str, tuple[str, str]]:
    found = judged_rows(Analysis(judged.estate))
    return {row.identity: (row.verdict, row.soc1) for row in found.identities}


@pytest.mark.parametrize("first", _seeds())
def test_what_is_asked_matters_and_what_is_not_asked_does_not(first: int, tmp_path: Path) -> None:
    """By the walker: the first question is the best one, and silence costs nothing."""
    compared = 0
    for seed in range(first, first + CHUNK):
        facts, scope = estate(seed, None)
        if not _plain(facts):
            continue
        _, asked = _asked(tmp_path / f"w{seed}", facts, scope)
        at = sorted({g["at"] for d in facts for g in d.get("gaps") or [] if isinstance(g, dict)})
        if not at or len(at) > _TRIED:
            continue
        worth = {}
        base = set(_undecided(facts, scope))
        for size in range(1, len(at) + 1):
            for some in combinations(at, size):
                answers = [{"gap": {"at": key}, "is": "empty"} for key in some]
                fewer = _without(facts, answers)
                assert fewer is not None
                worth[some] = base - set(_undecided(fewer, scope))
        singles = {some[0]: len(freed) for some, freed in worth.items() if len(some) == 1}
        gap_rows = [row for row in asked.rows if "gap" in _told(row)[0]]
        if singles and max(singles.values()) and asked.rows:
            assert asked.rows[0].identities >= max(singles.values()), f"seed {seed}"
            if asked.rows[0] in gap_rows:
                assert singles[asked.rows[0].subject] == asked.rows[0].identities, f"seed {seed}"
        silent = set(at) - {row.subject for row in gap_rows}
        for some, freed in worth.items():
            rest = tuple(key for key in some if key not in silent)
            assert freed == (worth[rest] if rest else set()), f"seed {seed}: {some}"
        compared += 1
    assert compared

"""What ``assess`` asked is kept with the graph: ``ask`` judges nothing anew that stayed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from nhigraph.app.ask import Asked, ask
from nhigraph.app.assess import Request, run_assess
from nhigraph.app.judged import Judged, of_graph
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Answer
from nhigraph.assurance.questions.question import Question
from nhigraph.assurance.questions.rank import Ranking, rank
from nhigraph.output import lines
from tests.shapes.curve import _FACTS as FACTS
from tests.shapes.curve import _SCOPE as SCOPE
from tests.shapes.repositories import SHAPES

DAY = "2026-11-23"


@pytest.fixture(scope="module")
def assessed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Asked]:
    """An output folder, and what was asked when it was written."""
    folder = tmp_path_factory.mktemp("kept")
    SHAPES[0].write(folder / "in")
    (folder / "in/books.facts.yaml").write_text(yaml.safe_dump(FACTS))
    (folder / "in/scope.yaml").write_text(yaml.safe_dump({**SCOPE, "as_of": DAY}))
    done = run_assess(Request((folder / "in",), folder / "out", repo="acme/erp"))
    assert done.asked.rows
    return folder / "out", done.asked


def judging(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is ranked anew from here on."""
    found: list[object] = []

    def counted(
        analysis: Analysis, questions: Sequence[Question], answered: Answer | None
    ) -> Ranking:
        found.append(analysis)
        return rank(analysis, questions, answered)

    monkeypatch.setattr("nhigraph.app.ask.rank", counted)
    return found


def test_what_was_kept_is_what_judging_again_says(
    assessed: tuple[Path, Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    out, before = assessed
    anew = judging(monkeypatch)
    again = of_graph(out / "graph")
    assert ask(again) == before
    # The lines to paste, too, word for word.
    assert [lines(row) for row in ask(again).rows] == [lines(row) for row in before.rows]
    assert not anew
    assert ask(replace(again, asked="")) == before
    assert len(anew) == 1


def other_day(out: Path) -> Judged:
    return of_graph(out / "graph", option="2027-11-23")


def disabled_too(out: Path) -> Judged:
    return of_graph(out / "graph", include_disabled=True)


def of_another_program(out: Path) -> Judged:
    found = of_graph(out / "graph")
    return replace(found, asked=json.dumps({**json.loads(found.asked), "program": "0"}))


def damaged(out: Path) -> Judged:
    found = of_graph(out / "graph")
    return replace(found, asked=json.dumps({**json.loads(found.asked), "rows": [{"rank": 1}]}))


def cut_short(out: Path) -> Judged:
    found = of_graph(out / "graph")
    return replace(found, asked=found.asked[:-9])


def no_record(out: Path) -> Judged:
    return replace(of_graph(out / "graph"), asked="[]")


@pytest.mark.parametrize(
    "changed", [other_day, disabled_too, of_another_program, damaged, cut_short, no_record]
)
def test_what_may_differ_is_judged_anew(
    changed: Callable[[Path], Judged],
    assessed: tuple[Path, Asked],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged = changed(assessed[0])
    anew = judging(monkeypatch)
    ask(judged)
    assert len(anew) == 1


def test_the_same_day_said_again_is_the_same(
    assessed: tuple[Path, Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = of_graph(assessed[0] / "graph", option=DAY)
    anew = judging(monkeypatch)
    assert ask(judged) == assessed[1]
    assert not anew

"""What answers change, walked on from what was walked, against judging everything anew.

Judging anew is checked against the walker of ``tests/oracle`` elsewhere. Here any edges go and
any gates fall, not only those that a question is about, one answer after another.
"""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.anew import Walked
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import compile_gates
from nhigraph.assurance.questions import rank as ranking
from nhigraph.assurance.questions.candidates import Absent, candidates
from nhigraph.assurance.questions.change import Change
from nhigraph.assurance.questions.question import Kind, Question
from nhigraph.assurance.questions.standing import Survey, survey
from nhigraph.assurance.questions.trials import Trials, stands
from nhigraph.schema import kinds
from nhigraph.trace import lanes
from tests.estate_files import write_estate
from tests.oracle.estates import estate

FIRST, ESTATES, CHUNK = 640_000, 120, 20
ALL_NIGHT = 1_000
STEPS = 4
#: Edges that are looked at apart: they decide who counts as a machine, and what gives S.
SPECIAL = (kinds.MEMBER_OF.label, kinds.AUTHENTICATES_AS.label)


def _read(folder: Path, seed: int) -> Estate:
    facts, scope = estate(seed, None)
    folder.mkdir()
    write_estate(folder, facts, scope)
    return of_collection(collect([folder]), option="2026-11-23").estate


def _drawn(rng: Random, known: Estate) -> tuple[frozenset[int], frozenset[str]]:
    """Some edges, or some gates, of an estate."""
    gates = [spec.key for spec in compile_gates(known).specs]
    if gates and rng.random() < 0.5:
        return frozenset(), frozenset(rng.sample(gates, rng.randint(1, min(3, len(gates)))))
    rows = range(len(known.graph.edges))
    special = [row for row in rows if known.graph.edges["kind"].iat[row] in SPECIAL]
    some = special if special and rng.random() < 0.4 else [*rows]
    return frozenset(rng.sample(some, rng.randint(1, min(4, len(some))))), frozenset()


def _answered(walked: Walked, known: Survey, rng: Random) -> tuple[Walked, Survey, bool]:
    """The estate after an answer, its standing by both ways, and whether it was walked on."""
    dropped, down = _drawn(rng, walked.estate)
    after = replace(
        walked.estate,
        dropped=walked.estate.dropped | dropped,
        down=walked.estate.down | down,
    )
    anew = survey(Analysis(after, gated=False))
    found = walked.under(dropped, down)
    if found is None:
        return Walked.of(Analysis(after, gated=False)), anew, False
    on, steps = found
    change = Change.of(known, stands(on, steps))
    assert known.but(after, change.stands).same(anew)
    # The other way round: only who stands otherwise is named.
    assert all(anew.of(one) != known.of(one) for one in change.stands)
    _settles(change, known, anew, rng)
    return on, anew, True


def _settles(change: Change, known: Survey, anew: Survey, rng: Random) -> None:
    """What a change settles, whichever gaps are closed, by the sets of what is open."""
    gaps = sorted(known.estate.open_gap_rows)
    closed = frozenset(rng.sample(gaps, rng.randint(0, len(gaps))))

    def undecided(one: Survey) -> tuple[set[str], set[tuple[str, str]]]:
        who, rows = set(), set()
        for identity, stand in one.stands.items():
            seen = stand.calm if stand.reaches <= closed else stand.now
            if seen.undetermined or stand.calm.undetermined:
                who.add(identity)
            both = seen.exposures | stand.calm.exposures
            rows |= {(identity, target) for target in both if target != "*"}
        return who, rows

    (who, rows), (who_then, rows_then) = undecided(known), undecided(anew)
    freed = who - who_then
    besides = sum(identity not in freed for identity, _ in rows - rows_then)
    assert change.worth(closed) in {(len(freed), besides, 0), (0, 0, 0)}
    assert change.keeps or change.worth(closed) == (0, 0, 0)
    assert not change.keeps or change.worth(closed) == (len(freed), besides, 0)


def _walked_on(folder: Path, seed: int) -> int:
    rng = Random(seed)
    analysis = Analysis(_read(folder, seed), gated=False)
    if not len(analysis.estate.graph.edges):
        return 0
    walked, known, shared = Walked.of(analysis), survey(analysis), 0
    for _ in range(STEPS):
        walked, known, was = _answered(walked.sped(), known, rng)
        shared += was
    return shared


def _tried(folder: Path, seed: int) -> int:
    """Questions tried over and over while they are answered one by one, each against all anew."""
    rng = Random(seed)
    analysis = Analysis(_read(folder, seed), gated=False)
    if not len(analysis.estate.graph.edges):
        return 0
    drawn = [_drawn(rng, analysis.estate) for _ in range(5)]
    asked = [
        Question(Kind.CONDITION, f"{at}", "", drops=dropped, gates=tuple(sorted(down)))
        for at, (dropped, down) in enumerate(drawn)
    ]
    trials, known, changes = Trials(analysis, shared=True), survey(analysis), 0
    while asked:
        for one in rng.sample(asked, rng.randint(1, len(asked))):
            change, anew = trials.of(known, [one]), survey(_after(known.estate, one))
            assert known.but(known.estate, change.stands).same(anew)
            assert all(anew.of(who) != known.of(who) for who in change.stands)
            _settles(change, known, anew, rng)
            changes += bool(change.stands)
        answered = asked.pop(rng.randrange(len(asked)))
        known = trials.answer(known, answered, trials.of(known, [answered]))
        assert known.same(survey(Analysis(known.estate, gated=False)))
    return changes


def _after(before: Estate, one: Question) -> Analysis:
    """The estate under the closing answer of a question."""
    dropped, down = before.dropped | one.drops, before.down.union(one.gates)
    return Analysis(replace(before, dropped=dropped, down=down), gated=False)


def _seeds() -> list[object]:
    return [
        pytest.param(first, marks=() if first < FIRST + ESTATES else pytest.mark.nightly)
        for first in range(FIRST, FIRST + ALL_NIGHT, CHUNK)
    ]


@pytest.mark.parametrize("first", _seeds())
def test_what_is_walked_on_stands_as_if_all_were_judged_anew(first: int, tmp_path: Path) -> None:
    shared = [_walked_on(tmp_path / f"{seed}", seed) for seed in range(first, first + CHUNK)]
    assert sum(shared) > CHUNK * STEPS * 0.8


@pytest.mark.parametrize("first", _seeds())
def test_what_is_tried_again_after_answers_is_as_if_judged_anew(
    first: int, tmp_path: Path
) -> None:
    assert sum(_tried(tmp_path / f"{seed}", seed) for seed in range(first, first + CHUNK))


@pytest.mark.parametrize("limit", ["COMPILE_FROM", "COMPILE_AFTER"])
def test_compiled_loops_walk_on_alike(
    limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first walk on, or once all that was walked comes to much."""
    monkeypatch.setattr(lanes, limit, 0)
    assert all(_walked_on(tmp_path / f"{seed}", seed) for seed in range(FIRST, FIRST + 8))


@pytest.mark.parametrize("first", range(FIRST, FIRST + 2 * CHUNK, CHUNK))
def test_the_rank_is_that_of_judging_anew(
    first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    for seed in range(first, first + CHUNK):
        analysis = Analysis(_read(tmp_path / f"{seed}", seed), gated=False)
        questions = candidates(analysis.estate, Absent())
        found = ranking.rank(analysis, questions)
        with monkeypatch.context() as forced:
            alone = lambda one, *, shared: Trials(one, shared=shared and False)  # noqa: E731
            forced.setattr(ranking, "Trials", alone)
            assert ranking.rank(analysis, questions) == found
        asked += sum(bool(one.question.gates or one.question.drops) for one in found.questions)
    assert asked

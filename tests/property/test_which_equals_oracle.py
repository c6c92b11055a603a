"""The answer of every subject equals that of somebody planted there, judged by brute force.

The test finds the subjects by itself, writes an identity that owns one of them into the facts, one
subject at a time, and asks the walker of ``tests/oracle``, which shares no code with the product.
"""

from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.app.which import all_subjects, rows_of
from nhigraph.assurance import analyse
from nhigraph.assurance.which.judge import judge as judged
from nhigraph.output.csv_files import which_csv
from nhigraph.trace import lanes
from tests.estate_files import Rows, assessed, printed, write_estate
from tests.oracle.automaton import walk
from tests.oracle.estates import estate
from tests.oracle.subjects import IMAGINED, Subject, planted, subjects
from tests.oracle.walker import judge, prepared
from tests.oracle.world import build_world

DAY = "2026-11-23"
ALTERING = ("CONTROL", "ALTER", "OMIT")
QUESTION = {
    "both": "both",
    "soc1": "correctness",
    "soc2": "trust",
    "neither": "none",
    "undetermined": "not known",
}
Facts = list[dict[str, object]]


def _product(
    folder: Path, seed: int, *, together: bool
) -> tuple[Facts, dict[str, object], str | None, Rows]:
    facts, scope = estate(seed)
    for number, target in enumerate(scope["targets"]):
        if number % 2 == 0:
            target["process"] = f"process-{number % 4}"
    folder.mkdir()
    write_estate(folder, facts, scope)
    dated = scope.get("as_of") or any(document.get("extracted") for document in facts)
    day = None if dated else DAY
    if together:
        return facts, scope, day, printed(which_csv(assessed(folder, day).which))
    found = of_collection(collect([folder]), option=day)
    rows = rows_of(found, judged(found.estate, all_subjects(found)))
    return facts, scope, day, printed(which_csv(rows))


def _altering(facts: Facts, scope: dict[str, object], day: str | None) -> dict[str, set[str]]:
    """Node to the identities that alter it, walked one by one."""
    ctx, _, moves = prepared(facts, scope, day)
    world = ctx.world
    found: dict[str, set[str]] = {}
    for key, node in world.nodes.items():
        if node.is_nhi:
            for at, state in walk(world, moves, key).may.held:
                if state in ALTERING:
                    found.setdefault(at, set()).add(key)
    return found


def _expected(
    facts: Facts, scope: dict[str, object], day: str | None, subject: Subject
) -> dict[str, str] | None:
    world = build_world(facts, scope, day)
    # Nobody is cleared of a process of which a target stands for nothing, whoever holds the rest.
    if not subject.lost and not any(world.active(key) for key in subject.seats):
        return {"answer": "neither", "soc1": "none", "soc2": "", "relied_on_by": "", "gaps": ""}
    grown = planted(facts, scope, subject)
    if grown is None:
        return None
    identities, verdicts = judge(grown, scope, as_of=day)
    (row,) = [row for row in identities if row["identity"] == IMAGINED]
    reached = [r for r in verdicts if r["identity"] == IMAGINED and r["states"]]
    return {
        "answer": row["verdict"],
        "soc1": row["soc1"],
        "soc2": row["soc2"],
        "relied_on_by": ";".join(r["target"] for r in reached if r["verdict"] != "neither"),
        "gaps": row["gaps"],
    }


def _compare(tmp_path: Path, seeds: range, *, together: bool = False) -> tuple[int, int]:
    checked = skipped = 0
    for seed in seeds:
        facts, scope, day, rows = _product(tmp_path / str(seed), seed, together=together)
        ours = subjects(facts, scope, day)
        assert [(r["subject"], r["kind"]) for r in rows] == [(s.key, s.kind) for s in ours], seed
        altering = _altering(facts, scope, day)
        for row, subject in zip(rows, ours, strict=True):
            expected = _expected(facts, scope, day, subject)
            if expected is None:
                skipped += 1
                continue
            expected["question"] = QUESTION[expected["answer"]]
            altered = {who for node in subject.nodes for who in altering.get(node, ())}
            expected["altered_by"] = ";".join(sorted(altered))
            assert {name: row[name] for name in expected} == expected, (seed, subject.key)
            checked += 1
    return checked, skipped


@pytest.mark.parametrize("first", range(0, 10, 5))
def test_an_answer_is_that_of_whoever_is_planted_there(first: int, tmp_path: Path) -> None:
    """Rows of which.csv on random estates; few scopes would select whoever is planted."""
    checked, skipped = _compare(tmp_path, range(first, first + 5))
    assert checked > 5 * skipped


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(10, 300, 29))
def test_an_answer_is_that_of_whoever_is_planted_there_often(first: int, tmp_path: Path) -> None:
    """As above, to three hundred."""
    checked, skipped = _compare(tmp_path, range(first, first + 29))
    assert checked > 5 * skipped


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> None:
    """What large graphs do, forced on small ones: everybody at once, from the targets on."""
    for name, value in (("TURN_FROM", 0), ("BLOCK", 0), ("FEWER", 1 << 30)):
        monkeypatch.setattr(analyse, name, value)


@pytest.mark.usefixtures("turned")
def test_the_turned_question_answers_alike(tmp_path: Path) -> None:
    """Whoever is imagined begins flags, which are then asked backwards."""
    checked, _ = _compare(tmp_path, range(60_100, 60_105))
    assert checked


@pytest.mark.usefixtures("turned")
def test_takers_that_are_traced_together_with_everybody_answer_alike(tmp_path: Path) -> None:
    """As ``assess`` traces them: beside all who walk and the thieves of credentials."""
    checked, _ = _compare(tmp_path, range(60_105, 60_110), together=True)
    assert checked


@pytest.mark.nightly
@pytest.mark.usefixtures("turned")
@pytest.mark.parametrize("first", range(60_310, 60_410, 20))
def test_takers_that_are_traced_together_answer_alike_often(first: int, tmp_path: Path) -> None:
    """As above, a hundred of them."""
    checked, _ = _compare(tmp_path, range(first, first + 20), together=True)
    assert checked


@pytest.mark.nightly
@pytest.mark.usefixtures("turned")
@pytest.mark.parametrize("first", range(60_110, 60_310, 20))
def test_the_turned_question_answers_alike_often(first: int, tmp_path: Path) -> None:
    """As above, two hundred of them."""
    checked, _ = _compare(tmp_path, range(first, first + 20))
    assert checked


@pytest.mark.parametrize("first", range(60_000, 60_003, 3))
def test_the_compiled_engine_answers_alike(
    first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernels that large graphs use, forced on small ones."""
    monkeypatch.setattr(lanes, "COMPILE_FROM", 0)
    checked, _ = _compare(tmp_path, range(first, first + 3))
    assert checked

"""Questions answer as the assessment does, pair by pair, on random estates.

At targets the measure is the row of verdicts.csv, which the walker of ``tests/oracle`` checks
elsewhere; at other nodes it is that walker itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nhigraph.app.assessment import assess
from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.app.questions import reach, verdicts
from nhigraph.app.questions.rows import ANY, ReachRow
from nhigraph.app.questions.why import why
from nhigraph.assurance.rows import Assessment, VerdictRow
from nhigraph.trace import lanes
from tests.estate_files import write_estate
from tests.oracle import automaton
from tests.oracle.estates import estate
from tests.oracle.scope import apply_owners, boundaries, targets_of
from tests.oracle.vocabulary import STATES
from tests.oracle.world import World, build_world
from tests.property.test_blast_of_things import things

FIRST, ESTATES, CHUNK = 70_000, 40, 10


@dataclass(frozen=True)
class Case:
    """One estate, assessed."""

    judged: Judged
    found: Assessment
    rows: Mapping[tuple[str, str], VerdictRow]

    def speaking(self, identity: str, target: str) -> VerdictRow | None:
        """The row of verdicts.csv that speaks for a pair: its own, else ``*``; None: neither."""
        star = self.rows.get((identity, ANY))
        own = self.rows.get((identity, target))
        return own or (star if star and star.verdict != "neither" else None)


def case(folder: Path, facts: list[dict[str, Any]], scope: dict[str, Any]) -> Case:
    """Read and assess an estate; paths of all rows are printed."""
    write_estate(folder, facts, scope)
    judged = of_collection(collect([folder]), option="2026-11-23")
    found = assess(judged)
    return Case(judged, found, {(row.identity, row.target): row for row in found.verdicts})


def check_who(case: Case) -> None:
    """The rows of verdicts.csv for the target, and ``*`` for who has none and reaches a gap."""
    for target in case.found.targets:
        expected = [row for row in case.found.verdicts if row.target == target.key]
        have = {row.identity for row in expected}
        expected += [
            row
            for row in case.found.verdicts
            if row.target == ANY and row.identity not in have and row.verdict != "neither"
        ]
        told = verdicts.at_target(case.judged, target.key)
        assert [_plain(row) for row in told] == [_plain(row) for row in expected]
        assert all(len(row.reasons) == len(row.gaps) and all(row.reasons) for row in told)


def _plain(row: VerdictRow) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in VerdictRow.__slots__)


def check_pairs(case: Case) -> None:
    """``why``, ``reach FROM TO`` and ``reach FROM`` at every pair of identity and target."""
    graph = case.judged.estate.graph
    for identity in case.found.identities:
        node = graph.node_id(identity.identity)
        assert node is not None
        everywhere = {row.node: row for row in reach.reach(case.judged, node)}
        star = (identity.identity, ANY) in case.rows
        assert (ANY in everywhere) == (star or bool(identity.gaps))
        for target in case.found.targets:
            row = case.speaking(identity.identity, target.key)
            check_why(case, node, target.key, row, identity.gaps)
            told = reach.reach_one(case.judged, node, target.key)
            one = told[0] if told else None
            check_reach(one, row)
            # What is told by `*` alone has its place in the closing row.
            if row is None or row.target != ANY or (one and one.states):
                assert everywhere.get(target.key) == one


def check_why(
    case: Case, node: int, target: str, row: VerdictRow | None, gaps: tuple[str, ...]
) -> None:
    """The verdict of the row, its exposure, and its own path."""
    told = why(case.judged, node, target)
    assert tuple(told.gaps) == gaps
    if row is None:
        assert told.verdict is None or told.verdict.verdict == "neither"
        if not told.steps:
            hidden = bool(gaps) or (told.start, ANY) in case.rows
            assert told.exposure == ("undetermined" if hidden else "")
        return
    assert told.verdict == row or row.target == target
    assert told.verdict is not None
    assert _plain(told.verdict) == _plain(row)
    assert told.exposure == row.exposure
    if row.target == target and row.path_id:
        assert tuple(told.steps) == case.found.paths[row.path_id]
    said = told.rows()
    assert said, "where something is said, there is a row"
    assert {(r.verdict, r.soc1, r.soc2, r.exposure) for r in said} == {
        (row.verdict, row.soc1, row.soc2, row.exposure)
    }


def check_reach(told: ReachRow | None, row: VerdictRow | None) -> None:
    """Verdict, certainty, exposure and states of the row."""
    if row is None:
        assert told is None or told.verdict in {"", "neither"}
        assert told is None or told.states or told.exposure == "undetermined"
        return
    assert told is not None
    found = (told.verdict, told.certainty, told.exposure, told.gaps)
    assert found == (row.verdict, row.certainty, row.exposure, row.gaps)
    if row.target != ANY:
        assert (told.states, told.steps) == (row.states, row.steps)


def check_complete(case: Case) -> None:
    """A gap that an identity reaches, or a target that stands for nothing, makes it incomplete."""
    open_end = any(row.gaps for row in case.found.identities)
    open_end |= any(target.dead for target in case.found.targets)
    assert case.judged.complete_for() == (case.judged.complete and not open_end)
    assert case.judged.complete_for() == case.found.coverage["complete"]
    assert not case.judged.complete_for(reached=True)


def check_nodes(case: Case, world: World, moves: list[automaton.Move]) -> None:
    """``who`` at every node that is no target, against the walker of the oracle."""
    graph = case.judged.estate.graph
    ends = {target.key for target in case.found.targets}
    expected: dict[str, list[tuple[object, ...]]] = {}
    for identity in case.found.identities:
        walk = automaton.walk(world, moves, identity.identity)
        for key in graph.key_list:
            row = _expected(walk, key, identity.gaps)
            if row is not None and key not in ends and world.active(identity.identity):
                expected.setdefault(key, []).append((identity.identity, *row))
    for node, key in enumerate(graph.key_list):
        if key not in ends:
            told = sorted(
                (r.identity, r.states, r.certainty, r.exposure, r.steps, r.gaps)
                for r in reach.who(case.judged, node)
            )
            assert told == sorted(expected.get(key, [])), key


def check_reach_of_one(case: Case, world: World, moves: list[automaton.Move]) -> None:
    """``reach`` from every node: all that it holds at once, against the walker of the oracle.

    Who has taken over what acts on nothing by itself does with it as it likes
    (``test_blast_of_things``).
    """
    graph = case.judged.estate.graph
    acts_on_nothing = {*things(world)}
    ends = {target.key for target in case.found.targets}
    for node, start in enumerate(graph.key_list):
        if not world.active(start):
            continue
        begins = {(start, one) for one in STATES} if start in acts_on_nothing else None
        walk = automaton.walk(world, moves, start, begins)
        told = {r.node: r for r in reach.reach(case.judged, node) if r.node not in {ANY, *ends}}
        held = {key for key in graph.key_list if walk.may.states_at(key)} - {start, *ends}
        assert told.keys() == held, start
        for key, row in told.items():
            may = walk.may.states_at(key)
            assert row.steps == walk.may.steps_to([(key, state) for state in may]), (start, key)


def _expected(walk: automaton.Walk, key: str, gaps: tuple[str, ...]) -> tuple[object, ...] | None:
    may, can = walk.may.states_at(key), walk.can.states_at(key)
    if not may:
        return ("", "may", "undetermined", None, gaps) if gaps else None
    exposure = "undetermined" if walk.maybe_open.states_at(key) or gaps else "gated"
    exposure = "open" if walk.open.states_at(key) else exposure
    states = "+".join(s for s in ("CONTROL", "ALTER", "OMIT", "READ", "HALT") if s in may)
    steps = walk.may.steps_to([(key, state) for state in may])
    return states, "can" if can == may else "may", exposure, steps, gaps


def check(folder: Path, seed: int) -> None:
    """Everything, on one estate."""
    facts, scope = estate(seed)
    folder.mkdir()
    found = case(folder, facts, scope)
    check_who(found)
    check_pairs(found)
    check_complete(found)
    world = build_world(facts, scope, "2026-11-23", False)
    apply_owners(world, scope)
    targets = targets_of(world, scope, boundaries(world, scope))
    moves = automaton.moves_of(world, targets)
    check_nodes(found, world, moves)
    check_reach_of_one(found, world, moves)


@pytest.mark.parametrize("first", range(FIRST, FIRST + ESTATES, CHUNK))
def test_every_command_answers_as_the_row_does(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + CHUNK):
        check(tmp_path / str(seed), seed)


def test_the_compiled_engine_answers_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "COMPILE_FROM", 0)
    for seed in range(FIRST + ESTATES, FIRST + ESTATES + CHUNK):
        check(tmp_path / str(seed), seed)

"""The ways that are drawn are those of the brute-force walker, on random estates."""

from itertools import pairwise
from pathlib import Path

import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.app.questions.sub_question import Drawn, SubQuestion, sub_question
from nhigraph.schema.types import State
from tests.estate_files import write_estate
from tests.oracle import automaton
from tests.oracle.estates import estate
from tests.oracle.walker import prepared
from tests.oracle.world import World

FIRST, ESTATES, CHUNK = 75_000, 100, 5
#: Estates on every change; all of them at night.
ALWAYS = 10
DAY = "2026-11-23"

Moves = list[automaton.Move]


def check_from(judged: Judged, world: World, moves: Moves, start: str) -> int:
    """Ends and lengths, for one state and any number of steps, and for at most two."""
    graph, ends = judged.estate.graph, {target.key for target in judged.estate.targets}
    node = graph.node_id(start)
    assert node is not None
    held = automaton.walk(world, moves, start).may
    seen = 0
    for state in State:
        drawn = sub_question(judged, SubQuestion(node, "", 0, state))
        expected = {key for key, name in held.held if name == state.name and key != start}
        assert {row.target for row in drawn.assessment.verdicts} == expected
        assert (drawn.longer, drawn.beyond) == (0, 0)
        for row in drawn.assessment.verdicts:
            assert row.steps == held.steps_to([(row.target, state.name)])
            assert (row.verdict == "") == (row.target not in ends)
        check_chains(drawn)
        near = sub_question(judged, SubQuestion(node, "", 2, state))
        short = {row.target for row in drawn.assessment.verdicts if (row.steps or 0) <= 2}
        assert {row.target for row in near.assessment.verdicts} == short
        assert near.longer == len(expected) - len(short)
        seen += len(expected)
    return seen


def check_chains(drawn: Drawn) -> None:
    """Every way leads from its identity to its end, step by step."""
    for row in drawn.assessment.verdicts:
        steps = drawn.assessment.paths[row.path_id]
        assert steps[0].source == row.identity
        assert steps[-1].target == row.target
        assert all(one.target == other.source for one, other in pairwise(steps))
        assert {step.path_id for step in steps} == {row.path_id}


def check_to(judged: Judged, world: World, moves: Moves, goal: str) -> int:
    """Who reaches a node, whatever is held there."""
    graph = judged.estate.graph
    drawn = sub_question(judged, SubQuestion(None, goal, 0, None))
    identities = {graph.key_list[node] for node in judged.estate.identities}
    expected = {
        key for key in identities - {goal} if automaton.walk(world, moves, key).may.states_at(goal)
    }
    assert {row.identity for row in drawn.assessment.verdicts} == expected
    check_chains(drawn)
    return len(expected)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=() if first < FIRST + ALWAYS else pytest.mark.nightly)
        for first in range(FIRST, FIRST + ESTATES, CHUNK)
    ],
)
def test_every_way_is_drawn_and_no_other(first: int, tmp_path: Path) -> None:
    seen = 0
    for seed in range(first, first + CHUNK):
        folder = tmp_path / str(seed)
        folder.mkdir()
        facts, scope = estate(seed)
        write_estate(folder, facts, scope)
        judged = of_collection(collect([folder]), option=DAY)
        ctx, _, moves = prepared(facts, scope, DAY)
        world = ctx.world
        graph = judged.estate.graph
        for node in judged.estate.identities[:4]:
            seen += check_from(judged, world, moves, graph.key_list[node])
        for goal in sorted(graph.key_list)[:: max(1, len(graph.key_list) // 6)]:
            if goal in world.nodes:
                seen += check_to(judged, world, moves, goal)
    assert seen

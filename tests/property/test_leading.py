"""Edges that may lead to what is asked about: the clauses that lead there are all of theirs."""

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance.gates import compile_gates
from nhigraph.trace.leading import edges_leading_to
from nhigraph.trace.product import STATES, Product, compile_product
from tests.estate_files import write_estate
from tests.oracle.estates import estate

COLUMNS = ("src", "dst", "edge", "certain", "gate", "need_ptr", "need_idx")


def _same(one: Product, other: Product) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in COLUMNS)


def _compare(folder: Path, seed: int) -> tuple[int, int]:
    """Edges in force, and those of them that were left for some goals."""
    facts, scope = estate(seed)
    write_estate(folder, facts, scope)
    judged = of_collection(collect([folder])).estate
    gates = compile_gates(judged)
    graph, masks, specs = judged.graph, gates.masks, gates.specs
    whole = compile_product(graph, masks, specs)
    rng = Random(seed)
    states = range(len(graph.nodes) * STATES)
    goals = np.array(rng.sample(states, min(len(states), rng.choice([1, 3, 20]))))
    leading = edges_leading_to(graph, masks, specs, goals)
    assert not (leading & ~masks.edges).any()
    fewer = compile_product(graph, replace(masks, edges=leading), specs)
    assert _same(fewer.leading_to(goals), whole.leading_to(goals)), seed
    return int(masks.edges.sum()), int(leading.sum())


@pytest.mark.parametrize("first", range(81_000, 81_120, 60))
def test_no_clause_that_leads_to_a_goal_is_lost(first: int, tmp_path: Path) -> None:
    """Needs, gates, what defeats and approves at them, and reading backwards are drawn, too."""
    told = []
    for seed in range(first, first + 60):
        folder = tmp_path / str(seed)
        folder.mkdir()
        told.append(_compare(folder, seed))
    assert sum(left for _, left in told) < sum(edges for edges, _ in told)

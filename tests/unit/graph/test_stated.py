"""Places that state an edge, and those that only imply it."""

import random

import numpy as np
import pytest

from nhigraph.facts.evidence import IMPLIED, Evidence
from nhigraph.facts.facts import Edge, Node
from nhigraph.graph.build import build, combine
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds as k
from nhigraph.trace.changes import Changes

RUN = Evidence("z.yml", "line 20", "0" * 64)
MODELS = [Evidence("a.json", f"/nodes/{one}", "1" * 64, basis=IMPLIED) for one in "xyz"]


def _graph(run: Evidence = RUN) -> Graph:
    """A job that builds three tables: one line does it, each table is described by itself."""
    tables = [Node(k.DATASET, one, RUN) for one in "xyz"]
    built = [
        Edge(k.COMPUTES, "job", table.key, run, because=(model,))
        for table, model in zip(tables, MODELS, strict=True)
    ]
    return build([Node(k.CI_JOB, "job", RUN), *tables, *built]).graph


def test_a_place_that_only_implies_an_edge_comes_last_and_states_nothing() -> None:
    graph = _graph()
    assert graph.evidence_of("edge", 0) == [RUN, MODELS[0]]
    assert graph.stated("edge", 0) == [RUN]
    assert graph.places("edge")[0] == (("z.yml", "line 20"),)


def test_an_edge_that_is_only_implied_is_stated_there() -> None:
    graph = _graph(MODELS[0])
    assert graph.stated("edge", 1) == MODELS[:2]
    assert graph.places("edge")[1] == (("a.json", "/nodes/x"), ("a.json", "/nodes/y"))


def test_a_line_that_builds_many_is_one_change() -> None:
    for graph in (_graph(), combine(_graph(), _graph())):
        assert Changes(graph).of([0, 1, 2]) == {0: 0, 1: 0, 2: 0}
        assert Changes(graph).whole([1]) == [0, 1, 2]


@pytest.mark.parametrize("seed", range(20))
def test_places_of_many_edges_are_those_of_each(seed: int) -> None:
    """Edges that one place states, or several, or the same one twice, or that are only implied."""
    rng = random.Random(seed)
    tables = [f"t{at}" for at in range(12)]
    places = [
        Evidence(name, pointer, "2" * 64, basis=basis, line=line)
        for name in ("b.json", "a.json")
        for pointer in ("/1", "/2")
        for basis in ("declared", IMPLIED)
        for line in (1, 2)
    ]
    facts = [Edge(k.COMPUTES, "job", rng.choice(tables), rng.choice(places)) for _ in range(30)]
    nodes = [Node(k.DATASET, one, RUN) for one in tables]
    graph = build([Node(k.CI_JOB, "job", RUN), *nodes, *facts]).graph
    numbers = rng.choices(range(len(graph.edges)), k=40)
    told = graph.stated_places("edge", np.array(numbers, dtype=np.int64))
    for number, found in zip(numbers, told, strict=True):
        said = {(one.artifact, one.pointer) for one in graph.stated("edge", number)}
        assert found == tuple(sorted(said))
        assert found == graph.places("edge")[number]

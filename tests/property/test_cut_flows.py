"""Cuts of whole estates in which every change is one arc, against minimum cuts of networkx."""

import random
from pathlib import Path

import networkx as nx
import pytest

from nhigraph.app.collect import collect
from nhigraph.app.judged import of_collection
from nhigraph.assurance.cuts.asked import Asked
from nhigraph.assurance.cuts.smallest import cut
from tests.estate_files import write_estate

DAY = "2026-11-23"
FIRST, ESTATES = 700_000, 200
#: Estates on every change; all of them at night.
ALWAYS = 20
_GOAL = "dataset:x:gl"


def _edges(chance: random.Random, roles: list[str]) -> list[dict[str, str]]:
    """Roles that assume each other, and some that write: an arc each, without needs or gates."""
    pairs = [(one, other) for one in roles for other in roles if one != other]
    many = chance.sample(pairs, chance.randint(len(roles), min(len(pairs), 4 * len(roles))))
    edges = [{"kind": "CAN_ASSUME", "from": one, "to": other} for one, other in many]
    writers = chance.sample(roles, chance.randint(1, 3))
    edges += [
        {"kind": "CAN_WRITE", "from": one, "to": _GOAL, "action": "update"} for one in writers
    ]
    return edges


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=() if seed < FIRST + ALWAYS else pytest.mark.nightly)
        for seed in range(FIRST, FIRST + ESTATES)
    ],
)
def test_where_each_change_is_an_arc_the_cut_costs_what_a_minimum_cut_does(
    seed: int, tmp_path: Path
) -> None:
    """Whoever shall not reach it is fed by a source whose arcs nothing takes away."""
    chance = random.Random(seed)
    roles = [f"role:x:{n}" for n in range(chance.randint(4, 12))]
    edges = _edges(chance, roles)
    weights = {
        (edge["from"], edge["to"]): chance.randint(1, 9) for edge in edges if chance.random() < 0.5
    }
    nodes = [{"kind": "CloudRole", "key": role} for role in roles]
    nodes.append({"kind": "Dataset", "key": _GOAL})
    target = {"id": "gl", "family": "financial-reporting", "fs_role": "record"}
    scope = {
        "nhigraph": "scope/1",
        "organization": "Acme",
        "as_of": DAY,
        "commitments": ["S"],
        "targets": [{**target, "icfr_basis": "own", "select": [{"key": _GOAL}]}],
        "cuts": {
            "weights": [
                {"match": {"from": {"key": one}, "to": {"key": other}}, "weight": weight}
                for (one, other), weight in weights.items()
            ]
        },
    }
    write_estate(tmp_path, [{"nhigraph": "facts/1", "nodes": nodes, "edges": edges}], scope)
    estate = of_collection(collect([tmp_path]), option=DAY).estate
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(("everybody", *roles, _GOAL))
    for edge in edges:
        ends = (edge["from"], edge["to"])
        graph.add_edge(*ends, capacity=weights.get(ends, 1))
    walking = sorted(chance.sample(roles, chance.randint(1, len(roles))))
    # Without a capacity networkx takes an arc to be without bounds: no large number that wraps.
    graph.add_edges_from(("everybody", role) for role in walking)
    ids = [estate.graph.node_id(key) for key in (*walking, "fin:gl")]
    known = [node for node in ids if node is not None]
    assert len(known) == len(ids)

    found = cut(estate, Asked(known[-1:], walkers=known[:-1]))

    assert found.cost == found.bound == nx.minimum_cut_value(graph, "everybody", _GOAL)
    assert found.beyond == ()
    reached = {role for role in walking if nx.has_path(graph, role, _GOAL)}
    assert set(found.stopped) == reached

"""Two graphs on one numbering: each comes out of it as it went in."""

from random import Random

import pandas as pd
import pytest

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Gate, Need, Node
from nhigraph.graph.build import build
from nhigraph.graph.mixture import Mixture, Picked
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.types import GateKind, State

TABLES = ("nodes", "edges", "gates", "gaps", "ends", "documents")


def _facts(rng: Random) -> list[Fact]:
    def at() -> Evidence:
        name = rng.choice("ab")
        return Evidence(f"{name}.json", f"sha-{name}", f"/{rng.randint(0, 9)}", "", "declared", 0)

    keys = rng.sample([f"acme:{name}" for name in "abcdef"], rng.randint(2, 6))
    facts: list[Fact] = [Node(kinds.SERVICE_ACCOUNT, key, at(), name=key) for key in keys]
    for _ in range(rng.randint(0, 8)):
        needs = (Need(rng.choice(keys), State.READ),) if rng.random() < 0.3 else ()
        kind = rng.choice((kinds.CAN_ASSUME, kinds.RUNS_AS))
        facts.append(Edge(kind, rng.choice(keys), rng.choice(keys), at(), needs=needs))
    for _ in range(rng.randint(0, 2)):
        facts.append(Gap(rng.choice(keys), rng.choice(("lost", "late")), at()))
    for number in range(rng.randint(0, 2)):
        approvers = (rng.choice(keys),)
        facts.append(Gate(f"acme:gate-{number}", GateKind.REVIEW, at(), approvers=approvers))
    return facts


def _rows(graph: Graph) -> list[list[object]]:
    return sorted(graph.evidence.to_numpy().tolist())


def _same(one: Graph, other: Graph) -> bool:
    return all(getattr(one, name).equals(getattr(other, name)) for name in TABLES)


@pytest.mark.parametrize("seed", range(60))
def test_each_graph_comes_out_as_it_went_in(seed: int) -> None:
    rng = Random(seed)
    before, after = (build(_facts(rng)).graph for _ in range(2))
    both = Mixture(before, after)
    out = both.made(Picked(both.there[0]))
    assert _same(out, before)
    assert _rows(out) == _rows(before)
    # Of what both say the places are the first's; seen from the other side they are the second's.
    turned = Mixture(after, before)
    assert _same(turned.made(Picked(turned.there[0])), after)
    second = {
        ("node", row, name): str(both.second["node"][name][row])
        for row in range(len(both.keys))
        if both.there[1]["node"][row]
        for name in ("name", "kind")
    }
    found = both.made(Picked(both.there[1], second))
    for name in ("nodes", "edges", "gaps"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(after, name))


@pytest.mark.parametrize("seed", range(60))
def test_what_lies_at_a_node_that_is_gone_is_gone(seed: int) -> None:
    rng = Random(seed)
    graph = build(_facts(rng)).graph
    both = Mixture(graph, graph)
    gone = rng.randrange(len(both.keys))
    rows = {of: mask.copy() for of, mask in both.there[0].items()}
    rows["node"][gone] = False
    left = both.made(Picked(rows))
    key = both.keys[gone]
    ends = [graph.key_list[end] for name in ("src", "dst") for end in graph.edges[name]]
    assert key not in left.key_list
    expected = sum(
        key not in {graph.key_list[source], graph.key_list[target]} and key not in needs
        for source, target, needs in zip(
            graph.edges["src"], graph.edges["dst"], graph.edges["needs"], strict=True
        )
    )
    assert len(left.edges) == expected
    assert key not in {left.key_list[node] for node in left.gaps["node"]}
    assert ends.count(key) == 0 or len(left.edges) < len(graph.edges)

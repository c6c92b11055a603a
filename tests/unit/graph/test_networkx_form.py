"""The graph as networkx, and back."""

import pandas as pd
import pytest

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Gap, Gate, Need, Node
from nhigraph.graph import columns
from nhigraph.graph.build import build
from nhigraph.graph.networkx_form import from_networkx
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.types import GateKind, State

HOSTILE = "a<b>\"'&;\u202e\n=1+1"


def _place(number: int) -> Evidence:
    return Evidence("a.facts.yaml", f"/x/{number}", "0" * 64, "excerpt", "declared", number)


@pytest.fixture
def graph() -> Graph:
    nodes = [
        Node(kinds.SERVICE_ACCOUNT, "a:sa", _place(1), name=HOSTILE, props={"used_by": 2}),
        Node(kinds.DATASET, "a:data", _place(2), props={"tags": ("x", "y")}),
        Node(kinds.GRANT, "a:grant", _place(3)),
    ]
    edges = [
        Edge(kinds.CAN_WRITE, "a:sa", "a:data", _place(4), action="post", gate="a:gate"),
        Edge(kinds.CAN_WRITE, "a:sa", "a:data", _place(5), action="update"),
        Edge(
            kinds.CAN_READ,
            "a:sa",
            "a:data",
            _place(6),
            needs=(Need("a:grant", State.CONTROL),),
        ),
    ]
    gate = Gate("a:gate", GateKind.APPROVAL, _place(7), tests={"human": True})
    gap = Gap("a:sa", HOSTILE, _place(8), (State.CONTROL,))
    return build([*nodes, *edges, gate, gap]).graph


def test_nothing_is_lost_on_the_way_there_and_back(graph: Graph) -> None:
    again = from_networkx(graph.to_networkx())
    for name in ("nodes", "edges", "gates", "gaps", "documents", "evidence"):
        before, after = getattr(graph, name), getattr(again, name)
        pd.testing.assert_frame_equal(before, after, check_dtype=False)
    assert again.evidence_of("edge", 0) == graph.evidence_of("edge", 0)


def test_parallel_edges_stay_apart(graph: Graph) -> None:
    made = graph.to_networkx()
    said = [data["action"] for _, _, data in made.edges(data=True) if data["kind"] == "CAN_WRITE"]
    assert sorted(said) == ["post", "update"]


def test_every_attribute_is_text_or_a_number(graph: Graph) -> None:
    made = graph.to_networkx()
    values = [v for _, data in made.nodes(data=True) for v in data.values()]
    values += [v for _, _, data in made.edges(data=True) for v in data.values()]
    values += list(made.graph.values())
    assert all(isinstance(value, str | int) for value in values)
    assert set(made.nodes["a:sa"]) == set(columns.NODES) - {"key"}

"""Keys under another name: the scope's aliases on a merged graph."""

from nhigraph.facts import keys
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Gap, Gate, Need, Node
from nhigraph.graph.build import build
from nhigraph.graph.resolve import renamed
from nhigraph.schema import kinds as k
from nhigraph.schema.types import GateKind, State

AT = Evidence("a.json", "/x", "0" * 64)
FACTS = (
    Node(k.DATABASE_ROLE, "role:postgres:erp/a", AT, name="a"),
    Node(k.DATABASE_ROLE, "role:postgres:crm/a", AT, name="a"),
    Node(k.DATABASE_ROLE, "role:postgres:erp/b", AT, owner="role:postgres:erp/a"),
    Node(k.DATASET, "dataset:postgres:erp.s.t", AT),
    Edge(
        k.CAN_WRITE,
        "role:postgres:crm/a",
        "dataset:postgres:erp.s.t",
        AT,
        needs=(Need("role:postgres:erp/b", State.CONTROL),),
        gate="g",
    ),
    Gate("g", GateKind.APPROVAL, AT, approvers=("role:postgres:erp/a",), at="role:postgres:erp/b"),
    Gap("role:postgres:erp/a", "why", AT),
)
MAIN = keys.database("postgres", "main")
HOLDERS = {keys.database("postgres", "erp"): MAIN, keys.database("postgres", "crm"): MAIN}


def test_every_place_that_names_a_key_names_the_new_one() -> None:
    graph = renamed(build(FACTS).graph, HOLDERS)
    roles = ["role:postgres:main/a", "role:postgres:main/b"]
    assert [key for key in graph.key_list if key.startswith("role:")] == roles
    edge = graph.edges.iloc[0]
    assert graph.key_list[edge["src"]] == "role:postgres:main/a"
    assert edge["needs"] == '[["role:postgres:main/b","CONTROL"]]'
    gate = graph.gate_records["g"]
    assert (gate.approvers, gate.at) == (("role:postgres:main/a",), "role:postgres:main/b")
    assert graph.gaps["node"].tolist() == [graph.node_id("role:postgres:main/a")]
    assert graph.nodes["owner"].tolist().count("role:postgres:main/a") == 1
    assert "erp/" not in graph.edges.to_csv() + graph.nodes.to_csv() + graph.gates.to_csv()


def test_without_holders_the_graph_is_the_same_one() -> None:
    graph = build(FACTS).graph
    assert renamed(graph, {}) is graph
    again = renamed(graph, {keys.database("postgres", "er"): MAIN})
    assert again.nodes.equals(graph.nodes)
    assert again.edges.equals(graph.edges)
    assert again.evidence.equals(graph.evidence)

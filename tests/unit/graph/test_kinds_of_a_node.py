"""Two kinds for one key: whatever holds of either holds of the node; one of them is printed."""

import numpy as np
import pytest

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Node
from nhigraph.graph.actions import effective_actions
from nhigraph.graph.build import build, combine
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds as k
from nhigraph.schema.types import EdgeKind, NodeKind, Origin


def _place(number: int) -> Evidence:
    return Evidence(f"f{number}.yaml", f"/nodes/{number}", str(number) * 64)


def _node(number: int, kind: NodeKind, origin: Origin) -> Node:
    return Node(kind, "a", _place(number), origin=origin)


N, F, S = Origin.NATIVE, Origin.FACTS, Origin.SCOPE


@pytest.mark.parametrize(
    ("records", "printed"),
    [
        ([(k.SECRET, N), (k.API_KEY, F)], "Secret"),
        ([(k.SECRET, F), (k.API_KEY, N)], "ApiKey"),
        ([(k.SECRET, F), (k.API_KEY, F)], "ApiKey"),
        ([(k.WORKLOAD, S), (k.SYSTEM, F)], "System"),
        ([(k.UNKNOWN, N), (k.SYSTEM, S)], "System"),
        ([(k.UNKNOWN, F), (k.UNKNOWN, N)], "Unknown"),
        ([(k.SECRET, F), (k.SECRET, N), (k.API_KEY, F)], "Secret"),
    ],
)
def test_the_kind_of_the_more_specific_source_is_printed_and_all_stay(
    records: list[tuple[NodeKind, Origin]], printed: str
) -> None:
    """In any order, and however the documents are grouped."""
    nodes = [_node(number, *record) for number, record in enumerate(records)]
    labels = {kind.label for kind, _ in records}
    alone = [build([node]).graph for node in nodes]
    grouped = alone[0]
    for part in (*alone[1:], *alone):
        grouped = combine(part, grouped)
    for graph in (build(nodes).graph, build(nodes[::-1]).graph, grouped):
        assert graph.kinds(0)[0] == graph.kind_list[0] == printed
        assert set(graph.kinds(0)) == labels
        assert all(graph.of_kind({label})[0] for label in labels)
        assert not graph.of_kind({k.STREAM.label})[0]


def test_a_conflict_of_kinds_is_one_line() -> None:
    built = build([_node(1, k.SECRET, N), _node(2, k.API_KEY, F), _node(3, k.API_KEY, F)])
    lines = [line for tally in built.tallies.values() for _, line in tally.conflicts]
    expected = "kind: Secret stands, and what holds of ApiKey stays"
    assert lines == [f"a: records disagree on {expected}"]


def _graph(kind: EdgeKind, *ends: NodeKind) -> Graph:
    nodes = [_node(number, end, F) for number, end in enumerate(ends)]
    start = Node(k.SERVICE_ACCOUNT, "s", _place(9))
    return build([*nodes, start, Edge(kind, "s", "a", _place(8))]).graph


@pytest.mark.parametrize(
    ("edge", "ends", "action"),
    [
        (k.CAN_READ, (k.DATASET, k.SECRET), "read_secret"),
        (k.CAN_READ, (k.DATASET, k.REPORT), "read"),
        (k.CAN_WRITE, (k.DATASET, k.SERVICE_ACCOUNT), "grant"),
        (k.CAN_WRITE, (k.AUDIT_LOG, k.ENVIRONMENT), "alter_log"),
        (k.CAN_WRITE, (k.DATASET, k.MODEL), "change_logic"),
        (k.CAN_WRITE, (k.DATASET, k.REPORT), "update"),
        (k.CAN_STOP, (k.DATASET, k.ENCRYPTION_KEY), "destroy"),
        (k.MEMBER_OF, (k.GROUP, k.GRANT), ""),
    ],
)
def test_an_edge_to_a_node_of_two_kinds_does_what_hides_least(
    edge: EdgeKind, ends: tuple[NodeKind, ...], action: str
) -> None:
    """An enabling action, else the one with more assertions at risk, else the smallest name."""
    assert effective_actions(_graph(edge, *ends)).tolist() == [action]
    assert effective_actions(_graph(edge, *ends[::-1])).tolist() == [action]


def test_kinds_survive_the_store(tmp_path_factory: pytest.TempPathFactory) -> None:
    from nhigraph.graph import snapshot

    graph = _graph(k.CAN_READ, k.DATASET, k.SECRET)
    folder = tmp_path_factory.mktemp("kinds") / "graph"
    snapshot.save(folder, graph, meta={}, claims=(), coverage={})
    again = snapshot.load(folder).graph
    assert again.kinds(0) == graph.kinds(0)
    assert np.array_equal(again.of_kind({"Secret"}), graph.of_kind({"Secret"}))

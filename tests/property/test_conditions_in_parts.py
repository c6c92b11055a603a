"""An edge holds on several conditions: which edges one of them stands on, by plain looking."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nhigraph.assurance.answers import edges
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Node
from nhigraph.graph.build import build
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.types import Certainty

PLACE = Evidence("x.facts.json", "/edges/0", "0" * 64)
PARTS = st.sampled_from(
    ("mfa", "from a", "from a b", "and", "a and", "ip in 1", "ip in 2", "x  y")
)
CELLS = st.lists(st.lists(PARTS, min_size=1, max_size=4).map(" and ".join), max_size=12)


def graph_of(cells: list[str]) -> Graph:
    nodes = [Node(kinds.NODE_KINDS["ServiceAccount"], "a", PLACE)]
    nodes.append(Node(kinds.NODE_KINDS["Dataset"], "d", PLACE))
    many = [
        Edge(
            kinds.EDGE_KINDS["CAN_WRITE"],
            "a",
            "d",
            PLACE,
            certainty=Certainty.CONDITIONAL,
            condition=cell,
        )
        for cell in cells
    ]
    return build([*nodes, *many]).graph


def stands_on(cell: str, text: str) -> bool:
    """Whether a text is some of the conditions of a cell, side by side."""
    return f" and {text} and " in f" and {cell} and "


@settings(max_examples=100, deadline=None)
@given(CELLS, st.lists(PARTS, min_size=1, max_size=3).map(" and ".join))
def test_edges_on_a_condition_are_those_that_have_it(cells: list[str], text: str) -> None:
    graph = graph_of(cells)
    told = graph.edges["condition"].tolist()
    expected = [row for row, cell in enumerate(told) if stands_on(cell, text)]
    assert edges.holding(graph, text) == expected


@settings(max_examples=100, deadline=None)
@given(CELLS, st.lists(PARTS, min_size=1, max_size=4).map(" and ".join))
def test_a_condition_is_told_by_parts_that_are_known(cells: list[str], cell: str) -> None:
    known = {*cells, *(str(number) for number in range(40))}
    for some in (set(cells), known):
        several = " and " in cell
        expected = several and any(one != cell and stands_on(cell, one) for one in some)
        assert edges.is_told_by_parts(cell, some) is expected

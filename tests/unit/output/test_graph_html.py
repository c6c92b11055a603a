"""graph.html, read as text, and the layout behind it."""

import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhigraph.output.graph_html import GraphEdge, GraphNode, embedded, render
from nhigraph.output.graph_html.drawing import NODE_LIMIT, drawing
from nhigraph.output.graph_html.layout import COLUMN, ROW, layered
from nhigraph.output.graph_html.vis import vis_network
from nhigraph.schema.types import Effect
from tests.unit.output.builders import believable
from tests.unit.output.company import DATA, DB
from tests.unit.output.pages import Page
from tests.unit.output.variants import hostile, large


def _data(page: str) -> dict[str, list[dict[str, object]]]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    told: dict[str, list[dict[str, object]]] = json.loads(found[1])
    return told


def _ours(page: str) -> str:
    """The page without the library, which is not ours to word."""
    return page.replace(vis_network(), "")


def test_what_is_drawn_is_the_nodes_and_edges_of_printed_paths() -> None:
    """A given node on no path is counted, a step without a given edge is drawn all the same."""
    company = believable()
    stray = GraphNode("t:stray", "ServiceAccount", "stray", "identity")
    known = GraphEdge(f"{DB}/transformer", f"{DATA}.marts.revenue", "OWNS", evidence_place="a:1")
    page = render(company, [stray], [known])
    data = _data(page)
    passed = {
        key
        for path in company.paths.values()
        for step in path
        for key in (step.source, step.target)
    }
    assert {node["key"] for node in data["nodes"]} == passed
    assert "a:1" in {edge["place"] for edge in data["edges"]}
    assert ".github/workflows/nightly.yml:31" in {edge["place"] for edge in data["edges"]}
    assert "1 other nodes lie on no printed path." in page
    assert "14 identities have no path here" in page


def test_facts_given_about_a_node_are_used() -> None:
    """Its name, kind and colour group come from the caller where the caller knows it."""
    node = GraphNode(f"{DATA}.marts.revenue", "Stream", "sales stream", "data", "", "")
    cards = {card.key: card for card in drawing(believable(), [node], []).cards}
    card = cards[f"{DATA}.marts.revenue"]
    assert (card.name, card.kind, card.code, card.group) == (
        "sales stream",
        "Stream",
        "ST",
        "data",
    )
    assert cards["fin:revenue"].group == "books"
    assert cards["trust:C/customer-pii"].code == "S2"


def test_every_path_walks_along_drawn_edges() -> None:
    """Ids of a path's nodes and edges fit together, in one direction or against a feed."""
    for company in (believable(), hostile(), large(300)):
        drawn = drawing(company, [], [])
        ends = {line.id: {line.source, line.target} for line in drawn.lines}
        for path in drawn.paths:
            for edge, (source, target) in zip(path.edges, pairwise(path.nodes), strict=True):
                assert ends[edge] == {source, target}


def test_reading_against_a_feed_uses_the_feed() -> None:
    """One edge is drawn where a step goes from its end to its start."""
    company = believable()
    path_id, steps = next((key, path) for key, path in company.paths.items() if len(path) == 2)
    back = replace(steps[0], edge_kind="FEEDS", state="READ")
    feed = GraphEdge(back.target, back.source, "FEEDS")
    drawn = drawing(replace(company, paths={path_id: (back, *steps[1:])}), [], [feed])
    assert [line.verb for line in drawn.lines].count("feeds") == 1
    assert drawn.paths[0].steps[0].verb == "shows what is in"


def test_a_large_company_is_drawn_in_part_and_the_rest_is_counted() -> None:
    """Never more nodes than the limit; the page says how many paths are not there."""
    company = large(2_000)
    drawn = drawing(company, [], [])
    assert len(drawn.cards) <= NODE_LIMIT
    printed = sum(bool(row.path_id) for row in company.verdicts)
    assert len(drawn.paths) + drawn.paths_left_out == printed
    assert f"Left out for want of room: {drawn.paths_left_out} more" in render(company, [], [])


def test_hostile_names_stay_text() -> None:
    """In markup, in JSON and in the picture; ids never carry a name."""
    page = render(hostile(), [], [])
    assert _ours(page).count("<script") == 3
    elements = Page(_ours(page)).elements
    assert {tag for tag, _ in elements}.isdisjoint({"img", "iframe", "object", "form"})
    assert not any(name.startswith("on") or name == "style" for _, at in elements for name in at)
    links = [at["href"] or "" for tag, at in elements if tag == "a"]
    assert all(link.startswith(("#", "report.html")) for link in links)
    assert "{{ 7*7 }}" in page
    control = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ud800-\udfff]"
    assert not re.search(control, _ours(page))
    data = _data(page)
    assert all(re.fullmatch(r"n\d+", str(node["id"])) for node in data["nodes"])
    assert all(re.fullmatch(r"\w+", str(path["id"])) for path in data["paths"])
    for item in (*data["nodes"], *data["edges"]):
        assert not {"title", "image", "heading"} & item.keys()


def test_embedded_json_holds_no_character_of_markup() -> None:
    """Neither a tag, an entity nor a line end of JavaScript."""
    text = embedded({"</script>": "<!-- & \u2028\u2029\ud800"})
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == {"</script>": "<!-- & \u2028\u2029\ud800"}


def test_the_same_arguments_give_the_same_bytes() -> None:
    """Positions too; the order of what is given does not matter."""
    nodes = [
        GraphNode("t:b", "CiJob", "b", "identity"),
        GraphNode("t:a", "CiJob", "a", "identity"),
    ]
    assert render(believable(), nodes, []) == render(believable(), nodes[::-1], [])


def test_nothing_to_draw_is_a_page_that_says_so() -> None:
    """No path printed; the report has the coverage."""
    page = render(replace(believable(), paths={}, verdicts=()), [], [])
    assert "No path is printed." in page
    assert _data(page)["nodes"] == []


def test_no_opinion_is_given() -> None:
    """Three words are never printed."""
    words = re.sub(
        r"<(script|style)\b.*?</\1>", "", _ours(render(believable(), [], [])), flags=re.DOTALL
    )
    assert not re.search(r"\b(safe|compliant|certified)\b", words.lower())


def test_every_effect_has_a_stroke() -> None:
    """A new effect is a failing test here, not a failing page."""
    from nhigraph.output.graph_html.drawing import _STROKES

    assert set(_STROKES) == set(Effect)


_names = st.integers(0, 14).map(lambda at: f"n{at:02d}")


@given(st.sets(_names, min_size=1), st.lists(st.tuples(_names, _names)), st.data())
def test_no_two_nodes_lie_upon_each_other(
    nodes: set[str], edges: list[tuple[str, str]], data: st.DataObject
) -> None:
    """Cycles, loops and doubled edges included; the last layer is to the right of all."""
    inner = [edge for edge in edges if set(edge) <= nodes]
    last = data.draw(st.sets(st.sampled_from(sorted(nodes))))
    places = layered(sorted(nodes), inner, first=nodes, last=last)
    assert places == layered(sorted(nodes), inner[::-1], first=nodes, last=last)
    by_column: dict[float, list[float]] = {}
    for x, y in places.values():
        by_column.setdefault(x, []).append(y)
    for ys in by_column.values():
        assert all(lower - upper >= ROW - 0.2 for upper, lower in pairwise(sorted(ys)))
    others = [places[node][0] for node in nodes - last]
    assert all(places[node][0] > max(others, default=-1) for node in last)


def test_a_chain_runs_from_left_to_right_on_one_line() -> None:
    """One layer a step, no step up or down."""
    chain = [f"n{at}" for at in range(6)]
    places = layered(chain, list(pairwise(chain)), first=["n0"], last=["n5"])
    assert [places[node] for node in chain] == [(at * COLUMN, places["n0"][1]) for at in range(6)]


def test_long_edges_do_not_make_the_layout_slow() -> None:
    """A chain of 500 whose every link also feeds the end is placed."""
    chain = [f"n{at:03d}" for at in range(500)]
    edges = [*pairwise(chain), *((node, "n499") for node in chain[:-2])]
    assert len(layered(chain, edges, last=["n499"])) == 500


def test_a_pyvis_without_its_library_is_an_error_with_advice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The message says what is missing and what to install."""
    from nhigraph.errors import NhigraphError

    monkeypatch.setattr("nhigraph.output.graph_html.vis.find_spec", lambda _: None)
    with pytest.raises(NhigraphError, match=r"install a pyvis from 0\.3\.2 on"):
        vis_network()

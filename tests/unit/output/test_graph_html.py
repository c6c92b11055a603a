"""graph.html, read as text, and the layout behind it."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhigraph.assurance.cut_rows import Cuts, CutStep, TargetCut
from nhigraph.assurance.rows import Assessment
from nhigraph.output import node_id
from nhigraph.output.graph_html import GraphEdge, GraphNode, embedded, render, vis
from nhigraph.output.graph_html import held as limits
from nhigraph.output.graph_html.drawing import drawing
from nhigraph.output.graph_html.layout import COLUMN, ROW, layered
from nhigraph.output.graph_html.naming import STROKES
from nhigraph.output.graph_html.picture import LIMIT, picture, steps
from nhigraph.output.graph_html.script import script
from nhigraph.output.graph_html.vis import vis_network
from nhigraph.schema.types import Effect
from tests.unit.output.builders import believable
from tests.unit.output.company import DATA, DB, GATE
from tests.unit.output.pages import Page
from tests.unit.output.variants import hostile, large

Rows = list[dict[str, Any]]


def _told(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def _rows(table: dict[str, Any]) -> Rows:
    """Columns as the page unpacks them."""
    columns = {
        name: column if isinstance(column, list) else [column["of"][at] for at in column["at"]]
        for name, column in table["columns"].items()
    }
    return [{name: columns[name][at] for name in columns} for at in range(table["length"])]


def _data(page: str) -> dict[str, Rows]:
    told = _told(page)
    return {name: _rows(told[name]) for name in ("nodes", "edges", "paths", "tails", "rows")}


def _ours(page: str) -> str:
    """The page without the library, which is not ours to word."""
    return page.replace(vis_network(), "")


def _walked(company: Assessment, path_id: str) -> list[tuple[str, str]]:
    return [(step.source, step.target) for step in company.paths[path_id]]


def test_the_page_holds_the_nodes_of_printed_paths_and_every_identity() -> None:
    company = believable()
    data = _data(render(company))
    passed = {
        key
        for path in company.paths.values()
        for step in path
        for key in (step.source, step.target)
    }
    keys = {node["key"] or node["label"] for node in data["nodes"]}
    assert keys == passed | {row.identity for row in company.identities} | set(company.gap_reasons)


def test_a_step_without_a_told_edge_is_an_edge_all_the_same() -> None:
    known = GraphEdge(f"{DB}/transformer", f"{DATA}.marts.revenue", "OWNS", artifact="a", line=1)
    edges = _data(render(believable(), [], [known]))["edges"]
    assert ("a", 1) in {(edge["artifact"], edge["line"]) for edge in edges}
    assert (".github/workflows/nightly.yml", 31) in {
        (edge["artifact"], edge["line"]) for edge in edges
    }


def test_what_is_told_of_an_edge_is_told_once() -> None:
    """The graph's edge and the step that walks it are one; its certainty is the graph's."""
    company = believable()
    plain = drawing(company)
    step = next(steps[0] for steps in company.paths.values())
    told = GraphEdge(
        *(step.source, step.target, step.edge_kind, step.action),
        certainty="certain",
        condition=step.residual,
        needs=step.needs,
        gate=step.gate,
        artifact=step.artifact,
        pointer=step.pointer,
        line=step.line,
        quote="the line as it stands",
    )
    richer = drawing(company, [], [told])
    assert len(richer.lines) == len(plain.lines)
    assert "the line as it stands" in {line.quote for line in richer.lines}


def test_facts_told_of_a_node_are_used() -> None:
    node = GraphNode(
        f"{DATA}.marts.revenue", "Stream", "sales stream", "data", owner="finance", outward=7
    )
    cards = {card.key or card.name: card for card in drawing(believable(), [node]).cards}
    card = cards[f"{DATA}.marts.revenue"]
    said = (card.name, card.label, card.code, card.group, card.owner, card.outward)
    assert said == ("sales stream", "Stream", "ST", "data", "finance", 7)
    assert cards["fin:revenue"].group == "books"
    assert cards["trust:C/customer-pii"].code == "S2"


def test_neighbours_are_held_and_counted_as_no_path() -> None:
    far = GraphEdge("role:far", f"{DATA}.marts.revenue", "CAN_READ", artifact="x")
    stray = GraphEdge("role:one", "role:other", "CAN_READ", artifact="x")
    node = GraphNode("role:far", "DatabaseRole", "far")
    data = _data(render(believable(), [node], [far, stray]))
    labels = {node["label"] for node in data["nodes"]}
    assert "far" in labels
    assert not labels & {"role:one", "role:other"}
    assert [edge["verb"] for edge in data["edges"]].count("may read") == 1 + sum(
        edge["verb"] == "may read" for edge in _data(render(believable()))["edges"]
    )


@pytest.mark.parametrize("made", [believable, hostile, lambda: large(300)])
def test_every_path_walks_along_held_edges(made: Callable[[], Assessment]) -> None:
    """Its steps are those of its row, in one direction or against a flow."""
    company = made()
    drawn = drawing(company)
    keys = {number: key for key, number in drawn.numbers.items()}
    by_id = {path.id: path for path in drawn.paths}
    assert len(by_id) == len(drawn.paths)
    rows = [row for row in company.verdicts if row.path_id.isalnum()]
    assert rows
    for row in rows:
        path = by_id.get(row.path_id)
        if path is None:
            assert drawn.rows_left_out
            continue
        walked = [(keys[source], keys[target]) for _, source, target in steps(drawn, path.tail)]
        assert walked == _walked(company, row.path_id)
        assert path.row == (
            *(row.verdict, row.exposure, row.soc1, " ".join(row.soc2)),
            *(" ".join(row.soc2_outside), row.certainty, str(row.steps)),
        )


def test_reading_against_a_feed_uses_the_feed() -> None:
    """One edge is drawn where a step goes from its end to its start."""
    company = believable()
    path_id, path = next((key, path) for key, path in company.paths.items() if len(path) == 2)
    back = replace(path[0], edge_kind="FEEDS", state="READ")
    feed = GraphEdge(
        *(back.target, back.source, "FEEDS", back.action),
        condition=back.residual,
        gate=back.gate,
        artifact=back.artifact,
        pointer=back.pointer,
    )
    drawn = drawing(replace(company, paths={path_id: (back, *path[1:])}), [], [feed])
    assert [line.verb for line in drawn.lines].count("feeds") == 1
    assert drawn.tails[drawn.paths[0].tail].back == 1


def test_paths_that_end_alike_are_stored_once() -> None:
    """A chain of identities costs a step each, not a path each."""
    company = believable()
    path_id, path = max(company.paths.items(), key=lambda item: len(item[1]))
    row = next(row for row in company.verdicts if row.path_id == path_id)
    ends = {f"{path_id}{at}": path[at:] for at in range(len(path))}
    rows = tuple(
        replace(row, identity=steps[0].source, path_id=key) for key, steps in ends.items()
    )
    drawn = drawing(replace(company, paths=ends, verdicts=rows))
    assert len(drawn.paths) == len(path)
    assert len(drawn.tails) == len(path)


def test_alternatives_follow_their_path() -> None:
    company = believable()
    path_id, other = list(company.paths)[:2]
    beside = replace(company, alternatives={path_id: (company.paths[other],)})
    drawn = drawing(beside)
    at = next(number for number, path in enumerate(drawn.paths) if path.id == path_id)
    assert (drawn.paths[at + 1].id, drawn.paths[at + 1].of) == (f"{path_id}.1", at)


def test_rows_without_a_path_are_told_with_what_was_not_seen() -> None:
    """An identity that reaches a gap is drawn beside it, by an edge that is none of the graph."""
    company = believable()
    data = _data(render(company))
    open_rows = [row for row in company.verdicts if not row.path_id]
    assert len(data["rows"]) == sum(
        row.target == "*"
        or row.target in {step.target for p in company.paths.values() for step in p}
        for row in open_rows
    )
    nodes = data["nodes"]
    said = {
        (nodes[row["identity"]]["key"], nodes[gap]["key"] or nodes[gap]["label"])
        for row in data["rows"]
        for gap in row["gaps"]
    }
    wanted = {(row.identity, gap) for row in open_rows for gap in row.gaps if row.target == "*"}
    assert wanted
    assert wanted <= said
    ways = [edge for edge in data["edges"] if edge["stroke"] == "gap"]
    assert all(edge["kind"] == "" for edge in ways)


def test_the_cut_of_a_target_marks_its_edges() -> None:
    company = believable()
    row = next(row for row in company.verdicts if row.path_id and row.target == "fin:revenue")
    step = company.paths[row.path_id][0]
    cut = CutStep(
        *("fin:revenue", "CONTROL+ALTER", 1, step.edge_kind, step.source, step.target),
        *(step.action, "it can be revoked", 3, step.artifact, step.pointer, step.line),
        statement="REVOKE x",
    )
    told = TargetCut("fin:revenue", changes=1, cost=1, bound=1, stopped=3)
    page = render(replace(company, cuts=Cuts((cut,), (told,))))
    (one,) = _told(page)["cuts"]
    ((number, rank, identities, reason, undone),) = one["edges"]
    edge = _data(page)["edges"][number]
    nodes = _data(page)["nodes"]
    assert nodes[edge["from"]]["id"] == node_id(step.source)
    assert (rank, identities, reason, one["stopped"]) == (1, 3, "it can be revoked", 3)
    assert undone == "REVOKE x"


def test_controls_on_edges_are_told_with_their_tests() -> None:
    gates = _told(render(believable()))["gates"]
    assert gates[GATE]["holds"]
    assert "A person decides" in gates[GATE]["tests"]["yes"]


def test_a_large_company_is_held_in_part_and_the_rest_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "PATHS", 300)
    company = large(2_000)
    drawn = drawing(company)
    printed = sum(bool(row.path_id) for row in company.verdicts)
    best = [path for path in drawn.paths if path.of < 0]
    assert len(best) == 300
    assert len(best) + drawn.rows_left_out == printed
    page = render(company)
    assert f"This page holds {drawn.rows_left_out:,} fewer than are printed" in page
    assert "The worst 120 of 300" in page


def test_limits_leave_out_the_least_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of nodes, of steps, of paths; never is a path held in part."""
    company = believable()
    for name, most in (("NODES", 12), ("TAILS", 9), ("PATHS", 4)):
        with monkeypatch.context() as patch:
            patch.setattr(limits, name, most)
            drawn = drawing(company)
        assert 0 < len(drawn.paths) < len(company.paths)
        assert drawn.rows_left_out == len(company.paths) - len(drawn.paths)
        assert drawn.paths[0].row[:2] == ("both", "open")


def test_the_still_picture_is_bounded_and_says_so() -> None:
    company = large(400)
    still = picture(drawing(company))
    assert 100 < still.nodes <= LIMIT
    assert still.svg.count("<g ") == still.nodes
    page = render(company)
    assert f"The worst {still.paths} of " in page


def test_hostile_names_stay_text() -> None:
    """In markup, in JSON and in the picture; ids never carry a name."""
    page = render(hostile(), sentence="</p><script>alert(1)</script>")
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
    assert all(re.fullmatch(r"[0-9a-f]{12}", node["id"]) for node in data["nodes"])
    assert all(re.fullmatch(r"[\w.]+", path["id"]) for path in data["paths"])
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
    page = render(replace(believable(), paths={}, verdicts=(), identities=()))
    assert "No path is printed." in page
    assert _data(page)["nodes"] == []


def test_no_opinion_is_given() -> None:
    """Three words are never printed."""
    words = re.sub(r"<(script|style)\b.*?</\1>", "", _ours(render(believable())), flags=re.DOTALL)
    assert not re.search(r"\b(safe|compliant|certified)\b", words.lower())


def test_every_effect_has_a_stroke() -> None:
    """A new effect is a failing test here, not a failing page."""
    assert set(STROKES) == set(Effect)


_names = st.integers(0, 14).map(lambda at: f"n{at:02d}")


@given(st.sets(_names, min_size=1), st.lists(st.tuples(_names, _names)), st.data())
def test_no_two_nodes_lie_upon_each_other(
    nodes: set[str], edges: list[tuple[str, str]], data: st.DataObject
) -> None:
    """Cycles, loops and doubled edges included; the last layer is to the right of all."""
    inner = [edge for edge in edges if set(edge) <= nodes]
    last = data.draw(st.sets(st.sampled_from(sorted(nodes))))
    found = layered(sorted(nodes), inner, first=nodes, last=last)
    assert found == layered(sorted(nodes), inner[::-1], first=nodes, last=last)
    places = found.places
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
    places = layered(chain, list(pairwise(chain)), first=["n0"], last=["n5"]).places
    assert [places[node] for node in chain] == [(at * COLUMN, places["n0"][1]) for at in range(6)]


def test_long_edges_do_not_make_the_layout_slow() -> None:
    """A chain of 500 whose every link also feeds the end is placed."""
    chain = [f"n{at:03d}" for at in range(500)]
    edges = [*pairwise(chain), *((node, "n499") for node in chain[:-2])]
    found = layered(chain, edges, last=["n499"])
    assert len(found.places) == 500
    assert sum(map(len, found.bends.values())) <= 3000


@pytest.mark.parametrize("made", [believable, hostile])
def test_the_network_is_what_pyvis_makes_of_it(made: Callable[[], Assessment]) -> None:
    """Its ``Network`` is given the same cards and lines, one by one."""
    from pyvis.network import Network

    drawn = drawing(made())
    network = Network(directed=True, cdn_resources="in_line")
    for card in drawn.cards:
        more = {name: getattr(card, field) for name, field in vis.NODE_COLUMNS.items()}
        network.add_node(card.id, label=card.name, **more)
    for line in drawn.lines:
        ends = [drawn.cards[at].id for at in (line.source, line.target)]
        network.add_edge(*ends, **{name: getattr(line, name) for name in vis.EDGE_COLUMNS})
    cards, lines, *_ = network.get_network_data()
    nodes, edges = vis.nodes(drawn), vis.edges(drawn)
    assert len(cards) == len(drawn.cards)
    assert len(lines) == len(drawn.lines) > 0
    assert nodes == {name: [card[name] for card in cards] for name in nodes}
    for end in ("from", "to"):
        edges[end] = [nodes["id"][int(str(at))] for at in edges[end]]
    assert edges == {name: [line[name] for line in lines] for name in edges}


def test_a_pyvis_without_its_library_is_an_error_with_advice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The message says what is missing and what to install."""
    from nhigraph.errors import NhigraphError

    monkeypatch.setattr("nhigraph.output.graph_html.vis.find_spec", lambda _: None)
    with pytest.raises(NhigraphError, match=r"install a pyvis from 0\.3\.2 on"):
        vis_network()


@given(st.lists(st.tuples(_names, _names), max_size=40))
def test_an_edge_bends_where_no_card_stands(edges: list[tuple[str, str]]) -> None:
    """In every column between its ends, at least a third of a row away from each card."""
    nodes = sorted({node for edge in edges for node in edge})
    found = layered(nodes, edges)
    for (source, target), bends in found.bends.items():
        ends = sorted((found.places[source][0], found.places[target][0]))
        assert [x for x, _ in bends] == [
            x * COLUMN for x in range(round(ends[0] / COLUMN) + 1, round(ends[1] / COLUMN))
        ]
        for x, y in bends:
            near = [abs(y - other) for at, other in found.places.values() if at == x]
            assert all(away >= 0.67 * ROW for away in near)


def test_the_script_is_a_few_files_of_which_none_is_long() -> None:
    """One digest allows the page's own script; no part of it evaluates text."""
    assert not re.search(
        r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval)\b", script()
    )


def test_a_link_names_a_node_whatever_else_there_is() -> None:
    """One more identity moves no name."""
    company = believable()
    more = replace(company.identities[0], identity="a:new", name="new")
    kinds = company.kinds | {"a:new": more.kind}
    larger = replace(company, identities=(*company.identities, more), kinds=kinds)
    before = {node["key"]: node["id"] for node in _data(render(company))["nodes"]}
    after = {node["key"]: node["id"] for node in _data(render(larger))["nodes"]}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1

"""Which nodes a selector finds: globs, words, dbt's names, lineage."""

import pytest

from nhigraph.assurance.day import Day
from nhigraph.assurance.select import Selector, pattern
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.graph.build import build
from nhigraph.ingest import fields
from nhigraph.schema import kinds as k
from nhigraph.schema.types import NodeKind, NodeState

HERE = Evidence("a", "/", "0" * 64)


@pytest.mark.parametrize(
    ("glob", "text", "matches"),
    [
        ("a*", "a", True),
        ("a*", "a/b.c:d", True),
        ("a*", "ba", False),
        ("*", "", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a?c", "abbc", False),
        ("a.c", "abc", False),
        ("a[b]c", "abc", False),
        ("a[b]c", "a[b]c", True),
        ("A", "a", False),
        ("a", "a\n", False),
        ("a*c", "a\nc", True),
        ("", "", True),
        ("", "a", False),
    ],
)
def test_a_glob_is_the_whole_text_and_only_two_signs_are_special(
    glob: str, text: str, *, matches: bool
) -> None:
    """Case counts; a dot is a dot."""
    assert bool(pattern(glob).match(text)) == matches


def facts() -> list[Fact]:
    def node(key: str, kind: NodeKind = k.DATASET, **props: object) -> Node:
        return Node(kind, key, HERE, name=key[-1], owner=f"team-{key[0]}", props=props)  # type: ignore[arg-type]

    return [
        node("d:a", tags=("ledger", "nightly")),
        node("d:b", tags="ledger;daily", labels=("eu",)),
        node("d:c", group="finance"),
        node("d:e"),
        node("m:x", k.MODEL),
        node("model:dbt:shop.orders", k.MODEL, dbt=("orders",), tags=("hourly",)),
        node("report:dbt:board_pack", k.REPORT),
        Edge(k.FEEDS, "d:a", "d:b", HERE),
        Edge(k.FILTERS, "d:b", "d:c", HERE),
        Edge(k.COMPUTES, "m:x", "d:e", HERE),
        Edge(k.CONTAINS, "d:c", "d:e", HERE),
        Edge(k.FEEDS, "d:e", "m:x", HERE, valid_until=fields.day("2026-11-22")),
    ]


@pytest.mark.parametrize(
    ("item", "found"),
    [
        ({}, ""),
        ({"key": "d:*"}, "d:a d:b d:c d:e"),
        ({"key": "d:a"}, "d:a"),
        ({"key": "d"}, ""),
        ({"kind": "Model"}, "m:x model:dbt:shop.orders"),
        ({"kind": "M*"}, "m:x model:dbt:shop.orders"),
        ({"kind": "model"}, ""),
        ({"tag": "ledger"}, "d:a d:b"),
        ({"tag": "daily"}, "d:b"),
        ({"tag": "led*"}, "d:a d:b"),
        ({"tag": "ledger;daily"}, ""),
        ({"label": "eu"}, "d:b"),
        ({"group": "finance"}, "d:c"),
        ({"owner": "team-d", "key": "d:a"}, "d:a"),
        ({"owner": "team"}, ""),
        ({"name": "a"}, "d:a"),
        ({"key": "d:*", "tag": "nightly"}, "d:a"),
        ({"kind": "Model", "tag": "ledger"}, ""),
        ({"dbt": "orders"}, "model:dbt:shop.orders"),
        ({"dbt": "ord"}, ""),
        ({"dbt": "tag:hourly"}, "model:dbt:shop.orders"),
        ({"dbt": "group:finance"}, "d:c"),
        ({"dbt": "exposure:board_pack"}, "report:dbt:board_pack"),
        ({"dbt": "exposure:bord_pack"}, ""),
        ({"dbt": "state:x"}, ""),
        ({"downstream_of": "d:a"}, "d:b d:c"),
        ({"downstream_of": "m:x"}, "d:e"),
        ({"downstream_of": "d:e"}, ""),
        ({"downstream_of": "d:[ab]"}, ""),
        ({"downstream_of": "d:*"}, "d:b d:c"),
        ({"downstream_of": "d:a", "key": "d:c"}, "d:c"),
    ],
)
def test_an_item_finds_what_meets_all_its_conditions(item: dict[str, str], found: str) -> None:
    """An empty one nothing; lineage leaves its own start out, and ends with its day."""
    graph = build(facts()).graph
    selector = Selector(graph, Day("2026-11-23"))
    assert sorted(graph.key_list[at] for at in selector.item(item)) == found.split()


@pytest.mark.parametrize("name", ["name", "owner", "tag", "label", "group"])
@pytest.mark.parametrize("glob", ["*", "**", "fin*", "*ance"])
def test_what_nobody_says_meets_no_glob(name: str, glob: str) -> None:
    """A star is any text that is there: whatever has an owner, not whatever there is."""
    props = {"tag": {"tags": ("finance",)}, "label": {"labels": ("finance",)}}
    of = {"name": ("finance", ""), "owner": ("", "finance")}.get(name, ("", ""))
    more = props.get(name, {"group": "finance"})
    said = Node(k.DATASET, "d:said", HERE, name=of[0], owner=of[1], props=more)
    graph = build([said, Node(k.DATASET, "d:not", HERE)]).graph
    found = Selector(graph, Day("2026-11-23")).item({name: glob})
    assert [graph.key_list[at] for at in found] == ["d:said"]


def test_items_add_up() -> None:
    """Any of them."""
    graph = build(facts()).graph
    both = Selector(graph, Day("2026-11-23")).matches([{"key": "d:a"}, {"key": "d:c"}, {}])
    assert sorted(graph.key_list[at] for at in both) == ["d:a", "d:c"]


def test_lineage_passes_no_node_that_is_off() -> None:
    """Nothing flows through what does not live; in a circle the start is its own follower's."""
    off = Node(k.DATASET, "d:b", HERE, state=NodeState.DISABLED)
    graph = build([*facts(), off]).graph
    lives = Selector(graph, Day("2026-11-23", include_disabled=True))
    assert len(lives.item({"downstream_of": "d:a"})) == 2
    active = Node(k.DATASET, "d:q", HERE, state=NodeState.DELETED)
    feeds = [Edge(k.FEEDS, "d:a", "d:q", HERE), Edge(k.FEEDS, "d:q", "d:e", HERE)]
    graph = build([*facts(), active, *feeds]).graph
    found = Selector(graph, Day("2026-11-23")).item({"downstream_of": "d:a"})
    assert sorted(graph.key_list[at] for at in found) == ["d:b", "d:c"]

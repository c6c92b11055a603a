"""One name, two holders: what makes them one, what tells them apart, who speaks of which."""

from itertools import permutations
from typing import Any

import pytest

from nhigraph.facts.ends import Holder, Writes
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Gate, Need, Node
from nhigraph.graph.build import build
from nhigraph.graph.holders import apart, are_one
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, GateKind, State

GL = "dataset:postgres:erp.fin.gl"
LOADER = "role:postgres:erp/loader"


def at(artifact: str, pointer: str = "/database") -> Evidence:
    return Evidence(artifact, pointer, artifact.ljust(64, "0"), "", "entitled", 1)


def holder(artifact: str, label: str = "", name: str = "postgres:erp", **proofs: str) -> Holder:
    key = f"cluster:postgres:{name.partition(':')[2]}"
    place = at(artifact)
    return Holder(key, place, names=(name,), proofs=proofs, label=label, place=artifact)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"system": "7"}, {"system": "7"}, True),
        ({"system": "7"}, {"system": "8"}, False),
        ({"system": "7", "address": "h:1"}, {"system": "7", "address": "h:2"}, True),
        ({"system": "7", "address": "h:1"}, {"system": "8", "address": "h:1"}, False),
        ({"address": "h:1", "host": "h"}, {"address": "h:1", "host": "h"}, True),
        ({"address": "h:1", "host": "h"}, {"address": "h:2", "host": "h"}, False),
        ({"address": "h:1", "host": "h"}, {"host": "h"}, True),
        ({"host": "h"}, {"host": "i"}, False),
        ({"system": "7"}, {"host": "h"}, False),
        ({}, {}, False),
    ],
)
def test_what_a_system_says_of_itself_goes_before_where_it_was_reached(
    one: dict[str, str], other: dict[str, str], *, expected: bool
) -> None:
    """Without evidence that both have, two documents speak of two."""
    first, second = holder("a", **one), holder("b", **other)
    assert are_one(first, second) is are_one(second, first) is expected


def test_a_copy_of_a_document_is_about_the_same() -> None:
    """It says nothing of its own."""
    first, copy = holder("a"), holder("b")
    copy = Holder(
        copy.at, Evidence("b", "/x", first.evidence.sha256, "", "entitled", 1), names=copy.names
    )
    assert apart([first, copy]).names == {}


@pytest.mark.parametrize(
    ("holders", "expected"),
    [
        ([holder("a", "h:1"), holder("b", "h:2")], {"a": "h:1", "b": "h:2"}),
        ([holder("a/x/e.json"), holder("a/y/e.json")], {"a/x/e.json": "a/x", "a/y/e.json": "a/y"}),
        ([holder("p/e", "h"), holder("q/e", "h")], {"p/e": "p", "q/e": "q"}),
        ([holder("p/e", "h:1"), holder("q/e")], {"p/e": "h:1", "q/e": "q"}),
    ],
    ids=["addresses", "folders", "one label for both", "one without an address"],
)
def test_qualifiers_are_addresses_or_the_shortest_places_that_differ(
    holders: list[Holder], expected: dict[str, str]
) -> None:
    """Both get one, whatever the order of the documents."""
    for order in permutations(holders):
        found = apart(order)
        told = dict(found.names["postgres:erp"])
        if "q/e" in told and told["q/e"] != "q":
            told["q/e"] = told["q/e"].partition("/")[0]
        assert told == expected
        assert len(found.lines) == len(holders)


def two_servers() -> list[Fact]:
    """Two exports of one name, and a third document that does not say which it means."""
    facts: list[Fact] = []
    for artifact, label in (("a.json", "h:1"), ("b.json", "h:2")):
        place = at(artifact)
        facts += [
            holder(artifact, label, address=label),
            Node(k.CONTAINER, "cluster:postgres:erp", place),
            Node(k.DATABASE_ROLE, LOADER, place),
            Node(k.DATASET, GL, place),
            Edge(k.CAN_WRITE, LOADER, GL, place, needs=(Need(LOADER, State.CONTROL),)),
            Gap(LOADER, "why", place),
        ]
    third = at("manifest.json", "/nodes/x")
    facts += [
        Node(k.MODEL, "model:dbt:ledger.gl", third),
        Node(k.DATASET, GL, third, props={"tags": ("ledger",)}),
        Edge(k.COMPUTES, "model:dbt:ledger.gl", GL, third, gate="acme:gate"),
        Gate("acme:gate", GateKind.REVIEW, third, approvers=(LOADER,), at=GL),
        Writes("model:dbt:ledger.gl", third, target=GL, verb="insert"),
    ]
    return facts


def lines(graph: Graph) -> set[tuple[Any, ...]]:
    keys = graph.key_list
    return {
        (row["kind"], keys[row["src"]], keys[row["dst"]], row["certainty"], row["condition"])
        for row in graph.edges.to_dict("records")
    }


def test_what_an_export_says_is_told_apart_from_what_another_one_says() -> None:
    """Its keys, and those in its needs and gaps, have its server's qualifier."""
    graph = build(two_servers()).graph
    for at_ in ("h:1", "h:2"):
        role, table = f"role:postgres[{at_}]:erp/loader", f"dataset:postgres[{at_}]:erp.fin.gl"
        assert ("CAN_WRITE", role, table, "certain", "") in lines(graph)
        assert graph.node_id(role) is not None
    assert graph.node_id(LOADER) is None
    assert graph.node_id(GL) is None
    assert {graph.key_list[node] for node in graph.gaps["node"]} == {
        f"role:postgres[{at_}]:erp/loader" for at_ in ("h:1", "h:2")
    }


def test_who_does_not_say_which_server_is_meant_speaks_of_each_on_that_condition() -> None:
    """Its edges are conditional, its nodes are both, its gates and ends name both."""
    graph = build(two_servers()).graph
    for at_ in ("h:1", "h:2"):
        table = f"dataset:postgres[{at_}]:erp.fin.gl"
        condition = f"the erp that is meant is the one at {at_}"
        edge = ("COMPUTES", "model:dbt:ledger.gl", table, Certainty.CONDITIONAL, condition)
        assert edge in lines(graph)
        node = graph.node_id(table)
        assert node is not None
        assert graph.props(node)["tags"] == ["ledger"]
    model = graph.node_id("model:dbt:ledger.gl")
    assert model is not None
    written = {end.target for end in graph.ends_at(model) if isinstance(end, Writes)}
    assert written == {f"dataset:postgres[{at_}]:erp.fin.gl" for at_ in ("h:1", "h:2")}


def test_a_record_is_counted_once_however_many_it_becomes() -> None:
    """Records read are accepted, merged or refused: as many as the document has."""
    built = build(two_servers())
    for artifact, records in (("a.json", 5), ("b.json", 5), ("manifest.json", 4)):
        tally = built.tally(artifact)
        assert tally.accepted + tally.merged + len(tally.refused) == records, artifact


def test_the_order_of_the_documents_changes_nothing() -> None:
    """Not the qualifiers, and not what has them."""
    facts = two_servers()
    one, other = build(facts).graph, build(facts[::-1]).graph
    assert one.nodes.equals(other.nodes)
    assert one.edges.equals(other.edges)
    assert one.ends.equals(other.ends)


def test_one_server_needs_no_qualifier() -> None:
    """The keys stay as people write them."""
    facts = [fact for fact in two_servers() if fact.evidence.artifact != "b.json"]
    graph = build(facts).graph
    assert {GL, LOADER} <= set(graph.key_list)
    assert all(row[3] == "certain" for row in lines(graph))

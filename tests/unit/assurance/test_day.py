"""Days are inclusive on both sides, and what is off holds nothing."""

import pytest

from nhigraph.assurance.day import Day
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.graph.build import build
from nhigraph.ingest import fields
from nhigraph.schema import kinds as k
from nhigraph.schema.types import NodeState

HERE = Evidence("a", "/", "0" * 64)
DAY = "2026-11-23"


@pytest.mark.parametrize(
    ("state", "expires", "alive"),
    [
        (None, "", True),
        (NodeState.ACTIVE, "", True),
        (NodeState.DISABLED, "", False),
        (NodeState.DELETED, "", False),
        (None, "2026-11-22", False),
        (None, "2026-11-23", True),
        (None, "2026-11-24", True),
        (NodeState.ACTIVE, "2026-11-22", False),
    ],
)
def test_a_node_lives_through_the_day_it_expires(
    state: NodeState | None, expires: str, alive: bool
) -> None:
    """And with --include-disabled, always."""
    until = fields.day(expires) if expires else None
    graph = build([Node(k.SERVICE_ACCOUNT, "a:a", HERE, state=state, expires=until)]).graph
    assert Day(DAY).alive(graph).tolist() == [alive]
    assert Day(DAY, include_disabled=True).alive(graph).tolist() == [True]


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        ("", "", True),
        ("2026-11-23", "", True),
        ("2026-11-24", "", False),
        ("", "2026-11-23", True),
        ("", "2026-11-22", False),
        ("2026-11-23", "2026-11-23", True),
        ("2026-11-01", "2026-11-22", False),
        ("2026-11-24", "2026-12-01", False),
    ],
)
def test_edges_and_gaps_hold_on_their_first_and_last_day(
    since: str, until: str, holds: bool
) -> None:
    """The day before and the day after they do not."""
    first = fields.day(since) if since else None
    last = fields.day(until) if until else None
    facts: list[Fact] = [
        Node(k.SERVICE_ACCOUNT, "a:a", HERE),
        Node(k.DATASET, "a:d", HERE),
        Edge(k.CAN_READ, "a:a", "a:d", HERE, valid_from=first, valid_until=last),
        Gap("a:a", "x", HERE, valid_from=first, valid_until=last),
    ]
    graph = build(facts).graph
    assert Day(DAY).in_force(graph).tolist() == [holds]
    assert Day(DAY).covers(graph.gaps).tolist() == [holds]
    # The flag brings back what is disabled, not what does not hold yet.
    assert Day(DAY, include_disabled=True).in_force(graph).tolist() == [holds]


@pytest.mark.parametrize("end", ["a:a", "a:d"])
def test_an_edge_needs_both_its_ends_alive(end: str) -> None:
    """Nothing starts, passes or ends where nothing lives."""
    facts: list[Fact] = [
        Node(k.SERVICE_ACCOUNT, "a:a", HERE),
        Node(k.DATASET, "a:d", HERE),
        Node(k.DATASET if end == "a:d" else k.SERVICE_ACCOUNT, end, HERE, state=NodeState.DELETED),
        Edge(k.CAN_READ, "a:a", "a:d", HERE),
    ]
    found = build(facts).graph
    alive = dict(zip(found.key_list, Day(DAY).alive(found).tolist(), strict=True))
    assert Day(DAY).in_force(found).tolist() == [all(alive.values())]

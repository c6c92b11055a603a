"""Two records of one thing add up: in any order, split in any way, any number of times."""

import random
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.graph.build import build, combine
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.types import NodeState, State

FRAMES = ("nodes", "edges", "gates", "gaps", "documents", "evidence")


def _place(number: int) -> Evidence:
    return Evidence(f"f{number % 3}.yaml", f"/n/{number}", "0" * 64)


def _same(one: Graph, other: Graph) -> None:
    for name in FRAMES:
        pd.testing.assert_frame_equal(
            getattr(one, name), getattr(other, name), check_dtype=False, obj=name
        )


def _merged(*many: dict[str, Any]) -> dict[str, Any]:
    facts = [
        Node(kinds.SERVICE_ACCOUNT, "a", _place(number), **fields)
        for number, fields in enumerate(many)
    ]
    graph = build(facts).graph
    cells = {str(name): cell for name, cell in graph.nodes.iloc[0].to_dict().items()}
    return {**cells, **graph.props(0)}


@pytest.mark.parametrize(
    ("field", "values", "expected"),
    [
        ("state", (NodeState.DISABLED, NodeState.ACTIVE), "active"),
        ("state", (NodeState.DISABLED, NodeState.DELETED), "deleted"),
        ("expires", (date(2027, 1, 1), date(2026, 1, 1)), "2027-01-01"),
        ("nhi", (False, True), "true"),
        ("owner", ("b", "a"), "a;b"),
        ("rotated", ("2026-01-01", "2025-01-01"), "2025-01-01"),
        ("created", ("2026-01-01", "2025-01-01"), "2025-01-01"),
        ("required_reviews", (2, 0), 0),
        ("used_by", (2, 10), 10),
        ("rights_granted", (9, 10), 10),
        ("exposed", (False, True), True),
        ("environment", ("sandbox", "prod"), ["prod", "sandbox"]),
        ("last_used", ("2026-01-01", "2025-01-01"), "2026-01-01"),
        ("owner_status", ("active", "left"), "left"),
        ("owner_status", ("none", "left"), "none"),
        ("trust_subject", ("missing", "exact"), "missing"),
        ("vendor_assessed", ("2026-01-01", "2025-01-01"), "2025-01-01"),
        ("vendor", ("b", "a"), ["a", "b"]),
        ("login", (True, False), True),
        ("superuser", (False, True), True),
        ("archived", (True, False), False),
        ("rotated", ("2026-01-01", "soon"), "2026-01-01"),
        ("used_by", ("many", 2), 2),
        ("nobody_declared_it", ("b", "a"), ["a", "b"]),
        ("nobody_declared_it", (True, False), ["false", "true"]),
        ("nobody_declared_it", ("b", ("a", "c")), ["a", "b", "c"]),
        ("tags", (("x",), ("y",)), ["x", "y"]),
    ],
)
def test_a_conflict_has_one_rule_per_field(
    field: str, values: tuple[Any, Any], expected: object
) -> None:
    """FORMATS, facts/1: what wins, whichever record comes first; absent says nothing."""
    own = field in {"state", "expires", "nhi", "owner"}
    records = [{field: v} if own else {"props": {field: v}} for v in values]
    for order in (records, records[::-1], [*records, {}], [records[0], *records]):
        assert _merged(*order)[field] == expected


def test_a_conflict_is_one_coverage_line() -> None:
    facts = [Node(kinds.DATASET, "a", _place(n), owner=o) for n, o in enumerate(("x", "y"))]
    lines = [line for tally in build(facts).tallies.values() for line in tally.conflicts]
    assert len(lines) == 1
    assert lines[0][1] == "a: records disagree on owner: x;y stands"


def test_a_conflict_tells_no_value_that_may_be_secret() -> None:
    """Columns, days, counts and answers are told; of any other property its name."""
    told = {"used_by": (2, 10), "rotated": ("2026-01-01", "2025-01-01"), "exposed": (False, True)}
    kept = {"database": ("secret-1", "secret-2"), "pin": (1, 2), "created": ("secret", "x")}
    both: dict[str, tuple[Any, Any]] = {**told, **kept}
    facts = [
        Node(kinds.DATASET, "a", _place(n), props={name: v[n] for name, v in both.items()})
        for n in range(2)
    ]
    (line,) = [reason for tally in build(facts).tallies.values() for _, reason in tally.conflicts]
    named = "created; database; exposed: True stands; pin; rotated: 2025-01-01 stands"
    assert line == f"a: records disagree on {named}; used_by: 10 stands"


def test_a_dangling_edge_is_refused_and_leaves_a_gap_where_it_starts() -> None:
    node = Node(kinds.SERVICE_ACCOUNT, "a", _place(0))
    known = Edge(kinds.CAN_WRITE, "a", "nowhere", _place(1), valid_until=date(2026, 1, 1))
    unknown = Edge(kinds.CAN_WRITE, "nobody", "a", _place(2))
    built = build([node, known, unknown])
    assert sum(len(tally.refused) for tally in built.tallies.values()) == 2
    (gap,) = built.graph.gaps.to_dict("records")
    assert (gap["node"], gap["states"], gap["valid_until"]) == (0, "CONTROL", "2026-01-01")


KEYS = st.sampled_from(["a", "b", "c", "d"])


@st.composite
def _facts(draw: st.DrawFn) -> list[Fact]:
    facts: list[Fact] = []
    for number in range(draw(st.integers(1, 12))):
        place = _place(draw(st.integers(0, 5)) * 10 + number)
        which = draw(st.sampled_from(["node", "node", "edge", "gap"]))
        if which == "node":
            facts.append(
                Node(
                    draw(st.sampled_from([kinds.DATASET, kinds.SERVICE_ACCOUNT])),
                    draw(KEYS),
                    place,
                    owner=draw(st.sampled_from([None, "x", "y"])),
                    state=draw(st.sampled_from([None, *NodeState])),
                    props=draw(
                        st.dictionaries(
                            st.sampled_from(["used_by", "required_reviews"]),
                            st.integers(0, 12),
                        )
                    ),
                )
            )
        elif which == "edge":
            kind = draw(st.sampled_from([kinds.CAN_WRITE, kinds.FEEDS]))
            action = draw(st.sampled_from([None, "post"]))
            facts.append(Edge(kind, draw(KEYS), draw(KEYS), place, action=action))
        else:
            facts.append(Gap(draw(KEYS), "why", place, (State.CONTROL,)))
    return facts


@settings(max_examples=25, deadline=None)
@given(_facts(), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(facts: list[Fact], rng: random.Random) -> None:
    once = build(facts).graph
    shuffled = list(facts)
    rng.shuffle(shuffled)
    _same(build(shuffled).graph, once)
    _same(build([*shuffled, *facts]).graph, once)


@settings(max_examples=25, deadline=None)
@given(_facts())
def test_every_record_is_accepted_merged_or_refused(facts: list[Fact]) -> None:
    tallies = build(facts).tallies.values()
    counted = sum(t.accepted + t.merged + len(t.refused) for t in tallies)
    assert counted == len(facts)


@settings(max_examples=20, deadline=None)
@given(_facts(), _facts(), _facts())
def test_combining_is_commutative_associative_and_idempotent(
    one: list[Fact], two: list[Fact], three: list[Fact]
) -> None:
    a, b, c = (build(facts).graph for facts in (one, two, three))
    _same(combine(a, b), combine(b, a))
    _same(combine(combine(a, b), c), combine(a, combine(b, c)))
    _same(combine(a, a), a)

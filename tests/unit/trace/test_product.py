"""The automaton, move by move: what one line of a graph gives, and in which closures."""

import numpy as np
import pytest

from nhigraph.trace.product import Closure, Product
from tests.unit.trace.walked import walked

#: What is said, lines, node asked about, states held there in every closure.
CASES = [
    ("who may write alters", ["bot:a CAN_WRITE data:d"], "data:d", "ALTER"),
    ("who may delete makes missing and stops", ["bot:a CAN_DELETE data:d"], "data:d", "OMIT+HALT"),
    ("who may read learns", ["bot:a CAN_READ data:d"], "data:d", "READ"),
    ("who may stop stops", ["bot:a CAN_STOP bot:b"], "bot:b", "HALT"),
    ("who becomes acts", ["bot:a CAN_ASSUME bot:b"], "bot:b", "CONTROL"),
    (
        "who administers holds everything",
        ["bot:a CAN_ADMINISTER data:d"],
        "data:d",
        "CONTROL+ALTER+OMIT+READ+HALT",
    ),
    ("who changes an actor is it", ["bot:a CAN_WRITE bot:b"], "bot:b", "CONTROL+ALTER"),
    ("who changes a credential is not whom it names", ["bot:a CAN_WRITE key:k"], "key:k", "ALTER"),
    (
        "a credential that is changed opens nothing",
        ["bot:a CAN_WRITE key:k", "key:k AUTHENTICATES_AS bot:b"],
        "bot:b",
        "",
    ),
    (
        "a credential that is read does",
        ["bot:a CAN_READ key:k", "key:k AUTHENTICATES_AS bot:b"],
        "bot:b",
        "CONTROL",
    ),
    (
        "control counts as everything at an assurance node",
        ["bot:a CAN_ADMINISTER data:d", "data:d SUPPORTS fin:x"],
        "fin:x",
        "CONTROL+ALTER+OMIT+READ+HALT",
    ),
    (
        "support hands on what is held and no more",
        ["bot:a CAN_READ data:d", "data:d SUPPORTS fin:x"],
        "fin:x",
        "READ",
    ),
    (
        "what is fed changes with its source",
        ["bot:a CAN_WRITE data:s", "data:s FEEDS data:d"],
        "data:d",
        "ALTER",
    ),
    (
        "what is filtered by a changed source lacks rows",
        ["bot:a CAN_WRITE data:s", "data:s FILTERS data:d"],
        "data:d",
        "OMIT",
    ),
    (
        "logic that is changed changes and drops what it computes",
        ["bot:a CAN_WRITE logic:m", "logic:m COMPUTES data:d"],
        "data:d",
        "ALTER+OMIT",
    ),
    (
        "code that is changed is what runs it",
        ["bot:a CAN_WRITE code:r", "code:r EXECUTES bot:b"],
        "bot:b",
        "CONTROL",
    ),
    (
        "what depends on a thing that is changed stops",
        ["bot:a CAN_WRITE key:k", "key:k DEPENDS_ON bot:b"],
        "bot:b",
        "HALT",
    ),
    (
        "what contains hands everything on",
        ["bot:a CAN_WRITE box:s", "box:s CONTAINS data:d"],
        "data:d",
        "ALTER",
    ),
    ("nothing flows against a right", ["bot:b CAN_WRITE bot:a"], "bot:b", ""),
]


@pytest.mark.parametrize(
    ("lines", "node", "states"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_every_closure_holds_what_one_certain_ungated_line_gives(
    lines: list[str], node: str, states: str, engine: str
) -> None:
    # The walker itself is always there, whatever the lines say.
    found = walked([*lines, "bot:a CAN_READ data:own"], "bot:a")
    assert {found.held(closure, node) for closure in Closure} == {states}, engine


SPLIT = [
    (
        "a condition counts in may alone, of certain things",
        ["bot:a CAN_WRITE data:d conditional"],
        {},
        ("ALTER", "", "ALTER", "ALTER"),
    ),
    (
        "a gate that holds is never passed",
        ["bot:a CAN_WRITE data:d gate=g"],
        {"g": "holds"},
        ("ALTER", "ALTER", "", ""),
    ),
    (
        "a gate that is unknown may be passed",
        ["bot:a CAN_WRITE data:d gate=g"],
        {"g": "unknown"},
        ("ALTER", "ALTER", "", "ALTER"),
    ),
    (
        "a gate that fails is no gate",
        ["bot:a CAN_WRITE data:d gate=g"],
        {"g": "fails"},
        ("ALTER", "ALTER", "ALTER", "ALTER"),
    ),
    (
        "who defeats a gate passes it",
        ["bot:a CAN_WRITE data:d gate=g", "bot:a CAN_ASSUME user:u"],
        {"g": "holds CONTROL@user:u"},
        ("ALTER", "ALTER", "ALTER", "ALTER"),
    ),
    (
        "who defeats it only past an unknown gate may pass it",
        ["bot:a CAN_WRITE data:d gate=g", "bot:a CAN_ASSUME user:u gate=h"],
        {"g": "holds CONTROL@user:u", "h": "unknown"},
        ("ALTER", "ALTER", "", "ALTER"),
    ),
    (
        "who only reads what defeats it does not",
        ["bot:a CAN_WRITE data:d gate=g", "bot:a CAN_READ data:log"],
        {"g": "holds ALTER@data:log"},
        ("ALTER", "ALTER", "", ""),
    ),
    (
        "a need that is held lets the edge fire",
        ["bot:a CAN_WRITE data:d needs=CONTROL@grant:g", "bot:a HOLDS grant:g"],
        {},
        ("ALTER", "ALTER", "ALTER", "ALTER"),
    ),
    (
        "a need that is held by others does not",
        ["bot:a CAN_WRITE data:d needs=CONTROL@grant:g", "bot:b HOLDS grant:g"],
        {},
        ("", "", "", ""),
    ),
    (
        "of two needs both are needed",
        ["bot:a CAN_WRITE data:d needs=CONTROL@grant:g+READ@key:k", "bot:a HOLDS grant:g"],
        {},
        ("", "", "", ""),
    ),
    (
        "a need that is held under a condition is not held certainly",
        ["bot:a CAN_WRITE data:d needs=CONTROL@grant:g", "bot:a HOLDS grant:g conditional"],
        {},
        ("ALTER", "", "ALTER", "ALTER"),
    ),
    (
        "a need past a gate is not held openly",
        ["bot:a CAN_WRITE data:d needs=CONTROL@grant:g", "bot:a HOLDS grant:g gate=x"],
        {"x": "holds"},
        ("ALTER", "ALTER", "", ""),
    ),
    (
        "reading a copy reads its source",
        ["data:d FEEDS data:c copy", "bot:a CAN_READ data:c"],
        {},
        ("READ", "READ", "READ", "READ"),
    ),
    (
        "reading what was made of it may read it",
        ["data:d FEEDS data:c other", "bot:a CAN_READ data:c"],
        {},
        ("READ", "", "READ", "READ"),
    ),
    (
        "reading what was masked reads nothing of it",
        ["data:d FEEDS data:c masked", "bot:a CAN_READ data:c"],
        {},
        ("", "", "", ""),
    ),
    (
        "another way around a gate is open",
        ["bot:a CAN_WRITE data:d gate=g", "bot:a CAN_ASSUME bot:b", "bot:b CAN_WRITE data:d"],
        {"g": "holds"},
        ("ALTER", "ALTER", "ALTER", "ALTER"),
    ),
]


@pytest.mark.parametrize(
    ("lines", "gates", "states"), [case[1:] for case in SPLIT], ids=[case[0] for case in SPLIT]
)
def test_the_four_closures_differ_where_conditions_gates_and_needs_say(
    lines: list[str], gates: dict[str, str], states: tuple[str, ...], engine: str
) -> None:
    found = walked([*lines, "bot:a CAN_READ data:own"], "bot:a", gates=gates)
    assert tuple(found.held(closure, "data:d") for closure in Closure) == states, engine


@pytest.mark.parametrize("dead", ["bot:b", "data:d"])
def test_nothing_passes_or_ends_at_a_dead_node(dead: str) -> None:
    lines = ["bot:a CAN_ASSUME bot:b", "bot:b CAN_WRITE data:d"]
    found = walked(lines, "bot:a", alive={dead: False})
    assert found.held(Closure.MAY, "data:d") == ""


def _clauses(product: Product) -> set[tuple[int, int]]:
    return set(zip(product.src.tolist(), product.dst.tolist(), strict=True))


def test_what_leads_to_a_goal_keeps_ways_through_needs_and_gates_and_nothing_else() -> None:
    lines = [
        "bot:a CAN_WRITE data:d needs=READ@key:k gate=g",
        "bot:a CAN_READ key:k",
        "bot:a CAN_ASSUME user:u",
        "bot:a CAN_WRITE data:other",
    ]
    found = walked(lines, "bot:a", gates={"g": "holds CONTROL@user:u"})
    goals = found.product.leading_to(_ids(found.state("ALTER@data:d")))
    ends = {end for _, end in _clauses(goals)}
    for kept in ("ALTER@data:d", "READ@key:k", "CONTROL@user:u"):
        assert found.state(kept) in ends
    assert found.state("ALTER@data:other") not in ends


def _ids(*states: int) -> "np.typing.NDArray[np.int64]":
    return np.array(states, dtype=np.int64)

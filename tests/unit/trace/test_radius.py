"""A radius counts nodes once, by state and by family; its sketch keeps to the error it states."""

import numpy as np
import pytest

from nhigraph.graph.store import Graph
from nhigraph.schema.types import State
from nhigraph.trace import dag_kernels, radius_kernels
from nhigraph.trace.holders import Starts
from nhigraph.trace.horn import taken_apart
from nhigraph.trace.product import Closure
from nhigraph.trace.radius import radius
from tests.unit.trace.walked import Walked, walked

#: A need that is met on a second round, a circle, and a node held in two states.
LINES = [
    "bot:a CAN_ASSUME bot:b",
    "bot:b CAN_ASSUME bot:a",
    "bot:b CAN_READ key:k",
    "bot:b CAN_WRITE data:d needs=READ@key:k",
    "bot:b CAN_READ data:d",
    "data:d FEEDS data:e masked",
    "bot:z CAN_WRITE data:e needs=READ@key:k",
]


def _starts(found: Walked, *walkers: str) -> Starts:
    return Starts.of([[found.state(f"CONTROL@{key}")] for key in walkers])


def _family(graph: Graph) -> "np.typing.NDArray[np.int64]":
    return np.array([0 if key.startswith("bot:") else 1 for key in graph.key_list])


def test_nodes_are_counted_once_by_state_and_by_family() -> None:
    found = walked(LINES, "bot:a", "bot:z")
    horn = taken_apart(found.product.in_closure(Closure.MAY))
    counted = radius(horn, _starts(found, "bot:a", "bot:z"), _family(found.graph))
    whole, bots, rest = counted.counts[counted.which[0]]
    assert counted.error == 0
    assert whole[0] == 5, "two bots, the key and both tables"
    assert bots.tolist() == [2, 2, 0, 0, 0, 0]
    assert rest[0] == 3
    assert rest[1 + State.READ] == 2, "the key and one table: what is masked is not read"
    assert rest[1 + State.ALTER] == 2
    assert counted.whole().tolist() == [5, 1], "bot:z knows no key"


@pytest.mark.parametrize("compiled", [False, True])
def test_a_sketch_is_as_near_as_it_says(compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if compiled:
        monkeypatch.setattr(dag_kernels, "COMPILE_FROM", 0)
        monkeypatch.setattr(radius_kernels, "COMPILE_FROM", 0)
    lines = [f"bot:b{at // 40:02} CAN_WRITE data:d{at:03}" for at in range(400)]
    lines += [f"bot:b{at:02} CAN_ASSUME bot:b{at - 1:02}" for at in range(1, 10)]
    lines += ["bot:b00 CAN_WRITE data:x needs=CONTROL@bot:b09"]
    walkers = [f"bot:b{at:02}" for at in range(10)]
    found = walked(lines, *walkers)
    horn = taken_apart(found.product.in_closure(Closure.MAY))
    starts, family = _starts(found, *walkers), _family(found.graph)
    exact = radius(horn, starts, family, exact=True)
    sketched = radius(horn, starts, family, exact=False, registers=1024)
    assert exact.whole().tolist() == [*(41 * (at + 1) for at in range(9)), 411]
    assert sketched.error == pytest.approx(0.0325)
    known = ~np.isnan(sketched.counts)
    assert known.sum() == len(sketched.counts) * (1 + 2 + 5), "no pair of family and state"
    near = np.abs(sketched.counts[known] - exact.counts[known])
    assert (near <= 4 * sketched.error * exact.counts[known] + 1e-6).all()


def test_what_is_estimated_and_what_counted_turns_on_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = walked(LINES, "bot:a")
    horn = taken_apart(found.product.in_closure(Closure.MAY))
    starts, family = _starts(found, "bot:a"), _family(found.graph)
    monkeypatch.setattr("nhigraph.trace.radius.SKETCH_FROM", 0)
    assert radius(horn, starts, family).error > 0
    assert radius(horn, starts, family, exact=True).error == 0

"""Whatever a state rests on is settled before it, by either way of ordering."""

import random

import numpy as np
import pytest

from nhigraph.graph.store import Ints
from nhigraph.trace import order, searches
from nhigraph.trace.sets import AnyInts
from tests.unit.trace.walked import walked

CASES = {
    "a chain": ["bot:c CAN_ASSUME bot:b", "bot:b CAN_ASSUME bot:a", "bot:a CAN_WRITE data:d"],
    "a circle": ["bot:a CAN_ASSUME bot:b", "bot:b CAN_ASSUME bot:a", "bot:b CAN_WRITE data:d"],
    "a need": ["bot:a CAN_WRITE data:d needs=READ@key:k", "bot:a CAN_READ key:k"],
    "two circles": [
        "bot:a CAN_ASSUME bot:b",
        "bot:b CAN_ASSUME bot:a",
        "bot:b CAN_ASSUME bot:c",
        "bot:c CAN_ASSUME bot:e",
        "bot:e CAN_ASSUME bot:c",
    ],
}


def _checked(lines: list[str]) -> None:
    product = walked(lines, "bot:a").product
    found = order.settle(product)
    place = {state: at for at, state in enumerate(found.states.tolist())}
    source, target, clause = product.arcs()
    for before, after in zip(source.tolist(), target.tolist(), strict=True):
        if found.component[before] != found.component[after]:
            assert place[before] < place[after]
    together = [found.component[state] for state in found.states.tolist()]
    assert len(set(together)) == sum(
        1 for at, one in enumerate(together) if at == 0 or together[at - 1] != one
    ), "states of one component stand together"
    fed: dict[int, set[int]] = {}
    for state, number in zip(source.tolist(), clause.tolist(), strict=True):
        fed.setdefault(state, set()).add(number)
    for state in place:
        outgoing = found.out_idx[found.out_ptr[state] : found.out_ptr[state + 1]].tolist()
        assert set(outgoing) == fed.get(state, set())
        assert len(outgoing) == len(set(outgoing)) or state not in fed


@pytest.mark.parametrize("lines", CASES.values(), ids=CASES.keys())
def test_what_a_state_rests_on_comes_before_it(lines: list[str]) -> None:
    _checked(lines)


def test_the_order_holds_however_components_are_numbered(monkeypatch: pytest.MonkeyPatch) -> None:
    """scipy numbers a component after all it leads to, and does not promise to."""

    def shuffled(count: int, source: AnyInts, target: AnyInts) -> Ints:
        labels = searches.components(count, source, target)
        return np.random.default_rng(7).permutation(int(labels.max()) + 1)[labels]

    monkeypatch.setattr(order, "components", shuffled)
    for lines in CASES.values():
        _checked(lines)


def test_the_order_holds_on_tangles() -> None:
    bots = [f"bot:{letter}" for letter in "abcdefg"]
    for seed in range(20):
        rng = random.Random(seed)
        pairs = [rng.sample(bots, 2) for _ in range(12)]
        _checked(["bot:a CAN_READ data:d", *(f"{one} CAN_ASSUME {other}" for one, other in pairs)])

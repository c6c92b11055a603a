"""A product over fewer nodes: the same clauses, and states keep their place at their node."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nhigraph.schema.types import State
from nhigraph.trace.fewer import Fewer
from nhigraph.trace.product import STATES, GateSpec, Product

NODES = 12
GATES = 2
SIZE = NODES * STATES + 2 * GATES + 1


@st.composite
def products(draw: st.DrawFn) -> Product:
    """Clauses between states of nodes, gates and the one that nobody holds."""
    state = st.integers(0, SIZE - 1)
    clauses = draw(st.lists(st.tuples(state, state, st.lists(state, max_size=2)), max_size=8))
    needs = [need for *_, some in clauses for need in some]
    none = np.full(len(clauses), -1)
    return Product(
        SIZE,
        NODES,
        np.array([src for src, _, _ in clauses], dtype=np.int64),
        np.array([dst for _, dst, _ in clauses], dtype=np.int64),
        none,
        none == -1,
        none,
        np.cumsum([0, *(len(some) for *_, some in clauses)]),
        np.array(needs, dtype=np.int64),
        [
            GateSpec("a", fails=False, unknown=False, defeats=(draw(state),)),
            GateSpec("b", False, True),
        ],
    )


def spelled(product: Product, state: int) -> tuple[str, int]:
    """A state by what it is, whatever its number: its place among nodes is not told."""
    if state < product.nodes * STATES:
        return "node", state % STATES
    return "gate or never", state - product.nodes * STATES


@given(products(), st.sets(st.integers(0, NODES - 1), max_size=3))
def test_clauses_say_the_same_of_the_nodes_that_are_left(product: Product, more: set[int]) -> None:
    fewer = Fewer.of(product, more)
    left = fewer.product(product)
    spoken = np.concatenate([product.src, product.dst, product.need_idx])
    of_nodes = {state // STATES for state in spoken.tolist() if state < NODES * STATES}
    assert [node for node in range(NODES) if fewer.number[node] >= 0] == sorted(of_nodes | more)
    assert left.nodes == fewer.many == len(of_nodes | more)
    back = {int(fewer.number[node]): node for node in range(NODES)}
    for was, now in (
        (product.src, left.src),
        (product.dst, left.dst),
        (product.need_idx, left.need_idx),
    ):
        for old, new in zip(was.tolist(), now.tolist(), strict=True):
            assert spelled(product, old) == spelled(left, new)
            if old < NODES * STATES:
                assert back[new // STATES] == old // STATES
    assert left.never == left.size - 1
    assert int(fewer.states(np.array([product.never]))[0]) == left.never
    for gate in range(GATES):
        assert int(fewer.states(np.array([product.gate_state(gate)]))[0]) == left.gate_state(gate)


@given(products())
def test_states_of_nodes_that_are_gone_have_no_number(product: Product) -> None:
    fewer = Fewer.of(product, ())
    states = [node * STATES + state for node in range(NODES) for state in State]
    found = fewer.states(np.array(states))
    gone = [fewer.number[state // STATES] < 0 for state in states]
    assert [number < 0 for number in found.tolist()] == gone
    assert fewer.left(states) == found[found >= 0].tolist()

"""Which walkers hold something at a place in *may*: the same for many places and many walkers.

Nobody's way is asked for, and nobody's flags. On a large graph the places are the lanes, so that
all walkers are answered at once; a small one is walked forwards.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import compile_gates
from nhigraph.assurance.walk import Ground, living, start_states
from nhigraph.graph.store import Ints
from nhigraph.schema.types import State
from nhigraph.trace import kernels
from nhigraph.trace.holders import Starts, holders
from nhigraph.trace.lanes import bits
from nhigraph.trace.product import Closure, compile_product, state_id

#: A node and states, any of which counts there.
Place = tuple[int, tuple[State, ...]]
#: From this many edges on the question is turned round.
TURN_FROM = 20_000


def reached(estate: Estate, walkers: Sequence[int], places: Sequence[Place]) -> Iterator[Ints]:
    """Place by place, who holds any of the states there.

    Args:
        estate: What is judged.
        walkers: Node ids.
        places: Nodes and states.

    Yields:
        Per place, which of the walkers, by their numbers, ascending.
    """
    if not places or not walkers:
        yield from (np.zeros(0, dtype=np.int64) for _ in places)
    elif len(estate.graph.edges) < TURN_FROM or not kernels.available():
        yield from _walked(estate, walkers, places)
    else:
        yield from _turned(estate, walkers, places)


def population_reaches_a_gap(estate: Estate) -> bool:
    """Whether some living identity reaches a gap of the day."""
    return any(map(len, reached(estate, living(estate), estate.open_gaps)))


def _walked(estate: Estate, walkers: Sequence[int], places: Sequence[Place]) -> Iterator[Ints]:
    ground = Ground(estate, sorted({node for node, _ in places}), len(walkers))
    found = [0] * len(places)
    before = 0
    for walk in ground.walks(walkers, (Closure.MAY,)):
        may = walk.reach[Closure.MAY]
        for number, (node, states) in enumerate(places):
            for state in states:
                found[number] |= may.lanes(state_id(node, state)) << before
        before += len(walk.walkers)
    yield from (np.fromiter(bits(lanes), dtype=np.int64) for lanes in found)


def _turned(estate: Estate, walkers: Sequence[int], places: Sequence[Place]) -> Iterator[Ints]:
    gates = compile_gates(estate)
    product = compile_product(estate.graph, gates.masks, gates.specs)
    starts = Starts.of([start_states(estate, walker) for walker in walkers])
    probes = [state_id(node, state) for node, states in places for state in states]
    found = holders(product.in_closure(Closure.MAY), starts, probes)
    first = 0
    for _, states in places:
        held = np.zeros(len(walkers), dtype=bool)
        for number in range(first, first + len(states)):
            held |= found.of(number)
        first += len(states)
        yield np.flatnonzero(held)

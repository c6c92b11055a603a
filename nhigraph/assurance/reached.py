"""Which walkers hold something at a place in *may*: the same for many places and many walkers.

Nobody's way is asked for, and nobody's flags. On a large graph the places are the lanes, so that
all walkers are answered at once; a small one is walked forwards.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import Gates, compile_gates
from nhigraph.assurance.walk import Ground, living, start_states
from nhigraph.graph.store import Ints
from nhigraph.schema.types import State
from nhigraph.trace import kernels
from nhigraph.trace.holders import Holders, Starts, holders_of_any
from nhigraph.trace.lanes import bits
from nhigraph.trace.product import STATES, Closure, may_reading

#: A node and states, any of which counts there.
Place = tuple[int, tuple[State, ...]]
#: From this many edges on the question is turned round.
TURN_FROM = 20_000


def reached(estate: Estate, walkers: Sequence[int], places: Sequence[Place]) -> Iterator[Ints]:
    """Place by place, who holds any of the states there; see ``reached_any``."""
    yield from reached_any(estate, walkers, [(place,) for place in places])


def reached_any(
    estate: Estate,
    walkers: Sequence[int],
    places: Sequence[Sequence[Place]],
    gates: Gates | None = None,
) -> Iterator[Ints]:
    """Group by group, who holds something at any of its places.

    Args:
        estate: What is judged.
        walkers: Node ids.
        places: Groups of nodes and states.
        gates: Those of the estate, where they are compiled.

    Yields:
        Per group, which of the walkers, by their numbers, ascending.
    """
    if not places or not walkers:
        yield from (np.zeros(0, dtype=np.int64) for _ in places)
    elif _turns(estate):
        yield from _turned(estate, walkers, places, gates)
    else:
        yield from _walked(estate, walkers, places)


def first_and_count(
    estate: Estate,
    walkers: Sequence[int],
    places: Sequence[Sequence[Place]],
    most: int | None,
    gates: Gates | None = None,
) -> Iterator[tuple[Ints, int]]:
    """As ``reached_any``, the first of the walkers and how many they are.

    Args:
        estate: What is judged.
        walkers: Node ids.
        places: Groups of nodes and states.
        most: How many of a group are named at most; None for all.
        gates: Those of the estate, where they are compiled.
    """
    if most is not None and places and walkers and _turns(estate):
        yield from _holders(estate, walkers, places, gates).first(most)
        return
    for who in reached_any(estate, walkers, places, gates):
        yield who[:most], len(who)


def _turns(estate: Estate) -> bool:
    return len(estate.graph.edges) >= TURN_FROM and kernels.available()


def population_reaches_a_gap(estate: Estate) -> bool:
    """Whether some living identity reaches a gap of the day."""
    return any(map(len, reached(estate, living(estate), estate.open_gaps)))


def _walked(
    estate: Estate, walkers: Sequence[int], places: Sequence[Sequence[Place]]
) -> Iterator[Ints]:
    asked = {node for group in places for node, _ in group}
    ground = Ground(estate, sorted(asked), len(walkers))
    states = [_states(group) for group in places]
    found = [0] * len(places)
    before = 0
    for walk in ground.walks(walkers, (Closure.MAY,)):
        may = walk.reach[Closure.MAY]
        for number, many in enumerate(states):
            for state in many:
                found[number] |= may.lanes(state) << before
        before += len(walk.walkers)
    yield from (np.fromiter(bits(lanes), dtype=np.int64) for lanes in found)


def _turned(
    estate: Estate,
    walkers: Sequence[int],
    places: Sequence[Sequence[Place]],
    gates: Gates | None = None,
) -> Iterator[Ints]:
    yield from _holders(estate, walkers, places, gates).each()


def _holders(
    estate: Estate,
    walkers: Sequence[int],
    places: Sequence[Sequence[Place]],
    gates: Gates | None,
) -> Holders:
    """Who holds any state of each group, asked from the groups on."""
    gates = gates or compile_gates(estate)
    reading = may_reading(estate.graph, gates.masks, gates.specs)
    starts = Starts.of([start_states(estate, walker) for walker in walkers])
    groups = [_states(group) for group in places]
    return holders_of_any(reading, starts, groups)


def _states(places: Sequence[Place]) -> list[int]:
    """Their states of the product."""
    return [node * STATES + state for node, states in places for state in states]

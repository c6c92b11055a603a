"""Which walkers hold something at a place in *may*: the same for many places and many walkers.

Nobody's way is asked for, and nobody's flags. On a large graph the places are the lanes, so that
all walkers are answered at once; a small one is walked forwards.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import Gates, compile_gates
from nhigraph.assurance.walk import Ground, living, start_states
from nhigraph.graph.store import Ints
from nhigraph.schema.types import State
from nhigraph.trace import counted, kernels
from nhigraph.trace.holders import Holders, Starts, held_in_groups
from nhigraph.trace.horn import Horn, taken_apart
from nhigraph.trace.lanes import Reach, bits
from nhigraph.trace.product import STATES, Closure, may_reading, state_id

T = TypeVar("T")
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
    groups: Sequence[Sequence[int]],
    states: Sequence[State],
    most: int | None,
    gates: Gates | None = None,
) -> Iterator[tuple[Ints, int]]:
    """Group by group, the first of the walkers who hold something at a node, and how many do.

    Args:
        estate: What is judged.
        walkers: Node ids.
        groups: Node ids, group by group.
        states: Any of these counts.
        most: How many of a group are named at most; None for all.
        gates: Those of the estate, where they are compiled.
    """
    if most is None or not groups or not walkers or not _turns(estate):
        places = [[(node, tuple(states)) for node in group] for group in groups]
        for who in reached_any(estate, walkers, places, gates):
            yield who[:most], len(who)
        return
    sizes = [len(group) for group in groups]
    nodes = np.fromiter(chain.from_iterable(groups), dtype=np.int64, count=sum(sizes))
    asked = (nodes[:, None] * STATES + np.array(states)).ravel()
    group = np.repeat(np.arange(len(groups)), np.array(sizes) * len(states))
    reading, starts = _asked(estate, walkers, gates)
    yield from counted.first_and_count(reading, starts, (asked, group, len(groups)), most)


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
    horn, starts = _asked(estate, walkers, gates)
    groups = [_states(group) for group in places]
    sizes = [len(group) for group in groups]
    states = np.fromiter(chain.from_iterable(groups), dtype=np.int64, count=sum(sizes))
    group = np.repeat(np.arange(len(groups)), sizes)
    return held_in_groups(horn, starts, states, group, len(groups))


def _asked(estate: Estate, walkers: Sequence[int], gates: Gates | None) -> tuple[Horn, Starts]:
    """What everybody may do, and where walkers start."""
    gates = gates or compile_gates(estate)
    reading = may_reading(estate.graph, gates.masks, gates.specs)
    starts = Starts.of([start_states(estate, walker) for walker in walkers])
    return taken_apart(reading), starts


def _states(places: Sequence[Place]) -> list[int]:
    """Their states of the product."""
    return [node * STATES + state for node, states in places for state in states]


def reached_rows(
    may: Reach, places: Mapping[Place, Collection[T]]
) -> Iterator[tuple[int, frozenset[T]]]:
    """Per lane that reaches some of many places, what stands at those it reaches.

    Args:
        may: What the lanes hold in *may*.
        places: Nodes and states, any of which counts, to what stands there.
    """
    found: dict[int, set[T]] = {}
    for (node, states), there in places.items():
        held = 0
        for state in states:
            held |= may.lanes(state_id(node, state))
        for lane in bits(held):
            found.setdefault(lane, set()).update(there)
    yield from ((lane, frozenset(many)) for lane, many in sorted(found.items()))

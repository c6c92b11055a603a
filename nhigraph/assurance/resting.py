"""Which gates lie on an identity's ways to a target: what its row rests on.

A gate is on a way if some fired move that it stands before is, with what satisfies needs and what
defeats gates. That is one flag more for every gate; gates that no lane passes together share one.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.schema.types import State
from nhigraph.trace.engine import Carried, Engine
from nhigraph.trace.lanes import WORD, Reach, Words, bits
from nhigraph.trace.product import Bools, Product, state_id

_STATES = len(State)


@dataclass(frozen=True, slots=True)
class _Shared:
    """One flag of several gates.

    Attributes:
        gate: Gate by lane.
        ends: Lanes that carry the flag, one row of words per end.
    """

    gate: dict[int, int]
    ends: Words


class Gated(Protocol):
    """Gates on the ways of some lanes."""

    def among(self, lanes: Ints, ends: Ints) -> Iterator[tuple[int, Ints]]:
        """Gates on some way of one of some lanes to its end node.

        Args:
            lanes: Lanes, one each a pair.
            ends: Node ids of targets, one each a pair.

        Returns:
            Gates by number, each with the places of such pairs; a gate may come more than once.
        """


@dataclass(frozen=True, slots=True)
class OnWays:
    """Gates on the ways of a block of lanes.

    Attributes:
        place: End node to its row.
        shared: Flags, each of several gates.
    """

    place: dict[int, int]
    shared: tuple[_Shared, ...]

    def among(self, lanes: Ints, ends: Ints) -> Iterator[tuple[int, Ints]]:
        """Gates on some way of one of some lanes to its end node; see ``Gated``."""
        if not self.shared:
            return
        rows = np.array([self.place[end] for end in ends.tolist()], dtype=np.int64)
        bit = (lanes % WORD).astype(np.uint64)
        for flag in self.shared:
            of = np.full(flag.ends.shape[1] * WORD, -1)
            of[[*flag.gate]] = [*flag.gate.values()]
            carried = flag.ends[rows, lanes // WORD] >> bit & np.uint64(1)
            gate = np.where(carried == 1, of[lanes], -1)
            yield from by_gate(gate, np.arange(len(lanes)))


def by_gate(gates: Ints, places: Ints) -> Iterator[tuple[int, Ints]]:
    """Places by the gate that each has; -1 for none."""
    order = np.argsort(gates, kind="stable")
    distinct, firsts = np.unique(gates[order], return_index=True)
    # Of nothing there is one part, and no gate.
    for gate, some in zip(distinct.tolist(), np.split(places[order], firsts[1:]), strict=False):
        if gate >= 0:
            yield gate, some


def on_ways(
    product: Product, engine: Engine, reading: Product, reach: Reach, ends: Sequence[int]
) -> OnWays:
    """Find the gates on the ways of every lane.

    Args:
        product: The clauses, with their gates.
        engine: What closes the product.
        reading: The product as *may* reads it.
        reach: Its closure.
        ends: Node ids of the targets.
    """
    states = [state_id(end, state) for end in ends for state in State]
    place = {end: row for row, end in enumerate(ends)}
    groups = _apart(_passing(product, reading, reach)) if ends else []
    asked = (Carried(reading, reach, (), _stood_on(product, group)) for group in groups)
    shared = []
    for group, flag in zip(groups, engine.flags(asked, states), strict=True):
        words = flag.words(states).reshape(len(ends), _STATES, -1)
        gate = {lane: number for number, lanes in group.items() for lane in bits(lanes)}
        shared.append(_Shared(gate, _any(words)))
    return OnWays(place, tuple(shared))


def _stood_on(product: Product, gates: Iterable[int]) -> Bools:
    """Clauses that one of the gates stands before."""
    # Looked up, not searched: clauses are many. The last is where -1 looks, for no gate.
    chosen = np.zeros(len(product.gates) + 1, dtype=bool)
    chosen[list(gates)] = True
    found: Bools = chosen[product.gate]
    return found


def _any(words: npt.NDArray[np.uint64]) -> Words:
    found: Words = np.bitwise_or.reduce(words, axis=1)
    return found


def _passing(product: Product, reading: Product, reach: Reach) -> dict[int, int]:
    """Gate to the lanes that fire some clause it stands before, in *may*."""
    found: dict[int, int] = {}
    for clause in np.flatnonzero(product.gate >= 0).tolist():
        lanes = reach.lanes(int(product.src[clause]))
        first, last = int(reading.need_ptr[clause]), int(reading.need_ptr[clause + 1])
        for need in reading.need_idx[first:last].tolist() if lanes else ():
            lanes &= reach.lanes(need)
        if lanes:
            gate = int(product.gate[clause])
            found[gate] = found.get(gate, 0) | lanes
    return found


def _apart(passing: dict[int, int]) -> list[dict[int, int]]:
    """Gates in groups in which no two share a lane."""
    groups: list[dict[int, int]] = []
    taken: list[int] = []
    for gate, lanes in passing.items():
        at = next((n for n, others in enumerate(taken) if not others & lanes), len(groups))
        if at == len(groups):
            groups.append({})
            taken.append(0)
        groups[at][gate] = lanes
        taken[at] |= lanes
    return groups

"""From an estate to rows: closures, flags, judgements.

Identities are bit lanes; they are traced in blocks, so that memory stays bounded.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from nhigraph.assurance import weaknesses as weak
from nhigraph.assurance.arrivals import Arrived, AtEnds, bits
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import Gates, compile_gates
from nhigraph.assurance.labels import Labels
from nhigraph.assurance.resting import OnWays, on_ways
from nhigraph.assurance.rows import Target
from nhigraph.assurance.verdict import Arrival, TargetFacts
from nhigraph.graph.store import Ints
from nhigraph.schema.controls import HYGIENE
from nhigraph.schema.types import State
from nhigraph.trace.lanes import Reach, Solver
from nhigraph.trace.order import settle
from nhigraph.trace.paths import Paths
from nhigraph.trace.product import STATES, Closure, Product, compile_product, state_id

#: Identities traced at once: small blocks bound memory, large ones share work.
BLOCK = 1024

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Pair:
    """What one identity has at one target that it reaches.

    Attributes:
        identity: Node id of the identity.
        target: Index of the target.
        arrival: Input of the verdict.
        weaknesses: Weaknesses of nodes on the paths, and of those who approve on them.
        lane: Lane of the identity in its block.
    """

    identity: int
    target: int
    arrival: Arrival
    weaknesses: frozenset[str]
    lane: int


@dataclass(frozen=True, slots=True)
class Block:
    """A block of identities, traced.

    Attributes:
        identities: Node ids by lane.
        pairs: What they have at the targets they reach.
        gaps: Per lane, the node ids whose gaps it reaches.
        derived: Per lane, the identity's weaknesses that only its paths show.
        may: Reach in *may*, for paths.
        on_ways: Gates on the ways to targets.
    """

    identities: list[int]
    pairs: list[Pair]
    gaps: list[list[int]]
    derived: list[set[str]]
    may: Reach
    on_ways: OnWays


class Analysis:
    """Traces an estate.

    Attributes:
        estate: What is judged.
        product: Clauses that lead to a target or a gap.
        targets: What the verdict needs of each target.
    """

    def __init__(self, estate: Estate) -> None:
        """Compile the gates and the product."""
        self.estate = estate
        graph = estate.graph
        self.gates: Gates = compile_gates(estate)
        ends = (graph.node_id(t.key) for t in estate.targets)
        self.ends = [-1 if end is None else end for end in ends]
        whole = compile_product(graph, self.gates.masks, self.gates.specs)
        self.product: Product = whole.leading_to(self._goals())
        self.order = settle(self.product)
        self.readings = {c: self.product.in_closure(c) for c in Closure}
        self.weak_nodes = weak.of_nodes(estate)
        self.credentials = weak.of_credentials(estate)
        self.labels = Labels(estate, self.gates, self.product, self.weak_nodes)
        self.targets = [facts_of(target) for target in estate.targets]
        self.paths = Paths(graph, self.product)
        width = min(BLOCK, int(sum(estate.alive[i] for i in estate.identities)))
        self._solver = Solver(self.product, self.order, width)
        self._arrived: dict[bytes, Arrived] = {}

    def _goals(self) -> Ints:
        states = [end * STATES + s for end in self.ends if end >= 0 for s in State]
        for node, hidden in self.estate.open_gaps:
            states += [state_id(node, s) for s in hidden]
        return np.array(sorted(set(states)), dtype=np.int64)

    def starts(self, identity: int) -> list[int]:
        """See ``start_states``."""
        return start_states(self.estate, identity)

    def blocks(self, progress: Progress | None = None) -> Iterator[Block]:
        """Trace the living identities, block by block, in key order."""
        alive = [i for i in self.estate.identities if self.estate.alive[i]]
        for first in range(0, len(alive), BLOCK):
            block = alive[first : first + BLOCK]
            yield self._trace(block)
            if progress:
                progress(first + len(block), len(alive))

    def own_weaknesses(self, identity: int) -> set[str]:
        """Weaknesses of the node itself, on a path or off."""
        return self.labels.standing.get(identity, set())

    def _trace(self, block: list[int]) -> Block:
        start: dict[int, int] = {}
        for lane, identity in enumerate(block):
            for state in self.starts(identity):
                start[state] = start.get(state, 0) | 1 << lane
        reach = {c: self._solver.reach(self.readings[c], start) for c in Closure}
        gaps = self._gaps(block, reach[Closure.MAY])
        ends = [end for end in self.ends if end >= 0]
        at_ends = AtEnds(reach, ends)
        for name, flag in self.labels.flags(self._solver, self.readings, reach):
            at_ends.add(name, flag)
        derived = self._derived(block, at_ends)
        pairs = self._pairs(block, at_ends, gaps, derived)
        may = reach[Closure.MAY]
        passed = on_ways(self.product, self._solver, self.readings[Closure.MAY], may, ends)
        return Block(block, pairs, gaps, derived, may, passed)

    def _derived(self, block: list[int], at_ends: AtEnds) -> list[set[str]]:
        """Weaknesses of the identity that only its paths show, per lane.

        One path to one target that it reaches makes them; they are then its own.
        """
        found: list[set[str]] = [set() for _ in block]
        for lane in bits(at_ends.anywhere("production")):
            own = weak.environment(self.estate.graph.props(block[lane]))
            if own not in {"", *weak.PRODUCTION}:
                found[lane].add("env_mixing")
        for lane in bits(at_ends.anywhere("person")):
            found[lane].add("human_use")
        conflicts = at_ends.anywhere("approves its own")
        conflicts |= at_ends.anywhere("prepares", "releases")
        for lane in bits(conflicts):
            found[lane].add("sod_conflict")
        return found

    def _pairs(
        self,
        block: list[int],
        at_ends: AtEnds,
        gaps: list[list[int]],
        derived: list[set[str]],
    ) -> list[Pair]:
        """What every lane has where; equal arrivals are one object."""
        gives = [self._gives(node, more) for node, more in zip(block, derived, strict=True)]
        carved = [self.estate.boundary[node] == "carve_out" for node in block]
        reaching = [bool(found) for found in gaps]
        numbers = [number for number, end in enumerate(self.ends) if end >= 0]
        pairs = []
        for place, lane, key in at_ends.arrivals():
            arrived = self._arrived.get(key)
            if arrived is None:
                arrived = self._arrived[key] = Arrived(at_ends, key)
            arrival = arrived.arrival(
                weak=gives[lane] or arrived.hygiene, gap=reaching[lane], carved_out=carved[lane]
            )
            pairs.append(Pair(block[lane], numbers[place], arrival, arrived.weaknesses, lane))
        return pairs

    def _gaps(self, block: list[int], may: Reach) -> list[list[int]]:
        found: list[set[int]] = [set() for _ in block]
        for node, hidden in self.estate.open_gaps:
            held = 0
            for state in hidden:
                held |= may.lanes(state_id(node, state))
            for lane in bits(held):
                found[lane].add(node)
        return [sorted(nodes) for nodes in found]

    def _gives(self, identity: int, derived: set[str]) -> bool:
        """Whether a weakness of the identity or its credentials gives S on every path of it."""
        hygiene = derived | self.own_weaknesses(identity)
        gives = bool(hygiene.intersection(HYGIENE))
        gives &= bool(self.estate.boundary[identity] != "outside")
        return gives or self._credential_gives(identity)

    def _credential_gives(self, identity: int) -> bool:
        return any(
            self.own_weaknesses(credential).intersection(HYGIENE)
            and self.estate.boundary[credential] != "outside"
            for credential in self.credentials.get(identity, ())
        )


def start_states(estate: Estate, identity: int) -> list[int]:
    """States an identity holds from the beginning; a dead one holds none."""
    if not estate.alive[identity]:
        return []
    found = [state_id(identity, State.CONTROL)]
    if estate.credential[identity]:
        found.append(state_id(identity, State.READ))
    return found


def facts_of(target: Target) -> TargetFacts:
    """The part of a target that the verdict needs."""
    return TargetFacts(
        target.family == "financial-reporting",
        target.fs_role,
        target.category,
        target.data_class,
        target.assertions,
    )

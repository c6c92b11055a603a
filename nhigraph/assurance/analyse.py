"""From an estate to rows: closures, flags, judgements.

Identities are bit lanes; they are traced in blocks, so that memory stays bounded.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from nhigraph.assurance import weaknesses as weak
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import Gates, compile_gates
from nhigraph.assurance.labels import Labels
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
#: Target index, lane, what arrives, flags carried.
_Seen = tuple[int, int, Arrival, set[str]]


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
    """

    identities: list[int]
    pairs: list[Pair]
    gaps: list[list[int]]
    derived: list[set[str]]
    may: Reach


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
        solver = Solver(self.product, self.order, len(block))
        reach = {c: solver.reach(self.readings[c], start) for c in Closure}
        flags = self.labels.flags(solver, self.readings, reach)
        gaps = self._gaps(block, reach[Closure.MAY])
        view = _View(reach, flags)
        seen = [
            (number, lane, view.arrival(lane), view.flagged(lane))
            for number, end in enumerate(self.ends)
            if end >= 0
            for lane in view.at(end)
        ]
        derived = self._derived(block, seen)
        pairs = [
            self._pair(block[lane], found, derived[lane], reached_gap=bool(gaps[lane]))
            for found in seen
            for lane in [found[1]]
        ]
        return Block(block, pairs, gaps, derived, reach[Closure.MAY])

    def _derived(self, block: list[int], seen: list["_Seen"]) -> list[set[str]]:
        """Weaknesses of the identity that only its paths show, per lane.

        One path to one target that it reaches makes them; they are then its own.
        """
        found: list[set[str]] = [set() for _ in block]
        for _, lane, _, carried in seen:
            props = self.estate.graph.props(block[lane])
            own = weak.environment(props)
            if own not in {"", *weak.PRODUCTION} and "production" in carried:
                found[lane].add("env_mixing")
            if "person" in carried:
                found[lane].add("human_use")
            if "approves its own" in carried or {"prepares", "releases"} <= carried:
                found[lane].add("sod_conflict")
        return found

    def _gaps(self, block: list[int], may: Reach) -> list[list[int]]:
        found: list[set[int]] = [set() for _ in block]
        for node, hidden in self.estate.open_gaps:
            held = 0
            for state in hidden:
                held |= may.lanes(state_id(node, state))
            for lane in bits(held):
                found[lane].add(node)
        return [sorted(nodes) for nodes in found]

    def _pair(self, identity: int, seen: "_Seen", derived: set[str], *, reached_gap: bool) -> Pair:
        number, lane, arrival, carried = seen
        boundary = self.estate.boundary[identity]
        # Weaknesses of the identity and its credentials hold on every path of it.
        hygiene = derived | self.own_weaknesses(identity)
        gives = bool(hygiene.intersection(HYGIENE)) and boundary != "outside"
        gives |= "hygiene" in carried or self._credential_gives(identity)
        arrival = replace(arrival, weak=gives, gap=reached_gap, carved_out=boundary == "carve_out")
        on_paths = frozenset(name[5:] for name in carried if name.startswith("weak:"))
        return Pair(identity, number, arrival, on_paths, lane)

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


class _View:
    """Reach and flags at one target, unpacked for all lanes that reach it."""

    def __init__(self, reach: dict[Closure, Reach], flags: dict[str, Reach]) -> None:
        self._reach = reach
        self._flags = flags
        self._states: dict[Closure, list[int]] = {}
        self._carried: list[tuple[str, int]] = []

    def at(self, end: int) -> Iterable[int]:
        """Move to a target; returns the lanes that reach it in *may*."""
        states = [state_id(end, s) for s in State]
        self._states = {c: [r.lanes(s) for s in states] for c, r in self._reach.items()}
        self._carried = []
        for name, flag in self._flags.items():
            lanes = 0
            for state in states:
                lanes |= flag.lanes(state)
            if lanes:
                self._carried.append((name, lanes))
        held = 0
        for lanes in self._states[Closure.MAY]:
            held |= lanes
        return bits(held)

    def arrival(self, lane: int) -> Arrival:
        """What the closures and flags say of a lane there."""
        carried = self.flagged(lane)
        return Arrival(
            may=self.states(Closure.MAY, lane),
            can=self.states(Closure.CAN, lane),
            open=self.states(Closure.OPEN, lane),
            maybe_open=self.states(Closure.MAYBE_OPEN, lane),
            assertions=frozenset(n[10:] for n in carried if n.startswith("assertion:")),
            by_authority="authority" in carried,
            by_lineage="lineage" in carried,
            by_logic="logic" in carried,
            enabled="enabled" in carried,
            enabled_open="enabled open" in carried,
            enabled_maybe_open="enabled maybe-open" in carried,
            crosses="carve-out" in carried,
        )

    def states(self, closure: Closure, lane: int) -> int:
        """States of a lane there, as bits."""
        held = self._states[closure]
        return sum(1 << s for s in State if held[s] >> lane & 1)

    def flagged(self, lane: int) -> set[str]:
        """Flags a lane carries there."""
        return {name for name, lanes in self._carried if lanes >> lane & 1}


def bits(lanes: int) -> Iterator[int]:
    """Numbers of the bits that are set, ascending."""
    if not lanes:
        return iter(())
    raw = np.frombuffer(lanes.to_bytes(-(-lanes.bit_length() // 8), "little"), dtype=np.uint8)
    return iter(np.flatnonzero(np.unpackbits(raw, bitorder="little")).tolist())


def facts_of(target: Target) -> TargetFacts:
    """The part of a target that the verdict needs."""
    return TargetFacts(
        target.family == "financial-reporting",
        target.fs_role,
        target.category,
        target.data_class,
        target.assertions,
    )

"""The product graph: every node times every state, and the clauses that lead between them.

A clause says: who holds ``src`` and all of its needs also holds ``dst``. An edge yields one clause
per transition of its effect, an in-node move one without an edge. A gate is a state of its own,
held by whoever defeats it, so that a gated clause is a clause with one need more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from itertools import chain

import numpy as np
import numpy.typing as npt

from nhigraph.graph.columns import needs_of
from nhigraph.graph.store import Graph, Ints
from nhigraph.records import dataclass
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect, Family, State
from nhigraph.trace.searches import reached

Bools = npt.NDArray[np.bool_]
Int32s = npt.NDArray[np.int32]
STATES = len(State)


class Closure(Enum):
    """The four questions asked of one graph."""

    MAY = "may"
    CAN = "can"
    OPEN = "open"
    MAYBE_OPEN = "maybe-open"


@dataclass(frozen=True, slots=True)
class GateSpec:
    """A gate, compiled.

    Attributes:
        key: What edges name.
        fails: It fails for everybody: a test is false, or an approver is not a person.
        unknown: Whether it holds cannot be said.
        defeats: Product states whose holder defeats it.
        approvals: Product states whose holder also approves (segregation of duties).
    """

    key: str
    fails: bool
    unknown: bool
    defeats: tuple[int, ...] = ()
    approvals: tuple[int, ...] = ()

    def passes(self, closure: "Closure") -> bool:
        """Whether one closure lets everybody through, who need not defeat it."""
        asked = closure in {Closure.OPEN, Closure.MAYBE_OPEN}
        return not asked or self.fails or (self.unknown and closure is Closure.MAYBE_OPEN)


@dataclass(frozen=True, slots=True)
class Masks:
    """What counts on the day, per node and edge.

    Attributes:
        nodes: Node is alive.
        edges: Edge is in force.
        gate: Per state that an edge may yield, edge to the index of its gate, or -1: a control
            may stand before one thing that an edge gives and not before another.
    """

    nodes: Bools
    edges: Bools
    gate: Mapping[State, Ints]


def state_id(node: int, state: State) -> int:
    """Product state of a node and a state."""
    return node * STATES + state


@dataclass(frozen=True)
class Product:
    """Clauses in columns.

    Attributes:
        size: Number of states: five per node, two per gate, and one that nobody ever holds.
        nodes: Number of nodes.
        src: State a clause leaves.
        dst: State it yields.
        edge: Edge it comes from; -1 for in-node moves and gate clauses.
        certain: Counts in *can*.
        gate: Gate on it, or -1.
        need_ptr: Offsets into ``need_idx``, one more than clauses.
        need_idx: States it needs besides ``src``.
        gates: Compiled gates.
    """

    size: int
    nodes: int
    src: Ints
    dst: Ints
    edge: Ints
    certain: Bools
    gate: Ints
    need_ptr: Ints
    need_idx: Ints
    gates: Sequence[GateSpec]

    def gate_state(self, gate: int) -> int:
        """State of whoever defeats the gate."""
        return self.nodes * STATES + 2 * gate

    def approval_state(self, gate: int) -> int:
        """State of whoever controls an approver of the gate."""
        return self.nodes * STATES + 2 * gate + 1

    @property
    def clauses(self) -> int:
        """Number of clauses."""
        return len(self.src)

    @property
    def guard(self) -> Ints:
        """Per clause, the state that defeats its gate, or -1."""
        return np.where(self.gate >= 0, self.nodes * STATES + 2 * self.gate, -1)

    def only(self, keep: Bools) -> "Product":
        """The same states with some clauses left out."""
        counts = np.diff(self.need_ptr)
        need_idx = self.need_idx[np.repeat(keep, counts)]
        need_ptr = np.concatenate([[0], np.cumsum(counts[keep])]).astype(np.int64)
        return replace(
            self,
            src=self.src[keep],
            dst=self.dst[keep],
            edge=self.edge[keep],
            certain=self.certain[keep],
            gate=self.gate[keep],
            need_ptr=need_ptr,
            need_idx=need_idx,
        )

    def leading_to(self, goals: Ints) -> "Product":
        """Only the clauses on some way to a goal state, ways through needs and gates included."""
        arc_from, arc_to, _ = self.arcs()
        relevant = reached(self.size, arc_to, arc_from, goals)
        return self.only(relevant[self.dst])

    def arcs(self) -> tuple[Ints, Ints, Ints]:
        """Every (input state, yielded state, clause): sources, needs and gate states."""
        counts = np.diff(self.need_ptr)
        numbers = np.arange(self.clauses)
        needing = np.repeat(numbers, counts)
        guarded = np.flatnonzero(self.guard >= 0)
        clause = np.concatenate([numbers, needing, guarded])
        source = np.concatenate([self.src, self.need_idx, self.guard[guarded]])
        return source, self.dst[clause], clause

    @property
    def never(self) -> int:
        """The state nobody holds: what a clause needs to be out of a closure."""
        return self.size - 1

    def readings(self) -> dict[Closure, "Product"]:
        """The same clauses as each closure reads them; those that read alike are one."""
        open_only = not any(gate.unknown and not gate.fails for gate in self.gates)
        asked = [one for one in Closure if one is not Closure.MAYBE_OPEN or not open_only]
        found = {closure: self.in_closure(closure) for closure in asked}
        return {closure: found.get(closure, found[Closure.OPEN]) for closure in Closure}

    def in_closure(self, closure: Closure) -> "Product":
        """The same clauses as one closure reads them: what it forbids gets one need more."""
        if closure is Closure.MAY:
            return self
        extra = np.full(self.clauses, -1, dtype=np.int64)
        if closure is Closure.CAN:
            extra[~self.certain] = self.never
        else:
            passes = np.array([gate.passes(closure) for gate in self.gates] or [True])
            held = (self.gate >= 0) & ~passes[self.gate]
            extra[held] = self.guard[held]
        return self._with_need(extra) if (extra >= 0).any() else self

    def without(self, clauses: Bools) -> "Product":
        """The same clauses, of which nobody fires some."""
        return self._with_need(np.where(clauses, self.never, -1))

    def _with_need(self, extra: Ints) -> "Product":
        """The same clauses, each with one need more where ``extra`` names a state."""
        more = extra >= 0
        need_ptr = np.concatenate([[0], np.cumsum(np.diff(self.need_ptr) + more)])
        need_idx = np.empty(need_ptr[-1], dtype=np.int64)
        added = np.zeros(len(need_idx), dtype=bool)
        added[need_ptr[1:][more] - 1] = True
        need_idx[added] = extra[more]
        need_idx[~added] = self.need_idx
        return replace(self, need_ptr=need_ptr.astype(np.int64), need_idx=need_idx)


def compile_product(graph: Graph, masks: Masks, gates: Sequence[GateSpec]) -> Product:
    """Multiply the graph with the automaton."""
    parts = [*_edge_clauses(graph, masks), *_moves(graph, masks), *_gate_clauses(graph, gates)]
    src, dst, edge, certain, gate = (np.concatenate([part[i] for part in parts]) for i in range(5))
    per_edge = edge_needs(graph, masks)
    needing = np.zeros(len(graph.edges) + 1, dtype=np.int64)  # the last is for moves: none
    for one, needs in per_edge.items():
        needing[one] = len(needs)
    counts = needing[edge]
    need_ptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    need_idx = np.array(
        [need for e in edge[counts > 0].tolist() for need in per_edge[e]], dtype=np.int64
    )
    size = len(graph.nodes) * STATES + 2 * len(gates) + 1
    return Product(
        size, len(graph.nodes), src, dst, edge, certain, gate, need_ptr, need_idx, gates
    )


@dataclass(frozen=True, slots=True)
class MayReading:
    """The clauses of a product as *may* reads them, and no more of them (``horn.Reading``).

    Attributes:
        size: See ``Product``; likewise the others.
        src: See ``Product``.
        dst: See ``Product``.
        need_ptr: See ``Product``.
        need_idx: See ``Product``.
    """

    size: int
    src: Int32s
    dst: Int32s
    need_ptr: Ints
    need_idx: Ints

    @property
    def never(self) -> int:
        """See ``Product``."""
        return self.size - 1


def may_reading(graph: Graph, masks: Masks, gates: Sequence[GateSpec]) -> MayReading:
    """What ``compile_product`` makes, as *may* reads it: a third of the memory."""
    src, dst, counts, needs = [], [], [], [np.zeros(0, dtype=np.int64)]
    per_edge = edge_needs(graph, masks)
    needing = np.zeros(len(graph.edges) + 1, dtype=np.int32)
    for one, some in per_edge.items():
        needing[one] = len(some)
    beside = (*_moves(graph, masks), *_gate_clauses(graph, gates))
    for part in chain(_edge_clauses(graph, masks), beside):
        edge = part[2]
        src.append(part[0].astype(np.int32))
        dst.append(part[1].astype(np.int32))
        counts.append(needing[edge])
        resting = edge[counts[-1] > 0].tolist()
        needs.append(np.array([need for e in resting for need in per_edge[e]], dtype=np.int64))
    size = len(graph.nodes) * STATES + 2 * len(gates) + 1
    need_ptr = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64)
    columns = (np.concatenate(src), np.concatenate(dst), need_ptr, np.concatenate(needs))
    return MayReading(size, *columns)


_Part = tuple[Ints, Ints, Ints, Bools, Ints]


def _edge_clauses(graph: Graph, masks: Masks) -> Iterator[_Part]:
    source = graph.edges["src"].to_numpy(dtype=np.int64)
    target = graph.edges["dst"].to_numpy(dtype=np.int64)
    certainty = graph.edges["certainty"].to_numpy(dtype=object)
    transform = graph.edges["transform"].to_numpy(dtype=object)
    living = np.flatnonzero(masks.edges)
    living = living[masks.nodes[source[living]] & masks.nodes[target[living]]]
    kind = graph.edge_kind.at(living)
    for effect in Effect:
        labels = [k.label for k in kinds.EDGE_KINDS.values() if k.effect is effect]
        rows = living[kind.isin(labels)]
        if not len(rows):
            continue
        u, v, certain = source[rows], target[rows], certainty[rows] == "certain"
        for before, after in kinds.TRANSITIONS[effect]:
            gate = masks.gate[after][rows]
            yield u * STATES + before, v * STATES + after, rows, certain, gate
        for before, after in kinds.BACKWARD.get(effect, ()):
            # Reading what was made of a thing reads the thing itself for a copy, perhaps for
            # any other transformation, and not where values were masked.
            made = transform[rows]
            back = made != "masked"
            sure = certain & (made == "copy")
            yield (
                v[back] * STATES + before,
                u[back] * STATES + after,
                rows[back],
                sure[back],
                masks.gate[after][rows][back],
            )


def _moves(graph: Graph, masks: Masks) -> list[_Part]:
    actors = [k.label for k in kinds.NODE_KINDS.values() if k.actor]
    ends = [k.label for k in kinds.NODE_KINDS.values() if k.family is Family.ASSURANCE]
    parts: list[_Part] = []
    for labels, moves in ((actors, kinds.AT_ACTOR), (ends, kinds.AT_ASSURANCE)):
        nodes = np.flatnonzero(graph.of_kind(labels) & masks.nodes)
        none = np.full(len(nodes), -1, dtype=np.int64)
        for before, after in moves:
            parts.append(
                (
                    nodes * STATES + before,
                    nodes * STATES + after,
                    none,
                    np.ones(len(nodes), dtype=bool),
                    none,
                )
            )
    return parts


def _gate_clauses(graph: Graph, gates: Sequence[GateSpec]) -> list[_Part]:
    pairs: list[tuple[int, int]] = []
    first = len(graph.nodes) * STATES
    for number, gate in enumerate(gates):
        state = first + 2 * number
        pairs += [(defeat, state) for defeat in gate.defeats]
        pairs += [(approval, state + 1) for approval in gate.approvals]
        if gate.approvals:
            pairs.append((state + 1, state))
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    none = np.full(len(found), -1, dtype=np.int64)
    return [(found[:, 0], found[:, 1], none, np.ones(len(found), dtype=bool), none)]


def edge_needs(graph: Graph, masks: Masks) -> dict[int, tuple[int, ...]]:
    """Edge to the states it needs; a need at a dead node stays, and is never held."""
    cells = graph.edges["needs"].to_numpy(dtype=object)
    known: dict[str, tuple[int, ...]] = {}
    found: dict[int, tuple[int, ...]] = {}
    for edge in np.flatnonzero((cells != "") & masks.edges).tolist():
        cell = cells[edge]
        if cell not in known:
            nodes = ((graph.node_id(at), state) for at, state in needs_of(cell))
            known[cell] = tuple(state_id(n, state) for n, state in nodes if n is not None)
        found[edge] = known[cell]
    return found

"""The four closures of one identity, its backward cones, last transitions and cheapest path."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .scope import Target
from .vocabulary import (
    ACTOR_KINDS,
    ALTER,
    CONTROL,
    CREDENTIAL_KINDS,
    FORWARD,
    GATE_TESTS,
    HALT,
    OMIT,
    READ,
    RECOVERY_TESTS,
    STATES,
)
from .world import Edge, Gate, World

Held = tuple[str, str]  # (node key, state)
Cost = tuple[int, int, int]


@dataclass(frozen=True)
class Move:
    """One transition: holding `source` (and `needs`) yields `target`."""

    source: Held
    target: Held
    edge: Edge | None = None  # None: a move inside a node, or SUPPORTS
    certain: bool = True
    gate: str | None = None
    needs: tuple[Held, ...] = ()


def recovery_of(target: Target) -> str | None:
    """FORMATS: "`recoverable: tested` is a gate `recovery:{target}`"."""
    return f"recovery:{target.key}" if target.recoverable else None


def recovery_gates(targets: list[Target]) -> dict[str, Gate]:
    """ "… with its three tests true on the scope's word … no approvers, no `at`, no `log`"."""
    keys = [key for key in map(recovery_of, targets) if key is not None]
    return {key: Gate(key, "recovery", tests=dict.fromkeys(RECOVERY_TESTS, True)) for key in keys}


def moves_of(world: World, targets: list[Target]) -> list[Move]:
    """Every transition that the automaton of DESIGN section 3 allows in this world."""
    moves: list[Move] = []
    for edge in world.edges:
        if not (world.active(edge.source) and world.active(edge.target)):
            continue
        certain = edge.certainty == "certain"
        for before, after in FORWARD[edge.effect]:
            moves.append(
                Move(
                    (edge.source, before),
                    (edge.target, after),
                    edge,
                    certain,
                    edge.gate,
                    edge.needs,
                )
            )
        if edge.kind == "FEEDS" and edge.transform != "masked":
            # "backwards, READ is certain for a copy, conditional for other, stops at masked"
            moves.append(
                Move(
                    (edge.target, READ),
                    (edge.source, READ),
                    edge,
                    certain and edge.transform == "copy",
                    edge.gate,
                    edge.needs,
                )
            )
    for key, node in world.nodes.items():
        if node.kinds & ACTOR_KINDS and world.active(key):
            moves.append(Move((key, ALTER), (key, CONTROL)))
    for target in targets:
        for key in sorted(target.selected):
            if world.active(key):
                for state in STATES:
                    gate = recovery_of(target) if state == HALT else None
                    moves.append(Move((key, state), (target.key, state), gate=gate))
        # "CONTROL at an assurance node counts as ALTER, OMIT, READ and HALT there."
        for state in (ALTER, OMIT, READ, HALT):
            moves.append(Move((target.key, CONTROL), (target.key, state)))
    return moves


def start_states(world: World, key: str) -> set[Held]:
    """ "it [a credential] starts with CONTROL and READ, an identity with CONTROL"."""
    if not world.active(key):
        return set()
    states = {(key, CONTROL)}
    if world.nodes[key].kinds & CREDENTIAL_KINDS:
        states.add((key, READ))
    return states


# --- gates -----------------------------------------------------------------------------------


def counts_as_nhi(world: World, key: str) -> bool:
    """An NHI, or "a `Group` with an NHI member, directly or nested"; only active nodes."""
    groups = {key}
    changed = True
    while changed:
        changed = False
        for edge in world.edges:
            joins = edge.kind == "MEMBER_OF" and edge.target in groups
            if joins and world.active(edge.source) and "Group" in world.nodes[edge.target].kinds:
                if world.nodes[edge.source].is_nhi:
                    return True
                if "Group" in world.nodes[edge.source].kinds and edge.source not in groups:
                    groups.add(edge.source)
                    changed = True
    return world.nodes[key].is_nhi


def defeats(world: World, gate_key: str | None, held: set[Held]) -> set[Held]:
    """The held states that make a gate fail: at an approver, at `at`, at `log`."""
    gate = world.gates.get(gate_key) if gate_key is not None else None
    if gate is None:
        return set()
    found = {(approver, CONTROL) for approver in gate.approvers}
    found |= {(at, state) for at in gate.at for state in (CONTROL, ALTER, OMIT)}
    found |= {(log, state) for log in gate.log for state in (CONTROL, ALTER, OMIT, HALT)}
    return found & held


def gate_status(world: World, gate_key: str, held: set[Held]) -> str:
    """FORMATS 'Gates': fails, unknown or holds, for an identity that holds `held`."""
    gate = world.gates.get(gate_key)
    if gate is None:
        return "unknown"
    tests = RECOVERY_TESTS if gate.kind == "recovery" else GATE_TESTS
    known = [approver for approver in gate.approvers if world.active(approver)]
    if any(gate.tests.get(test) is False for test in tests):
        return "fails"
    if gate.kind != "recovery" and any(counts_as_nhi(world, approver) for approver in known):
        return "fails"
    if defeats(world, gate_key, held):
        return "fails"
    if gate.refused or any(test not in gate.tests for test in tests):
        return "unknown"
    if len(known) < len(gate.approvers):
        return "unknown"
    if gate.kind in ("approval", "review") and not gate.approvers:
        return "unknown"
    return "holds"


# --- closures --------------------------------------------------------------------------------


class Closure:
    """What one identity holds when only the moves that `allowed` accepts may fire."""

    def __init__(
        self,
        world: World,
        moves: list[Move],
        start: set[Held],
        allowed: Callable[[Move, set[Held]], bool],
    ) -> None:
        self.world = world
        self.start = start
        self.held = set(start)
        changed = True
        while changed:  # repeat until nothing changes
            changed = False
            for move in moves:
                if move.target not in self.held and self._fires(move, allowed):
                    self.held.add(move.target)
                    changed = True
        self.fired = [move for move in moves if self._fires(move, allowed)]

    def _fires(self, move: Move, allowed: Callable[[Move, set[Held]], bool]) -> bool:
        """ "An edge with `needs` fires only for an identity that holds every needed state."""
        needed = all(need in self.held for need in move.needs)
        return move.source in self.held and needed and allowed(move, self.held)

    def states_at(self, key: str) -> frozenset[str]:
        """The states held at one node."""
        return frozenset(state for node, state in self.held if node == key)

    def cone(self, key: str) -> tuple[set[Held], list[Move]]:
        """DESIGN section 4 "On a path": all states and fired moves from which `key` is reached.

        With the states that satisfied `needs` and those that defeat gates on the way.
        """
        inside = {held for held in self.held if held[0] == key}
        changed = True
        while changed:
            changed = False
            for move in self.fired:
                if move.target in inside:
                    premises = {move.source, *move.needs}
                    premises |= defeats(self.world, move.gate, self.held)
                    if not premises <= inside:
                        inside |= premises
                        changed = True
        return inside, [move for move in self.fired if move.target in inside]

    def last_moves(self, key: str) -> list[Move]:
        """The last transitions into a target: containment, SUPPORTS, in-node looked through."""
        looking = {held for held in self.held if held[0] == key}
        found: list[Move] = []
        changed = True
        while changed:
            changed = False
            for move in self.fired:
                if move.target not in looking or move in found:
                    continue
                if move.edge is None or move.edge.effect in ("contain", "support"):
                    if move.source not in looking:
                        looking.add(move.source)
                        changed = True
                else:
                    found.append(move)
                    changed = True
        return found

    def steps_to(self, goals: Iterable[Held]) -> int:
        """ "fewest conditions, then gated edges, then steps"; SUPPORTS and in-node are free."""
        best: dict[Held, Cost] = {}
        queue: list[tuple[Cost, Held]] = [((0, 0, 0), held) for held in sorted(self.start)]
        while queue:
            cost, held = heapq.heappop(queue)
            if held in best:
                continue
            best[held] = cost
            for move in self.fired:
                if move.source == held:
                    added = move_cost(move)
                    heapq.heappush(
                        queue,
                        (
                            (cost[0] + added[0], cost[1] + added[1], cost[2] + added[2]),
                            move.target,
                        ),
                    )
        return min(best[goal] for goal in goals)[2]


def move_cost(move: Move) -> Cost:
    """(conditions, gated edges, steps) of one move; SUPPORTS is no step, but may be gated."""
    gated = 1 if move.gate is not None else 0
    return (0 if move.certain else 1, gated, 1 if move.edge is not None else 0)


@dataclass
class Walk:
    """The four closures of one identity."""

    may: Closure
    can: Closure
    open: Closure
    maybe_open: Closure


def walk(world: World, moves: list[Move], key: str, start: set[Held] | None = None) -> Walk:
    """DESIGN section 3 "Four closures"; from `start` where that is given."""
    start = start_states(world, key) if start is None else start

    def passes(move: Move, held: set[Held], through: tuple[str, ...]) -> bool:
        return move.gate is None or gate_status(world, move.gate, held) in through

    return Walk(
        may=Closure(world, moves, start, lambda move, held: True),
        can=Closure(world, moves, start, lambda move, held: move.certain),
        open=Closure(world, moves, start, lambda move, held: passes(move, held, ("fails",))),
        maybe_open=Closure(
            world, moves, start, lambda move, held: passes(move, held, ("fails", "unknown"))
        ),
    )

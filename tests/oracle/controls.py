"""The reference of controls.csv: which gates have a row, and what is told of each test."""

from __future__ import annotations

from .automaton import Held, Move, counts_as_nhi
from .scope import Target
from .vocabulary import GATE_TESTS, RECOVERY_TESTS
from .world import Gate, World

COLUMNS = ("gate", "kind", "at", "log", *GATE_TESTS, "restorable", "tested")


def leads_to_a_target(moves: list[Move], targets: list[Target]) -> set[str]:
    """The gates that stand on a move from which an assurance node can be reached."""
    ahead: set[Held] = {
        move.target for move in moves if move.target[0] in {t.key for t in targets}
    }
    changed = True
    while changed:
        changed = False
        for move in moves:
            if move.target in ahead and move.source not in ahead:
                ahead.add(move.source)
                changed = True
    return {move.gate for move in moves if move.gate is not None and move.target in ahead}


def cell(world: World, gate: Gate, test: str) -> str:
    """Yes, no or not told; nothing where this kind of gate has no such test.

    What the graph itself knows of the approvers stands where they are spoken of: `human`, or
    `out_of_reach` of a recovery.
    """
    if test not in (RECOVERY_TESTS if gate.kind == "recovery" else GATE_TESTS):
        return ""
    told = gate.tests.get(test)
    if told is False:
        return "no"
    known = [approver for approver in gate.approvers if world.active(approver)]
    if test == "human" and any(counts_as_nhi(world, approver) for approver in known):
        return "no"  # "an approver is an NHI (whatever is claimed)"
    if test == ("out_of_reach" if gate.kind == "recovery" else "human"):
        nobody = gate.kind in ("approval", "review") and not gate.approvers
        if nobody or len(known) < len(gate.approvers):
            return "not told"
    return "not told" if told is None or gate.refused else "yes"


def control_rows(world: World, moves: list[Move], targets: list[Target]) -> list[dict[str, str]]:
    """FORMATS `controls.csv`: one row per gate on a way to a target, or declared."""
    rows = []
    declared = {key for key, gate in world.gates.items() if gate.kind}  # a refused one is not
    for key in sorted(leads_to_a_target(moves, targets) | declared):
        gate = world.gates.get(key) or Gate(key, "")
        cells = {test: cell(world, gate, test) for test in COLUMNS[4:]}
        ends = {"at": ";".join(sorted(gate.at)), "log": ";".join(sorted(gate.log))}
        rows.append({"gate": key, "kind": gate.kind, **ends, **cells})
    return rows

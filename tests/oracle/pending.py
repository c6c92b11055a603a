"""What the specification says and the product does not do yet: such estates are set aside.

A line goes from here when the piece lands; the file goes with the last one.
"""

from __future__ import annotations

from typing import Any

from .claims import read_target
from .records import edge_refused, gate_refused, hidden_at, read_node
from .scope import apply_owners, boundaries, targets_of
from .vocabulary import CREDENTIAL_KINDS
from .world import build_world, merge_gates

Record = dict[str, Any]
PENDING = frozenset({"conflicts", "dead targets", "own weakness"})


def _records(facts: list[Record], section: str) -> list[Record]:
    return [record for document in facts for record in document.get(section, [])]


def _conflicts(facts: list[Record], scope: Record) -> bool:
    seen: dict[tuple[str, str], Any] = {}
    for node in _records(facts, "nodes"):
        props = node.get("props")
        told = {**node, **(props if isinstance(props, dict) else {})}
        for name, value in told.items():
            says = value is not None and name not in ("key", "props")
            if says and seen.setdefault((str(node["key"]), name), value) != value:
                return True
    return bool(scope.get("owners"))


def _refused(facts: list[Record]) -> bool:
    return (
        any(read_node(node)[1] for node in _records(facts, "nodes"))
        or any(map(edge_refused, _records(facts, "edges")))
        or any(map(gate_refused, _records(facts, "gates")))
        or any(gap.get("states") and len(hidden_at(gap)) > 4 for gap in _records(facts, "gaps"))
    )


def _two_ends(facts: list[Record]) -> bool:
    """Two records of a gate that name two nodes that enforce it, or two logs."""
    gates = merge_gates(_records(facts, "gates")).values()
    return any(len(gate.at) > 1 or len(gate.log) > 1 for gate in gates)


def _dead(facts: list[Record], scope: Record) -> bool:
    world = build_world(facts, scope, "2026-11-23")
    apply_owners(world, scope)
    return any(target.dead for target in targets_of(world, scope, boundaries(world, scope)))


def _weak_credentials(facts: list[Record], scope: Record) -> bool:
    return any(
        node["kind"] in CREDENTIAL_KINDS and (node.get("weaknesses") or node.get("props"))
        for node in _records(facts, "nodes")
    )


def not_yet(facts: list[Record], scope: Record) -> bool:
    """Whether an estate asks for something that is pending."""
    found = {
        "conflicts": _conflicts(facts, scope),
        "refused records": _refused(facts),
        "dead targets": _dead(facts, scope)
        or any(read_target(target).refused for target in scope["targets"]),
        "ends of gates": _two_ends(facts),
        "own weakness": _weak_credentials(facts, scope),
    }
    return any(found[name] for name in PENDING)

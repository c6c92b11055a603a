"""What the specification says and the product does not do yet: such estates are set aside.

A line goes from here when the piece lands; the file goes with the last one.
"""

from __future__ import annotations

from typing import Any

from .records import edge_refused, gate_refused, hidden_at, read_node
from .world import merge_gates

Record = dict[str, Any]
PENDING = frozenset({"conflicts"})


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


def not_yet(facts: list[Record], scope: Record) -> bool:
    """Whether an estate asks for something that is pending."""
    found = {
        "conflicts": _conflicts(facts, scope),
        "refused records": _refused(facts),
        "ends of gates": _two_ends(facts),
    }
    return any(found[name] for name in PENDING)

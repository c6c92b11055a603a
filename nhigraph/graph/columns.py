"""Columns of the store: names, types, and the text forms of structured cells."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from nhigraph.facts.facts import Need, Value
from nhigraph.schema.types import State

NODES: Final = ("key", "kind", "kinds", "name", "owner", "nhi", "state", "expires", "props")
EDGES: Final = (
    "kind",
    "src",
    "dst",
    "action",
    "certainty",
    "condition",
    "gate",
    "needs",
    "valid_from",
    "valid_until",
    "transform",
)
GATES: Final = ("key", "kind", "approvers", "at", "log", "tests")
GAPS: Final = ("node", "reason", "states", "valid_from", "valid_until", "asks")
ENDS: Final = ("node", "type", "body")
DOCUMENTS: Final = ("artifact", "sha256")
#: ``of`` is node, edge, gate, gap or end; ``row`` is 0 unless the place is a table row (from 1).
EVIDENCE: Final = ("of", "id", "doc", "pointer", "row", "excerpt", "basis", "line")
#: Columns of whole numbers; all others are text.
INTEGERS: Final = frozenset({"src", "dst", "node", "id", "doc", "row", "line"})

#: What is neither node nor edge, by the name of its frame.
TABLES: Final = {
    "gates": GATES,
    "gaps": GAPS,
    "ends": ENDS,
    "documents": DOCUMENTS,
    "evidence": EVIDENCE,
}


def canonical(value: object) -> str:
    """JSON text of a cell: sorted, compact, the same on every machine."""
    return _ENCODER.encode(value)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(type(value).__name__)


#: One for all cells: ``json.dumps`` makes one for each.
_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
)


#: What ``canonical`` gives of a text, without the way there.
quoted = json.encoder.encode_basestring


def props_cell(props: Mapping[str, Value]) -> str:
    """Text of a node's properties; empty where there are none."""
    return canonical(dict(props)) if props else ""


def props_of(cell: str) -> dict[str, Any]:
    """Properties from their cell."""
    found: dict[str, Any] = json.loads(cell) if cell else {}
    return found


#: Cell of ``nhi`` and ``expires`` of which a record could not be read. As text it is later than
#: any day: a node of which it stands has not expired.
UNREAD: Final = "unread"


def last_day(cell: str) -> str:
    """The day in a cell ``expires``; empty where there is none, or none that could be read."""
    return "" if cell == UNREAD else cell


def kind_cell(label: str, origin: int) -> str:
    """Text of the column ``kinds``: who calls a node by a kind, and the kind."""
    return f"{origin} {label}"


def kinds_of(cell: str) -> list[tuple[int, str]]:
    """Origins and kinds of a node from their cell, sorted."""
    pairs = (text.partition(" ") for text in cell.split(";"))
    return [(int(origin), label) for origin, _, label in pairs]


def needs_cell(needs: Iterable[Need]) -> str:
    """Text of an edge's needs, sorted; empty where there are none."""
    pairs = sorted({(need.at, need.state.name) for need in needs})
    return canonical([list(pair) for pair in pairs]) if pairs else ""


def needs_of(cell: str) -> list[tuple[str, State]]:
    """Needs from their cell: (key, state) pairs."""
    return [(at, State[state]) for at, state in json.loads(cell)] if cell else []


def states_cell(states: Iterable[State]) -> str:
    """Text of a set of states, joined by ``+`` in their order."""
    return "+".join(state.name for state in sorted(set(states)))


def states_of(cell: str) -> tuple[State, ...]:
    """States from their cell."""
    return tuple(State[name] for name in cell.split("+")) if cell else ()


def date_cell(day: date | None) -> str:
    """ISO text of a day; empty where there is none."""
    return day.isoformat() if day else ""
